#include "mapping/json/json_reader.h"

#include <array>
#include <utility>

#include "support/json_fields.h"

namespace wcheck {
namespace {

using json::Fields;
using json::Value;

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

Error UnknownName(const Value& value, std::string_view what, const std::string& known) {
  return {value.where.place(), "unknown " + std::string(what) + " " + Quoted(value.string),
          "expected one of " + known};
}

template <typename Kind>
std::string AllNames(std::string_view (*name_of)(Kind), size_t count) {
  std::string names;
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) names += ", ";
    names += name_of(static_cast<Kind>(i));
  }
  return names;
}

// in_channels and kernel_size have no defaults in the engine's constructors.
void ReadConv3d(Fields& fields, Operation& operation) {
  operation.in_channels = fields.Integer("in_channels");
  const Value* kernel = fields.Array("kernel_size");
  if (kernel == nullptr) return;
  if (kernel->items.size() != operation.kernel_size.size()) {
    fields.Fail({kernel->where.place(),
                 "expected three integers as \"kernel_size\", found " +
                     std::to_string(kernel->items.size()) + " items",
                 ""});
    return;
  }
  for (size_t i = 0; i < kernel->items.size(); ++i) {
    if (!kernel->items[i].is_integer()) {
      fields.Fail(json::WrongType(kernel->items[i], "an integer in \"kernel_size\""));
      return;
    }
    operation.kernel_size[i] = kernel->items[i].integer;
  }
}

void ReadPermutation(Fields& fields, Operation& operation) {
  operation.inverse = fields.BooleanOr("inverse", operation.inverse);
  if (const Value* names = fields.Optional("permute_layer_names")) {
    Result<std::vector<std::string>> strings = json::Strings(*names);
    if (!strings) return fields.Fail(strings.error());
    operation.permute_layer_names = *std::move(strings);
  }
}

// The parameters are those of the engine's constructors, with their defaults.
Result<Operation> ReadOperation(const Value& value) {
  Fields fields(value, "an operation");
  const std::string name = fields.String("op");
  if (fields.failed()) return fields.Done().error();
  const std::optional<OperationKind> kind = ParseOperationName(name);
  if (!kind) {
    return UnknownName(*value.Find("op"), "operation", AllNames(&OperationName, kOperationKinds));
  }
  Operation operation;
  operation.kind = *kind;
  switch (*kind) {
    case OperationKind::kInterleave:
      operation.dim = fields.IntegerOr("dim", operation.dim);
      operation.inverse = fields.BooleanOr("inverse", operation.inverse);
      break;
    case OperationKind::kChunk:
    case OperationKind::kConcatenate:
      operation.num_shards_attribute = fields.OptionalString("num_shards_attribute");
      [[fallthrough]];
    case OperationKind::kMergeModulelist:
    case OperationKind::kSplitModulelist:
      operation.dim = fields.IntegerOr("dim", operation.dim);
      break;
    case OperationKind::kTranspose:
      operation.dim0 = fields.IntegerOr("dim0", operation.dim0);
      operation.dim1 = fields.IntegerOr("dim1", operation.dim1);
      operation.check_dims = fields.BooleanOr("check_dims", operation.check_dims);
      break;
    case OperationKind::kPermuteForRope:
      operation.subconfig_key = fields.OptionalString("subconfig_key");
      ReadPermutation(fields, operation);
      break;
    case OperationKind::kVisionFuseAndPermuteForRope:
      operation.inverse = true;
      [[fallthrough]];
    case OperationKind::kVisionUnfuseAndPermuteForRope:
      operation.dim = fields.IntegerOr("dim", operation.dim);
      ReadPermutation(fields, operation);
      break;
    case OperationKind::kForce16BytesAlignment:
      break;
    case OperationKind::kConv3dToLinear:
    case OperationKind::kLinearToConv3d:
      ReadConv3d(fields, operation);
      break;
    case OperationKind::kErnieFuseAndSplit:
    case OperationKind::kErnieSplitAndDecouple:
      operation.stack_dim = fields.IntegerOr("stack_dim", operation.stack_dim);
      operation.concat_dim = fields.IntegerOr("concat_dim", operation.concat_dim);
      break;
  }
  if (Status done = fields.Done(); !done) return done.error();
  return operation;
}

// A pattern list, and the place of each pattern.
void ReadPatterns(Fields& fields, std::string_view name, std::vector<std::string>& patterns,
                  std::vector<SourceRange>& places) {
  const Value* list = fields.Array(name);
  if (list == nullptr) return;
  Result<std::vector<std::string>> strings = json::Strings(*list);
  if (!strings) return fields.Fail(strings.error());
  if (strings->empty()) {
    return fields.Fail({list->where.place(),
                        "expected at least one pattern in " + Quoted(name) + ", found none", ""});
  }
  patterns = *std::move(strings);
  places.reserve(patterns.size());
  for (const Value& item : list->items) places.push_back(item.where);
}

Result<TransformSpec> ReadTransform(const Value& value) {
  Fields fields(value, "a transform");
  const std::string type = fields.String("type");
  if (fields.failed()) return fields.Done().error();
  const std::optional<TransformKind> kind = ParseTransformKind(type);
  if (!kind) {
    constexpr size_t kCount = static_cast<size_t>(TransformKind::kGroupWeightRename) + 1;
    return UnknownName(*value.Find("type"), "transform type", AllNames(&TransformKindName, kCount));
  }
  TransformSpec spec;
  spec.kind = *kind;
  auto origin = std::make_shared<Origin>();
  origin->call = value.where;
  if (spec.kind == TransformKind::kPrefixChange) {
    spec.prefix_to_add = fields.OptionalString("prefix_to_add");
    spec.prefix_to_remove = fields.OptionalString("prefix_to_remove");
    spec.model_prefix = fields.OptionalString("model_prefix");
  } else {
    ReadPatterns(fields, "source", spec.sources, origin->sources);
    ReadPatterns(fields, "target", spec.targets, origin->targets);
  }
  if (spec.kind == TransformKind::kWeightConverter) {
    if (const Value* list = fields.Array("operations")) {
      spec.operations.reserve(list->items.size());
      for (const Value& item : list->items) {
        Result<Operation> operation = ReadOperation(item);
        if (!operation) return operation.error();
        spec.operations.push_back(*std::move(operation));
      }
    }
  }
  if (Status done = fields.Done(); !done) return done.error();
  spec.origin = std::move(origin);
  return spec;
}

// `name` becomes a copy of `source`. Every transform keeps its origin and gains one step.
Entry CopyByAlias(const Alias& alias, const Entry& source) {
  Entry copy = source;
  copy.name = alias.name;
  copy.where = alias.where;
  for (TransformSpec& spec : copy.transforms) {
    auto origin = std::make_shared<Origin>(*spec.origin);
    origin->provenance.push_back({"alias of '" + alias.entry + "'", alias.where});
    spec.origin = std::move(origin);
  }
  return copy;
}

// Aliases are taken in the order written, as the library does: one may name an earlier alias, but
// not a later one, and so never itself.
Status ApplyAliases(const Value& aliases, Registry& registry) {
  for (const auto& [name, value] : aliases.members) {
    if (!value.is_string()) return json::WrongType(value, "the name of an entry (a string)");
    const Alias& alias = registry.aliases.emplace_back(Alias{name, value.string, value.name_where});
    if (registry.Find(name) != nullptr) continue;  // an entry of its own goes first
    const Entry* source = registry.Find(alias.entry);
    if (source == nullptr) {
      const bool later = aliases.Find(alias.entry) != nullptr;
      return Error{value.where.place(),
                   "alias " + Quoted(name) + " names " + Quoted(alias.entry) +
                       (later ? ", which is itself an alias that is not yet resolved here"
                              : ", but there is no such entry"),
                   later ? "write the other alias first, or name the entry itself"
                         : "name an entry of this registry, or remove the alias"};
    }
    registry.entries.emplace(name, CopyByAlias(alias, *source));
  }
  return Unit{};
}

}  // namespace

Result<std::vector<TransformSpec>> ReadJsonTransforms(const json::Value& list) {
  if (!list.is_array()) return json::WrongType(list, "a list of transforms");
  std::vector<TransformSpec> transforms;
  transforms.reserve(list.items.size());
  for (const Value& item : list.items) {
    Result<TransformSpec> spec = ReadTransform(item);
    if (!spec) return spec.error();
    transforms.push_back(*std::move(spec));
  }
  return transforms;
}

Result<Registry> ReadJsonRegistry(std::shared_ptr<const SourceFile> file, const json::Value& root) {
  Registry registry;
  registry.files.push_back(std::move(file));
  Fields fields(root, "a registry");
  registry.release = fields.OptionalString("transformers").value_or("");
  const Value* aliases = fields.Optional("aliases");
  const Value* entries = fields.Object("entries");
  if (aliases != nullptr && !aliases->is_object()) {
    fields.Fail(json::WrongType(*aliases, "an object as \"aliases\""));
  }
  if (Status done = fields.Done(); !done) return done.error();
  if (entries->members.empty()) {
    return Error{entries->where.place(), "expected at least one entry, found none",
                 "a registry without entries would make every check pass"};
  }
  for (const auto& [name, list] : entries->members) {
    Result<std::vector<TransformSpec>> transforms = ReadJsonTransforms(list);
    if (!transforms) return transforms.error();
    registry.entries.emplace(name, Entry{name, *std::move(transforms), list.name_where, false});
  }
  if (aliases != nullptr) {
    if (Status done = ApplyAliases(*aliases, registry); !done) return done.error();
  }
  return registry;
}

Result<Registry> ReadJsonRegistry(std::shared_ptr<const SourceFile> file) {
  Result<Value> root = json::Parse(*file);
  if (!root) return root.error();
  return ReadJsonRegistry(std::move(file), *root);
}

}  // namespace wcheck
