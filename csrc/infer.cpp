#include "infer.h"

#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <limits>

namespace tt {
namespace {

DType& default_dtype_slot() {
  static DType d = DType::kFloat32;
  return d;
}

}  // namespace

DType default_dtype() { return default_dtype_slot(); }
void set_default_dtype(DType d) { default_dtype_slot() = d; }

bool fits(const Scalar& s, DType d) {
  if (d == DType::kBool || d == DType::kFloat64 || s.kind == Scalar::kNone) return true;
  const double v = s.as_double();
  if (d == DType::kFloat32) return !(std::abs(v) > std::numeric_limits<float>::max()) || std::isinf(v);
  const int bits = static_cast<int>(8 * dtype_bytes(d));
  if (d == DType::kUInt8) return v <= 255 && v >= (s.kind == Scalar::kFloat ? 0 : -255);
  if (bits == 64) return s.kind != Scalar::kFloat || (v >= -std::ldexp(1.0, 63) && v < std::ldexp(1.0, 63));
  return v >= -std::ldexp(1.0, bits - 1) && v <= std::ldexp(1.0, bits - 1) - 1;
}

void check_fits(const Infer& c, const Scalar& s, DType d) {
  if (!fits(s, d)) c.fail("value cannot be converted to type %s without overflow", dtype_name(d));
}

DType promote_types(DType a, DType b) {
  if (a == b) return a;
  if (a > b) std::swap(a, b);
  // The order of the enumeration is the order of promotion, but for uint8 with the signed types.
  if (a == DType::kUInt8 && b == DType::kInt8) return DType::kInt16;
  return b;
}

DType result_type(const Infer& c, int first, int count) {
  // One candidate a level: tensors with dimensions, 0-d tensors, Python numbers.
  DType level[3];
  bool seen[3] = {};
  for (int i = first; i < first + count; ++i) {
    int l = 0;
    DType d;
    if (c.number[i].kind != Scalar::kNone) {
      l = 2;
      d = c.number[i].kind == Scalar::kBool  ? DType::kBool
          : c.number[i].kind == Scalar::kInt ? DType::kInt64
                                             : default_dtype();
    } else if (c.in[i].data != nullptr) {
      l = c.in[i].ndim == 0 ? 1 : 0;
      d = c.in[i].dtype;
    } else {
      continue;
    }
    level[l] = seen[l] ? promote_types(level[l], d) : d;
    seen[l] = true;
  }
  DType result = DType::kBool;
  bool any = false;
  for (int l = 0; l < 3; ++l) {
    if (!seen[l]) continue;
    if (!any) {
      result = level[l], any = true;
    } else if (category(level[l]) > category(result)) {
      result = promote_types(result, level[l]);
    }
  }
  return result;
}

void Infer::shape(int o, const int64_t* sizes, int ndim) {
  if (ndim > kMaxDims) fail("%d dimensions; at most %d are supported", ndim, kMaxDims);
  out[o].ndim = ndim;
  for (int i = 0; i < ndim; ++i) out[o].sizes[i] = sizes[i];
}

void Infer::like(int o, const View& v, DType dtype) {
  View& y = out[o];
  y.dtype = dtype;
  y.ndim = v.ndim;
  for (int i = 0; i < v.ndim; ++i) y.sizes[i] = v.sizes[i];
  if (v.is_contiguous()) return;
  // Dense in the order of v's strides; row-major where v repeats elements. Dimensions of size 1 have no say.
  int order[kMaxDims], n = 0;
  for (int i = 0; i < v.ndim; ++i) {
    y.strides[i] = v.strides[i];
    if (v.sizes[i] == 1) continue;
    int at = n++;
    while (at > 0 && v.strides[order[at - 1]] < v.strides[i]) order[at] = order[at - 1], --at;
    order[at] = i;
  }
  int64_t stride = 1;
  for (int i = n - 1; i >= 0; --i) {
    if (v.strides[order[i]] == 0) return;
    y.strides[order[i]] = stride;
    stride *= v.sizes[order[i]];
  }
  strided[o] = true;
}

void Infer::promote(int first, int count, DType to) {
  for (int i = first; i < first + count; ++i) cast[i] = to;
}

template <class E>
void Infer::fail(const char* format, ...) const {
  char text[1024];
  va_list args;
  va_start(args, format);
  const int n = std::snprintf(text, sizeof text, "%s: ", name);
  std::vsnprintf(text + n, sizeof text - static_cast<size_t>(n), format, args);
  va_end(args);
  throw E(text);
}
template void Infer::fail<std::runtime_error>(const char*, ...) const;
template void Infer::fail<IndexError>(const char*, ...) const;
template void Infer::fail<TypeError>(const char*, ...) const;
template void Infer::fail<ValueError>(const char*, ...) const;
template void Infer::fail<NotImplementedError>(const char*, ...) const;

int64_t wrap_dim(const Infer& c, int64_t dim, int ndim) {
  const int64_t n = ndim == 0 ? 1 : ndim;
  if (dim < -n || dim >= n)
    c.fail<IndexError>("Dimension out of range (expected to be in range of [%ld, %ld], but got %ld)",
                       static_cast<long>(-n), static_cast<long>(n - 1), static_cast<long>(dim));
  return dim < 0 ? dim + n : dim;
}

void broadcast_shape(Infer& c, int o, int first, int count) {
  View& y = c.out[o];
  y.ndim = 0;
  for (int i = first; i < first + count; ++i)
    if (c.in[i].data != nullptr && c.in[i].ndim > y.ndim) y.ndim = c.in[i].ndim;
  for (int d = 0; d < y.ndim; ++d) y.sizes[d] = 1;
  for (int i = first; i < first + count; ++i) {
    const View& x = c.in[i];
    if (x.data == nullptr) continue;
    const int lead = y.ndim - x.ndim;
    for (int d = 0; d < x.ndim; ++d) {
      int64_t& size = y.sizes[lead + d];
      if (x.sizes[d] == size || x.sizes[d] == 1) continue;
      if (size != 1) {
        std::string shapes;
        for (int j = first; j < first + count; ++j)
          if (c.in[j].data != nullptr && c.in[j].ndim > 0)
            shapes += (shapes.empty() ? "" : " and ") + shape_text(c.in[j]);
        c.fail("cannot broadcast %s: sizes %ld and %ld differ at dimension %d", shapes.c_str(), static_cast<long>(size),
               static_cast<long>(x.sizes[d]), lead + d);
      }
      size = x.sizes[d];
    }
  }
}

}  // namespace tt
