// The names of the shape and dtype rules, for the op tables. Each is described where it is defined (infer/*.cpp).
#pragma once

namespace tt {
struct Infer;

namespace infer {

// pointwise.cpp
void unary(Infer&);                 // any dtype, kept
void unary_number(Infer&);          // any dtype but bool, kept
void unary_only_float(Infer&);      // floats, kept
void unary_integer(Infer&);         // integers and bool, kept
void unary_float(Infer&);           // integers become the default float
void unary_bool(Infer&);            // result is bool
void square(Infer&);                // any dtype, bool becomes int64
void binary(Infer&);                // promoted; any number of inputs, here and below
void binary_tensors(Infer&);        // promoted, no Python numbers
void binary_number(Infer&);         // promoted, not bool
void binary_integer(Infer&);        // promoted, not a float
void binary_float(Infer&);          // promoted, integers become the default float
void binary_float_tensors(Infer&);  // the same, no Python numbers
void subtract(Infer&);              // promoted, nothing may be bool
void fmod(Infer&);                  // promoted, not bool, the first is a tensor
void copysign(Infer&);              // as binary_float, the first is a tensor
void clamp(Infer&);                 // promoted, the first is a tensor
void hardtanh(Infer&);              // as unary_number, between two limits
void pow(Infer&);                   // promoted; an integer wants an exponent that is not negative
void compare(Infer&);               // promoted for the comparison, result is bool, the first is a tensor
void logical(Infer&);               // result is bool, no Python numbers
void where(Infer&);                 // a condition, and two that are promoted

// copy.cpp
void cast(Infer&);
void copy(Infer&);
void contiguous(Infer&);
void full(Infer&);

// ranges.cpp
void arange(Infer&);
void linspace(Infer&);

// reduce.cpp
void sum(Infer&);          // dims, keepdim; integers become int64
void sum_to(Infer&);       // sizes that broadcast to x
void mean(Infer&);         // dims, keepdim; floats only
void extreme(Infer&);      // dims, keepdim; dtype kept, nothing to reduce is an error
void extreme_dim(Infer&);  // the same along one dim, with indices
void any(Infer&);          // dims, keepdim; bool (of uint8: uint8)

// scan.cpp
void scan(Infer&);          // along dim; integers become int64
void scan_float(Infer&);    // along dim; floats only
void scan_extreme(Infer&);  // along dim; dtype kept, with indices

// softmax.cpp
void softmax(Infer&);  // along dim; floats only
void softmax_backward(Infer&);
void cross_entropy(Infer&);  // (rows, classes), one target a row
void cross_entropy_backward(Infer&);
void nll_loss(Infer&);
void nll_loss_backward(Infer&);

// norm.cpp
void layer_norm(Infer&);  // over the last n elements
void layer_norm_backward(Infer&);
void rms_norm(Infer&);
void rms_norm_backward(Infer&);
void batch_norm(Infer&);  // over all but dimension 1
void batch_norm_update(Infer&);
void batch_norm_eval(Infer&);
void batch_norm_backward(Infer&);

// matmul.cpp
void matmul(Infer&);         // torch.matmul: any ranks, leading dimensions broadcast
void linear(Infer&);         // x @ w.T + bias
void contract_rows(Infer&);  // a.T @ b over all rows
void dot(Infer&);            // two vectors

// distance.cpp
void cdist(Infer&);  // of rows and columns
void cdist_backward(Infer&);

// conv.cpp
void conv(Infer&);            // windows of x times w
void conv_transpose(Infer&);  // its transpose in x
void conv_weight(Infer&);     // and in w

// pooling.cpp
void max_pool(Infer&);  // with the places of the largest elements
void max_pool_backward(Infer&);
void avg_pool(Infer&);
void avg_pool_backward(Infer&);
void adaptive_max_pool(Infer&);
void adaptive_avg_pool(Infer&);
void adaptive_avg_pool_backward(Infer&);

// windows.cpp
void windows(Infer&);      // (*, *spatial) to (*, *kernel, *count)
void overlap_add(Infer&);  // and back

// image.cpp
void resample(Infer&);  // elements along one dimension out of a few others
void resample_backward(Infer&);

// grid.cpp
void grid_sample(Infer&);  // images at the places of a grid
void grid_sample_backward(Infer&);

// attention.cpp
void attention(Infer&);  // (..., queries, e), (..., keys, e), (..., keys, v)
void attention_backward(Infer&);

// recurrent.cpp
void recurrent(Infer&);  // a layer in one direction, over all times
void recurrent_backward(Infer&);

// lu.cpp
void lu_factor(Infer&);
void lu_permutation(Infer&);
void solve_triangle(Infer&);

// qr.cpp
void qr(Infer&);

// random.cpp
void seed(Infer&);     // checks the state
void uniform(Infer&);  // one rule a distribution: its parameters' domain, then size and dtype from attributes
void normal(Infer&);
void exponential(Infer&);
void log_normal(Infer&);
void cauchy(Infer&);
void geometric(Infer&);
void integers(Infer&);
void randperm(Infer&);
void bernoulli(Infer&);
void poisson(Infer&);
void binomial(Infer&);
void multinomial(Infer&);
void dropout(Infer&);

// index.cpp
void index(Infer&);
void index_backward(Infer&);
void index_write(Infer&);
void as_strided_backward(Infer&);

// gather.cpp
void gather(Infer&);
void gather_backward(Infer&);
void scatter(Infer&);
void masked_fill(Infer&);
void masked_select(Infer&);
void masked_scatter(Infer&);
void nonzero_count(Infer&);
void nonzero(Infer&);

// join.cpp
void cat(Infer&);
void stack(Infer&);
void pad(Infer&);

// rearrange.cpp
void rearrange(Infer&);
void repeat(Infer&);
void triangle(Infer&);

// sort.cpp
void sort(Infer&);
void topk(Infer&);
void kthvalue(Infer&);  // along dim; the values and where they are, here and below
void median(Infer&);
void mode(Infer&);
void row_order(Infer&);

// search.cpp
void searchsorted(Infer&);
void bincount(Infer&);
void histc(Infer&);

// ctc.cpp
void ctc_loss(Infer&);
void ctc_loss_backward(Infer&);

// update.cpp
void sgd_step(Infer&);
void sgd_momentum_step(Infer&);
void adam_step(Infer&);
void amsgrad_step(Infer&);

}  // namespace infer
}  // namespace tt
