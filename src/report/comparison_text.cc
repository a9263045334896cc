// For people at a terminal: what changed, by cause, the worst first.
#include <algorithm>

#include <llvm/Support/raw_ostream.h>

#include "report/comparison_report.h"
#include "report/comparison_words.h"
#include "report/places.h"
#include "report/wording.h"
#include "support/printable.h"

namespace wcheck {
namespace {

using llvm::raw_ostream;

constexpr size_t kWidth = 100;           // of a line for a cause that has only one
constexpr size_t kMostTextEdits = 3;     // of a cause
constexpr size_t kMostTextClusters = 4;  // of its classes, in full
constexpr size_t kMostTextBrief = 14;    // of its classes, briefly
constexpr size_t kMostTextNames = 4;     // of a cluster
constexpr size_t kMostTextFamilies = 1;  // of a kind of change
constexpr size_t kMostTextFindings = 3;  // new ones, and fixed ones
constexpr size_t kEverything = static_cast<size_t>(-1) / 2;

// A line, and how it is shown on a terminal.
struct Line {
  enum class Style : uint8_t { kPlain, kVerdict, kOld, kNew, kNote };
  std::string text;
  Style style = Style::kPlain;
  Compatibility verdict = Compatibility::kSame;  // kVerdict: how bad it is
};
using Lines = std::vector<Line>;

std::string ComparisonPlace(const SourceRange& where) {
  if (!HasFile(where)) return "";
  Place place = where.place();
  place.file = Printable(place.file);
  return place.ToString();
}

std::string PlaceOfEdit(const TransformEdit& edit) {
  const TransformRef& transform = edit.after ? *edit.after : *edit.before;
  return ComparisonPlace(PlaceOf(*transform.spec));
}

class ComparisonTextWriter {
 public:
  ComparisonTextWriter(const ComparisonInput& input, raw_ostream* out)
      : input_(input), comparison_(input.comparison), out_(*out) {}

  void Write() {
    const Lines end = Ending();
    if (input_.all) {
      for (const ChangeGroup& group : comparison_.groups)
        Print(Full(group, kEverything, /*brief=*/false));
    } else {
      PrintWhatFits(kScreenLines - std::min(end.size(), kScreenLines));
    }
    Print(end);
  }

 private:
  size_t Limit(size_t limit) const { return input_.all ? kEverything : limit; }

  // --- causes
  // ----------------------------------------------------------------------------------------

  // The worst in full, as long as there is a line left for each of the others.
  void PrintWhatFits(size_t room) {
    const std::vector<ChangeGroup>& groups = comparison_.groups;
    const auto loud = static_cast<size_t>(std::ranges::count_if(
        groups, [](const ChangeGroup& g) { return g.verdict != Compatibility::kSame; }));
    if (loud < groups.size()) room -= std::min<size_t>(room, 2);  // PrintQuiet
    size_t next = 0;
    for (; next < loud; ++next) {
      // Headings of the verdicts, and the lines that say what is left out.
      const size_t others = loud == next + 1 ? 0 : loud - next - 1 + 5;
      Lines full = Full(groups[next], kMostTextClusters, /*brief=*/false);
      for (size_t clusters = kMostTextBrief; clusters > 0 && full.size() + others > room;) {
        full = Full(groups[next], clusters--, /*brief=*/true);
      }
      if (full.size() + others > room) break;
      Print(full);
      room -= full.size();
    }
    PrintShort(next, loud, room);
    PrintQuiet(loud);
  }

  void PrintShort(size_t next, size_t loud, size_t room) {
    Lines lines;
    std::optional<Compatibility> heading;
    const std::vector<ChangeGroup>& groups = comparison_.groups;
    for (; next < loud; ++next) {
      const bool new_heading = heading != groups[next].verdict;
      // One for the line itself, and three for the end.
      if (lines.size() + (new_heading ? 2 : 1) + 3 > room) break;
      if (new_heading) {
        heading = groups[next].verdict;
        lines.push_back(
            {std::string(CompatibilityName(*heading)) + ": " + std::string(MeaningOf(*heading)),
             Line::Style::kVerdict, *heading});
      }
      lines.push_back({Short(groups[next])});
    }
    if (next < loud) {
      size_t classes = 0;
      for (size_t i = next; i < loud; ++i) classes += groups[i].classes.size();
      lines.push_back({"… and " + ShowCount(loud - next, "more cause", "more causes") + " in " +
                           ShowCount(classes, "class", "classes"),
                       Line::Style::kNote});
    }
    const bool short_ones = !lines.empty();
    Print(lines);
    if (short_ones) Print({{"(--all shows everything)", Line::Style::kNote}, {""}});
  }

  // A change without an effect takes one line.
  void PrintQuiet(size_t loud) {
    const std::vector<ChangeGroup>& groups = comparison_.groups;
    if (loud == groups.size()) return;
    size_t classes = 0;
    for (size_t i = loud; i < groups.size(); ++i) classes += groups[i].classes.size();
    std::string text = loud + 1 == groups.size()
                           ? Elided(ShowSentence(groups[loud].summary), kWidth)
                           : ShowCount(groups.size() - loud, "edit", "edits");
    Print({{"same: " + text + " changes no name of " + ShowCount(classes, "class", "classes"),
            Line::Style::kVerdict},
           {""}});
  }

  static std::string Short(const ChangeGroup& group) {
    std::string names = ShowName(group.classes.front().class_name);
    if (group.classes.size() > 1) {
      names += " and " + ShowNumber(group.classes.size() - 1) + " more";
    }
    std::string line = "  " + names + ": ";
    const size_t used = CountCharacters(line);
    return line + Elided(ShowSentence(group.summary), used + 30 < kWidth ? kWidth - used : 30);
  }

  Lines Full(const ChangeGroup& group, size_t most_clusters, bool brief) const {
    Lines lines;
    lines.push_back({std::string(CompatibilityName(group.verdict)) + " in " +
                         ShowClassesOf(group) + ": " +
                         ShowSentence(group.summary),
                     Line::Style::kVerdict, group.verdict});
    AddAliases(group, &lines);
    AddEdits(group, &lines);
    const std::vector<ClassCluster> clusters = ClustersOf(group);
    const size_t shown = std::min(clusters.size(), most_clusters);
    for (size_t i = 0; i < shown; ++i) AddCluster(group, clusters[i], brief, &lines);
    if (shown < clusters.size()) {
      std::vector<std::string> rest;
      for (size_t i = shown; i < clusters.size(); ++i) {
        rest.insert(rest.end(), clusters[i].names.begin(), clusters[i].names.end());
      }
      lines.push_back({"  … and in " + ShowCount(rest.size(), "more class", "more classes") + ": " +
                       ShowList(rest, kMostTextNames)});
    }
    lines.push_back({""});
    return lines;
  }

  void AddAliases(const ChangeGroup& group, Lines* lines) const {
    // The heading already shows the first one.
    const size_t shown = std::min(group.aliases.size(), Limit(kMostTextEdits));
    for (size_t i = 1; i < shown; ++i) {
      const AliasEdit& alias = group.aliases[i];
      const auto target = [](const std::string& name) {
        return name.empty() ? std::string("no alias") : '\'' + ShowName(name) + '\'';
      };
      lines->push_back({"  alias '" + ShowName(alias.name) + "': " + target(alias.before) +
                        " became " + target(alias.after)});
    }
  }

  void AddEdits(const ChangeGroup& group, Lines* lines) const {
    const size_t shown = std::min(group.edits.size(), Limit(kMostTextEdits));
    for (size_t i = 0; i < shown; ++i) {
      const std::string place = PlaceOfEdit(group.edits[i]);
      lines->push_back({"  " + (place.empty() ? "" : place + ": ") + ShowEdit(group.edits[i])});
    }
    if (shown < group.edits.size()) {
      lines->push_back(
          {"  … and " + ShowCount(group.edits.size() - shown, "more edit", "more edits")});
    }
  }

  void AddCluster(const ChangeGroup& group, const ClassCluster& cluster, bool brief,
                  Lines* lines) const {
    std::string names = "  " + ShowList(cluster.names, Limit(kMostTextNames));
    if (cluster.example->verdict != group.verdict || cluster.example->allowed) {
      names += " (" + std::string(CompatibilityName(cluster.example->verdict)) +
               (cluster.example->allowed ? ", allowed)" : ")");
    }
    lines->push_back({std::move(names)});
    for (std::string& text : brief ? ShortChangeLines(*cluster.example)
                                   : ChangeLines(*cluster.example, Limit(kMostTextFamilies))) {
      const Line::Style style = text.starts_with("  - ")   ? Line::Style::kOld
                                : text.starts_with("  + ") ? Line::Style::kNew
                                                           : Line::Style::kPlain;
      lines->push_back({"    " + std::move(text), style});
    }
  }

  // --- what comes last
  // ---------------------------------------------------------------------------------

  Lines Ending() const {
    Lines lines;
    AddFindings("new: ", comparison_.new_findings, &lines);
    AddFindings("fixed: ", comparison_.fixed_findings, &lines);
    for (std::string& remark : ComparisonRemarks(input_)) lines.push_back({std::move(remark)});
    if (!lines.empty()) lines.push_back({""});
    if (const std::string scope = ShowComparedScopes(input_.before, input_.after); !scope.empty()) {
      lines.push_back({"judged: " + scope});
    }
    std::string totals = ShowVerdicts(comparison_);
    if (const std::string findings = ShowFindingTotals(comparison_); !findings.empty()) {
      totals += "; " + findings;
    }
    lines.push_back({std::move(totals)});
    return lines;
  }

  void AddFindings(const char* label, const std::vector<Finding>& findings, Lines* lines) const {
    const std::vector<const Finding*> worst = WorstFirst(findings);
    const size_t shown = std::min(worst.size(), Limit(kMostTextFindings));
    for (size_t i = 0; i < shown; ++i) {
      const std::string place = ComparisonPlace(worst[i]->place());
      lines->push_back({label + (place.empty() ? "" : place + ": ") + ShowFindingLine(*worst[i])});
    }
    if (shown < worst.size()) {
      lines->push_back(
          {label + ("… and " + ShowCount(worst.size() - shown, "more finding", "more findings"))});
    }
  }

  // --- printing
  // ----------------------------------------------------------------------------------------

  void Print(const Lines& lines) {
    for (const Line& line : lines) {
      if (!input_.color) {
        out_ << line.text << '\n';
        continue;
      }
      Paint(line);
      out_ << line.text;
      out_.resetColor();
      out_ << '\n';
    }
  }

  void Paint(const Line& line) {
    switch (line.style) {
      case Line::Style::kPlain:
        return;
      case Line::Style::kVerdict:
        out_.changeColor(line.verdict == Compatibility::kBreaking     ? raw_ostream::RED
                         : line.verdict == Compatibility::kCompatible ? raw_ostream::YELLOW
                                                                      : raw_ostream::CYAN,
                         /*Bold=*/true);
        return;
      case Line::Style::kOld:
        out_.changeColor(raw_ostream::RED);
        return;
      case Line::Style::kNew:
        out_.changeColor(raw_ostream::GREEN);
        return;
      case Line::Style::kNote:
        out_.changeColor(raw_ostream::CYAN);
    }
  }

  const ComparisonInput& input_;
  const Comparison& comparison_;
  raw_ostream& out_;
};

// The stream that a report is written to has its colours off by default.
class PaintedStream : public llvm::raw_string_ostream {
 public:
  PaintedStream(std::string* text, bool color) : raw_string_ostream(*text) { enable_colors(color); }
  bool is_displayed() const override { return colors_enabled(); }
  bool has_colors() const override { return colors_enabled(); }
};

}  // namespace

void WriteComparisonText(const ComparisonInput& input, raw_ostream* out) {
  std::string text;
  PaintedStream stream(&text, input.color);
  ComparisonTextWriter(input, &stream).Write();
  stream.flush();
  *out << text;
}

}  // namespace wcheck
