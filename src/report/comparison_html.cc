// A comparison as an HTML page: what changes by cause, then the new and the fixed findings.
#include <algorithm>
#include <map>

#include <llvm/Support/raw_ostream.h>

#include "report/comparison_report.h"
#include "report/comparison_words.h"
#include "report/html_findings.h"
#include "report/html_page.h"
#include "report/html_words.h"
#include "report/places.h"
#include "report/wording.h"
#include "support/printable.h"

namespace wcheck {
namespace {

using kainjow::mustache::list;

constexpr size_t kMostHtmlClusters = 12;
constexpr size_t kMostHtmlFamilies = 20;
constexpr size_t kMostHtmlNames = 6;
constexpr size_t kNamesInSummary = 6;

std::string PlaceText(const TransformRef& transform, std::string_view folder) {
  const SourceRange where = PlaceOf(*transform.spec);
  if (!HasFile(where)) return "";
  return ShowName(FileName(where, folder)) + ':' + std::to_string(RegionOf(where).line);
}

HtmlData EditData(const TransformEdit& edit, std::string_view folder) {
  const auto text = [](const std::optional<TransformRef>& transform) {
    return transform ? ShowTransform(*transform) : std::string();
  };
  HtmlData data;
  data.set("what", std::string(TransformEditName(edit.kind)));
  SetText(&data, "at", PlaceText(edit.after ? *edit.after : *edit.before, folder));
  SetText(&data, "old", text(edit.before));
  SetText(&data, "new", text(edit.after));
  return data;
}

HtmlData AliasData(const AliasEdit& edit) {
  const auto text = [&](const std::string& entry) {
    return entry.empty() ? std::string() : ShowName(edit.name) + " -> " + ShowName(entry);
  };
  HtmlData data;
  data.set("what", std::string("alias"));
  SetText(&data, "at", "");
  SetText(&data, "old", text(edit.before));
  SetText(&data, "new", text(edit.after));
  return data;
}

list NamesData(const std::vector<std::string>& names) {
  list all;
  const size_t shown = std::min(names.size(), kMostHtmlNames);
  for (size_t i = 0; i < shown; ++i) all.push_back(HtmlData("name", NameHtml(names[i])));
  if (shown < names.size()) {
    all.push_back(HtmlData("name", "… and " + ShowNumber(names.size() - shown) + " more"));
  }
  return all;
}

HtmlData FamilyData(const KeyChange& change) {
  HtmlData data;
  SetText(&data, "subject", NameHtml(change.subject));
  data.set("count", change.kind == KeyChange::Kind::kError
                        ? std::string()
                        : ShowCount(change.count, "key", "keys"));
  data.set("old_names", NamesData(change.before));
  data.set("new_names", NamesData(change.after));
  SetText(&data, "message", ShowSentence(change.message));
  return data;
}

// The changes of a class, a table for each kind.
list KindsData(const ClassComparison& comparison) {
  list kinds;
  const std::vector<KeyChange>& changes = comparison.changes;
  for (size_t begin = 0; begin < changes.size();) {
    size_t end = begin;
    while (end < changes.size() && changes[end].kind == changes[begin].kind) ++end;
    HtmlData kind;
    kind.set("kind", std::string(KeyChangeName(changes[begin].kind)));
    list families;
    const size_t shown = std::min(end, begin + kMostHtmlFamilies);
    for (size_t i = begin; i < shown; ++i) families.push_back(FamilyData(changes[i]));
    kind.set("families", families);
    SetText(&kind, "more",
            shown < end ? "… and " + ShowCount(end - shown, "more family", "more families") : "");
    kinds.push_back(kind);
    begin = end;
  }
  return kinds;
}

HtmlData GroupData(const ComparisonInput& input, const ChangeGroup& group) {
  static constexpr std::string_view kLevels[] = {"note", "note", "warning", "error"};
  HtmlData data;
  data.set("level", std::string(kLevels[static_cast<size_t>(group.verdict)]));
  data.set("verdict_name", std::string(CompatibilityName(group.verdict)));
  data.set("meaning", std::string(MeaningOf(group.verdict)));
  data.set("summary", SentenceHtml(group.summary));
  data.set("class_total", ShowClassesOf(group));
  list edits;
  for (const TransformEdit& edit : group.edits) edits.push_back(EditData(edit, input.folder));
  for (const AliasEdit& edit : group.aliases) edits.push_back(AliasData(edit));
  data.set("has_edits", !edits.empty());
  data.set("edits", edits);
  list clusters;
  std::vector<std::string> rest;
  for (const ClassCluster& cluster : ClustersOf(group)) {
    if (clusters.size() == kMostHtmlClusters) {
      rest.insert(rest.end(), cluster.names.begin(), cluster.names.end());
      continue;
    }
    HtmlData one;
    one.set("names", ShowList(cluster.names, kNamesInSummary));
    one.set("open", clusters.empty());
    one.set("kinds", KindsData(*cluster.example));
    clusters.push_back(one);
  }
  data.set("clusters", clusters);
  SetText(&data, "more_clusters",
          rest.empty() ? "" : "and " + ShowCount(rest.size(), "more class", "more classes"));
  data.set("more_names", ShowList(rest, rest.size()));
  return data;
}

HtmlData ListOf(const char* id, const char* title, const std::vector<Finding>& findings,
                std::string_view folder) {
  FindingList shown{.id = id,
                    .title = title,
                    .findings = {},
                    .folder = folder,
                    .evidence = "",
                    .filter = [](const Finding&) { return std::string(); }};
  for (const Finding& finding : findings) shown.findings.push_back(&finding);
  return FindingsData(shown);
}

}  // namespace

void WriteComparisonHtml(const ComparisonInput& input, llvm::raw_ostream* out) {
  const Comparison& comparison = input.comparison;
  HtmlData data;
  data.set("title", std::string("What changes"));
  data.set("tone", std::string(comparison.breaking > 0     ? "bad"
                               : comparison.compatible > 0 ? "warn"
                                                           : "good"));
  data.set("verdict", ShowVerdicts(comparison));
  data.set("old_name", ShowName(input.before.mapping));
  data.set("new_name", ShowName(input.after.mapping));
  data.set("scope", ShowComparedScopes(input.before, input.after));
  data.set("breaking", ShowNumber(comparison.breaking));
  data.set("compatible", ShowNumber(comparison.compatible));
  data.set("same", ShowNumber(comparison.same));
  list remarks;
  for (const std::string& remark : ComparisonRemarks(input)) {
    remarks.push_back(HtmlData("text", remark));
  }
  data.set("has_remarks", !remarks.empty());
  data.set("remarks", remarks);
  list changes;
  for (const ChangeGroup& group : comparison.groups) changes.push_back(GroupData(input, group));
  data.set("any_changes", !changes.empty());
  data.set("change_count", ShowNumber(changes.size()));
  data.set("changes", changes);
  data.set("lists",
           list{ListOf("new", "New findings", comparison.new_findings, input.folder),
                ListOf("fixed", "Fixed findings", comparison.fixed_findings, input.folder)});
  data.set("has_index", false);
  data.set("json", std::string("{}"));
  *out << RenderPage("changes.mustache", AboutText(input.version, "", ""), std::move(data));
}

}  // namespace wcheck
