// A tensor comes back with another shape: docs/checks/shape-mismatch.md.
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analysis/round_trip.h"
#include "analysis/subject.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "checks/leaf_coverage.h"
#include "families/boxes.h"

namespace wcheck::shape_mismatch {
namespace {

// The converter that produced a loaded tensor, if there is one.
std::optional<uint32_t> MakerOf(const Conversion& loaded, std::string_view pattern) {
  for (const Production& p : loaded.productions) {
    for (const Production::Output& o : p.outputs) {
      if (o.pattern == pattern) return p.transform;
    }
  }
  return std::nullopt;
}

// The transform that last renamed a key to this name.
std::optional<uint32_t> RenamerOf(const Pass& load, std::string_view pattern) {
  for (const Trace& trace : load.traces) {
    if (!trace.renamed || trace.renamed->pattern != pattern) continue;
    if (std::optional<uint32_t> transform = LastRenamer(trace)) return transform;
  }
  return std::nullopt;
}

// The leaves of one declaration are one finding.
void JudgeLeaves(const SectionModel& model, FindingSink* sink) {
  std::map<uint32_t, Finding> found;
  for (const LeafMisfit& misfit : model.misfits) {
    Finding& finding = found[misfit.where.begin];
    if (finding.message.empty()) {
      finding.where = misfit.where;
      finding.message =
          "an exported tensor, once imported, does not have the shape of the internal one";
      finding.cause = "leaf-shape";
      finding.subject = Numberless(misfit.internal);
      finding.advice = "check that the type of the declaration fits the tensors";
    }
    std::string exported;
    for (const std::vector<int64_t>& shape : misfit.exported) {
      exported += (exported.empty() ? "" : " and ") + ShowShape(shape);
    }
    exported += misfit.imported ? " is imported as " + ShowShape(*misfit.imported)
                                : std::string(" cannot be imported");
    AddEvidence(&finding, {misfit.internal, "has the shape",
                           ShowShape(misfit.shape) + ", and " + exported, 1});
  }
  for (auto& [where, finding] : found) sink->Add(std::move(finding));
}

void Report(const Simulation& s, const LayoutFamily& tensor, const LayoutFamily& family,
            FindingSink* sink) {
  Finding finding;
  std::optional<uint32_t> transform = MakerOf(s.loaded, tensor.pattern);
  if (!transform) transform = RenamerOf(s.load, tensor.pattern);
  if (transform) finding.transform = RefOf(s.plan, *transform);
  finding.message = "a tensor has another shape after save and load";
  finding.cause = "comes-back-reshaped";
  if (!transform) finding.subject = Numberless(family.pattern);
  IndexBox common = IntersectBoxes(tensor.numbers, family.numbers);
  std::string key = ShowFamily(family.pattern, common);
  finding.classes.push_back({"",
                             {{key, "has the shape", ShowShape(family.shape), BoxSize(common)},
                              {key, "comes back with", ShowShape(tensor.shape), BoxSize(common)}},
                             0});
  finding.advice =
      "check that the reversed operations restore every dimension; a split squeezes all dimensions "
      "of size 1";
  sink->Add(std::move(finding));
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  if (context.sections != nullptr) JudgeLeaves(*context.sections, sink);
  if (!s.has_checkpoint || s.load.error) return;
  // If keys are lost or collide, shapes only repeat that.
  if (!context.round_trip.clean()) return;
  for (const LayoutFamily& tensor : s.loaded.tensors) {
    for (uint32_t f : s.model->FamiliesOf(tensor.pattern)) {
      const LayoutFamily& family = s.model->families()[f];
      if (std::equal(tensor.shape.begin(), tensor.shape.end(), family.shape.begin(),
                     family.shape.end())) {
        continue;
      }
      if (!BoxesIntersect(tensor.numbers, family.numbers)) continue;
      Report(s, tensor, family, sink);
    }
  }
}

}  // namespace wcheck::shape_mismatch
