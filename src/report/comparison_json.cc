// The format for programs; docs/comparison.schema.json describes it. Nothing is elided here.
#include <llvm/Support/raw_ostream.h>

#include "report/comparison_report.h"
#include "report/json_text.h"
#include "report/outcome_json.h"
#include "report/places.h"

namespace wcheck {
namespace {

using llvm::json::OStream;

// Changes when readers of the format have to change.
constexpr int64_t kComparisonVersion = 3;

// "saved_as": the names of the kinds are part of the format; do not improve their wording.
std::string_view KindName(KeyChange::Kind kind) {
  switch (kind) {
    case KeyChange::Kind::kError:
      return "error";
    case KeyChange::Kind::kNoSource:
      return "no_source";
    case KeyChange::Kind::kNotLoaded:
      return "not_loaded";
    case KeyChange::Kind::kOtherTarget:
      return "other_target";
    case KeyChange::Kind::kOtherContent:
      return "other_content";
    case KeyChange::Kind::kLoadedShape:
      return "loaded_shape";
    case KeyChange::Kind::kCollision:
      return "collision";
    case KeyChange::Kind::kOwnNames:
      return "own_names";
    case KeyChange::Kind::kNotReloaded:
      return "not_reloaded";
    case KeyChange::Kind::kSavedAs:
      return "saved_as";
    case KeyChange::Kind::kSavedShape:
      return "saved_shape";
    case KeyChange::Kind::kRepaired:
      return "repaired";
    case KeyChange::Kind::kModelAdded:
      return "model_added";
    case KeyChange::Kind::kModelRemoved:
      return "model_removed";
    case KeyChange::Kind::kModelShape:
      break;
  }
  return "model_shape";
}

class ComparisonJsonWriter {
 public:
  ComparisonJsonWriter(const ComparisonInput& input, OStream* out) : input_(input), out_(*out) {}

  void Write() {
    const Comparison& comparison = input_.comparison;
    out_.attribute("version", kComparisonVersion);
    out_.attributeObject("tool", [&] {
      out_.attribute("name", "wcheck");
      out_.attribute("version", JsonText(input_.version));
    });
    out_.attribute("old", JsonText(input_.before.mapping));
    out_.attribute("new", JsonText(input_.after.mapping));
    WriteScope("judged", input_.after, &out_);
    out_.attributeObject("summary", [&] {
      out_.attribute("classes", JsonNumber(comparison.total()));
      out_.attribute("same", JsonNumber(comparison.same));
      out_.attribute("untouched", JsonNumber(comparison.untouched));
      out_.attribute("repaired", JsonNumber(comparison.repaired));
      out_.attribute("compatible", JsonNumber(comparison.compatible));
      out_.attribute("allowed", JsonNumber(comparison.allowed));
      out_.attribute("breaking", JsonNumber(comparison.breaking));
      out_.attribute("accepted", JsonNumber(comparison.accepted));
      out_.attribute("new_findings", JsonNumber(comparison.new_findings.size()));
      out_.attribute("fixed_findings", JsonNumber(comparison.fixed_findings.size()));
      out_.attribute("old_findings", JsonNumber(comparison.old_findings));
      out_.attribute("outcome", JsonText(OutcomeName(input_.outcome)));
      out_.attribute("failed", input_.outcome != Outcome::kClean);
    });
    out_.attributeArray("groups", [&] {
      for (const ChangeGroup& group : comparison.groups) {
        out_.object([&] { WriteGroup(group); });
      }
    });
    WriteFindings("new_findings", comparison.new_findings);
    WriteFindings("fixed_findings", comparison.fixed_findings);
    WriteNames("added", comparison.added);
    WriteNames("removed", comparison.removed);
    WriteNotJudged(comparison.not_judged, &out_);
  }

 private:
  void WriteNames(llvm::StringRef name, const std::vector<std::string>& names) {
    out_.attributeArray(name, [&] {
      for (const std::string& text : names) out_.value(JsonText(text));
    });
  }

  void WritePlace(const SourceRange& where) {
    if (!HasFile(where)) return;
    const Region region = RegionOf(where);
    out_.attributeObject("place", [&] {
      out_.attribute("file", JsonText(FileName(where, input_.folder)));
      out_.attribute("line", JsonNumber(region.line));
      out_.attribute("column", JsonNumber(region.column));
    });
  }

  void WriteTransform(llvm::StringRef name, const std::optional<TransformRef>& transform) {
    if (!transform) return;
    out_.attributeObject(name, [&] {
      out_.attribute("entry", JsonText(transform->entry));
      out_.attribute("index", JsonNumber(transform->index));
      out_.attribute("text", JsonText(ShowTransform(*transform->spec)));
      WritePlace(PlaceOf(*transform->spec));
    });
  }

  void WriteGroup(const ChangeGroup& group) {
    out_.attribute("verdict", JsonText(CompatibilityName(group.verdict)));
    out_.attribute("summary", JsonText(group.summary));
    out_.attributeArray("edits", [&] {
      for (const TransformEdit& edit : group.edits) {
        out_.object([&] {
          out_.attribute("kind", JsonText(TransformEditName(edit.kind)));
          WriteTransform("old", edit.before);
          WriteTransform("new", edit.after);
        });
      }
    });
    out_.attributeArray("aliases", [&] {
      for (const AliasEdit& alias : group.aliases) {
        out_.object([&] {
          out_.attribute("name", JsonText(alias.name));
          if (!alias.before.empty()) out_.attribute("old", JsonText(alias.before));
          if (!alias.after.empty()) out_.attribute("new", JsonText(alias.after));
        });
      }
    });
    out_.attributeArray("classes", [&] {
      for (const ClassComparison& one : group.classes) {
        out_.object([&] { WriteClass(one); });
      }
    });
  }

  void WriteClass(const ClassComparison& one) {
    out_.attribute("class", JsonText(one.class_name));
    out_.attribute("verdict", JsonText(CompatibilityName(one.verdict)));
    out_.attribute("allowed", one.allowed);
    out_.attributeArray("changes", [&] {
      for (const KeyChange& change : one.changes) {
        out_.object([&] {
          out_.attribute("kind", JsonText(KindName(change.kind)));
          out_.attribute("keys", JsonText(change.subject));
          if (!change.form.empty()) out_.attribute("form", JsonText(change.form));
          out_.attribute("count", JsonNumber(change.count));
          WriteNames("old", change.before);
          WriteNames("new", change.after);
          if (!change.message.empty()) out_.attribute("message", JsonText(change.message));
        });
      }
    });
  }

  void WriteFindings(llvm::StringRef name, const std::vector<Finding>& findings) {
    out_.attributeArray(name, [&] {
      for (const Finding& finding : findings) {
        out_.object([&] {
          out_.attribute("check", JsonText(finding.check));
          out_.attribute("severity", JsonText(SeverityName(finding.severity)));
          out_.attribute("message", JsonText(finding.message));
          out_.attribute("identity", JsonText(finding.identity));
          out_.attribute("cause", JsonText(finding.cause));
          if (!finding.subject.empty()) out_.attribute("subject", JsonText(finding.subject));
          WriteTransform("transform", finding.transform);
          if (!finding.transform) WritePlace(finding.place());
          out_.attributeArray("classes", [&] {
            for (const ClassEvidence& evidence : finding.classes) {
              out_.value(JsonText(evidence.class_name));
            }
          });
        });
      }
    });
  }

  const ComparisonInput& input_;
  OStream& out_;
};

}  // namespace

void WriteComparisonJson(const ComparisonInput& input, llvm::raw_ostream* out) {
  OStream json(*out, /*IndentSize=*/2);
  json.object([&] { ComparisonJsonWriter(input, &json).Write(); });
  json.flush();
  *out << '\n';
}

}  // namespace wcheck
