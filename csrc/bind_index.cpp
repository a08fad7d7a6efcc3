// Subscripts: x[key] and x[key] = value.
//
// A key is taken apart into a window on the memory of x (integers, slices, None, Ellipsis) and into tensors that index
// dimensions of this window. The window is a view; the tensors go to the ops index and index_write, all together. What
// autograd has to know of is handed to Python: tinytensor/ops/index.py.
#include "tape.h"

namespace tt::bind {
namespace {

struct Subscript {
  View window;
  bool whole = true;       // the window is x itself
  Ints dims{0, {}};        // dimensions of the window that are indexed, ascending,
  Tensor index[kMaxDims];  // by these,
  int masks = 0;           // of which so many masks
  int64_t masked = 0;      // gave so many.

  bool by_one_mask() const { return masks == 1 && masked == dims.n; }
};

// The functions that take over where a graph is recorded.
PyObject* recorded_get;
PyObject* recorded_set;

Tensor call(const OpInfo& op, const Tensor& x, const void* attrs) {
  const Operand in{&x, {}, false};
  Tensor y;
  apply(op, &in, 1, attrs, &y);
  return y;
}

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
  // `basic` receives the key of the window alone: what tensors index is a full slice in it.
  Parser(const View& x, Subscript& s, py::list* basic = nullptr) : x_(x), s_(s), basic_(basic) {
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
    if (w.ndim == kMaxDims) throw std::runtime_error(kTooManyDims);
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

// x[i] and x[i, j]: the commonest keys, without the general machinery. False for all others, errors among them.
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

// The tensor behind a window of x, for the core alone.
Tensor window_of(const Tensor& x, const View& window) {
  Tensor w;
  assign(w.view, window);
  w.storage = x.storage;
  w.own_version = x.own_version;
  return w;
}

struct IndexAttrs {
  Ints dims;
  int64_t wrap;
};
struct IndexWriteAttrs {
  Ints dims;
  int64_t wrap, accumulate;
};

// A mask of the very sizes of x.
bool is_full_mask(const View& x, PyObject* key) {
  if (!is_tensor(key) || x.ndim == 0) return false;
  const View& mask = as_tensor(key)->t.view;
  bool full = is_mask(mask) && mask.ndim == x.ndim;
  for (int d = 0; full && d < x.ndim; ++d) full = mask.sizes[d] == x.sizes[d];
  return full;
}

PyObject* get_masked(const Tensor& x, const Tensor& mask) {
  static const OpInfo &nonzero_count = find_op("nonzero_count"), &masked_take = find_op("masked_take");
  const int64_t count = *call(nonzero_count, mask, nullptr).view.as<int64_t>();
  const Operand in[] = {{&x, {}, false}, {&mask, {}, false}};
  Tensor y;
  apply(masked_take, in, 2, &count, &y);
  return as_object(bind::wrap(std::move(y)));
}

PyObject* get(TensorObject* x, PyObject* key) {
  static const OpInfo& index = find_op("index");
  if (is_full_mask(x->t.view, key)) return get_masked(x->t, as_tensor(key)->t);
  Subscript s;
  if (by_integers(x->t.view, key, &s.window)) return view_of(x, s.window);
  Parser(x->t.view, s).run(key);
  if (s.dims.n == 0) return view_of(x, s.window);
  Tensor window;
  if (!s.whole) window = window_of(x->t, s.window);
  Operand in[kMaxDims + 1];
  in[0].tensor = s.whole ? &x->t : &window;
  for (int i = 0; i < s.dims.n; ++i) in[1 + i].tensor = &s.index[i];
  const IndexAttrs attrs{s.dims, true};
  Tensor y;
  apply(index, in, 1 + static_cast<int>(s.dims.n), &attrs, &y);
  return as_object(wrap(std::move(y)));
}

// Leading dimensions of size 1 say nothing, as a value broadcasts: it may have more of them than it is assigned to.
void drop_leading_ones(View& v) {
  int extra = 0;
  while (extra < v.ndim && v.sizes[extra] == 1) ++extra;
  v.ndim -= extra;
  for (int d = 0; extra > 0 && d < v.ndim; ++d) v.sizes[d] = v.sizes[d + extra], v.strides[d] = v.strides[d + extra];
}

void count_write(const Tensor& x) {
  Version& version = x.version();
  ++version.count;
  version.last_writer = "__setitem__";
}

// A value of one element as a 0-d tensor.
Tensor window_of_one(const Operand& value) {
  Tensor one;
  if (value.tensor) one = *value.tensor;
  one.view.ndim = 0;
  return one;
}

// One element, without a kernel; false where the dtypes differ.
bool set_element(const View& to, const Operand& value) {
  if (value.tensor == nullptr) {
    if (!fits(value.number, to.dtype))
      throw std::runtime_error(std::string("value cannot be converted to type ") + dtype_name(to.dtype) +
                               " without overflow");
    store_number(to.data, value.number, to.dtype);
    return true;
  }
  const View& from = value.tensor->view;
  if (from.dtype != to.dtype || from.ndim != 0) return false;
  std::memcpy(to.data, from.data, static_cast<size_t>(dtype_bytes(to.dtype)));
  return true;
}

// Where a mask chooses the places, the number in a tensor of another dtype has to be one of x's.
void check_element(const Tensor& element, DType dtype) {
  Scalar s;
  const auto number = py::reinterpret_steal<py::object>(item(element));
  if (!number) throw py::error_already_set();
  if (number_from(number.ptr(), &s) && !fits(s, dtype))
    throw std::runtime_error(std::string("value cannot be converted to type ") + dtype_name(dtype) +
                             " without overflow");
}

void set(TensorObject* x, PyObject* key, Operand value) {
  static const OpInfo &index_write = find_op("index_write"), &masked_fill = find_op("masked_fill");
  if (is_full_mask(x->t.view, key) && (!value.tensor || value.tensor->view.numel() == 1)) {
    const Tensor mask = cast(as_tensor(key)->t, DType::kBool), element = window_of_one(value);
    if (value.tensor && element.view.dtype != x->t.view.dtype) check_element(element, x->t.view.dtype);
    const Operand in[] = {{&x->t, {}, false}, {&mask, {}, false}, value.tensor ? Operand{&element, {}, false} : value};
    Tensor window = x->t;
    apply(masked_fill, in, 3, nullptr, &window);
    return count_write(x->t);
  }
  Subscript s;
  if (!by_integers(x->t.view, key, &s.window)) Parser(x->t.view, s).run(key);
  if (s.by_one_mask() && value.tensor && value.tensor->view.numel() == 1)
    check_element(window_of_one(value), x->t.view.dtype);
  if (s.dims.n == 0 && s.window.ndim == 0 && set_element(s.window, value)) return count_write(x->t);
  Tensor window = window_of(x->t, s.window);
  Tensor short_value;
  if (value.tensor) {
    // One element takes on any dtype; more have to be of the dtype of x where index tensors choose the places.
    const bool convert = value.tensor->view.numel() == 1 && value.tensor->view.dtype != x->t.view.dtype;
    short_value = convert ? cast(*value.tensor, x->t.view.dtype) : *value.tensor;
    drop_leading_ones(short_value.view);
    value.tensor = &short_value;
  }
  if (s.dims.n == 0) {
    copy_into(window, value);
    return count_write(x->t);
  }
  Operand in[kMaxDims + 2];
  in[0].tensor = &window;
  in[1] = value;
  for (int i = 0; i < s.dims.n; ++i) in[2 + i].tensor = &s.index[i];
  const IndexWriteAttrs attrs{s.dims, true, false};
  apply(index_write, in, 2 + static_cast<int>(s.dims.n), &attrs, &window);
  count_write(x->t);
}

// ---- for the recorded forms, in Python -----------------------------------------------------------------------------

// split_key(x, key): the key of the window (None: all of x), the index tensors, the dimensions of the window they
// index, whether one mask stands for all of these.
py::tuple split_key(py::handle x, py::handle key) {
  Subscript s;
  py::list basic;
  Parser(as_tensor(x.ptr())->t.view, s, &basic).run(key.ptr());
  py::list tensors, dims;
  for (int i = 0; i < s.dims.n; ++i) {
    tensors.append(py::reinterpret_steal<py::object>(as_object(bind::wrap(std::move(s.index[i])))));
    dims.append(s.dims[i]);
  }
  return py::make_tuple(s.whole && s.dims.n > 0 ? py::object(py::none()) : py::tuple(basic), py::tuple(tensors),
                        py::tuple(dims), s.by_one_mask());
}

// subscript(x, key) of a key without tensors.
PyObject* subscript(PyObject* const* args) {
  Subscript s;
  Parser(as_tensor(args[0])->t.view, s).run(args[1]);
  return view_of(as_tensor(args[0]), s.window);
}

// subscript_backward(g, key, sizes): zeros of these sizes, in whose window g is written.
PyObject* subscript_backward(PyObject* const* args) {
  static const OpInfo& scatter = find_op("as_strided_backward");
  struct {
    Ints sizes, strides;
    int64_t offset;
    Ints base;
  } attrs;
  if (!ints_from(args[2], &attrs.base)) return nullptr;
  const View& g = as_tensor(args[0])->t.view;
  View x;
  x.data = nullptr;  // addresses of the window are then offsets
  x.dtype = g.dtype;
  x.ndim = static_cast<int>(attrs.base.n);
  for (int d = 0; d < x.ndim; ++d) x.sizes[d] = attrs.base[d];
  set_contiguous_strides(x);
  Subscript s;
  Parser(x, s).run(args[1]);
  attrs.sizes.n = attrs.strides.n = s.window.ndim;
  for (int d = 0; d < s.window.ndim; ++d) {
    attrs.sizes.v[d] = s.window.sizes[d];
    attrs.strides.v[d] = s.window.strides[d];
  }
  attrs.offset = reinterpret_cast<intptr_t>(s.window.data) / dtype_bytes(x.dtype);
  return as_object(bind::wrap(call(scatter, as_tensor(args[0])->t, &attrs)));
}

template <Py_ssize_t count, PyObject* (*f)(PyObject* const*)>
PyObject* routed_call(PyObject* name, PyObject* const* args, Py_ssize_t n) {
  const char* text = PyUnicode_AsUTF8(name);
  if (n != count || !is_tensor(args[0])) {
    PyErr_Format(PyExc_TypeError, "%s(): expected a Tensor and %zd more arguments", text, count - 1);
    return nullptr;
  }
  if (tape().route) {
    bool taken = false;
    PyObject* result = routed(text, args, n, &taken);
    if (taken) return result;
  }
  return guarded([&] { return f(args); });
}

void add_function(py::module_& ops, PyMethodDef* definition) {
  const py::str name(definition->ml_name);
  ops.attr(name) = py::reinterpret_steal<py::object>(PyCFunction_NewEx(definition, name.ptr(), nullptr));
}

// ---- x[at] of one index tensor, recorded ---------------------------------------------------------------------------
//
// The lookup of every training step (an embedding, a minibatch): its node is made here, without a call into Python.

// context: the index tensor, and the sizes of x.
PyObject* lookup_backward(PyObject* context, PyObject* g) {
  PyObject *at = PyTuple_GET_ITEM(context, 0), *sizes = PyTuple_GET_ITEM(context, 1);
  if (tape().route && requires_grad(as_tensor(g))) {
    PyObject* primitive = PyDict_GetItemString(registry().primitives, "index_backward");
    return primitive ? PyObject_CallFunction(primitive, "O(O)(i)OO", g, at, 0, Py_True, sizes) : nullptr;
  }
  static const OpInfo& index_backward = find_op("index_backward");
  struct {
    Ints dims{1, {0}};
    int64_t wrap = true;
    Ints sizes;
  } attrs;
  if (!ints_from(sizes, &attrs.sizes)) return nullptr;
  return guarded([&] {
    const Operand in[] = {{&as_tensor(g)->t, {}, false}, {&as_tensor(at)->t, {}, false}};
    Tensor x;
    apply(index_backward, in, 2, &attrs, &x);
    return as_object(bind::wrap(std::move(x)));
  });
}
PyMethodDef lookup_backward_def = {"lookup_backward", lookup_backward, METH_O, nullptr};

bool is_lookup(const TensorObject* x, PyObject* key) {
  if (!is_tensor(key) || x->t.view.ndim == 0 || tape().inference) return false;
  const View& v = as_tensor(key)->t.view;
  return v.dtype == DType::kInt64 && v.ndim > 0;
}

PyObject* lookup(TensorObject* x, PyObject* key) {
  static PyObject* const name = PyUnicode_InternFromString("index");
  const auto y = py::reinterpret_steal<py::object>(get(x, key));
  py::tuple sizes(static_cast<size_t>(x->t.view.ndim));
  for (int d = 0; d < x->t.view.ndim; ++d) sizes[static_cast<size_t>(d)] = x->t.view.sizes[d];
  const auto context = py::reinterpret_steal<py::object>(PyTuple_Pack(2, key, sizes.ptr()));
  PyObject* vjp = context ? PyCFunction_NewEx(&lookup_backward_def, context.ptr(), nullptr) : nullptr;
  NodeObject* node = vjp ? new_node(name) : nullptr;
  if (!y || !node) throw py::error_already_set();
  add_edge(node, x, vjp, 0);
  save(node, as_tensor(key), -1);
  add_output(node, as_tensor(y.ptr()));
  set_history(as_tensor(y.ptr()), node, 0);
  Py_DECREF(node);
  return py::object(y).release().ptr();
}

// Whether what happens to x is recorded: 1, 0, or -1 with an exception set.
int recorded(TensorObject* x) {
  if (!tape().enabled) return 0;
  if (x->base && !refresh(x)) return -1;
  return requires_grad(x);
}

}  // namespace

PyObject* get_item(PyObject* x, PyObject* key) {
  const int taped = recorded(as_tensor(x));
  if (taped < 0) return nullptr;
  // A watcher is shown the op of Python.
  if (taped && !tape().watcher && is_lookup(as_tensor(x), key))
    return guarded([&] { return lookup(as_tensor(x), key); });
  if (taped) return PyObject_CallFunctionObjArgs(recorded_get, x, key, nullptr);
  return guarded([&] { return get(as_tensor(x), key); });
}

int set_item(PyObject* x, PyObject* key, PyObject* value) {
  if (!value) {
    PyErr_SetString(PyExc_TypeError, "Tensor does not support deleting items");
    return -1;
  }
  Operand operand;
  if (is_tensor(value)) {
    operand.tensor = &as_tensor(value)->t;
  } else if (!number_from(value, &operand.number)) {
    PyErr_Format(PyExc_TypeError, "can't assign a %s to a Tensor", Py_TYPE(value)->tp_name);
    return -1;
  }
  const auto* base = as_tensor(as_tensor(x)->base);
  int taped = base && base->requires_grad && tape().enabled ? 1 : recorded(as_tensor(x));
  if (taped == 0 && operand.tensor) taped = recorded(as_tensor(value));
  if (taped < 0) return -1;
  PyObject* done;
  if (taped) {
    done = PyObject_CallFunctionObjArgs(recorded_set, x, key, value, nullptr);
  } else {
    done = guarded([&] {
      set(as_tensor(x), key, operand);
      return Py_NewRef(Py_None);
    });
  }
  Py_XDECREF(done);
  return done ? 0 : -1;
}

void bind_subscripts(py::module_& m, py::module_& ops) {
  static PyMethodDef definitions[] = {
      {"subscript", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(routed_call<2, subscript>)), METH_FASTCALL,
       "subscript(x, key): x[key], a view, of a key without tensors."},
      {"subscript_backward", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(routed_call<3, subscript_backward>)),
       METH_FASTCALL, "subscript_backward(g, key, sizes): the gradient of x[key] for an x of these sizes."}};
  for (PyMethodDef& definition : definitions) add_function(ops, &definition);
  m.def("split_key", &split_key,
        "The key of a view, index tensors, the dimensions of the view they index, whether by one mask.");
  m.def("register_subscripts", [](py::object get, py::object set) {
    recorded_get = get.release().ptr();
    recorded_set = set.release().ptr();
  });
}

}  // namespace tt::bind
