#include "mapping/json/json_reader.h"

#include <array>
#include <utility>

#include "mapping/operation_table.h"
#include "support/json_fields.h"
#include "support/limits.h"

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

// Reads the parameters of one operation.
class ParameterReader {
 public:
  ParameterReader(Fields* fields, Operation* operation)
      : fields_(*fields), operation_(*operation) {}

  void Read(const OperationParameter& parameter) {
    parameter_ = &parameter;
    std::visit([&](auto field) { Value(field); }, parameter.field);
  }

 private:
  void Value(int64_t Operation::*field) {
    const std::string_view name = parameter_->name;
    operation_.*field = parameter_->required ? fields_.Integer(name)
                                             : fields_.IntegerOr(name, parameter_->otherwise);
  }
  void Value(bool Operation::*field) {
    operation_.*field = fields_.BooleanOr(parameter_->name, parameter_->otherwise != 0);
  }
  void Value(std::optional<std::string> Operation::*field) {
    operation_.*field = fields_.OptionalString(parameter_->name);
  }
  void Value(std::vector<std::string> Operation::*field) {
    const json::Value* list = fields_.Optional(parameter_->name);
    if (list == nullptr) return;
    Result<std::vector<std::string>> strings = json::Strings(*list);
    if (!strings) return fields_.Fail(strings.error());
    operation_.*field = *std::move(strings);
  }
  void Value(std::array<int64_t, 3> Operation::*field) {
    const json::Value* list = fields_.Array(parameter_->name);
    if (list == nullptr) return;
    const std::string name = Quoted(parameter_->name);
    if (list->items.size() != 3) {
      return fields_.Fail({list->where.place(),
                           "expected three integers as " + name + ", found " +
                               std::to_string(list->items.size()) + " items",
                           ""});
    }
    for (size_t i = 0; i < 3; ++i) {
      const json::Value& item = list->items[i];
      if (!item.is_integer()) {
        return fields_.Fail(json::WrongType(item, "an integer in " + name));
      }
      (operation_.*field)[i] = item.integer;
    }
  }
  void Value(PartCount) {}

  Fields& fields_;
  Operation& operation_;
  const OperationParameter* parameter_ = nullptr;
};

Result<Operation> ReadOperation(const Value& value) {
  Fields fields(value, "an operation");
  const std::string name = fields.String("op");
  if (fields.failed()) return fields.Done().error();
  const std::optional<OperationKind> kind = ParseOperationName(name);
  if (!kind) {
    return UnknownName(*value.Find("op"), "operation",
                       AllNames(&OperationName, OperationTable().size()));
  }
  Operation operation = MakeOperation(*kind);
  ParameterReader reader(&fields, &operation);
  for (const OperationParameter& parameter : InfoOf(*kind).parameters) reader.Read(parameter);
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
    return UnknownName(*value.Find("type"), "transform type",
                       AllNames(&TransformKindName, kTransformKinds));
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
  if (spec.kind == TransformKind::kInkling2IndexOffsetWeightRename) {
    spec.offset = fields.Integer("offset");
  }
  if (spec.kind == TransformKind::kWeightConverter) {
    spec.force_cpu = fields.BooleanOr("force_cpu", false);
    if (const Value* list = fields.Array("operations")) {
      spec.operations.reserve(list->items.size());
      for (const Value& item : list->items) {
        Result<Operation> operation = ReadOperation(item);
        if (!operation) return operation.error();
        spec.operations.push_back(*std::move(operation));
      }
    }
  }
  // `wcheck dump` says where a transform was written; here it is written in this file.
  fields.Optional("origin");
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
    if (origin->provenance.size() < kMaxProvenance) {
      origin->provenance.push_back({"alias of '" + alias.entry + "'", alias.where});
    }
    spec.origin = std::move(origin);
  }
  return copy;
}

// Aliases are resolved in the order written, as the library does: an alias may name an earlier
// alias, but not a later one, and so never itself.
Status ApplyAliases(const Value& aliases, Registry& registry) {
  size_t transforms = 0;
  for (const auto& [name, entry] : registry.entries) transforms += entry.transforms.size();
  for (const auto& [name, value] : aliases.members) {
    if (!value.is_string()) return json::WrongType(value, "the name of an entry (a string)");
    const Alias& alias = registry.aliases.emplace_back(Alias{name, value.string, value.name_where});
    if (registry.Find(name) != nullptr) continue;  // an entry of its own takes precedence
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
    transforms += source->transforms.size();
    if (transforms > kMaxTransforms) {
      return Error{value.where.place(),
                   "with this alias the registry has more than " + std::to_string(kMaxTransforms) +
                       " transforms",
                   "docs/limits.md lists the limits"};
    }
    registry.entries.emplace(name, CopyByAlias(alias, *source));
  }
  return Unit{};
}

// {class: {source: target}}: an entry of renamings a class.
Status ReadClassMappings(const Value& mappings, Registry& registry) {
  if (!mappings.is_object()) {
    return json::WrongType(mappings, "an object as \"class_mappings\"");
  }
  for (const auto& [class_name, pairs] : mappings.members) {
    if (!pairs.is_object()) {
      return json::WrongType(pairs, "the renamings of class " + Quoted(class_name) +
                                        " (an object: source -> target)");
    }
    Entry entry;
    entry.name = class_name + std::string(kClassAttribute);
    entry.where = pairs.name_where;
    for (const auto& [source, target] : pairs.members) {
      if (!target.is_string()) return json::WrongType(target, "a target (a string)");
      TransformSpec spec;
      spec.sources = {source};
      spec.targets = {target.string};
      spec.origin = std::make_shared<const Origin>(
          Origin{target.where, {target.name_where}, {target.where}, {}});
      entry.transforms.push_back(std::move(spec));
    }
    std::string name = entry.name;
    registry.entries.emplace(std::move(name), std::move(entry));
  }
  return Unit{};
}

}  // namespace

Result<std::vector<TransformSpec>> ReadJsonTransforms(const json::Value& list) {
  if (!list.is_array()) return json::WrongType(list, "a list of transforms");
  std::vector<TransformSpec> transforms;
  if (list.items.size() > kMaxEntryTransforms) {
    return Error{list.where.place(),
                 "an entry of more than " + std::to_string(kMaxEntryTransforms) + " transforms",
                 "docs/limits.md lists the limits"};
  }
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
  const Value* class_mappings = fields.Optional("class_mappings");
  const Value* user_registered = fields.Optional("user_registered");
  const Value* incomplete = fields.Optional("incomplete");
  if (aliases != nullptr && !aliases->is_object()) {
    fields.Fail(json::WrongType(*aliases, "an object as \"aliases\""));
  }
  if (Status done = fields.Done(); !done) return done.error();
  if (entries->members.empty()) {
    return Error{entries->where.place(), "expected at least one entry, found none",
                 "a registry without entries would make every check pass"};
  }
  size_t total = 0;
  for (const auto& [name, list] : entries->members) {
    Result<std::vector<TransformSpec>> transforms = ReadJsonTransforms(list);
    if (!transforms) return transforms.error();
    total += transforms->size();
    if (total > kMaxTransforms) {
      return Error{list.where.place(),
                   "a registry of more than " + std::to_string(kMaxTransforms) + " transforms",
                   "docs/limits.md lists the limits"};
    }
    registry.entries.emplace(name, Entry{name, *std::move(transforms), list.name_where, false});
  }
  if (aliases != nullptr) {
    if (Status done = ApplyAliases(*aliases, registry); !done) return done.error();
  }
  if (class_mappings != nullptr) {
    if (Status read = ReadClassMappings(*class_mappings, registry); !read) return read.error();
  }
  if (incomplete != nullptr) {
    if (!incomplete->is_array()) return json::WrongType(*incomplete, "a list of names of entries");
    for (const Value& name : incomplete->items) {
      if (!name.is_string()) return json::WrongType(name, "the name of an entry (a string)");
      const auto entry = registry.entries.find(name.string);
      if (entry == registry.entries.end()) {
        return Error{name.where.place(), "there is no entry " + Quoted(name.string), ""};
      }
      entry->second.incomplete = true;
    }
  }
  if (user_registered != nullptr) {
    Result<std::vector<std::string>> names = json::Strings(*user_registered);
    if (!names) return names.error();
    registry.user_registered.insert(names->begin(), names->end());
  }
  return registry;
}

Result<Registry> ReadJsonRegistry(std::shared_ptr<const SourceFile> file) {
  Result<Value> root = json::Parse(*file);
  if (!root) return root.error();
  return ReadJsonRegistry(std::move(file), *root);
}

}  // namespace wcheck
