#include "report/comparison_words.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "analysis/subject.h"
#include "report/comparison_report.h"
#include "report/wording.h"
#include "support/printable.h"

namespace wcheck {
namespace {

using Kind = KeyChange::Kind;

constexpr size_t kComparedClassesShown = 6;
constexpr size_t kAll = static_cast<size_t>(-1) / 2;

void AddNames(const char* mark, const std::vector<std::string>& names, size_t limit,
              std::vector<std::string>* lines) {
  const size_t shown = std::min(names.size(), limit);
  for (size_t i = 0; i < shown; ++i) lines->push_back(mark + ShowName(names[i]));
  if (shown < names.size()) {
    lines->push_back(std::string(mark) + "… and " + ShowNumber(names.size() - shown) + " more");
  }
}

void AddChange(const KeyChange& change, size_t limit, std::vector<std::string>* lines) {
  const std::string subject = ShowName(change.subject) +
                              (change.form.empty() ? "" : " in files " + ShowSentence(change.form));
  switch (change.kind) {
    case Kind::kSavedAs:
      break;
    case Kind::kNotLoaded:
      lines->push_back("  " + subject + " (into " + ShowList(change.before, 1) + ')');
      return;
    default:
      lines->push_back("  " + subject +
                       (change.message.empty() ? "" : ": " + ShowSentence(change.message)));
  }
  const size_t names = std::max<size_t>(limit, 3);
  AddNames("  - ", change.before, names, lines);
  AddNames("  + ", change.after, names, lines);
}

// Each verdict in a line: what it means, and how it is accepted.
std::vector<std::string> VerdictHints(const Comparison& comparison) {
  std::vector<std::string> hints;
  if (comparison.compatible > comparison.allowed) {
    hints.emplace_back(
        "compatible: old checkpoints still load, but a save writes other names or shapes than "
        "before; if that is meant, `wcheck diff --accept` or --allow-drift CLASS accepts it");
  }
  if (comparison.breaking > comparison.accepted) {
    hints.emplace_back(
        "breaking: what the old mapping saved no longer loads; if the old mapping was wrong, "
        "--checkpoint FILE shows that a published checkpoint loads better, or `wcheck diff "
        "--accept` accepts it");
  }
  if (comparison.repaired > 0) {
    hints.emplace_back(
        "repaired: the published checkpoint loads better than before; what the old mapping saved "
        "does not count");
  }
  return hints;
}

}  // namespace

std::vector<std::string> ChangeLines(const ClassComparison& comparison, size_t limit) {
  std::vector<std::string> lines;
  const std::vector<KeyChange>& changes = comparison.changes;
  for (size_t begin = 0; begin < changes.size();) {
    size_t end = begin;
    uint64_t keys = 0;
    for (; end < changes.size() && changes[end].kind == changes[begin].kind; ++end) {
      keys += changes[end].count;
    }
    const bool about_keys = changes[begin].kind != Kind::kError;
    lines.push_back(std::string(KeyChangeName(changes[begin].kind)) + ':' +
                    (about_keys ? ' ' + ShowCount(keys, "key", "keys") : ""));
    const size_t shown = std::min(end - begin, limit);
    for (size_t i = begin; i < begin + shown; ++i) AddChange(changes[i], limit, &lines);
    if (begin + shown < end) {
      lines.push_back("  … and " + ShowCount(end - begin - shown, "more family", "more families"));
    }
    begin = end;
  }
  return lines;
}

std::vector<std::string> ShortChangeLines(const ClassComparison& comparison) {
  std::vector<std::string> kinds;
  const KeyChange* example = nullptr;
  for (const KeyChange& change : comparison.changes) {
    const std::string kind(KeyChangeName(change.kind));
    if (kinds.empty() || kinds.back() != kind) kinds.push_back(kind);
    // Showing old and new names side by side is most informative.
    const bool first_of_best =
        change.kind == Kind::kSavedAs && (example == nullptr || example->kind != Kind::kSavedAs);
    if (example == nullptr || first_of_best) example = &change;
  }
  std::vector<std::string> lines = {ShowList(kinds, kComparedClassesShown)};
  if (example != nullptr) AddChange(*example, 1, &lines);
  return lines;
}

// The ends of the names that change, without numbers: classes with a head have the same under
// another prefix, and in more or fewer layers.
std::vector<std::string> ChangesInKind(const ClassComparison& comparison) {
  constexpr int kParts = 3;
  const auto end_of = [](std::string_view name) {
    size_t from = name.size();
    for (int part = 0; part < kParts && from > 0; ++part) {
      const size_t dot = name.rfind('.', from - 1);
      from = dot == std::string_view::npos ? 0 : dot;
    }
    return Numberless(name.substr(from));
  };
  std::set<std::string> lines;
  for (const KeyChange& change : comparison.changes) {
    std::string line = std::string(KeyChangeName(change.kind)) + ' ' + end_of(change.subject);
    for (const auto* names : {&change.before, &change.after}) {
      for (const std::string& name : *names) line += ' ' + end_of(name);
    }
    lines.insert(line + ' ' + change.message);
  }
  return {lines.begin(), lines.end()};
}

std::vector<ClassCluster> ClustersOf(const ChangeGroup& group) {
  std::vector<ClassCluster> clusters;
  std::map<std::vector<std::string>, size_t> known;
  for (const ClassComparison& one : group.classes) {
    std::vector<std::string> what = ChangesInKind(one);
    what.emplace_back(CompatibilityName(one.verdict));
    const auto [at, is_new] = known.try_emplace(std::move(what), clusters.size());
    if (is_new) clusters.push_back({{}, &one});
    clusters[at->second].names.push_back(one.class_name);
  }
  return clusters;
}

std::string ShowEdit(const TransformEdit& edit) {
  const auto show = [](const std::optional<TransformRef>& t) { return ShowTransform(*t); };
  switch (edit.kind) {
    case TransformEdit::Kind::kAdded:
      return show(edit.after) + " was added";
    case TransformEdit::Kind::kRemoved:
      return show(edit.before) + " was removed";
    case TransformEdit::Kind::kMoved:
      return show(edit.before) + " was moved to " + ShowPosition(*edit.after);
    case TransformEdit::Kind::kChanged:
      break;
  }
  return show(edit.before) + " became " + show(edit.after);
}

std::string ShowClassesOf(const ChangeGroup& group) {
  const std::string all = ShowCount(group.classes.size(), "class", "classes");
  const auto with_verdict =
      std::ranges::count(group.classes, group.verdict, &ClassComparison::verdict);
  const size_t count = static_cast<size_t>(with_verdict);
  return count == group.classes.size() ? all : ShowNumber(count) + " of " + all;
}

std::string ShowVerdicts(const Comparison& comparison) {
  std::string text = ShowCount(comparison.total(), "class", "classes") + ": " +
                     ShowNumber(comparison.same) + " same, ";
  if (comparison.repaired > 0) text += ShowNumber(comparison.repaired) + " repaired, ";
  text += ShowNumber(comparison.compatible) + " compatible";
  if (comparison.allowed > 0) text += " (" + ShowNumber(comparison.allowed) + " allowed)";
  text += ", " + ShowNumber(comparison.breaking) + " breaking";
  if (comparison.accepted > 0) text += " (" + ShowNumber(comparison.accepted) + " accepted)";
  if (!comparison.added.empty()) text += ", " + ShowNumber(comparison.added.size()) + " new";
  return text;
}

std::string ShowFindingTotals(const Comparison& comparison) {
  if (comparison.new_findings.empty() && comparison.fixed_findings.empty()) return "";
  return ShowCount(comparison.new_findings.size(), "new finding", "new findings") + ", " +
         ShowNumber(comparison.fixed_findings.size()) + " fixed";
}

std::vector<std::string> ComparisonRemarks(const ComparisonInput& input) {
  const Comparison& comparison = input.comparison;
  std::vector<std::string> remarks;
  if (input.hints) remarks = VerdictHints(comparison);
  const auto add = [&](const std::vector<std::string>& names, std::string_view one,
                       std::string_view many, std::string_view what) {
    if (names.empty()) return;
    remarks.push_back(ShowCount(names.size(), one, many) + ' ' + std::string(what) + ": " +
                      ShowList(names, kComparedClassesShown));
  };
  add(comparison.added, "class is", "classes are",
      "new: there is nothing to compare with, so what is wrong is a new finding");
  add(comparison.removed, "class is", "classes are", "only in the old layouts");
  // Last, next to the totals: what was not looked at.
  for (std::string& line : ShowNotJudged(comparison.not_judged)) remarks.push_back(std::move(line));
  return remarks;
}

std::string ShowComparedScopes(const Scope& before, const Scope& after) {
  Scope both = after;
  if (before.mapping != after.mapping) {
    if (!both.release.empty()) both.mapping += " of transformers " + both.release;
    both.release.clear();
    both.mapping += " against " + before.mapping;
  }
  std::string text = ShowScope(both);
  if (before.engine != after.engine && !text.empty()) {
    text += "; before by the engine of " + ShowName(before.engine);
  }
  return text;
}

std::string ShowFindingLine(const Finding& finding) {
  std::string line = std::string(SeverityName(finding.severity)) + ' ' + ShowName(finding.check);
  if (finding.transform) line += " by " + ShowPosition(*finding.transform);
  if (finding.classes.size() == 1) {
    line += " in " + ShowName(finding.classes.front().class_name);
  } else if (!finding.classes.empty()) {
    line += " in " + ShowCount(finding.classes.size(), "class", "classes");
  }
  return line + ": " + ShowSentence(finding.message);
}

std::string_view MeaningOf(Compatibility verdict) {
  switch (verdict) {
    case Compatibility::kBreaking:
      return "old checkpoints no longer load completely, or new ones cannot be written or read "
             "back";
    case Compatibility::kCompatible:
      return "old checkpoints still load; what is saved changed";
    case Compatibility::kRepaired:
      return "what did not load before loads now";
    case Compatibility::kSame:
      break;
  }
  return "no name, no shape and no load changed";
}

}  // namespace wcheck
