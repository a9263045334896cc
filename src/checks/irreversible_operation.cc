// An operation without an inverse on a model's shapes, although nothing raises:
// docs/checks/irreversible-operation.md.
#include <algorithm>
#include <map>
#include <utility>

#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "families/boxes.h"

namespace wcheck::irreversible_operation {
namespace {

// Chunk cuts into equal parts. If the parts are unequal, the joined tensors were unequal, too, and
// the cuts are not where they were joined.
bool HasUnequalParts(const Production& p) {
  const std::vector<Operation>& operations = p.converter->operations;
  bool cuts = std::any_of(operations.begin(), operations.end(), [](const Operation& operation) {
    return operation.kind == OperationKind::kChunk;
  });
  return cuts && std::any_of(p.outputs.begin(), p.outputs.end(), [&](const auto& output) {
           return output.shape != p.outputs.front().shape;
         });
}

void TellUnequalParts(const Simulation& s, const Production& p, Finding* finding) {
  if (!finding->transform) {
    finding->transform = RefOf(s.plan, p.transform);
    finding->cause = "unequal-parts";
    finding->message =
        "what this converter joins on load is cut into unequal parts on save, so its sources are "
        "saved with other sizes than they had";
    finding->advice =
        "Chunk, the reverse of Concatenate, is right only for sources of equal size; keep "
        "sources "
        "of different sizes apart";
  }
  for (const Production::Output& output : p.outputs) {
    AddEvidence(finding, {ShowFamily(output.pattern, output.numbers), "is saved as",
                          ShowShape(output.shape), BoxSize(output.numbers)});
  }
}

// Transpose(check_dims=True) decides by the shape whether to act. A square tensor looks right both
// ways.
bool CannotTell(const Transform& converter, const Shape& shape) {
  const Operation& last = converter.operations.back();
  if (last.kind != OperationKind::kTranspose || !last.check_dims) return false;
  auto rank = static_cast<int64_t>(shape.size());
  auto size = [&](int64_t dim) -> int64_t {
    if (dim < -rank || dim >= rank) return -1;
    return shape[static_cast<size_t>(dim < 0 ? dim + rank : dim)];
  };
  return last.dim0 != last.dim1 && size(last.dim0) >= 2 && size(last.dim0) == size(last.dim1);
}

void TellCannotTell(const Simulation& s, const Production& p, const Production::Output& output,
                    Finding* finding) {
  if (!finding->transform) {
    finding->transform = RefOf(s.plan, p.transform);
    finding->cause = "square-transpose";
    finding->message =
        "this converter transposes only tensors that do not have the model's shape, and a square "
        "tensor has that shape either way";
    finding->advice = "choose by name, not by shape, if a config can make the tensor square";
  }
  AddEvidence(finding, {ShowFamily(output.pattern, output.numbers), "has the shape",
                        ShowShape(output.shape), BoxSize(output.numbers)});
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  // By transform, and by kind of fault.
  std::map<std::pair<uint32_t, bool>, Finding> found;
  for (const Production& p : s.saved.productions) {
    if (p.error || IsBlamed(context.round_trip, p.transform)) continue;
    if (HasUnequalParts(p)) TellUnequalParts(s, p, &found[{p.transform, false}]);
  }
  for (const Production& p : s.loaded.productions) {
    if (p.error || IsBlamed(context.round_trip, p.transform)) continue;
    for (const Production::Output& output : p.outputs) {
      if (CannotTell(*p.converter, output.shape)) {
        TellCannotTell(s, p, output, &found[{p.transform, true}]);
      }
    }
  }
  for (auto& [key, finding] : found) sink->Add(std::move(finding));
}

}  // namespace wcheck::irreversible_operation
