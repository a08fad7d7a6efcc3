// A primitive: a Python function that returns its result and one vjp per input. Calling it records a node. Where
// nothing is recorded, and its result is that of a raw op alone, Python is not asked.
#include "tape.h"

namespace tt::bind {
namespace {

constexpr int kMaxParameters = 24;

struct PrimitiveObject {
  PyObject_HEAD vectorcallfunc call;
  PyObject* function;
  PyObject* name;
  PyObject* parameters;  // names of the positional parameters, then of *args
  PyObject* dict;
  PyObject* weakrefs;
  const OpInfo* raw;  // the raw op that is all there is to a call when nothing is recorded; null if there is none
  int n_parameters;
  bool variadic;  // takes *args
  bool joint;     // one vjp gives the gradients of all inputs
  bool out;       // it takes `out` itself
};

PrimitiveObject* as_primitive(PyObject* o) { return reinterpret_cast<PrimitiveObject*>(o); }

// NumPy's names of arguments, which PyTorch takes too; null for other names.
PyObject* torch_name(PyObject* name) {
  static PyObject* const names[][2] = {{PyUnicode_InternFromString("axis"), PyUnicode_InternFromString("dim")},
                                       {PyUnicode_InternFromString("keepdims"), PyUnicode_InternFromString("keepdim")}};
  for (const auto& [numpy, torch] : names)
    if (name == numpy || PyUnicode_Compare(name, numpy) == 0) return torch;
  return nullptr;
}

// The place of `out` among the names of a call, where the function does not take it itself; -1 if it is not there.
Py_ssize_t position_of_out(const PrimitiveObject* self, PyObject* names) {
  static PyObject* const kOut = PyUnicode_InternFromString("out");
  if (!names || self->out) return -1;
  for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(names); ++k)
    if (PyTuple_GET_ITEM(names, k) == kOut || PyUnicode_Compare(PyTuple_GET_ITEM(names, k), kOut) == 0) return k;
  return -1;
}

// `op(..., out=...)`: what out.py makes of it.
PyObject* call_into(PyObject* op, PyObject* const* args, Py_ssize_t n, PyObject* names, Py_ssize_t at) {
  return guarded([&]() -> PyObject* {
    py::tuple positional(static_cast<size_t>(n));
    for (Py_ssize_t i = 0; i < n; ++i) positional[static_cast<size_t>(i)] = py::reinterpret_borrow<py::object>(args[i]);
    py::dict keywords;
    for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(names); ++k)
      if (k != at)
        keywords[py::reinterpret_borrow<py::object>(PyTuple_GET_ITEM(names, k))] =
            py::reinterpret_borrow<py::object>(args[n + k]);
    const py::object into = py::module_::import("tinytensor.out").attr("call_into");
    return into(py::reinterpret_borrow<py::object>(op), positional, keywords,
                py::reinterpret_borrow<py::object>(args[n + at]))
        .release()
        .ptr();
  });
}

// The position of a parameter; n_parameters if there is none of this name.
Py_ssize_t position(const PrimitiveObject* self, PyObject* name) {
  Py_ssize_t at = 0;
  while (at < self->n_parameters && PyTuple_GET_ITEM(self->parameters, at) != name) ++at;
  if (at < self->n_parameters) return at;
  at = 0;
  while (at < self->n_parameters && PyUnicode_Compare(PyTuple_GET_ITEM(self->parameters, at), name) != 0) ++at;
  return at;
}

// Keyword arguments into their places; defaults fill the gaps. What is keyword-only stays in `rest`.
bool place(PrimitiveObject* self, PyObject* const* args, Py_ssize_t n, PyObject* names, PyObject** placed,
           Py_ssize_t* n_placed, PyObject** rest) {
  if (n > self->n_parameters) return true;  // the call itself will raise
  for (Py_ssize_t i = 0; i < n; ++i) placed[i] = args[i];
  for (Py_ssize_t i = n; i < self->n_parameters; ++i) placed[i] = nullptr;
  Py_ssize_t last = n;
  for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(names); ++k) {
    PyObject* name = PyTuple_GET_ITEM(names, k);
    Py_ssize_t at = position(self, name);
    if (at == self->n_parameters)
      if (PyObject* torch = torch_name(name)) at = position(self, torch);
    if (at < self->n_parameters && !placed[at]) {
      placed[at] = args[n + k];
      if (at + 1 > last) last = at + 1;
      continue;
    }
    if (!*rest) *rest = PyDict_New();
    if (!*rest || PyDict_SetItem(*rest, name, args[n + k]) < 0) return false;
  }
  PyObject* defaults = PyFunction_GetDefaults(self->function);
  const Py_ssize_t n_defaults = defaults ? PyTuple_GET_SIZE(defaults) : 0;
  for (Py_ssize_t i = 0; i < last; ++i) {
    if (placed[i]) continue;
    const Py_ssize_t d = i - (self->n_parameters - n_defaults);
    if (d < 0) {
      PyErr_Format(PyExc_TypeError, "%U() missing 1 required positional argument: '%U'", self->name,
                   PyTuple_GET_ITEM(self->parameters, i));
      return false;
    }
    placed[i] = PyTuple_GET_ITEM(defaults, d);
  }
  *n_placed = last;
  return true;
}

bool recorded(PyObject* o) { return is_tensor(o) && refresh(as_tensor(o)) && requires_grad(as_tensor(o)); }

// Whether a call with these arguments, none by name, is that of the raw op: nothing asks for vjps or watches.
bool only_raw(const PrimitiveObject* self, PyObject* const* args, Py_ssize_t n, PyObject* names) {
  if (!self->raw || names || n != static_cast<Py_ssize_t>(self->raw->inputs.size() + self->raw->attrs.size()))
    return false;
  if (!tape().enabled) return true;
  if (tape().watcher) return false;
  for (Py_ssize_t i = 0; i < n; ++i)
    if (recorded(args[i])) return false;
  const bool known = !PyErr_Occurred();
  PyErr_Clear();  // the call will meet it again
  return known;
}

// Which output of the call o is; -1 if none.
int output_index(PyObject* o, PyObject* const* outputs, Py_ssize_t n) {
  for (Py_ssize_t i = 0; i < n; ++i)
    if (outputs[i] == o) return static_cast<int>(i);
  return -1;
}

// Saves the tensors that a vjp was given or, a Python function, closes over. Whether an output is among them.
bool save_for(NodeObject* node, PyObject* vjp, PyObject* const* outputs, Py_ssize_t n_out) {
  bool saved_output = false;
  const auto consider = [&](PyObject* o) {
    if (!is_tensor(o)) return;
    const int output = output_index(o, outputs, n_out);
    saved_output = saved_output || output >= 0;
    save(node, as_tensor(o), output);
  };
  const auto consider_all = [&](PyObject* o) {
    if (!o) return;
    consider(o);
    if (PyTuple_Check(o) || PyList_Check(o))
      for (Py_ssize_t j = 0; j < PySequence_Fast_GET_SIZE(o); ++j) consider(PySequence_Fast_ITEMS(o)[j]);
  };
  if (Py_TYPE(vjp) == &VjpType) {
    for (PyObject* o : saved_by(vjp)) consider_all(o);
    return saved_output;
  }
  PyObject* closure = PyFunction_Check(vjp) ? PyFunction_GetClosure(vjp) : nullptr;
  for (Py_ssize_t i = 0; closure && i < PyTuple_GET_SIZE(closure); ++i)
    consider_all(PyCell_GET(PyTuple_GET_ITEM(closure, i)));
  return saved_output;
}

// The output that the user gets is another object than the one a vjp saved: the node would keep itself alive.
PyObject* twin_of(PyObject* y) {
  TensorObject* twin = alias(as_tensor(y));
  if (!twin) return nullptr;
  twin->base = Py_XNewRef(as_tensor(y)->base);
  twin->seen = as_tensor(y)->seen;
  return as_object(twin);
}

// Puts a node behind the outputs of a call; returns them (or the objects that stand for them).
PyObject* record(PrimitiveObject* self, PyObject* result, PyObject* const* args, Py_ssize_t n) {
  PyObject* y = PyTuple_GET_ITEM(result, 0);
  const Py_ssize_t n_vjps = PyTuple_GET_SIZE(result) - 1;
  PyObject* const* vjps = &PyTuple_GET_ITEM(result, 1);
  const bool single = is_tensor(y);
  if (!single && !PyTuple_Check(y) && !PyList_Check(y)) return Py_NewRef(y);
  PyObject* const* outputs = single ? &PyTuple_GET_ITEM(result, 0) : PySequence_Fast_ITEMS(y);
  const Py_ssize_t n_out = single ? 1 : PySequence_Fast_GET_SIZE(y);

  bool differentiable = false;
  for (Py_ssize_t i = 0; i < n_out; ++i)
    differentiable = differentiable || (is_tensor(outputs[i]) && is_floating(as_tensor(outputs[i])->t.view.dtype));
  for (Py_ssize_t i = 0; i < n; ++i)
    if (output_index(args[i], outputs, n_out) >= 0) differentiable = false;  // an input, handed back
  if (!differentiable) return Py_NewRef(y);

  NodeObject* node = nullptr;
  bool saved_output = false;
  if (self->joint) {
    int position = 0;
    const auto consider = [&](PyObject* x) {
      if (!is_tensor(x)) return;
      if (recorded(x)) {
        if (!node) node = new_node(self->name);
        add_edge(node, as_tensor(x), nullptr, position);
      }
      ++position;
    };
    for (Py_ssize_t i = 0; i < n; ++i) {
      consider(args[i]);
      if (PyTuple_Check(args[i]) || PyList_Check(args[i]))
        for (Py_ssize_t j = 0; j < PySequence_Fast_GET_SIZE(args[i]); ++j) consider(PySequence_Fast_ITEMS(args[i])[j]);
    }
    if (node) {
      node->slots = position;
      node->vjp = Py_NewRef(vjps[0]);
      saved_output = save_for(node, vjps[0], outputs, n_out);
    }
  } else {
    int slots = 0;
    for (Py_ssize_t i = 0; i < n && i < n_vjps; ++i) {
      if (vjps[i] == Py_None) continue;
      ++slots;
      if (!recorded(args[i])) continue;
      if (!node) node = new_node(self->name);
      add_edge(node, as_tensor(args[i]), Py_NewRef(vjps[i]), slots - 1);
      saved_output |= save_for(node, vjps[i], outputs, n_out);
    }
    if (node) node->slots = slots;
  }
  if (PyErr_Occurred()) {
    Py_XDECREF(node);
    return nullptr;
  }
  if (!node) return Py_NewRef(y);

  for (Py_ssize_t i = 0; i < n_out; ++i) add_output(node, as_tensor(outputs[i]));
  PyObject* given = Py_NewRef(y);
  if (saved_output) {
    if (single) {
      Py_SETREF(given, twin_of(y));
    } else {
      PyObject* list = PyList_New(n_out);
      for (Py_ssize_t i = 0; list && i < n_out; ++i) PyList_SET_ITEM(list, i, twin_of(outputs[i]));
      Py_SETREF(given, PyTuple_CheckExact(y)                ? PyList_AsTuple(list)
                       : PyObject_HasAttrString(y, "_make") ? PyObject_CallMethod(y, "_make", "O", list)
                                                            : Py_NewRef(list));
      Py_XDECREF(list);
    }
    if (!given) {
      Py_DECREF(node);
      return nullptr;
    }
  }
  for (Py_ssize_t i = 0; i < n_out; ++i) {
    PyObject* o = single ? given : PySequence_Fast_ITEMS(given)[i];
    if (is_floating(as_tensor(o)->t.view.dtype)) set_history(as_tensor(o), node, static_cast<int>(i));
  }
  Py_DECREF(node);
  return given;
}

// Shows a call to the watcher, which may itself run ops: those it does not see. Gives y back, or null if it raised.
PyObject* watched(Tape& t, PyObject* name, PyObject* const* args, Py_ssize_t n, PyObject* y) {
  PyObject* all = PyTuple_New(n);
  for (Py_ssize_t i = 0; all && i < n; ++i) PyTuple_SET_ITEM(all, i, Py_NewRef(args[i]));
  PyObject* watcher = std::exchange(t.watcher, nullptr);
  PyObject* done = all ? PyObject_CallFunctionObjArgs(watcher, name, all, y, nullptr) : nullptr;
  Py_XDECREF(t.watcher);
  t.watcher = watcher;
  Py_XDECREF(all);
  Py_XDECREF(done);
  if (!done) Py_CLEAR(y);
  return y;
}

PyObject* primitive_call(PyObject* o, PyObject* const* args, size_t nargsf, PyObject* names) {
  PrimitiveObject* self = as_primitive(o);
  Py_ssize_t n = PyVectorcall_NARGS(nargsf);
  if (only_raw(self, args, n, names)) return guarded([&] { return call_op(*self->raw, args, n, nullptr); });
  if (const Py_ssize_t at = position_of_out(self, names); at >= 0) return call_into(o, args, n, names, at);
  PyObject* placed[kMaxParameters];
  PyObject* rest = nullptr;
  PyObject* const* given = args;
  const bool reorder = names && PyTuple_GET_SIZE(names) > 0 && !self->variadic && n <= self->n_parameters;
  if (reorder) {
    if (!place(self, args, n, names, placed, &n, &rest)) {
      Py_XDECREF(rest);
      return nullptr;
    }
    args = placed;
  }
  Tape& t = tape();
  const bool enabled = std::exchange(t.enabled, false), route = std::exchange(t.route, false);
  PyObject* result = reorder ? rest ? PyObject_VectorcallDict(self->function, args, static_cast<size_t>(n), rest)
                                    : PyObject_Vectorcall(self->function, args, static_cast<size_t>(n), nullptr)
                             : PyObject_Vectorcall(self->function, args, static_cast<size_t>(n), names);
  t.enabled = enabled;
  t.route = route;
  Py_XDECREF(rest);
  if (!result) blame_argument(self->name, self->parameters, given, nargsf, names);
  if (!result || !PyTuple_CheckExact(result)) return result;
  PyObject* y = enabled && !t.inference ? record(self, result, args, n) : Py_NewRef(PyTuple_GET_ITEM(result, 0));
  Py_DECREF(result);
  return y && enabled && t.watcher ? watched(t, self->name, args, n, y) : y;
}

// The names of what a function takes by position; that of `*args` is the last.
PyObject* parameter_names(PyObject* function) {
  auto* code = reinterpret_cast<PyCodeObject*>(PyFunction_GetCode(function));
  PyObject* all = PyObject_GetAttrString(reinterpret_cast<PyObject*>(code), "co_varnames");
  if (!all) return nullptr;
  const Py_ssize_t count = code->co_argcount, rest = code->co_flags & CO_VARARGS ? 1 : 0;
  PyObject* names = PyTuple_New(count + rest);
  for (Py_ssize_t i = 0; names && i < count + rest; ++i)
    PyTuple_SET_ITEM(names, i, Py_NewRef(PyTuple_GET_ITEM(all, i < count ? i : i + code->co_kwonlyargcount)));
  Py_DECREF(all);
  return names;
}

// Whether a function has a parameter `out`, or takes any name.
bool takes_out(PyObject* function) {
  auto* code = reinterpret_cast<PyCodeObject*>(PyFunction_GetCode(function));
  if (code->co_flags & CO_VARKEYWORDS) return true;
  PyObject* all = PyObject_GetAttrString(reinterpret_cast<PyObject*>(code), "co_varnames");
  bool found = false;
  for (Py_ssize_t i = 0; all && i < code->co_argcount + code->co_kwonlyargcount; ++i)
    found = found || PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(all, i), "out") == 0;
  Py_XDECREF(all);
  return found;
}

PyObject* primitive_new(PyTypeObject* type, PyObject* args, PyObject*) {
  PyObject *function, *name;
  int joint, raw;
  if (!PyArg_ParseTuple(args, "O!Upp:Primitive", &PyFunction_Type, &function, &name, &joint, &raw)) return nullptr;
  auto* self = reinterpret_cast<PrimitiveObject*>(type->tp_alloc(type, 0));
  if (!self) return nullptr;
  const auto* code = reinterpret_cast<PyCodeObject*>(PyFunction_GetCode(function));
  const int count = code->co_argcount;
  self->call = primitive_call;
  self->function = Py_NewRef(function);
  self->name = Py_NewRef(name);
  self->parameters = parameter_names(function);
  self->n_parameters = count;
  self->variadic = code->co_flags & CO_VARARGS;
  self->joint = joint;
  self->out = takes_out(function);
  if (raw && self->parameters)
    guarded([&]() -> PyObject* {
      std::vector<std::string> names;
      for (const auto& parameter : py::reinterpret_borrow<py::tuple>(self->parameters))
        names.push_back(parameter.cast<std::string>());
      self->raw = &name_arguments(PyUnicode_AsUTF8(name), names);
      return nullptr;
    });
  if (count > kMaxParameters) PyErr_Format(PyExc_ValueError, "%U: more than %d parameters", name, kMaxParameters);
  if (PyErr_Occurred()) Py_CLEAR(self);
  return reinterpret_cast<PyObject*>(self);
}

int primitive_traverse(PyObject* o, visitproc visit, void* arg) {
  Py_VISIT(as_primitive(o)->function);
  Py_VISIT(as_primitive(o)->dict);
  return 0;
}

void primitive_dealloc(PyObject* o) {
  PrimitiveObject* self = as_primitive(o);
  PyObject_GC_UnTrack(o);
  if (self->weakrefs) PyObject_ClearWeakRefs(o);
  Py_CLEAR(self->function);
  Py_CLEAR(self->name);
  Py_CLEAR(self->parameters);
  Py_CLEAR(self->dict);
  Py_TYPE(o)->tp_free(o);
}

PyObject* primitive_get(PyObject* o, PyObject* instance, PyObject*) {
  return instance && instance != Py_None ? PyMethod_New(o, instance) : Py_NewRef(o);
}

PyObject* primitive_repr(PyObject* o) { return PyUnicode_FromFormat("<function %U>", as_primitive(o)->name); }
PyObject* primitive_reduce(PyObject* o, PyObject*) { return PyObject_GetAttrString(o, "__qualname__"); }

// An op made of other ops: a Python function that takes NumPy's names of arguments too.
PyObject* composite_call(PyObject* o, PyObject* const* args, size_t nargsf, PyObject* names) {
  PrimitiveObject* self = as_primitive(o);
  if (const Py_ssize_t at = position_of_out(self, names); at >= 0)
    return call_into(o, args, PyVectorcall_NARGS(nargsf), names, at);
  PyObject* renamed = nullptr;
  for (Py_ssize_t k = 0; names && k < PyTuple_GET_SIZE(names); ++k) {
    PyObject* torch = torch_name(PyTuple_GET_ITEM(names, k));
    if (!torch) continue;
    if (!renamed) {
      renamed = PyTuple_New(PyTuple_GET_SIZE(names));
      if (!renamed) return nullptr;
      for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); ++i)
        PyTuple_SET_ITEM(renamed, i, Py_NewRef(PyTuple_GET_ITEM(names, i)));
    }
    Py_DECREF(PyTuple_GET_ITEM(renamed, k));
    PyTuple_SET_ITEM(renamed, k, Py_NewRef(torch));
  }
  PyObject* y = PyObject_Vectorcall(self->function, args, nargsf, renamed ? renamed : names);
  Py_XDECREF(renamed);
  if (!y) blame_argument(self->name, self->parameters, args, nargsf, names);
  return y;
}

PyObject* composite_new(PyTypeObject* type, PyObject* args, PyObject*) {
  PyObject* function;
  if (!PyArg_ParseTuple(args, "O!:Composite", &PyFunction_Type, &function)) return nullptr;
  auto* self = reinterpret_cast<PrimitiveObject*>(type->tp_alloc(type, 0));
  if (!self) return nullptr;
  self->call = composite_call;
  self->function = Py_NewRef(function);
  self->out = takes_out(function);
  self->name = PyObject_GetAttrString(function, "__name__");
  self->parameters = parameter_names(function);
  if (PyErr_Occurred()) Py_CLEAR(self);
  return reinterpret_cast<PyObject*>(self);
}

// The method `x.op_(...)`: a Python function, but the raw op of the primitive `op` itself where nothing is recorded.
PyObject* writing_call(PyObject* o, PyObject* const* args, size_t nargsf, PyObject* names) {
  PrimitiveObject* self = as_primitive(o);
  const Py_ssize_t n = PyVectorcall_NARGS(nargsf);
  const bool raw = !names && n == static_cast<Py_ssize_t>(self->raw->inputs.size() + self->raw->attrs.size());
  if (raw && is_tensor(args[0]) && !recording(args, n)) {
    if (PyErr_Occurred()) return nullptr;
    return guarded([&] { return call_op(*self->raw, args, n, args[0]); });
  }
  return PyObject_Vectorcall(self->function, args, nargsf, names);
}

PyObject* writing_new(PyTypeObject* type, PyObject* args, PyObject*) {
  PyObject *function, *primitive;
  if (!PyArg_ParseTuple(args, "O!O!:Writing", &PyFunction_Type, &function, &PrimitiveType, &primitive)) return nullptr;
  if (!as_primitive(primitive)->raw) {
    PyErr_SetString(PyExc_ValueError, "Writing: the primitive has no raw op");
    return nullptr;
  }
  auto* self = reinterpret_cast<PrimitiveObject*>(type->tp_alloc(type, 0));
  if (!self) return nullptr;
  self->call = writing_call;
  self->function = Py_NewRef(function);
  self->name = PyObject_GetAttrString(function, "__name__");
  self->raw = as_primitive(primitive)->raw;
  return reinterpret_cast<PyObject*>(self);
}

// The method of a binary operator: what the op does not take, the class of the other operand may.
PyObject* operator_call(PyObject* o, PyObject* const* args, size_t nargsf, PyObject* names) {
  PyObject* op = as_primitive(o)->function;
  PyObject* y = PyVectorcall_Function(op)(op, args, nargsf, names);  // without the checks of PyObject_Vectorcall
  if (y || !PyErr_ExceptionMatches(PyExc_TypeError) || PyVectorcall_NARGS(nargsf) != 2 || is_tensor(args[1])) return y;
  PyErr_Clear();
  return Py_NewRef(Py_NotImplemented);
}

PyObject* operator_new(PyTypeObject* type, PyObject* args, PyObject*) {
  PyObject *name, *function;
  if (!PyArg_ParseTuple(args, "UO:Operator", &name, &function)) return nullptr;
  if (!PyVectorcall_Function(function))
    return PyErr_Format(PyExc_TypeError, "Operator: expected a function, got %s", Py_TYPE(function)->tp_name);
  auto* self = reinterpret_cast<PrimitiveObject*>(type->tp_alloc(type, 0));
  if (!self) return nullptr;
  self->call = operator_call;
  self->function = Py_NewRef(function);
  self->name = Py_NewRef(name);
  return reinterpret_cast<PyObject*>(self);
}

PyMethodDef methods[] = {{"__reduce__", primitive_reduce, METH_NOARGS, nullptr}, {}};
PyObject* get_raw(PyObject* o, void*) { return PyBool_FromLong(as_primitive(o)->raw != nullptr); }
constexpr PyGetSetDef kDict = {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, nullptr, nullptr};
PyGetSetDef getset[] = {kDict, {}};
PyGetSetDef primitive_getset[] = {
    kDict, {"raw", get_raw, nullptr, "Whether a call that is not recorded is that of a raw op.", nullptr}, {}};

}  // namespace

namespace {

PyTypeObject function_type(const char* name, const char* doc, newfunc make, PyGetSetDef* attributes = getset) {
  PyTypeObject t{PyVarObject_HEAD_INIT(nullptr, 0)};
  t.tp_name = name;
  t.tp_basicsize = sizeof(PrimitiveObject);
  t.tp_dealloc = primitive_dealloc;
  t.tp_vectorcall_offset = offsetof(PrimitiveObject, call);
  t.tp_call = PyVectorcall_Call;
  t.tp_repr = primitive_repr;
  t.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR;
  t.tp_doc = doc;
  t.tp_traverse = primitive_traverse;
  t.tp_weaklistoffset = offsetof(PrimitiveObject, weakrefs);
  t.tp_methods = methods;
  t.tp_getset = attributes;
  t.tp_descr_get = primitive_get;
  t.tp_dictoffset = offsetof(PrimitiveObject, dict);
  t.tp_new = make;
  return t;
}

PyTypeObject CompositeType =
    function_type("tinytensor._C.Composite",
                  "Composite(function): an op of ops, with NumPy's and PyTorch's argument names.", composite_new);
PyTypeObject WritingType = function_type(
    "tinytensor._C.Writing", "Writing(function, primitive): the raw op where nothing is recorded.", writing_new);
PyTypeObject OperatorType =
    function_type("tinytensor._C.Operator",
                  "Operator(name, op): NotImplemented where the op does not take the other operand.", operator_new);

}  // namespace

PyTypeObject PrimitiveType =
    function_type("tinytensor._C.Primitive", "Primitive(function, name, joint, raw): a differentiable op.",
                  primitive_new, primitive_getset);

void bind_primitive(py::module_& m) {
  if (PyType_Ready(&PrimitiveType) < 0) throw py::error_already_set();
  if (PyType_Ready(&CompositeType) < 0) throw py::error_already_set();
  if (PyType_Ready(&WritingType) < 0) throw py::error_already_set();
  if (PyType_Ready(&OperatorType) < 0) throw py::error_already_set();
  m.attr("Composite") = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(&CompositeType));
  m.attr("Writing") = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(&WritingType));
  m.attr("Operator") = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(&OperatorType));
  m.attr("Primitive") = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(&PrimitiveType));
}

}  // namespace tt::bind
