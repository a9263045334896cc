#include "judge/ignores.h"

#include <algorithm>
#include <map>
#include <utility>

namespace wcheck {
namespace {

// The findings by their lines: a file may have as many comments as findings.
class ByLine {
 public:
  explicit ByLine(const std::vector<Finding>& findings) {
    for (size_t i = 0; i < findings.size(); ++i) {
      Add(findings[i].place(), i);
      if (findings[i].transform) Add(PlaceOf(*findings[i].transform->spec), i);
    }
  }
  const std::vector<size_t>& On(const SourceFile* file, uint32_t line) const {
    static const std::vector<size_t> kNone;
    const auto found = findings_.find({file, line});
    return found == findings_.end() ? kNone : found->second;
  }

 private:
  void Add(const SourceRange& where, size_t finding) {
    if (where.known()) findings_[{where.file, where.place().line}].push_back(finding);
  }

  std::map<std::pair<const SourceFile*, uint32_t>, std::vector<size_t>> findings_;
};

}  // namespace

std::vector<IdleIgnore> ApplyIgnores(const Registry& registry, std::vector<Finding>* findings) {
  std::vector<IdleIgnore> unused;
  if (registry.ignores.empty()) return unused;
  const ByLine lines(*findings);
  std::vector<bool> silenced(findings->size());
  for (size_t i = 0; i < registry.ignores.size(); ++i) {
    const IgnoreComment& comment = registry.ignores[i];
    std::vector<std::string> names = comment.checks;
    if (names.empty()) names.emplace_back();
    for (std::string& name : names) {
      bool used = false;
      for (const size_t f : lines.On(comment.where.file, comment.line)) {
        if (silenced[f] || (!name.empty() && (*findings)[f].check != name)) continue;
        silenced[f] = used = true;
      }
      if (!used) unused.push_back({i, std::move(name)});
    }
  }
  size_t kept = 0;
  for (size_t f = 0; f < findings->size(); ++f) {
    if (silenced[f]) continue;
    if (kept != f) (*findings)[kept] = std::move((*findings)[f]);
    ++kept;
  }
  findings->erase(findings->begin() + static_cast<std::ptrdiff_t>(kept), findings->end());
  return unused;
}

}  // namespace wcheck
