// Calls: the one seam through which every kernel is launched, and how many threads it may take.
#include "op.h"

#include <cstdlib>
#include <memory>

#include "cores.h"

namespace tt {

namespace {

int default_threads() {
  const char* wanted = std::getenv("OMP_NUM_THREADS");
  const int n = wanted ? std::atoi(wanted) : 0;
  return n > 0 ? n : available_cores();
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
