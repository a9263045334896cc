// The old spelling: "Transpose(0, 1, check_dims)", "PermuteForRope(text_config, q_proj, inverse)",
// "Conv3dToLinear(in_channels=3, kernel_size=2x14x14)": some parameters by their name, some by
// their place, flags as a word that is there or not.
#include "compare/lock_operations.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "mapping/operation_table.h"

namespace wcheck {
namespace {

std::optional<int64_t> ParseInteger(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> Split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> out;
  for (size_t at = 0;;) {
    const size_t end = text.find(separator, at);
    out.push_back(text.substr(at, end - at));
    if (end == std::string_view::npos) return out;
    at = end + separator.size();
  }
}

bool SetNamed(std::string_view name, std::string_view value, Operation* out) {
  const OperationInfo& info = InfoOf(out->kind);
  const auto* parameter = std::ranges::find(info.parameters, name, &OperationParameter::name);
  if (parameter == info.parameters.end()) return false;
  const auto set_number = [](std::string_view text, int64_t* number) {
    const std::optional<int64_t> parsed = ParseInteger(text);
    if (parsed) *number = *parsed;
    return parsed.has_value();
  };
  return std::visit(
      FieldVisitor{[&](int64_t Operation::*field) { return set_number(value, &(out->*field)); },
                   [&](std::optional<std::string> Operation::*field) {
                     out->*field = value;
                     return !value.starts_with('\'');  // else it is written as today
                   },
                   [&](std::array<int64_t, 3> Operation::*field) {
                     const std::vector<std::string_view> sizes = Split(value, "x");
                     bool ok = sizes.size() == 3;
                     for (size_t i = 0; ok && i < 3; ++i) {
                       ok = set_number(sizes[i], &(out->*field)[i]);
                     }
                     return ok;
                   },
                   [](auto) { return false; }},
      parameter->field);
}

// `place` counts the arguments without a name.
bool SetPlaced(size_t place, std::string_view value, Operation* out) {
  if (out->kind == OperationKind::kTranspose) {
    const std::optional<int64_t> dim = ParseInteger(value);
    if (!dim || place > 1) return false;
    (place == 0 ? out->dim0 : out->dim1) = *dim;
    return true;
  }
  if (out->kind == OperationKind::kPermuteForRope && place == 0) {
    if (!value.empty()) out->subconfig_key = value;
    return true;
  }
  if (value.empty()) return place == 0;  // there are no arguments
  out->permute_layer_names.emplace_back(value);
  return true;
}

std::optional<Operation> ReadOperation(std::string_view name, std::string_view arguments) {
  const std::optional<OperationKind> kind = ParseOperationName(name);
  if (!kind) return std::nullopt;
  Operation operation = MakeOperation(*kind);
  operation.inverse = false;
  size_t place = 0;
  for (const std::string_view argument : Split(arguments, ", ")) {
    const size_t equals = argument.find('=');
    bool ok = true;
    if (argument == "inverse") {
      operation.inverse = true;
    } else if (argument == "check_dims") {
      operation.check_dims = true;
    } else if (equals != std::string_view::npos) {
      ok = SetNamed(argument.substr(0, equals), argument.substr(equals + 1), &operation);
    } else {
      ok = SetPlaced(place++, argument, &operation);
    }
    if (!ok) return std::nullopt;
  }
  return operation;
}

}  // namespace

std::string WithTodaysOperations(std::string_view line) {
  constexpr std::string_view kBy = " by ";
  const size_t by = line.find(kBy);
  if (by == std::string_view::npos) return std::string(line);
  std::string out(line.substr(0, by + kBy.size()));
  std::string_view rest = line.substr(out.size());
  // Operations, joined by ", ", then words.
  for (;;) {
    const size_t open = rest.find('(');
    const size_t close = rest.find(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) break;
    const std::optional<Operation> operation =
        ReadOperation(rest.substr(0, open), rest.substr(open + 1, close - open - 1));
    if (!operation) break;
    out += ShowOperation(*operation);
    rest.remove_prefix(close + 1);
    if (!rest.starts_with(", ")) break;
    out += ", ";
    rest.remove_prefix(2);
  }
  return out.append(rest);
}

}  // namespace wcheck
