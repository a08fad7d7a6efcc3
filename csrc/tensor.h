// Memory and tensors: reference-counted storage from a caching allocator, and strided views on it.
// Everything here is used with the GIL held; counts are therefore plain integers.
#pragma once
#include <cstring>
#include <string>
#include <utility>

#include "kernel.h"

namespace tt {

// How often a piece of memory was written in place, and by what: autograd compares it with what it saw when it saved a
// tensor. Views and detached tensors of one storage share it; `.data` starts its own.
struct Version {
  int64_t count = 0;
  const char* last_writer = nullptr;  // name of the op, for the error message
  int64_t references = 1;
};

// A block of memory, 64-byte aligned, behind its own header. Blocks are kept in free lists by size class.
struct Storage {
  int64_t references;
  void* data;
  int64_t bytes;
  int32_t size_class;  // -1: memory of somebody else
  bool resizable;
  Version version;
  void (*release)(void* owner);  // for memory of somebody else
  void* owner;

  static Storage* allocate(int64_t bytes);
  static Storage* borrow(void* data, int64_t bytes, void* owner, void (*release)(void*));
  void free();
};

struct MemoryStats {
  int64_t in_use = 0;  // bytes handed out
  int64_t peak = 0;    // the most that was ever handed out
  int64_t cached = 0;  // bytes kept for reuse
};
MemoryStats& memory_stats();
void release_cached_memory();

template <class T>
class Ref {
 public:
  Ref() = default;
  explicit Ref(T* adopted) : p_(adopted) {}
  static Ref share(T* p) {
    ++p->references;
    return Ref(p);
  }
  Ref(const Ref& o) : p_(o.p_) {
    if (p_) ++p_->references;
  }
  Ref(Ref&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
  Ref& operator=(Ref o) noexcept {
    std::swap(p_, o.p_);
    return *this;
  }
  ~Ref() {
    if (p_ && --p_->references == 0) destroy(p_);
  }
  T* get() const { return p_; }
  T* operator->() const { return p_; }
  explicit operator bool() const { return p_ != nullptr; }

 private:
  static void destroy(Storage* s) { s->free(); }
  static void destroy(Version* v) { delete v; }
  T* p_ = nullptr;
};

// A tensor as the core knows it: a view, the storage that keeps its memory alive, and the version it answers to.
struct Tensor {
  View view;
  Ref<Storage> storage;
  Ref<Version> own_version;  // only where it differs from the storage's

  Tensor() { view.data = nullptr, view.ndim = 0; }
  Version& version() const { return own_version ? *own_version.get() : storage->version; }
  int64_t storage_offset() const;
};

constexpr int64_t dtype_bytes(DType d) {
  constexpr int64_t widths[kDTypes] = {1, 1, 1, 2, 4, 8, 4, 8};
  return widths[static_cast<int>(d)];
}
constexpr bool is_floating(DType d) { return d >= DType::kFloat32; }
// bool < integer < float: a result may be written to a tensor of its own category or a higher one.
constexpr int category(DType d) { return d == DType::kBool ? 0 : is_floating(d) ? 2 : 1; }
const char* dtype_name(DType d);

// Copies only the dimensions in use: a View is large.
inline void assign(View& to, const View& from) {
  to.data = from.data;
  to.ndim = from.ndim;
  to.dtype = from.dtype;
  for (int i = 0; i < from.ndim; ++i) to.sizes[i] = from.sizes[i], to.strides[i] = from.strides[i];
}
void check_numel(const View& v);  // throws where the number of elements would overflow
void set_contiguous_strides(View& v);

Tensor empty(const int64_t* sizes, int ndim, DType dtype);
Tensor empty_like(const View& meta);    // sizes, strides (dense) and dtype of meta
std::string shape_text(const View& v);  // "(32, 30)"

}  // namespace tt
