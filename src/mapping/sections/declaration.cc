// Reads one declaration and checks everything that needs no config: names, templates, exclusive
// fields, and the numbers of names per kind.
#include "mapping/sections/declaration.h"

#include <array>
#include <charconv>
#include <utility>

#include "support/json_fields.h"

namespace wcheck::sections {
namespace {

using json::Fields;
using json::Value;

struct KindName {
  std::string_view name;
  DeclarationKind kind;
  LeafKind leaf = LeafKind::kWeight;
};
constexpr std::array<KindName, 14> kKinds{{
    {"Weight", DeclarationKind::kLeaf, LeafKind::kWeight},
    {"Split", DeclarationKind::kLeaf, LeafKind::kSplit},
    {"TransposeSplit", DeclarationKind::kLeaf, LeafKind::kTransposeSplit},
    {"KeyValue", DeclarationKind::kLeaf, LeafKind::kKeyValue},
    {"PatchEmbedding", DeclarationKind::kLeaf, LeafKind::kPatchEmbedding},
    {"Linear", DeclarationKind::kLinear},
    {"OutputProjection", DeclarationKind::kOutputProjection},
    {"Nested", DeclarationKind::kNested},
    {"BlockSequence", DeclarationKind::kBlockSequence},
    {"DispatchBlockSequence", DeclarationKind::kDispatchBlockSequence},
    {"SelfBlockSequence", DeclarationKind::kSelfBlockSequence},
    {"Repeat", DeclarationKind::kRepeat},
    {"Dispatch", DeclarationKind::kDispatch},
    {"TypedDict", DeclarationKind::kTypedDict},
}};

const KindName* FindKind(std::string_view name) {
  for (const KindName& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

std::string KindList(bool leaves_only) {
  std::string list;
  for (const KindName& kind : kKinds) {
    if (leaves_only && kind.kind != DeclarationKind::kLeaf) continue;
    list += (list.empty() ? "" : ", ") + std::string(kind.name);
  }
  return list;
}

// Names become part of patterns, so they must not contain special characters.
bool IsNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

Status CheckTemplate(std::string_view name, const SourceRange& where) {
  Result<std::string> at = Instantiate(name, 1, where);
  return at ? Status(Unit{}) : Status(at.error());
}

class Reader {
 public:
  Reader(const std::string& key, const Value& value)
      : value_(value), fields_(value, "declaration \"" + key + '"') {
    out_.key = key;
    out_.where = value.where;
  }

  Result<Declaration> Read() {
    const std::string type = fields_.String("type");
    if (fields_.failed()) return fields_.Done().error();
    const KindName* kind = FindKind(type);
    if (kind == nullptr) {
      return Error{value_.Find("type")->where.place(), "unknown declaration type \"" + type + '"',
                   "expected one of " + KindList(/*leaves_only=*/false)};
    }
    out_.kind = kind->kind;
    out_.leaf = kind->leaf;
    ReadNames();
    switch (out_.kind) {
      case DeclarationKind::kLeaf:
      case DeclarationKind::kOutputProjection:
        break;
      case DeclarationKind::kLinear:
        ReadTransform();
        ReadBias();
        break;
      case DeclarationKind::kNested:
        ReadSection();
        ReadConfig();
        out_.optional = fields_.BooleanOr("optional", false);
        break;
      case DeclarationKind::kBlockSequence:
        ReadSection();
        ReadConfig();
        break;
      case DeclarationKind::kSelfBlockSequence:
        ReadSection();
        break;
      case DeclarationKind::kRepeat:
        ReadSection();
        ReadConfig();
        ReadCount(fields_, value_, &out_.count);
        break;
      case DeclarationKind::kDispatch:
        ReadConfig();
        ReadRegistry();
        ReadExportByType();
        break;
      case DeclarationKind::kDispatchBlockSequence:
      case DeclarationKind::kTypedDict:
        ReadConfig();
        ReadRegistry();
        break;
    }
    if (Status done = fields_.Done(); !done) return done.error();
    if (Status sound = CheckLeaf(); !sound) return sound.error();
    return std::move(out_);
  }

 private:
  bool IsLeaf() const {
    return out_.kind == DeclarationKind::kLeaf || out_.kind == DeclarationKind::kOutputProjection;
  }

  void ReadNames() {
    ReadNames(IsLeaf() ? "name" : "prefix", &out_.internal);
    ReadNames("export", &out_.exported);
  }

  void ReadNames(std::string_view field, Names* out) {
    const Value* value = fields_.Optional(field);
    if (value == nullptr) {
      return fields_.Fail({value_.where.place(),
                           "expected " + Quoted(field) + " in declaration " + Quoted(out_.key),
                           ""});
    }
    out->where = value->where;
    if (value->is_string()) {
      out->names = {value->string};
    } else if (value->is_array()) {
      TakeStrings(*value, &out->names);
    } else if (value->is_object()) {
      Fields inside(*value, "names with a count");
      ReadCount(inside, *value, &out->count.emplace());
      if (const Value* names = inside.Array("names")) TakeStrings(*names, &out->names);
      if (Status done = inside.Done(); !done) return fields_.Fail(done.error());
    } else {
      return fields_.Fail(
          json::WrongType(*value, "a name, a list of names, or names with a count"));
    }
    if (out->names.empty()) {
      return fields_.Fail({value->where.place(), "expected at least one name", ""});
    }
    for (const std::string& name : out->names) CheckName(name, *value);
  }

  void CheckName(const std::string& name, const Value& value) {
    bool indexed = value.is_object() || out_.kind == DeclarationKind::kRepeat;
    if (name.find('{') != std::string::npos && indexed) {
      if (Status sound = CheckTemplate(name, value.where); !sound) fields_.Fail(sound.error());
      return;
    }
    for (char c : name) {
      if (IsNameChar(c)) continue;
      return fields_.Fail(
          {value.where.place(),
           "expected letters, digits, '_', '-' and '.' in a name, found " + Quoted(name), ""});
    }
    if (name.empty() && IsLeaf()) {
      fields_.Fail({value.where.place(), "expected the name of a tensor, found an empty one", ""});
    }
  }

  void TakeStrings(const Value& list, std::vector<std::string>* out) {
    Result<std::vector<std::string>> strings = json::Strings(list);
    if (!strings) return fields_.Fail(strings.error());
    *out = *std::move(strings);
  }

  // Exactly one of two fields.
  const Value* OneOf(Fields& fields, const Value& object, std::string_view literal,
                     std::string_view path) {
    const Value* a = fields.Optional(literal);
    const Value* b = fields.Optional(path);
    if ((a == nullptr) == (b == nullptr)) {
      fields.Fail({object.where.place(),
                   "expected exactly one of " + Quoted(literal) + " and " + Quoted(path) +
                       ", found " + (a == nullptr ? "neither" : "both"),
                   "write it down, or name the config's attribute that says it"});
      return nullptr;
    }
    return a != nullptr ? a : b;
  }

  void ReadCount(Fields& fields, const Value& object, Count* out) {
    const Value* value = OneOf(fields, object, "count", "count_from");
    if (value == nullptr) return;
    out->where = value->where;
    if (object.Find("count") == value) {
      if (!value->is_integer() || value->integer < 0) {
        return fields.Fail(json::WrongType(*value, "a number of at least 0"));
      }
      out->literal = value->integer;
    } else {
      TakePath(fields, *value, &out->path);
    }
  }

  void ReadBias() {
    const Value* value = OneOf(fields_, value_, "bias", "bias_from");
    if (value == nullptr) return;
    out_.bias_where = value->where;
    if (value_.Find("bias") == value) {
      if (!value->is_bool()) return fields_.Fail(json::WrongType(*value, "true or false"));
      out_.bias = value->boolean;
    } else {
      TakePath(fields_, *value, &out_.bias_path);
    }
  }

  void TakePath(Fields& fields, const Value& value, std::string* out) {
    if (!value.is_string() || value.string.empty()) {
      return fields.Fail(json::WrongType(value, "the path of a config attribute (a string)"));
    }
    *out = value.string;
  }

  void ReadTransform() {
    const std::optional<std::string> name = fields_.OptionalString("transform");
    if (!name) return;
    const KindName* kind = FindKind(*name);
    if (kind == nullptr || kind->kind != DeclarationKind::kLeaf) {
      return fields_.Fail({value_.Find("transform")->where.place(),
                           "unknown transform " + Quoted(*name),
                           "expected one of " + KindList(/*leaves_only=*/true)});
    }
    out_.leaf = kind->leaf;
  }

  void ReadSection() {
    out_.section = fields_.String("section");
    if (const Value* value = value_.Find("section")) out_.section_where = value->where;
  }

  void ReadConfig() {
    out_.config = fields_.OptionalString("config").value_or("");
    const Value* value = value_.Find("config");
    out_.config_where = value != nullptr ? value->where : value_.where;
  }

  void ReadRegistry() {
    const Value* registry = fields_.Object("registry");
    if (registry == nullptr) return;
    for (const auto& [type, section] : registry->members) {
      if (!section.is_string()) {
        return fields_.Fail(json::WrongType(section, "the name of a section (a string)"));
      }
      out_.registry[type] = {section.string, section.where};
    }
  }

  void ReadExportByType() {
    const Value* prefixes = fields_.Optional("export_by_type");
    if (prefixes == nullptr) return;
    if (!prefixes->is_object()) {
      return fields_.Fail(json::WrongType(*prefixes, "an object as \"export_by_type\""));
    }
    for (const auto& [type, prefix] : prefixes->members) {
      if (!prefix.is_string()) return fields_.Fail(json::WrongType(prefix, "a prefix (a string)"));
      if (out_.registry.find(type) == out_.registry.end()) {
        return fields_.Fail({prefix.name_where.place(),
                             "the type " + Quoted(type) + " is not in the registry", ""});
      }
      CheckName(prefix.string, prefix);
      out_.export_by_type[type] = prefix.string;
    }
  }

  // How many names each kind of leaf takes. With a count, it depends on the config, and the walker
  // checks.
  Status CheckLeaf() const {
    if (out_.kind != DeclarationKind::kLeaf && out_.kind != DeclarationKind::kLinear) {
      bool one = out_.internal.names.size() == 1 && !out_.internal.count &&
                 out_.exported.names.size() == 1 && !out_.exported.count;
      if (one) return Unit{};
      return Error{out_.where.place(), "expected one name on each side of " + Quoted(out_.key), ""};
    }
    return Unit{};
  }

  static std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

  const Value& value_;
  Fields fields_;
  Declaration out_;
};

}  // namespace

Result<Declaration> ReadDeclaration(const std::string& key, const json::Value& value) {
  return Reader(key, value).Read();
}

Result<std::string> Instantiate(std::string_view name, int64_t index, const SourceRange& where) {
  std::string out;
  auto fault = [&](const std::string& message) {
    return Error{where.place(), message + " in \"" + std::string(name) + '"',
                 "an index is written {i}, {i+1}, {i-1} or {2*i+1}"};
  };
  while (!name.empty()) {
    size_t open = name.find('{');
    for (char c : name.substr(0, open)) {
      if (!IsNameChar(c)) return fault("a character that no name has");
      out += c;
    }
    if (open == std::string_view::npos) break;
    size_t close = name.find('}', open);
    if (close == std::string_view::npos) return fault("expected a '}'");
    std::string_view formula = name.substr(open + 1, close - open - 1);
    name.remove_prefix(close + 1);

    int64_t factor = 1;
    int64_t offset = 0;
    if (size_t star = formula.find('*'); star != std::string_view::npos) {
      auto read = std::from_chars(formula.data(), formula.data() + star, factor);
      if (read.ec != std::errc() || read.ptr != formula.data() + star)
        return fault("a faulty index");
      formula.remove_prefix(star + 1);
    }
    if (formula.empty() || formula.front() != 'i') return fault("a faulty index");
    formula.remove_prefix(1);
    if (!formula.empty()) {
      // from_chars does not accept '+'.
      std::string_view digits = formula.substr(formula.front() == '+' ? 1 : 0);
      const char* end = digits.data() + digits.size();
      auto read = std::from_chars(digits.data(), end, offset);
      bool has_sign = formula.front() == '+' || formula.front() == '-';
      if (!has_sign || read.ec != std::errc() || read.ptr != end) return fault("a faulty index");
    }
    constexpr int64_t kLimit = 1'000'000'000;
    if (factor < 0 || factor > kLimit || offset < -kLimit || offset > kLimit) {
      return fault("too large an index");
    }
    int64_t value = factor * index + offset;
    if (value < 0) return fault("an index below 0");
    out += std::to_string(value);
  }
  return out;
}

}  // namespace wcheck::sections
