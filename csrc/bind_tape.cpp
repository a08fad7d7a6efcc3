// Grad modes, and what tensor.py needs to give tensors a history: in-place ops, views, a user's own functions.
#include "tape.h"

namespace tt::bind {

bool refresh(TensorObject* x) {
  if (!x->base || as_tensor(x->base)->generation == x->seen || !registry().renew_view) return true;
  x->seen = as_tensor(x->base)->generation;
  PyObject* done = PyObject_CallOneArg(registry().renew_view, as_object(x));
  Py_XDECREF(done);
  return done != nullptr;
}

bool recording(PyObject* const* args, Py_ssize_t n) {
  if (!tape().enabled) return false;
  const auto recorded = [](PyObject* o) {
    if (!is_tensor(o)) return false;
    return refresh(as_tensor(o)) && requires_grad(as_tensor(o));
  };
  for (Py_ssize_t i = 0; i < n; ++i) {
    if (recorded(args[i])) return true;
    if (!PyTuple_Check(args[i])) continue;
    for (Py_ssize_t j = 0; j < PyTuple_GET_SIZE(args[i]); ++j)
      if (recorded(PyTuple_GET_ITEM(args[i], j))) return true;
  }
  return false;
}

namespace {

TensorObject* tensor_arg(const py::object& o) {
  if (!is_tensor(o.ptr())) throw py::type_error(std::string("expected a Tensor, got ") + Py_TYPE(o.ptr())->tp_name);
  return as_tensor(o.ptr());
}

// A node with one vjp for all inputs; inputs that need no gradient get no edge.
py::object make_node(py::str name, py::object vjp, py::sequence inputs, py::sequence outputs, py::sequence saved) {
  NodeObject* node = new_node(name.ptr());
  if (!node) throw py::error_already_set();
  auto owner = py::reinterpret_steal<py::object>(reinterpret_cast<PyObject*>(node));
  node->vjp = vjp.release().ptr();
  int position = 0;
  for (const auto& item : inputs) {
    const auto x = py::reinterpret_borrow<py::object>(item);
    if (is_tensor(x.ptr())) {
      if (!refresh(as_tensor(x.ptr()))) throw py::error_already_set();
      if (requires_grad(as_tensor(x.ptr()))) add_edge(node, as_tensor(x.ptr()), nullptr, position);
    }
    ++position;
  }
  node->slots = position;
  for (const auto& y : outputs) add_output(node, tensor_arg(py::reinterpret_borrow<py::object>(y)));
  for (const auto& s : saved) save(node, tensor_arg(py::reinterpret_borrow<py::object>(s)), -1);
  if (PyErr_Occurred()) throw py::error_already_set();
  return owner;
}

// The object in a place of the tape from now on, None for none; returns the one before.
py::object exchange(PyObject*& place, py::object now) {
  PyObject* before = std::exchange(place, now.is_none() ? nullptr : now.release().ptr());
  return before ? py::reinterpret_steal<py::object>(before) : py::none();
}

// Another object for the same tensor with the same history.
py::object twin(py::object o) {
  TensorObject* x = tensor_arg(o);
  if (!refresh(x)) throw py::error_already_set();
  TensorObject* y = alias(x);
  if (!y) throw py::error_already_set();
  y->node = Py_XNewRef(x->node);
  y->output = x->output;
  y->requires_grad = x->requires_grad;
  return py::reinterpret_steal<py::object>(as_object(y));
}

PyObject* recording_call(PyObject*, PyObject* const* args, Py_ssize_t) {
  PyObject *op = args[0], *x = args[1], *kwargs = args[3];
  if (!is_tensor(x))
    return PyErr_Format(PyExc_TypeError, "%U(): argument 'self' must be Tensor, not %s", op, Py_TYPE(x)->tp_name);
  if (!may_write(as_tensor(x))) return nullptr;
  bool yes = recording(args + 1, 2);
  PyObject *name, *value;
  for (Py_ssize_t at = 0; !yes && PyDict_Next(kwargs, &at, &name, &value);) yes = recording(&value, 1);
  return PyErr_Occurred() ? nullptr : PyBool_FromLong(yes);
}
PyMethodDef recording_def = {"recording", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(recording_call)),
                             METH_FASTCALL,
                             "recording(op, x, args, kwargs): whether what the op writes into x is to be recorded."};

// Called at both ends of every `with no_grad():`.
PyObject* set_grad_enabled(PyObject*, PyObject* on) {
  const int mode = PyObject_IsTrue(on);
  return mode < 0 ? nullptr : PyBool_FromLong(std::exchange(tape().enabled, mode != 0));
}
PyMethodDef set_grad_enabled_def = {
    "set_grad_enabled", set_grad_enabled, METH_O,
    "set_grad_enabled(on): whether ops are recorded from now on; returns the mode before."};

}  // namespace

void bind_tape(py::module_& m) {
  bind_nodes(m);
  bind_primitive(m);
  bind_queue(m);
  bind_vjp(m);
  m.attr("recording") = py::reinterpret_steal<py::object>(PyCFunction_New(&recording_def, nullptr));

  m.def("is_grad_enabled", [] { return tape().enabled; });
  m.attr("set_grad_enabled") = py::reinterpret_steal<py::object>(PyCFunction_New(&set_grad_enabled_def, nullptr));
  m.def("is_inference", [] { return tape().inference; });
  m.def("set_inference", [](bool on) { return std::exchange(tape().inference, on); }, "Returns the mode before.");

  m.def(
      "set_watcher", [](py::object watcher) { return exchange(tape().watcher, watcher); },
      "Has this called with (name, arguments, result) of every primitive; returns what was called before.");
  m.def(
      "anomaly", [] { return tape().anomaly ? py::reinterpret_borrow<py::object>(tape().anomaly) : py::none(); },
      "What set_anomaly put there; None.");
  m.def(
      "set_anomaly", [](py::object anomaly) { return exchange(tape().anomaly, anomaly); },
      "Has .made(node, pulled) of this called with every node that is made, and the one whose vjps make it or None, "
      "and "
      ".examine(node, gradients) with what each gave, None where it raised; returns what was told before.");

  m.def("make_node", &make_node, py::arg("name"), py::arg("vjp"), py::arg("inputs"), py::arg("outputs"),
        py::arg("saved") = py::tuple(), "A node with one vjp for all its inputs.");
  m.def(
      "set_history",
      [](py::object x, py::object node, int output, bool renewed) {
        TensorObject* t = tensor_arg(x);
        set_history(t, as_node(node.ptr()), output);
        if (renewed) t->generation += 1;
        if (t->base) t->seen = as_tensor(t->base)->generation;
      },
      py::arg("x"), py::arg("node"), py::arg("output"), py::arg("renewed") = false,
      "x is that output of the node; renewed: views of x must follow.");
  m.def("detach_", [](py::object x) {
    TensorObject* t = tensor_arg(x);
    Py_CLEAR(t->node);
    t->requires_grad = false;
    t->generation += 1;
  });
  m.def("twin", &twin, "Another object for the same tensor with the same history.");
  m.def(
      "set_window", [](py::object x, py::object view) { assign(tensor_arg(x)->t.view, tensor_arg(view)->t.view); },
      "x takes the sizes and strides of a view of its memory.");
  m.def(
      "unshare",
      [](py::object x) {
        Tensor& t = tensor_arg(x)->t;
        const Version version = t.version();
        t = contiguous(t);
        t.own_version = Ref<Version>(new Version(version));
        t.own_version->references = 1;
      },
      "Moves the tensor to memory of its own, which nobody will overwrite.");
  m.def(
      "bump",
      [](py::object x, py::str name, int writes) {
        Version& v = tensor_arg(x)->t.version();
        v.count += writes;
        v.last_writer = PyUnicode_AsUTF8(PyUnicode_InternFromString(PyUnicode_AsUTF8(name.ptr())));  // lives on
      },
      py::arg("x"), py::arg("name"), py::arg("writes") = 1, "Counts writes in place, the last of them by that op.");
  m.def("shares_storage",
        [](py::object a, py::object b) { return tensor_arg(a)->t.storage.get() == tensor_arg(b)->t.storage.get(); });
}

}  // namespace tt::bind
