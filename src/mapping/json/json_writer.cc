#include "mapping/json/json_writer.h"

#include <nlohmann/json.hpp>

namespace wcheck {
namespace {

using Json = nlohmann::ordered_json;

// An object for so many members. Without their number it grows member by member, and each time
// copies all their names.
Json Object(size_t members) {
  Json out = Json::object();
  out.get_ref<Json::object_t&>().reserve(members);
  return out;
}

Json DumpOperation(const Operation& operation) {
  Json out = Object(4);
  out["op"] = OperationName(operation.kind);
  switch (operation.kind) {
    case OperationKind::kChunk:
    case OperationKind::kConcatenate:
    case OperationKind::kMergeModulelist:
    case OperationKind::kSplitModulelist:
      out["dim"] = operation.dim;
      if (operation.num_shards_attribute) {
        out["num_shards_attribute"] = *operation.num_shards_attribute;
      }
      break;
    case OperationKind::kTranspose:
      out["dim0"] = operation.dim0;
      out["dim1"] = operation.dim1;
      out["check_dims"] = operation.check_dims;
      break;
    case OperationKind::kInterleave:
      out["dim"] = operation.dim;
      out["inverse"] = operation.inverse;
      break;
    case OperationKind::kVisionFuseAndPermuteForRope:
    case OperationKind::kVisionUnfuseAndPermuteForRope:
      out["dim"] = operation.dim;
      [[fallthrough]];
    case OperationKind::kPermuteForRope:
      if (operation.subconfig_key) out["subconfig_key"] = *operation.subconfig_key;
      out["inverse"] = operation.inverse;
      if (!operation.permute_layer_names.empty()) {
        out["permute_layer_names"] = operation.permute_layer_names;
      }
      break;
    case OperationKind::kConv3dToLinear:
    case OperationKind::kLinearToConv3d:
      out["in_channels"] = operation.in_channels;
      out["kernel_size"] = operation.kernel_size;
      break;
    case OperationKind::kErnieFuseAndSplit:
    case OperationKind::kErnieSplitAndDecouple:
      out["stack_dim"] = operation.stack_dim;
      out["concat_dim"] = operation.concat_dim;
      break;
    case OperationKind::kForce16BytesAlignment:
      break;
  }
  return out;
}

Json DumpPlace(const SourceRange& range) {
  Place place = range.place();
  return Json::array({place.line, place.column});
}

void AddPlace(const SourceRange& range, Json* out) {
  if (!range.known()) return;
  Place place = range.place();
  (*out)["file"] = place.file;
  (*out)["line"] = place.line;
  (*out)["column"] = place.column;
}

Json DumpOrigin(const Origin& origin) {
  Json out = Object(6);
  AddPlace(origin.call, &out);
  auto places = [](const std::vector<SourceRange>& ranges) {
    Json list = Json::array();
    for (const SourceRange& range : ranges) list.push_back(DumpPlace(range));
    return list;
  };
  out["sources"] = places(origin.sources);
  out["targets"] = places(origin.targets);
  Json& provenance = out["provenance"] = Json::array();
  for (const ProvenanceStep& step : origin.provenance) {
    Json one = Object(4);
    one["what"] = step.what;
    AddPlace(step.where, &one);
    provenance.push_back(std::move(one));
  }
  return out;
}

Json DumpTransform(const TransformSpec& spec, bool origins) {
  Json out = Object(5);
  out["type"] = TransformKindName(spec.kind);
  if (spec.kind == TransformKind::kPrefixChange) {
    // As the engine's own dump: what is not set, or empty, is left out.
    auto add = [&](const char* name, const std::optional<std::string>& value) {
      if (value && !value->empty()) out[name] = *value;
    };
    add("prefix_to_add", spec.prefix_to_add);
    add("prefix_to_remove", spec.prefix_to_remove);
    add("model_prefix", spec.model_prefix);
  } else {
    out["source"] = spec.sources;
    out["target"] = spec.targets;
  }
  if (spec.kind == TransformKind::kWeightConverter) {
    Json& operations = out["operations"] = Json::array();
    for (const Operation& operation : spec.operations)
      operations.push_back(DumpOperation(operation));
  }
  if (origins && spec.origin != nullptr) out["origin"] = DumpOrigin(*spec.origin);
  return out;
}

}  // namespace

std::string DumpRegistryJson(const Registry& registry, bool origins) {
  Json out = Object(4);
  out["transformers"] = registry.release;
  Json& aliases = out["aliases"] = Object(registry.aliases.size());
  for (const Alias& alias : registry.aliases) aliases[alias.name] = alias.entry;
  if (origins) {
    Json& incomplete = out["incomplete"] = Json::array();
    for (const auto& [name, entry] : registry.entries) {
      if (entry.incomplete) incomplete.push_back(name);
    }
  }
  Json& entries = out["entries"] = Object(registry.entries.size());
  for (const auto& [name, entry] : registry.entries) {
    Json& list = entries[name] = Json::array();
    for (const TransformSpec& spec : entry.transforms) list.push_back(DumpTransform(spec, origins));
  }
  return out.dump(1, ' ', /*ensure_ascii=*/false) + '\n';
}

}  // namespace wcheck
