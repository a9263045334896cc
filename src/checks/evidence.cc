#include "checks/evidence.h"

#include <utility>

#include "analysis/trace_text.h"

namespace wcheck {

void AddOrExplain(const RoundTrip& round_trip, uint32_t transform, Finding finding,
                  FindingSink* sink) {
  bool blamed = IsBlamed(round_trip, transform);
  if (blamed) finding.severity = Severity::kNote;
  sink->Add(std::move(finding), /*keep_severity=*/blamed);
}

void AddOrExplainAs(Severity severity, const RoundTrip& round_trip, uint32_t transform,
                    Finding finding, FindingSink* sink) {
  finding.severity = IsBlamed(round_trip, transform) ? Severity::kNote : severity;
  sink->Add(std::move(finding), /*keep_severity=*/true);
}

void AddEvidence(Finding* finding, KeyEvidence evidence) {
  if (finding->classes.empty()) finding->classes.emplace_back();
  finding->classes.front().keys.push_back(std::move(evidence));
}

}  // namespace wcheck
