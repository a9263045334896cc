// One transform twice in an entry: docs/checks/duplicate-transform.md.
#include <set>

#include "checks/check.h"
#include "checks/repair.h"

namespace wcheck::duplicate_transform {
namespace {

// `legacy` applies to every model, after the entry's own transforms.
void LookInLegacy(const Entry& entry, const Entry& legacy, FindingSink* sink) {
  for (uint32_t i = 0; i < entry.transforms.size(); ++i) {
    for (uint32_t j = 0; j < legacy.transforms.size(); ++j) {
      if (!SameTransform(entry.transforms[i], legacy.transforms[j])) continue;
      Finding finding;
      finding.transform = TransformRef{&entry.transforms[i], entry.name, i};
      finding.message = "`legacy`, which applies to every model, contains this transform";
      finding.cause = "also-in-legacy";
      finding.related.push_back({TransformRef{&legacy.transforms[j], legacy.name, j}, {}, "here"});
      finding.advice = "remove it from the entry";
      finding.severity = Severity::kNote;
      Propose(RemoveTransform(*finding.transform, "remove it from the entry"), &finding);
      sink->Add(std::move(finding), /*keep_severity=*/true);
      break;
    }
  }
}

void Look(const Entry& entry, const Entry* legacy, FindingSink* sink) {
  if (legacy != nullptr && !AppliesToAll(entry.name)) LookInLegacy(entry, *legacy, sink);
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
  const Entry* legacy = context.registry.registry().Find(kLegacyEntry);
  std::set<std::string_view> seen;
  for (const Plan::Hit& hit : context.simulation.plan.hits) {
    const Entry* entry = context.registry.registry().Find(hit.entry);
    if (entry != nullptr && seen.insert(entry->name).second) {
      Look(*entry, legacy, sink);
    }
  }
}

void Check(const RegistryContext& context, FindingSink* sink) {
  // A run about one model does not ask about the entries of others.
  const Entry* legacy =
      context.all_classes ? context.registry.registry().Find(kLegacyEntry) : nullptr;
  for (const auto& [name, entry] : context.registry.registry().entries) {
    if (!context.Reached(name)) Look(entry, legacy, sink);
  }
}

}  // namespace wcheck::duplicate_transform
