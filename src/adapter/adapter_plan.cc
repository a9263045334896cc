#include "adapter/adapter_plan.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "adapter/injection.h"

namespace wcheck {
namespace {

constexpr std::string_view kGateUp = "gate_up_proj";
constexpr std::string_view kDown = "down_proj";

std::string ReplaceAll(std::string text, std::string_view from, std::string_view to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// The operations for one factor; those that are not for experts are dropped.
std::vector<FactorOperation> OperationsFor(const std::vector<Operation>& operations, bool fused, bool is_b) {
  using Kind = FactorOperation::Kind;
  std::vector<FactorOperation> out;
  for (const Operation& operation : operations) {
    if (operation.kind == OperationKind::kMergeModulelist) {
      out.push_back({Kind::kStack, operation.dim});
      if (fused) continue;
      if (is_b) out.push_back({Kind::kPermute});
      out.push_back({Kind::kFlatten});
      if (is_b) out.push_back({Kind::kTranspose});
    } else if (fused && operation.kind == OperationKind::kConcatenate) {
      if (is_b) {
        out.push_back({Kind::kBlockDiagonal});
      } else {
        out.push_back({Kind::kConcatenate, operation.dim});
        out.push_back({Kind::kFlatten});
      }
    }
  }
  return out;
}

class PlanWriter {
 public:
  PlanWriter(AdapterPlan* out, const Engine& engine) : out_(*out), engine_(engine) {}

  void Copy(const PlacedTransform& placed) {
    out_.plan.transforms.push_back(placed);
    out_.operations.emplace_back();
  }

  void Rename(std::string from, std::string to) {
    TransformSpec& spec = out_.specs.emplace_back();
    spec.kind = TransformKind::kWeightRenaming;
    spec.sources = {std::move(from)};
    spec.targets = {std::move(to)};
    Place(spec, {});
  }

  void Convert(std::vector<std::string> sources, std::string target, std::vector<FactorOperation> operations) {
    if (operations.empty()) return Raise("ValueError: WeightConverter requires at least one operation.");
    TransformSpec& spec = out_.specs.emplace_back();
    spec.kind = TransformKind::kWeightConverter;
    spec.sources = std::move(sources);
    spec.targets = {std::move(target)};
    // Only names are taken from it; the tensors go through `operations`.
    spec.operations = {MakeOperation(OperationKind::kMergeModulelist)};
    Place(spec, std::move(operations));
  }

  void Raise(std::string what) {
    if (!out_.raises) out_.raises = std::move(what);
  }

 private:
  void Place(const TransformSpec& spec, std::vector<FactorOperation> operations) {
    auto compiled = std::make_shared<const CompiledTransform>(spec, engine_, patterns_);
    if (const auto* error = std::get_if<EngineError>(&compiled->forward())) return Raise(error->ToString());
    PlacedTransform placed;
    placed.compiled = std::move(compiled);
    placed.entry = "adapter";
    out_.plan.transforms.push_back(std::move(placed));
    out_.operations.push_back(std::move(operations));
  }

  AdapterPlan& out_;
  const Engine& engine_;
  std::shared_ptr<PatternCache> patterns_ = std::make_shared<PatternCache>();
};

std::optional<Shape> Stack(const CollectedShapes& list, int64_t dim, std::optional<std::string>* raises) {
  for (const std::optional<Shape>& shape : list) {
    if (!shape) return std::nullopt;
    if (*shape != *list.front()) {
      *raises = "RuntimeError: stack expects each tensor to be equal size";
      return std::nullopt;
    }
  }
  Shape stacked = *list.front();
  const auto at = std::clamp<int64_t>(dim, 0, static_cast<int64_t>(stacked.size()));
  stacked.insert(stacked.begin() + at, static_cast<int64_t>(list.size()));
  return stacked;
}

}  // namespace

AdapterPlan RewriteForAdapter(const Plan& model_plan, const Engine& engine, const RewriteRules& rules) {
  AdapterPlan out;
  if (model_plan.transforms.empty()) return out;
  out.plan.config = model_plan.config;
  PlanWriter writer(&out, engine);
  writer.Rename("base_model.model.model.", "model.");
  if (rules.strips_wrapper) writer.Rename("base_model.model.", "");
  std::vector<std::string_view> prefixes = {rules.prefix};
  for (const std::string_view prefix : prefixes) {
    if (prefix.empty()) continue;
    writer.Rename("(" + std::string(prefix) + R"([^\.]*))", R"(\1.)" + std::string(kAdapterName));
  }
  for (const PlacedTransform& placed : model_plan.transforms) {
    const Transform& transform = placed.forward();
    if (!transform.is_converter()) {
      writer.Copy(placed);
      continue;
    }
    if (transform.targets.size() != 1) continue;
    // Newer releases start from what was written, older ones from what was made of it; the two differ
    // in nothing that a converter for experts has.
    const std::string& target = transform.original_targets.front();
    const bool fused = rules.only_mixtral ? target == "mlp.experts.gate_up_proj" : target.ends_with(kGateUp);
    const bool down = rules.only_mixtral ? target == "mlp.experts.down_proj" : target.ends_with(kDown);
    if (!fused && !down) continue;
    for (const bool is_b : {false, true}) {
      const std::string factor = is_b ? "lora_B" : "lora_A";
      std::vector<FactorOperation> operations = OperationsFor(transform.operations, fused, is_b);
      if (operations.empty() && rules.leaves_empty_converters_out) continue;
      if (rules.raises_for_converters) {
        writer.Raise(
            "TypeError: WeightConverter.__init__() got an unexpected keyword argument 'distributed_operation'");
        return out;
      }
      std::vector<std::string> sources;
      for (const std::string& source : transform.original_sources) {
        sources.push_back(source.substr(0, source.rfind('.')) + "." + factor + ".*");
      }
      std::string result = fused ? ReplaceAll(target, kGateUp, "base_layer") : ReplaceAll(target, ".down_proj", "");
      result += "." + factor + "." + std::string(kAdapterName) + ".weight";
      writer.Convert(std::move(sources), std::move(result), std::move(operations));
    }
  }
  return out;
}

void AppendRenaming(AdapterPlan* plan, const Engine& engine, const std::string& from, const std::string& to) {
  PlanWriter(plan, engine).Rename(from, to);
}

PassOrder RenamingsFirst(const Plan& plan) {
  PassOrder order;
  for (const bool converters : {false, true}) {
    for (uint32_t i = 0; i < plan.transforms.size(); ++i) {
      const Transform& transform = plan.transforms[i].forward();
      if (transform.is_converter() == converters) order.transforms.push_back({&transform, i});
    }
  }
  return order;
}

Converted ConvertShapes(std::span<const FactorOperation> operations, const std::vector<CollectedShapes>& sources) {
  using Kind = FactorOperation::Kind;
  Converted out;
  std::vector<std::optional<Shape>> shapes;
  const auto known = [&] { return std::ranges::all_of(shapes, [](const auto& s) { return s.has_value(); }); };
  for (const CollectedShapes& list : sources) {
    if (!list.empty()) shapes.push_back(list.front());
  }
  for (const FactorOperation& operation : operations) {
    switch (operation.kind) {
      case Kind::kStack: {
        shapes.clear();
        for (const CollectedShapes& list : sources) {
          if (!list.empty()) shapes.push_back(Stack(list, operation.dim, &out.raises));
        }
        break;
      }
      case Kind::kConcatenate: {
        if (!known()) break;
        Shape joined = *shapes.front();
        const auto dim = static_cast<size_t>(operation.dim);
        for (size_t i = 1; i < shapes.size(); ++i) {
          if (shapes[i]->size() != joined.size() || dim >= joined.size()) {
            out.raises = "RuntimeError: Tensors must have same number of dimensions";
            break;
          }
          for (size_t d = 0; d < joined.size(); ++d) {
            if (d != dim && joined[d] != (*shapes[i])[d]) {
              out.raises = "RuntimeError: Sizes of tensors must match except in dimension " + std::to_string(dim);
            }
          }
          joined[dim] += (*shapes[i])[dim];
        }
        shapes = {joined};
        break;
      }
      case Kind::kBlockDiagonal: {
        if (!known()) break;
        if (std::ranges::any_of(shapes, [](const auto& s) { return s->size() == 2; })) {
          Shape joined{0, 0};
          for (const auto& shape : shapes) {
            joined[0] += (*shape)[0];
            joined[1] += (*shape)[1];
          }
          shapes = {joined};
          break;
        }
        if (shapes.size() < 2) {
          out.raises = "ValueError: _block_diag_3d expects at least 2 tensors, got 1";
          break;
        }
        Shape joined{(*shapes.front())[0], 0, 0};
        for (const auto& shape : shapes) {
          if (shape->size() != 3 || (*shape)[0] != joined[0]) {
            out.raises = "ValueError: All tensors passed to _block_diag_3d must have the same number of experts.";
            break;
          }
          joined[1] += (*shape)[1];
          joined[2] += (*shape)[2];
        }
        shapes = {Shape{joined[1], joined[2] * joined[0]}};
        break;
      }
      case Kind::kFlatten:
        for (auto& shape : shapes) {
          if (!shape || shape->size() < 2) continue;
          (*shape)[0] *= (*shape)[1];
          shape->erase(shape->begin() + 1);
        }
        break;
      case Kind::kPermute:
        for (auto& shape : shapes) {
          if (shape && shape->size() == 3) shape = Shape{(*shape)[2], (*shape)[0], (*shape)[1]};
        }
        break;
      case Kind::kTranspose:
        for (auto& shape : shapes) {
          if (shape && shape->size() >= 2) std::swap((*shape)[0], (*shape)[1]);
        }
        break;
    }
    if (out.raises) return out;
  }
  if (shapes.size() == 1) out.shape = shapes.front();
  return out;
}

}  // namespace wcheck
