// A declared tie names no key: docs/checks/tied-dangling.md.
#include <utility>

#include "analysis/subject.h"
#include "checks/check.h"
#include "layout/tied.h"

namespace wcheck::tied_dangling {
namespace {

// Names the keys, since a note shows nothing else.
std::string Describe(const DanglingTie& tie) {
  const std::string to = tie.source.empty() ? "the input embedding" : '`' + tie.source + '`';
  const std::string declared = '`' + tie.target + "` is declared as tied to " + to;
  if (tie.targets == 0 && tie.sources == 0 && !tie.source.empty()) {
    return declared + ", and the model has neither";
  }
  if (tie.targets == 0) return declared + ", but the model has no such key";
  if (tie.sources == 0) return declared + ", which the model does not have";
  return declared + ": " + std::to_string(tie.targets) + " keys to " + std::to_string(tie.sources) +
         ", which is not a multiple";
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Layout& layout = *context.simulation.layout;
  for (const DanglingTie& tie : DeclaredTies(layout).dangling) {
    Finding finding;
    // A class whose own config does not tie never reads its declaration, which it may have
    // inherited. Another config of the class does.
    bool in_force = !layout.tied.empty();
    finding.severity = in_force ? Severity::kError : Severity::kNote;
    finding.message = Describe(tie);
    // Two causes: this one raises, that one would with another config.
    finding.cause = in_force ? "dangling" : "dangling-if-tied";
    finding.subject = Numberless(tie.target) + " -> " + Numberless(tie.source);
    finding.advice =
        "correct the names in _tied_weights_keys; they are relative to the class "
        "that declares them";
    if (!in_force) finding.advice += " (this raises once a config sets tie_word_embeddings)";
    KeyEvidence evidence{tie.target, "is declared as tied to", tie.source, tie.targets};
    if (tie.source.empty()) evidence.relation = "is declared as tied to the input embedding";
    finding.classes.push_back({"", {std::move(evidence)}, 0});
    sink->Add(std::move(finding), /*keep_severity=*/true);
  }
}

}  // namespace wcheck::tied_dangling
