// Operations: the registry, the choice of instruction set, and the one seam through which every kernel is launched.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "infer.h"
#include "kernel.h"
#include "tensor.h"

namespace tt {

enum class AttrKind : uint8_t { kInt, kFloat, kBool, kDType, kInts };

struct AttrSpec {
  std::string name;
  AttrKind kind;
  bool optional;  // None is no ints
  int offset;     // in the attribute struct
};

struct InputSpec {
  std::string name;
  bool optional = false;
  bool many = false;     // any number of tensors
  bool changed = false;  // the kernel writes to it
};

// An op with its signature taken apart.
struct OpInfo {
  Op op;
  std::string name;
  std::vector<InputSpec> inputs;
  std::vector<AttrSpec> attrs;
  std::vector<std::string> outputs;
  int attr_bytes = 0;
  bool changes = false;  // some input is `!`
};

// All ops of the instruction set that was chosen at import (the best one, or the one TINYTENSOR_ISA names).
const std::vector<OpInfo>& all_ops();
const OpInfo& find_op(std::string_view name);
// Names the arguments of an op, in messages, as those of the function that users call.
const OpInfo& name_arguments(std::string_view op, const std::vector<std::string>& names);
const char* isa_name();
std::vector<std::string> available_isas();

int num_threads();
void set_num_threads(int n);

// How the GIL is let go while a kernel does real work; set by the binding, which alone knows Python.
struct Unlock {
  void* (*release)() = nullptr;
  void (*acquire)(void*) = nullptr;
};
Unlock& unlock();

// One input of a call: a tensor, a Python number, or nothing.
struct Operand {
  const Tensor* tensor = nullptr;
  Scalar number;
  bool changed = false;  // marked `!` in the signature
  bool spare = false;    // nobody else sees its memory, or will again: the result may take it
};

// infer + allocate + run. Outputs that come with a storage are written to (`out=`, in-place); the others are made.
// Writing to a given output does not count its version: that is the caller's, who knows the name it goes by.
void apply(const OpInfo& op, const Operand* in, int n_in, const void* attrs, Tensor* out);

// A Python number as one element of the dtype.
void store_number(void* to, const Scalar& s, DType d);

// Calls that need no attributes of their own kind, for the core itself.
Tensor cast(const Tensor& x, DType to);
Tensor contiguous(const Tensor& x);
void copy_into(const Tensor& to, const Operand& from);

}  // namespace tt
