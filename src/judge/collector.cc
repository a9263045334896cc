#include "judge/collector.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace wcheck {
namespace {

// Drops what is there already: two passes may show the same.
void DropRepeated(ClassEvidence* evidence) {
  std::set<std::tuple<std::string_view, std::string_view, std::string_view, uint64_t>> seen;
  std::vector<KeyEvidence> kept;
  // The texts that `seen` refers to must not move before the end.
  std::vector<bool> is_new;
  is_new.reserve(evidence->keys.size());
  for (const KeyEvidence& e : evidence->keys) {
    is_new.push_back(seen.emplace(e.key, e.relation, e.other, e.count).second);
  }
  for (size_t i = 0; i < is_new.size(); ++i) {
    if (is_new[i]) kept.push_back(std::move(evidence->keys[i]));
  }
  evidence->keys = std::move(kept);
}

void Shorten(ClassEvidence* evidence, const JudgeOptions& options) {
  if (options.all_evidence || evidence->keys.size() <= kMaxEvidence) return;
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
  for (ClassEvidence& evidence : finding.classes) {
    DropRepeated(&evidence);
    Shorten(&evidence, options_);
  }
  if (!class_name_.empty()) {
    for (ClassEvidence& evidence : finding.classes) evidence.class_name = class_name_;
    if (finding.classes.empty()) finding.classes.push_back({std::string(class_name_), {}, 0});
  }
  finding.identity = IdentityOf(finding);
  findings.push_back(std::move(finding));
}

void Collector::Merge(ClassEvidence more, const JudgeOptions& options, ClassEvidence* evidence) {
  for (KeyEvidence& keys : more.keys) {
    if (std::find(evidence->keys.begin(), evidence->keys.end(), keys) == evidence->keys.end()) {
      evidence->keys.push_back(std::move(keys));
    }
  }
  evidence->omitted += more.omitted;
  Shorten(evidence, options);
}

void Collector::Record(std::string subject, bool holds) {
  records[check_].push_back({std::string(class_name_), std::move(subject), holds});
}

std::string Collector::IdentityOf(const Finding& finding) const {
  std::string identity(finding.check);
  auto part = [&](std::string_view text) { (identity += '|') += text; };
  part(finding.transform ? written_.Written(*finding.transform).entry : "");
  part(finding.transform ? ShowTransform(*finding.transform->spec) : "");
  part(finding.cause);
  part(finding.subject);
  return identity;
}

}  // namespace wcheck
