// One transform twice in an entry: docs/checks/duplicate-transform.md.
#include <set>

#include "checks/check.h"
#include "checks/repair.h"

namespace wcheck::duplicate_transform {
namespace {

void Look(const Entry& entry, FindingSink* sink) {
  const std::vector<TransformSpec>& list = entry.transforms;
  for (uint32_t i = 0; i < list.size(); ++i) {
    for (uint32_t j = 0; j < i; ++j) {
      if (!SameTransform(list[i], list[j])) continue;
      Finding finding;
      finding.transform = TransformRef{&list[i], entry.name, i};
      finding.message = "the entry already contains this transform";
      finding.cause = "listed-twice";
      finding.related.push_back(
          {TransformRef{&list[j], entry.name, j}, {}, "here, for the first time"});
      finding.advice = "remove one of the two";
      Propose(RemoveTransform(*finding.transform, "remove the second one"), &finding);
      sink->Add(std::move(finding));
      break;
    }
  }
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  std::set<std::string_view> seen;
  for (const Plan::Hit& hit : context.simulation.plan.hits) {
    const Entry* entry = context.registry.registry().Find(hit.entry);
    if (entry != nullptr && seen.insert(entry->name).second) Look(*entry, sink);
  }
}

void Check(const RegistryContext& context, FindingSink* sink) {
  for (const auto& [name, entry] : context.registry.registry().entries) {
    if (!context.Reached(name)) Look(entry, sink);
  }
}

}  // namespace wcheck::duplicate_transform
