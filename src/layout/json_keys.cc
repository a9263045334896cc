// Walks the "keys" object with simdjson's on-demand API and hands each key to the builder. Any
// surprise ends the walk: the strict reader then repeats the work and explains it.
#include "layout/json_keys.h"

#include <cstring>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "families/key_limits.h"

namespace wcheck {
namespace {

namespace ondemand = simdjson::ondemand;

// A string as written, up to the next quote: one with a backslash is left to the strict reader.
// simdjson has checked that the text is UTF-8 and that the string ends.
std::optional<std::string_view> Plain(const char* text) {
  const char* end = static_cast<const char*>(std::memchr(text, '"', SIZE_MAX >> 1));
  std::string_view string(text, static_cast<size_t>(end - text));
  if (string.find('\\') != std::string_view::npos) return std::nullopt;
  return string;
}

// [[4096, 1024], "float32"]
bool ReadValue(ondemand::value value, std::vector<int64_t>* shape, std::string_view* dtype) {
  shape->clear();
  int part = 0;
  ondemand::array parts;
  if (value.get_array().get(parts)) return false;
  for (auto item : parts) {
    if (part == 0) {
      ondemand::array sizes;
      if (item.get_array().get(sizes)) return false;
      for (auto size : sizes) {
        int64_t number = 0;
        if (size.get_int64().get(number) || number < 0) return false;
        shape->push_back(number);
      }
    } else if (part == 1) {
      ondemand::raw_json_string raw;
      if (item.get_raw_json_string().get(raw)) return false;
      std::optional<std::string_view> plain = Plain(raw.raw());
      if (!plain || plain->empty()) return false;
      *dtype = *plain;
    }
    ++part;
  }
  return part == 2;
}

bool ReadKeys(ondemand::object keys, LayoutBuilder* builder) {
  std::vector<int64_t> shape;
  std::string_view dtype;
  for (auto item : keys) {
    ondemand::field field;
    if (std::move(item).get(field)) return false;
    std::optional<std::string_view> key = Plain(field.key().raw());
    if (!key || ExcessOfKey(*key) != nullptr || !ReadValue(field.value(), &shape, &dtype)) return false;
    if (!builder->Add(*key, shape, dtype)) return false;
  }
  return true;
}

}  // namespace

// simdjson reads some bytes beyond the end of its input. If the caller's buffer does not have them,
// the text has to be copied.
std::optional<std::string> TakeKeys(std::string_view text, size_t capacity,
                                    LayoutBuilder* builder) {
  simdjson::padded_string copy;
  if (capacity < text.size() + simdjson::SIMDJSON_PADDING) {
    copy = simdjson::padded_string(text);
    text = copy;
    capacity = text.size() + simdjson::SIMDJSON_PADDING;
  }
  ondemand::parser parser;
  ondemand::document document;
  simdjson::padded_string_view padded(text, capacity);
  if (parser.iterate(padded).get(document)) return std::nullopt;
  ondemand::value value;
  if (document.find_field("keys").get(value)) return std::nullopt;
  const char* open = value.raw_json_token().data();
  ondemand::object keys;
  if (value.get_object().get(keys) || !ReadKeys(keys, builder)) return std::nullopt;
  const char* behind = nullptr;
  if (document.current_location().get(behind)) return std::nullopt;
  std::string rest(text.data(), open);
  rest.append("{}").append(behind, text.data() + text.size());
  return rest;
}

}  // namespace wcheck
