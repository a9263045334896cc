#include <algorithm>

#include <llvm/Support/raw_ostream.h>

#include "wcheck/finding.h"

#include "analysis/explain.h"
#include "analysis/key_map_words.h"
#include "support/printable.h"

namespace wcheck {
namespace {

using Color = llvm::raw_ostream::Colors;

constexpr size_t kReasonColumns = 15;
constexpr size_t kCollectedShown = 6;
constexpr size_t kResultsShown = 6;

std::string Reason(AttemptOutcome outcome) {
  switch (outcome) {
    case AttemptOutcome::kFired:
      return "fired";
    case AttemptOutcome::kNoMatch:
      return "no match";
    case AttemptOutcome::kOutOfScope:
      return "out of scope";
    case AttemptOutcome::kGuardNotSeen:
      return "guard not seen";
    case AttemptOutcome::kClaimed:
      return "claimed already";
    case AttemptOutcome::kError:
      return "raises";
    case AttemptOutcome::kPrefixChange:
    case AttemptOutcome::kLoadOnly:
    case AttemptOutcome::kNotChosen:
      return "not tried";
  }
  return "";
}

// What the outcome alone does not say.
std::string Remark(const Attempt& attempt, const PlacedTransform& placed) {
  switch (attempt.outcome) {
    case AttemptOutcome::kOutOfScope:
      return "the key is not under '" + ShowName(placed.scope_prefix.value_or("")) + ".'";
    case AttemptOutcome::kGuardNotSeen:
      return "it would match, but its first source matched no earlier key";
    case AttemptOutcome::kClaimed:
      return "it would match, but another converter has already claimed the key";
    case AttemptOutcome::kPrefixChange:
      return "a fresh save drops every PrefixChange";
    case AttemptOutcome::kLoadOnly:
      return "legacy is only for loading";
    case AttemptOutcome::kError:
      return ShowSentence(attempt.error.ToString());
    case AttemptOutcome::kFired:
    case AttemptOutcome::kNoMatch:
    case AttemptOutcome::kNotChosen:
      return "";
  }
  return "";
}

class ExplainTextWriter {
 public:
  ExplainTextWriter(const ExplainReport& report, bool color, llvm::raw_ostream* out)
      : report_(report), s_(*report.simulation), out_(*out) {
    out_.enable_colors(color);
  }

  void Write() {
    Paint(Color::SAVEDCOLOR, true, ShowName(s_.layout->class_name));
    out_ << '\n';
    for (const std::string& note : report_.notes) out_ << "note: " << ShowSentence(note) << '\n';
    for (const Explanation& explanation : report_.explanations) {
      out_ << '\n';
      WriteExplanation(explanation);
    }
  }

 private:
  void Paint(Color color, bool bold, const std::string& text) {
    out_.changeColor(color, bold);
    out_ << text;
    out_.resetColor();
  }

  void WriteExplanation(const Explanation& explanation) {
    const KeyWay& there = explanation.there;
    switch (explanation.subject) {
      case Explanation::Subject::kModelKey:
        out_ << "model key ";
        break;
      case Explanation::Subject::kCheckpointKey:
        out_ << "checkpoint key ";
        break;
      case Explanation::Subject::kGivenKey:
        out_ << "given key ";
        break;
    }
    Paint(Color::SAVEDCOLOR, true, ShowName(there.family));
    if (there.shape) out_ << ' ' << ShowShape(*there.shape);
    if (there.keys > 1)
      out_ << ", " << ShowCount(there.keys, "key", "keys") << " with the same result";
    out_ << '\n';
    WriteWay(there, "");
    for (const KeyWay& back : explanation.back) WriteWay(back, "back: ");
    if (explanation.back_omitted > 0) {
      out_ << "  … and " << ShowCount(explanation.back_omitted, "more way", "more ways")
           << " back\n";
    }
    out_ << '\n';
    Paint(explanation.returns ? Color::GREEN : Color::RED, true, "  => ");
    out_ << ShowSentence(explanation.verdict) << '\n';
  }

  void WriteWay(const KeyWay& way, const std::string& lead) {
    bool save = way.direction == Direction::kSave;
    out_ << (lead.empty() ? "  " : "\n  ") << lead << (save ? "save " : "load ")
         << Printable(way.key) << '\n';
    for (const Attempt& attempt : way.attempts) WriteAttempt(attempt, save);
    if (way.set_aside) {
      out_ << "    the model has no such key, but it has the original one: the transforms are set "
              "aside\n";
    }
    if (way.prefix_step != Trace::PrefixStep::kNone) {
      bool removed = way.prefix_step == Trace::PrefixStep::kRemoved;
      out_ << "    the base model prefix '" << ShowName(s_.layout->base_model_prefix) << ".' is "
           << (removed ? "removed" : "added") << ": " << Printable(way.renamed) << '\n';
    }
    if (way.converter != nullptr) WriteConverter(way);
    for (const std::string& rival : way.rivals) {
      Paint(Color::RED, false, "    the same name is reached by ");
      out_ << ShowName(rival) << '\n';
    }
    if (way.error) {
      Paint(Color::RED, true, "    the engine raises ");
      out_ << ShowSentence(way.error->ToString());
      if (way.error_transform && *way.error_transform < s_.plan.transforms.size()) {
        out_ << ", in " << ShowName(ShowPlaced(s_.plan, *way.error_transform));
      }
      if (!way.error_key.empty()) out_ << ", at " << ShowName(way.error_key);
      out_ << '\n';
    }
    WriteResults(way);
  }

  void WriteAttempt(const Attempt& attempt, bool save) {
    const PlacedTransform& placed = s_.plan.transforms[attempt.transform];
    const TransformSpec& spec = *placed.forward().spec;
    bool fired = attempt.outcome == AttemptOutcome::kFired;
    bool raised = attempt.outcome == AttemptOutcome::kError;
    std::string reason = Reason(attempt.outcome);
    if (fired && !attempt.step.changed()) reason = "fired, no change";
    reason.resize(std::max(reason.size(), kReasonColumns), ' ');
    out_ << "    ";
    Paint(raised ? Color::RED : fired ? Color::GREEN : Color::SAVEDCOLOR, fired || raised, reason);
    out_ << "  " << ShowName(ShowPlaced(s_.plan, attempt.transform)) << ' '
         << (save ? "reverse of " : "") << ShowName(ShowTransform(spec));
    std::string remark = Remark(attempt, placed);
    if (!remark.empty()) out_ << " (" << remark << ')';
    SourceRange place = PlaceOf(spec);
    if (fired && place.known()) out_ << "  at " << ShowName(place.place().ToString());
    out_ << '\n';
    if (fired) WriteStep(attempt.step);
  }

  // The position of a byte of a text after it is printed.
  static size_t ColumnOf(const std::string& text, size_t byte) {
    return CountColumns(Printable(std::string_view(text).substr(0, byte)));
  }

  void WriteMarks(const std::string& text, Span span, char first, char rest, Color color,
                  size_t dots_from, size_t dots_to, const char* remark) {
    size_t begin = ColumnOf(text, span.begin);
    size_t end = ColumnOf(text, span.end);
    std::string line(ColumnOf(text, dots_from), ' ');
    line.append(ColumnOf(text, dots_to) - line.size(), '.');
    line.append(begin - std::min(begin, line.size()), ' ');
    line += first;
    if (end > begin + 1) line.append(end - begin - 1, rest);
    out_ << "      ";
    Paint(color, true, line);
    out_ << remark << '\n';
  }

  // The key before and after, with the match and the inserted text underlined; the scope prefix,
  // which the pattern does not see, is dotted.
  void WriteStep(const TraceStep& step) {
    const std::string& before = step.before.text;
    const std::string& after = step.after.text;
    out_ << "      " << Printable(before) << '\n';
    WriteMarks(before, step.match, '^', '~', Color::GREEN, step.scope.begin, step.scope.end,
               step.match.size() == 0 ? " (matches the empty text here)" : "");
    if (step.replaced != step.match) {
      WriteMarks(before, step.replaced, '-', '-', Color::YELLOW, 0, 0,
                 " is replaced: the first occurrence of the matched text");
    }
    if (!step.changed()) return;
    out_ << "      " << Printable(after) << '\n';
    auto inserted = static_cast<uint32_t>(after.size() + step.replaced.size() - before.size());
    if (inserted == 0) return;
    WriteMarks(after, {step.replaced.begin, step.replaced.begin + inserted}, '+', '+', Color::CYAN,
               0, 0, "");
  }

  void WriteConverter(const KeyWay& way) {
    out_ << "    " << ShowName(ShowPlaced(s_.plan, way.converter_index)) << " runs "
         << ShowSentence(ShowOperations(*way.converter)) << " on\n";
    for (size_t i = 0; i < way.collected.size() && i < kCollectedShown; ++i) {
      const KeyWay::Collected& c = way.collected[i];
      out_ << "      " << ShowName(c.family);
      if (c.keys > 1) out_ << " (" << ShowCount(c.keys, "key", "keys") << ')';
      out_ << ", as '" << ShowName(c.source) << "'\n";
    }
    if (way.collected.size() > kCollectedShown) {
      out_ << "      … and " << ShowCount(way.collected.size() - kCollectedShown, "more", "more")
           << '\n';
    }
    if (way.bare_names) {
      Paint(Color::RED, false,
            "    the produced names do not occur in the key: they are used without a prefix\n");
    }
  }

  void WriteResults(const KeyWay& way) {
    const char* verb = way.direction == Direction::kSave ? "saved as " : "loaded into ";
    for (size_t i = 0; i < way.results.size() && i < kResultsShown; ++i) {
      out_ << "    " << verb;
      Paint(Color::SAVEDCOLOR, true, ShowName(way.results[i].ToString()));
      if (way.results[i].shape) out_ << ' ' << ShowShape(*way.results[i].shape);
      out_ << '\n';
    }
    if (way.results.size() > kResultsShown) {
      out_ << "    … and " << ShowCount(way.results.size() - kResultsShown, "more", "more") << '\n';
    }
    if (way.direction == Direction::kLoad && !way.in_model && !way.error && !way.attempts.empty()) {
      out_ << "    loaded into nothing: the model has no key " << ShowName(way.renamed) << '\n';
    }
  }

  const ExplainReport& report_;
  const Simulation& s_;
  llvm::raw_ostream& out_;
};

}  // namespace

std::string ExplainText(const ExplainReport& report, bool color) {
  std::string text;
  llvm::raw_string_ostream out(text);
  ExplainTextWriter(report, color, &out).Write();
  out.flush();
  return text;
}

}  // namespace wcheck
