#include "checkpoint/adapter_fields.h"

#include <utility>

#include "support/json_fields.h"

namespace wcheck {

const json::Value* AdapterFields::Find(std::string_view name) const {
  const json::Value* value = root_.Find(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void AdapterFields::ReadNames(std::string_view name, std::vector<std::string>* out) {
  const json::Value* value = Find(name);
  if (value == nullptr) return;
  if (value->is_string()) {
    *out = {value->string};
    return;
  }
  if (!value->is_array()) return Wrong(*value, name, "a list of names");
  Result<std::vector<std::string>> names = json::Strings(*value);
  if (!names) return Fail(names.error());
  *out = *std::move(names);
}

void AdapterFields::Fail(Error error) {
  if (!error_) error_ = std::move(error);
}

void AdapterFields::Wrong(const json::Value& value, std::string_view name,
                          std::string_view expected) {
  Fail(json::WrongType(value, std::string(expected) + " as \"" + std::string(name) + '"'));
}

}  // namespace wcheck
