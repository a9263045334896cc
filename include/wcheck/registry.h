// A registry: how somebody wrote that checkpoint keys become model keys.
//
// This is the mapping *as written*: nothing is compiled, reversed or applied here, and no model is
// known. There is one reader per dialect: mapping/json, mapping/python, mapping/sections.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/operation.h"
#include "wcheck/release.h"
#include "wcheck/source_file.h"

namespace wcheck {

enum class TransformKind : uint8_t {
  kWeightRenaming,
  kWeightConverter,
  kPrefixChange,
  kGroupWeightRename,
  kInkling2IndexOffsetWeightRename,
  kLayerPairCollapse,
};
inline constexpr size_t kTransformKinds =
    static_cast<size_t>(TransformKind::kLayerPairCollapse) + 1;

// "WeightRenaming", …, and back.
std::string_view TransformKindName(TransformKind kind);
std::optional<TransformKind> ParseTransformKind(std::string_view name);
// The first release that has transforms of a kind.
Version TransformKindSince(TransformKind kind);

// How a transform came into an entry, after the call that created it: one step per copy.
struct ProvenanceStep {
  std::string what;   // "alias of 'mixtral'", "copied from 'llava'", "made by a comprehension"
  SourceRange where;  // the place that causes it
};

// Where a transform was written.
struct Origin {
  SourceRange call;                        // the constructor call, or the JSON object
  std::vector<SourceRange> sources;        // one per source pattern; may be empty (not known)
  std::vector<SourceRange> targets;        // one per target pattern; may be empty (not known)
  std::vector<ProvenanceStep> provenance;  // from the call outwards
};

// One transform as written. For kPrefixChange the two lists are empty and exactly one of
// `prefix_to_add`, `prefix_to_remove` should be set (the engine rejects it otherwise). Those of a
// kLayerPairCollapse are always the same: what its constructor sets.
struct TransformSpec {
  TransformKind kind = TransformKind::kWeightRenaming;
  std::vector<std::string> sources;
  std::vector<std::string> targets;
  std::optional<std::string> prefix_to_add;
  std::optional<std::string> prefix_to_remove;
  std::optional<std::string> model_prefix;
  std::vector<Operation> operations;     // kWeightConverter
  std::shared_ptr<const Origin> origin;  // shared by all copies; null if not known
  int64_t offset = 0;                    // kInkling2IndexOffsetWeightRename: added to `\1`
  bool force_cpu = false;                // kWeightConverter: where it runs; no name depends on it
};

// Equal for the engine: origins do not count.
bool SameTransform(const TransformSpec& a, const TransformSpec& b);

struct Entry {
  std::string name;  // a class name or a model_type
  std::vector<TransformSpec> transforms;
  SourceRange where;        // the key that introduces the entry
  bool incomplete = false;  // part of it could not be evaluated: it must not be judged
};

struct Alias {
  std::string name;
  std::string entry;  // the entry that it copies
  SourceRange where;
};

// `# wcheck: ignore[names] -- reason`, in the Python dialect. judge/ decides which findings it
// silences.
struct IgnoreComment {
  SourceRange where;                // the comment
  uint32_t line = 0;                // the line whose findings it silences, 1-based
  std::vector<std::string> checks;  // empty: every check
  std::string reason;
};

// Something that a reader understood but has to report. Not an Error: the rest of the file was read.
struct ReaderRemark {
  enum class Kind : uint8_t {
    kUnsupportedConstruct,  // it cannot be evaluated
    kSyntaxError,           // Python cannot parse the file
    kRaises,                // Python raises an exception here, and so cannot import the file
    kAssumption,            // a condition that is assumed to be true
  };
  Kind kind = Kind::kAssumption;
  SourceRange where;
  std::string message;
  std::vector<std::string> entries;  // the entries that it leaves incomplete
};

// What a user's file changes in the registry of a release.
struct Extension {
  std::shared_ptr<const SourceFile> file;
  std::set<std::string, std::less<>> names;       // of the entries and aliases that it sets
  std::set<std::string, std::less<>> overwrites;  // those of them that may replace a release's
};

struct Registry {
  std::string release;  // the transformers release, "" if not known
  std::vector<std::shared_ptr<const SourceFile>> files;  // the files that SourceRange::file points
                                                         // to
  std::vector<Alias> aliases;                            // in the order written
  std::map<std::string, Entry, std::less<>> entries;     // aliases already copied out
  std::set<std::string, std::less<>> user_registered;    // entries that a user registered
  // Present if a file changes the registry of a release and is none by itself (docs/extensions.md). Of
  // such a file alone, `entries` and `aliases` are what it adds; Extend puts them into a release's.
  std::optional<Extension> extension;
  std::vector<IgnoreComment> ignores;
  std::vector<ReaderRemark> remarks;

  const Entry* Find(std::string_view name) const;  // null if there is no such entry
};

// The registry of a release with what a user's file changes in it (Registry::extension). Where Python
// would raise because the release has such an entry already, a remark says so. Both registries'
// files are kept.
Registry Extend(const Registry& release, const Registry& extension);

// What a model class says in its attribute of this name, which releases up to 5.3 read, is an entry
// called by the class and the attribute: "LlavaModel._checkpoint_conversion_mapping".
inline constexpr std::string_view kClassAttribute = "._checkpoint_conversion_mapping";

// The name of the entry whose transforms are appended, unscoped, on every load
// (docs/semantics.md#legacy-and-user-mappings).
inline constexpr std::string_view kLegacyEntry = "legacy";
// The name of the entry of what a user gives from_pretrained as `key_mapping`: renamings that come
// first, unscoped, on a load. A model that was not loaded is saved without them.
inline constexpr std::string_view kKeyMappingEntry = "key_mapping";
// True for the two, which no class looks up.
inline bool AppliesToAll(std::string_view entry) {
  return entry == kLegacyEntry || entry == kKeyMappingEntry;
}

}  // namespace wcheck
