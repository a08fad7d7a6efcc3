// Element-by-element kernels out of a function of vectors: map<F> walks the views, F is the arithmetic.
//
// Every element goes through the same vector code, wherever it stands: rows that end in the middle of a vector are read
// and written in part, strided rows are gathered first. So a result never depends on layout, position or neighbours.
#pragma once
#include <type_traits>

#include "loops.h"
#include "math.h"

namespace tt {
namespace {

// L elements of memory as a vector; bool is a byte there.
template <class S>
using Stored = std::conditional_t<std::is_same_v<S, bool>, uint8_t, S>;
template <class S, int L>
struct PackOf {
  typedef Stored<S> type __attribute__((vector_size(L * sizeof(S))));
};
template <class S, int L>
using Pack = typename PackOf<S, L>::type;

template <int L, class S>
TT_INLINE Pack<S, L> read(const char* p) {
  Pack<S, L> v;
  memcpy(&v, p, sizeof v);
  return v;
}
template <int L, class S>
TT_INLINE Pack<S, L> read_first(const char* p, int64_t n) {
  if constexpr (L == kLanes<Stored<S>>) return load_first(reinterpret_cast<const Stored<S>*>(p), n);
  Pack<S, L> v{};
  memcpy(&v, p, static_cast<size_t>(n) * sizeof(S));
  return v;
}

// Conditions are vectors of all ones or zeros of the width of what was compared; booleans become 0 or 1.
template <int L, class Out, class V>
TT_INLINE Pack<Out, L> as_stored(V v) {
  if constexpr (std::is_same_v<Out, bool>)
    return __builtin_convertvector(v != 0, Pack<uint8_t, L>) & 1;
  else
    return v;
}
template <class V, int L = sizeof(V) / sizeof(Elem<V>)>
TT_INLINE BitsVec<V> as_condition(Pack<bool, L> b) {
  return widen<V>(b) != 0;
}

// How an input stands in memory: a pointer that moves by `step` bytes from one vector to the next; 0 repeats a scalar.
struct Operand {
  const char* at;
  int64_t step;
};

// out[i] = f(in[i]...) for n elements in a run, L at a time. The only code that is instantiated for each function and
// dtype; what stands around it is compiled once.
using Run = void (*)(const void* f, char* out, const Operand* in, int64_t n);

template <int L, class F, class Out, class... In, size_t... K>
TT_INLINE void map_run_of(const F& f, char* out, const Operand* in, int64_t n, std::index_sequence<K...>) {
  const char* at[] = {in[K].at...};
  const int64_t step[] = {in[K].step...};
  for (int64_t i = n / L; i > 0; --i) {
    const Pack<Out, L> v = as_stored<L, Out>(f(read<L, In>(at[K])...));
    memcpy(out, &v, sizeof v);
    out += sizeof v;
    ((at[K] += step[K]), ...);
  }
  const int64_t rest = n % L;
  if (rest == 0) return;
  const Pack<Out, L> v = as_stored<L, Out>(f(read_first<L, In>(at[K], rest)...));
  if constexpr (L == kLanes<Stored<Out>>)
    store_first(reinterpret_cast<Stored<Out>*>(out), v, rest);
  else
    memcpy(out, &v, static_cast<size_t>(rest) * sizeof(Out));
}
template <int L, class F, class Out, class... In>
__attribute__((flatten)) void map_run(const void* f, char* out, const Operand* in, int64_t n) {
  map_run_of<L, F, Out, In...>(*static_cast<const F*>(f), out, in, n, std::index_sequence_for<In...>{});
}

// Elements of w bytes: n of them from one stride to another, or one of them all over a vector.
template <class W>
TT_INLINE void restride(char* to, int64_t to_stride, const char* from, int64_t from_stride, int64_t n) {
  for (int64_t i = 0; i < n; ++i) memcpy(to + i * to_stride, from + i * from_stride, sizeof(W));
}
inline void restride(int64_t w, char* to, int64_t to_stride, const char* from, int64_t from_stride, int64_t n) {
  if (w == 8) return restride<uint64_t>(to, to_stride, from, from_stride, n);
  if (w == 4) return restride<uint32_t>(to, to_stride, from, from_stride, n);
  if (w == 2) return restride<uint16_t>(to, to_stride, from, from_stride, n);
  restride<uint8_t>(to, to_stride, from, from_stride, n);
}
template <class W>
TT_INLINE void repeat(char* to, const char* from) {
  W w;
  memcpy(&w, from, sizeof w);
  for (int i = 0; i < kVecBytes; i += sizeof w) memcpy(to + i, &w, sizeof w);
}
inline void repeat(int64_t w, char* to, const char* from) {
  if (w == 8) return repeat<uint64_t>(to, from);
  if (w == 4) return repeat<uint32_t>(to, from);
  if (w == 2) return repeat<uint16_t>(to, from);
  repeat<uint8_t>(to, from);
}

// Elements of a strided row that are gathered at a time.
constexpr int kChunk = 128;

// An output larger than any cache is written past them, which saves reading it first. It is computed in pieces so short
// that the processor goes on reading while it writes.
constexpr int64_t kStreamBytes = int64_t{32} << 20;
constexpr int64_t kPiece = 256;

template <int N>
void run_streamed(Run run, const void* f, char* out, Operand (&in)[N], int64_t n, int64_t bytes, int lanes) {
  alignas(64) char piece[kPiece];
  const auto compute = [&](char* to, int64_t count) {
    run(f, to, in, count);
    for (Operand& x : in) x.at += count / lanes * x.step;
  };
  // The border to aligned memory need not lie at a whole vector: elements are then written the usual way.
  const int64_t count = kPiece / bytes, pieces = reinterpret_cast<uintptr_t>(out) % kVecBytes ? 0 : n / count;
  for (int64_t i = 0; i < pieces; ++i, out += kPiece) {
    compute(piece, count);
    stream(out, piece, kPiece);
  }
  stream_fence();
  if (n > pieces * count) compute(out, n - pieces * count);
}

// out = f(in...) over whole views: number 0 is the output, then come the inputs.
template <int N>
__attribute__((noinline)) void walk(const Call& c, const int64_t (&bytes)[N], int lanes, int64_t cost, Run run,
                                    const void* f) {
  const View* views[N] = {&c.out[0]};
  for (int k = 1; k < N; ++k) views[k] = &c.in[k - 1];
  const Nest<N> nest(views, bytes);

  const int64_t* stride = nest.strides[nest.ndim - 1];  // within a row
  int64_t step[N];
  bool strided = false;
  for (int k = 0; k < N; ++k) {
    step[k] = k > 0 && stride[k] == 0 ? 0 : lanes * bytes[k];
    strided |= step[k] != 0 && stride[k] != bytes[k];
  }
  bool streamed = nest.ndim == 1 && !strided && nest.numel * bytes[0] >= kStreamBytes;
  for (int k = 1; k < N; ++k) streamed &= views[k]->data != views[0]->data;
  nest.run(c.threads, cost, [&](char* const* p, const int64_t*, int64_t n) {
    alignas(64) char scalar[N][kVecBytes];
    Operand in[N - 1];
    for (int k = 1; k < N; ++k) {
      in[k - 1] = {step[k] == 0 ? scalar[k] : p[k], step[k]};
      if (step[k] == 0) repeat(bytes[k], scalar[k], p[k]);
    }
    if (streamed) return run_streamed(run, f, p[0], in, n, bytes[0], lanes);
    if (!strided) return run(f, p[0], in, n);

    alignas(64) char gathered[N][kChunk * 8];
    for (int64_t begin = 0; begin < n; begin += kChunk) {
      const int64_t count = n - begin < kChunk ? n - begin : kChunk;
      for (int k = 1; k < N; ++k) {
        if (step[k] == 0) continue;
        restride(bytes[k], gathered[k], bytes[k], p[k] + begin * stride[k], stride[k], count);
        in[k - 1].at = gathered[k];
      }
      run(f, gathered[0], in, count);
      restride(bytes[0], p[0] + begin * stride[0], stride[0], gathered[0], bytes[0], count);
    }
  });
}

// out = f(in...), L elements at a time; `cost` of an element as in parallel_for.
template <int L, class Out, class... In, class F>
TT_INLINE void map(const Call& c, int64_t cost, const F& f) {
  constexpr int64_t bytes[] = {sizeof(Out), sizeof(In)...};
  walk(c, bytes, L, cost, map_run<L, F, Out, In...>, &f);
}

// map by the number of inputs, all of the output's type.
template <int N, class Out, class T, class F>
TT_INLINE void map_same(const Call& c, int64_t cost, const F& f) {
  constexpr int L = kLanes<Stored<T>>;
  if constexpr (N == 1) map<L, Out, T>(c, cost, f);
  if constexpr (N == 2) map<L, Out, T, T>(c, cost, f);
  if constexpr (N == 3) map<L, Out, T, T, T>(c, cost, f);
  if constexpr (N == 4) map<L, Out, T, T, T, T>(c, cost, f);
}

// Attributes are doubles; kernels want them in the type of the vectors (to which 0 is not added: -0 would be lost).
template <class V>
TT_INLINE V value(double v) {
  return static_cast<Elem<V>>(v) - V{};
}

// The kernels of the op tables. F takes and returns vectors; it is one for all dtypes.
template <int N, class F>
TT_INLINE void map_floats(const Call& c, int64_t cost, const F& f) {
  with_float(c.out[0].dtype, [&](auto zero) { map_same<N, decltype(zero), decltype(zero)>(c, cost, f); });
}
template <int N, class F>
TT_INLINE void map_numbers(const Call& c, int64_t cost, const F& f) {
  with_dtype(c.out[0].dtype, [&](auto zero) { map_same<N, decltype(zero), decltype(zero)>(c, cost, f); });
}
template <int N, class F>
TT_INLINE void map_integers(const Call& c, int64_t cost, const F& f) {
  with_integer(c.out[0].dtype, [&](auto zero) { map_same<N, decltype(zero), decltype(zero)>(c, cost, f); });
}
// Conditions: any dtype in, bool out.
template <int N, class F>
TT_INLINE void map_condition(const Call& c, int64_t cost, const F& f) {
  with_dtype(c.in[0].dtype, [&](auto zero) { map_same<N, bool, decltype(zero)>(c, cost, f); });
}

template <auto F, int Cost = 1>
void unary_float(const Call& c) {
  map_floats<1>(c, Cost, F);
}
template <auto F, int Cost = 1>
void unary_number(const Call& c) {
  map_numbers<1>(c, Cost, F);
}
template <auto F>
void unary_condition(const Call& c) {
  map_condition<1>(c, 1, F);
}
template <auto F, int Cost = 1>
void binary_float(const Call& c) {
  map_floats<2>(c, Cost, F);
}
template <auto F, int Cost = 1>
void binary_number(const Call& c) {
  map_numbers<2>(c, Cost, F);
}
template <auto F>
void ternary_number(const Call& c) {
  map_numbers<3>(c, 1, F);
}
template <auto F>
void ternary_float(const Call& c) {
  map_floats<3>(c, 1, F);
}
template <auto F>
void binary_integer(const Call& c) {
  map_integers<2>(c, 1, F);
}
template <auto F>
void binary_condition(const Call& c) {
  map_condition<2>(c, 1, F);
}

}  // namespace
}  // namespace tt
