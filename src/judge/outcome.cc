#include "wcheck/outcome.h"

#include <algorithm>
#include <tuple>

#include "wcheck/judge.h"

namespace wcheck {

std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kClean:
      return "clean";
    case Outcome::kNotJudged:
      return "not judged";
    case Outcome::kFindings:
      break;
  }
  return "findings";
}

void SortNotJudged(std::vector<NotJudged>* list) {
  std::ranges::sort(*list, [](const NotJudged& a, const NotJudged& b) {
    return std::tie(a.known, a.reason, a.advice, a.what) <
           std::tie(b.known, b.reason, b.advice, b.what);
  });
  list->erase(std::unique(list->begin(), list->end()), list->end());
}

Outcome OutcomeOf(const Judgement& judgement, std::optional<Severity> fail_on,
                  bool allow_unjudged) {
  if (!fail_on) return Outcome::kClean;
  const bool fails = std::ranges::any_of(
      judgement.findings, [&](const Finding& finding) { return finding.severity >= *fail_on; });
  if (fails) return Outcome::kFindings;
  const bool judged =
      std::ranges::all_of(judgement.not_judged, [](const NotJudged& one) { return one.known; });
  return judged || allow_unjudged ? Outcome::kClean : Outcome::kNotJudged;
}

}  // namespace wcheck
