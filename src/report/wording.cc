#include "report/wording.h"

#include <algorithm>
#include <map>
#include <utility>

#include "support/printable.h"

namespace wcheck {
namespace {

constexpr size_t kClassesShown = 6;
constexpr size_t kBuiltShown = 6;
constexpr size_t kTiedShown = 3;
// A wider name in a column does not move the others to the right.
constexpr size_t kWidestAligned = 64;

void Pad(std::string* line, size_t columns, size_t width) {
  if (columns < width) line->append(width - columns, ' ');
}

}  // namespace

std::vector<FindingGroup> GroupByTransform(const std::vector<Finding>& findings) {
  std::vector<FindingGroup> groups;
  std::map<std::pair<std::string_view, uint32_t>, size_t> known;
  for (const Finding& finding : findings) {
    const TransformRef* transform = finding.transform ? &*finding.transform : nullptr;
    size_t group = groups.size();
    if (transform != nullptr) {
      group = known.try_emplace({transform->entry, transform->index}, group).first->second;
    }
    if (group == groups.size()) groups.push_back({transform, {}});
    groups[group].findings.push_back(&finding);
  }
  return groups;
}

std::vector<const Finding*> WorstFirst(const std::vector<Finding>& findings) {
  std::vector<const Finding*> sorted;
  sorted.reserve(findings.size());
  for (const Finding& finding : findings) sorted.push_back(&finding);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Finding* a, const Finding* b) { return a->severity > b->severity; });
  return sorted;
}

std::string ShowPosition(const TransformRef& transform) {
  return ShowName(transform.entry) + '[' + std::to_string(transform.index) + ']';
}

std::string ShowTransform(const TransformRef& transform) {
  return ShowPosition(transform) + ' ' + ShowName(ShowTransform(*transform.spec));
}

std::string_view FixLabel(const Fix& fix) { return fix.safe ? "fix" : "unsafe fix"; }

std::string ShowFix(const Fix& fix) {
  std::string what = ShowSentence(fix.description);
  if (fix.safe) return what;
  return what +
         " (only with --unsafe-fixes: what it removes is in no layout, but may be in a checkpoint)";
}

std::string ShowList(const std::vector<std::string>& names, size_t limit) {
  std::string text;
  // "and 1 more" would be as long as the one name.
  const size_t shown = names.size() <= limit + 1 ? names.size() : limit;
  for (size_t i = 0; i < shown; ++i) {
    if (i > 0) text += ", ";
    text += ShowName(names[i]);
  }
  if (shown < names.size()) text += " and " + ShowNumber(names.size() - shown) + " more";
  return text;
}

std::string ShowClasses(const Finding& finding) {
  if (finding.classes.empty()) return "";
  std::vector<std::string> names;
  names.reserve(finding.classes.size());
  for (const ClassEvidence& evidence : finding.classes) names.push_back(evidence.class_name);
  return "in " + ShowCount(names.size(), "class", "classes") + ": " +
         ShowList(names, kClassesShown);
}

std::vector<std::string> EvidenceLines(const ClassEvidence& evidence) {
  struct Row {
    std::string key, relation, other;
  };
  std::vector<Row> rows;
  size_t key_width = 0;
  size_t relation_width = 0;
  for (const KeyEvidence& keys : evidence.keys) {
    Row row{ShowName(keys.key), ShowSentence(keys.relation), ShowName(keys.other)};
    if (keys.count > 1) {
      std::string count = '(' + ShowCount(keys.count, "key", "keys") + ')';
      row.other += row.other.empty() ? count : "  " + count;
    }
    const size_t columns = CountColumns(row.key);
    if (columns <= kWidestAligned) key_width = std::max(key_width, columns);
    // A relation at the end of the line has nothing after it to align.
    if (!keys.other.empty()) relation_width = std::max(relation_width, CountColumns(row.relation));
    rows.push_back(std::move(row));
  }
  relation_width = std::min(relation_width, kWidestAligned);
  std::vector<std::string> lines;
  for (const Row& row : rows) {
    std::string line = row.key;
    if (!row.relation.empty()) {
      Pad(&line, CountColumns(row.key), key_width);
      line += "  " + row.relation;
    }
    if (!row.other.empty()) {
      Pad(&line, CountColumns(row.relation), relation_width);
      line += "  " + row.other;
    }
    lines.push_back(std::move(line));
  }
  if (evidence.omitted > 0) {
    lines.push_back("… and " + ShowCount(evidence.omitted, "more family", "more families"));
  }
  return lines;
}

void SeverityCounts::Add(Severity severity) {
  switch (severity) {
    case Severity::kError:
      ++errors;
      return;
    case Severity::kWarning:
      ++warnings;
      return;
    case Severity::kNote:
      ++notes;
      return;
  }
}

std::string SeverityCounts::ToString() const {
  return ShowCount(errors, "error", "errors") + ", " + ShowCount(warnings, "warning", "warnings") +
         ", " + ShowCount(notes, "note", "notes");
}

SeverityCounts CountFindings(const std::vector<Finding>& findings) {
  SeverityCounts counts;
  for (const Finding& finding : findings) counts.Add(finding.severity);
  return counts;
}

namespace {

std::string ShowCheckpoint(const CheckpointSummary& checkpoint) {
  const std::string keys = ShowCount(checkpoint.keys, "key", "keys");
  const std::string name = ShowName(checkpoint.class_name);
  if (checkpoint.adapter) {
    return keys + " of an adapter judged by the weights of " + name + " that they belong to";
  }
  std::string text = "the checkpoint's " + keys + " fill " + ShowNumber(checkpoint.filled) +
                     " of " + ShowCount(checkpoint.model_keys, "key", "keys") + " of " + name;
  uint64_t quantised = 0;
  for (const ShownKeys& shown : checkpoint.quantised) quantised += shown.count;
  if (quantised != 0) text += " (" + ShowNumber(quantised) + " more in quantised parts)";
  text += ", and " + ShowNumber(checkpoint.returned) + " come back on save";
  std::vector<std::string> tied;
  for (const ShownKeys& shown : checkpoint.tied) tied.push_back(shown.keys);
  if (!tied.empty()) text += "; tied to present keys: " + ShowList(tied, kTiedShown);
  if (!checkpoint.has_shapes) text += " (judged by names, without shapes)";
  return text;
}

std::string ShowAdapter(const std::vector<AdapterSummary>& routes) {
  const AdapterSummary& first = routes.front();
  std::string text = "an adapter";
  if (!first.file.empty()) text += " of " + ShowCount(first.keys, "key", "keys");
  text += " for " + ShowName(first.class_name) + ", transformers " + first.engine + " with PEFT " + first.peft + ":";
  for (const AdapterSummary& route : routes) {
    text += (&route == &first ? " " : ", ") + ShowRoute(route.route) + ": " + route.verdict;
  }
  if (!first.sizes_known) text += " (ranks and numbers compared; the model's sizes are not known)";
  return text;
}

}  // namespace

std::string ShowRoute(std::string_view route) {
  return route == "peft" ? "PeftModel.from_pretrained" : "load_adapter";
}

std::string ShowExtent(const Judgement& judgement) {
  if (!judgement.adapter.empty()) return ShowAdapter(judgement.adapter);
  if (judgement.checkpoint) return ShowCheckpoint(*judgement.checkpoint);
  return ShowCount(judgement.classes, "class", "classes") + " with " +
         ShowCount(judgement.keys, "key", "keys") + " judged";
}

std::vector<std::string> ShowNotJudged(const std::vector<NotJudged>& list, size_t limit) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < list.size();) {
    const NotJudged& first = list[begin];
    std::vector<std::string> names;
    for (; begin < list.size() && list[begin].reason == first.reason &&
           list[begin].advice == first.advice && list[begin].known == first.known;
         ++begin) {
      names.push_back(list[begin].what);
    }
    std::string line =
        (first.known ? "not judged, as before: " : "not judged: ") + ShowList(names, limit) +
        ": " + ShowSentence(first.reason);
    if (!first.advice.empty()) line += "; " + ShowSentence(first.advice);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string ShowScope(const Scope& scope) {
  if (scope.mapping.empty()) return "";
  std::string text = ShowSentence(scope.mapping);
  if (!scope.release.empty()) text += " of transformers " + ShowName(scope.release);
  text += ", by the engine of " + ShowName(scope.engine);
  if (!scope.engine_reason.empty()) text += " (" + ShowSentence(scope.engine_reason) + ')';
  text += ", with " + ShowSentence(scope.layouts);
  for (const bool guessed : {false, true}) {
    std::vector<std::string> names;
    for (const BuiltLayout& one : scope.built) {
      if (one.guessed == guessed) names.push_back(one.class_name);
    }
    if (names.empty()) continue;
    text += guessed ? ", and from source with a configuration that was guessed: "
                    : ", and from source: ";
    text += ShowList(names, kBuiltShown);
  }
  return text;
}

}  // namespace wcheck
