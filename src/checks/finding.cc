#include "wcheck/finding.h"

#include <array>

namespace wcheck {
namespace {

constexpr std::array<std::string_view, 3> kSeverityNames = {"note", "warning", "error"};

std::string ShowPatterns(const std::vector<std::string>& patterns) {
  std::string out;
  for (const std::string& p : patterns) {
    if (!out.empty()) out += ", ";
    out += "'" + p + "'";
  }
  return patterns.size() == 1 ? out : "[" + out + "]";
}

}  // namespace

std::string_view SeverityName(Severity severity) {
  return kSeverityNames[static_cast<size_t>(severity)];
}

std::optional<Severity> ParseSeverity(std::string_view name) {
  for (size_t i = 0; i < kSeverityNames.size(); ++i) {
    if (kSeverityNames[i] == name) return static_cast<Severity>(i);
  }
  return std::nullopt;
}

SourceRange PlaceOf(const TransformSpec& spec, Blame blame) {
  if (spec.origin == nullptr) return {};
  const std::vector<SourceRange>* ranges = nullptr;
  if (blame.part == Blame::Part::kSource) ranges = &spec.origin->sources;
  if (blame.part == Blame::Part::kTarget) ranges = &spec.origin->targets;
  if (ranges != nullptr && blame.index < ranges->size() && (*ranges)[blame.index].known()) {
    return (*ranges)[blame.index];
  }
  return spec.origin->call;
}

std::string ShowTransform(const TransformSpec& spec) {
  std::string out(TransformKindName(spec.kind));
  if (spec.kind == TransformKind::kPrefixChange) {
    out += '(';
    if (spec.prefix_to_add) out += "add '" + *spec.prefix_to_add + "'";
    if (spec.prefix_to_remove) out += "remove '" + *spec.prefix_to_remove + "'";
    if (spec.model_prefix && !spec.model_prefix->empty()) out += " in '" + *spec.model_prefix + "'";
    return out + ')';
  }
  return out + '(' + ShowPatterns(spec.sources) + " -> " + ShowPatterns(spec.targets) + ')';
}

SourceRange Finding::place() const {
  if (transform) return PlaceOf(*transform->spec, blame);
  return where;
}

}  // namespace wcheck
