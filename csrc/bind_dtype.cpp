// dtype objects, and what goes between Python numbers, sizes and the core.
#include "bind.h"

namespace tt::bind {
namespace {

// What a program may ask of a dtype before it makes a tensor of it.
struct Facts {
  const char* name;
  int itemsize;
  bool floating, complex, is_signed;
};

// PyTorch's dtypes that programs name and no tensor here can have.
constexpr Facts kMissing[] = {
    {"bfloat16", 2, true, false, true},    {"float16", 2, true, false, true},  {"complex64", 8, false, true, true},
    {"complex128", 16, false, true, true}, {"uint16", 2, false, false, false}, {"uint32", 4, false, false, false},
    {"uint64", 8, false, false, false},
};

struct DTypeObject {
  PyObject_HEAD DType d;
  bool missing;
  Facts facts;
};

PyObject* dtypes[kDTypes];

const Facts& facts(PyObject* self) { return reinterpret_cast<DTypeObject*>(self)->facts; }

PyObject* dtype_repr(PyObject* self) { return PyUnicode_FromFormat("torch.%s", facts(self).name); }
PyObject* dtype_reduce(PyObject* self, PyObject*) { return PyUnicode_FromString(facts(self).name); }
PyObject* get_itemsize(PyObject* self, void*) { return PyLong_FromLong(facts(self).itemsize); }
PyObject* get_name(PyObject* self, void*) { return PyUnicode_FromString(facts(self).name); }
PyObject* get_floating(PyObject* self, void*) { return PyBool_FromLong(facts(self).floating); }
PyObject* get_complex(PyObject* self, void*) { return PyBool_FromLong(facts(self).complex); }
PyObject* get_signed(PyObject* self, void*) { return PyBool_FromLong(facts(self).is_signed); }

PyGetSetDef dtype_getset[] = {
    {"itemsize", get_itemsize, nullptr, "Bytes of one element.", nullptr},
    {"name", get_name, nullptr, "The name, as NumPy has it.", nullptr},
    {"is_floating_point", get_floating, nullptr, "Whether it holds real numbers with a fraction.", nullptr},
    {"is_complex", get_complex, nullptr, "Whether it holds complex numbers.", nullptr},
    {"is_signed", get_signed, nullptr, "Whether the dtype has negative values.", nullptr},
    {}};
PyMethodDef dtype_methods[] = {{"__reduce__", dtype_reduce, METH_NOARGS, nullptr}, {}};

PyTypeObject DTypeType = [] {
  PyTypeObject t{PyVarObject_HEAD_INIT(nullptr, 0)};
  t.tp_name = "tinytensor.dtype";
  t.tp_basicsize = sizeof(DTypeObject);
  t.tp_flags = Py_TPFLAGS_DEFAULT;
  t.tp_doc = R"(The type of a tensor's elements.

Examples:
    >>> tt.zeros(2).dtype, tt.int64.itemsize, tt.uint8.is_signed
    (torch.float32, 8, False))";
  t.tp_repr = dtype_repr;
  t.tp_getset = dtype_getset;
  t.tp_methods = dtype_methods;
  return t;
}();

PyObject* new_dtype(py::module_& m, DType d, bool missing, const Facts& f) {
  auto* o = PyObject_New(DTypeObject, &DTypeType);
  o->d = d, o->missing = missing, o->facts = f;
  m.attr(f.name) = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(o));
  return reinterpret_cast<PyObject*>(o);
}

}  // namespace

PyObject* dtype_object(DType d) { return dtypes[static_cast<int>(d)]; }

bool dtype_from(PyObject* o, DType* d) {
  if (Py_TYPE(o) == &DTypeType) {
    if (reinterpret_cast<DTypeObject*>(o)->missing) {
      PyErr_Format(PyExc_NotImplementedError,
                   "tensors of dtype %s are not supported by tinytensor, which has float32, float64, int64, int32, "
                   "int16, int8, uint8 and bool",
                   facts(o).name);
      return false;
    }
    *d = reinterpret_cast<DTypeObject*>(o)->d;
    return true;
  }
  if (o == reinterpret_cast<PyObject*>(&PyFloat_Type)) return *d = DType::kFloat64, true;
  if (o == reinterpret_cast<PyObject*>(&PyLong_Type)) return *d = DType::kInt64, true;
  if (o == reinterpret_cast<PyObject*>(&PyBool_Type)) return *d = DType::kBool, true;
  PyErr_Format(PyExc_TypeError, "expected a dtype, got %s", Py_TYPE(o)->tp_name);
  return false;
}

namespace {

// A slice of sizes is sizes.
PyObject* sizes_subscript(PyObject* o, PyObject* key) {
  PyObject* item = PyTuple_Type.tp_as_mapping->mp_subscript(o, key);
  if (!item || !PySlice_Check(key)) return item;
  PyObject* sizes = PyObject_CallOneArg(registry().size, item);
  Py_DECREF(item);
  return sizes;
}
PyMappingMethods sizes_mapping = {nullptr, sizes_subscript, nullptr};

// What Size derives from: a tuple.
PyTypeObject SizesType = [] {
  PyTypeObject t{PyVarObject_HEAD_INIT(nullptr, 0)};
  t.tp_name = "tinytensor._C.Sizes";
  t.tp_base = &PyTuple_Type;
  t.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE;
  t.tp_as_mapping = &sizes_mapping;
  return t;
}();

}  // namespace

PyObject* size_object(const int64_t* sizes, int n) {
  auto* type = reinterpret_cast<PyTypeObject*>(registry().size);
  PyObject* size = type->tp_alloc(type, n);  // a subclass of tuple without state of its own
  if (!size) return nullptr;
  for (int i = 0; i < n; ++i) PyTuple_SET_ITEM(size, i, PyLong_FromLongLong(sizes[i]));
  return size;
}

bool number_from(PyObject* o, Scalar* s) {
  if (PyFloat_Check(o)) {
    s->kind = Scalar::kFloat;
    s->f = PyFloat_AS_DOUBLE(o);
    return true;
  }
  if (PyBool_Check(o)) {
    s->kind = Scalar::kBool;
    s->i = o == Py_True;
    return true;
  }
  if (PyLong_Check(o)) {
    int overflow = 0;
    s->kind = Scalar::kInt;
    s->i = PyLong_AsLongLongAndOverflow(o, &overflow);
    if (overflow) {
      s->kind = Scalar::kFloat;
      s->f = PyLong_AsDouble(o);
      if (s->f < -9223372036854775808.0 || s->f >= 18446744073709551616.0 || PyErr_Occurred()) {
        PyErr_SetString(PyExc_OverflowError, "int too big to convert");
        throw py::error_already_set();
      }
    }
    return true;
  }
  // NumPy's scalars, but not its arrays.
  if (PySequence_Check(o) || is_tensor(o)) return false;
  const auto* n = Py_TYPE(o)->tp_as_number;
  if (n == nullptr) return false;
  const bool integral = n->nb_index != nullptr, boolean = std::strncmp(Py_TYPE(o)->tp_name, "numpy.bool", 10) == 0;
  if (!integral && !boolean && (n->nb_float == nullptr || std::strncmp(Py_TYPE(o)->tp_name, "numpy.", 6) != 0))
    return false;
  PyObject* plain = boolean ? PyBool_FromLong(PyObject_IsTrue(o)) : integral ? PyNumber_Index(o) : PyNumber_Float(o);
  if (!plain) {
    PyErr_Clear();
    return false;
  }
  const bool ok = number_from(plain, s);
  Py_DECREF(plain);
  return ok;
}

bool ints_from(PyObject* o, Ints* v) {
  const auto one = [](PyObject* x, int64_t* i) {
    if (is_tensor(x)) {
      PyObject* value = item(as_tensor(x)->t);
      if (!value) return false;
      *i = PyLong_AsLongLong(value);
      Py_DECREF(value);
    } else {
      PyObject* index = PyNumber_Index(x);
      if (!index) return false;
      *i = PyLong_AsLongLong(index);
      Py_DECREF(index);
    }
    return !(*i == -1 && PyErr_Occurred());
  };
  v->n = 0;
  if (!PyTuple_Check(o) && !PyList_Check(o)) {
    v->n = 1;
    return one(o, &v->v[0]);
  }
  const Py_ssize_t n = PySequence_Fast_GET_SIZE(o);
  if (n > kMaxDims) {
    PyErr_Format(PyExc_RuntimeError, "%zd dimensions; at most %d are supported", n, kMaxDims);
    return false;
  }
  PyObject** items = PySequence_Fast_ITEMS(o);
  for (Py_ssize_t i = 0; i < n; ++i)
    if (!one(items[i], &v->v[i])) return false;
  v->n = n;
  return true;
}

PyObject* number_object(const void* p, DType d) {
  switch (d) {
    case DType::kBool:
      return PyBool_FromLong(*static_cast<const bool*>(p));
    case DType::kUInt8:
      return PyLong_FromLong(*static_cast<const uint8_t*>(p));
    case DType::kInt8:
      return PyLong_FromLong(*static_cast<const int8_t*>(p));
    case DType::kInt16:
      return PyLong_FromLong(*static_cast<const int16_t*>(p));
    case DType::kInt32:
      return PyLong_FromLong(*static_cast<const int32_t*>(p));
    case DType::kInt64:
      return PyLong_FromLongLong(*static_cast<const int64_t*>(p));
    case DType::kFloat32:
      return PyFloat_FromDouble(static_cast<double>(*static_cast<const float*>(p)));
    default:
      return PyFloat_FromDouble(*static_cast<const double*>(p));
  }
}

PyObject* item(const Tensor& t) {
  const int64_t n = t.view.numel();
  if (n != 1) {
    PyErr_Format(PyExc_RuntimeError, "a Tensor with %lld elements cannot be converted to Scalar",
                 static_cast<long long>(n));
    return nullptr;
  }
  return number_object(t.view.data, t.view.dtype);
}

void bind_dtypes(py::module_& m) {
  if (PyType_Ready(&DTypeType) < 0) throw py::error_already_set();
  if (PyType_Ready(&SizesType) < 0) throw py::error_already_set();
  m.attr("Sizes") = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(&SizesType));
  m.attr("dtype") = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(&DTypeType));
  for (int i = 0; i < kDTypes; ++i) {
    const auto d = static_cast<DType>(i);
    dtypes[i] = new_dtype(m, d, false,
                          {dtype_name(d), static_cast<int>(dtype_bytes(d)), is_floating(d), false,
                           d != DType::kBool && d != DType::kUInt8});
  }
  for (const Facts& f : kMissing) new_dtype(m, DType::kFloat32, true, f);
  m.def(
      "get_default_dtype", [] { return py::reinterpret_borrow<py::object>(dtype_object(default_dtype())); },
      R"(The dtype of floats where none is given.

Examples:
    >>> tt.get_default_dtype()
    torch.float32)");
  m.def(
      "set_default_dtype",
      [](py::object o) {
        DType d;
        if (!dtype_from(o.ptr(), &d)) throw py::error_already_set();
        if (!is_floating(d)) throw py::type_error("only floating-point types are supported as the default type");
        set_default_dtype(d);
      },
      R"(Sets the dtype of floats where none is given: float32 or float64.

Examples:
    >>> tt.set_default_dtype(tt.float64)
    >>> tt.tensor([1.5]).dtype
    torch.float64)");
  m.def("check_number", [](py::object o, py::object dtype) {
    Scalar s;
    DType d;
    if (!dtype_from(dtype.ptr(), &d)) throw py::error_already_set();
    if (!number_from(o.ptr(), &s)) throw py::type_error("expected a number");
    if (!fits(s, d))
      throw std::runtime_error(std::string("value cannot be converted to type ") + dtype_name(d) + " without overflow");
  });
  m.def(
      "promote_types",
      [](py::object a, py::object b) {
        DType x, y;
        if (!dtype_from(a.ptr(), &x) || !dtype_from(b.ptr(), &y)) throw py::error_already_set();
        return py::reinterpret_borrow<py::object>(dtype_object(promote_types(x, y)));
      },
      R"(The smallest dtype that holds the values of both.

Examples:
    >>> tt.promote_types(tt.int32, tt.float32)
    torch.float32)");
}

}  // namespace tt::bind
