#include "judge/join_findings.h"

#include <algorithm>
#include <compare>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "judge/collector.h"

namespace wcheck {
namespace {

// Where a finding stands. A copy: findings move while they are sorted.
struct FindingPlace {
  std::string path;
  size_t begin = 0;
  std::string entry;
  uint32_t index = 0;

  auto operator<=>(const FindingPlace&) const = default;
};

FindingPlace PlaceOfFinding(const Finding& f) {
  const SourceRange where = f.place();
  return {where.known() ? where.file->path() : "", where.known() ? where.begin : 0,
          f.transform ? f.transform->entry : "", f.transform ? f.transform->index : 0};
}

std::vector<Finding> SortByHarm(std::vector<Finding> findings) {
  struct Ranked {
    Severity worst = Severity::kNote;  // of the findings about its transform
    FindingPlace place;
    Finding finding;
  };
  // Findings may blame several parts of one transform.
  const auto transform_of = [](const Ranked& ranked) {
    FindingPlace place = ranked.place;
    if (ranked.finding.transform) place.begin = 0;
    return place;
  };
  std::vector<Ranked> sorted;
  sorted.reserve(findings.size());
  std::map<FindingPlace, Severity> worst;
  for (Finding& finding : findings) {
    FindingPlace place = PlaceOfFinding(finding);
    sorted.push_back({finding.severity, std::move(place), std::move(finding)});
    Severity& severity = worst[transform_of(sorted.back())];
    severity = std::max(severity, sorted.back().worst);
  }
  for (Ranked& ranked : sorted) ranked.worst = worst.at(transform_of(ranked));
  std::ranges::stable_sort(sorted, [](const Ranked& a, const Ranked& b) {
    const Finding& f = a.finding;
    const Finding& g = b.finding;
    return std::tie(b.worst, a.place, g.severity, f.check, f.identity) <
           std::tie(a.worst, b.place, f.severity, g.check, g.identity);
  });
  findings.clear();
  for (Ranked& ranked : sorted) findings.push_back(std::move(ranked.finding));
  return findings;
}

}  // namespace

std::vector<Finding> JoinFindings(std::vector<Finding> findings, const JudgeOptions& options) {
  std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) {
    const auto first_class = [](const Finding& f) {
      return f.classes.empty() ? std::string_view() : std::string_view(f.classes[0].class_name);
    };
    return std::make_tuple(std::string_view(a.identity), first_class(a)) <
           std::make_tuple(std::string_view(b.identity), first_class(b));
  });
  std::vector<Finding> joined;
  for (Finding& finding : findings) {
    if (joined.empty() || joined.back().identity != finding.identity) {
      joined.push_back(std::move(finding));
      continue;
    }
    Finding& into = joined.back();
    into.severity = std::max(into.severity, finding.severity);
    if (into.related.empty()) into.related = std::move(finding.related);
    if (into.advice.empty()) into.advice = std::move(finding.advice);
    for (ClassEvidence& evidence : finding.classes) {
      if (into.classes.empty() || into.classes.back().class_name != evidence.class_name) {
        into.classes.push_back(std::move(evidence));
      } else {
        Collector::Merge(std::move(evidence), options, &into.classes.back());
      }
    }
  }
  return SortByHarm(std::move(joined));
}

}  // namespace wcheck
