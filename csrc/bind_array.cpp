// To and from Python's own data: nested lists, buffers (NumPy arrays among them), numbers.
#include "bind.h"

namespace tt::bind {
namespace {

// ---- nested sequences ----

bool is_number_like(PyObject* o, Scalar* s) {
  if (is_tensor(o)) {
    const Tensor& t = as_tensor(o)->t;
    if (t.view.numel() != 1) throw ValueError("only one element tensors can be converted to Python scalars");
    PyObject* value = item(t);
    const bool ok = number_from(value, s);
    Py_DECREF(value);
    return ok;
  }
  return number_from(o, s);
}

bool is_sequence(PyObject* o) {
  return PyList_Check(o) || PyTuple_Check(o) ||
         (PySequence_Check(o) && !PyUnicode_Check(o) && !PyBytes_Check(o) && !PyDict_Check(o) && !is_tensor(o));
}

[[noreturn]] void not_a_number(PyObject* o) {
  if (PyUnicode_Check(o)) throw TypeError("new(): invalid data type 'str'");
  throw TypeError(std::string("tensor: expected a number, got ") + Py_TYPE(o)->tp_name);
}

// Follows the first elements down; the leaves of the whole tree decide the dtype.
void shape_of(PyObject* data, Ints* sizes) {
  sizes->n = 0;
  py::object level = py::reinterpret_borrow<py::object>(data);
  while (is_sequence(level.ptr())) {
    const Py_ssize_t n = PySequence_Size(level.ptr());
    if (n < 0) throw py::error_already_set();
    if (sizes->n == kMaxDims) throw ValueError("too many dimensions: " + infer::too_many_dims());
    sizes->v[sizes->n++] = n;
    if (n == 0) return;
    level = py::reinterpret_steal<py::object>(PySequence_GetItem(level.ptr(), 0));
    if (!level) throw py::error_already_set();
  }
}

// Calls leaf(number) for all leaves in row-major order, and checks that rows are of one length.
template <class Leaf>
void walk(PyObject* data, const Ints& sizes, int depth, Leaf&& leaf) {
  if (depth == sizes.n) {
    Scalar s;
    if (PyFloat_CheckExact(data)) {
      s.kind = Scalar::kFloat;
      s.f = PyFloat_AS_DOUBLE(data);
    } else if (!is_number_like(data, &s)) {
      if (is_sequence(data))
        throw ValueError("tensor: expected a number at dim " + std::to_string(depth) + ", got a sequence");
      not_a_number(data);
    }
    leaf(s);
    return;
  }
  if (!is_sequence(data))
    throw TypeError("tensor: expected a sequence of length " + std::to_string(sizes[depth]) + " at dim " +
                    std::to_string(depth) + ", got " + Py_TYPE(data)->tp_name);
  const auto fast = py::reinterpret_steal<py::object>(PySequence_Fast(data, "not a sequence"));
  if (!fast) throw py::error_already_set();
  const Py_ssize_t n = PySequence_Fast_GET_SIZE(fast.ptr());
  if (n != sizes[depth])
    throw ValueError("expected sequence of length " + std::to_string(sizes[depth]) + " at dim " +
                     std::to_string(depth) + " (got " + std::to_string(n) + ")");
  PyObject** items = PySequence_Fast_ITEMS(fast.ptr());
  for (Py_ssize_t i = 0; i < n; ++i) walk(items[i], sizes, depth + 1, leaf);
}

void store(void* p, int64_t i, const Scalar& s, DType d) {
  if (d < DType::kFloat32 && !fits(s, d))
    throw std::runtime_error(std::string("value cannot be converted to type ") + dtype_name(d) + " without overflow");
  switch (d) {
    case DType::kBool:
      static_cast<bool*>(p)[i] = s.kind == Scalar::kFloat ? s.f != 0 : s.i != 0;
      break;
    case DType::kUInt8:
      static_cast<uint8_t*>(p)[i] = static_cast<uint8_t>(s.as_int());
      break;
    case DType::kInt8:
      static_cast<int8_t*>(p)[i] = static_cast<int8_t>(s.as_int());
      break;
    case DType::kInt16:
      static_cast<int16_t*>(p)[i] = static_cast<int16_t>(s.as_int());
      break;
    case DType::kInt32:
      static_cast<int32_t*>(p)[i] = static_cast<int32_t>(s.as_int());
      break;
    case DType::kInt64:
      static_cast<int64_t*>(p)[i] = s.as_int();
      break;
    case DType::kFloat32:
      static_cast<float*>(p)[i] = static_cast<float>(s.as_double());
      break;
    case DType::kFloat64:
      static_cast<double*>(p)[i] = s.as_double();
      break;
  }
}

// Values are read once, as 64-bit integers for as long as no float shows up.
PyObject* from_sequence(PyObject* data, PyObject* dtype) {
  Ints sizes;
  shape_of(data, &sizes);
  DType d = default_dtype();
  const bool given = dtype != Py_None;
  if (given && !dtype_from(dtype, &d)) return nullptr;
  int64_t numel = 1;
  for (int i = 0; i < sizes.n; ++i) numel *= sizes[i];
  if (!given && numel > 0) {
    int highest = 0;
    walk(data, sizes, 0, [&](const Scalar& s) { highest = std::max(highest, static_cast<int>(s.kind)); });
    d = highest == Scalar::kBool ? DType::kBool : highest == Scalar::kInt ? DType::kInt64 : default_dtype();
  }
  Tensor t = empty(sizes.v, static_cast<int>(sizes.n), d);
  int64_t i = 0;
  void* p = t.view.data;
  if (d == DType::kInt64 && !given) {
    walk(data, sizes, 0, [&](const Scalar& s) { static_cast<int64_t*>(p)[i++] = s.i; });
  } else if (d == DType::kFloat32) {
    walk(data, sizes, 0, [&](const Scalar& s) { static_cast<float*>(p)[i++] = static_cast<float>(s.as_double()); });
  } else {
    walk(data, sizes, 0, [&](const Scalar& s) { store(p, i++, s, d); });
  }
  return as_object(wrap(std::move(t)));
}

PyObject* to_list(const View& v, int depth, const char* p) {
  if (depth == v.ndim) return number_object(p, v.dtype);
  const int64_t n = v.sizes[depth], step = v.strides[depth] * dtype_bytes(v.dtype);
  PyObject* list = PyList_New(n);
  for (int64_t i = 0; list && i < n; ++i) {
    PyObject* element = to_list(v, depth + 1, p + i * step);
    if (!element) Py_CLEAR(list);
    if (list) PyList_SET_ITEM(list, i, element);
  }
  return list;
}

// ---- buffers ----

bool dtype_of_format(const Py_buffer& b, DType* d) {
  const char* f = b.format ? b.format : "B";
  if (*f == '@' || *f == '=' || *f == '<') ++f;
  if (f[0] == '\0' || f[1] != '\0') return false;
  switch (*f) {
    case '?':
      *d = DType::kBool;
      return true;
    case 'B':
      *d = DType::kUInt8;
      return true;
    case 'b':
      *d = DType::kInt8;
      return true;
    case 'h':
      *d = DType::kInt16;
      return true;
    case 'f':
      *d = DType::kFloat32;
      return true;
    case 'd':
      *d = DType::kFloat64;
      return true;
    case 'i':
    case 'l':
    case 'q':
      *d = b.itemsize == 4 ? DType::kInt32 : DType::kInt64;
      return true;
    default:
      return false;
  }
}

void release_buffer(void* owner) {
  auto* b = static_cast<Py_buffer*>(owner);
  PyBuffer_Release(b);
  delete b;
}

// A tensor on the memory of an object with the buffer protocol.
PyObject* from_buffer(PyObject* source) {
  auto b = std::make_unique<Py_buffer>();
  if (PyObject_GetBuffer(source, b.get(), PyBUF_STRIDES | PyBUF_FORMAT) < 0) return nullptr;
  DType d = DType::kUInt8;
  std::string problem;
  if (!dtype_of_format(*b, &d)) {
    problem = std::string("can't convert an array with elements of format '") + (b->format ? b->format : "") +
              "'; the supported dtypes are float64, float32, int64, int32, int16, int8, uint8, and bool.";
  } else if (b->ndim > kMaxDims) {
    problem = infer::too_many_dims();
  }
  Tensor t;
  View& v = t.view;
  v.dtype = d;
  v.ndim = problem.empty() ? b->ndim : 0;
  for (int i = 0; i < v.ndim; ++i) {
    v.sizes[i] = b->shape[i];
    v.strides[i] = b->strides[i] / b->itemsize;
    if (b->strides[i] % b->itemsize != 0)
      problem =
          "given numpy array strides not a multiple of the element byte size. Copy the numpy array to reallocate the "
          "memory.";
    if (b->strides[i] < 0)
      problem =
          "At least one stride in the given numpy array is negative, and tensors with negative strides are not "
          "currently supported. (You can probably work around this by making a copy of your array with array.copy().)";
  }
  if (!problem.empty()) {
    PyBuffer_Release(b.get());
    if (problem[0] == 'c') throw TypeError(problem);
    throw ValueError(problem);
  }
  v.data = b->buf;
  static int64_t nothing;
  if (v.data == nullptr) v.data = &nothing;
  int64_t extent = b->itemsize;
  for (int i = 0; i < v.ndim; ++i) extent = v.sizes[i] == 0 ? 0 : extent + (v.sizes[i] - 1) * b->strides[i];
  t.storage = Ref<Storage>(Storage::borrow(v.data, extent, b.release(), release_buffer));
  return as_object(wrap(std::move(t)));
}

struct BufferInfo {
  Py_ssize_t shape[kMaxDims];
  Py_ssize_t strides[kMaxDims];
  Ref<Storage> storage;  // memory lives on even when the tensor gets other memory
};

int get_buffer(PyObject* o, Py_buffer* b, int flags) {
  const TensorObject* self = as_tensor(o);
  const View& v = self->t.view;
  if (requires_grad(self)) {
    PyErr_SetString(PyExc_BufferError, "Can't export the memory of a Tensor that requires grad. Use tensor.detach().");
    return -1;
  }
  if (!(flags & PyBUF_STRIDES) && !v.is_contiguous()) {
    PyErr_SetString(PyExc_BufferError, "the tensor is not contiguous");
    return -1;
  }
  constexpr const char* int64 = sizeof(long) == 8 ? "l" : "q";  // NumPy's own int64 is the first of these that fits
  constexpr const char* formats[kDTypes] = {"?", "B", "b", "h", "i", int64, "f", "d"};
  auto* info = new BufferInfo;
  const int64_t width = dtype_bytes(v.dtype);
  for (int i = 0; i < v.ndim; ++i) info->shape[i] = v.sizes[i], info->strides[i] = v.strides[i] * width;
  info->storage = self->t.storage;
  b->obj = Py_NewRef(o);
  b->buf = v.data;
  b->len = v.numel() * width;
  b->itemsize = width;
  b->readonly = 0;
  b->ndim = v.ndim;
  b->format = flags & PyBUF_FORMAT ? const_cast<char*>(formats[static_cast<int>(v.dtype)]) : nullptr;
  b->shape = flags & PyBUF_ND ? info->shape : nullptr;
  b->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? info->strides : nullptr;
  b->suboffsets = nullptr;
  b->internal = info;
  return 0;
}

void release_buffer_info(PyObject*, Py_buffer* b) { delete static_cast<BufferInfo*>(b->internal); }

PyBufferProcs buffer_procs = {get_buffer, release_buffer_info};

py::object object(PyObject* o) {
  if (!o) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(o);
}

const Tensor& tensor_arg(const py::object& o) {
  if (!is_tensor(o.ptr())) throw py::type_error("expected a Tensor");
  return as_tensor(o.ptr())->t;
}

}  // namespace

PyObject* tensor_from_sequence(PyObject* data, PyObject* dtype) { return from_sequence(data, dtype); }
PyObject* tensor_from_buffer(PyObject* source) { return from_buffer(source); }

PyBufferProcs* tensor_buffer_procs() { return &buffer_procs; }

void bind_arrays(py::module_& m) {
  m.def(
      "from_sequence",
      [](py::object data, py::object dtype) {
        return object(guarded([&] { return from_sequence(data.ptr(), dtype.ptr()); }));
      },
      "A tensor of nested lists or tuples of numbers; dtype None: bool, int64 or the default float, by the values.");
  m.def(
      "from_buffer", [](py::object o) { return object(guarded([&] { return from_buffer(o.ptr()); })); },
      "A tensor on the memory of an object with the buffer protocol, such as a NumPy array.");
  m.def(
      "to_list",
      [](py::object o) {
        const View& v = tensor_arg(o).view;
        return object(to_list(v, 0, static_cast<const char*>(v.data)));
      },
      "Nested lists of Python numbers.");
  m.def(
      "empty",
      [](py::object sizes, py::object dtype) {
        Ints s;
        DType d;
        if (!ints_from(sizes.ptr(), &s) || !dtype_from(dtype.ptr(), &d)) throw py::error_already_set();
        return object(guarded([&] {
          for (int i = 0; i < s.n; ++i)
            if (s[i] < 0)
              throw std::runtime_error("Trying to create tensor with negative dimension " + std::to_string(s[i]));
          return as_object(wrap(empty(s.v, static_cast<int>(s.n), d)));
        }));
      },
      "Memory as it comes, row-major.");
  m.def(
      "empty_strided",
      [](py::object sizes, py::object strides, py::object dtype) {
        Ints s, t;
        DType d;
        if (!ints_from(sizes.ptr(), &s) || !ints_from(strides.ptr(), &t) || !dtype_from(dtype.ptr(), &d))
          throw py::error_already_set();
        return object(guarded([&] {
          if (s.n != t.n) throw std::runtime_error("empty_strided: mismatch in length of strides and shape");
          int64_t extent = 1;
          for (int i = 0; i < s.n; ++i) {
            if (s[i] < 0 || t[i] < 0) throw std::runtime_error("empty_strided: negative size or stride");
            extent = s[i] == 0 ? 0 : extent + (extent ? (s[i] - 1) * t[i] : 0);
          }
          Tensor x = empty(&extent, 1, d);
          x.view.ndim = static_cast<int>(s.n);
          for (int i = 0; i < s.n; ++i) x.view.sizes[i] = s[i], x.view.strides[i] = t[i];
          return as_object(wrap(std::move(x)));
        }));
      },
      "Memory as it comes, with the given strides.");
}

}  // namespace tt::bind
