// One model_type entry for classes some of which break: docs/checks/mixed-lookup.md.
#include <map>

#include "analysis/round_trip.h"
#include "checks/check.h"

namespace wcheck::mixed_lookup {
namespace {

// The classes for whose root an entry was found by model_type.
struct Lookup {
  std::vector<std::string> clean;  // their round trip is
  std::vector<std::string> broken;
};

std::string Show(const std::vector<std::string>& classes) {
  constexpr size_t kShown = 3;
  std::string out;
  for (size_t i = 0; i < classes.size() && i < kShown; ++i) {
    out += (i == 0 ? "" : ", ") + classes[i];
  }
  if (classes.size() > kShown) out += " and " + std::to_string(classes.size() - kShown) + " more";
  return out;
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  for (const Plan::Hit& hit : context.simulation.plan.hits) {
    if (hit.module == 0 && !hit.by_class) {
      sink->Record(std::string(hit.entry), context.round_trip.clean());
    }
  }
}

void Check(const RegistryContext& context, FindingSink* sink) {
  std::map<std::string_view, Lookup> lookups;
  for (const ClassRecord& record : context.records) {
    Lookup& lookup = lookups[record.subject];
    (record.holds ? lookup.clean : lookup.broken).push_back(record.class_name);
  }
  for (const auto& [name, lookup] : lookups) {
    if (lookup.clean.empty() || lookup.broken.empty()) continue;
    const Entry* entry = context.registry.registry().Find(name);
    if (entry == nullptr || entry->transforms.empty()) continue;
    Finding finding;
    finding.where = entry->where;
    finding.message = "the entry `" + entry->name + "` is found by model_type: it works for " +
                      Show(lookup.clean) + ", and breaks the round trip of " + Show(lookup.broken);
    finding.cause = "some-break";
    finding.subject = entry->name;
    for (const std::string& broken : lookup.broken) finding.classes.push_back({broken, {}, 0});
    finding.advice = "give the classes whose keys differ an entry of their own, by class name";
    sink->Add(std::move(finding));
  }
}

}  // namespace wcheck::mixed_lookup
