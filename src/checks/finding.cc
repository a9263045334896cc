#include "wcheck/finding.h"

#include <array>

namespace wcheck {
namespace {

constexpr std::array<std::string_view, 3> kSeverityNames = {"note", "warning", "error"};

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

SourceRange Finding::place() const {
  if (transform) return PlaceOf(*transform->spec, blame);
  return where;
}

}  // namespace wcheck
