#include "cli/simulation_input.h"

#include <functional>
#include <string_view>
#include <utility>

#include "families/key_limits.h"
#include "layout/family_limits.h"
#include "layout/json_reader.h"
#include "mapping/json/json_reader.h"
#include "support/file.h"
#include "support/json.h"
#include "wcheck/source_file.h"

namespace wcheck::cli {
namespace {

using LineReader =
    std::function<Status(std::shared_ptr<const SourceFile> line, const json::Value& object)>;

// Calls `read` with every line that is not blank, and adds the line number to its error.
Status ReadJsonLines(const std::string& path, const LineReader& read) {
  Result<std::string> text = ReadMaybeCompressed(path, kMaxLayoutsFile);
  if (!text) return text.error();
  bool empty = true;
  std::string_view rest = *text;
  for (uint32_t number = 1; !rest.empty(); ++number) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    empty = false;
    auto source = std::make_shared<const SourceFile>(path, std::string(line));
    Result<json::Value> value = json::Parse(*source, number);
    if (!value) return value.error();
    Status status =
        value->is_object() ? read(std::move(source), *value) : json::WrongType(*value, "an object");
    if (!status) {
      Error error = status.error();
      error.place.line = number;  // places inside the line are all in line 1
      return error;
    }
  }
  if (empty) return Error{{path, 0, 0, ""}, "expected one JSON object a line, found none", ""};
  return Unit{};
}

// The required member `name` of a line.
Result<const json::Value*> Member(const json::Value& object, std::string_view name) {
  if (const json::Value* value = object.Find(name)) return value;
  return Error{object.where.place(), "expected \"" + std::string(name) + "\" in this object", ""};
}

Result<std::vector<int64_t>> ReadShape(const json::Value& value) {
  if (!value.is_array()) return json::WrongType(value, "a shape (a list of integers)");
  std::vector<int64_t> shape;
  shape.reserve(value.items.size());
  for (const json::Value& size : value.items) {
    if (!size.is_integer() || size.integer < 0) {
      return json::WrongType(size, "a size (an integer, not negative)");
    }
    shape.push_back(size.integer);
  }
  return shape;
}

Result<CheckpointKeys> ReadKeys(const json::Value& checkpoint) {
  if (!checkpoint.is_object()) return json::WrongType(checkpoint, "an object of keys and shapes");
  LayoutBuilder builder;
  for (const auto& [key, value] : checkpoint.members) {
    const Result<std::vector<int64_t>> shape = ReadShape(value);
    if (!shape) return shape.error();
    if (const char* excess = ExcessOfKey(key)) {
      return Error{value.name_where.place(), "a key has " + std::string(excess),
                   "docs/limits.md lists the limits"};
    }
    builder.Add(key, *shape, "");
  }
  Layout layout;
  builder.FinishInto(&layout);
  if (Status few = CheckFamilyCount(layout.families, checkpoint.where.place()); !few) {
    return few.error();
  }
  return CheckpointKeys{std::move(layout.families), std::move(layout.storage)};
}

}  // namespace

Result<std::map<std::string, CheckpointKeys, std::less<>>> ReadCheckpointKeys(
    const std::string& path) {
  std::map<std::string, CheckpointKeys, std::less<>> by_class;
  const Status status = ReadJsonLines(
      path,
      [&by_class](const std::shared_ptr<const SourceFile>&, const json::Value& line) -> Status {
        const Result<const json::Value*> name = Member(line, "class");
        if (!name) return name.error();
        if (!(*name)->is_string()) return json::WrongType(**name, "the name of a class (a string)");
        const json::Value* checkpoint = line.Find("checkpoint");
        if (checkpoint == nullptr) return Unit{};
        Result<CheckpointKeys> keys = ReadKeys(*checkpoint);
        if (!keys) return keys.error();
        if (!by_class.emplace((*name)->string, std::move(*keys)).second) {
          return Error{(*name)->where.place(),
                       "class \"" + (*name)->string + "\" has checkpoint keys already", ""};
        }
        return Unit{};
      });
  if (!status) return status.error();
  return by_class;
}

Result<std::vector<Case>> ReadCases(const std::string& path) {
  std::vector<Case> cases;
  const Status status = ReadJsonLines(
      path, [&cases](std::shared_ptr<const SourceFile> source, const json::Value& line) -> Status {
        const Result<const json::Value*> registry_json = Member(line, "registry");
        if (!registry_json) return registry_json.error();
        const Result<const json::Value*> layout_json = Member(line, "layout");
        if (!layout_json) return layout_json.error();
        Result<Registry> registry = ReadJsonRegistry(std::move(source), **registry_json);
        if (!registry) return registry.error();
        Result<Layout> layout = ReadLayout(**layout_json);
        if (!layout) return layout.error();
        cases.push_back({std::move(*registry), std::move(*layout), std::nullopt});
        if (const json::Value* given = line.Find("given"); given != nullptr) {
          Result<CheckpointKeys> keys = ReadKeys(*given);
          if (!keys) return keys.error();
          cases.back().given = std::move(*keys);
        }
        return Unit{};
      });
  if (!status) return status.error();
  return cases;
}

}  // namespace wcheck::cli
