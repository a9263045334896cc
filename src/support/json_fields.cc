#include "support/json_fields.h"

#include <algorithm>
#include <utility>

namespace wcheck::json {

Fields::Fields(const Value& value, std::string_view what) : value_(value), what_(what) {
  if (!value.is_object()) error_ = WrongType(value, what_ + " (an object)");
}

void Fields::Fail(Error error) {
  if (!error_) error_ = std::move(error);
}

const Value* Fields::Take(std::string_view name) {
  asked_.push_back(name);
  return value_.Find(name);
}

const Value* Fields::Require(std::string_view name, Value::Kind kind) {
  const Value* member = Take(name);
  if (member == nullptr) {
    Fail({value_.where.place(), "expected " + what_ + " with a key \"" + std::string(name) + "\"",
          "add the key"});
    return nullptr;
  }
  if (member->kind == kind) return member;
  Fail(WrongType(*member, std::string(KindName(kind)) + " as \"" + std::string(name) + "\""));
  return nullptr;
}

std::string Fields::String(std::string_view name) {
  const Value* member = Require(name, Value::Kind::kString);
  return member == nullptr ? std::string() : member->string;
}

int64_t Fields::Integer(std::string_view name) {
  const Value* member = Require(name, Value::Kind::kInteger);
  return member == nullptr ? 0 : member->integer;
}

const Value* Fields::Object(std::string_view name) { return Require(name, Value::Kind::kObject); }
const Value* Fields::Array(std::string_view name) { return Require(name, Value::Kind::kArray); }

const Value* Fields::Optional(std::string_view name) {
  const Value* member = Take(name);
  return member == nullptr || member->is_null() ? nullptr : member;
}

std::optional<std::string> Fields::OptionalString(std::string_view name) {
  const Value* member = Optional(name);
  if (member == nullptr) return std::nullopt;
  if (member->is_string()) return member->string;
  Fail(WrongType(*member, "a string as \"" + std::string(name) + "\""));
  return std::nullopt;
}

int64_t Fields::IntegerOr(std::string_view name, int64_t otherwise) {
  const Value* member = Optional(name);
  if (member == nullptr) return otherwise;
  if (member->is_integer()) return member->integer;
  Fail(WrongType(*member, "an integer as \"" + std::string(name) + "\""));
  return otherwise;
}

bool Fields::BooleanOr(std::string_view name, bool otherwise) {
  const Value* member = Optional(name);
  if (member == nullptr) return otherwise;
  if (member->is_bool()) return member->boolean;
  Fail(WrongType(*member, "a boolean as \"" + std::string(name) + "\""));
  return otherwise;
}

Status Fields::Done() {
  if (error_) return *error_;
  for (const auto& [name, member] : value_.members) {
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    std::string known;
    for (std::string_view asked : asked_) {
      if (!known.empty()) known += ", ";
      known += asked;
    }
    return Error{member.name_where.place(), "unknown key \"" + name + "\" in " + what_,
                 "its keys are " + known};
  }
  return Unit{};
}

Result<std::vector<std::string>> Strings(const Value& value) {
  if (!value.is_array()) return WrongType(value, "a list of strings");
  std::vector<std::string> strings;
  strings.reserve(value.items.size());
  for (const Value& item : value.items) {
    if (!item.is_string()) return WrongType(item, "a string in the list");
    strings.push_back(item.string);
  }
  return strings;
}

}  // namespace wcheck::json
