// Reads the members of an adapter_config.json one by one, and remembers the first error. PEFT writes
// null for what is not set, so a null counts as absent; members that nobody asks for are PEFT's own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/json.h"

namespace wcheck {

class AdapterFields {
 public:
  explicit AdapterFields(const json::Value& root) : root_(root) {}

  const json::Value* Find(std::string_view name) const;
  // A list of strings, or one string.
  void ReadNames(std::string_view name, std::vector<std::string>* out);

  // Records an error, unless there is one already.
  void Fail(Error error);
  // Records that a member, or an item of it, is not what was expected ("a number").
  void Wrong(const json::Value& value, std::string_view name, std::string_view expected);

  const json::Value& root() const { return root_; }
  const std::optional<Error>& error() const { return error_; }

 private:
  const json::Value& root_;
  std::optional<Error> error_;
};

}  // namespace wcheck
