// The format for programs; docs/findings.schema.json describes it. Nothing is elided here.
#include <llvm/Support/raw_ostream.h>

#include "wcheck/report.h"

#include "report/json_text.h"
#include "report/outcome_json.h"
#include "report/places.h"
#include "report/wording.h"

namespace wcheck {
namespace {

using llvm::json::OStream;

// Changes when readers of the format have to change.
constexpr int64_t kReportVersion = 3;

std::string_view PartName(Blame::Part part) {
  switch (part) {
    case Blame::Part::kCall:
      break;
    case Blame::Part::kSource:
      return "source";
    case Blame::Part::kTarget:
      return "target";
  }
  return "call";
}

class JsonReportWriter {
 public:
  JsonReportWriter(const ReportInput& input, OStream* out) : input_(input), out_(*out) {}

  void Write() {
    const Judgement& judgement = input_.judgement;
    out_.attribute("version", kReportVersion);
    out_.attributeObject("tool", [&] {
      out_.attribute("name", "wcheck");
      out_.attribute("version", JsonText(input_.version));
    });
    WriteScope("judged", input_.scope, &out_);
    WriteSummary();
    if (judgement.checkpoint) {
      out_.attributeObject("checkpoint", [&] { WriteCheckpoint(*judgement.checkpoint); });
    }
    if (!judgement.adapter.empty()) {
      out_.attributeArray("adapter", [&] {
        for (const AdapterSummary& adapter : judgement.adapter) {
          out_.object([&] { WriteAdapter(adapter); });
        }
      });
    }
    WriteNotJudged(judgement.not_judged, &out_);
    out_.attributeArray("findings", [&] {
      for (const Finding& finding : judgement.findings) {
        out_.object([&] { WriteFinding(finding); });
      }
    });
  }

 private:
  void WriteSummary() {
    const Judgement& judgement = input_.judgement;
    const SeverityCounts counts = CountFindings(judgement.findings);
    out_.attributeObject("summary", [&] {
      out_.attribute("errors", JsonNumber(counts.errors));
      out_.attribute("warnings", JsonNumber(counts.warnings));
      out_.attribute("notes", JsonNumber(counts.notes));
      out_.attribute("classes", JsonNumber(judgement.classes));
      out_.attribute("keys", JsonNumber(judgement.keys));
      out_.attribute("fail_on", JsonText(SeverityName(input_.fail_on)));
      out_.attribute("outcome", JsonText(OutcomeName(input_.outcome)));
      out_.attribute("failed", input_.outcome != Outcome::kClean);
    });
  }

  void WriteCheckpoint(const CheckpointSummary& checkpoint) {
    out_.attribute("class", JsonText(checkpoint.class_name));
    out_.attributeArray("files", [&] {
      for (const std::string& file : checkpoint.files) out_.value(JsonText(file));
    });
    out_.attribute("has_shapes", checkpoint.has_shapes);
    out_.attribute("fitted", checkpoint.fitted);
    out_.attribute("adapter", checkpoint.adapter);
    out_.attribute("keys", JsonNumber(checkpoint.keys));
    out_.attribute("model_keys", JsonNumber(checkpoint.model_keys));
    out_.attribute("filled", JsonNumber(checkpoint.filled));
    out_.attribute("returned", JsonNumber(checkpoint.returned));
    WriteKeys("missing", checkpoint.missing);
    WriteKeys("expected", checkpoint.expected);
    WriteKeys("tied", checkpoint.tied);
    WriteKeys("quantised", checkpoint.quantised);
    WriteKeys("constants", checkpoint.constants);
    WriteKeys("left_out", checkpoint.left_out);
    WriteKeys("unexpected", checkpoint.unexpected);
    WriteKeys("drifted", checkpoint.drifted);
    WriteKeys("added", checkpoint.added);
  }

  void WriteAdapter(const AdapterSummary& adapter) {
    out_.attribute("class", JsonText(adapter.class_name));
    out_.attribute("route", JsonText(adapter.route));
    out_.attribute("transformers", JsonText(adapter.engine));
    out_.attribute("peft", JsonText(adapter.peft));
    out_.attribute("file", JsonText(adapter.file));
    out_.attribute("verdict", JsonText(adapter.verdict));
    if (!adapter.raises.empty()) out_.attribute("error", JsonText(adapter.raises));
    out_.attribute("keys", JsonNumber(adapter.keys));
    out_.attribute("sizes_known", adapter.sizes_known);
    out_.attribute("told", adapter.told);
    WriteTexts("unexpected", adapter.unexpected);
    WriteTexts("elsewhere", adapter.elsewhere);
    WriteTexts("not_loaded", adapter.not_loaded);
  }

  void WriteTexts(llvm::StringRef name, const std::vector<std::string>& texts) {
    out_.attributeArray(name, [&] {
      for (const std::string& text : texts) out_.value(JsonText(text));
    });
  }

  void WriteKeys(llvm::StringRef name, const std::vector<ShownKeys>& families) {
    out_.attributeArray(name, [&] {
      for (const ShownKeys& shown : families) {
        out_.object([&] {
          out_.attribute("keys", JsonText(shown.keys));
          out_.attribute("count", JsonNumber(shown.count));
        });
      }
    });
  }

  void WriteFinding(const Finding& finding) {
    out_.attribute("check", JsonText(finding.check));
    out_.attribute("severity", JsonText(SeverityName(finding.severity)));
    out_.attribute("message", JsonText(finding.message));
    out_.attribute("identity", JsonText(finding.identity));
    out_.attribute("cause", JsonText(finding.cause));
    if (!finding.subject.empty()) out_.attribute("subject", JsonText(finding.subject));
    WritePlace("place", finding.place());
    if (finding.transform) {
      out_.attributeObject("transform", [&] {
        WriteTransform(*finding.transform, finding.blame);
        WriteProvenance(*finding.transform);
      });
    }
    out_.attributeArray("related", [&] {
      for (const RelatedTransform& related : finding.related) {
        out_.object([&] {
          out_.attribute("message", JsonText(related.message));
          WritePlace("place", PlaceOf(*related.transform.spec, related.blame));
          out_.attributeObject("transform",
                               [&] { WriteTransform(related.transform, related.blame); });
        });
      }
    });
    out_.attributeArray("classes", [&] {
      for (const ClassEvidence& evidence : finding.classes) {
        out_.object([&] { WriteClass(evidence); });
      }
    });
    if (!finding.advice.empty()) out_.attribute("advice", JsonText(finding.advice));
    if (finding.fix) out_.attributeObject("fix", [&] { WriteFix(*finding.fix); });
  }

  void WritePlace(llvm::StringRef name, const SourceRange& where) {
    if (!HasFile(where)) return;
    const Region region = RegionOf(where);
    out_.attributeObject(name, [&] {
      out_.attribute("file", JsonText(FileName(where, input_.folder)));
      out_.attribute("line", JsonNumber(region.line));
      out_.attribute("column", JsonNumber(region.column));
      out_.attribute("end_line", JsonNumber(region.end_line));
      out_.attribute("end_column", JsonNumber(region.end_column));
    });
  }

  void WriteTransform(const TransformRef& transform, const Blame& blame) {
    out_.attribute("entry", JsonText(transform.entry));
    out_.attribute("index", JsonNumber(transform.index));
    out_.attribute("text", JsonText(ShowTransform(*transform.spec)));
    out_.attributeObject("blame", [&] {
      out_.attribute("part", JsonText(PartName(blame.part)));
      if (blame.part != Blame::Part::kCall) out_.attribute("index", JsonNumber(blame.index));
    });
  }

  void WriteProvenance(const TransformRef& transform) {
    if (transform.spec->origin == nullptr) return;
    const std::vector<ProvenanceStep>& steps = transform.spec->origin->provenance;
    if (steps.empty()) return;
    out_.attributeArray("provenance", [&] {
      for (const ProvenanceStep& step : steps) {
        out_.object([&] {
          out_.attribute("what", JsonText(step.what));
          WritePlace("place", step.where);
        });
      }
    });
  }

  void WriteClass(const ClassEvidence& evidence) {
    out_.attribute("class", JsonText(evidence.class_name));
    out_.attributeArray("keys", [&] {
      for (const KeyEvidence& keys : evidence.keys) {
        out_.object([&] {
          out_.attribute("key", JsonText(keys.key));
          out_.attribute("relation", JsonText(keys.relation));
          if (!keys.other.empty()) out_.attribute("other", JsonText(keys.other));
          out_.attribute("count", JsonNumber(keys.count));
        });
      }
    });
    out_.attribute("omitted", JsonNumber(evidence.omitted));
  }

  void WriteFix(const Fix& fix) {
    out_.attribute("description", JsonText(fix.description));
    out_.attribute("applicability", fix.safe ? "safe" : "unsafe");
    out_.attributeArray("edits", [&] {
      for (const FixEdit& edit : fix.edits) {
        if (!HasFile(edit.range)) continue;
        out_.object([&] {
          WritePlace("place", edit.range);
          out_.attribute("replacement", JsonText(edit.replacement));
        });
      }
    });
  }

  const ReportInput& input_;
  OStream& out_;
};

}  // namespace

void WriteJsonReport(const ReportInput& input, llvm::raw_ostream* out) {
  OStream json(*out, /*IndentSize=*/2);
  json.object([&] { JsonReportWriter(input, &json).Write(); });
  json.flush();
  *out << '\n';
}

}  // namespace wcheck
