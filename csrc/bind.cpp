// The module tinytensor._C.
#include "bind.h"

#include <omp.h>

namespace tt::bind {

Tape& tape() {
  static thread_local Tape t;
  return t;
}

Registry& registry() {
  static Registry r;
  return r;
}

void set_error() {
  try {
    throw;
  } catch (py::error_already_set& e) {
    e.restore();
  } catch (const IndexError& e) {
    PyErr_SetString(PyExc_IndexError, e.what());
  } catch (const TypeError& e) {
    PyErr_SetString(PyExc_TypeError, e.what());
  } catch (const ValueError& e) {
    PyErr_SetString(PyExc_ValueError, e.what());
  } catch (const NotImplementedError& e) {
    PyErr_SetString(PyExc_NotImplementedError, e.what());
  } catch (const std::bad_alloc&) {
    PyErr_SetString(PyExc_MemoryError, "not enough memory for the tensor");
  } catch (const std::exception& e) {
    PyErr_SetString(PyExc_RuntimeError, e.what());
  }
}

namespace {

void* release_gil() { return PyEval_SaveThread(); }
void acquire_gil(void* state) { PyEval_RestoreThread(static_cast<PyThreadState*>(state)); }

py::dict config() {
  py::dict d;
  d["isa"] = isa_name();
  d["available_isas"] = [] {
    py::list names;
    for (const std::string& n : available_isas()) names.append(n);
    return names;
  }();
  d["threads"] = num_threads();
  d["compiler"] = TT_COMPILER;
  d["openmp"] = _OPENMP;
  d["ops"] = all_ops().size();
  return d;
}

}  // namespace
}  // namespace tt::bind

PYBIND11_MODULE(_C, m) {
  using namespace tt::bind;
  m.doc() = "The C++ core of tinytensor: tensor objects, raw ops, the tape.";
  // What the functions that pybind11 binds throw.
  py::register_local_exception_translator([](std::exception_ptr thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const py::builtin_exception&) {
      throw;  // pybind11 knows its own
    } catch (...) {
      set_error();
    }
  });
  tt::unlock() = {release_gil, acquire_gil};
  auto ops = m.def_submodule("ops", "Every op of the op tables, without autograd: positional arguments, no defaults.");
  bind_dtypes(m);
  bind_tensor(m);
  bind_ops(ops);
  bind_views(ops);
  bind_subscripts(m, ops);
  bind_arrays(m);
  bind_tape(m);

  m.def("config", &config);
  m.def("get_num_threads", &tt::num_threads, R"(How many threads an op may use.

Examples:
    >>> tt.get_num_threads() >= 1
    True)");
  m.def(
      "set_num_threads",
      [](int n) {
        if (n < 1) throw py::value_error("set_num_threads: expected a positive number of threads");
        tt::set_num_threads(n);
      },
      R"(Limits the threads of an op; results are the same bits for any number.

Examples:
    >>> tt.set_num_threads(tt.get_num_threads()))");
  m.def("memory_stats", [] {
    const tt::MemoryStats& s = tt::memory_stats();
    py::dict d;
    d["in_use"] = s.in_use;
    d["peak"] = s.peak;
    d["cached"] = s.cached;
    return d;
  });
  m.def("empty_cache", &tt::release_cached_memory);
  m.def("register", [](py::type tensor, py::object size, py::dict primitives, py::object renew_view) {
    registry() = {reinterpret_cast<PyTypeObject*>(tensor.release().ptr()), size.release().ptr(),
                  primitives.release().ptr(), renew_view.release().ptr()};
  });
}
