// Two leaves with the same first name: docs/checks/shadowed-leaf.md.
#include <map>
#include <utility>

#include "analysis/subject.h"
#include "checks/check.h"
#include "checks/leaf_coverage.h"

namespace wcheck::shadowed_leaf {
namespace {

// Both declarations, the hidden one first; by their places, since the leaves of many layers share
// one.
struct Pair {
  std::vector<std::string> names;
  const Leaf* hidden;
  const Leaf* found;
};

void Judge(const SectionModel& model, LeafSide side, const std::string& way, FindingSink* sink) {
  auto leaves = LeavesByFirstName(model, side);
  std::map<std::pair<uint32_t, uint32_t>, Pair> pairs;
  for (const Leaf& leaf : model.leaves) {
    const std::string& first = (side == LeafSide::kInternal ? leaf.internal : leaf.exported)[0];
    const Leaf* found = leaves[first];
    if (found == &leaf) continue;
    std::pair<uint32_t, uint32_t> places{leaf.origin->call.begin, found->origin->call.begin};
    Pair& pair = pairs.try_emplace(places, Pair{{}, &leaf, found}).first->second;
    pair.names.push_back(first);
  }
  for (const auto& [places, pair] : pairs) {
    Finding finding;
    finding.where = pair.hidden->origin->call;
    std::string by = pair.found->origin->call.place().ToString();
    finding.message = "on " + way +
                      ", the leaf of this declaration is never found: the one declared at " + by +
                      " has the same first name";
    finding.cause = way == "export" ? "hidden-on-export" : "hidden-on-import";
    finding.subject = Numberless(pair.names.front());
    finding.advice = way == "export" ? "export each parameter by one leaf"
                                     : "import each key by one leaf; if two parameters share a "
                                       "tensor, declare one parameter, or tie them";
    AddNames(pair.names, "belongs to two leaves", "", &finding);
    sink->Add(std::move(finding));
  }
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  if (context.sections == nullptr) return;
  Judge(*context.sections, LeafSide::kInternal, "export", sink);
  Judge(*context.sections, LeafSide::kExported, "import", sink);
}

}  // namespace wcheck::shadowed_leaf
