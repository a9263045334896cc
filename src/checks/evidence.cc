#include "checks/evidence.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "analysis/trace_text.h"

namespace wcheck {

void AddOrExplain(const RoundTrip& round_trip, uint32_t transform, Finding finding,
                  FindingSink* sink) {
  bool blamed = IsBlamed(round_trip, transform);
  if (blamed) finding.severity = Severity::kNote;
  sink->Add(std::move(finding), /*keep_severity=*/blamed);
}

void AddEvidence(Finding* finding, KeyEvidence evidence) {
  if (finding->classes.empty()) finding->classes.emplace_back();
  std::vector<KeyEvidence>& keys = finding->classes.front().keys;
  // Two passes may show the same.
  if (std::find(keys.begin(), keys.end(), evidence) == keys.end()) {
    keys.push_back(std::move(evidence));
  }
}

}  // namespace wcheck
