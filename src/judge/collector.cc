#include "judge/collector.h"

#include <algorithm>
#include <utility>

namespace wcheck {
namespace {

void Shorten(ClassEvidence* evidence) {
  if (evidence->keys.size() <= kMaxEvidence) return;
  evidence->omitted += evidence->keys.size() - kMaxEvidence;
  evidence->keys.resize(kMaxEvidence);
}

}  // namespace

std::vector<const Check*> ChosenChecks(const JudgeOptions& options) {
  std::vector<const Check*> chosen;
  for (const Check& check : AllChecks()) {
    bool on = options.select.empty() || options.select.contains(check.info.name);
    if (on && !options.ignore.contains(check.info.name)) chosen.push_back(&check);
  }
  return chosen;
}

void Collector::Begin(const Check& check, std::string_view class_name) {
  check_ = &check;
  class_name_ = class_name;
}

void Collector::Add(Finding finding, bool keep_severity) {
  finding.check = check_->info.name;
  if (!keep_severity) finding.severity = check_->info.severity;
  if (auto set = options_.severity.find(check_->info.name); set != options_.severity.end()) {
    finding.severity = set->second;
  }
  for (ClassEvidence& evidence : finding.classes) Shorten(&evidence);
  if (!class_name_.empty()) {
    for (ClassEvidence& evidence : finding.classes) evidence.class_name = class_name_;
    if (finding.classes.empty()) finding.classes.push_back({std::string(class_name_), {}, 0});
  }
  finding.cause = CauseOf(finding);
  findings.push_back(std::move(finding));
}

void Collector::Record(std::string subject, bool holds) {
  records[check_].push_back({std::string(class_name_), std::move(subject), holds});
}

std::string Collector::CauseOf(const Finding& finding) const {
  std::string cause(finding.check);
  auto part = [&](std::string_view text) { (cause += '|') += text; };
  if (finding.transform) {
    part(written_.Written(*finding.transform).entry);
    part(ShowTransform(*finding.transform->spec));
  } else {
    part(class_name_);
  }
  part(finding.cause.empty() ? finding.message : finding.cause);
  return cause;
}

}  // namespace wcheck
