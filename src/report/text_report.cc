// The default report, for people at a terminal. It should teach, so each error and warning shows
// the line, the keys that prove it and what to do; notes take one line each.
#include <algorithm>

#include <llvm/Support/SourceMgr.h>
#include <llvm/Support/raw_ostream.h>

#include "wcheck/report.h"
#include "wcheck/version.h"

#include "report/places.h"
#include "report/source_excerpt.h"
#include "report/wording.h"
#include "support/printable.h"

namespace wcheck {
namespace {

using llvm::raw_ostream;

constexpr size_t kMostTextRelated = 8;

// LLVM's diagnostics ask their stream whether it has colours.
class ColorStream : public llvm::raw_string_ostream {
 public:
  ColorStream(std::string* text, bool color) : raw_string_ostream(*text), color_(color) {
    enable_colors(color);
  }
  bool is_displayed() const override { return color_; }
  bool has_colors() const override { return color_; }

 private:
  bool color_;
};

llvm::SourceMgr::DiagKind KindOf(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return llvm::SourceMgr::DK_Error;
    case Severity::kWarning:
      return llvm::SourceMgr::DK_Warning;
    case Severity::kNote:
      break;
  }
  return llvm::SourceMgr::DK_Note;
}

// "file:12:3", or "" if it is nothing that a reader could open.
std::string TextPlace(const SourceRange& where) {
  if (!HasFile(where)) return "";
  Place place = where.place();
  place.file = Printable(place.file);
  return place.ToString();
}

class TextReportWriter {
 public:
  TextReportWriter(const ReportInput& input, raw_ostream* out) : input_(input), out_(*out) {}

  void Write() {
    const Judgement& judgement = input_.judgement;
    for (const FindingGroup& group : GroupByTransform(judgement.findings)) WriteGroup(group);
    if (!judgement.findings.empty()) out_ << '\n';
    WriteSummary();
  }

 private:
  void Bold(std::string_view text) {
    out_.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true);
    out_ << text;
    out_.resetColor();
  }

  void Label(std::string_view label, raw_ostream::Colors color = raw_ostream::CYAN) {
    out_.changeColor(color, /*Bold=*/true);
    out_ << label << ": ";
    out_.resetColor();
  }

  // The start of a finding, in the form that editors and people know from compilers.
  void WritePlace(const SourceRange& where) {
    if (HasFile(where)) Bold(TextPlace(where) + ": ");
  }

  // A line that belongs to a finding has its place at the end.
  void WriteNoteOf(const std::string& text, const SourceRange& where) {
    out_ << "  ";
    Label("note");
    out_ << text;
    if (HasFile(where)) out_ << " (" << TextPlace(where) << ')';
    out_ << '\n';
  }

  void WriteGroup(const FindingGroup& group) {
    const bool in_full =
        std::any_of(group.findings.begin(), group.findings.end(),
                    [](const Finding* f) { return f->severity != Severity::kNote; });
    // Groups with only notes are listed together.
    if (!first_ && (in_full || !after_note_)) out_ << '\n';
    first_ = false;
    if (in_full && group.transform != nullptr) {
      Bold(ShowTransform(*group.transform));
      out_ << '\n';
    }
    after_note_ = !in_full;
    for (const Finding* finding : group.findings) {
      if (finding->severity == Severity::kNote) {
        WriteNote(*finding, /*named=*/in_full);
      } else {
        WriteFinding(*finding);
      }
    }
  }

  // The name of the finding's check, as a link to its page where the terminal takes one.
  std::string CheckName(const Finding& finding) const {
    const std::string name = Printable(finding.check);
    if (!input_.links) return name;
    return "\x1b]8;;" + std::string(kPages) + "docs/checks/" + name + ".md\x1b\\" + name +
           "\x1b]8;;\x1b\\";
  }

  // `named`: the line above has named the transform.
  void WriteNote(const Finding& finding, bool named) {
    WritePlace(finding.place());
    Label("note");
    if (!named && finding.transform) out_ << ShowTransform(*finding.transform) << ": ";
    out_ << ShowSentence(finding.message) << " [" << CheckName(finding) << ']';
    if (!finding.classes.empty()) {
      out_ << " (" << ShowCount(finding.classes.size(), "class", "classes") << ')';
    }
    out_ << '\n';
  }

  void WriteFinding(const Finding& finding) {
    const SourceRange where = finding.place();
    WritePlace(where);
    const std::string message =
        ShowSentence(finding.message) + " [" + CheckName(finding) + ']';
    if (!HasFile(where)) {
      llvm::SMDiagnostic("", KindOf(finding.severity), message).print(nullptr, out_, input_.color);
    } else {
      WriteExcerpt(ExcerptOf(where), KindOf(finding.severity), message);
    }
    WriteEvidence(finding);
    WriteProvenance(finding);
    WriteRelated(finding);
    if (!finding.advice.empty()) {
      out_ << "  ";
      Label("help");
      out_ << ShowSentence(finding.advice) << '\n';
    }
    if (finding.fix) WriteFix(*finding.fix);
  }

  void WriteExcerpt(const SourceExcerpt& excerpt, llvm::SourceMgr::DiagKind kind,
                    const std::string& message) {
    // The diagnostic gets the line as shown, which may be cut; the exact place is in the line
    // above.
    static const llvm::SourceMgr kNoSources;
    const bool ascii = std::all_of(excerpt.text.begin(), excerpt.text.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    llvm::SMDiagnostic(kNoSources, llvm::SMLoc(), "", 1, static_cast<int>(excerpt.begin), kind,
                       message, excerpt.text,
                       {{static_cast<unsigned>(excerpt.begin), static_cast<unsigned>(excerpt.end)}})
        .print(nullptr, out_, input_.color);
    if (ascii) return;
    // LLVM leaves out the mark under a line that is not all ASCII.
    out_.indent(static_cast<unsigned>(excerpt.begin));
    out_.changeColor(raw_ostream::GREEN, /*Bold=*/true);
    out_ << '^';
    for (size_t i = excerpt.begin + 1; i < excerpt.end; ++i) out_ << '~';
    out_.resetColor();
    out_ << '\n';
  }

  void WriteEvidence(const Finding& finding) {
    if (finding.classes.empty()) return;
    const ClassEvidence& example = finding.classes.front();
    const bool several = finding.classes.size() > 1;
    if (!example.keys.empty() || example.omitted > 0) {
      out_ << "  " << (several ? "for example " : "in ");
      Bold(ShowName(example.class_name));
      out_ << ":\n";
      for (const std::string& line : EvidenceLines(example)) out_ << "    " << line << '\n';
      if (!several) return;
    }
    out_ << "  " << ShowClasses(finding) << '\n';
  }

  // How the transform came into the entry: the call may be far from the entry's name.
  void WriteProvenance(const Finding& finding) {
    if (!finding.transform) return;
    const std::shared_ptr<const Origin>& origin = finding.transform->spec->origin;
    if (origin == nullptr) return;
    for (const ProvenanceStep& step : origin->provenance) {
      WriteNoteOf(ShowName(finding.transform->entry) + " has it as " + ShowSentence(step.what),
                  step.where);
    }
  }

  void WriteRelated(const Finding& finding) {
    const size_t shown = std::min(finding.related.size(), kMostTextRelated);
    for (size_t i = 0; i < shown; ++i) {
      const RelatedTransform& related = finding.related[i];
      const SourceRange where = PlaceOf(*related.transform.spec, related.blame);
      WriteNoteOf(ShowTransform(related.transform) + ": " + ShowSentence(related.message), where);
    }
    if (shown < finding.related.size()) {
      out_ << "  … and "
           << ShowCount(finding.related.size() - shown, "more transform", "more transforms")
           << '\n';
    }
  }

  void WriteFix(const Fix& fix) {
    out_ << "  ";
    Label(FixLabel(fix), fix.safe ? raw_ostream::CYAN : raw_ostream::YELLOW);
    out_ << ShowFix(fix) << '\n';
    for (const std::string& line : FixLines(fix)) {
      const bool removed = line.starts_with('-');
      if (removed || line.starts_with('+')) {
        out_.changeColor(removed ? raw_ostream::RED : raw_ostream::GREEN);
      }
      out_ << "    " << line;
      out_.resetColor();
      out_ << '\n';
    }
  }

  void WriteSummary() {
    const Judgement& judgement = input_.judgement;
    if (const std::string scope = ShowScope(input_.scope); !scope.empty()) {
      Label("judged");
      out_ << scope << '\n';
    }
    for (const std::string& line : ShowNotJudged(judgement.not_judged)) out_ << line << '\n';
    if (!judgement.findings.empty()) {
      Bold(CountFindings(judgement.findings).ToString());
      out_ << "; " << ShowExtent(judgement) << '\n';
    } else {
      const bool clear = judgement.not_judged.empty() && judgement.classes > 0;
      Bold(clear ? "All clear: nothing found" : "Nothing found");
      out_ << ", " << ShowExtent(judgement) << '\n';
    }
  }

  const ReportInput& input_;
  raw_ostream& out_;
  bool first_ = true;
  bool after_note_ = false;
};

}  // namespace

void WriteTextReport(const ReportInput& input, raw_ostream* out) {
  std::string text;
  ColorStream stream(&text, input.color);
  TextReportWriter(input, &stream).Write();
  stream.flush();
  *out << text;
}

}  // namespace wcheck
