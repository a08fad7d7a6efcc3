// vjp(op, *saved): the function g -> op(g, *saved). What a Python closure would be, in one small object.
#include <array>

#include "tape.h"

namespace tt::bind {
namespace {

constexpr Py_ssize_t kFewArguments = 16;

struct VjpObject {
  PyObject_VAR_HEAD vectorcallfunc call;
  PyObject* op;
  PyObject* saved[1];  // Py_SIZE of them
};

VjpObject* as_vjp(PyObject* o) { return reinterpret_cast<VjpObject*>(o); }

// call(arguments, how many) with the gradients and what is saved.
template <class Call>
PyObject* with_arguments(VjpObject* self, PyObject* const* grads, Py_ssize_t n, const Call& call) {
  const Py_ssize_t total = n + Py_SIZE(self);
  std::array<PyObject*, kFewArguments> few;
  std::vector<PyObject*> many(total > kFewArguments ? static_cast<size_t>(total) : 0);
  PyObject** args = many.empty() ? few.data() : many.data();
  std::copy_n(grads, n, args);
  std::copy_n(self->saved, Py_SIZE(self), args + n);
  return call(args, total);
}

PyObject* vjp_call(PyObject* o, PyObject* const* grads, size_t nargsf, PyObject* names) {
  if (names && PyTuple_GET_SIZE(names) > 0) {
    PyErr_SetString(PyExc_TypeError, "vjp: gradients have no names");
    return nullptr;
  }
  return with_arguments(as_vjp(o), grads, PyVectorcall_NARGS(nargsf), [&](PyObject* const* args, Py_ssize_t n) {
    return PyObject_Vectorcall(as_vjp(o)->op, args, static_cast<size_t>(n), nullptr);
  });
}

PyObject* vjp_new(PyObject*, PyObject* const* args, size_t nargsf, PyObject* names) {
  const Py_ssize_t n = PyVectorcall_NARGS(nargsf);
  if (n < 1 || (names && PyTuple_GET_SIZE(names) > 0) || !PyCallable_Check(args[0])) {
    PyErr_SetString(PyExc_TypeError, "vjp(op, *saved): expected a function of a gradient and what else it takes");
    return nullptr;
  }
  auto* self = PyObject_NewVar(VjpObject, &VjpType, n - 1);
  if (!self) return nullptr;
  self->call = vjp_call;
  self->op = Py_NewRef(args[0]);
  for (Py_ssize_t i = 1; i < n; ++i) self->saved[i - 1] = Py_NewRef(args[i]);
  return reinterpret_cast<PyObject*>(self);
}

void vjp_dealloc(PyObject* o) {
  for (Py_ssize_t i = 0; i < Py_SIZE(o); ++i) Py_DECREF(as_vjp(o)->saved[i]);
  Py_DECREF(as_vjp(o)->op);
  Py_TYPE(o)->tp_free(o);
}

}  // namespace

PyTypeObject VjpType = [] {
  PyTypeObject t{PyVarObject_HEAD_INIT(nullptr, 0)};
  t.tp_name = "tinytensor._C.vjp";
  t.tp_basicsize = offsetof(VjpObject, saved);
  t.tp_itemsize = sizeof(PyObject*);
  t.tp_dealloc = vjp_dealloc;
  t.tp_vectorcall_offset = offsetof(VjpObject, call);
  t.tp_call = PyVectorcall_Call;
  t.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL;
  t.tp_doc = "vjp(op, *saved): the function g -> op(g, *saved).";
  t.tp_vectorcall = vjp_new;
  return t;
}();

bool exclusive(PyObject* g) {
  const TensorObject* t = as_tensor(g);
  const Storage& memory = *t->t.storage.get();
  return Py_REFCNT(g) == 1 && !t->base && memory.references == 1 && !memory.owner && t->t.view.is_contiguous();
}

PyObject* call_vjp(PyObject* vjp, PyObject* g, bool last) {
  const OpInfo* op = Py_TYPE(vjp) == &VjpType && !tape().route ? raw_op(as_vjp(vjp)->op) : nullptr;
  if (!op) return PyObject_Vectorcall(vjp, &g, 1, nullptr);
  return with_arguments(as_vjp(vjp), &g, 1, [&](PyObject* const* args, Py_ssize_t n) {
    return guarded([&] { return call_op(*op, args, n, nullptr, last && exclusive(g)); });
  });
}

std::span<PyObject* const> saved_by(PyObject* vjp) { return {as_vjp(vjp)->saved, static_cast<size_t>(Py_SIZE(vjp))}; }

void bind_vjp(py::module_& m) {
  if (PyType_Ready(&VjpType) < 0) throw py::error_already_set();
  m.attr("vjp") = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(&VjpType));
}

}  // namespace tt::bind
