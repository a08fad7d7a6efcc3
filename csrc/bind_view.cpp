// Views as Python calls them; their rules are in infer/view.cpp. Nothing here copies but reshape, where no view exists.
#include <limits>

#include "bind.h"

namespace tt::bind {

// A view of x through the given window. Its base is the tensor that owns the memory's history.
PyObject* view_of(TensorObject* x, const View& window) {
  TensorObject* y = new_tensor();
  if (!y) return nullptr;
  assign(y->t.view, window);
  y->t.storage = x->t.storage;
  y->t.own_version = x->t.own_version;
  TensorObject* base = x->base ? as_tensor(x->base) : x;
  y->base = Py_NewRef(as_object(base));
  y->seen = base->generation;
  y->inference = x->inference;
  return as_object(y);
}

namespace {

int64_t int_arg(PyObject* o) {
  Ints one;
  if (PyTuple_Check(o) || PyList_Check(o) || !ints_from(o, &one)) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "expected an int");
    throw py::error_already_set();
  }
  return one.v[0];
}

// Ints given as one sequence, also within another, or one by one.
Ints ints_args(PyObject* const* args, Py_ssize_t n) {
  Ints v;
  if (n == 1) {
    PyObject* sizes = args[0];  // (2, 3), or ((2, 3),) as *args gives it
    if (PyTuple_Check(sizes) && PyTuple_GET_SIZE(sizes) == 1) {
      PyObject* first = PyTuple_GET_ITEM(sizes, 0);
      if (PyTuple_Check(first) || PyList_Check(first)) sizes = first;
    }
    if (!ints_from(sizes, &v)) throw py::error_already_set();
    return v;
  }
  if (n > kMaxDims) throw std::runtime_error(std::to_string(n) + " dimensions: " + infer::too_many_dims());
  v.n = n;
  for (Py_ssize_t i = 0; i < n; ++i) v.v[i] = int_arg(args[i]);
  return v;
}

PyObject* view(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  Ints sizes = ints_args(args, n);
  infer::complete(&sizes, x->t.view.numel());
  View y;
  if (!infer::strides_for(x->t.view, sizes, &y))
    throw std::runtime_error(
        "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
        "contiguous subspaces). Use .reshape(...) instead.");
  return view_of(x, y);
}

// A view of these sizes, or a copy where no view exists.
PyObject* of_sizes(TensorObject* x, const Ints& sizes) {
  View y;
  if (infer::strides_for(x->t.view, sizes, &y)) return view_of(x, y);
  Tensor copy = contiguous(x->t);
  infer::strides_for(copy.view, sizes, &y);
  assign(copy.view, y);
  return as_object(bind::wrap(std::move(copy)));
}

PyObject* reshape(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  Ints sizes = ints_args(args, n);
  infer::complete(&sizes, x->t.view.numel());
  return of_sizes(x, sizes);
}

PyObject* flatten(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  if (n != 2) throw TypeError("flatten: expected a first and a last dimension");
  const Ints sizes = infer::flattened(x->t.view, int_arg(args[0]), int_arg(args[1]));
  return sizes.n == x->t.view.ndim ? Py_NewRef(as_object(x)) : of_sizes(x, sizes);
}

PyObject* as_strided(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  if (n < 2 || n > 3) throw TypeError("as_strided: expected size, stride and optionally storage_offset");
  const Ints sizes = ints_args(args, 1), strides = ints_args(args + 1, 1);
  const int64_t offset = n == 3 && args[2] != Py_None ? int_arg(args[2]) : x->t.storage_offset();
  return view_of(x, infer::strided(x->t, sizes, strides, offset));
}

PyObject* permute(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  return view_of(x, infer::permuted(x->t.view, ints_args(args, n)));
}

PyObject* transpose(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  if (n != 2) throw TypeError("transpose: expected two dimensions");
  return view_of(x, infer::transposed(x->t.view, int_arg(args[0]), int_arg(args[1])));
}

PyObject* movedim(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  if (n != 2) throw TypeError("movedim: expected dimensions and places");
  return view_of(x, infer::moved(x->t.view, ints_args(args, 1), ints_args(args + 1, 1)));
}

PyObject* expand(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  return view_of(x, infer::expanded(x->t.view, ints_args(args, n)));
}

PyObject* spread(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  if (n != 2) throw TypeError("spread: expected sizes and dimensions");
  const Ints sizes = ints_args(args, 1), dims = args[1] == Py_None ? Ints{} : ints_args(args + 1, 1);
  return view_of(x, infer::spread_out(x->t.view, sizes, dims));
}

PyObject* select(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  if (n != 2) throw TypeError("select: expected a dimension and an index");
  return view_of(x, infer::selected(x->t.view, int_arg(args[0]), int_arg(args[1])));
}

PyObject* slice(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  if (n != 4) throw TypeError("slice: expected a dimension, start, stop and step");
  constexpr int64_t kEnd = std::numeric_limits<int64_t>::max();
  const int64_t start = args[1] == Py_None ? 0 : int_arg(args[1]), stop = args[2] == Py_None ? kEnd : int_arg(args[2]);
  return view_of(x, infer::sliced(x->t.view, int_arg(args[0]), start, stop, int_arg(args[3])));
}

PyObject* squeeze(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  if (n == 0) return view_of(x, infer::squeezed(x->t.view, nullptr));
  const Ints dims = ints_args(args, n);
  return view_of(x, infer::squeezed(x->t.view, &dims));
}

PyObject* unsqueeze(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  if (n != 1) throw TypeError("unsqueeze: expected a dimension");
  return view_of(x, infer::unsqueezed(x->t.view, int_arg(args[0])));
}

PyObject* diagonal(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  if (n != 3) throw TypeError("diagonal: expected an offset and two dimensions");
  return view_of(x, infer::diagonal_of(x->t.view, int_arg(args[0]), int_arg(args[1]), int_arg(args[2])));
}

PyObject* unfold(TensorObject* x, PyObject* const* args, Py_ssize_t n) {
  if (n != 3) throw TypeError("unfold: expected a dimension, a size and a step");
  return view_of(x, infer::unfolded(x->t.view, int_arg(args[0]), int_arg(args[1]), int_arg(args[2])));
}

struct ViewOp {
  const char* name;
  PyObject* (*make)(TensorObject*, PyObject* const*, Py_ssize_t);
  const char* doc;
};
const ViewOp kViewOps[] = {
    {"view", view, "view(x, *sizes)"},
    {"reshape", reshape, "reshape(x, *sizes): a view, or a copy where no view exists"},
    {"flatten", flatten, "flatten(x, start_dim, end_dim): x itself, a view, or a copy where no view exists"},
    {"as_strided", as_strided, "as_strided(x, sizes, strides, storage_offset)"},
    {"permute", permute, "permute(x, *dims)"},
    {"transpose", transpose, "transpose(x, dim0, dim1)"},
    {"movedim", movedim, "movedim(x, source, destination)"},
    {"expand", expand, "expand(x, *sizes)"},
    {"spread", spread, "spread(x, sizes, dims): expands what a reduction gave"},
    {"select", select, "select(x, dim, index)"},
    {"slice", slice, "slice(x, dim, start, stop, step)"},
    {"squeeze", squeeze, "squeeze(x, *dims)"},
    {"unsqueeze", unsqueeze, "unsqueeze(x, dim)"},
    {"diagonal", diagonal, "diagonal(x, offset, dim1, dim2)"},
    {"unfold", unfold, "unfold(x, dim, size, step)"},
};

PyObject* view_call(PyObject* capsule, PyObject* const* args, Py_ssize_t n) {
  const auto& op = *static_cast<const ViewOp*>(PyCapsule_GetPointer(capsule, nullptr));
  if (n < 1 || !is_tensor(args[0])) {
    PyErr_Format(PyExc_TypeError, "%s(): expected a Tensor, got %s", op.name,
                 n ? Py_TYPE(args[0])->tp_name : "nothing");
    return nullptr;
  }
  if (tape().route) {
    bool taken = false;
    PyObject* result = routed(op.name, args, n, &taken);
    if (taken) return result;
  }
  return guarded([&] { return op.make(as_tensor(args[0]), args + 1, n - 1); });
}

}  // namespace

void bind_views(py::module_& ops) {
  static PyMethodDef definitions[std::size(kViewOps)];
  for (size_t i = 0; i < std::size(kViewOps); ++i) {
    definitions[i] = {kViewOps[i].name, reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(view_call)),
                      METH_FASTCALL, kViewOps[i].doc};
    PyObject* capsule = PyCapsule_New(const_cast<ViewOp*>(&kViewOps[i]), nullptr, nullptr);
    PyObject* function = PyCFunction_NewEx(&definitions[i], capsule, nullptr);
    Py_XDECREF(capsule);
    if (!function) throw py::error_already_set();
    ops.attr(kViewOps[i].name) = py::reinterpret_steal<py::object>(function);
  }
}

}  // namespace tt::bind
