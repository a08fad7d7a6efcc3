// Distributions drawn by rejection, one value at a time: Poisson, gamma, binomial. Words are drawn in PyTorch's order.
#pragma once
#include <math.h>

#include "generator.h"
#include "loops.h"

namespace tt {
namespace {

TT_INLINE double log_gamma(double x) {
  int sign;
  return lgamma_r(x, &sign);
}

// Rates of ten and more by transformed rejection (Hoermann 1993, PTRS), smaller ones by multiplying uniforms.
double draw_poisson(Generator& g, double rate) {
  if (rate == 0) return 0;
  if (rate < 10) {
    const double enough = exp(-rate);
    double product = draw_uniform(g), count = 0;
    for (; product > enough; product *= draw_uniform(g)) count += 1;
    return count;
  }
  const double root = sqrt(rate), log_rate = log(rate);
  const double b = fused(2.53, root, 0.931);
  const double a = fused(0.02483, b, -0.059);
  const double log_inverse_alpha = log(1.1239 + 1.1328 / (b - 3.4));
  const double surely = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = draw_uniform(g) - 0.5, v = draw_uniform(g);
    const double edge = 0.5 - fabs(u);
    const double k = floor(fused(2 * a / edge + b, u, rate) + 0.43);
    if (edge >= 0.07 && v <= surely) return k;
    if (k < 0 || (edge < 0.013 && v > edge)) continue;
    if (log(v) + log_inverse_alpha - log(a / (edge * edge) + b) <= fused(k, log_rate, -rate) - log_gamma(k + 1))
      return k;
  }
}

template <class T>
constexpr T kSmallestNormal = sizeof(T) == 4 ? 0x1p-126f : static_cast<T>(0x1p-1022);

// Marsaglia and Tsang 2000, of shapes below one through that of one more; in doubles but for what PyTorch rounds to T.
template <class T>
T draw_gamma(Generator& g, T alpha) {
  double scale = 1;
  if (alpha < 1) {
    if (alpha == 0) return kSmallestNormal<T>;
    scale = pow(1 - draw_uniform(g), static_cast<double>(1 / alpha));
    alpha += 1;
  }
  const double d = static_cast<double>(alpha - static_cast<T>(1.0f / 3.0f));
  const double c = 1 / sqrt(9 * d);
  for (;;) {
    double x, y;
    do {
      x = draw_normal(g);
      y = 1 + c * x;
    } while (y <= 0);
    const double v = y * y * y, u = 1 - draw_uniform(g), xx = x * x;
    if (u < 1 - static_cast<double>(0.0331f) * xx * xx || log(u) < 0.5 * xx + d * (1 - v + log(v))) {
      const T z = static_cast<T>(scale * d * v);
      return z > kSmallestNormal<T> ? z : kSmallestNormal<T>;
    }
  }
}

// What Stirling's formula lacks of log(k!).
TT_INLINE double stirling_rest(double k) {
  constexpr double kFirst[10] = {0.0810614667953272,  0.0413406959554092, 0.0276779256849983, 0.02079067210376509,
                                 0.0166446911898211,  0.0138761288230707, 0.0118967099458917, 0.0104112652619720,
                                 0.00925546218271273, 0.00833056343336287};
  if (k <= 9) return kFirst[static_cast<int>(k)];
  const double square = (k + 1) * (k + 1);
  return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1);
}

// Successes of many trials, by transformed rejection (Hoermann 1993, BTRS); p is at most a half.
template <class T>
T draw_many_trials(Generator& g, T count, T p) {
  const double deviation = static_cast<double>(static_cast<T>(sqrt(count * p * (1 - p))));
  const double b = 1.15 + 2.53 * deviation;
  const double a = -0.0873 + 0.0248 * b + 0.01 * static_cast<double>(p);
  const double centre = static_cast<double>(count * p) + 0.5;
  const double surely = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * deviation;
  const double odds = static_cast<double>(p / (1 - p)), n = static_cast<double>(count);
  const double m = static_cast<double>(static_cast<T>(floor((count + 1) * p)));
  for (;;) {
    const double u = draw_uniform(g) - 0.5;
    double v = draw_uniform(g);
    const double edge = 0.5 - fabs(u);
    const double k = static_cast<double>(static_cast<T>(floor((2 * a / edge + b) * u + centre)));
    if (k < 0 || k > n) continue;
    if (edge >= 0.07 && v <= surely) return static_cast<T>(k);
    v = log(v * alpha / (a / (edge * edge) + b));
    const double most = (m + 0.5) * log((m + 1) / (odds * (n - m + 1))) + (n + 1) * log((n - m + 1) / (n - k + 1)) +
                        (k + 0.5) * log(odds * (n - k + 1) / (k + 1)) + stirling_rest(m) + stirling_rest(n - m) -
                        stirling_rest(k) - stirling_rest(n - k);
    if (v <= most) return static_cast<T>(k);
  }
}

// Successes of few, by adding up how many trials it takes to the next one.
template <class T>
T draw_few_trials(Generator& g, T count, T p) {
  const double log_failure = static_cast<double>(static_cast<T>(log1p(-p)));
  double trials = 0;
  for (T successes = 0;; successes += 1) {
    trials += ceil(log(draw_uniform(g)) / log_failure);
    if (trials > static_cast<double>(count)) return successes;
  }
}

template <class T>
T draw_binomial(Generator& g, T count, T p) {
  if (count <= 0 || p <= 0) return 0;
  if (p >= 1) return count;
  if (!(p == p) || !(count == count)) return static_cast<T>(NAN);
  const bool rather_failures = p > T(0.5);
  const T q = rather_failures ? 1 - p : p;
  const T drawn = count * q >= 10 ? draw_many_trials(g, count, q) : draw_few_trials(g, count, q);
  return rather_failures ? count - drawn : drawn;
}

}  // namespace
}  // namespace tt
