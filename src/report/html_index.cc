// The page of a whole run.
#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "wcheck/index_set.h"

#include "report/html.h"
#include "report/html_findings.h"
#include "report/html_page.h"
#include "report/html_words.h"
#include "report/wording.h"
#include "support/printable.h"

namespace wcheck {
namespace {

using kainjow::mustache::list;

constexpr size_t kLongestFileName = 100;

bool IsPlainFileName(std::string_view name) {
  return !name.empty() && name.size() <= kLongestFileName && name != "index" &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return c < 0x80 && (std::isalnum(c) != 0 || c == '_');
         });
}

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

std::vector<std::string> HtmlFileNames(const std::vector<std::string>& class_names) {
  std::vector<std::string> files;
  std::set<std::string> taken;
  for (const std::string& name : class_names) {
    std::string file = name;
    if (!IsPlainFileName(Lower(name)) || !taken.insert(Lower(name)).second) {
      // Plain names contain no hyphen.
      file = "class-" + std::to_string(files.size() + 1);
    }
    files.push_back(file + ".html");
  }
  return files;
}

std::string HtmlIndexPage(const HtmlRun& run, const std::vector<HtmlClass>& classes) {
  const Judgement& judgement = run.report.judgement;
  std::map<std::string_view, uint32_t> number;
  for (uint32_t i = 0; i < classes.size(); ++i) number.emplace(classes[i].class_name, i);
  std::vector<SeverityCounts> counts(classes.size());
  SeverityCounts all;
  std::vector<const Finding*> findings;
  bool fails = run.report.outcome == Outcome::kNotJudged;
  for (const Finding& finding : judgement.findings) {
    findings.push_back(&finding);
    all.Add(finding.severity);
    fails |= run.report.Fails(finding);
    for (const ClassEvidence& one : finding.classes) {
      const auto found = number.find(one.class_name);
      if (found != number.end()) counts[found->second].Add(finding.severity);
    }
  }

  HtmlData data;
  data.set("title", ShowCount(judgement.classes, "class", "classes"));
  data.set("extent", ShowExtent(judgement));
  data.set("tone", std::string(fails ? "bad" : all.errors + all.warnings > 0 ? "warn" : "good"));
  data.set("verdict", all.total() == 0 ? std::string("No findings") : all.ToString());
  list not_judged;
  for (const std::string& line : ShowNotJudged(judgement.not_judged)) {
    not_judged.push_back(HtmlData("text", line));
  }
  data.set("not_judged", not_judged);
  data.set("scope", ShowScope(run.report.scope));
  const auto classes_of = [&](const Finding& finding) {
    std::vector<uint32_t> numbers;
    for (const ClassEvidence& one : finding.classes) {
      const auto found = number.find(one.class_name);
      if (found != number.end()) numbers.push_back(found->second);
    }
    return IndexSet::FromValues(std::move(numbers)).ToString();
  };
  data.set("lists", list{FindingsData({.id = "findings",
                                       .title = "Findings",
                                       .findings = findings,
                                       .folder = run.report.folder,
                                       .evidence = "",
                                       .filter = classes_of})});
  data.set("errors", ShowNumber(all.errors));
  data.set("warnings", ShowNumber(all.warnings));
  data.set("notes", ShowNumber(all.notes));
  list rows;
  rows.reserve(classes.size());
  bool pages = false;
  for (size_t i = 0; i < classes.size(); ++i) {
    const HtmlClass& one = classes[i];
    HtmlData row;
    row.set("index", std::to_string(i));
    row.set("name", ShowName(one.class_name));
    row.set("has_file", !one.file.empty());
    row.set("file", one.file);
    row.set("model_type", ShowName(one.model_type));
    row.set("keys", ShowNumber(one.keys));
    row.set("families", ShowNumber(one.families));
    const auto shown = [](size_t count) { return count == 0 ? std::string() : ShowNumber(count); };
    row.set("class_errors", shown(counts[i].errors));
    row.set("class_warnings", shown(counts[i].warnings));
    row.set("class_notes", shown(counts[i].notes));
    row.set("kind", std::string(counts[i].errors > 0     ? "error"
                                : counts[i].warnings > 0 ? "warning"
                                : counts[i].notes > 0    ? "note"
                                                         : "clear"));
    pages |= !one.file.empty();
    rows.push_back(row);
  }
  data.set("classes", rows);
  data.set("class_count", ShowNumber(classes.size()));
  data.set("has_pages", pages);
  data.set("has_index", false);
  data.set("json", std::string("{}"));
  return RenderPage("index.mustache",
                    AboutText(run.report.version, run.engine, run.registry.release),
                    std::move(data));
}

}  // namespace wcheck
