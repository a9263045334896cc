// SARIF 2.1.0 (the OASIS standard), for code scanning.
//
// One result per finding. Its logical locations are the entry's transform and the classes; its code
// flows are the keys that prove it, one flow per class; its fingerprint is the finding's identity,
// so that a finding keeps it when lines move.
#include <map>

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/raw_ostream.h>

#include "wcheck/report.h"
#include "wcheck/version.h"

#include "report/fingerprint.h"
#include "report/json_text.h"
#include "report/outcome_json.h"
#include "report/places.h"
#include "report/wording.h"

namespace wcheck {
namespace {

using llvm::json::OStream;

constexpr llvm::StringLiteral kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";
constexpr llvm::StringLiteral kBase = "%SRCROOT%";
// Viewers show one flow per class; a cause that many classes share looks the same in each.
constexpr size_t kMostFlows = 10;

// "lost-key" -> "LostKey", the form that the standard requires for a rule's name.
std::string PascalCase(std::string_view name) {
  std::string out;
  bool start = true;
  for (const char c : name) {
    if (c == '-') {
      start = true;
      continue;
    }
    out += start ? llvm::toUpper(c) : c;
    start = false;
  }
  return out;
}

class SarifWriter {
 public:
  SarifWriter(const ReportInput& input, OStream* out) : input_(input), out_(*out) {
    for (const CheckInfo& check : input.checks) {
      rules_.emplace(check.name, static_cast<int64_t>(rules_.size()));
    }
  }

  void Write() {
    out_.attribute("$schema", kSchema);
    out_.attribute("version", "2.1.0");
    out_.attributeArray("runs", [&] { out_.object([&] { WriteRun(); }); });
  }

 private:
  void WriteRun() {
    out_.attributeObject("tool", [&] {
      out_.attributeObject("driver", [&] {
        out_.attribute("name", "wcheck");
        out_.attribute("version", JsonText(input_.version));
        out_.attribute("semanticVersion", JsonText(input_.version));
        out_.attributeArray("rules", [&] {
          for (const CheckInfo& check : input_.checks) out_.object([&] { WriteRule(check); });
        });
      });
    });
    out_.attributeArray("invocations", [&] { out_.object([&] { WriteInvocation(); }); });
    out_.attributeObject("originalUriBaseIds", [&] {
      out_.attributeObject(kBase,
                           [&] { WriteMessage("description", "The folder that wcheck ran in"); });
    });
    out_.attribute("columnKind", "unicodeCodePoints");
    if (!input_.scope.mapping.empty()) {
      out_.attributeObject("properties", [&] { WriteScope("judged", input_.scope, &out_); });
    }
    out_.attributeArray("results", [&] {
      for (const Finding& finding : input_.judgement.findings) {
        out_.object([&] { WriteResult(finding); });
      }
    });
  }

  void WriteMessage(llvm::StringRef name, std::string_view text) {
    out_.attributeObject(name, [&] { out_.attribute("text", JsonText(text)); });
  }

  void WriteRule(const CheckInfo& check) {
    out_.attribute("id", JsonText(check.name));
    out_.attribute("name", JsonText(PascalCase(check.name)));
    WriteMessage("shortDescription", check.summary);
    out_.attribute("helpUri", std::string(kPages) + "docs/checks/" + std::string(check.name) + ".md");
    const std::string_view page = input_.page == nullptr ? "" : input_.page(check.name);
    out_.attributeObject("help", [&] {
      out_.attribute("text", JsonText(page.empty() ? check.summary : page));
      if (!page.empty()) out_.attribute("markdown", JsonText(page));
    });
    out_.attributeObject("defaultConfiguration",
                         [&] { out_.attribute("level", JsonText(SeverityName(check.severity))); });
    out_.attributeObject("properties", [&] {
      out_.attributeArray("tags", [&] { out_.value(JsonText(check.family)); });
    });
  }

  void WriteInvocation() {
    out_.attribute("executionSuccessful", input_.outcome != Outcome::kNotJudged);
    const std::vector<NotJudged>& not_judged = input_.judgement.not_judged;
    if (not_judged.empty()) return;
    out_.attributeArray("toolExecutionNotifications", [&] {
      for (const NotJudged& one : not_judged) {
        out_.object([&] {
          out_.attribute("level", input_.outcome == Outcome::kNotJudged ? "error" : "warning");
          WriteMessage("message",
                       one.what + " was not judged: " + one.reason +
                           (one.advice.empty() ? "" : "; " + one.advice));
        });
      }
    });
  }

  void WriteResult(const Finding& finding) {
    out_.attribute("ruleId", JsonText(finding.check));
    if (const auto rule = rules_.find(finding.check); rule != rules_.end()) {
      out_.attribute("ruleIndex", rule->second);
    }
    // The levels of SARIF have the same names as our severities.
    out_.attribute("level", JsonText(SeverityName(finding.severity)));
    std::string text = finding.message;
    if (!finding.advice.empty()) text += "\n\n" + finding.advice;
    WriteMessage("message", text);
    out_.attributeArray("locations", [&] { out_.object([&] { WriteLocation(finding); }); });
    WriteRelated(finding);
    WriteFlows(finding);
    out_.attributeObject("partialFingerprints", [&] {
      out_.attribute("wcheckIdentity/v1", Fingerprint(finding.identity));
    });
    if (finding.fix) WriteFix(*finding.fix);
  }

  void WriteLocation(const Finding& finding) {
    WritePhysicalLocation(finding.place());
    if (!finding.transform && finding.classes.empty()) return;
    out_.attributeArray("logicalLocations", [&] {
      if (finding.transform) {
        out_.object([&] {
          out_.attribute("name", JsonText(finding.transform->entry));
          out_.attribute("fullyQualifiedName",
                         JsonText(finding.transform->entry + '[' +
                                  std::to_string(finding.transform->index) + ']'));
          out_.attribute("kind", "member");
        });
      }
      for (const ClassEvidence& evidence : finding.classes) {
        out_.object([&] {
          out_.attribute("name", JsonText(evidence.class_name));
          out_.attribute("kind", "type");
        });
      }
    });
  }

  void WriteArtifactLocation(const SourceRange& where) {
    const std::string name = FileName(where, input_.folder);
    out_.attributeObject("artifactLocation", [&] {
      out_.attribute("uri", FileUri(name));
      if (!name.starts_with('/')) out_.attribute("uriBaseId", kBase);
    });
  }

  void WriteRegion(llvm::StringRef name, const SourceRange& where) {
    const Region region = RegionOf(where);
    out_.attributeObject(name, [&] {
      out_.attribute("startLine", JsonNumber(region.line));
      out_.attribute("startColumn", JsonNumber(region.column));
      out_.attribute("endLine", JsonNumber(region.end_line));
      out_.attribute("endColumn", JsonNumber(region.end_column));
    });
  }

  void WritePhysicalLocation(const SourceRange& where) {
    if (!HasFile(where)) return;
    out_.attributeObject("physicalLocation", [&] {
      WriteArtifactLocation(where);
      WriteRegion("region", where);
    });
  }

  // The other transforms involved, then how this one came into its entry.
  void WriteRelated(const Finding& finding) {
    int64_t id = 0;
    auto location = [&](const SourceRange& where, std::string_view text) {
      out_.object([&] {
        out_.attribute("id", ++id);
        WritePhysicalLocation(where);
        WriteMessage("message", text);
      });
    };
    const Origin* origin = finding.transform ? finding.transform->spec->origin.get() : nullptr;
    const bool has_provenance = origin != nullptr && !origin->provenance.empty();
    if (finding.related.empty() && !has_provenance) return;
    out_.attributeArray("relatedLocations", [&] {
      for (const RelatedTransform& related : finding.related) {
        const SourceRange where = PlaceOf(*related.transform.spec, related.blame);
        location(where, ShowTransform(related.transform) + ": " + related.message);
      }
      if (!has_provenance) return;
      for (const ProvenanceStep& step : origin->provenance) location(step.where, step.what);
    });
  }

  void WriteFlows(const Finding& finding) {
    size_t flows = 0;
    for (const ClassEvidence& evidence : finding.classes) flows += evidence.keys.empty() ? 0 : 1;
    if (flows == 0) return;
    out_.attributeArray("codeFlows", [&] {
      size_t written = 0;
      for (const ClassEvidence& evidence : finding.classes) {
        if (evidence.keys.empty()) continue;
        if (written++ == kMostFlows) return;
        out_.object([&] { WriteFlow(finding, evidence); });
      }
    });
  }

  void WriteFlow(const Finding& finding, const ClassEvidence& evidence) {
    WriteMessage("message", "What happens to the keys of " + evidence.class_name);
    auto step = [&](const KeyEvidence& keys) {
      std::string text = keys.key + ' ' + keys.relation;
      if (!keys.other.empty()) text += ' ' + keys.other;
      out_.attributeObject("location", [&] {
        WritePhysicalLocation(finding.place());
        WriteMessage("message", text);
      });
    };
    out_.attributeArray("threadFlows", [&] {
      out_.object([&] {
        out_.attributeArray("locations", [&] {
          for (const KeyEvidence& keys : evidence.keys) out_.object([&] { step(keys); });
        });
      });
    });
  }

  void WriteFix(const Fix& fix) {
    // The change of one file contains all its edits.
    std::map<std::string, std::vector<const FixEdit*>> files;
    for (const FixEdit& edit : fix.edits) {
      if (HasFile(edit.range)) files[FileName(edit.range, input_.folder)].push_back(&edit);
    }
    if (files.empty()) return;
    out_.attributeArray("fixes", [&] {
      out_.object([&] {
        // Viewers apply a fix at a click, and show no more of it than this.
        WriteMessage("description", fix.safe ? fix.description : "Unsafe fix: " + ShowFix(fix));
        out_.attributeObject(
            "properties", [&] { out_.attribute("applicability", fix.safe ? "safe" : "unsafe"); });
        out_.attributeArray("artifactChanges", [&] {
          for (const auto& [name, edits] : files) {
            out_.object([&, &edits = edits] {
              WriteArtifactLocation(edits.front()->range);
              out_.attributeArray("replacements", [&] {
                for (const FixEdit* edit : edits) out_.object([&] { WriteReplacement(*edit); });
              });
            });
          }
        });
      });
    });
  }

  void WriteReplacement(const FixEdit& edit) {
    WriteRegion("deletedRegion", edit.range);
    WriteMessage("insertedContent", edit.replacement);
  }

  const ReportInput& input_;
  OStream& out_;
  std::map<std::string_view, int64_t> rules_;
};

}  // namespace

void WriteSarifReport(const ReportInput& input, llvm::raw_ostream* out) {
  OStream json(*out, /*IndentSize=*/2);
  json.object([&] { SarifWriter(input, &json).Write(); });
  json.flush();
  *out << '\n';
}

}  // namespace wcheck
