// Subscripts: x[key] and x[key] = value.
//
// Of a key that is taken apart (bind_key.h) the window is a view; the tensors go to the ops index and index_write, all
// together. What autograd has to know of is handed to Python: tinytensor/ops/index.py.
#include "bind_key.h"
#include "tape.h"

namespace tt::bind {
namespace {

// The functions that take over where a graph is recorded.
PyObject* recorded_get;
PyObject* recorded_set;

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
  parse_key(x->t.view, key, &s);
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

void count_write(const Tensor& x, int writes = 1) {
  Version& version = x.version();
  version.count += writes;
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
  if (!by_integers(x->t.view, key, &s.window)) parse_key(x->t.view, key, &s);
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
    return count_write(x->t, 0);  // copy counted it
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
  parse_key(as_tensor(x.ptr())->t.view, key.ptr(), &s, &basic);
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
  parse_key(as_tensor(args[0])->t.view, args[1], &s);
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
  parse_key(x, args[1], &s);
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
  if (!y || !node || PyErr_Occurred()) throw py::error_already_set();
  node->slots = 1;
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
  if (!may_write(as_tensor(x))) return -1;
  int taped = recorded(as_tensor(x));
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
