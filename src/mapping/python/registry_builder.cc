#include "mapping/python/registry_builder.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "mapping/operation_table.h"
#include "support/limits.h"

namespace wcheck::python {
namespace {

bool IsTransformList(const Value& value) {
  if (!value.Is(Type::kList) && !value.Is(Type::kTuple)) return false;
  const std::vector<Value>& items = value.AsList()->items;
  return std::any_of(items.begin(), items.end(),
                     [](const Value& item) { return AsTransform(item) != nullptr; });
}

// A dict from str to lists, at least one of which contains a transform.
bool IsRegistry(const Value& value) {
  if (!value.Is(Type::kDict)) return false;
  bool any = false;
  for (const DictItem& item : value.AsDict()->items) {
    if (!item.live) continue;
    if (!item.key.Is(Type::kStr)) return false;
    any |= IsTransformList(item.value);
  }
  return any;
}

// A dict from str to str.
bool IsAliasTable(const Value& value) {
  if (!value.Is(Type::kDict) || value.AsDict()->size() == 0) return false;
  const std::vector<DictItem>& items = value.AsDict()->items;
  return std::all_of(items.begin(), items.end(), [](const DictItem& item) {
    return !item.live || (item.key.Is(Type::kStr) && item.value.Is(Type::kStr));
  });
}

ReaderRemark::Kind RemarkKindOf(Remark::Kind kind) {
  switch (kind) {
    case Remark::Kind::kUnsupported:
      return ReaderRemark::Kind::kUnsupportedConstruct;
    case Remark::Kind::kRaises:
      return ReaderRemark::Kind::kRaises;
    case Remark::Kind::kAssumption:
      break;
  }
  return ReaderRemark::Kind::kAssumption;
}

class Builder {
 public:
  Builder(Interpreter* interpreter, const Library& library, Registry* registry)
      : interpreter_(*interpreter), library_(library), registry_(*registry) {}

  Status Build() {
    interpreter_.RunModule();
    if (interpreter_.fatal()) return *interpreter_.fatal();
    // Some files register in a function that whoever imports them calls.
    std::vector<Dict*> dicts;
    if (!Extends()) dicts = FindRegistries();
    if (interpreter_.fatal()) return *interpreter_.fatal();
    if (Extends()) {
      AddExtension();
    } else {
      FindAliases(dicts);
      for (Dict* dict : dicts) AddEntries(dict);
      CopyAliases();
    }
    if (beyond_) return *beyond_;
    for (Remark& remark : interpreter_.remarks()) {
      registry_.remarks.push_back(
          {RemarkKindOf(remark.kind), remark.where, std::move(remark.message), {}});
    }
    for (auto& [remark, names] : touched_) {
      std::vector<std::string>& entries = registry_.remarks[remark].entries;
      entries.assign(names.begin(), names.end());
    }
    return Unit{};
  }

 private:
  // Module-level names in the order of the file.
  std::vector<std::pair<std::string_view, Value>> ModuleNames() {
    auto& names = interpreter_.module()->names;
    std::vector<std::pair<std::string_view, Value>> sorted(names.begin(), names.end());
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
      return a.second.begin != b.second.begin ? a.second.begin < b.second.begin : a.first < b.first;
    });
    return sorted;
  }

  std::vector<Dict*> FindRegistries() {
    auto& names = interpreter_.module()->names;
    auto named = names.find(kBuilderName);
    if (named != names.end() && named->second.Is(Type::kFunction)) {
      if (Dict* dict = FromBuilder(named->second.AsFunction())) return {dict};
      return {};
    }
    std::vector<Dict*> dicts;
    std::set<Dict*> known;
    for (const auto& [name, value] : ModuleNames()) {
      if (IsRegistry(value) && known.insert(value.AsDict()).second) {
        dicts.push_back(value.AsDict());
      }
    }
    if (!dicts.empty()) return dicts;
    // Functions that need no argument and return a registry.
    for (const auto& [name, value] : ModuleNames()) {
      if (!value.Is(Type::kFunction) || !NeedsNoArgument(*value.AsFunction())) continue;
      if (!MentionsTransform(*value.AsFunction()->node)) continue;
      Value result = interpreter_.CallBuilder(value.AsFunction());
      if (IsRegistry(result)) dicts.push_back(result.AsDict());
    }
    return dicts;
  }

  // The builder's result: the dict that the file itself built with it, otherwise a new one.
  Dict* FromBuilder(Function* builder) {
    for (const auto& [name, value] : ModuleNames()) {
      if (value.Is(Type::kDict) && value.AsDict()->made_by == builder->node) return value.AsDict();
    }
    Value result = interpreter_.CallBuilder(builder);
    if (result.Is(Type::kDict)) return result.AsDict();
    if (result.opaque()) interpreter_.Report(result.AsOpaque());
    return nullptr;
  }

  bool NeedsNoArgument(const Function& function) const {
    const Node* parameters = function.node->Child(Field::kParameters);
    if (parameters == nullptr) return true;
    return std::all_of(parameters->children.begin(), parameters->children.end(), [](const Node* p) {
      return p->kind != Kind::kParameter || p->Child(Field::kValue) != nullptr;
    });
  }

  bool MentionsTransform(const Node& node) const {
    if (node.kind == Kind::kIdentifier) {
      return ParseTransformKind(interpreter_.tree().Text(node)).has_value();
    }
    return std::any_of(node.children.begin(), node.children.end(),
                       [&](const Node* child) { return MentionsTransform(*child); });
  }

  bool Extends() const {
    return !library_.registrations().empty() || library_.aliases().size() != 0;
  }

  // What the file changes in the registry of a release.
  void AddExtension() {
    Extension& extension = registry_.extension.emplace();
    for (const DictItem& item : library_.aliases().items) {
      if (!item.live) continue;
      if (!item.key.Is(Type::kStr) || !item.value.Is(Type::kStr)) {
        interpreter_.Unsupported("an alias must be a name for a name",
                                 *interpreter_.tree().root);
        continue;
      }
      AddAlias(item.key, item.value.text());
    }
    for (const Registration& call : library_.registrations()) {
      if (!call.name.Is(Type::kStr)) {
        if (Opaque* unknown = UnknownPart(call.name)) interpreter_.Report(unknown);
        continue;
      }
      if (!call.attribute) registry_.user_registered.insert(call.name.text());
      if (call.overwrite) extension.overwrites.insert(call.name.text());
      if (const ReleaseEntry* entry = AsReleaseEntry(call.mapping); entry != nullptr) {
        AddAlias(call.name, entry->name);
        continue;
      }
      Entry entry;
      entry.name = call.name.text() + (call.attribute ? std::string(kClassAttribute) : "");
      entry.where = interpreter_.RangeOf(call.name);
      if (call.attribute) {
        AddRenamings(call.mapping, &entry);
      } else {
        AddTransforms(call.mapping, &entry);
      }
      extension.names.insert(entry.name);
      registry_.entries.insert_or_assign(entry.name, std::move(entry));
    }
  }

  void AddAlias(const Value& name, const std::string& entry) {
    registry_.aliases.push_back({name.text(), entry, interpreter_.RangeOf(name)});
    registry_.extension->names.insert(name.text());
  }

  // A class attribute: a dict from sources to targets.
  void AddRenamings(const Value& value, Entry* entry) {
    if (value.opaque()) return Touch(entry, value.AsOpaque());
    if (!value.Is(Type::kDict)) {
      return Refuse(entry, value, "this attribute must be a dict, not " + TypeName(value));
    }
    for (Opaque* taint : value.AsDict()->taint) Touch(entry, taint);
    for (const DictItem& item : value.AsDict()->items) {
      if (!item.live) continue;
      bool known = true;
      for (const Value* part : {&item.key, &item.value}) {
        if (part->Is(Type::kStr)) continue;
        known = false;
        if (part->opaque()) {
          Touch(entry, part->AsOpaque());
        } else {
          Refuse(entry, *part, "a pattern must be a str, not a " + TypeName(*part));
        }
      }
      if (!known) continue;
      TransformSpec spec;
      spec.sources = {item.key.text()};
      spec.targets = {item.value.text()};
      Origin origin;
      origin.call = interpreter_.RangeOf(item.key);
      origin.sources = {origin.call};
      origin.targets = {interpreter_.RangeOf(item.value)};
      spec.origin = std::make_shared<const Origin>(std::move(origin));
      entry->transforms.push_back(std::move(spec));
    }
  }

  void FindAliases(const std::vector<Dict*>& dicts) {
    auto& names = interpreter_.module()->names;
    auto named = names.find(kAliasTable);
    if (named != names.end() && named->second.Is(Type::kDict)) {
      alias_dict_ = named->second.AsDict();
    } else {
      for (const auto& [name, value] : ModuleNames()) {
        if (!IsAliasTable(value)) continue;
        const std::vector<DictItem>& items = value.AsDict()->items;
        bool aims = std::all_of(items.begin(), items.end(), [&](const DictItem& item) {
          std::string hash;
          return !item.live || (HashKey(item.value, &hash) &&
                                std::any_of(dicts.begin(), dicts.end(),
                                            [&](Dict* d) { return d->Find(hash) != nullptr; }));
        });
        if (aims) alias_dict_ = value.AsDict();
      }
    }
    if (alias_dict_ == nullptr) return;
    for (const DictItem& item : alias_dict_->items) {
      if (!item.live || !item.key.Is(Type::kStr) || !item.value.Is(Type::kStr)) continue;
      registry_.aliases.push_back(
          {item.key.text(), item.value.text(), interpreter_.RangeOf(item.key)});
    }
  }

  void AddEntries(Dict* dict) {
    for (const DictItem& item : dict->items) {
      if (!item.live || !item.key.Is(Type::kStr)) continue;
      Entry entry;
      entry.name = item.key.text();
      entry.where = interpreter_.RangeOf(item.key);
      for (Opaque* taint : dict->taint) Touch(&entry, taint);
      AddTransforms(item.value, &entry);
      registry_.entries.insert_or_assign(entry.name, std::move(entry));
    }
    // Unknowns that could concern any entry are reported even if there is no entry.
    for (Opaque* taint : dict->taint) interpreter_.Report(taint);
  }

  void AddTransforms(const Value& value, Entry* entry) {
    if (value.opaque()) {
      Touch(entry, value.AsOpaque());
      return;
    }
    if (!value.Is(Type::kList) && !value.Is(Type::kTuple)) {
      Refuse(entry, value, "an entry must be a list of transforms, not " + TypeName(value));
      return;
    }
    const List& list = *value.AsList();
    for (Opaque* taint : list.taint) Touch(entry, taint);
    // The same list under a second name: `mapping["b"] = mapping["a"]`.
    std::string shared;
    if (list.has_key && list.label != entry->name) shared = "shared with '" + list.label + "'";
    for (Value item : list.items) {
      if (item.opaque()) {
        Touch(entry, item.AsOpaque());
        continue;
      }
      if (AsTransform(item) == nullptr) {
        Refuse(entry, item, "an entry must hold transforms only, not a " + TypeName(item));
        continue;
      }
      if (!shared.empty()) item = interpreter_.WithStep(item, shared, entry->where);
      AddTransform(item, entry);
    }
  }

  // Counts what comes into the registry; false once it is too much.
  bool CountTransforms(size_t added, size_t in_entry, const SourceRange& where) {
    transforms_ += added;
    const bool entry = in_entry > kMaxEntryTransforms;
    if (!entry && transforms_ <= kMaxTransforms) return true;
    if (!beyond_) {
      beyond_ = Error{where.place(),
                      (entry ? "an entry of more than " + std::to_string(kMaxEntryTransforms)
                             : "a registry of more than " + std::to_string(kMaxTransforms)) +
                          " transforms",
                      "docs/limits.md lists the limits"};
    }
    return false;
  }

  void AddTransform(const Value& value, Entry* entry) {
    if (!CountTransforms(1, entry->transforms.size() + 1, entry->where)) return;
    const TransformObject& transform = *AsTransform(value);
    for (Opaque* taint : transform.unknowns) Touch(entry, taint);
    TransformSpec spec;
    spec.kind = transform.kind;
    spec.origin = OriginOf(value, entry);
    if (transform.kind == TransformKind::kPrefixChange) {
      auto text = [](const Value& v) {
        return v.Is(Type::kStr) ? std::optional<std::string>(v.text()) : std::nullopt;
      };
      spec.prefix_to_add = text(transform.prefix_to_add);
      spec.prefix_to_remove = text(transform.prefix_to_remove);
      spec.model_prefix = text(transform.model_prefix);
    } else {
      AddPatterns(*transform.original_sources, entry, &spec.sources);
      AddPatterns(*transform.original_targets, entry, &spec.targets);
    }
    if (transform.kind == TransformKind::kWeightConverter) {
      AddOperations(transform, entry, &spec.operations);
    }
    spec.offset = transform.offset;
    spec.force_cpu = transform.force_cpu;
    entry->transforms.push_back(std::move(spec));
  }

  void AddPatterns(const List& list, Entry* entry, std::vector<std::string>* out) {
    for (const Value& pattern : list.items) {
      if (pattern.Is(Type::kStr)) {
        out->push_back(pattern.text());
      } else if (pattern.opaque()) {
        Touch(entry, pattern.AsOpaque());
      } else {
        Refuse(entry, pattern, "a pattern must be a str, not " + TypeName(pattern));
      }
    }
  }

  void AddOperations(const TransformObject& transform, Entry* entry, std::vector<Operation>* out) {
    const Value& value = transform.operations;
    if (value.opaque()) return;  // the transform is tainted by it
    if (!value.Is(Type::kList) && !value.Is(Type::kTuple)) {
      Refuse(entry, value, "operations must be a list, not " + TypeName(value));
      return;
    }
    for (Opaque* taint : value.AsList()->taint) Touch(entry, taint);
    for (const Value& item : value.AsList()->items) {
      if (item.opaque()) {
        Touch(entry, item.AsOpaque());
      } else if (AsOperation(item) == nullptr) {
        Refuse(
            entry, item,
            "an operation must be an instance of a ConversionOps class, not a " + TypeName(item));
      } else {
        AddOperation(item, transform, entry, out);
      }
    }
  }

  void AddOperation(const Value& value, const TransformObject& transform, Entry* entry,
                    std::vector<Operation>* out) {
    const OperationObject& from = *AsOperation(value);
    Operation operation = MakeOperation(from.kind);
    const OperationInfo& info = InfoOf(from.kind);
    for (const auto& [name, attribute] : from.attributes) {
      const auto* parameter =
          std::ranges::find(info.parameters, std::string_view(name), &OperationParameter::name);
      if (parameter != info.parameters.end() &&
          TakeParameter(*parameter, attribute, transform, &operation)) {
        continue;
      }
      if (Opaque* part = UnknownPart(attribute)) {
        Touch(entry, part);
      } else {
        Refuse(entry, value,
               "the argument '" + name + "' of " + std::string(info.name) +
                   "() has an unexpected value");
      }
    }
    out->push_back(std::move(operation));
  }

  // False if the value is not one that the parameter can have.
  bool TakeParameter(const OperationParameter& parameter, const Value& value,
                     const TransformObject& transform, Operation* out) {
    const bool list = value.Is(Type::kList) || value.Is(Type::kTuple);
    return std::visit(
        FieldVisitor{[&](int64_t Operation::*field) {
                       if (value.IsInteger()) out->*field = value.integer;
                       return value.IsInteger();
                     },
                     [&](bool Operation::*field) {
                       const Truth truth = TruthOf(value);
                       out->*field = truth == Truth::kTrue;
                       return truth != Truth::kUnknown;
                     },
                     [&](std::optional<std::string> Operation::*field) {
                       if (value.Is(Type::kStr)) out->*field = value.text();
                       return value.none() || value.Is(Type::kStr);
                     },
                     [&](std::vector<std::string> Operation::*field) {
                       if (!list) return value.none();
                       for (const Value& item : value.AsList()->items) {
                         if (!item.Is(Type::kStr)) return false;
                         (out->*field).push_back(item.text());
                       }
                       return true;
                     },
                     [&](std::array<int64_t, 3> Operation::*field) {
                       if (!list || value.AsList()->items.size() != 3) return false;
                       for (size_t i = 0; i < 3; ++i) {
                         const Value& item = value.AsList()->items[i];
                         if (!item.IsInteger()) return false;
                         (out->*field)[i] = item.integer;
                       }
                       return true;
                     },
                     [&](PartCount) {
                       const auto targets = static_cast<int64_t>(transform.targets->items.size());
                       return value.none() || (value.IsInteger() && value.integer == targets);
                     }},
        parameter.field);
  }

  std::shared_ptr<const Origin> OriginOf(const Value& value, Entry* entry) {
    const TransformObject& transform = *AsTransform(value);
    // A step that an alias added names the alias, and points at it.
    const Chain* chain = value.chain;
    bool by_alias = chain != nullptr && alias_dict_ != nullptr && IsByAlias(*entry, *chain);
    auto& shared = origins_[{&transform, chain}];
    if (shared != nullptr && !by_alias) return shared;
    auto origin = std::make_shared<Origin>();
    origin->call = transform.call;
    if (transform.kind != TransformKind::kPrefixChange) {
      for (const Value& v : transform.original_sources->items) {
        origin->sources.push_back(interpreter_.RangeOf(v));
      }
      for (const Value& v : transform.original_targets->items) {
        origin->targets.push_back(interpreter_.RangeOf(v));
      }
    }
    for (const Chain* step = chain; step != nullptr; step = step->before) {
      origin->provenance.push_back({step->what, step->where});
    }
    std::reverse(origin->provenance.begin(), origin->provenance.end());
    if (by_alias) {
      origin->provenance.back() = {"alias of '" + AliasTarget(*entry) + "'", entry->where};
      return origin;
    }
    return shared = origin;
  }

  // True if the entry's key is an alias, and the step copies the aliased entry.
  bool IsByAlias(const Entry& entry, const Chain& chain) {
    std::string target = AliasTarget(entry);
    return !target.empty() && chain.what == "copied from '" + target + "'";
  }

  std::string AliasTarget(const Entry& entry) {
    if (written_aliases_.empty()) {
      for (const Alias& alias : registry_.aliases) {
        written_aliases_.try_emplace({alias.name, alias.where.begin}, alias.entry);
      }
    }
    const auto found = written_aliases_.find({entry.name, entry.where.begin});
    return found == written_aliases_.end() ? "" : found->second;
  }

  // Files that are only a table have no code to copy the aliases: the library would do it.
  void CopyAliases() {
    auto& names = interpreter_.module()->names;
    if (names.contains(kBuilderName) || !names.contains(kAliasTable)) return;
    for (const Alias& alias : registry_.aliases) {
      auto from = registry_.entries.find(alias.entry);
      if (registry_.entries.contains(alias.name)) continue;
      if (from == registry_.entries.end()) {
        interpreter_.remarks().push_back(
            {Remark::Kind::kUnsupported, alias.where,
             "the alias '" + alias.name + "' names '" + alias.entry + "', which has no entry"});
        continue;
      }
      if (!CountTransforms(from->second.transforms.size(), 0, alias.where)) return;
      Entry entry = from->second;
      entry.name = alias.name;
      entry.where = alias.where;
      for (TransformSpec& spec : entry.transforms) {
        if (spec.origin == nullptr) continue;
        auto origin = std::make_shared<Origin>(*spec.origin);
        if (origin->provenance.size() < kMaxProvenance) {
          origin->provenance.push_back({"alias of '" + alias.entry + "'", alias.where});
        }
        spec.origin = origin;
      }
      registry_.entries.emplace(alias.name, std::move(entry));
    }
  }

  void Touch(Entry* entry, Opaque* opaque) {
    entry->incomplete = true;
    touched_[interpreter_.Report(opaque)].insert(entry->name);
  }

  void Refuse(Entry* entry, const Value& value, std::string message) {
    auto* opaque = interpreter_.heap().New<Opaque>();
    opaque->message = std::move(message);
    opaque->where = interpreter_.RangeOf(value);
    Touch(entry, opaque);
  }

  Interpreter& interpreter_;
  const Library& library_;
  Registry& registry_;
  Dict* alias_dict_ = nullptr;
  size_t transforms_ = 0;
  std::optional<Error> beyond_;
  std::map<std::pair<std::string, uint32_t>, std::string> written_aliases_;  // by name and place
  std::map<std::pair<const TransformObject*, const Chain*>, std::shared_ptr<Origin>> origins_;
  std::map<size_t, std::set<std::string>> touched_;
};

}  // namespace

Status BuildRegistry(Interpreter* interpreter, const Library& library, Registry* registry) {
  return Builder(interpreter, library, registry).Build();
}

}  // namespace wcheck::python
