// Rules of softmax and of the losses of classes.
#include "../infer.h"

namespace tt::infer {
namespace {

enum Reduction : int64_t { kNone, kMean, kSum };

struct ClassAttrs {
  int64_t ignore;
  int64_t reduction;
};

// Rows of class scores (input 0), one target a row (input 1), perhaps one weight a class (input 2).
void check_classes(Infer& c) {
  const View &x = c.in[0], &target = c.in[1];
  if (!is_floating(x.dtype)) c.fail("expected scores of a floating point dtype, got %s", dtype_name(x.dtype));
  if (x.ndim != 2) c.fail("expected scores of shape (rows, classes), got %s", shape_text(x).c_str());
  if (target.ndim != 1 || target.sizes[0] != x.sizes[0])
    c.fail<ValueError>("%s scores need one target a row, got targets of shape %s", shape_text(x).c_str(),
                       shape_text(target).c_str());
  if (target.dtype != DType::kInt64 && target.dtype != DType::kUInt8)
    c.fail("expected target classes of dtype int64, got %s", dtype_name(target.dtype));
  c.cast[1] = DType::kInt64;
  if (c.given(2)) {
    const View& weight = c.in[2];
    if (weight.ndim != 1 || weight.sizes[0] != x.sizes[1])
      c.fail("%ld classes need one weight each, got weights of shape %s", static_cast<long>(x.sizes[1]),
             shape_text(weight).c_str());
    if (weight.dtype != x.dtype)
      c.fail("expected weights of the dtype of the scores, %s, got %s", dtype_name(x.dtype), dtype_name(weight.dtype));
  }
}

// The loss, and (the last output) what a mean was divided by.
void losses(Infer& c, int64_t reduction) {
  const View& x = c.in[0];
  const int total = c.n_out - 1;
  c.shape(0, x.sizes, reduction == kNone ? 1 : 0);
  c.shape(total, nullptr, 0);
  c.out[0].dtype = c.out[total].dtype = x.dtype;
  c.scratch = 2 * x.sizes[0] * dtype_bytes(x.dtype);
}

void all_contiguous(Infer& c) {
  for (int i = 0; i < c.n_in; ++i) c.contiguous[i] = true;
}

}  // namespace

void softmax(Infer& c) {
  const View& x = c.in[0];
  wrap_dim(c, c.as<int64_t>(), x.ndim);
  if (!is_floating(x.dtype) && x.numel() > 0)
    c.fail("not implemented for %s: give a floating point dtype", dtype_name(x.dtype));
  c.contiguous[0] = true;
  c.shape(0, x.sizes, x.ndim);
  c.out[0].dtype = x.dtype;
}

void softmax_backward(Infer& c) {
  c.contiguous[1] = true;
  c.cast[0] = c.in[1].dtype;
  softmax(c);
  c.out[0].dtype = c.in[1].dtype;
}

void cross_entropy(Infer& c) {
  check_classes(c);
  all_contiguous(c);
  losses(c, c.as<ClassAttrs>().reduction);
  c.shape(1, c.in[0].sizes, 2);
  c.shape(2, c.in[0].sizes, 1);
  c.out[1].dtype = c.out[2].dtype = c.in[0].dtype;
}

void cross_entropy_backward(Infer& c) {
  all_contiguous(c);
  c.contiguous[1] = false;  // stands for what e came from; the kernel does not read it
  c.cast[0] = c.in[2].dtype;
  c.cast[4] = DType::kInt64;
  c.shape(0, c.in[2].sizes, 2);
  c.out[0].dtype = c.in[2].dtype;
}

void nll_loss(Infer& c) {
  check_classes(c);
  all_contiguous(c);
  losses(c, c.as<ClassAttrs>().reduction);
}

void nll_loss_backward(Infer& c) {
  struct Attrs {
    ClassAttrs classes;
    int64_t count;
  };
  all_contiguous(c);
  c.cast[1] = DType::kInt64;
  const int64_t sizes[] = {c.in[1].sizes[0], c.as<Attrs>().count};
  c.shape(0, sizes, 2);
  c.out[0].dtype = c.in[0].dtype;
}

}  // namespace tt::infer
