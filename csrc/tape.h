// The graph behind autograd: nodes, edges, and what a node keeps for its backward. Python sees them as grad_fn.
#pragma once
#include <span>
#include <vector>

#include "bind.h"

namespace tt::bind {

// A few elements in place, more on the heap: nearly every node has one or two inputs and saved tensors.
template <class T, int kFew>
class Small {
 public:
  T* begin() { return many_.empty() ? few_ : many_.data(); }
  T* end() { return begin() + size_; }
  T& operator[](int i) { return begin()[i]; }
  int size() const { return size_; }
  void push(const T& x) {
    if (size_ < kFew) {
      few_[size_] = x;
    } else {
      if (many_.empty()) many_.assign(few_, few_ + size_);
      many_.push_back(x);
    }
    ++size_;
  }
  void clear() { size_ = 0, many_.clear(); }

 private:
  T few_[kFew];
  int size_ = 0;
  std::vector<T> many_;
};

// Where a gradient goes: to output `output` of a node, or to a leaf tensor. References are owned.
struct Edge {
  PyObject* target;
  PyObject* vjp;  // gradient of this input; null where the node has one vjp for all
  int32_t output;
  int32_t position;  // among the inputs that a gradient could be of
};

// A tensor that a vjp needs, as it was when it was saved. An output of the node itself does not know its node, which it
// would keep alive: while the vjp is differentiated it is lent its history. What then saves it keeps that, too.
struct Saved {
  TensorObject* tensor;
  int64_t version;
  int32_t output;    // which output of `origin`; -1 for tensors that know their history
  PyObject* origin;  // owned; null for the node itself
  bool attached;     // by this node, now
};

struct Output {
  View meta;           // sizes and dtype
  PyObject* pending;   // gradient collected so far while backward runs
  PyObject* retained;  // weak reference to the tensor whose .grad is kept (retain_grad)
};

struct NodeObject {
  PyObject_HEAD int64_t number;  // order of creation; edges lead to smaller numbers
  PyObject* name;                // of the op
  PyObject* vjp;                 // one for all inputs, or null
  PyObject* hooks;               // dict: id -> (output, function), or null
  PyObject* metadata;            // dict, or null
  PyObject* twin;                // gives the node that has what this one dropped, or null
  PyObject* weakrefs;
  Small<Edge, 2> edges;
  Small<Saved, 2> saved;
  Small<Output, 1> outputs;
  int32_t slots;  // inputs that a gradient could be of, whether or not there is an edge for them
  bool queued;
  bool released;
};

extern PyTypeObject NodeType, PrimitiveType, QueueType, VjpType;

// Nodes that Python has seen are of classes named like PyTorch's.
inline bool is_node(PyObject* o) { return Py_TYPE(o) == &NodeType || Py_TYPE(o)->tp_base == &NodeType; }
inline NodeObject* as_node(PyObject* o) { return reinterpret_cast<NodeObject*>(o); }

// Where anomalies are detected an exception may be set: the caller looks when it has put the node together.
NodeObject* new_node(PyObject* name);
PyObject* zeros(const View& meta);  // a gradient of these sizes and this dtype
void add_output(NodeObject* node, const TensorObject* y);
// Adds the edge to where x came from (x requires grad); vjp is owned by the edge from now on.
void add_edge(NodeObject* node, TensorObject* x, PyObject* vjp, int position);
// Keeps x, output number `output` of the node or (-1) none of them, for the node's vjps; sets RuntimeError for a tensor
// made in inference mode.
void save(NodeObject* node, TensorObject* x, int output);
// x is output number `output` of the node from now on.
void set_history(TensorObject* x, NodeObject* node, int output);
// The gradients of the node's inputs, one for each edge, from its pending ones. `needed` may rule edges out.
PyObject* pull(NodeObject* node, bool create_graph, const bool* needed);
void release(NodeObject* node);
// The node, of the class that bears its name (`type(y.grad_fn).__name__`); null with an exception set.
PyObject* named(PyObject* node);
// Takes what the node dropped from its twin; false with an exception set.
bool restore(NodeObject* node);
// Whether nobody else sees the memory of g: then it may be kept or written over.
bool exclusive(PyObject* g);
// A vjp of one gradient; `last`: g is not needed after it.
PyObject* call_vjp(PyObject* vjp, PyObject* g, bool last);
// What a vjp of type VjpType passes on besides gradients.
std::span<PyObject* const> saved_by(PyObject* vjp);
// Whether a write to the first argument is to be recorded: recording is on, and it or another argument requires grad.
// Sets an exception where that cannot be told.
bool recording(PyObject* const* args, Py_ssize_t n);

// Of an AttributeError that an op raised, because an argument is no tensor, makes the TypeError it should be.
void blame_argument(PyObject* op, PyObject* parameters, PyObject* const* args, size_t nargsf, PyObject* names);

// Pieces of the module.
void bind_nodes(py::module_& m);
void bind_primitive(py::module_& m);
void bind_queue(py::module_& m);
void bind_vjp(py::module_& m);

}  // namespace tt::bind
