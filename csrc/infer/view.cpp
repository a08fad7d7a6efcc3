// Rules of views.
#include <algorithm>

#include "../infer.h"
#include "../views.h"

namespace tt::infer {
namespace {

int wrap(int64_t dim, int ndim) {
  const int64_t n = std::max(ndim, 1);
  if (dim < -n || dim >= n)
    throw IndexError("Dimension out of range (expected to be in range of [" + std::to_string(-n) + ", " +
                     std::to_string(n - 1) + "], but got " + std::to_string(dim) + ")");
  return static_cast<int>(dim < 0 ? dim + n : dim);
}

std::string list_text(const Ints& v) {
  std::string s = "[";
  for (int i = 0; i < v.n; ++i) s += (i ? ", " : "") + std::to_string(v[i]);
  return s + "]";
}

}  // namespace

std::string too_many_dims() { return "at most " + std::to_string(kMaxDims) + " dimensions are supported"; }

void complete(Ints* sizes, int64_t numel) {
  const Ints asked = *sizes;
  int64_t known = 1;
  int open = -1;
  for (int i = 0; i < sizes->n; ++i) {
    if (sizes->v[i] == -1) {
      if (open >= 0) throw std::runtime_error("only one dimension can be inferred");
      open = i;
    } else if (sizes->v[i] < 0) {
      throw std::runtime_error("invalid shape dimension " + std::to_string(sizes->v[i]));
    } else {
      known *= sizes->v[i];
    }
  }
  if (open >= 0 && known == 0)
    throw std::runtime_error("cannot reshape tensor of " + std::to_string(numel) + " elements into shape " +
                             list_text(asked) +
                             " because the unspecified dimension size -1 can be any value and is ambiguous");
  if (open >= 0 && numel % known == 0) sizes->v[open] = numel / known, known = numel;
  if (known != numel || (open >= 0 && sizes->v[open] == -1))
    throw std::runtime_error("shape '" + list_text(asked) + "' is invalid for input of size " + std::to_string(numel));
}

bool strides_for(const View& x, const Ints& sizes, View* y) {
  y->data = x.data;
  y->dtype = x.dtype;
  y->ndim = static_cast<int>(sizes.n);
  for (int i = 0; i < y->ndim; ++i) y->sizes[i] = sizes[i];
  set_contiguous_strides(*y);
  if (x.numel() == 0 || x.is_contiguous()) return true;
  // Walk from the back: each group of dimensions of x that lies evenly in memory is cut anew.
  int d = y->ndim - 1;
  int64_t chunk = 1, stride = x.ndim ? x.strides[x.ndim - 1] : 1;
  for (int i = x.ndim - 1; i >= 0; --i) {
    chunk *= x.sizes[i];
    const bool ends = i == 0 || (x.sizes[i - 1] != 1 && x.strides[i - 1] != chunk * stride);
    if (!ends) continue;
    int64_t filled = 1;
    while (d >= 0 && (filled < chunk || y->sizes[d] == 1)) {
      y->strides[d] = filled * stride;
      filled *= y->sizes[d--];
    }
    if (filled != chunk) return false;
    if (i > 0) chunk = 1, stride = x.strides[i - 1];
  }
  return d < 0;
}

Ints flattened(const View& v, int64_t first, int64_t last) {
  const int start = wrap(first, v.ndim), end = wrap(last, v.ndim);
  if (v.ndim == 0) return Ints{1, {1}};
  if (start > end) throw std::runtime_error("flatten() has invalid args: start_dim cannot come after end_dim");
  Ints sizes{start + 1, {}};
  for (int d = 0; d < start; ++d) sizes.v[d] = v.sizes[d];
  sizes.v[start] = 1;
  for (int d = start; d <= end; ++d) sizes.v[start] *= v.sizes[d];
  for (int d = end + 1; d < v.ndim; ++d) sizes.v[sizes.n++] = v.sizes[d];
  return sizes;
}

View strided(const Tensor& x, const Ints& sizes, const Ints& strides, int64_t offset) {
  if (sizes.n != strides.n) throw std::runtime_error("as_strided: mismatch in length of strides and shape");
  View y;
  y.dtype = x.view.dtype;
  y.ndim = static_cast<int>(sizes.n);
  const int64_t width = dtype_bytes(y.dtype);
  if (offset < 0) throw std::runtime_error("as_strided: invalid storage offset " + std::to_string(offset));
  int64_t end, count = 1, reach;
  bool none = false, overflow = __builtin_add_overflow(offset, 1, &end);
  for (int i = 0; i < y.ndim; ++i) {
    y.sizes[i] = sizes[i];
    y.strides[i] = strides[i];
    if (sizes[i] < 0) throw std::runtime_error("as_strided: negative size " + std::to_string(sizes[i]));
    if (strides[i] < 0)
      throw std::runtime_error("as_strided: Negative strides are not supported at the moment, got strides: " +
                               list_text(strides));
    none = none || sizes[i] == 0;
    overflow |= __builtin_mul_overflow(sizes[i] - 1, strides[i], &reach) | __builtin_add_overflow(end, reach, &end);
    overflow |= __builtin_mul_overflow(count, sizes[i], &count);
  }
  int64_t bytes;
  overflow |= __builtin_mul_overflow(end, width, &bytes) | __builtin_mul_overflow(count, width, &reach);
  if (!none && overflow)
    throw std::runtime_error("as_strided: sizes " + list_text(sizes) + ", strides " + list_text(strides) +
                             " and storage offset " + std::to_string(offset) + " are out of bounds: they overflow");
  if (!none && bytes > x.storage->bytes)
    throw std::runtime_error("setStorage: sizes " + list_text(sizes) + ", strides " + list_text(strides) +
                             ", storage offset " + std::to_string(offset) + ", and itemsize " + std::to_string(width) +
                             " requiring a storage size of " + std::to_string(bytes) +
                             " are out of bounds for storage of size " + std::to_string(x.storage->bytes));
  y.data = static_cast<char*>(x.storage->data) + offset * width;
  return y;
}

View permuted(const View& v, const Ints& dims) {
  if (dims.n != v.ndim)
    throw std::runtime_error(
        "permute: number of dimensions in the tensor input does not match the length of "
        "the desired ordering of dimensions i.e. input.dim() = " +
        std::to_string(v.ndim) + " is not equal to len(dims) = " + std::to_string(dims.n));
  View y;
  assign(y, v);
  unsigned seen = 0;
  for (int i = 0; i < v.ndim; ++i) {
    const int d = wrap(dims[i], v.ndim);
    if (seen & (1u << d)) throw std::runtime_error("permute(): duplicate dims are not allowed.");
    seen |= 1u << d;
    y.sizes[i] = v.sizes[d];
    y.strides[i] = v.strides[d];
  }
  return y;
}

View transposed(const View& v, int64_t dim0, int64_t dim1) {
  View y;
  assign(y, v);
  const int a = wrap(dim0, y.ndim), b = wrap(dim1, y.ndim);
  if (y.ndim > 0) {
    std::swap(y.sizes[a], y.sizes[b]);
    std::swap(y.strides[a], y.strides[b]);
  }
  return y;
}

View moved(const View& v, const Ints& source, const Ints& destination) {
  if (source.n != destination.n)
    throw std::runtime_error("movedim: Invalid source or destination dims: source (" + list_text(source) +
                             " dims) should contain the same number of dims as destination (" + list_text(destination) +
                             " dims)");
  int from[kMaxDims];  // the dimension that comes to each place; -1: one of the others
  std::fill_n(from, kMaxDims, -1);
  unsigned taken = 0;
  for (int i = 0; i < source.n; ++i) {
    const int s = wrap(source[i], v.ndim), d = wrap(destination[i], v.ndim);
    if ((taken >> s & 1u) || from[d] >= 0)
      throw std::runtime_error("movedim: repeated dim in `source` (" + list_text(source) + ") or `destination` (" +
                               list_text(destination) + ")");
    taken |= 1u << s;
    from[d] = s;
  }
  View y;
  assign(y, v);
  for (int d = 0, next = 0; d < v.ndim; ++d) {
    while (from[d] < 0 && (taken >> next & 1u)) ++next;
    const int s = from[d] < 0 ? next++ : from[d];
    y.sizes[d] = v.sizes[s];
    y.strides[d] = v.strides[s];
  }
  return y;
}

View expanded(const View& v, const Ints& sizes) {
  const int lead = static_cast<int>(sizes.n) - v.ndim;
  if (lead < 0)
    throw std::runtime_error("expand: the number of sizes provided (" + std::to_string(sizes.n) +
                             ") must be greater or equal to the number of dimensions in the tensor (" +
                             std::to_string(v.ndim) + ")");
  View y;
  y.data = v.data;
  y.dtype = v.dtype;
  y.ndim = static_cast<int>(sizes.n);
  for (int d = 0; d < y.ndim; ++d) {
    const int64_t wanted = sizes[d], have = d < lead ? 1 : v.sizes[d - lead];
    if (d < lead && wanted < 0)
      throw std::runtime_error("expand: The expanded size of the tensor (" + std::to_string(wanted) +
                               ") isn't allowed in a leading, non-existing dimension " + std::to_string(d));
    if (wanted != -1 && wanted != have && have != 1)
      throw std::runtime_error("The expanded size of the tensor (" + std::to_string(wanted) +
                               ") must match the existing size (" + std::to_string(have) +
                               ") at non-singleton dimension " + std::to_string(d) +
                               ".  Target sizes: " + list_text(sizes) + ".  Tensor sizes: " + shape_text(v));
    if (wanted < -1) throw std::runtime_error("expand: invalid size " + std::to_string(wanted));
    y.sizes[d] = wanted == -1 ? have : wanted;
    y.strides[d] = d < lead || (have == 1 && y.sizes[d] != 1) ? 0 : v.strides[d - lead];
  }
  check_numel(y);
  return y;
}

View spread_out(const View& v, const Ints& sizes, const Ints& dims) {
  View y;
  y.data = v.data;
  y.dtype = v.dtype;
  y.ndim = static_cast<int>(sizes.n);
  unsigned reduced = dims.n == 0 ? ~0u : 0u;
  for (int i = 0; i < dims.n; ++i) reduced |= 1u << wrap(dims[i], y.ndim);
  const bool keeps = v.ndim == y.ndim;  // the reduced dimensions, with size 1
  int from = 0;
  for (int d = 0; d < y.ndim; ++d) {
    const bool goes = reduced >> d & 1u, has = from < v.ndim && (keeps || !goes);
    if (has ? v.sizes[from] != (goes ? 1 : sizes[d]) : !goes)
      throw std::runtime_error("spread: " + shape_text(v) + " is no reduction of " + list_text(sizes));
    y.sizes[d] = sizes[d];
    y.strides[d] = goes ? 0 : v.strides[from];
    from += has;
  }
  return y;
}

View selected(const View& v, int64_t dim, int64_t i) {
  if (v.ndim == 0) throw IndexError("select() cannot be applied to a 0-dim tensor.");
  const int d = wrap(dim, v.ndim);
  if (i < -v.sizes[d] || i >= v.sizes[d])
    throw IndexError("select(): index " + std::to_string(i) + " out of range for tensor of size " + shape_text(v) +
                     " at dimension " + std::to_string(d));
  if (i < 0) i += v.sizes[d];
  View y;
  assign(y, v);
  y.data = static_cast<char*>(v.data) + i * v.strides[d] * dtype_bytes(v.dtype);
  --y.ndim;
  for (int k = d; k < y.ndim; ++k) y.sizes[k] = v.sizes[k + 1], y.strides[k] = v.strides[k + 1];
  return y;
}

View sliced(const View& v, int64_t dim, int64_t first, int64_t last, int64_t step) {
  if (v.ndim == 0) throw IndexError("slice() cannot be applied to a 0-dim tensor.");
  const int d = wrap(dim, v.ndim);
  const int64_t size = v.sizes[d];
  if (step <= 0) throw ValueError("step must be greater than zero");
  const auto bound = [&](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + size : i, 0, size); };
  const int64_t start = bound(first), stop = std::max(bound(last), start);
  View y;
  assign(y, v);
  y.data = static_cast<char*>(v.data) + start * v.strides[d] * dtype_bytes(v.dtype);
  y.sizes[d] = start == stop ? 0 : (stop - start - 1) / step + 1;  // no sum that a huge step could overflow
  y.strides[d] = v.strides[d] * step;
  return y;
}

View squeezed(const View& v, const Ints* dims) {
  unsigned wanted = dims ? 0u : ~0u;
  for (int i = 0; dims && i < dims->n; ++i) {
    const int d = wrap((*dims)[i], v.ndim);
    if (wanted >> d & 1u)
      throw std::runtime_error("dim " + std::to_string(d) + " appears multiple times in the list of dims");
    wanted |= 1u << d;
  }
  View y;
  y.data = v.data;
  y.dtype = v.dtype;
  y.ndim = 0;
  for (int d = 0; d < v.ndim; ++d) {
    if (v.sizes[d] == 1 && (wanted >> d & 1u)) continue;
    y.sizes[y.ndim] = v.sizes[d];
    y.strides[y.ndim++] = v.strides[d];
  }
  return y;
}

View unsqueezed(const View& v, int64_t dim) {
  if (v.ndim == kMaxDims) throw std::runtime_error("unsqueeze: " + too_many_dims());
  const int d = wrap(dim, v.ndim + 1);
  View y;
  assign(y, v);
  ++y.ndim;
  for (int k = v.ndim; k > d; --k) y.sizes[k] = v.sizes[k - 1], y.strides[k] = v.strides[k - 1];
  y.sizes[d] = 1;
  y.strides[d] = d < v.ndim ? v.sizes[d] * v.strides[d] : 1;
  return y;
}

View diagonal_of(const View& v, int64_t offset, int64_t dim1, int64_t dim2) {
  const int a = wrap(dim1, v.ndim), b = wrap(dim2, v.ndim);
  if (a == b)
    throw std::runtime_error("diagonal dimensions cannot be identical " + std::to_string(dim1) + ", " +
                             std::to_string(dim2));
  // Where it begins along each, if that is inside.
  const bool above = offset >= 0, inside = above ? offset < v.sizes[b] : offset > -v.sizes[a];
  const int64_t row = inside && !above ? -offset : 0, column = inside && above ? offset : 0;
  const int64_t length = inside ? std::min(v.sizes[a] - row, v.sizes[b] - column) : 0;
  const int64_t skip = length > 0 ? row * v.strides[a] + column * v.strides[b] : 0;
  View y;
  y.data = static_cast<char*>(v.data) + skip * dtype_bytes(v.dtype);
  y.dtype = v.dtype;
  y.ndim = 0;
  for (int d = 0; d < v.ndim; ++d) {
    if (d == a || d == b) continue;
    y.sizes[y.ndim] = v.sizes[d];
    y.strides[y.ndim++] = v.strides[d];
  }
  y.sizes[y.ndim] = length;
  y.strides[y.ndim++] = v.strides[a] + v.strides[b];
  return y;
}

View unfolded(const View& v, int64_t dim, int64_t size, int64_t step) {
  const int d = wrap(dim, v.ndim);
  const int64_t length = v.ndim > 0 ? v.sizes[d] : 1;
  if (size > length)
    throw std::runtime_error("maximum size for tensor at dimension " + std::to_string(d) + " is " +
                             std::to_string(length) + " but size is " + std::to_string(size));
  if (size < 0) throw std::runtime_error("size is " + std::to_string(size) + " but must be >= 0");
  if (step <= 0) throw std::runtime_error("step is " + std::to_string(step) + " but must be > 0");
  if (v.ndim == kMaxDims) throw std::runtime_error("unfold: " + too_many_dims());
  View y;
  assign(y, v);
  ++y.ndim;
  y.sizes[v.ndim] = size;
  y.strides[v.ndim] = v.ndim > 0 ? v.strides[d] : 1;
  if (v.ndim > 0) {
    y.sizes[d] = (length - size) / step + 1;
    // What lies beyond all memory is only reached by a single window.
    y.strides[d] = static_cast<int64_t>(std::min<__int128>(static_cast<__int128>(v.strides[d]) * step, 1L << 59));
  }
  return y;
}

}  // namespace tt::infer
