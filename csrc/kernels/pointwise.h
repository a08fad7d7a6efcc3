// Element-by-element kernels out of a function of vectors: map<F> walks the views, F is the arithmetic.
//
// Every element goes through the same vector code, wherever it stands: rows that end in the middle of a vector are read
// and written in part, strided rows are gathered first. So a result never depends on layout, position or neighbours.
#pragma once
#include <type_traits>

#include "math.h"

namespace tt {
namespace TT_ISA {

// How an input stands in memory: a pointer that moves by `step` bytes from one vector to the next; 0 repeats a scalar.
struct Operand {
  const char* at;
  int64_t step;
};

// out[i] = f(in[i]...) for n elements in a run, `lanes` at a time. The only code that is instantiated for each function
// and dtype.
using Run = void (*)(const void* f, char* out, const Operand* in, int64_t n);

// What stands around it is compiled once (pointwise.cpp): out = f(in...) over the whole views of a call, whose elements
// have so many bytes (of the output, then of the inputs); `cost` of an element as in parallel_for.
void walk(const Call& c, int inputs, const int64_t* bytes, int lanes, int64_t cost, Run run, const void* f);

}  // namespace TT_ISA
using namespace TT_ISA;

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
    return narrow_mask(v != 0) & 1;
  else
    return v;
}
template <class V, int L = sizeof(V) / sizeof(Elem<V>)>
TT_INLINE BitsVec<V> as_condition(Pack<bool, L> b) {
  return widen<V>(b) != 0;
}

// A function whose many steps wait for each other. So few of its vectors fit into what the processor looks over at a
// time that registers of half the width (AVX2) take as long for one as whole ones: there the compiler is given several
// at once, of floats, and interleaves them (CMakeLists.txt asks it to).
template <class F>
struct Long : F {};
template <class F>
Long(F) -> Long<F>;
template <class Out, class F>
constexpr int kAtOnce = 1;
template <class F>
constexpr int kAtOnce<float, Long<F>> = kVecBytes == 32 ? 4 : 1;

template <int L, class F, class Out, class... In, size_t... K>
TT_INLINE void map_run_of(const F& f, char* out, const Operand* in, int64_t n, std::index_sequence<K...>) {
  const char* at[] = {in[K].at...};
  const int64_t step[] = {in[K].step...};
  const auto vectors = [&]<int N>(std::integral_constant<int, N>) {
    Pack<Out, L> v[N];
#pragma GCC unroll 4
    for (int q = 0; q < N; ++q) {
      v[q] = as_stored<L, Out>(f(read<L, In>(at[K])...));
      ((at[K] += step[K]), ...);
    }
#pragma GCC unroll 4
    for (int q = 0; q < N; ++q) {
      memcpy(out, &v[q], sizeof v[q]);
      out += sizeof v[q];
    }
  };
  int64_t i = n / L;
  if constexpr (kAtOnce<Out, F> > 1)
    for (; i >= kAtOnce<Out, F>; i -= kAtOnce<Out, F>) vectors(std::integral_constant<int, kAtOnce<Out, F>>{});
  for (; i > 0; --i) vectors(std::integral_constant<int, 1>{});
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

// out = f(in...), L elements at a time; `cost` of an element as in parallel_for.
template <int L, class Out, class... In, class F>
TT_INLINE void map(const Call& c, int64_t cost, const F& f) {
  constexpr int64_t bytes[] = {sizeof(Out), sizeof(In)...};
  walk(c, sizeof...(In), bytes, L, cost, map_run<L, F, Out, In...>, &f);
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
