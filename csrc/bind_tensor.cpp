// The tensor object: lifetime, attributes, and what Python asks of a number or a sequence.
#include "tape.h"

namespace tt::bind {
namespace {

PyObject* new_object(PyTypeObject* type) {
  auto* self = reinterpret_cast<TensorObject*>(type->tp_alloc(type, 0));  // zero-filled
  if (!self) return nullptr;
  new (&self->t) Tensor;
  self->inference = tape().inference;
  return as_object(self);
}

// Tensor(): an empty float tensor; Tensor(x) and x.as_subclass: another object for the same memory.
PyObject* tensor_new(PyTypeObject* type, PyObject* args, PyObject*) {
  return guarded([&]() -> PyObject* {
    PyObject* source = nullptr;
    if (!PyArg_ParseTuple(args, "|O:Tensor", &source)) return nullptr;
    if (source && !is_tensor(source)) {
      PyErr_Format(PyExc_TypeError, "Tensor: expected a tensor, got %s", Py_TYPE(source)->tp_name);
      return nullptr;
    }
    PyObject* self = new_object(type);
    if (!self) return nullptr;
    if (source) {
      as_tensor(self)->t = as_tensor(source)->t;
      as_tensor(self)->inference = as_tensor(source)->inference;
    } else {
      const int64_t none = 0;
      as_tensor(self)->t = empty(&none, 1, default_dtype());
    }
    return self;
  });
}

int tensor_traverse(PyObject* o, visitproc visit, void* arg) {
  TensorObject* self = as_tensor(o);
  Py_VISIT(self->node);
  Py_VISIT(self->grad);
  Py_VISIT(self->base);
  Py_VISIT(self->hooks);
  Py_VISIT(self->pending);
  Py_VISIT(self->dict);
  return 0;
}

int tensor_clear(PyObject* o) {
  TensorObject* self = as_tensor(o);
  Py_CLEAR(self->node);
  Py_CLEAR(self->grad);
  Py_CLEAR(self->base);
  Py_CLEAR(self->hooks);
  Py_CLEAR(self->pending);
  Py_CLEAR(self->dict);
  return 0;
}

void tensor_dealloc(PyObject* o) {
  TensorObject* self = as_tensor(o);
  PyObject_GC_UnTrack(o);
  Py_TRASHCAN_BEGIN(o, tensor_dealloc) if (self->weakrefs) PyObject_ClearWeakRefs(o);
  tensor_clear(o);
  self->t.~Tensor();
  Py_TYPE(o)->tp_free(o);
  Py_TRASHCAN_END
}

PyObject* borrowed_or_none(PyObject* o) { return Py_NewRef(o ? o : Py_None); }

PyObject* get_shape(PyObject* o, void*) { return size_object(as_tensor(o)->t.view.sizes, as_tensor(o)->t.view.ndim); }
PyObject* get_dtype(PyObject* o, void*) { return Py_NewRef(dtype_object(as_tensor(o)->t.view.dtype)); }
PyObject* get_ndim(PyObject* o, void*) { return PyLong_FromLong(as_tensor(o)->t.view.ndim); }
PyObject* get_itemsize(PyObject* o, void*) { return PyLong_FromLongLong(dtype_bytes(as_tensor(o)->t.view.dtype)); }
PyObject* get_nbytes(PyObject* o, void*) {
  const View& v = as_tensor(o)->t.view;
  return PyLong_FromLongLong(v.numel() * dtype_bytes(v.dtype));
}
PyObject* get_version(PyObject* o, void*) {
  if (!as_tensor(o)->inference) return PyLong_FromLongLong(as_tensor(o)->t.version().count);
  PyErr_SetString(PyExc_RuntimeError, "Inference tensors do not track version counter.");
  return nullptr;
}
PyObject* get_base(PyObject* o, void*) { return borrowed_or_none(as_tensor(o)->base); }
PyObject* get_inference(PyObject* o, void*) { return PyBool_FromLong(as_tensor(o)->inference); }
PyObject* get_generation(PyObject* o, void*) { return PyLong_FromLongLong(as_tensor(o)->generation); }

PyObject* get_grad(PyObject* o, void*) {
  TensorObject* self = as_tensor(o);
  if (!self->grad && self->node && !self->retains_grad &&
      PyErr_WarnEx(
          PyExc_UserWarning,
          "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute won't "
          "be populated during backward(). Call .retain_grad() on it first, or look at the leaf itself.",
          1) < 0)
    return nullptr;
  return borrowed_or_none(self->grad);
}
int set_grad(PyObject* o, PyObject* value, void*) {
  TensorObject* self = as_tensor(o);
  if (value == nullptr || value == Py_None) {
    Py_CLEAR(self->grad);
    return 0;
  }
  if (!is_tensor(value)) {
    PyErr_Format(PyExc_TypeError, "grad: expected a Tensor or None, got %s", Py_TYPE(value)->tp_name);
    return -1;
  }
  if (value == o) {
    PyErr_SetString(PyExc_RuntimeError, "can't assign Variable as its own grad");
    return -1;
  }
  const View &v = self->t.view, &g = as_tensor(value)->t.view;
  bool same = v.ndim == g.ndim;
  for (int d = 0; same && d < v.ndim; ++d) same = v.sizes[d] == g.sizes[d];
  if (!same || v.dtype != g.dtype) {
    PyErr_Format(PyExc_RuntimeError, "assigned grad of shape %s and dtype %s to a tensor of shape %s and dtype %s",
                 shape_text(g).c_str(), dtype_name(g.dtype), shape_text(v).c_str(), dtype_name(v.dtype));
    return -1;
  }
  Py_XSETREF(self->grad, Py_NewRef(value));
  return 0;
}

PyObject* get_requires_grad(PyObject* o, void*) {
  if (!refresh(as_tensor(o))) return nullptr;
  return PyBool_FromLong(requires_grad(as_tensor(o)));
}
int set_requires_grad(PyObject* o, PyObject* value, void*) {
  TensorObject* self = as_tensor(o);
  const int wanted = value ? PyObject_IsTrue(value) : -1;
  if (wanted < 0) return -1;
  if (wanted && !is_floating(self->t.view.dtype)) {
    PyErr_Format(PyExc_RuntimeError, "only Tensors of floating point and complex dtype can require gradients");
    return -1;
  }
  if (wanted && self->inference && !tape().inference) {
    PyErr_SetString(PyExc_RuntimeError,
                    "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.");
    return -1;
  }
  if (self->node) {
    if (wanted) return 0;
    PyErr_SetString(PyExc_RuntimeError,
                    "you can only change requires_grad flags of leaf variables. If you want to use a computed variable "
                    "in a subgraph that doesn't require differentiation use var_no_grad = var.detach().");
    return -1;
  }
  self->requires_grad = wanted;
  return 0;
}

PyObject* get_is_leaf(PyObject* o, void*) {
  if (!refresh(as_tensor(o))) return nullptr;
  return PyBool_FromLong(as_tensor(o)->node == nullptr);
}
PyObject* get_node(PyObject* o, void*) {
  if (!refresh(as_tensor(o))) return nullptr;
  PyObject* node = as_tensor(o)->node;
  return node ? named(node) : Py_NewRef(Py_None);
}
PyObject* get_retains_grad(PyObject* o, void*) { return PyBool_FromLong(as_tensor(o)->retains_grad); }
PyObject* get_output(PyObject* o, void*) { return PyLong_FromLong(as_tensor(o)->output); }

PyObject* get_data(PyObject* o, void*) {
  TensorObject* y = alias(as_tensor(o));
  if (!y) return nullptr;
  y->t.own_version = Ref<Version>(new Version);
  y->inference = y->inference && tape().inference;
  return as_object(y);
}
int set_data(PyObject* o, PyObject* value, void*) {
  if (!value || !is_tensor(value)) {
    PyErr_SetString(PyExc_TypeError, "data: expected a Tensor");
    return -1;
  }
  TensorObject* self = as_tensor(o);
  Ref<Version> mine = self->t.own_version;
  if (!mine) {  // keep counting on, whatever the memory
    mine = Ref<Version>(new Version(self->t.version()));
    mine->references = 1;
  }
  self->t = as_tensor(value)->t;
  self->t.own_version = std::move(mine);
  return 0;
}

PyObject* get_hooks(PyObject* o, void*) { return borrowed_or_none(as_tensor(o)->hooks); }
int set_hooks(PyObject* o, PyObject* value, void*) {
  Py_XSETREF(as_tensor(o)->hooks, Py_XNewRef(value == Py_None ? nullptr : value));
  tape().leaf_hooks |= value != Py_None;
  return 0;
}

PyGetSetDef getset[] = {
    {"shape", get_shape, nullptr, "Sizes of the dimensions.", nullptr},
    {"dtype", get_dtype, nullptr, "Type of the elements.", nullptr},
    {"ndim", get_ndim, nullptr, "Number of dimensions.", nullptr},
    {"itemsize", get_itemsize, nullptr, "Bytes of one element.", nullptr},
    {"nbytes", get_nbytes, nullptr, "Bytes of all elements.", nullptr},
    {"grad", get_grad, set_grad, "The gradient that backward() collected, or None.", nullptr},
    {"requires_grad", get_requires_grad, set_requires_grad, "Whether gradients flow to this tensor.", nullptr},
    {"is_leaf", get_is_leaf, nullptr, "Whether the user made this tensor, rather than a recorded op.", nullptr},
    {"grad_fn", get_node, nullptr, "The node of the graph that computed this tensor, or None.", nullptr},
    {"retains_grad", get_retains_grad, nullptr, "Whether backward() keeps the gradient of this non-leaf.", nullptr},
    {"output_nr", get_output, nullptr, "Which output of its node this is.", nullptr},
    {"data", get_data, set_data, "The same memory, unknown to autograd, with a version counter of its own.", nullptr},
    {"_version", get_version, nullptr, "How often this memory was written in place.", nullptr},
    {"_base", get_base, nullptr, "The tensor this is a view of, or None.", nullptr},
    {"_generation", get_generation, nullptr, "How often in-place ops gave this tensor a new history.", nullptr},
    {"_backward_hooks", get_hooks, set_hooks, "Gradient hooks of a leaf.", nullptr},
    {"_inference", get_inference, nullptr, "Whether the tensor was made in inference mode.", nullptr},
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, nullptr, nullptr},
    {}};

// Wraps a dimension; false with IndexError set when out of range.
bool dimension(PyObject* o, const View& v, Py_ssize_t* d) {
  *d = PyNumber_AsSsize_t(o, PyExc_IndexError);
  if (*d == -1 && PyErr_Occurred()) return false;
  const int n = v.ndim ? v.ndim : 1;
  if (*d < -n || *d >= n) {
    PyErr_Format(PyExc_IndexError, "Dimension out of range (expected to be in range of [%d, %d], but got %zd)", -n,
                 n - 1, *d);
    return false;
  }
  if (*d < 0) *d += n;
  if (v.ndim == 0) {
    PyErr_SetString(PyExc_IndexError, "dimension specified as 0 but tensor has no dimensions");
    return false;
  }
  return true;
}

PyObject* size_or_stride(PyObject* o, PyObject* const* args, Py_ssize_t n, PyObject* names, bool sizes) {
  const View& v = as_tensor(o)->t.view;
  if (n + (names ? PyTuple_GET_SIZE(names) : 0) == 1 && args[0] != Py_None) {
    Py_ssize_t d;
    if (!dimension(args[0], v, &d)) return nullptr;
    return PyLong_FromLongLong(sizes ? v.sizes[d] : v.strides[d]);
  }
  if (sizes) return size_object(v.sizes, v.ndim);
  PyObject* strides = PyTuple_New(v.ndim);
  for (int i = 0; strides && i < v.ndim; ++i) PyTuple_SET_ITEM(strides, i, PyLong_FromLongLong(v.strides[i]));
  return strides;
}
PyObject* method_size(PyObject* o, PyObject* const* args, Py_ssize_t n, PyObject* names) {
  return size_or_stride(o, args, n, names, true);
}
PyObject* method_stride(PyObject* o, PyObject* const* args, Py_ssize_t n, PyObject* names) {
  return size_or_stride(o, args, n, names, false);
}
PyObject* method_numel(PyObject* o, PyObject*) { return PyLong_FromLongLong(as_tensor(o)->t.view.numel()); }
PyObject* method_item(PyObject* o, PyObject*) { return item(as_tensor(o)->t); }
PyObject* method_offset(PyObject* o, PyObject*) { return PyLong_FromLongLong(as_tensor(o)->t.storage_offset()); }
PyObject* method_data_ptr(PyObject* o, PyObject*) { return PyLong_FromVoidPtr(as_tensor(o)->t.view.data); }
PyObject* method_storage_id(PyObject* o, PyObject*) { return PyLong_FromVoidPtr(as_tensor(o)->t.storage->data); }
PyObject* method_storage_bytes(PyObject* o, PyObject*) { return PyLong_FromLongLong(as_tensor(o)->t.storage->bytes); }
PyObject* method_contiguous(PyObject* o, PyObject*) { return PyBool_FromLong(as_tensor(o)->t.view.is_contiguous()); }
PyObject* method_detach(PyObject* o, PyObject*) {
  TensorObject* y = alias(as_tensor(o));
  if (y) y->inference = y->inference && tape().inference;
  return as_object(y);
}
PyObject* method_requires_grad(PyObject* o, PyObject* const* args, Py_ssize_t n, PyObject* names) {
  const bool given = n + (names ? PyTuple_GET_SIZE(names) : 0) > 0;
  if (set_requires_grad(o, given ? args[0] : Py_True, nullptr) < 0) return nullptr;
  return Py_NewRef(o);
}

#define FAST(f) reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(f)), METH_FASTCALL | METH_KEYWORDS
PyMethodDef methods[] = {
    {"size", FAST(method_size), R"(size(dim=None): the sizes, or that of one dimension.

Examples:
    >>> tt.zeros(2, 3).size(), tt.zeros(2, 3).size(1)
    (torch.Size([2, 3]), 3))"},
    {"stride", FAST(method_stride), R"(stride(dim=None): elements from one index to the next, per dimension.

Examples:
    >>> tt.zeros(2, 3).stride(), tt.zeros(2, 3).T.stride()
    ((3, 1), (1, 3)))"},
    {"numel", method_numel, METH_NOARGS, R"(Number of elements.

Examples:
    >>> tt.zeros(2, 3).numel()
    6)"},
    {"nelement", method_numel, METH_NOARGS, R"(Number of elements.

Examples:
    >>> tt.zeros(2, 3).nelement()
    6)"},
    {"item", method_item, METH_NOARGS, R"(The one element, as a Python number; RuntimeError if there are more.

Examples:
    >>> tt.tensor([[2.5]]).item()
    2.5)"},
    {"storage_offset", method_offset, METH_NOARGS, R"(Elements from the start of the memory to the first of this view.

Examples:
    >>> tt.arange(5)[2:].storage_offset()
    2)"},
    {"data_ptr", method_data_ptr, METH_NOARGS, R"(Address of the first element.

Examples:
    >>> x = tt.zeros(4)
    >>> x[1:].data_ptr() - x.data_ptr()
    4)"},
    {"_storage_id", method_storage_id, METH_NOARGS, "Equal for tensors that share memory."},
    {"_storage_bytes", method_storage_bytes, METH_NOARGS, "The size of the memory this is a view of."},
    {"_is_contiguous", method_contiguous, METH_NOARGS, "Whether elements lie in row-major order without gaps."},
    {"detach", method_detach, METH_NOARGS, R"(The same memory, outside the graph.

Examples:
    >>> (tt.ones(2, requires_grad=True) * 2).detach()
    tensor([2., 2.]))"},
    {"requires_grad_", FAST(method_requires_grad), R"(requires_grad_(requires_grad=True): sets the flag; returns self.

Examples:
    >>> tt.zeros(2).requires_grad_()
    tensor([0., 0.], requires_grad=True))"},
    {}};

PyObject* number(PyObject* o) {
  const View& v = as_tensor(o)->t.view;
  if (v.numel() == 1) return item(as_tensor(o)->t);
  PyErr_Format(PyExc_ValueError,
               "only one element tensors can be converted to Python scalars, not one of %lld elements",
               static_cast<long long>(v.numel()));
  return nullptr;
}

int tensor_bool(PyObject* o) {
  const View& v = as_tensor(o)->t.view;
  const int64_t n = v.numel();
  if (n != 1) {
    PyErr_SetString(PyExc_RuntimeError, n ? "Boolean value of Tensor with more than one value is ambiguous"
                                          : "Boolean value of Tensor with no values is ambiguous");
    return -1;
  }
  PyObject* value = number(o);
  if (!value) return -1;
  const int truth = PyObject_IsTrue(value);
  Py_DECREF(value);
  return truth;
}
PyObject* tensor_int(PyObject* o) {
  PyObject* value = number(o);
  if (!value) return nullptr;
  PyObject* result = PyNumber_Long(value);
  Py_DECREF(value);
  return result;
}
PyObject* tensor_float(PyObject* o) {
  PyObject* value = number(o);
  if (!value) return nullptr;
  PyObject* result = PyNumber_Float(value);
  Py_DECREF(value);
  return result;
}
PyObject* tensor_index(PyObject* o) {
  const View& v = as_tensor(o)->t.view;
  if (is_floating(v.dtype) || v.numel() != 1) {
    PyErr_SetString(PyExc_TypeError, "only integer tensors of a single element can be converted to an index");
    return nullptr;
  }
  PyObject* value = number(o);
  if (!value) return nullptr;
  PyObject* result = PyNumber_Long(value);  // a bool becomes 0 or 1
  Py_DECREF(value);
  return result;
}
Py_ssize_t tensor_length(PyObject* o) {
  const View& v = as_tensor(o)->t.view;
  if (v.ndim == 0) {
    PyErr_SetString(PyExc_TypeError, "len() of a 0-d tensor");
    return -1;
  }
  return v.sizes[0];
}
Py_hash_t tensor_hash(PyObject* o) { return static_cast<Py_hash_t>(reinterpret_cast<uintptr_t>(o) >> 4); }

PyNumberMethods as_number = [] {
  PyNumberMethods m{};
  m.nb_bool = tensor_bool;
  m.nb_int = tensor_int;
  m.nb_float = tensor_float;
  m.nb_index = tensor_index;
  return m;
}();
PySequenceMethods as_sequence = [] {
  PySequenceMethods m{};
  m.sq_length = tensor_length;
  return m;
}();
PyMappingMethods as_mapping = [] {
  PyMappingMethods m{};
  m.mp_length = tensor_length;
  m.mp_subscript = get_item;
  m.mp_ass_subscript = set_item;
  return m;
}();

}  // namespace

PyTypeObject TensorBaseType = [] {
  PyTypeObject t{PyVarObject_HEAD_INIT(nullptr, 0)};
  t.tp_name = "tinytensor._C.TensorBase";
  t.tp_basicsize = sizeof(TensorObject);
  t.tp_dealloc = tensor_dealloc;
  t.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC;
  t.tp_doc = "Memory, shape and place in the graph; the base of tinytensor.Tensor.";
  t.tp_traverse = tensor_traverse;
  t.tp_clear = tensor_clear;
  t.tp_hash = tensor_hash;
  t.tp_weaklistoffset = offsetof(TensorObject, weakrefs);
  t.tp_dictoffset = offsetof(TensorObject, dict);
  t.tp_getset = getset;
  t.tp_methods = methods;
  t.tp_as_number = &as_number;
  t.tp_as_sequence = &as_sequence;
  t.tp_as_mapping = &as_mapping;
  t.tp_new = tensor_new;
  return t;
}();

TensorObject* new_tensor() {
  PyTypeObject* type = registry().tensor;
  return as_tensor(new_object(type ? type : &TensorBaseType));
}

TensorObject* wrap(Tensor t) {
  TensorObject* o = new_tensor();
  if (o) o->t = std::move(t);
  return o;
}

TensorObject* alias(TensorObject* x) {
  TensorObject* y = new_tensor();
  if (!y) return nullptr;
  assign(y->t.view, x->t.view);
  y->t.storage = x->t.storage;
  y->t.own_version = x->t.own_version;
  y->inference = x->inference;
  return y;
}

bool may_write(const TensorObject* x) {
  if (!x->inference || tape().inference) return true;
  PyErr_SetString(
      PyExc_RuntimeError,
      "Inplace update to inference tensor outside InferenceMode is not allowed. You can make a clone to get "
      "a normal tensor before doing inplace update.");
  return false;
}

void bind_tensor(py::module_& m) {
  TensorBaseType.tp_as_buffer = tensor_buffer_procs();
  if (PyType_Ready(&TensorBaseType) < 0) throw py::error_already_set();
  m.attr("TensorBase") = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(&TensorBaseType));
}

}  // namespace tt::bind
