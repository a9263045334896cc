#include "report/html_findings.h"

#include <algorithm>
#include <map>
#include <utility>

#include "report/fingerprint.h"
#include "report/html_words.h"
#include "report/places.h"
#include "report/source_excerpt.h"
#include "report/wording.h"
#include "support/printable.h"

namespace wcheck {
namespace {

using kainjow::mustache::list;
using kainjow::mustache::object;

constexpr size_t kMostHtmlRelated = 8;

// The byte at which column `column` of a printable text begins.
size_t ByteOfColumn(const std::string& text, size_t column) {
  size_t byte = 0;
  while (byte < text.size() && CountColumns(std::string_view(text).substr(0, byte)) < column) {
    ++byte;
    while (byte < text.size() && (static_cast<unsigned char>(text[byte]) & 0xC0) == 0x80) ++byte;
  }
  return byte;
}

class FindingsBuilder {
 public:
  explicit FindingsBuilder(const FindingList& list) : list_(list) {}

  // The findings of one severity, those that blame the same transform under one heading.
  HtmlData Group(Severity severity, const std::vector<const Finding*>& findings) {
    using Cause = std::pair<std::string_view, uint32_t>;
    std::map<Cause, size_t> known;
    std::vector<std::vector<const Finding*>> causes;
    for (const Finding* finding : findings) {
      size_t cause = causes.size();
      if (finding->transform) {
        const Cause key{finding->transform->entry, finding->transform->index};
        cause = known.try_emplace(key, cause).first->second;
      }
      if (cause == causes.size()) causes.emplace_back();
      causes[cause].push_back(finding);
    }
    const std::string name(SeverityName(severity));
    HtmlData group;
    group.set("severity", name);
    group.set("heading", ShowCount(findings.size(), name, name + "s"));
    list all;
    for (const auto& cause : causes) all.push_back(CauseData(cause));
    group.set("causes", all);
    return group;
  }

 private:
  std::string Place(const SourceRange& where) const {
    if (!HasFile(where)) return "";
    return ShowName(FileName(where, list_.folder)) + ':' + std::to_string(RegionOf(where).line);
  }

  HtmlData CauseData(const std::vector<const Finding*>& findings) {
    HtmlData data;
    const Finding& first = *findings.front();
    SetText(&data, "position", first.transform ? ShowPosition(*first.transform) : "");
    data.set("pattern",
             first.transform ? ShowName(ShowTransform(*first.transform->spec)) : std::string());
    list all;
    for (const Finding* finding : findings) all.push_back(FindingData(*finding));
    data.set("items", all);
    return data;
  }

  // Links to a finding hold as long as it has its identity, on this page and on that of the next
  // run. (Findings of a checkpoint are not joined, so that two may have one.)
  std::string AnchorOf(const Finding& finding) {
    constexpr size_t kDigits = 12;
    const std::string anchor = list_.id + '-' + Fingerprint(finding.identity).substr(0, kDigits);
    const size_t before = anchors_[anchor]++;
    return before == 0 ? anchor : anchor + '-' + std::to_string(before + 1);
  }

  HtmlData FindingData(const Finding& finding) {
    HtmlData data;
    data.set("anchor", AnchorOf(finding));
    data.set("check", Printable(finding.check));
    data.set("level", std::string(SeverityName(finding.severity)));
    data.set("message", SentenceHtml(finding.message));
    SetText(&data, "filter", list_.filter(finding));
    const SourceRange where = finding.place();
    SetText(&data, "place", Place(where));
    AddExcerpt(where, &data);
    AddEvidence(finding, &data);
    AddRelated(finding, &data);
    SetText(&data, "advice", SentenceHtml(finding.advice));
    AddFix(finding, &data);
    return data;
  }

  static void AddExcerpt(const SourceRange& where, HtmlData* data) {
    data->set("has_source", HasFile(where));
    if (!HasFile(where)) return;
    const SourceExcerpt excerpt = ExcerptOf(where);
    const size_t begin = ByteOfColumn(excerpt.text, excerpt.begin);
    const size_t end = ByteOfColumn(excerpt.text, excerpt.end);
    data->set("line", std::to_string(RegionOf(where).line));
    data->set("source_before", excerpt.text.substr(0, begin));
    data->set("source_marked", excerpt.text.substr(begin, end - begin));
    data->set("source_after", excerpt.text.substr(end));
  }

  void AddEvidence(const Finding& finding, HtmlData* data) const {
    const ClassEvidence* shown = finding.classes.empty() ? nullptr : &finding.classes.front();
    for (const ClassEvidence& one : finding.classes) {
      if (one.class_name == list_.evidence) shown = &one;
    }
    list rows;
    std::string names;
    if (shown != nullptr) {
      for (const KeyEvidence& keys : shown->keys) {
        HtmlData row;
        row.set("key", NameHtml(keys.key));
        row.set("relation", ShowSentence(keys.relation));
        row.set("other", NameHtml(keys.other));
        row.set("count", keys.count > 1 ? ShowCount(keys.count, "key", "keys") : std::string());
        rows.push_back(row);
      }
      for (const ClassEvidence& one : finding.classes) {
        names += (names.empty() ? "" : ", ") + ShowName(one.class_name);
      }
    }
    data->set("has_evidence", !rows.empty());
    data->set("evidence", rows);
    const bool example = list_.evidence.empty() && !rows.empty() && finding.classes.size() > 1;
    SetText(data, "example", example ? ShowName(shown->class_name) : "");
    SetText(data, "omitted",
            shown != nullptr && shown->omitted > 0
                ? "… and " + ShowCount(shown->omitted, "more family", "more families")
                : "");
    const size_t classes = finding.classes.size();
    SetText(data, "class_name", list_.evidence.empty() && classes == 1 ? names : "");
    SetText(data, "class_count", classes > 1 ? ShowCount(classes, "class", "classes") : "");
    data->set("class_names", classes > 1 ? names : std::string());
  }

  void AddRelated(const Finding& finding, HtmlData* data) const {
    list related;
    const size_t shown = std::min(finding.related.size(), kMostHtmlRelated);
    for (size_t i = 0; i < shown; ++i) {
      const RelatedTransform& other = finding.related[i];
      HtmlData one;
      one.set("what", ShowTransform(other.transform));
      one.set("says", SentenceHtml(other.message));
      SetText(&one, "at", Place(PlaceOf(*other.transform.spec, other.blame)));
      related.push_back(one);
    }
    if (finding.transform && finding.transform->spec->origin != nullptr) {
      for (const ProvenanceStep& step : finding.transform->spec->origin->provenance) {
        HtmlData one;
        one.set("what", ShowName(finding.transform->entry));
        one.set("says", "has it as " + SentenceHtml(step.what));
        SetText(&one, "at", Place(step.where));
        related.push_back(one);
      }
    }
    data->set("has_related", !related.empty());
    data->set("related", related);
    SetText(data, "more_related",
            shown < finding.related.size()
                ? "… and " +
                      ShowCount(finding.related.size() - shown, "more transform", "more transforms")
                : "");
  }

  static void AddFix(const Finding& finding, HtmlData* data) {
    data->set("has_fix", finding.fix.has_value());
    data->set("fix", finding.fix ? SentenceHtml(ShowFix(*finding.fix)) : std::string());
    data->set("fix_label", finding.fix && !finding.fix->safe ? "Unsafe fix" : "Fix");
    list lines;
    // Line numbers of a text that cannot be opened are of no use.
    if (finding.fix && HasFile(finding.place())) {
      for (const std::string& line : FixLines(*finding.fix)) {
        HtmlData one;
        one.set("kind", line.starts_with('-') ? "del" : line.starts_with('+') ? "ins" : "span");
        one.set("text", line);
        lines.push_back(one);
      }
    }
    data->set("has_fix_lines", !lines.empty());
    data->set("fix_lines", lines);
  }

  const FindingList& list_;
  std::map<std::string, size_t> anchors_;  // and how often each was given out
};

}  // namespace

HtmlData FindingsData(const FindingList& list) {
  FindingsBuilder builder(list);
  kainjow::mustache::list groups;
  for (Severity severity : {Severity::kError, Severity::kWarning, Severity::kNote}) {
    std::vector<const Finding*> some;
    for (const Finding* finding : list.findings) {
      if (finding->severity == severity) some.push_back(finding);
    }
    if (!some.empty()) groups.push_back(builder.Group(severity, some));
  }
  HtmlData data;
  data.set("findings_id", list.id);
  data.set("findings_title", list.title);
  data.set("groups", groups);
  data.set("any_findings", !list.findings.empty());
  data.set("finding_count", ShowNumber(list.findings.size()));
  return data;
}

std::string AboutText(std::string_view version, std::string_view engine, std::string_view release) {
  std::string text = "wcheck " + std::string(version);
  if (!engine.empty()) text += " · engine " + std::string(engine);
  if (!release.empty()) text += " · registry of transformers " + ShowName(release);
  return text;
}

}  // namespace wcheck
