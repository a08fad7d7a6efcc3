// Calls of raw ops: arguments by the op's signature, results as tensor objects. One loop binds every op.
#include <memory>

#include "bind.h"

namespace tt::bind {
namespace {

// Operands of one call; more than a few only where an input is a list.
class Operands {
 public:
  explicit Operands(Py_ssize_t n) : many_(n > kInlineInputs ? new Operand[static_cast<size_t>(n)] : nullptr) {}
  Operand* data() { return many_ ? many_.get() : few_; }

 private:
  Operand few_[kInlineInputs];
  std::unique_ptr<Operand[]> many_;
};

bool operand_from(const OpInfo& op, const InputSpec& spec, PyObject* o, Operand* operand) {
  operand->changed = spec.changed;
  if (is_tensor(o)) {
    operand->tensor = &as_tensor(o)->t;
    return !spec.changed || may_write(as_tensor(o));
  }
  if (spec.many) {
    PyErr_Format(PyExc_TypeError, "%s(): argument '%s' must be tuple of Tensors, but there is %s in it",
                 op.name.c_str(), spec.name.c_str(), Py_TYPE(o)->tp_name);
    return false;
  }
  if (o == Py_None && spec.optional) return true;
  if (!spec.changed && number_from(o, &operand->number)) return true;
  PyErr_Format(PyExc_TypeError, "%s(): argument '%s' must be Tensor%s, not %s", op.name.c_str(), spec.name.c_str(),
               spec.changed ? "" : " or Number", Py_TYPE(o)->tp_name);
  return false;
}

bool attr_from(const OpInfo& op, const AttrSpec& spec, PyObject* o, char* attrs) {
  char* to = attrs + spec.offset;
  switch (spec.kind) {
    case AttrKind::kInt: {
      PyObject* index = PyNumber_Index(o);
      if (!index) break;
      const int64_t v = PyLong_AsLongLong(index);
      Py_DECREF(index);
      if (v == -1 && PyErr_Occurred()) return false;
      std::memcpy(to, &v, 8);
      return true;
    }
    case AttrKind::kFloat: {
      const double v = PyFloat_AsDouble(o);
      if (v == -1.0 && PyErr_Occurred()) break;
      std::memcpy(to, &v, 8);
      return true;
    }
    case AttrKind::kBool: {
      if (!PyBool_Check(o)) {
        PyErr_SetNone(PyExc_TypeError);
        break;
      }
      const int64_t v = o == Py_True;
      std::memcpy(to, &v, 8);
      return true;
    }
    case AttrKind::kDType: {
      DType d;
      if (!dtype_from(o, &d)) return false;
      const auto v = static_cast<int64_t>(d);
      std::memcpy(to, &v, 8);
      return true;
    }
    case AttrKind::kInts:
      if (o == Py_None && spec.optional) {
        reinterpret_cast<Ints*>(to)->n = 0;
        return true;
      }
      if (!ints_from(o, reinterpret_cast<Ints*>(to))) break;
      return true;
  }
  if (PyErr_ExceptionMatches(PyExc_TypeError))
    PyErr_Format(PyExc_TypeError, "%s(): argument '%s' must be %s, not %s", op.name.c_str(), spec.name.c_str(),
                 spec.kind == AttrKind::kInt     ? "int"
                 : spec.kind == AttrKind::kFloat ? "float"
                 : spec.kind == AttrKind::kBool  ? "bool"
                                                 : "tuple of ints",
                 Py_TYPE(o)->tp_name);
  return false;
}

// An op without a derivative, where one may be asked for: results that are no floating point numbers (those of
// comparisons) have none; for others the error that stands remains.
PyObject* flat(const OpInfo& op, PyObject* const* args, Py_ssize_t n) {
  PyObject *type, *value, *trace;
  PyErr_Fetch(&type, &value, &trace);
  PyObject* result = guarded([&] { return call_op(op, args, n, nullptr); });
  if (result && is_tensor(result) && !is_floating(as_tensor(result)->t.view.dtype)) {
    Py_XDECREF(type), Py_XDECREF(value), Py_XDECREF(trace);
    return result;
  }
  Py_XDECREF(result);
  PyErr_Restore(type, value, trace);
  return nullptr;
}

PyObject* op_call(PyObject* capsule, PyObject* const* args, Py_ssize_t n, PyObject* names) {
  const auto& op = *static_cast<const OpInfo*>(PyCapsule_GetPointer(capsule, nullptr));
  PyObject* out = nullptr;
  if (names) {
    if (PyTuple_GET_SIZE(names) != 1 || PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, 0), "out") != 0) {
      PyErr_Format(PyExc_TypeError, "%s(): the only keyword of a raw op is 'out'", op.name.c_str());
      return nullptr;
    }
    out = args[n];
  }
  if (tape().route && !out) {
    bool taken = false;
    PyObject* result = routed(op.name.c_str(), args, n, &taken);
    if (taken) return result || !PyErr_ExceptionMatches(PyExc_NotImplementedError) ? result : flat(op, args, n);
  }
  return guarded([&] { return call_op(op, args, n, out); });
}

}  // namespace

PyObject* routed(const char* name, PyObject* const* args, Py_ssize_t n, bool* taken) {
  const auto recorded = [](PyObject* o) { return is_tensor(o) && requires_grad(as_tensor(o)); };
  bool any = false;
  for (Py_ssize_t i = 0; !any && i < n; ++i) {
    any = recorded(args[i]);
    if (PyTuple_Check(args[i]) || PyList_Check(args[i]))
      for (Py_ssize_t j = 0; !any && j < PySequence_Fast_GET_SIZE(args[i]); ++j)
        any = recorded(PySequence_Fast_ITEMS(args[i])[j]);
  }
  *taken = any;
  if (!any) return nullptr;
  PyObject* primitive = PyDict_GetItemString(registry().primitives, name);
  if (!primitive) {
    PyErr_Format(PyExc_NotImplementedError, "%s has no derivative of its own: it cannot be differentiated twice", name);
    return nullptr;
  }
  return PyObject_Vectorcall(primitive, args, static_cast<size_t>(n), nullptr);
}

namespace {

// Writes to the tensors of `out=`, which are also the result.
PyObject* call_into(const OpInfo& op, const Operand* operands, int n, const void* attrs, PyObject* out) {
  const auto n_out = static_cast<int>(op.outputs.size());
  Tensor outs[kMaxOutputs];
  for (int o = 0; o < n_out; ++o) {
    PyObject* given = n_out == 1 ? out : nullptr;
    if (n_out > 1 && PyTuple_Check(out) && PyTuple_GET_SIZE(out) == n_out) given = PyTuple_GET_ITEM(out, o);
    if (!given || !is_tensor(given)) {
      PyErr_Format(PyExc_TypeError, "%s(): out must be %d Tensor%s", op.name.c_str(), n_out, n_out == 1 ? "" : "s");
      return nullptr;
    }
    if (!may_write(as_tensor(given))) return nullptr;
    outs[o] = as_tensor(given)->t;
  }
  apply(op, operands, n, attrs, outs);
  for (int o = 0; o < n_out; ++o) {
    Version& version = outs[o].version();
    version.count += 1;
    version.last_writer = op.name.c_str();
  }
  return Py_NewRef(out);
}

}  // namespace

PyObject* call_op(const OpInfo& op, PyObject* const* args, Py_ssize_t n, PyObject* out, bool spare_first) {
  const auto n_inputs = static_cast<Py_ssize_t>(op.inputs.size());
  if (n != n_inputs + static_cast<Py_ssize_t>(op.attrs.size())) {
    PyErr_Format(PyExc_TypeError, "%s takes %zd arguments, got %zd: %s", op.name.c_str(),
                 n_inputs + static_cast<Py_ssize_t>(op.attrs.size()), n, op.op.signature);
    return nullptr;
  }
  Py_ssize_t total = 0;
  for (Py_ssize_t i = 0; i < n_inputs; ++i) {
    if (!op.inputs[static_cast<size_t>(i)].many) {
      ++total;
    } else if (PyTuple_Check(args[i]) || PyList_Check(args[i])) {
      total += PySequence_Fast_GET_SIZE(args[i]);
    } else {
      PyErr_Format(PyExc_TypeError, "%s(): argument '%s' must be tuple of Tensors, not %s", op.name.c_str(),
                   op.inputs[static_cast<size_t>(i)].name.c_str(), Py_TYPE(args[i])->tp_name);
      return nullptr;
    }
  }
  Operands operands(total);
  Operand* next = operands.data();
  for (Py_ssize_t i = 0; i < n_inputs; ++i) {
    const InputSpec& spec = op.inputs[static_cast<size_t>(i)];
    if (!spec.many) {
      if (!operand_from(op, spec, args[i], next++)) return nullptr;
      continue;
    }
    const Py_ssize_t count = PySequence_Fast_GET_SIZE(args[i]);
    for (Py_ssize_t j = 0; j < count; ++j)
      if (!operand_from(op, spec, PySequence_Fast_ITEMS(args[i])[j], next++)) return nullptr;
  }
  operands.data()->spare = spare_first;
  alignas(8) char attrs[6 * sizeof(Ints)];
  for (size_t i = 0; i < op.attrs.size(); ++i)
    if (!attr_from(op, op.attrs[i], args[n_inputs + static_cast<Py_ssize_t>(i)], attrs)) return nullptr;

  const auto n_out = static_cast<int>(op.outputs.size());
  if (out) return call_into(op, operands.data(), static_cast<int>(total), attrs, out);
  if (n_out == 1) {
    TensorObject* y = new_tensor();
    if (!y) return nullptr;
    try {
      apply(op, operands.data(), static_cast<int>(total), attrs, &y->t);
    } catch (...) {
      Py_DECREF(as_object(y));
      throw;
    }
    return as_object(y);
  }
  Tensor outs[kMaxOutputs];
  apply(op, operands.data(), static_cast<int>(total), attrs, outs);
  if (n_out == 0) Py_RETURN_NONE;
  PyObject* results = PyTuple_New(n_out);
  for (int o = 0; results && o < n_out; ++o) {
    PyObject* y = outs[o].storage ? as_object(wrap(std::move(outs[o]))) : Py_NewRef(Py_None);
    if (!y) Py_CLEAR(results);
    if (results) PyTuple_SET_ITEM(results, o, y);
  }
  return results;
}

const OpInfo* raw_op(PyObject* function) {
  if (!PyCFunction_CheckExact(function)) return nullptr;
  const auto* called = reinterpret_cast<void*>(PyCFunction_GET_FUNCTION(function));
  if (called != reinterpret_cast<void*>(op_call)) return nullptr;
  return static_cast<const OpInfo*>(PyCapsule_GetPointer(PyCFunction_GET_SELF(function), nullptr));
}

void bind_ops(py::module_& ops) {
  static std::vector<PyMethodDef> definitions;
  definitions.reserve(all_ops().size());
  for (const OpInfo& op : all_ops()) {
    definitions.push_back({op.name.c_str(), reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(op_call)),
                           METH_FASTCALL | METH_KEYWORDS, op.op.signature});
    PyObject* capsule = PyCapsule_New(const_cast<OpInfo*>(&op), nullptr, nullptr);
    PyObject* name = PyUnicode_FromString("tinytensor._C.ops");
    PyObject* function = PyCFunction_NewEx(&definitions.back(), capsule, name);
    Py_XDECREF(capsule);
    Py_XDECREF(name);
    if (!function) throw py::error_already_set();
    ops.attr(op.name.c_str()) = py::reinterpret_steal<py::object>(function);
  }
}

}  // namespace tt::bind
