// The contract between the engine and its kernels: plain data in, plain data out.
//
// A kernel sees views (pointer, sizes, strides), its attributes and scratch memory. Shapes, broadcasting, promotion,
// allocation and errors are decided before it is called (infer.h, op.h), so that a call is data: it can be recorded,
// printed, timed and replayed. Kernels neither allocate, throw, nor touch Python.
//
// Files under kernels/ are compiled once per instruction set. What they define or instantiate has internal linkage
// (anonymous namespaces, TT_INLINE) or is in namespace TT_ISA: weak symbols could let the linker mix instruction sets.
#pragma once
#include <cstddef>
#include <cstdint>

#include "infer_rules.h"

#define TT_INLINE inline __attribute__((always_inline))

namespace tt {

inline constexpr int kMaxDims = 12;

enum class DType : uint8_t { kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat32, kFloat64 };
inline constexpr int kDTypes = 8;

// A strided window on memory. Strides count elements, may be zero (broadcast) or negative.
struct View {
  void* data;
  int64_t sizes[kMaxDims];
  int64_t strides[kMaxDims];
  int ndim;
  DType dtype;

  template <class T>
  TT_INLINE T* as() const {
    return static_cast<T*>(data);
  }
  TT_INLINE int64_t numel() const {
    int64_t n = 1;
    for (int i = 0; i < ndim; ++i) n *= sizes[i];
    return n;
  }
  TT_INLINE bool is_contiguous() const {
    int64_t expected = 1;
    for (int i = ndim - 1; i >= 0; --i) {
      if (sizes[i] == 0) return true;
      if (sizes[i] != 1 && strides[i] != expected) return false;
      expected *= sizes[i];
    }
    return true;
  }
};

// What a kernel reports when the values themselves are wrong; the engine turns it into an exception.
struct Fault {
  enum Code : int64_t {
    kNone,
    kIndexOutOfRange,
    kPlaceOutOfRange,
    kClassOutOfRange,
    kDivisionByZero,
    kNegativeExponent,
    kBadWeight,       // negative, infinite or no number
    kNoWeight,        // their sum is zero
    kBadProbability,  // outside [0, 1]
    kNegativeRate
  };
  int64_t code = kNone;
  int64_t value = 0;  // the offending index, class, ...
  int64_t limit = 0;  // the size it had to stay below
  int64_t dim = 0;
};

// Attributes of list kind: `name: ints`.
struct Ints {
  int64_t n;
  int64_t v[kMaxDims];
  TT_INLINE int64_t operator[](int i) const { return v[i]; }
};

struct Call {
  const View* in;   // an absent optional input has data == nullptr
  const View* out;  // an output nobody wants has data == nullptr
  int n_in;
  int n_out;
  const void* attrs;
  void* scratch;  // as many bytes as the infer rule asked for, 64-byte aligned
  Fault* fault;
  int threads;  // at most this many

  // The op's attributes as a struct whose fields stand in the order of the signature:
  // int, bool and dtype are int64_t, float is double, ints is Ints.
  template <class T>
  TT_INLINE const T& as() const {
    return *static_cast<const T*>(attrs);
  }
};

struct Infer;
using InferRule = void (*)(Infer&);
using Launch = void (*)(const Call&);

// One operation. The signature is read by people and by the binding:
//   "clamp(x, low?, high?) -> y"               a trailing ? marks an optional input
//   "cat(*xs; dim: int) -> y"                  * marks any number of inputs
//   "sgd(*params!, *grads; lr: float) ->"      ! marks an input the kernel changes; equal groups of inputs
//   "max_dim(x; dim: int, keepdim: bool) -> values, indices"
// Attributes stand behind the semicolon; kinds are int, float, bool, dtype, ints, and ints?, which may be None: no
// ints.
struct Op {
  const char* signature;
  InferRule infer;
  Launch launch;
};

struct OpTable {
  const Op* ops;
  int count;
};

// Each kernel file ends in TT_OP_TABLE(file, {"op(x) -> y", infer::rule, launch}, ...) and is named once here.
#define TT_KERNEL_FILES(X) \
  X(copy)                  \
  X(ranges)                \
  X(unary)                 \
  X(trig)                  \
  X(binary)                \
  X(choice)                \
  X(compare)               \
  X(activation)            \
  X(relu)                  \
  X(matmul)                \
  X(distance)              \
  X(conv)                  \
  X(pooling)               \
  X(windows)               \
  X(image)                 \
  X(grid)                  \
  X(attention)             \
  X(recurrent)             \
  X(random)                \
  X(dropout)               \
  X(index)                 \
  X(gather)                \
  X(join)                  \
  X(rearrange)             \
  X(sort)                  \
  X(search)                \
  X(lu)                    \
  X(qr)                    \
  X(reduce)                \
  X(scan)                  \
  X(softmax)               \
  X(ctc)                   \
  X(norm)                  \
  X(update)

#define TT_OP_TABLE(file, ...)                                                    \
  namespace TT_ISA {                                                              \
  namespace {                                                                     \
  constexpr Op file##_ops[] = {__VA_ARGS__};                                      \
  }                                                                               \
  extern const OpTable file##_table;                                              \
  constexpr OpTable file##_table = {file##_ops, sizeof(file##_ops) / sizeof(Op)}; \
  }

// Calls f with a value of the C++ type that stands behind a dtype: with_dtype(v.dtype, [&](auto zero) { ... }).
namespace {

template <class F>
TT_INLINE void with_float(DType d, F&& f) {
  if (d == DType::kFloat64) return f(double{});
  return f(float{});
}

template <class F>
TT_INLINE void with_integer(DType d, F&& f) {
  switch (d) {
    case DType::kBool:
      return f(bool{});
    case DType::kUInt8:
      return f(uint8_t{});
    case DType::kInt8:
      return f(int8_t{});
    case DType::kInt16:
      return f(int16_t{});
    case DType::kInt32:
      return f(int32_t{});
    default:
      return f(int64_t{});
  }
}

template <class F>
TT_INLINE void with_dtype(DType d, F&& f) {
  if (d >= DType::kFloat32) return with_float(d, f);
  return with_integer(d, f);
}

// By width alone, for kernels that only move values.
template <class F>
TT_INLINE void with_width(DType d, F&& f) {
  switch (d) {
    case DType::kBool:
    case DType::kUInt8:
    case DType::kInt8:
      return f(uint8_t{});
    case DType::kInt16:
      return f(uint16_t{});
    case DType::kInt32:
    case DType::kFloat32:
      return f(uint32_t{});
    default:
      return f(uint64_t{});
  }
}

}  // namespace
}  // namespace tt
