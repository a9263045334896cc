// JSON with places. nlohmann/json does the parsing. This adds the place of each value, so that
// "expected a list of strings" can name the line and column, and rejects what a careful reader must
// not accept silently: duplicate keys, invalid UTF-8, text after the end, unlimited nesting.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/result.h"
#include "wcheck/source_file.h"

namespace wcheck::json {

inline constexpr int kMaxDepth = 200;

struct Member;

class Value {
 public:
  enum class Kind : uint8_t { kNull, kBool, kInteger, kFloat, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  bool boolean = false;
  int64_t integer = 0;
  double number = 0;
  std::string string;
  std::vector<Value> items;     // kArray
  std::vector<Member> members;  // kObject, in the order written
  SourceRange where;            // of this value; its file is the one given to Parse
  SourceRange name_where;       // of its name, if it is a member of an object

  const Value* Find(std::string_view key) const;  // null if absent (or not an object)
  bool is_object() const { return kind == Kind::kObject; }
  bool is_array() const { return kind == Kind::kArray; }
  bool is_string() const { return kind == Kind::kString; }
  bool is_integer() const { return kind == Kind::kInteger; }
  bool is_bool() const { return kind == Kind::kBool; }
  bool is_null() const { return kind == Kind::kNull; }
};

// A member of an object. (Not a std::pair, which must not be instantiated before Value is
// complete.)
struct Member {
  std::string name;
  Value value;
};

// "an object", "a string", … for messages.
std::string_view KindName(Value::Kind kind);

// Parses the whole of `file`. `first_line` shifts the lines of errors, for a line of a .jsonl file.
Result<Value> Parse(const SourceFile& file, uint32_t first_line = 1);

// The string value of member `name` of the object in `text`, read only as far as needed: the text
// after it is not checked. Nothing if there is none before the first error; Parse reports the
// reason. Used to find a line of a .jsonl file by its name.
std::optional<std::string> PeekString(std::string_view text, std::string_view name);

// Valid JSON without white space, but with a line break before every element that is nested at most
// `line_depth` deep, so that places in it still have useful line numbers.
std::string Compact(std::string_view valid_json, int line_depth);

// An Error at a value: "expected X, found a number".
Error WrongType(const Value& value, std::string_view expected, std::string_view advice = "");

}  // namespace wcheck::json
