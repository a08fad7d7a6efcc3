#include "op.h"

#include <sched.h>

#include <cstdlib>
#include <memory>
#include <thread>
#include <unordered_map>

#include "parallel.h"

#define TT_DECLARE_TABLE(file) extern const OpTable file##_table;
#define TT_TABLE_ADDRESS(file) &file##_table,

namespace tt {

Crowding crowding;

// TT_ISAS, from the build, is X(baseline) X(avx2) ...: the sets that the kernels were compiled for.
#define X(isa)                                                                \
  namespace isa {                                                             \
  TT_KERNEL_FILES(TT_DECLARE_TABLE)                                           \
  static const OpTable* const tables[] = {TT_KERNEL_FILES(TT_TABLE_ADDRESS)}; \
  }
TT_ISAS
#undef X

namespace {

struct Isa {
  const char* name;
  const OpTable* const* tables;
  size_t count;
};
#define X(isa) {#isa, isa::tables, std::size(isa::tables)},
const Isa kIsas[] = {TT_ISAS};  // from the plainest to the widest
#undef X

bool cpu_supports([[maybe_unused]] std::string_view isa) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  if (isa == "avx2") return avx2;
  if (isa == "avx512")
    return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
#endif
  return true;
}

const Isa& chosen_isa() {
  static const Isa& chosen = []() -> const Isa& {
    const char* wanted = std::getenv("TINYTENSOR_ISA");
    const Isa* best = nullptr;
    for (const Isa& isa : kIsas) {
      const bool named = wanted && *wanted && std::string_view(wanted) == isa.name;
      if (cpu_supports(isa.name)) {
        if (named) return isa;
        best = &isa;
      } else if (named) {
        throw std::runtime_error(std::string("TINYTENSOR_ISA=") + wanted + ": this CPU does not support it");
      }
    }
    if (wanted && *wanted) {
      std::string names;
      for (const Isa& isa : kIsas) names += std::string(names.empty() ? "" : ", ") + isa.name;
      throw std::runtime_error(std::string("TINYTENSOR_ISA=") + wanted + ": this build has " + names);
    }
    if (!best) throw std::runtime_error("no kernels in this build run on this CPU");
    return *best;
  }();
  return chosen;
}

std::string trim(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return std::string(s);
}

std::vector<std::string> split(std::string_view s) {
  std::vector<std::string> parts;
  while (!trim(s).empty()) {
    const size_t comma = s.find(',');
    parts.push_back(trim(s.substr(0, comma)));
    s = comma == s.npos ? "" : s.substr(comma + 1);
  }
  return parts;
}

AttrKind attr_kind(std::string_view kind, const char* signature) {
  if (kind == "int") return AttrKind::kInt;
  if (kind == "float") return AttrKind::kFloat;
  if (kind == "bool") return AttrKind::kBool;
  if (kind == "dtype") return AttrKind::kDType;
  if (kind == "ints") return AttrKind::kInts;
  throw std::logic_error(std::string("unknown attribute kind in: ") + signature);
}

OpInfo parse(const Op& op) {
  OpInfo info;
  info.op = op;
  const std::string_view s = op.signature;
  const size_t open = s.find('('), close = s.find(')'), arrow = s.find("->");
  if (open == s.npos || close == s.npos || arrow == s.npos)
    throw std::logic_error(std::string("not a signature: ") + op.signature);
  info.name = trim(s.substr(0, open));
  std::string_view inside = s.substr(open + 1, close - open - 1);
  const size_t semicolon = inside.find(';');
  for (std::string& text : split(inside.substr(0, semicolon))) {
    InputSpec input;
    if (text.front() == '*') input.many = true, text.erase(0, 1);
    if (text.back() == '!') input.changed = info.changes = true, text.pop_back();
    if (text.back() == '?') input.optional = true, text.pop_back();
    input.name = text;
    info.inputs.push_back(input);
  }
  if (semicolon != inside.npos) {
    for (const std::string& text : split(inside.substr(semicolon + 1))) {
      const size_t colon = text.find(':');
      if (colon == text.npos) throw std::logic_error(std::string("attribute without a kind: ") + op.signature);
      std::string kind = trim(text.substr(colon + 1));
      const bool optional = kind == "ints?";
      if (optional) kind.pop_back();
      AttrSpec attr{trim(text.substr(0, colon)), attr_kind(kind, op.signature), optional, info.attr_bytes};
      info.attr_bytes += attr.kind == AttrKind::kInts ? static_cast<int>(sizeof(Ints)) : 8;
      info.attrs.push_back(attr);
    }
  }
  info.outputs = split(s.substr(arrow + 2));
  return info;
}

int default_threads() {
  int cores = static_cast<int>(std::thread::hardware_concurrency());
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) cores = CPU_COUNT(&set);
  if (const char* wanted = std::getenv("OMP_NUM_THREADS")) {
    const int n = std::atoi(wanted);
    if (n > 0) cores = n;
  }
  return cores > 0 ? cores : 1;
}

int& threads_slot() {
  static int threads = default_threads();
  return threads;
}

[[noreturn]] void raise(const OpInfo& info, const Fault& f) {
  const auto n = [](int64_t v) { return std::to_string(v); };
  switch (f.code) {
    case Fault::kIndexOutOfRange:
      throw IndexError(info.name + ": index " + n(f.value) + " is out of bounds for dimension " + n(f.dim) +
                       " with size " + n(f.limit));
    case Fault::kPlaceOutOfRange:  // PyTorch makes it a RuntimeError for gather and scatter
      throw std::runtime_error(info.name + ": index " + n(f.value) + " is out of bounds for dimension " + n(f.dim) +
                               " with size " + n(f.limit));
    case Fault::kClassOutOfRange:
      throw IndexError(info.name + ": Target " + n(f.value) + " is out of bounds.");
    case Fault::kDivisionByZero:
      throw std::runtime_error("ZeroDivisionError");
    case Fault::kNegativeExponent:
      throw std::runtime_error("Integers to negative integer powers are not allowed.");
    case Fault::kBadWeight:
      throw std::runtime_error(info.name + ": probability tensor contains either `inf`, `nan` or element < 0");
    case Fault::kNoWeight:
      throw std::runtime_error(info.name + ": invalid distribution (sum of probabilities <= 0)");
    case Fault::kBadProbability:
      throw std::runtime_error(info.name + ": expected probabilities in [0, 1]");
    case Fault::kNegativeRate:
      throw std::runtime_error(info.name + ": invalid Poisson rate, expected rate to be non-negative");
    default:
      throw std::runtime_error(info.name + ": the kernel failed");
  }
}

// Arrays as long as the inputs; on the stack for all but calls over many tensors.
template <class T>
class Array {
 public:
  explicit Array(int n) : heap_(n > kInlineInputs ? new T[static_cast<size_t>(n)] : nullptr) {}
  T* data() { return heap_ ? heap_.get() : inline_; }
  T& operator[](int i) { return data()[i]; }

 private:
  T inline_[kInlineInputs];
  std::unique_ptr<T[]> heap_;
};

void expand(View& v, const View& to) {
  const int lead = to.ndim - v.ndim;
  for (int d = to.ndim - 1; d >= 0; --d) {
    const bool repeated = d < lead || (v.sizes[d - lead] == 1 && to.sizes[d] != 1);
    v.strides[d] = repeated ? 0 : v.strides[d - lead];
    v.sizes[d] = to.sizes[d];
  }
  v.ndim = to.ndim;
}

bool same_window(const View& a, const View& b) {
  if (a.data != b.data || a.ndim != b.ndim || a.dtype != b.dtype) return false;
  for (int d = 0; d < a.ndim; ++d)
    if (a.sizes[d] != 1 && a.strides[d] != b.strides[d]) return false;
  return true;
}

bool same_sizes(const View& a, const View& b) {
  if (a.ndim != b.ndim) return false;
  for (int d = 0; d < a.ndim; ++d)
    if (a.sizes[d] != b.sizes[d]) return false;
  return true;
}

bool writable_as_is(const View& to, const Infer& c, const Operand* operands, const Tensor& given) {
  if (!c.pointwise && !to.is_contiguous()) return false;
  for (int i = 0; i < c.n_in; ++i) {
    if (operands[i].tensor == nullptr || operands[i].tensor->storage.get() != given.storage.get()) continue;
    if (!c.pointwise || !same_window(c.in[i], to)) return false;
  }
  return true;
}

// Whether the output may lie where the first input does, which nobody wants any more.
bool takes_spare(const View& to, const Infer& c, const Operand& first) {
  if (!first.spare || !c.pointwise || c.n_out != 1 || !to.is_contiguous()) return false;
  const View& given = first.tensor->view;
  return given.data == c.in[0].data && given.dtype == to.dtype && same_sizes(given, to) && given.is_contiguous();
}

// Whether input i lies in memory that the kernel writes to through another input, not through i itself.
bool shares_changed_memory(const Operand* operands, int n_in, int i) {
  if (operands[i].changed) return false;
  for (int j = 0; j < n_in; ++j)
    if (operands[j].changed && operands[j].tensor &&
        operands[j].tensor->storage.get() == operands[i].tensor->storage.get())
      return true;
  return false;
}

void check_writable(const OpInfo& info, const View& v) {
  if (v.numel() == 0) return;
  for (int d = 0; d < v.ndim; ++d)
    if (v.strides[d] == 0 && v.sizes[d] > 1)
      throw std::runtime_error(info.name +
                               ": more than one element of the written-to tensor refers to a single memory location; "
                               "clone() it first");
}

// Numbers that came as attributes must be elements of the result's dtype, in what works element by element.
void check_attrs(const OpInfo& info, const Infer& c) {
  for (const AttrSpec& attr : info.attrs) {
    if (attr.kind != AttrKind::kFloat) continue;
    double v;
    std::memcpy(&v, static_cast<const char*>(c.attrs) + attr.offset, sizeof v);
    check_fits(c, Scalar::of(v), c.out[0].dtype);
  }
}

void check_given(const OpInfo& info, const View& given, const View& wanted) {
  check_writable(info, given);
  if (!same_sizes(given, wanted))
    throw std::runtime_error(info.name + ": output with shape " + shape_text(given) +
                             " doesn't match the broadcast shape " + shape_text(wanted));
  if (category(wanted.dtype) > category(given.dtype))
    throw std::runtime_error(info.name + ": result type " + dtype_name(wanted.dtype) +
                             " can't be cast to the desired output type " + dtype_name(given.dtype));
}

}  // namespace

// A Python number as the kernel wants it: one element of the dtype.
void store_number(void* slot, const Scalar& s, DType d) {
  if (d == DType::kFloat64) {
    *static_cast<double*>(slot) = s.as_double();
  } else if (d == DType::kFloat32) {
    *static_cast<float*>(slot) = static_cast<float>(s.as_double());
  } else if (d == DType::kBool) {
    *static_cast<bool*>(slot) = s.kind == Scalar::kFloat ? s.f != 0 : s.i != 0;
  } else {
    const int64_t v = s.as_int();
    std::memcpy(slot, &v, static_cast<size_t>(dtype_bytes(d)));  // little-endian: the low bytes
  }
}

namespace {

std::vector<OpInfo>& parsed_ops() {
  static std::vector<OpInfo> ops = [] {
    std::vector<OpInfo> list;
    const Isa& isa = chosen_isa();
    for (size_t t = 0; t < isa.count; ++t)
      for (int i = 0; i < isa.tables[t]->count; ++i) list.push_back(parse(isa.tables[t]->ops[i]));
    return list;
  }();
  return ops;
}

OpInfo& find_parsed(std::string_view name) {
  for (OpInfo& info : parsed_ops())
    if (info.name == name) return info;
  throw std::logic_error("no op " + std::string(name));
}

}  // namespace

const std::vector<OpInfo>& all_ops() { return parsed_ops(); }
const OpInfo& find_op(std::string_view name) { return find_parsed(name); }

const OpInfo& name_arguments(std::string_view op, const std::vector<std::string>& names) {
  OpInfo& info = find_parsed(op);
  for (size_t i = 0; i < names.size(); ++i) {
    if (i < info.inputs.size())
      info.inputs[i].name = names[i];
    else if (i - info.inputs.size() < info.attrs.size())
      info.attrs[i - info.inputs.size()].name = names[i];
  }
  return info;
}

const char* isa_name() { return chosen_isa().name; }

std::vector<std::string> available_isas() {
  std::vector<std::string> names;
  for (const Isa& isa : kIsas)
    if (cpu_supports(isa.name)) names.emplace_back(isa.name);
  return names;
}

int num_threads() { return threads_slot(); }
void set_num_threads(int n) { threads_slot() = n; }

Unlock& unlock() {
  static Unlock u;
  return u;
}

// The seam: every kernel of the engine is launched here.
void run(const OpInfo& info, const Call& call, int64_t work) {
  constexpr int64_t kWorthUnlocking = 1 << 15;
  if (work >= kWorthUnlocking && unlock().release) {
    void* state = unlock().release();
    info.op.launch(call);
    unlock().acquire(state);
  } else {
    info.op.launch(call);
  }
  if (call.fault->code != Fault::kNone) raise(info, *call.fault);
}

void apply(const OpInfo& info, const Operand* operands, int n_in, const void* attrs, Tensor* outs) {
  const int n_out = static_cast<int>(info.outputs.size());
  Array<View> in(n_in);
  Array<Scalar> number(n_in);
  Array<DType> cast_to(n_in);
  Array<bool> contiguous_wanted(n_in);
  View out[kMaxOutputs];
  for (int i = 0; i < n_in; ++i) {
    contiguous_wanted[i] = false;
    number[i] = operands[i].number;
    if (operands[i].tensor) {
      assign(in[i], operands[i].tensor->view);
      cast_to[i] = in[i].dtype;
    } else {
      in[i].data = nullptr;
      in[i].ndim = 0;
      in[i].dtype = cast_to[i] = number[i].kind == Scalar::kBool  ? DType::kBool
                                 : number[i].kind == Scalar::kInt ? DType::kInt64
                                                                  : default_dtype();
    }
  }

  Infer c{};
  c.name = info.name.c_str();
  c.attrs = attrs;
  c.n_in = n_in;
  c.in = in.data();
  c.number = number.data();
  c.cast = cast_to.data();
  c.contiguous = contiguous_wanted.data();
  c.n_out = n_out;
  c.out = out;
  c.work = -1;
  info.op.infer(c);
  if (c.pointwise) check_attrs(info, c);
  for (int i = 0; info.changes && !c.constant && i < n_in; ++i)
    if (operands[i].changed && operands[i].tensor) check_writable(info, operands[i].tensor->view);

  // Inputs as the kernel wants them. `temporary` keeps converted ones alive.
  std::unique_ptr<Tensor[]> temporary;
  Array<int64_t> slot(n_in);
  int64_t work = 0;
  for (int i = 0; i < n_in; ++i) {
    if (number[i].kind != Scalar::kNone) {
      store_number(&slot[i], number[i], cast_to[i]);
      in[i].data = &slot[i];
      in[i].dtype = cast_to[i];
    } else if (operands[i].tensor != nullptr) {
      const bool convert = cast_to[i] != in[i].dtype;
      if (convert || (contiguous_wanted[i] && !in[i].is_contiguous()) ||
          (info.changes && shares_changed_memory(operands, n_in, i))) {
        if (!temporary) temporary.reset(new Tensor[static_cast<size_t>(n_in)]);
        temporary[i] = convert ? cast(*operands[i].tensor, cast_to[i]) : contiguous(*operands[i].tensor);
        if (contiguous_wanted[i] && !temporary[i].view.is_contiguous()) temporary[i] = contiguous(temporary[i]);
        assign(in[i], temporary[i].view);
      }
      if (c.work < 0) work += in[i].numel();
    }
    if (c.broadcast && in[i].data != nullptr) expand(in[i], out[0]);
  }

  // Outputs: new memory, or the caller's where its layout allows (else a detour by a temporary).
  std::unique_ptr<Tensor[]> detour;
  for (int o = 0; o < n_out; ++o) {
    if (c.skip[o]) {
      out[o].data = nullptr;
      continue;
    }
    if (!c.strided[o]) set_contiguous_strides(out[o]);
    Tensor* to = &outs[o];
    if (to->storage) {
      check_given(info, to->view, out[o]);
      View direct;
      assign(direct, to->view);
      if (to->view.dtype == out[o].dtype && writable_as_is(direct, c, operands, *to)) {
        assign(out[o], direct);
        continue;
      }
      if (!detour) detour.reset(new Tensor[static_cast<size_t>(n_out)]);
      to = &detour[o];
    }
    const int64_t n = out[o].numel();
    if (c.work < 0) work += n;
    if (takes_spare(out[o], c, operands[0])) {
      to->storage = operands[0].tensor->storage;
      out[o].data = in[0].data;
    } else {
      to->storage = Ref<Storage>(Storage::allocate(n * dtype_bytes(out[o].dtype)));
      out[o].data = to->storage->data;
    }
    assign(to->view, out[o]);
  }
  Ref<Storage> scratch;
  if (c.scratch > 0) scratch = Ref<Storage>(Storage::allocate(c.scratch));

  Fault fault;
  const Call call{in.data(), out, n_in, n_out, attrs, scratch ? scratch->data : nullptr, &fault, num_threads()};
  run(info, call, c.work < 0 ? work : c.work);

  for (int o = 0; detour && o < n_out; ++o)
    if (detour[o].storage) copy_into(outs[o], {&detour[o], {}, false});
  if (!info.changes) return;
  for (int i = 0; i < n_in; ++i) {
    if (!operands[i].changed || operands[i].tensor == nullptr) continue;
    const Tensor& x = *operands[i].tensor;
    if (temporary && temporary[i].storage) copy_into(x, {&temporary[i], {}, false});
    x.version().count += 1;
    x.version().last_writer = info.name.c_str();
  }
}

Tensor cast(const Tensor& x, DType to) {
  static const OpInfo& op = find_op("cast");
  const int64_t attrs[1] = {static_cast<int64_t>(to)};
  const Operand in{&x, {}, false};
  Tensor y;
  apply(op, &in, 1, attrs, &y);
  return y;
}

Tensor contiguous(const Tensor& x) {
  static const OpInfo& op = find_op("contiguous");
  const Operand in{&x, {}, false};
  Tensor y;
  apply(op, &in, 1, nullptr, &y);
  return y;
}

void copy_into(const Tensor& to, const Operand& from) {
  static const OpInfo& op = find_op("copy");
  const Operand in[2] = {{&to, {}, true}, from};
  apply(op, in, 2, nullptr, nullptr);
}

}  // namespace tt
