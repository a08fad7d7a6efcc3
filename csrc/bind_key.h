// The key of a subscript, x[key], taken apart: into a window on the memory of x (integers, slices, None, Ellipsis) and
// into tensors that index dimensions of this window.
#pragma once
#include "bind.h"

namespace tt::bind {

struct Subscript {
  View window;
  bool whole = true;       // the window is x itself
  Ints dims{0, {}};        // dimensions of the window that are indexed, ascending,
  Tensor index[kMaxDims];  // by these,
  int masks = 0;           // of which so many masks
  int64_t masked = 0;      // gave so many.

  bool by_one_mask() const { return masks == 1 && masked == dims.n; }
};

// `basic` receives the key of the window alone: what tensors index is a full slice in it.
void parse_key(const View& x, PyObject* key, Subscript* s, py::list* basic = nullptr);
// x[i] and x[i, j]: the commonest keys, without the general machinery. False for all others, errors among them.
bool by_integers(const View& x, PyObject* key, View* y);
// Whether the key is a mask of the very sizes of x.
bool is_full_mask(const View& x, PyObject* key);

// An op of one tensor.
Tensor call(const OpInfo& op, const Tensor& x, const void* attrs);

}  // namespace tt::bind
