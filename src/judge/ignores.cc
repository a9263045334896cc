#include "judge/ignores.h"

#include <algorithm>

namespace wcheck {
namespace {

bool OnLine(const SourceRange& place, const IgnoreComment& comment) {
  return place.known() && place.file == comment.where.file && place.place().line == comment.line;
}

bool Covers(const IgnoreComment& comment, const Finding& finding) {
  if (OnLine(finding.place(), comment)) return true;
  return finding.transform && OnLine(PlaceOf(*finding.transform->spec), comment);
}

}  // namespace

std::vector<IdleIgnore> ApplyIgnores(const Registry& registry, std::vector<Finding>* findings) {
  std::vector<IdleIgnore> unused;
  for (size_t i = 0; i < registry.ignores.size(); ++i) {
    const IgnoreComment& comment = registry.ignores[i];
    std::vector<std::string> names = comment.checks;
    if (names.empty()) names.emplace_back();
    for (std::string& name : names) {
      auto silenced = std::remove_if(findings->begin(), findings->end(), [&](const Finding& f) {
        return (name.empty() || f.check == name) && Covers(comment, f);
      });
      if (silenced == findings->end()) unused.push_back({i, std::move(name)});
      findings->erase(silenced, findings->end());
    }
  }
  return unused;
}

}  // namespace wcheck
