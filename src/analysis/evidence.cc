#include "wcheck/evidence.h"

namespace wcheck {
namespace {

std::string ShowQuoted(const std::vector<std::string>& patterns) {
  std::string out;
  for (const std::string& p : patterns) {
    if (!out.empty()) out += ", ";
    out += "'" + p + "'";
  }
  return patterns.size() == 1 ? out : "[" + out + "]";
}

}  // namespace

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
  return out + '(' + ShowQuoted(spec.sources) + " -> " + ShowQuoted(spec.targets) + ')';
}

}  // namespace wcheck
