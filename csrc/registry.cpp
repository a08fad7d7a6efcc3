// The registry of ops: the choice of instruction set at import, and signatures taken apart.
#include <cstdlib>

#include "op.h"

#define TT_DECLARE_TABLE(file) extern const OpTable file##_table;
#define TT_TABLE_ADDRESS(file) &file##_table,

namespace tt {

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

}  // namespace tt
