// Dropout: draws as those of random.cpp, and what they leave of the input, in one pass.
#include "generator.h"
#include "loops.h"

namespace tt {
namespace {

struct DropoutAttrs {
  double keep;  // the probability of an element to stay
};

template <class T>
void dropout_of(Generator& g, const View& x, const View& y, const View& noise, double keep) {
  const T scale = T{1} / static_cast<T>(keep);
  const Nest<3> nest({&noise, &y, &x}, {sizeof(T), sizeof(T), sizeof(T)});
  nest.run(1, 1, [&](char* const* p, const int64_t* stride, int64_t n) {
    double u[kChunk];
    uint8_t kept[kChunk];
    for (int64_t i = 0; i < n; i += kChunk) {
      const int64_t count = n - i < kChunk ? n - i : kChunk;
      T* __restrict factor = reinterpret_cast<T*>(p[0] + i * stride[0]);
      T* to = reinterpret_cast<T*>(p[1] + i * stride[1]);
      const char* from = p[2] + i * stride[2];
      draw(g, u, count);
      // By way of bytes: comparing doubles to choose floats in one step keeps compilers from vectorising.
      for (int64_t k = 0; k < count; ++k) kept[k] = u[k] < keep;
      for (int64_t k = 0; k < count; ++k) factor[k] = static_cast<T>(kept[k]) * scale;
      if (stride[2] == sizeof(T)) {
        for (int64_t k = 0; k < count; ++k) to[k] = reinterpret_cast<const T*>(from)[k] * factor[k];
      } else {
        for (int64_t k = 0; k < count; ++k) to[k] = *reinterpret_cast<const T*>(from + k * stride[2]) * factor[k];
      }
    }
  });
}

void dropout_kernel(const Call& c) {
  with_float(c.in[1].dtype, [&](auto zero) {
    dropout_of<decltype(zero)>(generator_of(c), c.in[1], c.out[0], c.out[1], c.as<DropoutAttrs>().keep);
  });
}

}  // namespace

TT_OP_TABLE(dropout,
            // y = x * noise, where noise is 1 / keep with probability keep, else 0
            {"dropout(state!, x; keep: float) -> y, noise", infer::dropout, dropout_kernel})

}  // namespace tt
