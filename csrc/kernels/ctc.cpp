// Connectionist temporal classification (Graves et al., 2006): how likely the sequences of classes are that spell a
// target.
//
// A target of S classes has 2 S + 1 states: its classes, with a blank before, between and behind them. From a state a
// sequence stays, moves on to the next, or skips the blank between two classes that differ. All in logarithms.
#include <string.h>

#include "../parallel.h"
#include "ctc_plan.h"
#include "math.h"

namespace tt {
namespace {

// One sequence of the batch: its steps, and the target it is to spell.
struct Sequence {
  int64_t number, steps, length;
  const int64_t* target;

  TT_INLINE int64_t states() const { return 2 * length + 1; }
};

struct Batch {
  int64_t steps, count, classes, blank;
  const View &targets, &input_lengths, &target_lengths;

  TT_INLINE Batch(const Call& c, int64_t first, int64_t blank)
      : steps(c.in[first].sizes[0]),
        count(c.in[first].sizes[1]),
        classes(c.in[first].sizes[2]),
        blank(blank),
        targets(c.in[first + 1]),
        input_lengths(c.in[first + 2]),
        target_lengths(c.in[first + 3]) {}

  // Targets are the rows of a matrix, or stand one behind the other.
  TT_INLINE Sequence sequence(int64_t number) const {
    const int64_t* const lengths = target_lengths.as<int64_t>();
    int64_t start = targets.ndim == 2 ? number * targets.sizes[1] : 0;
    for (int64_t i = 0; targets.ndim == 1 && i < number; ++i) start += lengths[i];
    return {number, input_lengths.as<int64_t>()[number], lengths[number], targets.as<int64_t>() + start};
  }
  TT_INLINE int64_t row(int64_t step, const Sequence& s) const { return (step * count + s.number) * classes; }

  // Whether all classes of the targets are classes.
  bool check(Fault* fault) const {
    for (int64_t number = 0; number < count; ++number) {
      const Sequence s = sequence(number);
      for (int64_t i = 0; i < s.length; ++i)
        if (static_cast<uint64_t>(s.target[i]) >= static_cast<uint64_t>(classes)) {
          *fault = {Fault::kClassOutOfRange, s.target[i], classes, 0};
          return false;
        }
    }
    return true;
  }
};

// For each state of a sequence; there is room at both ends that reads as impossible.
template <class T>
struct States {
  int64_t n;
  T* emitted;     // how likely the step is in it
  T* skip;        // 0 where it may be reached from the state before the one before
  T *now, *then;  // how likely it is at a step, and at the one visited before

  TT_INLINE States(const Call& c, const Sequence& s, int64_t most) : n(s.states()) {
    const int64_t room = ctc_room(most);
    T* const first = static_cast<T*>(c.scratch) + s.number * kCtcRows * room;
    for (int64_t i = 0; i < kCtcRows * room; ++i) first[i] = -kInf<T>;
    emitted = first + kCtcPad;
    skip = emitted + room;
    now = skip + room;
    then = now + room;
    for (int64_t i = 1; i < s.length; ++i)
      if (s.target[i] != s.target[i - 1]) skip[2 * i + 1] = 0;
  }

  TT_INLINE void read(const Sequence& s, const T* classes, int64_t blank) {
    for (int64_t i = 0; i < s.length; ++i) {
      emitted[2 * i] = classes[blank];
      emitted[2 * i + 1] = classes[s.target[i]];
    }
    emitted[n - 1] = classes[blank];
  }
  // The first step visited is in one of two states.
  TT_INLINE void begin(int64_t either, int64_t other) {
    now[either] = emitted[either];
    if (n > 1) now[other] = emitted[other];
  }
  // To each state from itself and those that are `back` and twice that before it: -1 where steps are visited backwards.
  void advance(int64_t back);
};

// log(exp(a) + exp(b) + exp(c)).
template <class V>
TT_INLINE V log_sum(V a, V b, V c) {
  const V largest = maximum(maximum(a, b), c), top = largest == -kInf<Elem<V>> ? V{} : largest;
  return log(exp(a - top) + exp(b - top) + exp(c - top)) + top;
}

template <class T>
__attribute__((noinline)) void States<T>::advance(int64_t back) {
  T* const before = now;
  now = then;
  then = before;
  const T* const skips = back > 0 ? skip : skip + 2;
  for (int64_t i = 0; i < n; i += kLanes<T>) {
    const Vec<T> skipped = load(before + i - 2 * back) + load(skips + i);
    const Vec<T> arrived = log_sum(load(before + i), load(before + i - back), skipped) + load(emitted + i);
    store_first<T>(now + i, arrived, n - i < kLanes<T> ? n - i : kLanes<T>);
  }
}

template <class T>
void walk_forward(const Call& c, const Batch& b, const Sequence& s, int64_t most) {
  T* alpha = c.out[1].as<T>() + s.number * b.steps * most;
  States<T> states(c, s, most);
  for (int64_t step = 0; step < b.steps; ++step, alpha += most) {
    int64_t known = 0;
    if (step < s.steps) {
      states.read(s, c.in[0].as<T>() + b.row(step, s), b.blank);
      if (step == 0)
        states.begin(0, 1);
      else
        states.advance(1);
      known = states.n;
      memcpy(alpha, states.now, static_cast<size_t>(known) * sizeof(T));
    }
    for (int64_t i = known; i < most; ++i) alpha[i] = -kInf<T>;
  }
  const Vec<T> none = splat<T>(-kInf<T>), last = splat(states.now[states.n - 1]);
  const T none_at_all = s.length == 0 ? T(0) : kInf<T>;
  const Vec<T> total = log_sum(last, s.length > 0 ? splat(states.now[states.n - 2]) : none, none);
  c.out[0].as<T>()[s.number] = s.steps == 0 ? none_at_all : -total[0];
}

void ctc_loss_kernel(const Call& c) {
  const auto& a = c.as<CtcAttrs>();
  const Batch b(c, 0, a.blank);
  if (!b.check(c.fault)) return;
  with_float(c.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(c.threads, b.count, b.steps * a.states * kCtcCost, [&](int64_t begin, int64_t end) {
      for (int64_t number = begin; number < end; ++number) walk_forward<T>(c, b, b.sequence(number), a.states);
    });
  });
}

// How likely each class is at a step of the sequences that spell the target: `spent` of it, and of its gradient.
template <class T>
TT_INLINE void share_step(const States<T>& states, const Sequence& s, const T* alpha, T loss, int64_t blank, T* spent,
                          T* shares) {
  for (int64_t i = 0; i < states.n; i += kLanes<T>) {
    const int64_t lanes = states.n - i < kLanes<T> ? states.n - i : kLanes<T>;
    const Vec<T> both = load_first<T>(alpha + i, lanes) + load(states.now + i);
    store_first<T>(shares + i, exp(both + (loss - load(states.emitted + i))), lanes);
  }
  for (int64_t i = 0; i < s.length; ++i) {
    spent[blank] += shares[2 * i];
    spent[s.target[i]] += shares[2 * i + 1];
  }
  spent[blank] += shares[states.n - 1];
}

// Of logarithms of probabilities that came from a softmax, whose own gradient is part of this one: the probabilities
// less the shares of the classes, times g.
template <class T>
TT_INLINE void grade_step(const T* x, T* gx, int64_t classes, T g) {
  for (int64_t i = 0; i < classes; i += kLanes<T>) {
    const int64_t lanes = classes - i < kLanes<T> ? classes - i : kLanes<T>;
    const Vec<T> at = load_first<T>(x + i, lanes), spent = load_first<T>(gx + i, lanes);
    const Vec<T> unlikely = at == -kInf<T> ? splat(kNaN<T>) : exp(at);
    store_first<T>(gx + i, (unlikely - spent) * g, lanes);
  }
}

template <class T>
void walk_backward(const Call& c, const Batch& b, const Sequence& s, bool zero_infinity) {
  const int64_t most = c.in[6].sizes[2];
  const T loss = c.in[5].as<T>()[s.number], g = c.in[0].as<T>()[s.number];
  const bool impossible = loss == kInf<T>;
  States<T> states(c, s, most);
  T* const shares = states.skip + 3 * ctc_room(most);
  for (int64_t step = b.steps - 1; step >= 0; --step) {
    const T* const x = c.in[1].as<T>() + b.row(step, s);
    T* const gx = c.out[0].as<T>() + b.row(step, s);
    const bool counts = step < s.steps && !(impossible && zero_infinity);
    const T start = counts && impossible ? kNaN<T> : T(0);
    for (int64_t i = 0; i < b.classes; ++i) gx[i] = start;
    if (!counts || impossible) continue;
    states.read(s, x, b.blank);
    if (step == s.steps - 1)
      states.begin(states.n - 1, states.n - 2);
    else
      states.advance(-1);
    share_step(states, s, c.in[6].as<T>() + (s.number * b.steps + step) * most, loss, b.blank, gx, shares);
    grade_step(x, gx, b.classes, g);
  }
}

void ctc_loss_backward_kernel(const Call& c) {
  const auto& a = c.as<CtcBackwardAttrs>();
  const Batch b(c, 1, a.blank);
  with_float(c.in[1].dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(c.threads, b.count, b.steps * c.in[6].sizes[2] * kCtcCost, [&](int64_t begin, int64_t end) {
      for (int64_t number = begin; number < end; ++number) walk_backward<T>(c, b, b.sequence(number), a.zero_infinity);
    });
  });
}

}  // namespace

TT_OP_TABLE(ctc,
            {"ctc_loss(log_probs, targets, input_lengths, target_lengths; blank: int, states: int) -> loss, log_alpha",
             infer::ctc_loss, ctc_loss_kernel},
            {"ctc_loss_backward(g, log_probs, targets, input_lengths, target_lengths, loss, log_alpha; blank: int, "
             "zero_infinity: bool) -> gx",
             infer::ctc_loss_backward, ctc_loss_backward_kernel})

}  // namespace tt
