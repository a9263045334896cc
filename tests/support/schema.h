// A validator for the part of JSON Schema (draft 2020-12) that the schemas in docs/ use. A keyword
// that it does not know fails the test: nothing in a schema may go unchecked.
#pragma once

#include <regex>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "support/json.h"

namespace wcheck::testing {

class Schema {
 public:
  explicit Schema(const json::Value& root) : root_(root) {}
  bool Accepts(const json::Value& value) const { return Accepts(root_, value); }

 private:
  using Value = json::Value;

  static bool IsType(std::string_view type, const Value& value) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_integer();
    if (type == "boolean") return value.is_bool();
    if (type == "null") return value.is_null();
    ADD_FAILURE() << "unknown type " << type;
    return false;
  }

  template <typename F>
  static bool Any(const Value& list, F&& f) {
    for (const Value& item : list.items) {
      if (f(item)) return true;
    }
    return false;
  }

  // The applicators `properties` and `additionalProperties`, which belong together.
  bool MembersOk(const Value& schema, const Value& value) const {
    const Value* properties = schema.Find("properties");
    const Value* additional = schema.Find("additionalProperties");
    for (const auto& [name, member] : value.members) {
      const Value* known = properties == nullptr ? nullptr : properties->Find(name);
      if (known != nullptr) {
        if (!Accepts(*known, member)) return false;
      } else if (additional != nullptr) {
        if (additional->is_bool() ? !additional->boolean : !Accepts(*additional, member)) {
          return false;
        }
      }
    }
    return true;
  }

  // The applicators `prefixItems` and `items`.
  bool ItemsOk(const Value& schema, const Value& value) const {
    const Value* prefix = schema.Find("prefixItems");
    const Value* items = schema.Find("items");
    for (size_t i = 0; i < value.items.size(); ++i) {
      const bool in_prefix = prefix != nullptr && i < prefix->items.size();
      const Value* item = in_prefix ? &prefix->items[i] : items;
      if (item != nullptr && !Accepts(*item, value.items[i])) return false;
    }
    return true;
  }

  bool Accepts(const Value& schema, const Value& value) const {
    for (const auto& [keyword, argument] : schema.members) {
      if (!KeywordOk(schema, keyword, argument, value)) return false;
    }
    return true;
  }

  bool KeywordOk(const Value& schema, std::string_view keyword, const Value& argument,
                 const Value& value) const {
    const auto least = static_cast<size_t>(argument.integer);
    if (keyword == "$schema" || keyword == "title" || keyword == "description" ||
        keyword == "examples" || keyword == "$defs") {
      return true;
    }
    if (keyword == "$ref") {
      const std::string_view start = "#/$defs/";
      EXPECT_TRUE(argument.string.starts_with(start)) << argument.string;
      const Value* target = root_.Find("$defs")->Find(argument.string.substr(start.size()));
      EXPECT_NE(target, nullptr) << argument.string;
      return target != nullptr && Accepts(*target, value);
    }
    if (keyword == "type") {
      if (argument.is_string()) return IsType(argument.string, value);
      return Any(argument, [&](const Value& type) { return IsType(type.string, value); });
    }
    if (keyword == "const") return value.is_string() && value.string == argument.string;
    if (keyword == "enum") {
      return value.is_string() &&
             Any(argument, [&](const Value& one) { return one.string == value.string; });
    }
    if (keyword == "oneOf") {
      int matches = 0;
      for (const Value& one : argument.items) matches += Accepts(one, value) ? 1 : 0;
      return matches == 1;
    }
    if (keyword == "required") {
      return !value.is_object() ||
             !Any(argument, [&](const Value& name) { return value.Find(name.string) == nullptr; });
    }
    if (keyword == "properties" || keyword == "additionalProperties") {
      return MembersOk(schema, value);
    }
    if (keyword == "prefixItems" || keyword == "items") return ItemsOk(schema, value);
    if (keyword == "minProperties") return !value.is_object() || value.members.size() >= least;
    if (keyword == "minItems") return !value.is_array() || value.items.size() >= least;
    if (keyword == "maxItems") return !value.is_array() || value.items.size() <= least;
    if (keyword == "pattern") {
      return !value.is_string() || std::regex_search(value.string, std::regex(argument.string));
    }
    if (keyword == "minLength") return !value.is_string() || value.string.size() >= least;
    if (keyword == "minimum") return !value.is_integer() || value.integer >= argument.integer;
    ADD_FAILURE() << "unknown keyword " << keyword;
    return false;
  }

  const json::Value& root_;
};

// One line of a table of samples:
//   {"what": …, "schema": bool, "reader": bool, "error": …, "value": …}
// `schema` and `reader` say whether each accepts it; they may differ only where docs/formats.md
// adds to the schema. `error` is part of the reader's message.
template <typename Read>
void CheckSamples(const std::string& schema_text, const std::string& samples_text, Read&& read) {
  const SourceFile schema_file("schema", schema_text);
  const SourceFile samples_file("samples", samples_text);
  const Result<json::Value> schema_root = json::Parse(schema_file);
  const Result<json::Value> samples = json::Parse(samples_file);
  ASSERT_TRUE(schema_root.ok()) << schema_root.error().ToString();
  ASSERT_TRUE(samples.ok()) << samples.error().ToString();
  const Schema schema(*schema_root);
  for (const json::Value& example : schema_root->Find("examples")->items) {
    EXPECT_TRUE(schema.Accepts(example));
    EXPECT_EQ(read(example), "");
  }
  for (const json::Value& sample : samples->items) {
    SCOPED_TRACE(sample.Find("what")->string);
    const json::Value& value = *sample.Find("value");
    EXPECT_EQ(schema.Accepts(value), sample.Find("schema")->boolean);
    const std::string error = read(value);
    EXPECT_EQ(error.empty(), sample.Find("reader")->boolean) << error;
    if (const json::Value* expected = sample.Find("error")) {
      EXPECT_NE(error.find(expected->string), std::string::npos) << error;
    }
  }
  EXPECT_GT(samples->items.size(), 10u);
}

}  // namespace wcheck::testing
