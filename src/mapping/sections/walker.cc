// A recursive walk over sections and the config at the same time. Each kind of declaration either
// emits leaves or continues with another section for a part of the config, with longer prefixes.
#include "mapping/sections/walker.h"

#include <algorithm>
#include <utility>

#include "support/limits.h"

namespace wcheck::sections {
namespace {

using json::Value;

// A limit for mistakes in a config, or a section that nests itself.
constexpr int64_t kMaxCount = 1'000'000;
constexpr int kMaxDepth = 64;

constexpr std::string_view kTiedAttribute = "tied_embedding_weight";

std::string Join(std::string_view prefix, std::string_view name) {
  if (prefix.empty() || name.empty()) return std::string(prefix) + std::string(name);
  return std::string(prefix) + '.' + std::string(name);
}

std::vector<std::string> Joined(const std::string& prefix, const std::vector<std::string>& names,
                                std::string_view suffix = "") {
  std::vector<std::string> out;
  out.reserve(names.size());
  for (const std::string& name : names) out.push_back(Join(prefix, Join(name, suffix)));
  return out;
}

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

// The state of a walk: the two prefixes, and the section's config.
struct Here {
  std::string internal;
  std::string exported;
  const Value* config;
  int depth = 0;
};

class Walker {
 public:
  Walker(const SectionSet& sections, const Value& root) : sections_(sections), root_(root) {}

  Status Walk(const Section& section, const Here& here) {
    const size_t longest = std::max(here.internal.size(), here.exported.size());
    name_bytes_ += longest;
    if (++walked_ > kMaxWalkedSections) return TooMuch(*here.config, kMaxWalkedSections, "sections");
    if (longest > kMaxKeyBytes) return TooMuch(*here.config, kMaxKeyBytes, "bytes in a name");
    if (name_bytes_ > kMaxLeafNameBytes) {
      return TooMuch(*here.config, kMaxLeafNameBytes, "bytes of names");
    }
    if (here.depth > kMaxDepth) {
      return Error{here.config->where.place(),
                   "section " + Quoted(section.name) + " is nested more than " +
                       std::to_string(kMaxDepth) + " deep here",
                   "a section must not nest itself for the same config"};
    }
    for (const Declaration& declaration : section.declarations) {
      if (Status done = WalkOne(declaration, here); !done) return done;
    }
    return Unit{};
  }

  std::vector<Leaf> Take() && { return std::move(leaves_); }

 private:
  Status WalkOne(const Declaration& d, const Here& here) {
    switch (d.kind) {
      case DeclarationKind::kLeaf:
        return EmitNames(d, here, "", /*vector=*/false);
      case DeclarationKind::kLinear:
        return EmitLinear(d, here);
      case DeclarationKind::kOutputProjection: {
        Result<bool> tied = Flag(d, root_, kTiedAttribute, d.where);
        if (!tied) return tied.error();
        return *tied ? Status(Unit{}) : EmitNames(d, here, "", /*vector=*/false);
      }
      case DeclarationKind::kNested:
        return WalkNested(d, here);
      case DeclarationKind::kBlockSequence:
      case DeclarationKind::kDispatchBlockSequence:
      case DeclarationKind::kSelfBlockSequence:
        return WalkSequence(d, here);
      case DeclarationKind::kRepeat:
        return WalkRepeat(d, here);
      case DeclarationKind::kDispatch:
        return WalkDispatch(d, here);
      case DeclarationKind::kTypedDict:
        return WalkTypedDict(d, here);
    }
    return Unit{};
  }

  static Error TooMuch(const Value& config, uint64_t limit, const std::string& of_what) {
    return Error{config.where.place(),
                 "for this config the sections come to more than " + std::to_string(limit) +
                     ' ' + of_what,
                 "docs/limits.md lists the limits"};
  }

  // Leaves.

  Status EmitLinear(const Declaration& d, const Here& here) {
    if (Status done = EmitNames(d, here, "weight", /*vector=*/false); !done) return done;
    bool bias = d.bias;
    if (!d.bias_path.empty()) {
      Result<bool> flag = Flag(d, *here.config, d.bias_path, d.bias_where);
      if (!flag) return flag.error();
      bias = *flag;
    }
    return bias ? EmitNames(d, here, "bias", /*vector=*/true) : Status(Unit{});
  }

  Status EmitNames(const Declaration& d, const Here& here, std::string_view suffix, bool vector) {
    Result<std::vector<std::string>> internal = Expand(d, d.internal, here);
    if (!internal) return internal.error();
    Result<std::vector<std::string>> exported = Expand(d, d.exported, here);
    if (!exported) return exported.error();
    Leaf leaf;
    leaf.kind = d.leaf;
    leaf.vector = vector;
    leaf.internal = Joined(here.internal, *internal, suffix);
    leaf.exported = Joined(here.exported, *exported, suffix);
    if (Status sound = CheckArity(d, leaf); !sound) return sound;
    auto origin = std::make_shared<Origin>();
    origin->call = d.where;
    origin->sources.assign(leaf.exported.size(), d.exported.where);
    origin->targets.assign(leaf.internal.size(), d.internal.where);
    leaf.origin = std::move(origin);
    if (leaves_.size() >= kMaxLeaves) return TooMuch(*here.config, kMaxLeaves, "leaves");
    for (const auto* names : {&leaf.internal, &leaf.exported}) {
      for (const std::string& name : *names) {
        name_bytes_ += name.size();
        if (name.size() > kMaxKeyBytes) {
          return TooMuch(*here.config, kMaxKeyBytes, "bytes in a name");
        }
      }
    }
    if (name_bytes_ > kMaxLeafNameBytes) {
      return TooMuch(*here.config, kMaxLeafNameBytes, "bytes of names");
    }
    leaves_.push_back(std::move(leaf));
    return Unit{};
  }

  static Status CheckArity(const Declaration& d, const Leaf& leaf) {
    std::string found = ", found " + std::to_string(leaf.internal.size()) + " and " +
                        std::to_string(leaf.exported.size());
    std::string what = std::string(LeafKindName(leaf.kind)) + ' ' + Quoted(d.key);
    if (leaf.kind == LeafKind::kWeight || leaf.kind == LeafKind::kPatchEmbedding) {
      if (leaf.internal.size() == leaf.exported.size() && !leaf.internal.empty()) return Unit{};
      return Error{d.where.place(),
                   "expected as many exported names as internal ones in " + what + found,
                   "one tensor that becomes several is a Split"};
    }
    if (leaf.internal.size() != 1 || leaf.exported.empty()) {
      return Error{d.where.place(),
                   "expected one internal and at least one exported name in " + what + found, ""};
    }
    if (leaf.kind == LeafKind::kKeyValue && leaf.exported.size() != 2) {
      return Error{d.where.place(),
                   "expected two exported names, key and value, in " + what + found, ""};
    }
    return Unit{};
  }

  Result<std::vector<std::string>> Expand(const Declaration& d, const Names& names,
                                          const Here& here) const {
    if (!names.count) return names.names;
    Result<int64_t> count = CountOf(d, *names.count, *here.config);
    if (!count) return count.error();
    std::vector<std::string> out;
    for (int64_t i = 0; i < *count; ++i) {
      if (out.size() > kMaxLeaves) return TooMuch(*here.config, kMaxLeaves, "names of a leaf");
      for (const std::string& name : names.names) {
        Result<std::string> at = Instantiate(name, i, names.where);
        if (!at) return at.error();
        out.push_back(*std::move(at));
      }
    }
    return out;
  }

  // Structure.

  // One level down: the declaration's prefixes, followed by an index or a key.
  static Here Down(const Declaration& d, const Here& here, const Value& config,
                   std::string_view below = "") {
    return {Join(Join(here.internal, d.internal.names[0]), below),
            Join(Join(here.exported, d.exported.names[0]), below), &config, here.depth + 1};
  }

  Status WalkNested(const Declaration& d, const Here& here) {
    Result<const Value*> config = Attribute(d, *here.config, d.config, d.config_where);
    if (!config) return config.error();
    if ((*config)->is_null()) {
      if (d.optional) return Unit{};
      return Error{
          d.config_where.place(),
          "the config's " + Quoted(d.config) + " is null, and the declaration is not optional",
          "write \"optional\": true if a model may do without it"};
    }
    return Walk(*sections_.Find(d.section), Down(d, here, **config));
  }

  Status WalkRepeat(const Declaration& d, const Here& here) {
    Result<const Value*> config = Attribute(d, *here.config, d.config, d.config_where);
    if (!config) return config.error();
    Result<int64_t> count = CountOf(d, d.count, *here.config);
    if (!count) return count.error();
    for (int64_t i = 0; i < *count; ++i) {
      Result<std::string> internal = Instantiate(d.internal.names[0], i, d.internal.where);
      if (!internal) return internal.error();
      Result<std::string> exported = Instantiate(d.exported.names[0], i, d.exported.where);
      if (!exported) return exported.error();
      Here below{Join(here.internal, *internal), Join(here.exported, *exported), *config,
                 here.depth + 1};
      if (Status done = Walk(*sections_.Find(d.section), below); !done) return done;
    }
    return Unit{};
  }

  Status WalkDispatch(const Declaration& d, const Here& here) {
    Result<const Value*> config = Attribute(d, *here.config, d.config, d.config_where);
    if (!config) return config.error();
    Result<std::string> type = TypeOf(d, **config);
    if (!type) return type.error();
    Result<const Section*> section = Choose(d, *type, **config);
    if (!section) return section.error();
    Here below = Down(d, here, **config);
    auto prefix = d.export_by_type.find(*type);
    if (prefix != d.export_by_type.end()) below.exported = Join(here.exported, prefix->second);
    return Walk(**section, below);
  }

  Status WalkTypedDict(const Declaration& d, const Here& here) {
    Result<const Value*> config = Attribute(d, *here.config, d.config, d.config_where);
    if (!config) return config.error();
    if (!(*config)->is_object()) return json::WrongType(**config, "an object of configs by name");
    for (const auto& [name, entry] : (*config)->members) {
      // An ordinary name.
      Result<std::string> checked = Instantiate(name, 0, entry.name_where);
      if (!checked || *checked != name || name.empty()) {
        return Error{entry.name_where.place(),
                     Quoted(name) + " cannot be a part of a tensor's name", ""};
      }
      Result<std::string> type = TypeOf(d, entry);
      if (!type) return type.error();
      Result<const Section*> section = Choose(d, *type, entry);
      if (!section) return section.error();
      if (Status done = Walk(**section, Down(d, here, entry, name)); !done) return done;
    }
    return Unit{};
  }

  Status WalkSequence(const Declaration& d, const Here& here) {
    Result<const Value*> sequence = Attribute(d, *here.config, d.config, d.config_where);
    if (!sequence) return sequence.error();
    Result<std::string> type = TypeOf(d, **sequence);
    if (!type) return type.error();
    if (*type != "fixed" && *type != "pattern") {
      return Error{(*sequence)->Find("type")->where.place(),
                   "unknown type of block sequence " + Quoted(*type), "it can be fixed or pattern"};
    }
    Result<int64_t> count = CountOf(d, Count{0, "num_blocks", d.where}, **sequence);
    if (!count) return count.error();
    for (int64_t i = 0; i < *count; ++i) {
      Result<const Value*> block = *type == "fixed" ? Attribute(d, **sequence, "block", d.where)
                                                    : PatternBlock(d, **sequence, i);
      if (!block) return block.error();
      const Section* section = sections_.Find(d.section);
      if (d.kind == DeclarationKind::kDispatchBlockSequence) {
        Result<const Value*> mixer = Attribute(d, **block, "mixer", d.where);
        if (!mixer) return mixer.error();
        Result<std::string> mixer_type = TypeOf(d, **mixer);
        if (!mixer_type) return mixer_type.error();
        Result<const Section*> chosen = Choose(d, *mixer_type, **mixer);
        if (!chosen) return chosen.error();
        section = *chosen;
      }
      if (Status done = Walk(*section, Down(d, here, **block, std::to_string(i))); !done)
        return done;
    }
    return Unit{};
  }

  // The block at an index of {"type": "pattern", "pattern": [names], "blocks": {name: block}}.
  Result<const Value*> PatternBlock(const Declaration& d, const Value& sequence,
                                    int64_t index) const {
    Result<const Value*> pattern = Attribute(d, sequence, "pattern", d.where);
    if (!pattern) return pattern.error();
    if (!(*pattern)->is_array() || (*pattern)->items.empty()) {
      return json::WrongType(**pattern, "a list of at least one name of a block");
    }
    const auto& names = (*pattern)->items;
    const Value& name = names[static_cast<size_t>(index) % names.size()];
    if (!name.is_string()) return json::WrongType(name, "the name of a block (a string)");
    Result<const Value*> blocks = Attribute(d, sequence, "blocks", d.where);
    if (!blocks) return blocks.error();
    const Value* block = (*blocks)->Find(name.string);
    if (block != nullptr) return block;
    return Error{name.where.place(), "there is no block " + Quoted(name.string), Known(**blocks)};
  }

  // The config.

  static std::string Known(const Value& config) {
    std::string names;
    for (const auto& [name, value] : config.members) names += (names.empty() ? "" : ", ") + name;
    return names.empty() ? "it is empty" : "there are " + names;
  }

  // The attribute at a path ("decoder.block"), or the config itself for an empty one. `where` names
  // it.
  static Result<const Value*> Attribute(const Declaration& d, const Value& config,
                                        std::string_view path, const SourceRange& where) {
    const Value* value = &config;
    for (std::string_view rest = path; !rest.empty();) {
      std::string_view name = rest.substr(0, rest.find('.'));
      rest.remove_prefix(name.size() == rest.size() ? name.size() : name.size() + 1);
      const Value* found = value->Find(name);
      if (found == nullptr) {
        std::string at = name == path ? "" : " of the path " + Quoted(path);
        return Error{where.place(),
                     "declaration " + Quoted(d.key) + ": the config at " +
                         value->where.place().ToString() + " has no attribute " + Quoted(name) + at,
                     value->is_object() ? Known(*value)
                                        : "it is " + std::string(json::KindName(value->kind))};
      }
      value = found;
    }
    return value;
  }

  static Result<bool> Flag(const Declaration& d, const Value& config, std::string_view path,
                           const SourceRange& where) {
    Result<const Value*> value = Attribute(d, config, path, where);
    if (!value) return value.error();
    if (!(*value)->is_bool()) {
      return json::WrongType(**value, "true or false as " + Quoted(path));
    }
    return (*value)->boolean;
  }

  static Result<int64_t> CountOf(const Declaration& d, const Count& count, const Value& config) {
    int64_t number = count.literal;
    if (!count.path.empty()) {
      Result<const Value*> value = Attribute(d, config, count.path, count.where);
      if (!value) return value.error();
      if (!(*value)->is_integer() || (*value)->integer < 0) {
        return json::WrongType(**value, "a number of at least 0 as " + Quoted(count.path));
      }
      number = (*value)->integer;
    }
    if (number <= kMaxCount) return number;
    return Error{count.where.place(), "a count of " + std::to_string(number) + " is too large",
                 "the limit is " + std::to_string(kMaxCount)};
  }

  static Result<std::string> TypeOf(const Declaration& d, const Value& config) {
    Result<const Value*> type = Attribute(d, config, "type", d.where);
    if (!type) return type.error();
    if (!(*type)->is_string()) return json::WrongType(**type, "the type of a config (a string)");
    return (*type)->string;
  }

  Result<const Section*> Choose(const Declaration& d, const std::string& type,
                                const Value& config) const {
    auto choice = d.registry.find(type);
    if (choice != d.registry.end()) return sections_.Find(choice->second.section);
    std::string known;
    for (const auto& [name, section] : d.registry) known += (known.empty() ? "" : ", ") + name;
    return Error{d.where.place(),
                 "declaration " + Quoted(d.key) + " has no section for the type " + Quoted(type) +
                     " of the config at " + config.where.place().ToString(),
                 "its registry has " + known};
  }

  const SectionSet& sections_;
  const Value& root_;
  size_t walked_ = 0;
  uint64_t name_bytes_ = 0;
  std::vector<Leaf> leaves_;
};

}  // namespace

Result<std::vector<Leaf>> Flatten(const SectionSet& sections, const Section& root,
                                  const json::Value& config) {
  Walker walker(sections, config);
  if (Status done = walker.Walk(root, {"", "", &config}); !done) return done.error();
  return std::move(walker).Take();
}

}  // namespace wcheck::sections
