// Declarations as written: one struct for all kinds, read and checked before any config is known.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/sections/leaf.h"
#include "support/json.h"

namespace wcheck::sections {

enum class DeclarationKind : uint8_t {
  kLeaf,  // Weight, Split, TransposeSplit, KeyValue, PatchEmbedding
  kLinear,
  kOutputProjection,
  kNested,
  kBlockSequence,
  kDispatchBlockSequence,
  kSelfBlockSequence,
  kRepeat,
  kDispatch,
  kTypedDict,
};

// A number that is a literal, or comes from the config. Exactly one of the two.
struct Count {
  int64_t literal = 0;
  std::string path;  // empty: the literal counts
  SourceRange where;
};

// One or several names. With a count, they are templates that are repeated for each index:
// "experts.{i}.w1".
struct Names {
  std::vector<std::string> names;
  std::optional<Count> count;
  SourceRange where;
};

struct Declaration {
  DeclarationKind kind = DeclarationKind::kLeaf;
  LeafKind leaf = LeafKind::kWeight;
  std::string key;    // in its section
  SourceRange where;  // the whole object

  Names internal;  // names of a leaf, the prefix of all others
  Names exported;
  // Linear: exactly one of the two.
  bool bias = false;
  std::string bias_path;
  SourceRange bias_where;

  std::string section;  // Nested, BlockSequence, SelfBlockSequence, Repeat
  SourceRange section_where;
  std::string config;  // the attribute path of the sub-config; empty: the section's own
  SourceRange config_where;
  bool optional = false;  // Nested
  Count count;            // Repeat
  struct Choice {
    std::string section;
    SourceRange where;
  };
  std::map<std::string, Choice> registry;             // Dispatch…, TypedDict: section by type
  std::map<std::string, std::string> export_by_type;  // Dispatch
};

Result<Declaration> ReadDeclaration(const std::string& key, const json::Value& value);

// "a.{i}", "a.{i+1}", "a.{2*i-1}" at an index. An Error at `where` for an invalid template and for
// an index below 0.
Result<std::string> Instantiate(std::string_view name, int64_t index, const SourceRange& where);

}  // namespace wcheck::sections
