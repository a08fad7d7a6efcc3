// The border to Python. What is hot (tensor objects, op calls, the tape) is written against CPython's own interface;
// pybind11 makes the module and the rest.
#pragma once
#include <pybind11/pybind11.h>

#include <exception>

#include "op.h"
#include "views.h"

namespace tt::bind {

namespace py = pybind11;

// A tensor as Python holds it: the core's tensor, and what autograd knows of it.
struct TensorObject {
  PyObject_HEAD Tensor t;
  PyObject* node;  // the Node that computed it; null for leaves
  PyObject* grad;
  PyObject* base;     // the tensor it is a view of; null if it is none
  PyObject* hooks;    // dict of gradient hooks of a leaf
  PyObject* pending;  // gradient collected for a leaf while backward runs
  PyObject* dict;
  PyObject* weakrefs;
  int64_t generation;  // how often in-place ops gave this tensor, or a view of it, a new history
  int64_t seen;        // of a view: the base's generation its node stands for
  int32_t output;      // which output of the node
  bool requires_grad;  // of a leaf
  bool retains_grad;
  bool inference;  // made in inference_mode: never recorded
  bool lent;       // has its node for the time of a vjp only
};

// The little state that autograd has outside its graph.
struct Tape {
  bool enabled = true;  // torch.no_grad() clears it
  bool inference = false;
  bool route = false;           // create_graph: raw ops inside a vjp go through their primitives
  bool leaf_hooks = false;      // some leaf was given hooks
  int64_t next_number = 0;      // of nodes, in order of creation
  PyObject* watcher = nullptr;  // called with (name, arguments, result) of every primitive; owned
  PyObject* anomaly = nullptr;  // of detect_anomaly, told of nodes that are made and of what they gave; owned
  PyObject* pulled = nullptr;   // where there is one: the node whose vjps run; borrowed
};
Tape& tape();

// What Python registers at import.
struct Registry {
  PyTypeObject* tensor = nullptr;  // tinytensor.Tensor
  PyObject* size = nullptr;        // tinytensor.Size
  PyObject* primitives = nullptr;  // dict: op name -> primitive
  PyObject* renew_view = nullptr;  // gives a view the node that follows from its base's new history
};
Registry& registry();

extern PyTypeObject TensorBaseType;

inline bool is_tensor(PyObject* o) { return Py_TYPE(o) == registry().tensor || PyObject_TypeCheck(o, &TensorBaseType); }
inline TensorObject* as_tensor(PyObject* o) { return reinterpret_cast<TensorObject*>(o); }
inline PyObject* as_object(TensorObject* t) { return reinterpret_cast<PyObject*>(t); }
// A view that was made where nothing is recorded counts as its base does, though no gradient goes there.
inline bool requires_grad(const TensorObject* t) {
  return t->requires_grad || t->node || (t->base && (as_tensor(t->base)->requires_grad || as_tensor(t->base)->node));
}

TensorObject* new_tensor();  // empty shell, a new reference; null with an exception set
TensorObject* wrap(Tensor t);
TensorObject* alias(TensorObject* x);   // shares memory and version, knows nothing of autograd
bool may_write(const TensorObject* x);  // false, with RuntimeError set, for an inference tensor outside that mode

PyObject* dtype_object(DType d);                     // borrowed
bool dtype_from(PyObject* o, DType* d);              // false with TypeError set
PyObject* size_object(const int64_t* sizes, int n);  // tinytensor.Size
bool number_from(PyObject* o, Scalar* s);            // false, nothing set, when o is no number
bool ints_from(PyObject* o, Ints* v);                // tuple, list, Size or one int; false with TypeError set
PyObject* number_object(const void* p, DType d);
PyObject* item(const Tensor& t);  // of one element; null with RuntimeError set

void set_error();  // inside catch (...): the C++ exception becomes Python's

// Runs f, which returns PyObject*, and turns exceptions into null with the error set.
template <class F>
PyObject* guarded(F&& f) {
  try {
    return f();
  } catch (...) {
    set_error();
    return nullptr;
  }
}

// Where a vjp is itself differentiated (Tape::route), raw ops on recorded tensors run as the primitives of the same
// name.
PyObject* routed(const char* name, PyObject* const* args, Py_ssize_t n, bool* taken);
PyObject* call_op(const OpInfo& op, PyObject* const* args, Py_ssize_t n, PyObject* out, bool spare_first = false);
// The raw op that a function of the module is; null for others.
const OpInfo* raw_op(PyObject* function);

// Whether the current history of x is known: a view whose base got a new one in place is brought up to date first.
bool refresh(TensorObject* x);

PyObject* view_of(TensorObject* x, const View& window);           // another window on x's memory
PyObject* tensor_from_sequence(PyObject* data, PyObject* dtype);  // nested lists of numbers; dtype may be None
PyObject* tensor_from_buffer(PyObject* source);                   // shares the memory

PyBufferProcs* tensor_buffer_procs();
PyObject* get_item(PyObject* x, PyObject* key);             // x[key]
int set_item(PyObject* x, PyObject* key, PyObject* value);  // x[key] = value

// Each adds its part to the module.
void bind_dtypes(py::module_& m);
void bind_tensor(py::module_& m);
void bind_ops(py::module_& ops);
void bind_views(py::module_& ops);
void bind_subscripts(py::module_& m, py::module_& ops);
void bind_arrays(py::module_& m);
void bind_tape(py::module_& m);

}  // namespace tt::bind
