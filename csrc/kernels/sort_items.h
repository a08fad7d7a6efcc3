// Sorting one row, by integer keys whose order is that of the values (NaN above all, -0 equal to 0), digit by digit.
// That is stable without comparing positions, in either direction, and takes the same time for any input.
#pragma once
#include <string.h>

#include "../simd.h"

namespace tt {
namespace {

template <int bytes>
struct KeyOf;
template <>
struct KeyOf<1> {
  using type = uint8_t;
};
template <>
struct KeyOf<2> {
  using type = uint16_t;
};
template <>
struct KeyOf<4> {
  using type = uint32_t;
};
template <>
struct KeyOf<8> {
  using type = uint64_t;
};
template <class T>
using Key = typename KeyOf<sizeof(T)>::type;

template <class T>
constexpr bool kReal = T(0.5) != T(0);
template <class T>
constexpr bool kSigned = T(-1) < T(0);

template <class T>
TT_INLINE Key<T> key_of(T x) {
  constexpr Key<T> sign = static_cast<Key<T>>(Key<T>{1} << (8 * sizeof(T) - 1));
  Key<T> bits;
  if constexpr (kReal<T> && sizeof(T) > 1) {
    if (x != x) return static_cast<Key<T>>(-1);
    x += T(0);  // -0 becomes 0
    memcpy(&bits, &x, sizeof x);
    return bits & sign ? static_cast<Key<T>>(~bits) : bits | sign;
  }
  memcpy(&bits, &x, sizeof x);
  return kSigned<T> ? static_cast<Key<T>>(bits ^ sign) : bits;
}

template <class K>
struct Item {
  K key;
  uint32_t at;
};

// ---- sorting one row -----------------------------------------------------------------------------------------------

constexpr int64_t kInsertion = 48;  // up to here insertion beats clearing the 256 counters of each digit

template <class K>
TT_INLINE void insertion_sort(Item<K>* a, int64_t n) {
  for (int64_t i = 1; i < n; ++i) {
    const Item<K> x = a[i];
    int64_t j = i;
    for (; j > 0 && x.key < a[j - 1].key; --j) a[j] = a[j - 1];
    a[j] = x;
  }
}

// Sorts a, with the help of b; returns the one of them that holds the result.
template <class K>
TT_INLINE Item<K>* sort_items(Item<K>* a, Item<K>* b, int64_t n) {
  if (n <= kInsertion) {
    insertion_sort(a, n);
    return a;
  }
  constexpr int digits = sizeof(K);
  uint32_t count[digits][256];
  memset(count, 0, sizeof count);
  for (int64_t i = 0; i < n; ++i)
    for (int d = 0; d < digits; ++d) ++count[d][static_cast<uint8_t>(a[i].key >> (8 * d))];
  for (int d = 0; d < digits; ++d) {
    const int shift = 8 * d;
    if (count[d][static_cast<uint8_t>(a[0].key >> shift)] == n) continue;  // one value of this digit
    uint32_t begin = 0;
    for (uint32_t& c : count[d]) {
      const uint32_t here = c;
      c = begin;
      begin += here;
    }
    for (int64_t i = 0; i < n; ++i) b[count[d][static_cast<uint8_t>(a[i].key >> shift)]++] = a[i];
    Item<K>* const sorted = b;
    b = a;
    a = sorted;
  }
  return a;
}

template <class K>
TT_INLINE bool after(const Item<K>& x, const Item<K>& y) {
  return x.key > y.key || (x.key == y.key && x.at > y.at);
}

template <class K>
TT_INLINE void sink(Item<K>* heap, int64_t k, int64_t i) {
  const Item<K> x = heap[i];
  for (int64_t child; (child = 2 * i + 1) < k; i = child) {
    if (child + 1 < k && after(heap[child + 1], heap[child])) ++child;
    if (!after(heap[child], x)) break;
    heap[i] = heap[child];
  }
  heap[i] = x;
}

// Moves the k items of a with the smallest keys (the first ones among equals) to its front: a heap, greatest on top.
template <class K>
TT_INLINE void select_first(Item<K>* a, int64_t n, int64_t k) {
  for (int64_t i = k / 2 - 1; i >= 0; --i) sink(a, k, i);
  for (int64_t i = k; i < n; ++i) {
    if (!after(a[0], a[i])) continue;
    a[0] = a[i];
    sink(a, k, 0);
  }
}

}  // namespace
}  // namespace tt
