// A recurrent layer in one direction over all times: RNN, LSTM and GRU.
//
// The products with the input come from outside, for all times at once; each step multiplies the hidden state by the
// weight, which is packed once, and applies the gates. Rows of the batch are independent of each other: a thread takes
// its rows through all times.
#include "../parallel.h"
#include "math.h"
#include "recurrent_plan.h"
#include "windows.h"

namespace tt {
namespace {

// to[panel][k][lane]: `lanes` columns, `width` of them side by side.
template <class T>
void pack_weight(const T* from, int64_t lane_step, int64_t k_step, int64_t lanes, int64_t count, int64_t width, T* to) {
  for (int64_t first = 0; first < lanes; first += width)
    for (int64_t k = 0; k < count; ++k, to += width)
      for (int64_t i = first; i < lanes && i < first + width; ++i) to[i - first] = from[i * lane_step + k * k_step];
}

// C (rows, columns) = A (rows, k) times the packed weight.
template <class T>
void times_weight(const T* a, int64_t rows, int64_t k, const T* packed, int64_t columns, int64_t width, T* c) {
  for (int64_t j = 0; j < columns; j += width, packed += k * width) {
    const int64_t n = columns - j < width ? columns - j : width;
    TT_ISA::product(Gemm{rows, n, k, k, 1, width, 1, columns, 1}, a, packed, c + j, nullptr);
  }
}

// One row of the batch at one time.
template <class T>
struct Step {
  const T *x, *u, *bias;        // products with input and hidden state; the latter's bias, or null
  const T *hidden, *cell;       // the state before
  T *next, *next_cell, *gates;  // the state after; what backward needs
};

template <class T>
void step_forward(const RecurrentPlan& p, const Step<T>& s) {
  const int64_t n = p.hidden;
  each_vector<T>(n, [&](int64_t i, int64_t lanes) {
    const auto at = [&](const T* from, int64_t gate) { return load_first<T>(from + gate * n + i, lanes); };
    const auto put = [&](T* to, int64_t gate, Vec<T> v) { store_first<T>(to + gate * n + i, v, lanes); };
    const auto from_hidden = [&](int64_t gate) { return s.bias ? at(s.u, gate) + at(s.bias, gate) : at(s.u, gate); };
    const auto sum = [&](int64_t gate) { return at(s.x, gate) + from_hidden(gate); };
    if (p.mode == kLstm) {
      const Vec<T> enter = sigmoid(sum(0)), keep = sigmoid(sum(1)), fresh = tanh(sum(2)), show = sigmoid(sum(3));
      const Vec<T> cell = keep * at(s.cell, 0) + enter * fresh;
      put(s.gates, 0, enter), put(s.gates, 1, keep), put(s.gates, 2, fresh), put(s.gates, 3, show);
      put(s.next_cell, 0, cell);
      put(s.next, 0, show * tanh(cell));
    } else if (p.mode == kGru) {
      const Vec<T> reset = sigmoid(sum(0)), keep = sigmoid(sum(1)), candidate = from_hidden(2);
      const Vec<T> fresh = tanh(at(s.x, 2) + reset * candidate);
      put(s.gates, 0, reset), put(s.gates, 1, keep), put(s.gates, 2, fresh), put(s.gates, 3, candidate);
      put(s.next, 0, (at(s.hidden, 0) - fresh) * keep + fresh);
    } else {
      const Vec<T> total = sum(0);
      put(s.next, 0, p.mode == kReluRnn ? (total < 0 ? Vec<T>{} : total) : tanh(total));
    }
  });
}

template <class T>
TT_INLINE void copy_row(T* to, const T* from, int64_t n) {
  memcpy(to, from, static_cast<size_t>(n) * sizeof(T));
}

void recurrent_kernel(const Call& c) {
  const View &x = c.in[0], &h0 = c.in[1], &c0 = c.in[2], &w = c.in[3], &bias = c.in[4], &lengths = c.in[5];
  const auto& a = c.as<RecurrentAttrs>();
  const RecurrentPlan p(a.mode, x.sizes[0], h0.sizes[0], h0.sizes[1]);
  if (p.rows * p.hidden == 0) return;
  with_float(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    T* const packed = static_cast<T*>(c.scratch);
    pack_weight(w.as<T>(), p.hidden, 1, p.gates, p.hidden, p.panel, packed);
    parallel_for(c.threads, p.rows, p.row_cost(), [&](int64_t begin, int64_t end) {
      T* const u = packed + p.packed(p.hidden, p.gates) + begin * p.gates;
      const T *before = h0.as<T>(), *cell_before = c0.as<T>();
      for (int64_t s = 0; s < p.times; ++s) {
        const int64_t t = a.reverse ? p.times - 1 - s : s;
        T* const y = c.out[0].as<T>() + t * p.rows * p.hidden;
        T* const cells = p.mode == kLstm ? c.out[1].as<T>() + t * p.rows * p.hidden : nullptr;
        times_weight(before + begin * p.hidden, end - begin, p.hidden, packed, p.gates, p.panel, u);
        for (int64_t n = begin; n < end; ++n) {
          const int64_t state = n * p.hidden;
          if (lengths.data && lengths.as<int64_t>()[n] <= t) {  // not begun, or over: the state stays
            copy_row(y + state, before + state, p.hidden);
            if (cells) copy_row(cells + state, cell_before + state, p.hidden);
            continue;
          }
          step_forward<T>(
              p, {x.as<T>() + (t * p.rows + n) * p.gates, u + (n - begin) * p.gates, bias.as<T>(), before + state,
                  cells ? cell_before + state : nullptr, y + state, cells ? cells + state : nullptr,
                  p.saved ? c.out[2].as<T>() + (t * p.rows + n) * p.saved : nullptr});
        }
        before = y;
        cell_before = cells;
      }
    });
  });
}

// One row at one time, backwards. `direct` holds the gradient of the next state that did not pass through the weight,
// `through` what did; `direct` then that of the state before.
template <class T>
struct StepBack {
  const T *g, *gc;                                    // gradients of this time's state from outside, or null
  const T *gates, *next, *next_cell, *hidden, *cell;  // as in Step
  const T* through;
  T *direct, *carry;  // carry: of the cell
  T *gx, *gu;         // gradients of the products with input, and (GRU) with the hidden state
};

template <class T>
void step_backward(const RecurrentPlan& p, const StepBack<T>& s, bool running) {
  const int64_t n = p.hidden;
  each_vector<T>(n, [&](int64_t i, int64_t lanes) {
    const auto at = [&](const T* from, int64_t gate) { return load_first<T>(from + gate * n + i, lanes); };
    const auto put = [&](T* to, int64_t gate, Vec<T> v) { store_first<T>(to + gate * n + i, v, lanes); };
    Vec<T> dh = at(s.direct, 0) + at(s.through, 0), direct{};
    if (s.g) dh += at(s.g, 0);
    if (!running) {
      put(s.direct, 0, dh);
      if (s.carry && s.gc) put(s.carry, 0, at(s.carry, 0) + at(s.gc, 0));
      for (int64_t gate = 0; gate * n < p.gates; ++gate) {
        put(s.gx, gate, Vec<T>{});
        if (s.gu) put(s.gu, gate, Vec<T>{});
      }
      return;
    }
    if (p.mode == kLstm) {
      const Vec<T> enter = at(s.gates, 0), keep = at(s.gates, 1), fresh = at(s.gates, 2), show = at(s.gates, 3);
      const Vec<T> shown = tanh(at(s.next_cell, 0));
      Vec<T> dc = at(s.carry, 0) + dh * show * (1 - shown * shown);
      if (s.gc) dc += at(s.gc, 0);
      put(s.gx, 0, dc * fresh * ((1 - enter) * enter));
      put(s.gx, 1, dc * at(s.cell, 0) * ((1 - keep) * keep));
      put(s.gx, 2, dc * enter * (1 - fresh * fresh));
      put(s.gx, 3, dh * shown * ((1 - show) * show));
      put(s.carry, 0, dc * keep);
    } else if (p.mode == kGru) {
      const Vec<T> reset = at(s.gates, 0), keep = at(s.gates, 1), fresh = at(s.gates, 2), candidate = at(s.gates, 3);
      const Vec<T> df = dh * (1 - keep) * (1 - fresh * fresh);
      const Vec<T> dr = df * candidate * ((1 - reset) * reset);
      const Vec<T> dk = dh * (at(s.hidden, 0) - fresh) * ((1 - keep) * keep);
      put(s.gx, 0, dr), put(s.gx, 1, dk), put(s.gx, 2, df);
      put(s.gu, 0, dr), put(s.gu, 1, dk), put(s.gu, 2, df * reset);
      direct = dh * keep;
    } else {
      const Vec<T> y = at(s.next, 0);
      put(s.gx, 0, p.mode == kReluRnn ? (y > 0 ? dh : Vec<T>{}) : dh * (1 - y * y));
    }
    put(s.direct, 0, direct);
  });
}

void recurrent_backward_kernel(const Call& c) {
  const View &g = c.in[0], &gc = c.in[1], &y = c.in[2], &cells = c.in[3], &gates = c.in[4], &h0 = c.in[5],
             &c0 = c.in[6], &w = c.in[7], &lengths = c.in[8];
  const auto& a = c.as<RecurrentAttrs>();
  const RecurrentPlan p(a.mode, y.sizes[0], h0.sizes[0], h0.sizes[1]);
  if (p.rows * p.hidden == 0) return;
  with_float(y.dtype, [&](auto zero) {
    using T = decltype(zero);
    T* const packed = static_cast<T*>(c.scratch);
    T* const work = packed + p.packed(p.gates, p.hidden);
    const int64_t states = p.rows * p.hidden;
    pack_weight(w.as<T>(), 1, p.hidden, p.hidden, p.gates, p.panel, packed);
    memset(work, 0, static_cast<size_t>(3 * states) * sizeof(T));
    parallel_for(c.threads, p.rows, p.row_cost(), [&](int64_t begin, int64_t end) {
      T *const direct = work, *const through = work + states, *const carry = work + 2 * states;
      for (int64_t s = p.times - 1; s >= 0; --s) {
        const int64_t t = a.reverse ? p.times - 1 - s : s, earlier = a.reverse ? t + 1 : t - 1;
        T* const gu = p.mode == kGru ? c.out[1].as<T>() : c.out[0].as<T>();
        for (int64_t n = begin; n < end; ++n) {
          const int64_t state = n * p.hidden, now = t * states + state, row = t * p.rows + n;
          const auto before = [&](const View& all, const View& first) {
            return s ? all.as<T>() + earlier * states + state : first.as<T>() + state;
          };
          const bool lstm = p.mode == kLstm;
          step_backward<T>(p,
                           {g.data ? g.as<T>() + now : nullptr, gc.data ? gc.as<T>() + now : nullptr,
                            p.saved ? gates.as<T>() + row * p.saved : nullptr, y.as<T>() + now,
                            lstm ? cells.as<T>() + now : nullptr, before(y, h0), lstm ? before(cells, c0) : nullptr,
                            through + state, direct + state, lstm ? carry + state : nullptr,
                            c.out[0].as<T>() + row * p.gates, p.mode == kGru ? gu + row * p.gates : nullptr},
                           !lengths.data || lengths.as<int64_t>()[n] > t);
        }
        times_weight(gu + (t * p.rows + begin) * p.gates, end - begin, p.gates, packed, p.hidden, p.panel,
                     through + begin * p.hidden);
      }
      T* const gh = c.out[2].as<T>();
      for (int64_t i = begin * p.hidden; i < end * p.hidden; ++i) gh[i] = direct[i] + through[i];
      if (p.mode == kLstm)
        copy_row(c.out[3].as<T>() + begin * p.hidden, carry + begin * p.hidden, (end - begin) * p.hidden);
    });
  });
}

}  // namespace
}  // namespace tt

namespace tt {
TT_OP_TABLE(recurrent,
            {"recurrent(x, h, c?, w, bias?, lengths?; mode: int, reverse: bool) -> y, cells, gates", infer::recurrent,
             recurrent_kernel},
            {"recurrent_backward(g?, gc?, y, cells?, gates?, h, c?, w, lengths?; mode: int, reverse: bool) -> gx, gu, "
             "gh, gc",
             infer::recurrent_backward, recurrent_backward_kernel})
}  // namespace tt
