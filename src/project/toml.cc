// toml++ parses; this turns its nodes into json::Value.
#include "project/toml.h"

#include <algorithm>
#include <string>
#include <utility>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace wcheck {
namespace {

// Columns of toml++ count characters.
uint32_t OffsetOf(const SourceFile& file, const toml::source_position& position) {
  const std::string_view line = file.Line(position.line);
  size_t at = 0;
  for (uint32_t column = 1; column < position.column && at < line.size(); ++column) {
    for (++at; at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80;) ++at;
  }
  const auto begin = static_cast<size_t>(line.data() - file.text().data());
  return static_cast<uint32_t>(std::min(begin + at, file.text().size()));
}

SourceRange RangeOf(const SourceFile& file, const toml::source_region& region) {
  if (region.begin.line == 0) return {};
  const uint32_t begin = OffsetOf(file, region.begin);
  return {&file, begin, begin};
}

Result<json::Value> ValueOf(const SourceFile& file, const toml::node& node) {
  using Kind = json::Value::Kind;
  json::Value value;
  value.where = RangeOf(file, node.source());
  switch (node.type()) {
    case toml::node_type::table:
      value.kind = Kind::kObject;
      for (const auto& [key, member] : *node.as_table()) {
        Result<json::Value> read = ValueOf(file, member);
        if (!read) return read.error();
        read->name_where = RangeOf(file, key.source());
        value.members.push_back({std::string(key.str()), *std::move(read)});
      }
      return value;
    case toml::node_type::array:
      value.kind = Kind::kArray;
      for (const toml::node& item : *node.as_array()) {
        Result<json::Value> read = ValueOf(file, item);
        if (!read) return read.error();
        value.items.push_back(*std::move(read));
      }
      return value;
    case toml::node_type::string:
      value.kind = Kind::kString;
      value.string = node.as_string()->get();
      return value;
    case toml::node_type::integer:
      value.kind = Kind::kInteger;
      value.integer = node.as_integer()->get();
      return value;
    case toml::node_type::floating_point:
      value.kind = Kind::kFloat;
      value.number = node.as_floating_point()->get();
      return value;
    case toml::node_type::boolean:
      value.kind = Kind::kBool;
      value.boolean = node.as_boolean()->get();
      return value;
    default:
      return Error{value.where.place(), "nothing in this table is a date or a time", ""};
  }
}

}  // namespace

Result<std::optional<json::Value>> ReadTomlTable(const SourceFile& file,
                                                 const std::vector<std::string_view>& path) {
  const toml::parse_result parsed = toml::parse(file.text(), file.path());
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return Error{RangeOf(file, error.source()).place(), std::string(error.description()),
                 "the file is not valid TOML"};
  }
  const toml::node* node = &parsed.table();
  for (const std::string_view name : path) {
    const toml::table* table = node->as_table();
    node = table == nullptr ? nullptr : table->get(name);
    if (node == nullptr) return std::optional<json::Value>();
  }
  Result<json::Value> value = ValueOf(file, *node);
  if (!value) return value.error();
  return std::optional(*std::move(value));
}

}  // namespace wcheck
