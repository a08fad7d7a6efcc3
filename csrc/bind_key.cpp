#include "bind_key.h"

namespace tt::bind {
namespace {

bool is_mask(const View& v) { return v.dtype == DType::kBool || v.dtype == DType::kUInt8; }

// Lists, ranges and arrays that stand for a tensor of indices; null where o is none of them.
py::object as_index(PyObject* o) {
  if (is_tensor(o)) return py::reinterpret_borrow<py::object>(o);
  if (PyUnicode_Check(o) || !PySequence_Check(o)) return {};
  if (PyObject_CheckBuffer(o)) return py::reinterpret_steal<py::object>(tensor_from_buffer(o));
  auto t = py::reinterpret_steal<py::object>(tensor_from_sequence(o, Py_None));
  if (!t) throw py::error_already_set();
  Tensor& tensor = as_tensor(t.ptr())->t;
  if (tensor.view.numel() == 0) tensor = cast(tensor, DType::kInt64);
  return t;
}

// As NumPy once did: a short list that holds sequences, slices, tensors, None or Ellipsis means the tuple of them.
bool means_tuple(PyObject* key) {
  if (!PyList_Check(key) || PyList_GET_SIZE(key) >= 32) return false;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(key); ++i) {
    PyObject* o = PyList_GET_ITEM(key, i);
    if (is_tensor(o) || PySequence_Check(o) || PySlice_Check(o) || o == Py_Ellipsis || o == Py_None) return true;
  }
  return false;
}

bool is_full_slice(PyObject* o) {
  if (!PySlice_Check(o)) return false;
  const auto* s = reinterpret_cast<PySliceObject*>(o);
  return s->start == Py_None && s->stop == Py_None && s->step == Py_None;
}

class Parser {
 public:
  Parser(const View& x, Subscript& s, py::list* basic) : x_(x), s_(s), basic_(basic) {
    s.window.data = x.data;
    s.window.dtype = x.dtype;
    s.window.ndim = 0;
  }

  void run(PyObject* key) {
    py::object tuple;
    if (means_tuple(key)) tuple = py::reinterpret_steal<py::object>(PyList_AsTuple(key));
    if (tuple) key = tuple.ptr();
    PyObject* const* items = &key;
    Py_ssize_t n = 1;
    if (PyTuple_Check(key)) items = PySequence_Fast_ITEMS(key), n = PyTuple_GET_SIZE(key);
    std::vector<py::object> converted(static_cast<size_t>(n));
    int named = 0;  // dimensions of x that the items name
    for (Py_ssize_t i = 0; i < n; ++i) {
      PyObject* o = items[i];
      if (o == Py_None || o == Py_Ellipsis || PyBool_Check(o)) continue;
      if (!PyLong_Check(o) && !PySlice_Check(o)) converted[static_cast<size_t>(i)] = as_index(o);
      const py::object& t = converted[static_cast<size_t>(i)];
      named += t && is_mask(as_tensor(t.ptr())->t.view) ? as_tensor(t.ptr())->t.view.ndim : 1;
    }
    if (named > x_.ndim && x_.ndim > 0)
      throw IndexError("too many indices for tensor of dimension " + std::to_string(x_.ndim));
    const bool unnamed = named < x_.ndim;
    int ellipses = 0;
    for (Py_ssize_t i = 0; i < n; ++i) {
      const py::object& t = converted[static_cast<size_t>(i)];
      // To PyTorch each ellipsis stands for as many dimensions as the first: after a second one there are none left.
      if (unnamed && ellipses > 1 && items[i] != Py_Ellipsis && !is_full_slice(items[i]))
        throw IndexError("too many indices for tensor of dimension " + std::to_string(x_.ndim) +
                         ": there are more after a second ellipsis");
      ellipses += items[i] == Py_Ellipsis;
      if (t) {
        by_tensor(as_tensor(t.ptr())->t);
      } else if (items[i] == Py_Ellipsis) {
        for (; named < x_.ndim; ++named) keep();
      } else {
        by_object(items[i]);
      }
    }
    while (dim_ < x_.ndim) keep();
  }

 private:
  void add(int64_t size, int64_t stride) {
    View& w = s_.window;
    if (w.ndim == kMaxDims) throw std::runtime_error(infer::too_many_dims());
    w.sizes[w.ndim] = size;
    w.strides[w.ndim++] = stride;
  }
  void advance(int64_t elements) {
    s_.window.data = static_cast<char*>(s_.window.data) + elements * dtype_bytes(x_.dtype);
  }
  void keep() {
    if (basic_) note(PySlice_New(nullptr, nullptr, nullptr));
    add(x_.sizes[dim_], x_.strides[dim_]);
    ++dim_;
  }
  void add_one() {
    if (basic_) note(Py_NewRef(Py_None));
    s_.whole = false;
    add(1, 0);
  }
  void note(PyObject* part) { basic_->append(py::reinterpret_steal<py::object>(part)); }

  void by_object(PyObject* o) {
    if (o == Py_None) {
      add_one();
    } else if (PyBool_Check(o)) {
      by_truth(o == Py_True);
    } else if (PySlice_Check(o)) {
      by_slice(o);
    } else if (PyIndex_Check(o)) {
      const Py_ssize_t i = PyNumber_AsSsize_t(o, PyExc_IndexError);
      if (i == -1 && PyErr_Occurred()) throw py::error_already_set();
      by_integer(i);
    } else {
      throw IndexError(
          "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid "
          "indices (got " +
          std::string(Py_TYPE(o)->tp_name) + ")");
    }
  }

  void need_dimension() const {
    if (x_.ndim == 0)
      throw IndexError(
          "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to "
          "convert a 0-dim tensor to a number");
  }

  void by_integer(int64_t i) {
    need_dimension();
    const int64_t size = x_.sizes[dim_];
    if (i < -size || i >= size)
      throw IndexError("index " + std::to_string(i) + " is out of bounds for dimension " + std::to_string(dim_) +
                       " with size " + std::to_string(size));
    if (basic_) note(PyLong_FromLongLong(i));
    advance((i < 0 ? i + size : i) * x_.strides[dim_]);
    s_.whole = false;
    ++dim_;
  }

  void by_slice(PyObject* o) {
    if (x_.ndim == 0) throw IndexError("slice() cannot be applied to a 0-dim tensor.");
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(o, &start, &stop, &step) < 0) throw py::error_already_set();
    if (step <= 0) throw ValueError("step must be greater than zero");
    const Py_ssize_t n = PySlice_AdjustIndices(x_.sizes[dim_], &start, &stop, step);
    if (start == 0 && step == 1 && n == x_.sizes[dim_]) return keep();
    if (basic_) note(py::slice(start, start + n * step, step).release().ptr());
    s_.whole = false;
    advance(start * x_.strides[dim_]);
    add(n, x_.strides[dim_] * step);
    ++dim_;
  }

  // True keeps all in a new dimension, False nothing.
  void by_truth(bool keep_all) {
    const int64_t n = keep_all;
    Tensor zero = empty(&n, 1, DType::kInt64);
    if (keep_all) *zero.view.as<int64_t>() = 0;
    add_one();
    record(s_.window.ndim - 1, std::move(zero));
  }

  void by_tensor(const Tensor& t) {
    if (is_mask(t.view)) return t.view.ndim == 0 ? by_truth(*t.view.as<uint8_t>() != 0) : by_mask(t);
    if (is_floating(t.view.dtype)) throw IndexError("tensors used as indices must be long, int, byte or bool tensors");
    need_dimension();
    if (t.view.ndim == 0) {
      const Tensor i = t.view.dtype == DType::kInt64 ? t : cast(t, DType::kInt64);
      return by_integer(*i.view.as<int64_t>());
    }
    keep();
    record(s_.window.ndim - 1, t);
  }

  // A mask names the places of its true elements: as many index tensors as it has dimensions.
  void by_mask(const Tensor& mask) {
    static const OpInfo &count = find_op("nonzero_count"), &places = find_op("nonzero");
    for (int d = 0; d < mask.view.ndim; ++d)
      if (dim_ + d >= x_.ndim || mask.view.sizes[d] != x_.sizes[dim_ + d])
        throw IndexError("The shape of the mask " + shape_text(mask.view) + " at index " + std::to_string(d) +
                         " does not match the shape of the indexed tensor " + shape_text(x_) + " at index " +
                         std::to_string(dim_ + d));
    const int64_t n = *call(count, mask, nullptr).view.as<int64_t>();
    const Tensor at = call(places, mask, &n);
    ++s_.masks;
    s_.masked += mask.view.ndim;
    for (int d = 0; d < mask.view.ndim; ++d) {
      keep();
      Tensor column = at;
      column.view.data = at.view.as<int64_t>() + d;
      column.view.ndim = 1;
      record(s_.window.ndim - 1, std::move(column));
    }
  }

  void record(int dim, Tensor index) {
    s_.index[s_.dims.n] = std::move(index);
    s_.dims.v[s_.dims.n++] = dim;
  }

  const View& x_;
  Subscript& s_;
  py::list* basic_;
  int dim_ = 0;  // the next dimension of x
};

}  // namespace

void parse_key(const View& x, PyObject* key, Subscript* s, py::list* basic) { Parser(x, *s, basic).run(key); }

bool by_integers(const View& x, PyObject* key, View* y) {
  PyObject* const* items = &key;
  Py_ssize_t n = 1;
  if (PyTuple_Check(key)) items = PySequence_Fast_ITEMS(key), n = PyTuple_GET_SIZE(key);
  if (n > x.ndim) return false;
  int64_t offset = 0;
  for (Py_ssize_t d = 0; d < n; ++d) {
    if (!PyLong_CheckExact(items[d])) return false;
    int overflow = 0;
    int64_t i = PyLong_AsLongLongAndOverflow(items[d], &overflow);
    if (i < 0) i += x.sizes[d];
    if (overflow || i < 0 || i >= x.sizes[d]) return false;
    offset += i * x.strides[d];
  }
  y->data = static_cast<char*>(x.data) + offset * dtype_bytes(x.dtype);
  y->dtype = x.dtype;
  y->ndim = x.ndim - static_cast<int>(n);
  for (int d = 0; d < y->ndim; ++d) y->sizes[d] = x.sizes[d + n], y->strides[d] = x.strides[d + n];
  return true;
}

bool is_full_mask(const View& x, PyObject* key) {
  if (!is_tensor(key) || x.ndim == 0) return false;
  const View& mask = as_tensor(key)->t.view;
  bool full = is_mask(mask) && mask.ndim == x.ndim;
  for (int d = 0; full && d < x.ndim; ++d) full = mask.sizes[d] == x.sizes[d];
  return full;
}

Tensor call(const OpInfo& op, const Tensor& x, const void* attrs) {
  const Operand in{&x, {}, false};
  Tensor y;
  apply(op, &in, 1, attrs, &y);
  return y;
}

}  // namespace tt::bind
