// What findings say of the transforms of one plan.
#include <algorithm>
#include <map>

#include "analysis/graph.h"
#include "report/graph_marks.h"

namespace wcheck {
namespace {

std::optional<GraphTone> ToneOf(const Finding& finding) {
  if (finding.check == "unused-transform" || finding.check == "shadowed-transform") {
    return GraphTone::kDim;
  }
  if (finding.severity == Severity::kError || finding.check == "leaked-child-mapping") {
    return GraphTone::kBad;
  }
  if (finding.severity == Severity::kWarning) return GraphTone::kWarn;
  return std::nullopt;
}

}  // namespace

std::vector<GraphMark> MarksOf(const Plan& plan, const WrittenTransforms& written,
                               const std::vector<Finding>& findings) {
  std::map<uint32_t, GraphMark> marks;
  for (const Finding& finding : findings) {
    const std::optional<GraphTone> tone = ToneOf(finding);
    if (!finding.transform || !tone) continue;
    for (uint32_t i = 0; i < plan.transforms.size(); ++i) {
      const PlacedTransform& placed = plan.transforms[i];
      const TransformRef here{placed.forward().spec, std::string(placed.entry),
                              placed.index_in_entry};
      if (written.Written(here) != *finding.transform) continue;
      GraphMark& mark = marks.try_emplace(i, GraphMark{i, "", GraphTone::kDim}).first->second;
      // The worst tone wins; each check is named once.
      mark.tone = std::max(mark.tone, *tone);
      const std::string check(finding.check);
      if (mark.label.find(check) != std::string::npos) continue;
      mark.label += (mark.label.empty() ? "" : ", ") + check;
    }
  }
  std::vector<GraphMark> list;
  list.reserve(marks.size());
  for (auto& [transform, mark] : marks) list.push_back(std::move(mark));
  return list;
}

}  // namespace wcheck
