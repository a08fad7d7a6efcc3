// Rules of normalisation.
#include "../infer.h"

namespace tt::infer {
namespace {

// All inputs contiguous and of the dtype of x.
void prepare(Infer& c, const View& x) {
  if (!is_floating(x.dtype)) c.fail("expected a floating point dtype, got %s", dtype_name(x.dtype));
  for (int i = 0; i < c.n_in; ++i) {
    c.contiguous[i] = true;
    if (c.given(i) && c.in[i].dtype != x.dtype)
      c.fail("expected all tensors of dtype %s, got %s", dtype_name(x.dtype), dtype_name(c.in[i].dtype));
  }
}

void output(Infer& c, int o, const View& x, const int64_t* sizes, int ndim) {
  c.shape(o, sizes, ndim);
  c.out[o].dtype = x.dtype;
}

// The statistics of rows of n elements: outputs first ... to the last.
void row_statistics(Infer& c, int first, int64_t n) {
  const View& x = c.in[0];
  const int64_t rows = n ? x.numel() / n : 0;
  for (int o = first; o < c.n_out; ++o) output(c, o, x, &rows, 1);
}

void check_length(Infer& c, int input, int64_t n, const char* what) {
  if (c.given(input) && c.in[input].numel() != n)
    c.fail("%s has %ld elements instead of %ld", what, static_cast<long>(c.in[input].numel()), static_cast<long>(n));
}

int64_t channels(const View& x) { return x.ndim > 1 ? x.sizes[1] : 0; }

}  // namespace

void layer_norm(Infer& c) {
  const auto n = c.as<int64_t>();
  prepare(c, c.in[0]);
  check_length(c, 1, n, "weight");
  check_length(c, 2, n, "bias");
  output(c, 0, c.in[0], c.in[0].sizes, c.in[0].ndim);
  row_statistics(c, 1, n);
}

void rms_norm(Infer& c) {
  const auto n = c.as<int64_t>();
  prepare(c, c.in[0]);
  check_length(c, 1, n, "weight");
  output(c, 0, c.in[0], c.in[0].sizes, c.in[0].ndim);
  row_statistics(c, 1, n);
}

void layer_norm_backward(Infer& c) {
  const View& x = c.in[1];
  const auto n = c.as<int64_t>();
  prepare(c, x);
  output(c, 0, x, x.sizes, x.ndim);
  output(c, 1, x, &n, 1);
  output(c, 2, x, &n, 1);
}

void rms_norm_backward(Infer& c) {
  const View& x = c.in[1];
  const auto n = c.as<int64_t>();
  prepare(c, x);
  output(c, 0, x, x.sizes, x.ndim);
  output(c, 1, x, &n, 1);
}

void batch_norm(Infer& c) {
  const View& x = c.in[0];
  const int64_t n = channels(x);
  prepare(c, x);
  check_length(c, 1, n, "weight");
  check_length(c, 2, n, "bias");
  output(c, 0, x, x.sizes, x.ndim);
  for (int o = 1; o < 4; ++o) output(c, o, x, &n, 1);
}

void batch_norm_update(Infer& c) {
  prepare(c, c.in[0]);
  for (int i = 1; i < 4; ++i) check_length(c, i, c.in[0].numel(), "a statistic");
}

void batch_norm_eval(Infer& c) {
  const View& x = c.in[0];
  const int64_t n = channels(x);
  prepare(c, x);
  check_length(c, 1, n, "running_mean");
  check_length(c, 2, n, "running_var");
  check_length(c, 3, n, "weight");
  check_length(c, 4, n, "bias");
  output(c, 0, x, x.sizes, x.ndim);
  output(c, 1, x, &n, 1);
}

void batch_norm_backward(Infer& c) {
  const View& x = c.in[1];
  const int64_t n = channels(x);
  prepare(c, x);
  output(c, 0, x, x.sizes, x.ndim);
  output(c, 1, x, &n, 1);
  output(c, 2, x, &n, 1);
}

}  // namespace tt::infer
