#include "support/json.h"

namespace wcheck::json {

const Value* Value::Find(std::string_view key) const {
  for (const auto& [name, value] : members) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string_view KindName(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::kNull:
      return "null";
    case Value::Kind::kBool:
      return "a boolean";
    case Value::Kind::kInteger:
      return "an integer";
    case Value::Kind::kFloat:
      return "a number that is not a 64-bit integer";
    case Value::Kind::kString:
      return "a string";
    case Value::Kind::kArray:
      return "a list";
    case Value::Kind::kObject:
      return "an object";
  }
  return "";
}

Error WrongType(const Value& value, std::string_view expected, std::string_view advice) {
  return {value.where.place(),
          "expected " + std::string(expected) + ", found " + std::string(KindName(value.kind)),
          std::string(advice)};
}

// A scan of characters is enough, because the text is known to be valid: outside strings, brackets
// and commas are structure and white space has no meaning.
std::string Compact(std::string_view valid_json, int line_depth) {
  std::string out;
  out.reserve(valid_json.size());
  int depth = 0;
  bool in_string = false;
  bool opened = false;  // the last thing written opened a list or an object
  for (size_t i = 0; i < valid_json.size(); ++i) {
    const char c = valid_json[i];
    if (in_string) {
      out += c;
      if (c == '\\') {
        out += valid_json[++i];
      } else if (c == '"') {
        in_string = false;
      }
      continue;
    }
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    const bool closes = c == '}' || c == ']';
    if (opened && !closes && depth <= line_depth) out += '\n';
    opened = c == '{' || c == '[';
    depth += opened ? 1 : closes ? -1 : 0;
    in_string = c == '"';
    out += c;
    if (c == ',' && depth <= line_depth) out += '\n';
  }
  return out;
}

}  // namespace wcheck::json
