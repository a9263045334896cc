// Reads the members of a JSON object one by one, and remembers the first error, so that a reader
// needs no branch after every member:
//
//   Fields fields(value, "an alias");
//   std::string name = fields.String("name");
//   if (Status s = fields.Done(); !s) return s.error();
//
// A member that nobody asked for is an error, too: a misspelled one must not pass for an absent
// one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/json.h"

namespace wcheck::json {

class Fields {
 public:
  // `what` is the object's name in messages, with its article. `value` must outlive this.
  Fields(const Value& value, std::string_view what);

  // Required members. On an error these return an empty value, or null.
  std::string String(std::string_view name);
  int64_t Integer(std::string_view name);
  const Value* Object(std::string_view name);
  const Value* Array(std::string_view name);

  // Optional members; a null counts as absent.
  const Value* Optional(std::string_view name);
  std::optional<std::string> OptionalString(std::string_view name);
  int64_t IntegerOr(std::string_view name, int64_t otherwise);
  bool BooleanOr(std::string_view name, bool otherwise);

  // Records an error of the caller, unless there is one already.
  void Fail(Error error);
  bool failed() const { return error_.has_value(); }
  // The first error, including members that were not asked for.
  Status Done();

 private:
  const Value* Take(std::string_view name);
  const Value* Require(std::string_view name, Value::Kind kind);

  const Value& value_;
  std::string what_;
  std::vector<std::string_view> asked_;
  std::optional<Error> error_;
};

// The strings of a list of strings, or an Error at the first item that is not a string.
Result<std::vector<std::string>> Strings(const Value& value);

}  // namespace wcheck::json
