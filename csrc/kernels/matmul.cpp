// Products of matrices and vectors.
#include <type_traits>

#include "../parallel.h"
#include "gemm.h"
#include "product.h"

namespace tt {
namespace {

// Whole numbers wrap around, signed ones too: T is the unsigned type of their width.
template <class T>
void integer_gemm(const Gemm& g, const T* a, const T* b, T* c, Bias<T> bias) {
  for (int64_t i = 0; i < g.m; ++i) {
    T* const row = c + i * g.c_row;
    for (int64_t j = 0; j < g.n; ++j) row[j * g.c_col] = bias.data ? bias.data[i * bias.row + j * bias.col] : T{0};
    for (int64_t k = 0; k < g.k; ++k) {
      const T x = a[i * g.a_row + k * g.a_k];
      const T* const y = b + k * g.b_k;
      if (g.b_col == 1 && g.c_col == 1)
        for (int64_t j = 0; j < g.n; ++j) row[j] = static_cast<T>(row[j] + 1u * x * y[j]);
      else
        for (int64_t j = 0; j < g.n; ++j) row[j * g.c_col] = static_cast<T>(row[j * g.c_col] + 1u * x * y[j * g.b_col]);
    }
  }
}

// Calls f(offset in A, offset in B, index) for batches [begin, end).
template <class F>
TT_INLINE void for_batches(const Gemms& g, int64_t begin, int64_t end, F&& f) {
  int64_t index[kMaxDims], a = 0, b = 0, rest = begin;
  for (int d = g.ndim - 1; d >= 0; --d) {
    index[d] = rest % g.sizes[d];
    rest /= g.sizes[d];
    a += index[d] * g.a_strides[d];
    b += index[d] * g.b_strides[d];
  }
  for (int64_t i = begin; i < end; ++i) {
    f(a, b, i);
    for (int d = g.ndim - 1; d >= 0; --d) {
      a += g.a_strides[d];
      b += g.b_strides[d];
      if (++index[d] < g.sizes[d]) break;
      index[d] = 0;
      a -= g.sizes[d] * g.a_strides[d];
      b -= g.sizes[d] * g.b_strides[d];
    }
  }
}

template <class T>
void run_gemms(const Call& call, const Gemms& g, const View& first, const View& second, const View& bias) {
  const T* const a = (g.swapped ? second : first).as<T>();
  const T* const b = (g.swapped ? first : second).as<T>();
  T* const c = call.out[0].as<T>();
  const int64_t bias_step = bias.numel() == 1 ? 0 : 1;
  const Bias<T> bias_row = {bias.as<T>(), g.swapped ? bias_step : 0, g.swapped ? 0 : bias_step};
  const int64_t size = g.one.m * g.one.n, work = size * g.one.k;
  if (g.count * size == 0) return;
  if constexpr (std::is_integral_v<T>) {
    parallel_for(call.threads, g.count, work / 2, [&](int64_t begin, int64_t end) {
      for_batches(g, begin, end, [&](int64_t ao, int64_t bo, int64_t i) {
        integer_gemm(g.one, a + ao, b + bo, c + i * size, bias_row);
      });
    });
  } else {
    const GemmPlan plan = plan_gemms(g, sizeof(T));
    const Cut cut = cut_of<T>(g.one, plan);
    int64_t team =
        plan.wakes || team_is_awake() ? team_for(static_cast<int>(least(call.threads, plan.slots)), plan.worth) : 1;
    const int64_t longer = g.one.m > g.one.n ? g.one.m : g.one.n;
    const int64_t wanted = team / g.count, parts = wanted > 1 ? least(wanted, (longer + kPartStep - 1) / kPartStep) : 1;
    share_work(static_cast<int>(team), g.count * parts, [&](int64_t begin, int64_t end) {
      T* const scratch = static_cast<T*>(call.scratch) + omp_get_thread_num() * plan.elements();
      for_batches(g, begin / parts, (end + parts - 1) / parts, [&](int64_t ao, int64_t bo, int64_t i) {
        if (parts == 1) return gemm<T>(g.one, cut, a + ao, b + bo, c + i * size, bias_row, plan, scratch);
        for (int64_t part = 0; part < parts; ++part)
          if (begin <= i * parts + part && i * parts + part < end)
            gemm_part<T>(g.one, a + ao, b + bo, c + i * size, bias_row, plan, scratch, part, parts);
      });
    });
  }
}

template <class F>
TT_INLINE void with_number(DType d, F&& f) {
  if (d >= DType::kFloat32) return with_float(d, f);
  return with_width(d, f);
}

// torch.matmul(a, b), plus `bias` along the last dimension of b when it has data.
void product(const Call& c, const View& a, const View& b, const View& bias) {
  const int batch_ndim = c.out[0].ndim - (a.ndim > 1) - (b.ndim > 1);
  const Gemms g = layout_gemms(a, b, c.out[0].sizes, batch_ndim);
  with_number(a.dtype, [&](auto zero) { run_gemms<decltype(zero)>(c, g, a, b, bias); });
}

// A product of two vectors is a sum: it runs on 64 chains, which are then added as a tree.
constexpr int kChains = 64;

template <class T>
T dot_of(const T* a, int64_t a_step, const T* b, int64_t b_step, int64_t n) {
  constexpr int kVectors = kChains / kLanes<T>;
  Vec<T> sum[kVectors] = {};
  T x[kChains], y[kChains];
  for (int64_t i = 0; i < n; i += kChains) {
    const T *p = a + i, *q = b + i;
    const int64_t count = least(n - i, kChains);
    if (a_step != 1 || b_step != 1 || count < kChains) {
      for (int64_t j = 0; j < kChains; ++j) {
        x[j] = j < count ? a[(i + j) * a_step] : T{0};
        y[j] = j < count ? b[(i + j) * b_step] : T{0};
      }
      p = x, q = y;
    }
#pragma GCC unroll 16
    for (int v = 0; v < kVectors; ++v) sum[v] = fma(load(p + v * kLanes<T>), load(q + v * kLanes<T>), sum[v]);
  }
  for (int v = 0; v < kVectors; ++v) store(x + v * kLanes<T>, sum[v]);
  for (int half = kChains / 2; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) x[j] += x[j + half];
  return x[0];
}

void dot_kernel(const Call& c) {
  const View &a = c.in[0], &b = c.in[1];
  const int64_t n = a.sizes[0], a_step = a.strides[0], b_step = b.strides[0];
  with_number(a.dtype, [&](auto zero) {
    using T = decltype(zero);
    T sum = 0;
    if constexpr (std::is_integral_v<T>) {
      for (int64_t i = 0; i < n; ++i) sum = static_cast<T>(sum + 1u * a.as<T>()[i * a_step] * b.as<T>()[i * b_step]);
    } else {
      sum = dot_of(a.as<T>(), a_step, b.as<T>(), b_step, n);
    }
    *c.out[0].as<T>() = sum;
  });
}

void matmul_kernel(const Call& c) {
  if (c.in[0].ndim == 1 && c.in[1].ndim == 1) return dot_kernel(c);
  product(c, c.in[0], c.in[1], View{});
}

void linear_kernel(const Call& c) { product(c, c.in[0], transposed(c.in[1]), c.in[2]); }

// The gradient of a weight, from all rows of a batch.
void contract_rows_kernel(const Call& c) {
  const View &a = c.in[0], &b = c.in[1];
  const Gemms g = layout_rows_product(a, b);
  with_number(a.dtype, [&](auto zero) { run_gemms<decltype(zero)>(c, g, a, b, View{}); });
}

// A product for other kernels (product.h).
template <class T>
void product_of(const Gemm& g, const T* a, const T* b, T* c, T* panels) {
  const GemmPlan plan{.pack_b = panels != nullptr};
  gemm<T>(g, cut_of<T>(g, plan), a, b, c, {}, plan, panels);
}

}  // namespace
}  // namespace tt

namespace tt {
namespace TT_ISA {

void product(const Gemm& g, const float* a, const float* b, float* c, float* panels) { product_of(g, a, b, c, panels); }
void product(const Gemm& g, const double* a, const double* b, double* c, double* panels) {
  product_of(g, a, b, c, panels);
}

}  // namespace TT_ISA

TT_OP_TABLE(matmul,                                                                    //
            {"matmul(a, b) -> c", infer::matmul, matmul_kernel},                       //
            {"linear(x, w, bias?) -> y", infer::linear, linear_kernel},                //
            {"contract_rows(a, b) -> c", infer::contract_rows, contract_rows_kernel},  //
            {"dot(a, b) -> c", infer::dot, dot_kernel})
}  // namespace tt
