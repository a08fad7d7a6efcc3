// Which argument is to blame. An op written in Python asks its tensors for their shape, say, without looking what they
// are; where that fails, the call is looked at again. So the check costs nothing while all is well.
#include <algorithm>

#include "tape.h"

namespace tt::bind {
namespace {

// The position of o in x, a list or a tuple; -1 if it is not there.
Py_ssize_t element_index(PyObject* x, PyObject* o) {
  if (!PyTuple_Check(x) && !PyList_Check(x)) return -1;
  for (Py_ssize_t j = 0; j < PySequence_Fast_GET_SIZE(x); ++j)
    if (PySequence_Fast_ITEMS(x)[j] == o) return j;
  return -1;
}

// What kind of object, tensors or dtypes, is asked for this attribute; null for neither.
const char* kind_with(const py::object& attribute) {
  if (!py::isinstance<py::str>(attribute)) return nullptr;
  if (py::hasattr(reinterpret_cast<PyObject*>(registry().tensor), attribute)) return "Tensor";
  return py::hasattr(dtype_object(DType::kBool), attribute) ? "torch.dtype" : nullptr;
}

}  // namespace

void blame_argument(PyObject* op, PyObject* parameters, PyObject* const* args, size_t nargsf, PyObject* names) {
  if (!PyErr_ExceptionMatches(PyExc_AttributeError)) return;
  py::error_already_set error;
  const py::object culprit = py::getattr(error.value(), "obj", py::none());
  const char* due = is_tensor(culprit.ptr()) ? nullptr : kind_with(py::getattr(error.value(), "name", py::none()));
  const Py_ssize_t n = PyVectorcall_NARGS(nargsf), total = due ? n + (names ? PyTuple_GET_SIZE(names) : 0) : 0;
  for (Py_ssize_t at = 0; at < total; ++at) {
    const Py_ssize_t element = element_index(args[at], culprit.ptr());
    if (args[at] != culprit.ptr() && element < 0) continue;
    const Py_ssize_t last = PyTuple_GET_SIZE(parameters) - 1;
    PyObject* name = at < n ? PyTuple_GET_ITEM(parameters, std::min(at, last)) : PyTuple_GET_ITEM(names, at - n);
    const char* type = Py_TYPE(culprit.ptr())->tp_name;
    if (element >= 0)
      PyErr_Format(PyExc_TypeError, "%U(): expected %s as element %zd of argument '%U', but got %s", op, due, element,
                   name, type);
    else
      PyErr_Format(PyExc_TypeError, "%U(): argument '%U' (position %zd) must be %s, not %s", op, name, at + 1, due,
                   type);
    return;
  }
  error.restore();
}

}  // namespace tt::bind
