// An adapter changes a tied weight without its partner: docs/checks/adapter-tied.md.
#include <algorithm>
#include <map>
#include <utility>

#include "analysis/subject.h"
#include "checkpoint/adapter.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "layout/tied.h"

namespace wcheck::adapter_tied {
namespace {

std::string ModuleOf(std::string_view key) { return std::string(key.substr(0, key.rfind('.'))); }

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  // PEFT ties what it adapts, from 0.18 on, if it is told to.
  if (context.adapter == nullptr || context.adapter->ensures_ties) return;
  const Layout& layout = *context.simulation.layout;
  // The modules that share one tensor, by the one that is written.
  std::map<std::string, std::vector<std::string>> groups;
  for (const Tie& tie : EffectiveTies(layout, std::nullopt)) {
    auto& group = groups[ModuleOf(tie.source)];
    if (group.empty()) group.push_back(ModuleOf(tie.source));
    group.push_back(ModuleOf(tie.target));
  }
  for (const auto& [source, group] : groups) {
    std::vector<std::string> touched = SavedOrTargeted(*context.adapter, group);
    if (touched.empty()) continue;
    const bool all = touched.size() == group.size();
    Finding finding;
    finding.message = all ? "the adapter trains a copy of its own for each of several modules that share a weight"
                          : "the adapter changes one of several modules that share a weight";
    finding.advice =
        "set ensure_weight_tying, or name none of them: after training they differ, and the model ties them again";
    for (const std::string& module : group) {
      bool is_touched = std::find(touched.begin(), touched.end(), module) != touched.end();
      AddEvidence(&finding, {module,
                             is_touched ? "is changed, and shares the weight of"
                                        : "is not changed, and shares the weight of",
                             module == source ? group[1] : source, 1});
    }
    finding.cause = all ? "own-copies" : "partner-unchanged";
    finding.subject = Numberless(source);
    sink->Add(std::move(finding));
  }
}

}  // namespace wcheck::adapter_tied
