// How element-by-element kernels go over views of any layout: in long runs where elements stand side by side, and where
// they do not, in runs of what has been gathered.
#include "pointwise.h"

#include "loops.h"

namespace tt {
namespace {

// Where rows of elements stand in memory: bytes from row to row and within a row.
struct Grid {
  char* at;
  int64_t down, along;
};

// Calls f(offset) for pieces of 16 bytes that a row of at least so many is made of; the last two may overlap.
template <class F>
TT_INLINE void each_piece(int64_t length, const F& f) {
  for (int64_t at = 0; at + 16 < length; at += 16) f(at);
  f(length - 16);
}

// Elements of w bytes, n in each row, from one place to another.
template <class W>
void regrid(const Grid& to, const Grid& from, int64_t rows, int64_t n) {
  constexpr int64_t w = sizeof(W);
  const bool long_row = to.along == w && n * w >= 16, repeats = from.along == 0;
  for (int64_t r = 0; r < rows; ++r) {
    char* const y = to.at + r * to.down;
    const char* const x = from.at + r * from.down;
    if (long_row && repeats) {
      char piece[16];
      for (int64_t i = 0; i < 16; i += w) memcpy(piece + i, x, w);
      each_piece(n * w, [&](int64_t at) { memcpy(y + at, piece, 16); });
    } else if (long_row && from.along == w) {
      each_piece(n * w, [&](int64_t at) { memcpy(y + at, x + at, 16); });
    } else {
      for (int64_t i = 0; i < n; ++i) memcpy(y + i * to.along, x + i * from.along, w);
    }
  }
}
inline void regrid(int64_t w, const Grid& to, const Grid& from, int64_t rows, int64_t n) {
  if (w == 8) return regrid<uint64_t>(to, from, rows, n);
  if (w == 4) return regrid<uint32_t>(to, from, rows, n);
  if (w == 2) return regrid<uint16_t>(to, from, rows, n);
  regrid<uint8_t>(to, from, rows, n);
}

// One element all over a vector, in one store: the vector is read at once.
template <class W>
TT_INLINE void repeat(char* to, const char* from) {
  W w;
  memcpy(&w, from, sizeof w);
  const Vec<W> all = Vec<W>{} + w;
  memcpy(to, &all, sizeof all);
}
inline void repeat(int64_t w, char* to, const char* from) {
  if (w == 8) return repeat<uint64_t>(to, from);
  if (w == 4) return repeat<uint32_t>(to, from);
  if (w == 2) return repeat<uint16_t>(to, from);
  repeat<uint8_t>(to, from);
}

// Elements that are gathered at a time, of a strided row or of several short rows.
constexpr int kChunk = 256;

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

// How out = f(in...) goes over views: number 0 is the output, then come the inputs.
template <int N>
struct Sheets {
  Run run;
  const void* f;
  int lanes;
  const int64_t (&bytes)[N];
  int64_t step[N];       // of an Operand that is read where it stands
  bool strided = false;  // some elements of a row are apart
  bool streamed = false;
  bool packed = false;  // rows are too short to be worth a call each
  bool flat[N] = {};    // one row stands behind the other

  Sheets(const Nest<N>& nest, const int64_t (&bytes)[N], int lanes, Run run, const void* f)
      : run(run), f(f), lanes(lanes), bytes(bytes) {
    const int inner = nest.ndim - 1;
    const int64_t n = nest.sizes[inner], *along = nest.strides[inner];
    for (int k = 0; k < N; ++k) {
      step[k] = k > 0 && along[k] == 0 ? 0 : lanes * bytes[k];
      strided |= step[k] != 0 && along[k] != bytes[k];
    }
    if (inner == 0 || n > kChunk / 2) return;
    constexpr int64_t kSpread = 96;  // elements from which on copies of one of them cost more than a call
    bool repeated = true;            // what does not stand in its order repeats rows or elements
    for (int k = 0; k < N; ++k) {
      const int64_t down = nest.strides[inner - 1][k];
      flat[k] = along[k] == bytes[k] && down == n * bytes[k];
      repeated &= flat[k] || (k > 0 && (along[k] == 0 ? n < kSpread : down == 0));
    }
    packed = n <= 8 || repeated;
  }

  void operator()(char* const* p, const int64_t* down, const int64_t* along, int64_t rows, int64_t n) const {
    if (packed && rows > 1) return pack(p, down, along, rows, n);
    char* q[N];
    for (int k = 0; k < N; ++k) q[k] = p[k];
    for (; rows > 0; --rows) {
      row(q, along, n);
      for (int k = 0; k < N; ++k) q[k] += down[k];
    }
  }

 private:
  void row(char* const* p, const int64_t* along, int64_t n) const {
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
        regrid(bytes[k], {gathered[k], 0, bytes[k]}, {p[k] + begin * along[k], 0, along[k]}, 1, count);
        in[k - 1].at = gathered[k];
      }
      run(f, gathered[0], in, count);
      regrid(bytes[0], {p[0] + begin * along[0], 0, along[0]}, {gathered[0], 0, bytes[0]}, 1, count);
    }
  }

  // Several rows as one: those that do not stand one behind the other are copied together.
  void pack(char* const* p, const int64_t* down, const int64_t* along, int64_t rows, int64_t n) const {
    alignas(64) char together[N][kChunk * 8];
    const int64_t most = kChunk / n;
    for (int64_t r = 0; r < rows; r += most) {
      const int64_t count = rows - r < most ? rows - r : most;
      const auto there = [&](int k) { return Grid{p[k] + r * down[k], down[k], along[k]}; };
      const auto here = [&](int k) { return Grid{together[k], n * bytes[k], bytes[k]}; };
      Operand in[N - 1];
      for (int k = 1; k < N; ++k) {
        in[k - 1] = {flat[k] ? there(k).at : together[k], lanes * bytes[k]};
        if (!flat[k] && (r == 0 || down[k] != 0)) regrid(bytes[k], here(k), there(k), count, n);
      }
      run(f, flat[0] ? there(0).at : together[0], in, count * n);
      if (!flat[0]) regrid(bytes[0], there(0), here(0), count, n);
    }
  }
};

template <int N>
void walk_views(const Call& c, const int64_t* element_bytes, int lanes, int64_t cost, Run run, const void* f) {
  const View* views[N] = {&c.out[0]};
  int64_t bytes[N] = {element_bytes[0]};
  for (int k = 1; k < N; ++k) views[k] = &c.in[k - 1], bytes[k] = element_bytes[k];
  const Nest<N> nest(views, bytes);
  Sheets<N> sheets(nest, bytes, lanes, run, f);
  sheets.streamed = nest.ndim == 1 && !sheets.strided && nest.numel * bytes[0] >= kStreamBytes;
  for (int k = 1; k < N; ++k) sheets.streamed &= views[k]->data != views[0]->data;
  nest.run_sheets(c.threads, cost, sheets);
}

}  // namespace

void TT_ISA::walk(const Call& c, int inputs, const int64_t* bytes, int lanes, int64_t cost, Run run, const void* f) {
  switch (inputs) {
    case 1:
      return walk_views<2>(c, bytes, lanes, cost, run, f);
    case 2:
      return walk_views<3>(c, bytes, lanes, cost, run, f);
    case 3:
      return walk_views<4>(c, bytes, lanes, cost, run, f);
    default:
      return walk_views<5>(c, bytes, lanes, cost, run, f);
  }
}

}  // namespace tt
