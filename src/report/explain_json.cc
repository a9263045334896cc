#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "wcheck/finding.h"

#include "analysis/explain.h"
#include "analysis/key_map_words.h"

namespace wcheck {
namespace {

std::string_view OutcomeName(AttemptOutcome outcome) {
  switch (outcome) {
    case AttemptOutcome::kFired:
      return "fired";
    case AttemptOutcome::kNoMatch:
      return "no-match";
    case AttemptOutcome::kOutOfScope:
      return "out-of-scope";
    case AttemptOutcome::kGuardNotSeen:
      return "guard-not-seen";
    case AttemptOutcome::kClaimed:
      return "claimed";
    case AttemptOutcome::kError:
      return "error";
    case AttemptOutcome::kPrefixChange:
      return "dropped-on-fresh-save";
    case AttemptOutcome::kLoadOnly:
      return "load-only";
    case AttemptOutcome::kNotChosen:
      return "not-tried";
  }
  return "";
}

std::string_view SubjectName(Explanation::Subject subject) {
  switch (subject) {
    case Explanation::Subject::kModelKey:
      return "model";
    case Explanation::Subject::kCheckpointKey:
      return "checkpoint";
    case Explanation::Subject::kGivenKey:
      return "given";
  }
  return "";
}

class ExplainJsonWriter {
 public:
  ExplainJsonWriter(const ExplainReport& report, llvm::json::OStream* out)
      : report_(report), s_(*report.simulation), out_(*out) {}

  void Write() {
    out_.attribute("class", s_.layout->class_name);
    out_.attributeArray("notes", [&] {
      for (const std::string& note : report_.notes) out_.value(note);
    });
    out_.attributeArray("keys", [&] {
      for (const Explanation& explanation : report_.explanations) {
        out_.object([&] { WriteExplanation(explanation); });
      }
    });
  }

 private:
  void WriteExplanation(const Explanation& explanation) {
    out_.attribute("key_of", Ref(SubjectName(explanation.subject)));
    out_.attributeObject("there", [&] { WriteWay(explanation.there); });
    out_.attributeArray("back", [&] {
      for (const KeyWay& way : explanation.back) out_.object([&] { WriteWay(way); });
    });
    out_.attribute("back_omitted", static_cast<int64_t>(explanation.back_omitted));
    out_.attribute("returns", explanation.returns);
    out_.attribute("verdict", explanation.verdict);
  }

  void WriteWay(const KeyWay& way) {
    out_.attribute("direction", way.direction == Direction::kSave ? "save" : "load");
    out_.attribute("key", way.key);
    out_.attribute("family", way.family);
    out_.attribute("count", static_cast<int64_t>(way.keys));
    WriteShape(way.shape);
    out_.attributeArray("transforms", [&] {
      for (const Attempt& attempt : way.attempts) out_.object([&] { WriteAttempt(attempt); });
    });
    if (way.set_aside) out_.attribute("set_aside", true);
    if (way.prefix_step != Trace::PrefixStep::kNone) {
      out_.attribute("base_prefix",
                     way.prefix_step == Trace::PrefixStep::kRemoved ? "removed" : "added");
    }
    out_.attribute("renamed", way.renamed);
    if (way.direction == Direction::kLoad) out_.attribute("in_model", way.in_model);
    if (way.converter != nullptr) WriteConverter(way);
    out_.attributeArray("results", [&] {
      for (const KeyWay::Result& result : way.results) {
        out_.object([&] {
          out_.attribute("keys", result.ToString());
          WriteShape(result.shape);
        });
      }
    });
    if (!way.rivals.empty()) {
      out_.attributeArray("rivals", [&] {
        for (const std::string& rival : way.rivals) out_.value(rival);
      });
    }
    if (way.error) {
      out_.attribute("error", way.error->ToString());
      if (!way.error_key.empty()) out_.attribute("error_key", way.error_key);
    }
  }

  void WriteShape(const std::optional<Shape>& shape) {
    if (!shape) return;
    out_.attributeArray("shape", [&] {
      for (int64_t size : *shape) out_.value(size);
    });
  }

  void WriteSpan(llvm::StringRef name, Span span) {
    out_.attributeArray(name, [&] {
      out_.value(span.begin);
      out_.value(span.end);
    });
  }

  void WriteAttempt(const Attempt& attempt) {
    const PlacedTransform& placed = s_.plan.transforms[attempt.transform];
    out_.attribute("entry", Ref(placed.entry));
    out_.attribute("index", placed.index_in_entry);
    if (placed.scope_prefix) out_.attribute("scope_prefix", *placed.scope_prefix);
    out_.attribute("outcome", Ref(OutcomeName(attempt.outcome)));
    if (attempt.outcome == AttemptOutcome::kError) {
      out_.attribute("error", attempt.error.ToString());
    }
    if (attempt.outcome != AttemptOutcome::kFired) return;
    const TraceStep& step = attempt.step;
    out_.attribute("source", attempt.tried->sources[step.source]);
    out_.attribute("target", attempt.tried->targets[step.target]);
    WriteSpan("match", step.match);
    WriteSpan("replaced", step.replaced);
    out_.attribute("before", step.before.text);
    out_.attribute("after", step.after.text);
    SourceRange range = PlaceOf(*placed.forward().spec);
    if (!range.known()) return;
    Place place = range.place();
    out_.attribute("file", place.file);
    out_.attribute("line", place.line);
    out_.attribute("column", place.column);
  }

  void WriteConverter(const KeyWay& way) {
    out_.attributeObject("converter", [&] {
      const PlacedTransform& placed = s_.plan.transforms[way.converter_index];
      out_.attribute("entry", Ref(placed.entry));
      out_.attribute("index", placed.index_in_entry);
      out_.attributeArray("operations", [&] {
        for (const Operation& o : way.converter->operations) out_.value(ShowOperation(o));
      });
      out_.attributeArray("collected", [&] {
        for (const KeyWay::Collected& c : way.collected) {
          out_.object([&] {
            out_.attribute("keys", c.family);
            out_.attribute("count", static_cast<int64_t>(c.keys));
            out_.attribute("source", c.source);
          });
        }
      });
      if (way.bare_names) out_.attribute("bare_names", true);
    });
  }

  const ExplainReport& report_;
  const Simulation& s_;
  llvm::json::OStream& out_;
};

}  // namespace

std::string ExplainJsonModel(const ExplainReport& report) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream out(stream, /*IndentSize=*/1);
  out.object([&] { ExplainJsonWriter(report, &out).Write(); });
  stream.flush();
  return text;
}

std::string ExplainJson(const std::vector<std::string>& models) {
  std::string text = "{\"schema\": \"wcheck explain 1\", \"models\": [\n";
  for (size_t i = 0; i < models.size(); ++i) text += (i > 0 ? ",\n" : "") + models[i];
  return text + "\n]}\n";
}

}  // namespace wcheck
