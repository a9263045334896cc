// One converter claims tensors of different rank: docs/checks/converter-overreach.md.
#include <algorithm>
#include <map>
#include <set>

#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "mapping/operation_table.h"

namespace wcheck::converter_overreach {
namespace {

// Has the same effect on a tensor of any rank. A negative dimension does not: it counts from the
// end.
bool FitsEveryRank(const Operation& operation) {
  return InfoOf(operation.kind).any_rank && operation.dim == 0;
}

struct Claimed {
  std::set<size_t> ranks;
  std::vector<const Trace*> traces;
};

void Look(const ClassContext& context, const Pass& pass, const PassOrder& order,
          FindingSink* sink) {
  std::map<uint32_t, Claimed> claimed;
  for (const Trace& trace : pass.traces) {
    if (trace.claim < 0) continue;
    Claimed& c = claimed[trace.steps[static_cast<size_t>(trace.claim)].transform];
    if (c.ranks.insert(pass.families[trace.family].shape.size()).second) {
      c.traces.push_back(&trace);
    }
  }
  for (const auto& [transform, c] : claimed) {
    if (c.ranks.size() < 2 || IsBlamed(context.round_trip, transform)) continue;
    const std::vector<Operation>& operations = RanAs(order, transform)->operations;
    auto odd = std::find_if_not(operations.begin(), operations.end(), FitsEveryRank);
    if (odd == operations.end()) continue;
    Finding finding;
    finding.transform = RefOf(context.simulation.plan, transform);
    finding.message = "it claims tensors of different rank, but " +
                      std::string(OperationName(odd->kind)) +
                      " means a different dimension for each of them";
    finding.cause = "mixed-ranks";
    finding.advice = "end the source with `.weight`, and give the bias a converter of its own";
    for (const Trace* trace : c.traces) {
      AddEvidence(&finding, {ShowKeys(pass, *trace), "has the shape",
                             ShowShape(pass.families[trace->family].shape), pass.size(*trace)});
    }
    sink->Add(std::move(finding));
  }
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  Look(context, s.load, s.load_order, sink);
}

}  // namespace wcheck::converter_overreach
