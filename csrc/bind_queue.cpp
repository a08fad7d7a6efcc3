// The queue of one backward pass: which node is next, and where gradients are collected.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "tape.h"

namespace tt::bind {
namespace {

// A tensor whose gradient the caller asked for (autograd.grad, backward(inputs=...)).
struct Capture {
  PyObject* target;  // node or leaf; owned
  int32_t output;
  PyObject* result;  // owned; null until it arrives
  bool reached;      // by an edge on a way from the roots: where nothing arrives the gradient is zero
};

struct QueueState {
  std::vector<NodeObject*> nodes;     // a heap by number; owned
  std::vector<TensorObject*> leaves;  // with pending gradients; owned
  std::vector<Capture> captures;
  std::unordered_set<NodeObject*> needed;              // nodes on a way to a capture
  std::unordered_map<TensorObject*, int64_t> awaited;  // of leaves with hooks: gradients that are still on their way
  bool restricted = false;
  bool create_graph = false;
};

struct QueueObject {
  PyObject_HEAD QueueState* state;
};

QueueState& state_of(PyObject* o) { return *reinterpret_cast<QueueObject*>(o)->state; }

bool older(const NodeObject* a, const NodeObject* b) { return a->number < b->number; }

// Calls a raw op; as its primitive where the graph of the backward pass is wanted.
PyObject* call(const OpInfo& op, std::initializer_list<PyObject*> args) {
  const auto n = static_cast<Py_ssize_t>(args.size());
  bool taken = false;
  PyObject* recorded = tape().route ? routed(op.name.c_str(), args.begin(), n, &taken) : nullptr;
  return taken ? recorded : guarded([&] { return call_op(op, args.begin(), n, nullptr); });
}

PyObject* add(PyObject* a, PyObject* b) {
  static const OpInfo& op = find_op("add");
  return call(op, {a, b});
}

bool same_sizes(const View& a, const View& b) {
  if (a.ndim != b.ndim) return false;
  for (int d = 0; d < a.ndim; ++d)
    if (a.sizes[d] != b.sizes[d]) return false;
  return true;
}

// g with the sizes and dtype of the tensor it belongs to: broadcasting and promotion undone. Steals g.
PyObject* fit(PyObject* g, const View& to) {
  static const OpInfo &sum_to = find_op("sum_to"), &cast = find_op("cast");
  if (!same_sizes(as_tensor(g)->t.view, to)) {
    PyObject* sizes = size_object(to.sizes, to.ndim);
    PyObject* summed = sizes ? call(sum_to, {g, sizes}) : nullptr;
    Py_XDECREF(sizes);
    Py_SETREF(g, summed);
    if (!g) return nullptr;
  }
  if (as_tensor(g)->t.view.dtype != to.dtype) Py_SETREF(g, call(cast, {g, dtype_object(to.dtype)}));
  return g;
}

// a += b, not recorded.
bool add_into(PyObject* a, PyObject* b) {
  static const OpInfo& op = find_op("add");
  PyObject* const args[2] = {a, b};
  PyObject* sum = guarded([&] { return call_op(op, args, 2, a); });
  Py_XDECREF(sum);
  return sum != nullptr;
}

// Adds g (stolen) to what is pending.
bool collect(PyObject** pending, PyObject* g) {
  if (!g) return false;
  if (!*pending) {
    *pending = g;
    return true;
  }
  if (!tape().route && exclusive(*pending)) {
    const bool ok = add_into(*pending, g);
    Py_DECREF(g);
    return ok;
  }
  PyObject* sum = add(*pending, g);
  Py_DECREF(g);
  if (!sum) return false;
  Py_SETREF(*pending, sum);
  return true;
}

bool deliver(QueueState& q, PyObject* target, int output, PyObject* g) {
  if (is_node(target)) {
    NodeObject* node = as_node(target);
    if (q.restricted && !q.needed.count(node)) return true;
    Output& y = node->outputs[output];
    if (!collect(&y.pending, fit(Py_NewRef(g), y.meta))) return false;
    if (!node->queued) {
      node->queued = true;
      Py_INCREF(target);
      q.nodes.push_back(node);
      std::push_heap(q.nodes.begin(), q.nodes.end(), older);
    }
    return true;
  }
  TensorObject* leaf = as_tensor(target);
  if (!leaf->pending) {
    Py_INCREF(target);
    q.leaves.push_back(leaf);
  }
  return collect(&leaf->pending, fit(Py_NewRef(g), leaf->t.view));
}

// Runs the hooks of one kind: those of an output of a node; of a leaf, 0 before its gradient is added to .grad.
bool run_hooks(PyObject* hooks, PyObject** g, int kind) {
  PyObject* list = PyDict_Values(hooks);
  for (Py_ssize_t i = 0; list && i < PyList_GET_SIZE(list); ++i) {
    PyObject* entry = PyList_GET_ITEM(list, i);  // (kind, function)
    if (PyLong_AsLong(PyTuple_GET_ITEM(entry, 0)) != kind) continue;
    PyObject* changed = PyObject_CallOneArg(PyTuple_GET_ITEM(entry, 1), *g);
    if (!changed) {
      Py_DECREF(list);
      return false;
    }
    if (changed == Py_None) {
      Py_DECREF(changed);
    } else {
      Py_SETREF(*g, changed);
    }
  }
  Py_XDECREF(list);
  return list != nullptr;
}

void capture(QueueState& q, PyObject* target, int output, PyObject* g) {
  for (Capture& c : q.captures)
    if (c.target == target && c.output == output) Py_XSETREF(c.result, Py_NewRef(g));
}

// ---- methods ----

PyObject* queue_new(PyTypeObject* type, PyObject* args, PyObject*) {
  int create_graph;
  if (!PyArg_ParseTuple(args, "p:Queue", &create_graph)) return nullptr;
  auto* self = reinterpret_cast<QueueObject*>(type->tp_alloc(type, 0));
  if (!self) return nullptr;
  self->state = new QueueState;
  self->state->create_graph = create_graph;
  return reinterpret_cast<PyObject*>(self);
}

// Also after an error on the way: nothing may stay pending.
void queue_dealloc(PyObject* o) {
  QueueState& q = state_of(o);
  for (NodeObject* node : q.nodes) {
    node->queued = false;
    for (Output& y : node->outputs) Py_CLEAR(y.pending);
    Py_DECREF(reinterpret_cast<PyObject*>(node));
  }
  for (TensorObject* leaf : q.leaves) {
    Py_CLEAR(leaf->pending);
    Py_DECREF(as_object(leaf));
  }
  for (Capture& c : q.captures) {
    Py_XDECREF(c.target);
    Py_XDECREF(c.result);
  }
  delete &q;
  Py_TYPE(o)->tp_free(o);
}

PyObject* queue_add(PyObject* o, PyObject* args) {
  PyObject *x, *g;
  if (!PyArg_ParseTuple(args, "OO:add", &x, &g)) return nullptr;
  TensorObject* t = as_tensor(x);
  if (!refresh(t) || !deliver(state_of(o), t->node ? t->node : x, t->node ? t->output : 0, g)) return nullptr;
  Py_RETURN_NONE;
}

PyObject* queue_capture(PyObject* o, PyObject* x) {
  TensorObject* t = as_tensor(x);
  if (!refresh(t)) return nullptr;
  state_of(o).captures.push_back({Py_NewRef(t->node ? t->node : x), t->node ? t->output : 0, nullptr, false});
  Py_RETURN_NONE;
}

// Whether a gradient that goes to this output of this node or leaf reaches a captured tensor there.
bool reach(QueueState& q, PyObject* target, int32_t output) {
  bool wanted = false;
  for (Capture& c : q.captures) {
    if (c.target != target) continue;
    wanted = true;
    c.reached = c.reached || c.output == output;
  }
  return wanted;
}

// Only gradients on a way from the roots to a captured tensor are computed.
PyObject* queue_restrict(PyObject* o, PyObject* roots) {
  QueueState& q = state_of(o);
  std::vector<NodeObject*> found, stack;
  std::unordered_set<NodeObject*> seen;
  PyObject* fast = PySequence_Fast(roots, "restrict: expected a sequence of tensors");
  if (!fast) return nullptr;
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fast); ++i) {
    TensorObject* t = as_tensor(PySequence_Fast_ITEMS(fast)[i]);
    if (t->node && seen.insert(as_node(t->node)).second) stack.push_back(as_node(t->node));
  }
  Py_DECREF(fast);
  while (!stack.empty()) {
    NodeObject* node = stack.back();
    stack.pop_back();
    found.push_back(node);
    for (Edge& e : node->edges)
      if (is_node(e.target) && seen.insert(as_node(e.target)).second) stack.push_back(as_node(e.target));
  }
  std::sort(found.begin(), found.end(), older);
  for (NodeObject* node : found) {
    bool wanted = std::any_of(q.captures.begin(), q.captures.end(),
                              [&](const Capture& c) { return c.target == reinterpret_cast<PyObject*>(node); });
    for (Edge& e : node->edges)
      wanted |= reach(q, e.target, e.output) || (is_node(e.target) && q.needed.count(as_node(e.target)));
    if (wanted) q.needed.insert(node);
  }
  q.restricted = true;
  Py_RETURN_NONE;
}

PyObject* result(const Capture& c) {
  const bool due = c.reached && (is_node(c.target) || as_tensor(c.target)->requires_grad);
  if (c.result || !due) return Py_NewRef(c.result ? c.result : Py_None);
  const View& meta = is_node(c.target) ? as_node(c.target)->outputs[c.output].meta : as_tensor(c.target)->t.view;
  return zeros(meta);
}

PyObject* queue_results(PyObject* o, PyObject*) {
  QueueState& q = state_of(o);
  PyObject* list = PyList_New(static_cast<Py_ssize_t>(q.captures.size()));
  for (size_t i = 0; list && i < q.captures.size(); ++i) {
    PyObject* g = result(q.captures[i]);
    if (!g) Py_CLEAR(list);
    if (list) PyList_SET_ITEM(list, static_cast<Py_ssize_t>(i), g);
  }
  return list;
}

// The gradient of a tensor that keeps it, added to that of earlier passes.
bool retain(const QueueState& q, const Output& y) {
  PyObject* x = PyWeakref_GetObject(y.retained);
  if (x == Py_None) return true;
  PyObject*& kept = as_tensor(x)->grad;
  const bool route = std::exchange(tape().route, q.create_graph);
  PyObject* sum = kept ? add(kept, y.pending) : Py_NewRef(y.pending);
  tape().route = route;
  if (sum) Py_XSETREF(kept, sum);
  return sum;
}

// The node created last of those with a gradient, after its hooks; a new reference, null if one of them raised.
NodeObject* next(QueueState& q) {
  std::pop_heap(q.nodes.begin(), q.nodes.end(), older);
  NodeObject* node = q.nodes.back();
  q.nodes.pop_back();
  node->queued = false;
  for (int i = 0; i < node->outputs.size(); ++i) {
    Output& y = node->outputs[i];
    if (!y.pending) continue;
    bool ok = !node->hooks || PyDict_GET_SIZE(node->hooks) == 0 || run_hooks(node->hooks, &y.pending, i);
    if (ok && y.retained) ok = retain(q, y);
    if (!ok) {
      for (Output& z : node->outputs) Py_CLEAR(z.pending);
      Py_DECREF(reinterpret_cast<PyObject*>(node));
      return nullptr;
    }
    if (!q.captures.empty()) capture(q, reinterpret_cast<PyObject*>(node), i, y.pending);
  }
  return node;
}

bool accumulate(QueueState& q, TensorObject* leaf, PyObject* g) {
  if (!leaf->grad) {
    if (!exclusive(g)) {
      static const OpInfo& contiguous = find_op("contiguous");
      PyObject* copy = call(contiguous, {g});
      if (!copy) return false;
      leaf->grad = copy;
    } else {
      leaf->grad = Py_NewRef(g);
    }
    return true;
  }
  if (q.create_graph) {
    PyObject* sum = add(leaf->grad, g);
    if (!sum) return false;
    Py_SETREF(leaf->grad, sum);
    return true;
  }
  return add_into(leaf->grad, g);
}

// A leaf gets what was collected for it, between its hooks. Where tensors were captured, only hooks are run.
bool finish(QueueState& q, TensorObject* leaf) {
  PyObject* g = std::exchange(leaf->pending, nullptr);
  if (!g) return true;
  if (!leaf->requires_grad) {  // not any more, or a view that counts as its base does
    Py_DECREF(g);
    return true;
  }
  bool ok = !leaf->hooks || run_hooks(leaf->hooks, &g, 0);
  if (ok) capture(q, as_object(leaf), 0, g);
  if (ok && !q.restricted) {
    const bool route = std::exchange(tape().route, q.create_graph);
    ok = accumulate(q, leaf, g);
    tape().route = route;
    PyObject* self = Py_NewRef(as_object(leaf));
    if (ok && leaf->hooks) ok = run_hooks(leaf->hooks, &self, 1);
    Py_DECREF(self);
  }
  Py_DECREF(g);
  return ok;
}

// Counts the gradients that are on their way to leaves with hooks, which are run as soon as the last has arrived.
void await_leaves(QueueState& q) {
  std::vector<NodeObject*> stack = q.nodes;
  std::unordered_set<NodeObject*> seen(stack.begin(), stack.end());
  while (!stack.empty()) {
    NodeObject* node = stack.back();
    stack.pop_back();
    for (const Edge& e : node->edges) {
      if (!is_node(e.target)) {
        if (as_tensor(e.target)->hooks) ++q.awaited[as_tensor(e.target)];
      } else if (seen.insert(as_node(e.target)).second) {
        stack.push_back(as_node(e.target));
      }
    }
  }
}

// What the node had for leaves with hooks has arrived.
bool finish_awaited(QueueState& q, NodeObject* node) {
  for (const Edge& e : node->edges) {
    if (is_node(e.target)) continue;
    const auto leaf = q.awaited.find(as_tensor(e.target));
    if (leaf != q.awaited.end() && --leaf->second == 0 && !finish(q, leaf->first)) return false;
  }
  return true;
}

// What a node gave, after detect_anomaly has seen it: grads (stolen), or null with an exception set, as it may be
// before.
PyObject* examined(NodeObject* node, PyObject* grads) {
  PyObject *type, *value, *trace;
  PyErr_Fetch(&type, &value, &trace);
  PyObject* done = PyObject_CallMethod(tape().anomaly, "examine", "OO", node, grads ? grads : Py_None);
  if (!done) Py_CLEAR(grads);
  if (type && done) PyErr_Restore(type, value, trace);
  if (type && !done) Py_DECREF(type), Py_XDECREF(value), Py_XDECREF(trace);
  Py_XDECREF(done);
  return grads;
}

// The same as pull, watched by detect_anomaly.
PyObject* pull_watched(NodeObject* node, bool create_graph, const bool* needed) {
  PyObject* before = std::exchange(tape().pulled, reinterpret_cast<PyObject*>(node));
  PyObject* grads = pull(node, create_graph, needed);
  tape().pulled = before;
  return tape().anomaly ? examined(node, grads) : grads;
}

// Runs the vjps of a node and hands the gradients on to where its inputs came from.
bool step(QueueState& q, NodeObject* node) {
  bool few[8];
  bool* needed = nullptr;
  std::unique_ptr<bool[]> many;
  if (q.restricted) {
    const int n = node->edges.size();
    if (n > 8) many.reset(new bool[static_cast<size_t>(n)]);
    needed = many ? many.get() : few;
    bool any = false;
    for (int i = 0; i < n; ++i) {
      PyObject* target = node->edges[i].target;
      needed[i] = is_node(target) ? q.needed.count(as_node(target)) > 0
                                  : std::any_of(q.captures.begin(), q.captures.end(),
                                                [&](const Capture& c) { return c.target == target; });
      any = any || needed[i];
    }
    if (!any) {
      for (Output& y : node->outputs) Py_CLEAR(y.pending);
      return true;
    }
  }
  PyObject* grads = (tape().anomaly ? pull_watched : pull)(node, q.create_graph, needed);
  if (!grads) {
    for (Output& y : node->outputs) Py_CLEAR(y.pending);
    return false;
  }
  bool ok = true;
  for (int i = 0; ok && i < node->edges.size(); ++i) {
    PyObject* g = PyTuple_GET_ITEM(grads, i);
    if (g == Py_None || (needed && !needed[i])) continue;
    if (!is_tensor(g)) {
      PyErr_Format(PyExc_TypeError, "%U: a vjp returned %s instead of a Tensor", node->name, Py_TYPE(g)->tp_name);
      ok = false;
      break;
    }
    const bool route = std::exchange(tape().route, q.create_graph);
    // Hand over our only reference, so that a leaf may keep the memory instead of a copy.
    PyTuple_SET_ITEM(grads, i, Py_NewRef(Py_None));
    ok = deliver(q, node->edges[i].target, node->edges[i].output, g);
    Py_DECREF(g);
    tape().route = route;
  }
  Py_DECREF(grads);
  return ok && (q.awaited.empty() || finish_awaited(q, node));
}

// All of a node's gradient has arrived when its turn comes: inputs are older than results.
PyObject* queue_run(PyObject* o, PyObject* retain_graph) {
  QueueState& q = state_of(o);
  const int retained = PyObject_IsTrue(retain_graph);
  if (retained < 0) return nullptr;
  if (tape().leaf_hooks && !q.restricted) await_leaves(q);
  while (!q.nodes.empty()) {
    NodeObject* node = next(q);
    const bool ok = node && step(q, node);
    if (ok && !retained) release(node);
    Py_XDECREF(reinterpret_cast<PyObject*>(node));
    if (!ok || PyErr_CheckSignals() < 0) return nullptr;
  }
  Py_RETURN_NONE;
}

// After the last node: what leaves still have to get.
PyObject* queue_finish(PyObject* o, PyObject*) {
  QueueState& q = state_of(o);
  while (!q.leaves.empty()) {
    TensorObject* leaf = q.leaves.back();
    q.leaves.pop_back();
    const bool ok = finish(q, leaf);
    Py_DECREF(as_object(leaf));
    if (!ok) return nullptr;
  }
  Py_RETURN_NONE;
}

PyMethodDef methods[] = {
    {"add", queue_add, METH_VARARGS, "add(tensor, gradient): a root of the backward pass."},
    {"capture", queue_capture, METH_O, "capture(tensor): its gradient is wanted as a result."},
    {"restrict", queue_restrict, METH_O, "restrict(roots): compute nothing that no captured tensor needs."},
    {"results", queue_results, METH_NOARGS, "Gradients of the captured tensors, None where no way leads there."},
    {"run", queue_run, METH_O, "run(retain_graph): the vjps of all nodes that gradients reach, latest first."},
    {"finish", queue_finish, METH_NOARGS, "finish(): .grad of leaves += what was collected, between their hooks."},
    {}};

}  // namespace

PyTypeObject QueueType = [] {
  PyTypeObject t{PyVarObject_HEAD_INIT(nullptr, 0)};
  t.tp_name = "tinytensor._C.Queue";
  t.tp_basicsize = sizeof(QueueObject);
  t.tp_dealloc = queue_dealloc;
  t.tp_flags = Py_TPFLAGS_DEFAULT;
  t.tp_doc = "Queue(create_graph): one backward pass.";
  t.tp_methods = methods;
  t.tp_new = queue_new;
  return t;
}();

void bind_queue(py::module_& m) {
  if (PyType_Ready(&QueueType) < 0) throw py::error_already_set();
  m.attr("Queue") = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(&QueueType));
}

}  // namespace tt::bind
