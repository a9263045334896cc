#include "mapping/json/json_writer.h"

#include <nlohmann/json.hpp>

#include "mapping/operation_table.h"

namespace wcheck {
namespace {

using Json = nlohmann::ordered_json;

// An object with capacity for this many members. Otherwise it grows member by member, and copies
// all names each time.
Json Object(size_t members) {
  Json out = Json::object();
  out.get_ref<Json::object_t&>().reserve(members);
  return out;
}

Json DumpOperation(const Operation& operation) {
  Json out = Object(4);
  out["op"] = OperationName(operation.kind);
  for (const OperationParameter& parameter : InfoOf(operation.kind).parameters) {
    if (!HasValue(operation, parameter)) continue;
    Json& value = out[std::string(parameter.name)];
    std::visit(FieldVisitor{[&](auto Operation::*field) { value = operation.*field; },
                            [&](std::optional<std::string> Operation::*field) {
                              value = *(operation.*field);
                            },
                            [](PartCount) {}},
               parameter.field);
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
    // As the engine's own dump: members that are not set, or empty, are left out.
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
  if (spec.offset != 0) out["offset"] = spec.offset;
  if (spec.force_cpu) out["force_cpu"] = true;
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
  Json incomplete = Json::array();
  for (const auto& [name, entry] : registry.entries) {
    if (entry.incomplete) incomplete.push_back(name);
  }
  if (!incomplete.empty()) out["incomplete"] = std::move(incomplete);
  Json& entries = out["entries"] = Object(registry.entries.size());
  for (const auto& [name, entry] : registry.entries) {
    Json& list = entries[name] = Json::array();
    for (const TransformSpec& spec : entry.transforms) list.push_back(DumpTransform(spec, origins));
  }
  return out.dump(1, ' ', /*ensure_ascii=*/false) + '\n';
}

}  // namespace wcheck
