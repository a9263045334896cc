// Finds the start of a match by searching for the longest literal at a fixed distance, then runs
// through the row once. There is no backtracking: the builder has checked that each run has only
// one possible length.
#include "pattern/sequence_matcher.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "pattern/literal_search.h"

namespace wcheck::regex {
namespace {

constexpr AsciiSet WordSet() {
  AsciiSet set;
  set.AddRange('0', '9');
  set.AddRange('A', 'Z');
  set.AddRange('a', 'z');
  set.Add('_');
  return set;
}
constexpr AsciiSet kWord = WordSet();

bool IsBoundary(std::string_view text, size_t at) {
  bool before = at > 0 && kWord.Contains(static_cast<unsigned char>(text[at - 1]));
  bool after = at < text.size() && kWord.Contains(static_cast<unsigned char>(text[at]));
  return before != after;
}

}  // namespace

bool SequenceMatcher::Looks(const Step& step, std::string_view text, size_t at) {
  for (const std::vector<AsciiSet>& row : step.rows) {
    size_t room = step.behind ? at : text.size() - at;
    if (row.size() > room) continue;
    const char* p = text.data() + at - (step.behind ? row.size() : 0);
    bool matched = std::all_of(row.begin(), row.end(), [&](const AsciiSet& set) {
      return set.Contains(static_cast<unsigned char>(*p++));
    });
    if (matched) return !step.negated;
  }
  return step.negated;
}

// Runs once over the steps. A run takes as many characters as it can and never gives any back: the
// builder has checked that no shorter run could lead to a match.
bool SequenceMatcher::MatchRow(const Row& row, std::string_view text, size_t start, Span* spans) {
  size_t at = start;
  auto member = [&](const AsciiSet& set) {
    return at < text.size() && set.Contains(static_cast<unsigned char>(text[at]));
  };
  for (const Step& step : row.steps) {
    switch (step.kind) {
      case StepKind::kLiteral:
        if (!text.substr(at).starts_with(step.literal)) return false;
        at += step.literal.size();
        break;
      case StepKind::kOne:
        if (!member(step.set)) return false;
        ++at;
        break;
      case StepKind::kRun: {
        size_t begin = at;
        while (at - begin < step.max && member(step.set)) ++at;
        if (at - begin < step.min) return false;
        break;
      }
      case StepKind::kTextStart:
        if (at != 0) return false;
        break;
      case StepKind::kTextEnd:
        if (at != text.size()) return false;
        break;
      case StepKind::kBoundary:
        if (IsBoundary(text, at) == step.negated) return false;
        break;
      case StepKind::kGroupStart:
        spans[step.group].begin = static_cast<uint32_t>(at);
        break;
      case StepKind::kGroupEnd:
        spans[step.group].end = static_cast<uint32_t>(at);
        break;
      case StepKind::kLook:
        if (!Looks(step, text, at)) return false;
        break;
    }
  }
  spans[0] = {static_cast<uint32_t>(start), static_cast<uint32_t>(at)};
  return true;
}

size_t SequenceMatcher::FindRow(const Row& row, std::string_view text, size_t limit, Span* spans) {
  if (row.at_start) {
    return limit > 0 && MatchRow(row, text, 0, spans) ? 0 : std::string_view::npos;
  }
  if (row.lead.empty()) {
    for (size_t start = 0; start < limit; ++start) {
      if (MatchRow(row, text, start, spans)) return start;
    }
    return std::string_view::npos;
  }
  for (size_t from = row.lead_offset;; ++from) {
    from = FindLiteral(text, row.lead, from);
    if (from == std::string_view::npos || from - row.lead_offset >= limit) {
      return std::string_view::npos;
    }
    if (MatchRow(row, text, from - row.lead_offset, spans)) return from - row.lead_offset;
  }
}

bool SequenceMatcher::Search(std::string_view text, Match* match) const {
  // A row that failed may have set groups that are not its own, so each row has its own spans.
  Spans spans;
  size_t best = std::string_view::npos;
  size_t limit = text.size() + 1;
  for (const Row& row : rows_) {
    Spans own;
    size_t start = FindRow(row, text, limit, own);
    if (start == std::string_view::npos) continue;
    best = limit = start;
    // Groups that are not in the row did not take part.
    std::fill_n(spans, groups_, Span());
    spans[0] = own[0];
    for (const Step& step : row.steps) {
      if (step.kind == StepKind::kGroupEnd) spans[step.group] = own[step.group];
    }
  }
  if (best == std::string_view::npos) return false;
  match->assign(spans, spans + groups_);
  return true;
}

}  // namespace wcheck::regex
