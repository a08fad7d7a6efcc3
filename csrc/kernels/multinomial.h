// Sampling of indices by weight: by inversion of the cumulative distribution, or by an exponential race.
#pragma once
#include "generator.h"

namespace tt {
namespace {

template <class T>
Fault::Code check_weights(const T* p, int64_t n) {
  T sum = 0;
  bool good = true;
  for (int64_t i = 0; i < n; ++i) {
    good &= p[i] >= 0 && p[i] < static_cast<T>(INFINITY);
    sum += p[i];
  }
  return !good ? Fault::kBadWeight : sum > 0 ? Fault::kNone : Fault::kNoWeight;
}

// Calls use(k, u) for n uniforms u in their order.
template <class Use>
TT_INLINE void for_uniforms(Generator& g, int64_t n, Use&& use) {
  double u[kChunk];
  for (int64_t i = 0; i < n; i += kChunk) {
    const int64_t count = n - i < kChunk ? n - i : kChunk;
    draw(g, u, count);
    for (int64_t k = 0; k < count; ++k) use(i + k, u[k]);
  }
}

// Inverts the cumulative distribution: the first category that reaches the uniform. Each sample takes one uniform.
template <class T>
void sample_by_inversion(Generator& g, const T* p, int64_t n, double* cumulative, int64_t* out, int64_t samples) {
  T sum = 0, running = 0;
  for (int64_t i = 0; i < n; ++i) sum += p[i];
  for (int64_t i = 0; i < n; ++i) cumulative[i] = static_cast<double>((running += p[i]) / sum);
  for_uniforms(g, samples, [&](int64_t k, double u) {
    const double* at = cumulative;
    for (int64_t left = n; left > 1;) {  // halving without branches
      const int64_t half = left / 2;
      at += half & -static_cast<int64_t>(at[half - 1] < u);
      left -= half;
    }
    out[k] = at - cumulative + (*at < u);
  });
}

// Restores the heap below `root`: the greatest key first, of equal keys the smaller index.
template <class T>
void sift_down(const T* key, int64_t* heap, int64_t n, int64_t root) {
  const auto before = [&](int64_t i, int64_t j) { return key[i] > key[j] || (key[i] == key[j] && i < j); };
  for (int64_t child; (child = 2 * root + 1) < n; root = child) {
    if (child + 1 < n && before(heap[child + 1], heap[child])) ++child;
    if (!before(heap[child], heap[root])) return;
    const int64_t kept = heap[root];
    heap[root] = heap[child];
    heap[child] = kept;
  }
}

// Exponential races: category i arrives after Exp(1) / p[i]. The draws go along the rows of p, or down its columns.
template <class T>
void run_races(Generator& g, const T* p, int64_t rows, int64_t n, bool by_columns, T* speed) {
  const auto run = [&](int64_t i, double u) { speed[i] = p[i] / static_cast<T>(-log1p(-u)); };
  if (by_columns) {
    for_uniforms(g, rows * n, [&](int64_t k, double u) { run(k % rows * n + k / rows, u); });
  } else {
    for_uniforms(g, rows * n, run);
  }
}

// The first ones to arrive are the sample.
template <class T>
void fastest(const T* speed, int64_t n, int64_t* heap, int64_t* out, int64_t samples) {
  if (samples == 1) {
    int64_t best = 0;
    for (int64_t i = 1; i < n; ++i) best = speed[i] > speed[best] ? i : best;
    out[0] = best;
    return;
  }
  for (int64_t i = 0; i < n; ++i) heap[i] = i;
  for (int64_t i = n / 2 - 1; i >= 0; --i) sift_down(speed, heap, n, i);
  for (int64_t k = 0; k < samples; ++k) {
    out[k] = heap[0];
    heap[0] = heap[n - 1 - k];
    sift_down(speed, heap, n - 1 - k, int64_t{0});
  }
}

}  // namespace
}  // namespace tt
