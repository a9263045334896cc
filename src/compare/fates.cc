// Describes what a converter does with a key by operations, position among the joined parts and
// outputs, so that two converters that are written differently but do the same compare equal.
#include "compare/fates.h"

#include <algorithm>
#include <set>
#include <utility>

#include "compare/plan_edits.h"

namespace wcheck {

namespace {

std::string ShowPattern(std::string_view pattern) {
  std::string out;
  for (const char c : pattern) out += c == kHole ? '#' : c;
  return out;
}

// The same operations, each in one spelling: two classes in one become both, and what changes no
// value is left out.
std::vector<Operation> NormalForm(const std::vector<Operation>& operations) {
  std::vector<Operation> out;
  for (const Operation& op : operations) {
    Operation part = MakeOperation(OperationKind::kPermuteForRope);
    part.subconfig_key = "vision_config";
    part.permute_layer_names = op.permute_layer_names;
    part.inverse = op.inverse;
    Operation joint = MakeOperation(op.kind == OperationKind::kVisionFuseAndPermuteForRope
                                        ? OperationKind::kConcatenate
                                        : OperationKind::kChunk);
    joint.dim = op.dim;
    switch (op.kind) {
      case OperationKind::kForce16BytesAlignment:
        break;
      case OperationKind::kVisionFuseAndPermuteForRope:
        out.insert(out.end(), {std::move(part), std::move(joint)});
        break;
      case OperationKind::kVisionUnfuseAndPermuteForRope:
        out.insert(out.end(), {std::move(joint), std::move(part)});
        break;
      case OperationKind::kTranspose:
        out.push_back(op);
        if (op.dim0 > op.dim1) std::swap(out.back().dim0, out.back().dim1);
        break;
      default:
        out.push_back(op);
    }
  }
  return out;
}

}  // namespace

std::string Recipe::ToString() const {
  if (operations.empty()) return "as it is";
  std::string out = operations;
  if (sources > 1) {
    out += " as part " + std::to_string(position + 1) + " of " + std::to_string(sources);
  }
  if (outputs.size() > 1) {
    for (size_t i = 0; i < outputs.size(); ++i) {
      out += (i == 0 ? " into " : ", ") + ShowPattern(outputs[i]);
    }
  }
  return out;
}

Recipes::Recipes(const Conversion& conversion) {
  for (const Production& production : conversion.productions) {
    for (const Production::Input& input : production.inputs) {
      by_trace_.emplace(input.trace, &production);
    }
  }
}

const Production* Recipes::ProductionOf(uint32_t trace) const {
  const auto found = by_trace_.find(trace);
  return found == by_trace_.end() ? nullptr : found->second;
}

Recipe Recipes::Of(uint32_t trace) const {
  Recipe recipe;
  const Production* production = ProductionOf(trace);
  if (production == nullptr) return recipe;
  recipe.operations = OperationsText(production->converter->operations);
  recipe.effect = OperationsText(NormalForm(production->converter->operations));
  // Tensors are joined in the order in which the converter lists its sources.
  const std::vector<std::string>& order = production->converter->sources;
  std::set<size_t> took_part;
  size_t own = 0;
  for (const Production::Input& input : production->inputs) {
    const auto at =
        static_cast<size_t>(std::find(order.begin(), order.end(), input.source) - order.begin());
    took_part.insert(at);
    if (input.trace == trace) own = at;
  }
  recipe.sources = took_part.size();
  recipe.position = static_cast<size_t>(std::distance(took_part.begin(), took_part.find(own)));
  for (const Production::Output& output : production->outputs) {
    recipe.outputs.push_back(output.pattern);
  }
  return recipe;
}

bool SameNames(const Name& a, const Name& b, const IndexBox& box) {
  if (a.pattern != b.pattern || a.parts.size() != b.parts.size()) return false;
  // A number with one value is equivalent to a constant.
  const auto normal = [&](NamePart part) {
    if (part.number == NamePart::kConstant || box[part.number].size() != 1) return part;
    return NamePart{NamePart::kConstant, box[part.number].min()};
  };
  return std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(),
                    [&](const NamePart& x, const NamePart& y) { return normal(x) == normal(y); });
}

}  // namespace wcheck
