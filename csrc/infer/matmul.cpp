// Shapes of products. Operands are used where they lie: no stride needs a copy, and what the kernel packs is scratch.
#include "../infer.h"
#include "../kernels/gemm_plan.h"

namespace tt::infer {
namespace {

std::string shape_of(const View& v) {
  std::string text = "(";
  for (int d = 0; d < v.ndim; ++d) text += (d ? ", " : "") + std::to_string(v.sizes[d]);
  return text + (v.ndim == 1 ? ",)" : ")");
}

[[noreturn]] void cannot_multiply(const Infer& c, const char* rule) {
  c.fail("cannot multiply %s by %s: %s", shape_of(c.in[0]).c_str(), shape_of(c.in[1]).c_str(), rule);
}

// Tensors of one dtype that can be multiplied.
void check_operands(const Infer& c) {
  for (int i = 0; i < c.n_in; ++i) {
    if (c.number[i].kind != Scalar::kNone) c.fail<TypeError>("operand %d must be a tensor, not a number", i);
    if (!c.given(i)) continue;
    const DType d = c.in[i].dtype;
    if (d != c.in[0].dtype)
      c.fail("operands must have one dtype, got %s and %s", dtype_name(c.in[0].dtype), dtype_name(d));
  }
}

void set_cost(Infer& c, const Gemms& g, DType dtype) {
  if (dtype == DType::kBool && g.count * g.one.m * g.one.n * g.one.k > 0)
    c.fail<NotImplementedError>("not implemented for bool: there is no sum of truth values");
  const int64_t element_bytes = dtype == DType::kFloat64 ? 8 : 4;
  const GemmPlan plan = plan_gemms(g, element_bytes);
  c.scratch = is_floating(dtype) ? plan.slots * plan.elements() * element_bytes : 0;
  c.work = g.count * g.one.m * g.one.n * g.one.k / 16;
}

void set_product(Infer& c, const View& a, const View& b) {
  if (a.ndim == 0 || b.ndim == 0) cannot_multiply(c, "both need at least one dimension");
  const int64_t k = a.sizes[a.ndim - 1], b_rows = b.sizes[b.ndim > 1 ? b.ndim - 2 : 0];
  if (k != b_rows) cannot_multiply(c, "inner sizes differ");

  int64_t sizes[kMaxDims];
  const int a_batch = a.ndim > 2 ? a.ndim - 2 : 0, b_batch = b.ndim > 2 ? b.ndim - 2 : 0;
  const int batch_ndim = a_batch > b_batch ? a_batch : b_batch;
  for (int d = 0; d < batch_ndim; ++d) {
    const int ad = d - (batch_ndim - a_batch), bd = d - (batch_ndim - b_batch);
    const int64_t as = ad < 0 ? 1 : a.sizes[ad], bs = bd < 0 ? 1 : b.sizes[bd];
    if (as != bs && as != 1 && bs != 1) cannot_multiply(c, "leading sizes do not broadcast");
    sizes[d] = as == 1 ? bs : as;
  }
  int ndim = batch_ndim;
  if (a.ndim > 1) sizes[ndim++] = a.sizes[a.ndim - 2];
  if (b.ndim > 1) sizes[ndim++] = b.sizes[b.ndim - 1];
  c.out[0].dtype = a.dtype;
  c.shape(0, sizes, ndim);

  set_cost(c, layout_gemms(a, b, sizes, batch_ndim), a.dtype);
}

}  // namespace

void matmul(Infer& c) {
  check_operands(c);
  set_product(c, c.in[0], c.in[1]);
}

// x @ w.T + bias
void linear(Infer& c) {
  check_operands(c);
  const View &x = c.in[0], &w = c.in[1];
  if (x.ndim == 0 || w.ndim == 0 || w.ndim > 2)
    c.fail("expected an input of one or more dimensions and a weight (out, in) or (in,), got %s and %s",
           shape_of(x).c_str(), shape_of(w).c_str());
  if (x.sizes[x.ndim - 1] != w.sizes[w.ndim - 1])
    c.fail("cannot apply a weight %s to an input %s: the last sizes differ", shape_of(w).c_str(), shape_of(x).c_str());
  if (c.given(2)) {
    const View& bias = c.in[2];
    const int64_t columns = w.ndim > 1 ? w.sizes[0] : 1;
    const int64_t last = bias.ndim ? bias.sizes[bias.ndim - 1] : 1;
    const bool fits = last == columns || (last == 1 && bias.ndim <= x.ndim);
    if (bias.ndim > 2 || bias.numel() != last || !fits)
      c.fail("cannot add a bias %s to %lld columns", shape_of(bias).c_str(), static_cast<long long>(columns));
    c.contiguous[2] = true;
  }
  set_product(c, x, transposed(w));
  if (c.given(2) && x.dtype == DType::kBool && c.out[0].numel() > 0) c.fail("not implemented for bool");
}

// a.T @ b where all dimensions but the last are rows: sizes (..., m) and (..., n) give (m, n).
void contract_rows(Infer& c) {
  check_operands(c);
  const View &a = c.in[0], &b = c.in[1];
  if (a.ndim == 0 || a.ndim != b.ndim) cannot_multiply(c, "both need the same rows");
  const int last = a.ndim - 1;
  for (int d = 0; d < last; ++d)
    if (a.sizes[d] != b.sizes[d]) cannot_multiply(c, "both need the same rows");
  View rows[2] = {a, b};
  for (int i = 0; i < 2; ++i) {
    int64_t count, step;
    c.contiguous[i] = !fold_rows(rows[i], count, step);
    if (c.contiguous[i]) set_contiguous_strides(rows[i]);
  }
  const int64_t sizes[] = {a.sizes[last], b.sizes[last]};
  c.out[0].dtype = a.dtype;
  c.shape(0, sizes, 2);
  set_cost(c, layout_rows_product(rows[0], rows[1]), a.dtype);
}

void dot(Infer& c) {
  check_operands(c);
  const View &a = c.in[0], &b = c.in[1];
  if (a.ndim != 1 || b.ndim != 1) cannot_multiply(c, "dot takes two vectors");
  if (a.sizes[0] != b.sizes[0]) cannot_multiply(c, "sizes differ");
  c.out[0].dtype = a.dtype;
  c.shape(0, nullptr, 0);
  if (a.dtype == DType::kBool) c.fail<NotImplementedError>("not implemented for bool: there is no sum of truth values");
}

}  // namespace tt::infer
