// PyTorch's CPU generator: the Mersenne Twister 19937, its words, and uniforms and normals made of them.
#pragma once
#include <math.h>

#include "../kernel.h"

namespace tt {
namespace {

constexpr int kWords = 624;
constexpr int kLag = 397;

// The state tensor holds this, byte for byte what PyTorch's get_state gives.
struct Generator {
  uint64_t seed;
  int32_t left;  // one more than the words not yet drawn
  int32_t seeded;
  uint64_t next;           // the first of these words
  uint64_t words[kWords];  // of 32 bits each
  double unused_x;
  double normal;  // the second value of the last pair of normals
  double unused_rho;
  int32_t has_normal;
  float unused_float;
  int64_t unused_flag;
};
static_assert(sizeof(Generator) == 5056);

TT_INLINE Generator& generator_of(const Call& c) { return *c.in[0].as<Generator>(); }

void seed(Generator& g, uint64_t value) {
  g = Generator{};
  g.seed = value;
  g.left = g.seeded = 1;
  g.words[0] = static_cast<uint32_t>(value);
  for (uint32_t i = 1; i < kWords; ++i) {
    const uint32_t previous = static_cast<uint32_t>(g.words[i - 1]);
    g.words[i] = 1812433253u * (previous ^ (previous >> 30)) + i;
  }
}

TT_INLINE uint64_t twist(uint64_t u, uint64_t v) {
  return (((u & 0x80000000u) | (v & 0x7fffffffu)) >> 1) ^ (-(v & 1) & 0x9908b0dfu);
}

void refill(Generator& g) {
  uint64_t* w = g.words;
  for (int i = 0; i < kWords - kLag; ++i) w[i] = w[i + kLag] ^ twist(w[i], w[i + 1]);
  for (int i = kWords - kLag; i < kWords - 1; ++i) w[i] = w[i + kLag - kWords] ^ twist(w[i], w[i + 1]);
  w[kWords - 1] = w[kLag - 1] ^ twist(w[kWords - 1], w[0]);
}

// The next n words of 32 bits. Positions are read once: a state that two threads share by mistake gives wrong numbers,
// never a write out of bounds.
void draw(Generator& g, uint32_t* out, int64_t n) {
  while (n > 0) {
    int64_t next = static_cast<int64_t>(g.next), left = g.left - 1;
    if (left <= 0 || left > kWords || next < 0 || next >= kWords) {
      refill(g);
      next = 0;
      left = kWords;
    }
    int64_t count = left < kWords - next ? left : kWords - next;
    if (count > n) count = n;
    for (int64_t i = 0; i < count; ++i) {
      uint32_t y = static_cast<uint32_t>(g.words[next + i]);
      y ^= y >> 11;
      y ^= (y << 7) & 0x9d2c5680u;
      y ^= (y << 15) & 0xefc60000u;
      out[i] = y ^ (y >> 18);
    }
    g.next = static_cast<uint64_t>(next + count);
    g.left = static_cast<int32_t>(left + 1 - count);
    out += count;
    n -= count;
  }
}

constexpr int kChunk = 512;  // values made at once, in the first-level cache

// The next n words of 64 bits, n <= kChunk: the first draw is the upper half.
TT_INLINE void draw(Generator& g, uint64_t* out, int64_t n) {
  uint32_t halves[2 * kChunk];
  draw(g, halves, 2 * n);
  for (int64_t i = 0; i < n; ++i) out[i] = static_cast<uint64_t>(halves[2 * i]) << 32 | halves[2 * i + 1];
}

// Uniforms of [0, 1) on a grid: 24 bits of a word for float, 53 bits of two words for double.
TT_INLINE void draw(Generator& g, float* out, int64_t n) {
  uint32_t words[kChunk];
  draw(g, words, n);
  for (int64_t i = 0; i < n; ++i) out[i] = static_cast<float>(static_cast<int32_t>(words[i] & 0xffffffu)) * 0x1p-24f;
}
TT_INLINE void draw(Generator& g, double* out, int64_t n) {
  uint64_t words[kChunk];
  draw(g, words, n);
  for (int64_t i = 0; i < n; ++i)
    out[i] = static_cast<double>(static_cast<int64_t>(words[i] & 0x1fffffffffffffu)) * 0x1p-53;
}

TT_INLINE double draw_uniform(Generator& g) {
  double u;
  draw(g, &u, 1);
  return u;
}

// Standard normals in pairs; the generator keeps the second one.
TT_INLINE double draw_normal(Generator& g) {
  if (g.has_normal) {
    const double z = g.normal;
    g.has_normal = 0;
    g.normal = 0;
    return z;
  }
  double u[2];
  draw(g, u, 2);
  const double radius = sqrt(-2.0 * log1p(-u[1]));
  const double theta = 2.0 * M_PI * u[0];
  g.normal = radius * sin(theta);
  g.has_normal = 1;
  return radius * cos(theta);
}

}  // namespace
}  // namespace tt
