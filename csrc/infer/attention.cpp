// Shapes of attention. scaled_dot_product_attention has checked what a user gives it.
#include "../infer.h"
#include "../kernels/attention_plan.h"

namespace tt::infer {
namespace {

// A mask or noise for each query and key of every head; where it lies.
void check_pairs(Infer& c, int i, const View& q, const View& k, bool may_be_bool) {
  if (!c.given(i)) return;
  const View& m = c.in[i];
  const int last = q.ndim - 1;
  bool fits = m.ndim == q.ndim && m.sizes[last - 1] == q.sizes[last - 1] && m.sizes[last] == k.sizes[last - 1];
  for (int d = 0; fits && d < last - 1; ++d) fits = m.sizes[d] == q.sizes[d];
  if (!fits || (m.dtype != q.dtype && !(may_be_bool && m.dtype == DType::kBool)))
    c.fail("a mask %s of dtype %s does not fit queries %s and keys %s", shape_text(m).c_str(), dtype_name(m.dtype),
           shape_text(q).c_str(), shape_text(k).c_str());
}

// (..., queries, e), (..., keys, e), (..., keys, values) of one floating dtype; rows lie where they are, their elements
// side by side. A mask and noise, or neither, follow them.
void check(Infer& c, int first) {
  const View &q = c.in[first], &k = c.in[first + 1], &v = c.in[first + 2];
  const int last = q.ndim - 1;
  bool fits = last >= 1 && k.ndim == q.ndim && v.ndim == q.ndim;
  for (int d = 0; fits && d < last - 1; ++d) fits = k.sizes[d] == q.sizes[d] && v.sizes[d] == q.sizes[d];
  if (!fits || k.sizes[last] != q.sizes[last] || v.sizes[last - 1] != k.sizes[last - 1])
    c.fail("queries %s, keys %s and values %s do not fit", shape_text(q).c_str(), shape_text(k).c_str(),
           shape_text(v).c_str());
  check_pairs(c, first + 3, q, k, true);
  check_pairs(c, first + 4, q, k, false);
  for (int i = 0; i < c.n_in; ++i) {
    if (i == first + 3 || i == first + 4) continue;
    if (!is_floating(q.dtype) || c.in[i].dtype != q.dtype)
      c.fail("expected tensors of one floating point dtype, got %s and %s", dtype_name(q.dtype),
             dtype_name(c.in[i].dtype));
    c.contiguous[i] = c.in[i].strides[c.in[i].ndim - 1] != 1;
  }
}

// Sizes of v but the last, dense in the order of v's dimensions: what comes of heads that were moved in front of a
// sequence can be moved back without a copy.
void like_rows(Infer& c, int o, const View& v, int64_t columns) {
  View& y = c.out[o];
  const int last = v.ndim - 1;
  c.shape(o, v.sizes, v.ndim);
  y.sizes[last] = columns;
  y.dtype = v.dtype;
  int order[kMaxDims];
  for (int d = 0; d < last; ++d) {
    int at = d;
    while (at > 0 && v.strides[order[at - 1]] < v.strides[d]) order[at] = order[at - 1], --at;
    order[at] = d;
  }
  int64_t stride = columns;
  y.strides[last] = 1;
  for (int i = last - 1; i >= 0; --i) {
    y.strides[order[i]] = stride;
    stride *= v.sizes[order[i]];
  }
  c.strided[o] = true;
}

}  // namespace

void attention(Infer& c) {
  check(c, 0);
  const View& q = c.in[0];
  const AttentionPlan p(q, c.in[1], c.in[2], c.given(3), c.given(4), dtype_bytes(q.dtype));
  like_rows(c, 0, q, p.values);
  int64_t sizes[kMaxDims];
  for (int d = 0; d < q.ndim; ++d) sizes[d] = q.sizes[d];
  sizes[q.ndim - 2] = 2, sizes[q.ndim - 1] = p.queries;
  c.shape(1, sizes, q.ndim);
  c.out[1].dtype = q.dtype;
  c.scratch = p.slots * p.forward_elements() * dtype_bytes(q.dtype);
  c.work = p.heads * p.head_cost();
}

void attention_backward(Infer& c) {
  check(c, 1);
  const View &g = c.in[0], &q = c.in[1], &k = c.in[2], &v = c.in[3];
  const AttentionPlan p(q, k, v, c.given(4), c.given(5), dtype_bytes(q.dtype));
  const int last = q.ndim - 1;
  if (g.ndim != q.ndim || g.sizes[last - 1] != p.queries || g.sizes[last] != p.values ||
      c.in[6].numel() != 2 * p.heads * p.queries)
    c.fail("a gradient %s does not fit queries %s", shape_text(g).c_str(), shape_text(q).c_str());
  c.contiguous[6] = true;
  like_rows(c, 0, q, p.e);
  like_rows(c, 1, k, p.e);
  like_rows(c, 2, v, p.values);
  c.scratch = p.slots * p.backward_elements() * dtype_bytes(q.dtype);
  c.work = 3 * p.heads * p.head_cost();
}

}  // namespace tt::infer
