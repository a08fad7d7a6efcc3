// Nodes: one recorded op each.
#include <algorithm>

#include "tape.h"

namespace tt::bind {
namespace {

// The collector does not know vjps of type VjpType: what they hold counts as held by the node, their only owner.
int visit_vjp(PyObject* vjp, visitproc visit, void* arg) {
  if (!vjp || Py_TYPE(vjp) != &VjpType) {
    Py_VISIT(vjp);
  } else if (Py_REFCNT(vjp) == 1) {
    for (PyObject* saved : saved_by(vjp)) Py_VISIT(saved);
  }
  return 0;
}

int node_traverse(PyObject* o, visitproc visit, void* arg) {
  NodeObject* self = as_node(o);
  Py_VISIT(self->hooks);
  Py_VISIT(self->metadata);
  Py_VISIT(self->twin);
  if (const int stop = visit_vjp(self->vjp, visit, arg)) return stop;
  for (Edge& e : self->edges) {
    Py_VISIT(e.target);
    if (const int stop = visit_vjp(e.vjp, visit, arg)) return stop;
  }
  for (Saved& s : self->saved) {
    Py_VISIT(as_object(s.tensor));
    Py_VISIT(s.origin);
  }
  for (Output& y : self->outputs) {
    Py_VISIT(y.pending);
    Py_VISIT(y.retained);
  }
  return 0;
}

void drop_saved(NodeObject* node) {
  for (Saved& s : node->saved) {
    Py_DECREF(as_object(s.tensor));
    Py_XDECREF(s.origin);
  }
  node->saved.clear();
}

void drop_vjps(NodeObject* node) {
  Py_CLEAR(node->vjp);
  for (Edge& e : node->edges) Py_CLEAR(e.vjp);
  drop_saved(node);
}

int node_clear(PyObject* o) {
  NodeObject* self = as_node(o);
  Py_CLEAR(self->vjp);
  Py_CLEAR(self->hooks);
  Py_CLEAR(self->metadata);
  Py_CLEAR(self->twin);
  for (Edge& e : self->edges) {
    Py_CLEAR(e.target);
    Py_CLEAR(e.vjp);
  }
  drop_saved(self);
  for (Output& y : self->outputs) {
    Py_CLEAR(y.pending);
    Py_CLEAR(y.retained);
  }
  return 0;
}

void node_dealloc(PyObject* o) {
  NodeObject* self = as_node(o);
  PyObject_GC_UnTrack(o);
  Py_TRASHCAN_BEGIN(o, node_dealloc) if (self->weakrefs) PyObject_ClearWeakRefs(o);
  node_clear(o);
  Py_CLEAR(self->name);
  self->edges.~Small();
  self->saved.~Small();
  self->outputs.~Small();
  PyObject_GC_Del(o);
  Py_TRASHCAN_END
}

PyObject* get_name(PyObject* o, void*) { return Py_NewRef(as_node(o)->name); }
PyObject* get_number(PyObject* o, void*) { return PyLong_FromLongLong(as_node(o)->number); }

PyObject* get_slots(PyObject* o, void*) { return PyLong_FromLong(as_node(o)->slots); }

PyObject* get_edges(PyObject* o, void*) {
  NodeObject* self = as_node(o);
  PyObject* all = PyTuple_New(self->edges.size());
  for (int i = 0; all && i < self->edges.size(); ++i) {
    const Edge& e = self->edges[i];
    PyTuple_SET_ITEM(all, i, Py_BuildValue("Oii", e.target ? e.target : Py_None, e.output, e.position));
  }
  return all;
}

// A function of one of the package's modules, looked up once.
PyObject* python_function(PyObject*& place, const char* module, const char* name) {
  if (place) return place;
  PyObject* found = PyImport_ImportModule(module);
  if (found) place = PyObject_GetAttrString(found, name);
  Py_XDECREF(found);
  return place;
}

PyObject* get_next(PyObject* o, void*) {
  static PyObject* next_functions = nullptr;
  PyObject* call = python_function(next_functions, "tinytensor.autograd.graph", "next_functions");
  return call ? PyObject_CallOneArg(call, o) : nullptr;
}

PyObject* dict_in(PyObject*& place) {
  if (!place) place = PyDict_New();
  return Py_XNewRef(place);
}
PyObject* get_hooks(PyObject* o, void*) { return dict_in(as_node(o)->hooks); }
PyObject* get_metadata(PyObject* o, void*) { return dict_in(as_node(o)->metadata); }

PyObject* node_saves(PyObject* o, PyObject* x) {
  for (Saved& s : as_node(o)->saved)
    if (as_object(s.tensor) == x) Py_RETURN_TRUE;
  Py_RETURN_FALSE;
}

PyObject* node_retain(PyObject* o, PyObject* x) {
  if (!is_tensor(x) || as_tensor(x)->node != o) {
    PyErr_SetString(PyExc_TypeError, "retain: expected an output of this node");
    return nullptr;
  }
  PyObject* reference = PyWeakref_NewRef(x, nullptr);
  if (!reference) return nullptr;
  Py_XSETREF(as_node(o)->outputs[as_tensor(x)->output].retained, reference);
  as_tensor(x)->retains_grad = true;
  Py_RETURN_NONE;
}

PyObject* node_release(PyObject* o, PyObject*) {
  release(as_node(o));
  Py_RETURN_NONE;
}

PyObject* node_forget(PyObject* o, PyObject* twin) {
  NodeObject* self = as_node(o);
  drop_vjps(self);
  Py_XSETREF(self->twin, Py_NewRef(twin));
  Py_RETURN_NONE;
}

// Whether two nodes are of the same op with inputs and outputs alike.
bool alike(NodeObject* a, NodeObject* b) {
  bool same = PyUnicode_Compare(a->name, b->name) == 0 && a->edges.size() == b->edges.size() &&
              a->outputs.size() == b->outputs.size();
  for (int i = 0; same && i < a->outputs.size(); ++i) {
    const View &x = a->outputs[i].meta, &y = b->outputs[i].meta;
    same = x.dtype == y.dtype && x.ndim == y.ndim && std::equal(x.sizes, x.sizes + x.ndim, y.sizes);
  }
  return same;
}

// As PyTorch calls it: "AddBackward0".
PyObject* node_name(PyObject* o, PyObject*) {
  static PyObject* names = nullptr;
  if (!python_function(names, "tinytensor.printing", "node_name")) return nullptr;
  NodeObject* node = as_node(o);
  return PyObject_CallFunction(names, "Oi", node->name, node->outputs.size() ? node->outputs[0].meta.ndim : 0);
}

PyObject* node_repr(PyObject* o) {
  PyObject* name = node_name(o, nullptr);
  if (!name) return nullptr;
  PyObject* text = PyUnicode_FromFormat("<%U object at %p>", name, o);
  Py_DECREF(name);
  return text;
}

PyGetSetDef getset[] = {
    {"op", get_name, nullptr, "Name of the op.", nullptr},
    {"number", get_number, nullptr, "Order of creation.", nullptr},
    {"edges", get_edges, nullptr, "Where gradients go: (node or leaf, output of it, slot of the input).", nullptr},
    {"slots", get_slots, nullptr, "The number of inputs that a gradient could be of.", nullptr},
    {"next_functions", get_next, nullptr, "Where gradients go, as PyTorch has it: (node, output) pairs.", nullptr},
    {"hooks", get_hooks, nullptr, "dict: id -> (output, function) run before the vjp.", nullptr},
    {"metadata", get_metadata, nullptr, "dict: what anybody wants to keep with the node.", nullptr},
    {}};
PyMethodDef methods[] = {{"name", node_name, METH_NOARGS, "The node's name as PyTorch has it."},
                         {"saves", node_saves, METH_O, "Whether a vjp needs this tensor object."},
                         {"retain", node_retain, METH_O, "Keep the gradient of this output in its .grad."},
                         {"forget", node_forget, METH_O, "Drop what was saved: twin() gives a node that has it again."},
                         {"release", node_release, METH_NOARGS, "Drop what was saved for backward."},
                         {}};

const char* writer(const TensorObject* x) {
  const char* name = x->t.version().last_writer;
  return name ? name : "an in-place operation";
}

bool check_versions(NodeObject* node) {
  for (Saved& s : node->saved) {
    const int64_t now = s.tensor->t.version().count;
    if (now == s.version) continue;
    PyErr_Format(PyExc_RuntimeError,
                 "one of the variables needed for gradient computation has been modified by an inplace operation: "
                 "a %s tensor of shape %s that %s saved at version %lld was written by %s and is at version %lld",
                 dtype_name(s.tensor->t.view.dtype), shape_text(s.tensor->t.view).c_str(), PyUnicode_AsUTF8(node->name),
                 static_cast<long long>(s.version), writer(s.tensor), static_cast<long long>(now));
    return false;
  }
  return true;
}

// The gradient that arrived at an output; zeros where none did; None for outputs that have none.
PyObject* arrived(Output& y) {
  if (y.pending) return std::exchange(y.pending, nullptr);
  return is_floating(y.meta.dtype) ? zeros(y.meta) : Py_NewRef(Py_None);
}

// While a vjp is differentiated, outputs that were saved are lent the node they came from.
struct SavedOutputs {
  SavedOutputs(NodeObject* n, bool on) : node(on ? n : nullptr) {
    if (!node) return;
    for (Saved& s : node->saved) {
      s.attached = s.output >= 0 && !s.tensor->node;
      if (!s.attached) continue;
      s.tensor->node = Py_NewRef(s.origin ? s.origin : reinterpret_cast<PyObject*>(node));
      s.tensor->output = s.output;
      s.tensor->lent = true;
    }
  }
  ~SavedOutputs() {
    if (!node) return;
    for (Saved& s : node->saved) {
      if (!s.attached) continue;
      Py_CLEAR(s.tensor->node);
      s.tensor->lent = s.attached = false;
    }
  }
  NodeObject* node;
};

}  // namespace

PyTypeObject NodeType = [] {
  PyTypeObject t{PyVarObject_HEAD_INIT(nullptr, 0)};
  t.tp_name = "tinytensor._C.Node";
  t.tp_basicsize = sizeof(NodeObject);
  t.tp_dealloc = node_dealloc;
  t.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE;
  t.tp_doc = "One recorded op of the graph.";
  t.tp_repr = node_repr;
  t.tp_traverse = node_traverse;
  t.tp_clear = node_clear;
  t.tp_weaklistoffset = offsetof(NodeObject, weakrefs);
  t.tp_getset = getset;
  t.tp_methods = methods;
  return t;
}();

PyObject* zeros(const View& meta) {
  return guarded([&] {
    Tensor y = empty(meta.sizes, meta.ndim, meta.dtype);
    std::memset(y.view.data, 0, static_cast<size_t>(y.storage->bytes));
    return as_object(wrap(std::move(y)));
  });
}

NodeObject* new_node(PyObject* name) {
  auto* node = PyObject_GC_New(NodeObject, &NodeType);
  if (!node) return nullptr;
  node->number = tape().next_number++;
  node->name = Py_NewRef(name);
  node->vjp = node->hooks = node->metadata = node->twin = node->weakrefs = nullptr;
  node->slots = 0;
  node->queued = node->released = false;
  new (&node->edges) Small<Edge, 2>;
  new (&node->saved) Small<Saved, 2>;
  new (&node->outputs) Small<Output, 1>;
  PyObject_GC_Track(node);
  if (tape().anomaly) {
    PyObject* pulled = tape().pulled ? tape().pulled : Py_None;
    Py_XDECREF(PyObject_CallMethod(tape().anomaly, "made", "OO", node, pulled));
  }
  return node;
}

void add_output(NodeObject* node, const TensorObject* y) {
  Output output;
  output.pending = output.retained = nullptr;
  assign(output.meta, y->t.view);
  output.meta.data = nullptr;
  node->outputs.push(output);
}

void add_edge(NodeObject* node, TensorObject* x, PyObject* vjp, int position) {
  PyObject* target = x->node ? x->node : as_object(x);
  node->edges.push({Py_NewRef(target), vjp, x->node ? x->output : 0, position});
}

void save(NodeObject* node, TensorObject* x, int output) {
  if (x->inference)
    PyErr_SetString(
        PyExc_RuntimeError,
        "Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode "
        "in computation tracked by autograd. To work around this, you can make a clone to get a normal tensor "
        "and use it in autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`.");
  Py_INCREF(as_object(x));
  const bool lent = output < 0 && x->lent;
  node->saved.push({x, x->t.version().count, lent ? x->output : output, lent ? Py_NewRef(x->node) : nullptr, false});
}

void set_history(TensorObject* x, NodeObject* node, int output) {
  if (x->retains_grad && x->node) {  // the gradient that is kept is that of the values which the tensor has
    PyObject* kept = std::exchange(as_node(x->node)->outputs[x->output].retained, nullptr);
    Py_XSETREF(node->outputs[output].retained, kept);
  }
  Py_XSETREF(x->node, Py_NewRef(reinterpret_cast<PyObject*>(node)));
  x->output = output;
  x->requires_grad = false;
}

void release(NodeObject* node) {
  if (node->saved.size() == 0) return;  // nothing to free: backward may run again
  node->released = true;
  drop_vjps(node);
}

bool restore(NodeObject* node) {
  const auto call = py::reinterpret_steal<py::object>(std::exchange(node->twin, nullptr));
  const auto found = py::reinterpret_steal<py::object>(PyObject_CallNoArgs(call.ptr()));
  if (!found) return false;
  if (!is_node(found.ptr()) || !alike(node, as_node(found.ptr()))) {
    PyErr_Format(PyExc_RuntimeError, "%U: computed again, its sizes or inputs are not those of the first time",
                 node->name);
    return false;
  }
  NodeObject* twin = as_node(found.ptr());
  if (twin->twin && !restore(twin)) return false;
  node->vjp = Py_XNewRef(twin->vjp);
  for (int i = 0; i < node->edges.size(); ++i) node->edges[i].vjp = Py_XNewRef(twin->edges[i].vjp);
  for (const Saved& s : twin->saved) {
    Py_INCREF(as_object(s.tensor));
    node->saved.push({s.tensor, s.version, s.output, Py_XNewRef(s.origin), false});
  }
  return true;
}

PyObject* pull(NodeObject* node, bool create_graph, const bool* needed) {
  if (node->released) {
    PyErr_SetString(PyExc_RuntimeError,
                    "Trying to backward through the graph a second time (or directly access saved tensors after they "
                    "have already been freed). Saved intermediate values of the graph are freed when you call "
                    ".backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the "
                    "graph a second time or if you need to access saved tensors after calling backward.");
    return nullptr;
  }
  if (node->twin) {
    const bool route = std::exchange(tape().route, false);
    const bool ok = restore(node);
    tape().route = route;
    if (!ok) return nullptr;
  }
  if (!check_versions(node)) return nullptr;
  const int n_out = node->outputs.size(), n_edges = node->edges.size();
  PyObject* few[4];
  std::vector<PyObject*> many(n_out > 4 ? static_cast<size_t>(n_out) : 0);
  PyObject** grads = n_out > 4 ? many.data() : few;
  for (int i = 0; i < n_out; ++i) grads[i] = arrived(node->outputs[i]);

  PyObject* results = PyTuple_New(n_edges);
  {
    const SavedOutputs attached(node, create_graph);
    const bool route = std::exchange(tape().route, create_graph);
    if (node->vjp) {
      PyObject* all = PyObject_Vectorcall(node->vjp, grads, static_cast<size_t>(n_out), nullptr);
      PyObject* fast = all ? PySequence_Fast(all, "a vjp must return a tuple of gradients") : nullptr;
      for (int i = 0; fast && i < n_edges; ++i) {
        const int position = node->edges[i].position;
        if (position >= PySequence_Fast_GET_SIZE(fast)) {
          PyErr_Format(PyExc_RuntimeError, "%U: the vjp returned %zd gradients; input %d has none", node->name,
                       PySequence_Fast_GET_SIZE(fast), position);
          Py_CLEAR(fast);
          break;
        }
        PyTuple_SET_ITEM(results, i, Py_NewRef(PySequence_Fast_ITEMS(fast)[position]));
      }
      if (!fast) Py_CLEAR(results);
      Py_XDECREF(fast);
      Py_XDECREF(all);
    } else {
      for (int i = 0; results && i < n_edges; ++i) {
        PyObject* vjp = node->edges[i].vjp;
        PyObject* g = needed && !needed[i] ? Py_NewRef(Py_None)
                      : n_out == 1         ? call_vjp(vjp, grads[0], i + 1 == n_edges)
                                           : PyObject_Vectorcall(vjp, grads, static_cast<size_t>(n_out), nullptr);
        if (!g) Py_CLEAR(results);
        if (results) PyTuple_SET_ITEM(results, i, g);
      }
    }
    tape().route = route;
  }
  for (int i = 0; i < n_out; ++i) Py_XDECREF(grads[i]);
  return results;
}

PyObject* named(PyObject* o) {
  static PyObject* const classes = PyDict_New();
  if (Py_TYPE(o) != &NodeType) return Py_NewRef(o);
  const auto name = py::reinterpret_steal<py::object>(node_name(o, nullptr));
  if (!name) return nullptr;
  PyObject* type = PyDict_GetItem(classes, name.ptr());
  if (!type) {
    const auto made = py::reinterpret_steal<py::object>(
        PyObject_CallFunction(reinterpret_cast<PyObject*>(&PyType_Type), "O(O){s(),ss}", name.ptr(), &NodeType,
                              "__slots__", "__module__", "tinytensor.autograd.graph"));
    if (!made || PyDict_SetItem(classes, name.ptr(), made.ptr()) < 0) return nullptr;
    type = made.ptr();  // kept by the dict
  }
  Py_INCREF(type);
  Py_SET_TYPE(o, reinterpret_cast<PyTypeObject*>(type));
  return Py_NewRef(o);
}

void bind_nodes(py::module_& m) {
  if (PyType_Ready(&NodeType) < 0) throw py::error_already_set();
  m.def(
      "named",
      [](py::object o) {
        PyObject* node = is_node(o.ptr()) ? named(o.ptr()) : Py_NewRef(o.ptr());
        if (!node) throw py::error_already_set();
        return py::reinterpret_steal<py::object>(node);
      },
      "The object; a node gets the class that bears its name.");
  m.def("next_node_number", [] { return tape().next_number; }, "The number of the node that is made next.");
  m.attr("Node") = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(&NodeType));
}

}  // namespace tt::bind
