// Renamings that give several parameters one name: docs/checks/merged-names.md.
#include "analysis/merged_names.h"

#include <string>
#include <utility>
#include <vector>

#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"

namespace wcheck::merged_names {
namespace {

std::string Listed(const std::vector<std::string>& names) {
  std::string out;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += '`' + names[i] + '`';
  }
  return out;
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  for (const MergedNames& merged : MergedNamesOf(s)) {
    Finding finding;
    finding.transform = RefOf(s.plan, merged.transforms.front());
    finding.blame = {Blame::Part::kTarget, 0};
    finding.cause = "one-name-for-several";
    finding.message = Listed(merged.names) + " are all renamed to `" + merged.target +
                      "`, and nothing joins their tensors: a load keeps one of them, and a save "
                      "writes one of the names";
    finding.advice = "write a WeightConverter with these sources, which joins the tensors";
    for (size_t i = 1; i < merged.transforms.size(); ++i) {
      finding.related.push_back(
          {RefOf(s.plan, merged.transforms[i]), {}, "this one has the same target"});
    }
    for (const uint32_t t : merged.traces) {
      AddEvidence(&finding, EvidenceOf(s.save_fresh, s.save_fresh.traces[t]));
    }
    sink->Add(std::move(finding));
  }
}

}  // namespace wcheck::merged_names
