// From inputs to outputs: the shape and dtype rules, and every message about a shape.
//
// A rule reads the inputs' sizes and dtypes and the attributes, and decides the outputs' sizes and dtypes and what the
// kernel wants of its inputs. It touches no memory.
#pragma once
#include <stdexcept>
#include <string>

#include "kernel.h"
#include "tensor.h"

namespace tt {

// Exceptions that Python sees under the same name (RuntimeError is std::runtime_error).
struct IndexError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct TypeError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct ValueError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct NotImplementedError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A Python number. It is weak: it takes part in promotion by its category (bool, integer, float) alone.
struct Scalar {
  enum Kind : uint8_t { kNone, kBool, kInt, kFloat } kind = kNone;
  union {
    int64_t i;
    double f;
  };
  double as_double() const { return kind == kFloat ? f : static_cast<double>(i); }
  static Scalar of(double v) {
    Scalar s;
    s.kind = kFloat, s.f = v;
    return s;
  }
  int64_t as_int() const { return kind == kFloat ? static_cast<int64_t>(f) : i; }
};

inline constexpr int kInlineInputs = 8;
inline constexpr int kMaxOutputs = 6;

struct Infer {
  const char* name;  // of the op, for messages
  const void* attrs;
  int n_in;
  const View* in;        // data == nullptr and number[i].kind == kNone: not given
  const Scalar* number;  // kind != kNone: input i is a Python number (its view is 0-d)

  // Decisions about the inputs.
  DType* cast;             // dtype the kernel wants for each; starts as the input's own
  bool* contiguous;        // the kernel wants this input contiguous; starts false
  bool broadcast = false;  // inputs are expanded to the sizes of output 0

  // Decisions about the outputs. Strides are contiguous unless `strided` says that the rule has set them.
  int n_out;
  View* out;
  bool strided[kMaxOutputs] = {};
  bool skip[kMaxOutputs] = {};  // this output is not computed; Python sees None
  bool pointwise = false;       // element i of the output depends on element i of the inputs: may run in place,
                                // and writes to strided outputs
  bool constant = false;        // a changed input gets one value everywhere: its elements may overlap
  int64_t scratch = 0;          // bytes
  int64_t work = -1;            // element visits; -1: the elements of all inputs and outputs

  template <class T>
  const T& as() const {
    return *static_cast<const T*>(attrs);
  }
  bool given(int i) const { return i < n_in && (in[i].data != nullptr || number[i].kind != Scalar::kNone); }

  // Sets the sizes of an output.
  void shape(int o, const int64_t* sizes, int ndim);
  void like(int o, const View& v, DType dtype);  // sizes of v, dense in v's order of dimensions
  void promote(int first, int count, DType to);  // cast[first .. first+count) = to

  // Throws E with "name: " and the formatted message.
  template <class E = std::runtime_error>
  [[noreturn]] void fail(const char* format, ...) const __attribute__((format(printf, 2, 3)));
};

// PyTorch's type promotion over inputs [first, first + count): categories bool < integer < float, tensors of one or
// more dimensions before 0-d tensors before Python numbers.
DType result_type(const Infer& c, int first, int count);
DType promote_types(DType a, DType b);
// Whether a number can be an element of that dtype (uint8 takes negative integers modulo its range).
bool fits(const Scalar& s, DType d);
void check_fits(const Infer& c, const Scalar& s, DType d);  // throws where it cannot
DType default_dtype();
void set_default_dtype(DType d);

// Wraps a negative dimension; IndexError when out of range. A 0-d tensor has the dimensions -1 and 0.
int64_t wrap_dim(const Infer& c, int64_t dim, int ndim);

// Sizes of the broadcast of inputs [first, first + count) as output o.
void broadcast_shape(Infer& c, int o, int first, int count);

}  // namespace tt

#include "infer_rules.h"
