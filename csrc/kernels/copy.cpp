// Moving values: strided copies, conversion between dtypes, constants.
#include <limits>

#include "../kernel.h"
#include "../simd.h"
#include "loops.h"

namespace tt {
namespace {

// What C does is undefined for floats out of an integer's range; x86 gives the smallest int32 or int64, the narrower
// types get the low bits of that. Without branches, so that vectors do it.
template <class To, class From>
TT_INLINE To convert(From x) {
  if constexpr (std::is_same_v<To, bool>) {
    return x != From{0};
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    using Whole = std::conditional_t<sizeof(To) == 4, int32_t, int64_t>;
    constexpr auto low = static_cast<From>(std::numeric_limits<Whole>::min());
    const bool fits = x >= low && x < -low;
    const auto whole = static_cast<Whole>(fits ? x : From{0});
    return static_cast<To>(fits ? whole : std::numeric_limits<Whole>::min());
  } else {
    return static_cast<To>(x);
  }
}

template <class To, class From>
void convert_rows(const View& from, const View& to, int threads) {
  const Nest<2> nest({&to, &from}, {sizeof(To), sizeof(From)});
  nest.run(threads, 2, [](char* const* p, const int64_t* stride, int64_t n) {
    if (stride[0] == sizeof(To) && stride[1] == sizeof(From)) {
      To* y = reinterpret_cast<To*>(p[0]);
      const From* x = reinterpret_cast<const From*>(p[1]);
      for (int64_t i = 0; i < n; ++i) y[i] = convert<To>(x[i]);
    } else {
      for (int64_t i = 0; i < n; ++i)
        *reinterpret_cast<To*>(p[0] + i * stride[0]) =
            convert<To>(*reinterpret_cast<const From*>(p[1] + i * stride[1]));
    }
  });
}

template <class T>
void move_rows(const View& from, const View& to, int threads) {
  const Nest<2> nest({&to, &from}, {sizeof(T), sizeof(T)});
  nest.run(threads, 1, [](char* const* p, const int64_t* stride, int64_t n) {
    T* y = reinterpret_cast<T*>(p[0]);
    if (stride[0] == sizeof(T) && stride[1] == sizeof(T)) {
      memmove(y, p[1], static_cast<size_t>(n) * sizeof(T));
    } else if (stride[0] == sizeof(T) && stride[1] == 0) {
      const T x = *reinterpret_cast<const T*>(p[1]);
      for (int64_t i = 0; i < n; ++i) y[i] = x;
    } else {
      for (int64_t i = 0; i < n; ++i)
        *reinterpret_cast<T*>(p[0] + i * stride[0]) = *reinterpret_cast<const T*>(p[1] + i * stride[1]);
    }
  });
}

void transfer(const View& from, const View& to, int threads) {
  if (from.dtype == to.dtype) {
    with_width(to.dtype, [&](auto zero) { move_rows<decltype(zero)>(from, to, threads); });
  } else {
    with_dtype(from.dtype == DType::kBool ? DType::kUInt8 : from.dtype, [&](auto x) {  // booleans are bytes
      with_dtype(to.dtype, [&](auto y) { convert_rows<decltype(y), decltype(x)>(from, to, threads); });
    });
  }
}

void copy_out(const Call& c) { transfer(c.in[0], c.out[0], c.threads); }
void copy_in(const Call& c) { transfer(c.in[1], c.in[0], c.threads); }

}  // namespace

TT_OP_TABLE(copy, {"cast(x; dtype: dtype) -> y", infer::cast, copy_out},  // dense in the order of x
            {"contiguous(x) -> y", infer::contiguous, copy_out},          // row-major
            {"copy(x!, source) ->", infer::copy, copy_in},                // source is broadcast to x
            {"full(value; sizes: ints, dtype: dtype) -> y", infer::full, copy_out})

}  // namespace tt
