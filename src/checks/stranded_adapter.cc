// Keys of an adapter that are not loaded to where their weight is: docs/checks/stranded-adapter.md.
#include <map>
#include <utility>

#include "analysis/subject.h"
#include "checkpoint/adapter.h"
#include "checks/check.h"
#include "checks/evidence.h"

namespace wcheck::stranded_adapter {
namespace {

std::string_view CauseOf(const AdapterFate& fate) {
  if (fate.kind == AdapterFate::Kind::kConverted) return "weight-converted";
  return fate.old_names ? "old-name-strays" : "own-name-strays";
}

std::string Message(const AdapterFate& fate) {
  if (fate.kind == AdapterFate::Kind::kConverted) {
    return "an adapter for this weight cannot follow it: a converter claims the weight, and cannot "
           "convert a pair of factors";
  }
  return fate.old_names ? "an adapter with the names of checkpoints does not follow its weight"
                        : "an adapter with the model's own names is renamed when it is loaded";
}

std::string Advice(const AdapterFate& fate) {
  if (fate.kind == AdapterFate::Kind::kConverted) {
    return "merge the adapter into the checkpoint before it is converted, or train it again for "
           "the converted parameter (target_parameters)";
  }
  return "write the pattern for the module, without what follows its name";
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  if (context.adapter == nullptr) return;
  const Simulation& s = context.simulation;
  std::map<std::pair<std::optional<uint32_t>, std::string>, Finding> found;
  for (const AdapterFate& fate : FatesOfAdapter(s, *context.adapter)) {
    if (fate.kind == AdapterFate::Kind::kFollows) continue;
    std::string message = Message(fate);
    Finding& finding = found[{fate.transform, message}];
    finding.message = std::move(message);
    finding.cause = CauseOf(fate);
    if (!fate.transform && finding.subject.empty()) finding.subject = Numberless(fate.keys);
    if (fate.transform) finding.transform = RefOf(s.plan, *fate.transform);
    finding.severity = fate.old_names ? Severity::kWarning : Severity::kError;
    finding.advice = Advice(fate);
    if (fate.kind == AdapterFate::Kind::kConverted) {
      AddEvidence(&finding,
                  {fate.keys, "stays, while its weight becomes part of", fate.weight, fate.count});
    } else {
      AddEvidence(&finding, {fate.keys, "is loaded into", fate.result, fate.count});
      AddEvidence(&finding, {fate.keys, "belongs to", fate.weight, fate.count});
    }
  }
  for (auto& [key, finding] : found) sink->Add(std::move(finding), /*keep_severity=*/true);
}

}  // namespace wcheck::stranded_adapter
