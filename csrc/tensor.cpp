#include "tensor.h"

#include <sys/mman.h>

#include <bit>
#include <cstdlib>
#include <new>
#include <stdexcept>

namespace tt {
namespace {

constexpr int64_t kAlignment = 64;
constexpr int64_t kHeader = (sizeof(Storage) + kAlignment - 1) / kAlignment * kAlignment;

// Size classes: four to a doubling, so that at most a fifth of a block is wasted. Blocks above the largest class go
// straight to the system.
constexpr int kSmallest = 6;  // 64 bytes
constexpr int kDoublings = 25;
constexpr int kClasses = 4 * kDoublings;
constexpr int64_t kMostCached = int64_t{1} << 30;

// Large blocks ask for huge pages: touching fresh memory in small ones takes longer than most kernels do.
constexpr int64_t kHugePage = int64_t{2} << 20;

struct FreeBlock {
  FreeBlock* next;
};

struct Allocator {
  FreeBlock* free[kClasses] = {};
  MemoryStats stats;
};

Allocator& allocator() {
  static Allocator a;
  return a;
}

int64_t class_bytes(int c) { return (int64_t{4 + c % 4} << (c / 4)) << (kSmallest - 2); }

int class_of(int64_t bytes) {
  if (bytes <= int64_t{1} << kSmallest) return 0;
  const int log2 = 63 - std::countl_zero(static_cast<uint64_t>(bytes - 1));
  const int quarter = static_cast<int>((bytes - 1) >> (log2 - 2)) & 3;
  return 4 * (log2 - kSmallest) + quarter + 1;
}

void* system_allocate(int64_t bytes) {
  const int64_t alignment = bytes < 2 * kHugePage ? kAlignment : kHugePage;
  const auto size = static_cast<size_t>((bytes + alignment - 1) / alignment * alignment);
  void* p = std::aligned_alloc(static_cast<size_t>(alignment), size);
  if (p == nullptr) {
    release_cached_memory();
    p = std::aligned_alloc(static_cast<size_t>(alignment), size);
  }
  if (p == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  if (alignment == kHugePage) madvise(p, size, MADV_HUGEPAGE);  // a wish: it may fail
#endif
  return p;
}

}  // namespace

MemoryStats& memory_stats() { return allocator().stats; }

void release_cached_memory() {
  for (auto& list : allocator().free) {
    while (list) std::free(std::exchange(list, list->next));
  }
  allocator().stats.cached = 0;
}

Storage* Storage::allocate(int64_t bytes) {
  Allocator& a = allocator();
  const int c = class_of(bytes);
  void* block;
  int64_t capacity = bytes;
  if (c < kClasses) {
    capacity = class_bytes(c);
    if (a.free[c]) {
      block = std::exchange(a.free[c], a.free[c]->next);
      a.stats.cached -= capacity;
    } else {
      block = system_allocate(kHeader + capacity);
    }
  } else {
    block = system_allocate(kHeader + bytes);
  }
  auto* s = new (block) Storage{};
  s->references = 1;
  s->data = static_cast<char*>(block) + kHeader;
  s->bytes = bytes;
  s->size_class = c < kClasses ? c : kClasses;
  a.stats.in_use += bytes;
  if (a.stats.in_use > a.stats.peak) a.stats.peak = a.stats.in_use;
  return s;
}

Storage* Storage::borrow(void* data, int64_t bytes, void* owner, void (*release)(void*)) {
  auto* s = new Storage{};
  s->references = 1;
  s->data = data;
  s->bytes = bytes;
  s->size_class = -1;
  s->owner = owner;
  s->release = release;
  return s;
}

void Storage::free() {
  if (size_class < 0) {
    if (release) release(owner);
    delete this;
    return;
  }
  Allocator& a = allocator();
  a.stats.in_use -= bytes;
  const int c = size_class;
  const int64_t capacity = c < kClasses ? class_bytes(c) : 0;
  if (c < kClasses && a.stats.cached + capacity <= kMostCached) {
    auto* block = reinterpret_cast<FreeBlock*>(this);
    block->next = a.free[c];
    a.free[c] = block;
    a.stats.cached += capacity;
  } else {
    std::free(this);
  }
}

int64_t Tensor::storage_offset() const {
  return (static_cast<const char*>(view.data) - static_cast<const char*>(storage->data)) / dtype_bytes(view.dtype);
}

const char* dtype_name(DType d) {
  constexpr const char* names[kDTypes] = {"bool", "uint8", "int8", "int16", "int32", "int64", "float32", "float64"};
  return names[static_cast<int>(d)];
}

void check_numel(const View& v) {
  constexpr int64_t most = int64_t{1} << 59;  // of eight bytes each, with room for the allocator's rounding
  int64_t n = 1;
  for (int i = 0; i < v.ndim; ++i) {
    if (v.sizes[i] < 0)
      throw std::runtime_error("Trying to create tensor with negative dimension " + std::to_string(v.sizes[i]));
    if (v.sizes[i] > 1 && n > most / v.sizes[i])
      throw std::runtime_error("a tensor of shape " + shape_text(v) + " has too many elements");
    if (v.sizes[i] > 1) n *= v.sizes[i];
  }
}

void set_contiguous_strides(View& v) {
  check_numel(v);
  int64_t stride = 1;
  for (int i = v.ndim - 1; i >= 0; --i) {
    v.strides[i] = stride;
    stride *= v.sizes[i] > 1 ? v.sizes[i] : 1;
  }
}

Tensor empty(const int64_t* sizes, int ndim, DType dtype) {
  Tensor t;
  t.view.ndim = ndim;
  t.view.dtype = dtype;
  for (int i = 0; i < ndim; ++i) t.view.sizes[i] = sizes[i];
  set_contiguous_strides(t.view);
  t.storage = Ref<Storage>(Storage::allocate(t.view.numel() * dtype_bytes(dtype)));
  t.view.data = t.storage->data;
  return t;
}

Tensor empty_like(const View& meta) {
  Tensor t;
  assign(t.view, meta);
  t.storage = Ref<Storage>(Storage::allocate(meta.numel() * dtype_bytes(meta.dtype)));
  t.view.data = t.storage->data;
  return t;
}

std::string shape_text(const View& v) {
  std::string s = "(";
  for (int i = 0; i < v.ndim; ++i) {
    if (i) s += ", ";
    s += std::to_string(v.sizes[i]);
  }
  return s + (v.ndim == 1 ? ",)" : ")");
}

}  // namespace tt
