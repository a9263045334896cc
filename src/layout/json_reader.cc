// Two passes over a file of layouts: the first finds the lines and their class names without
// parsing the rest, the second parses a line when its class is requested. Keys go through the fast
// path of json_keys.h; anything unusual is parsed again by the strict JSON reader, which reports
// the exact place.
#include "layout/json_reader.h"

#include <algorithm>
#include <unordered_map>

#include "families/key_limits.h"
#include "layout/family_limits.h"
#include "layout/json_keys.h"
#include "support/file.h"
#include "support/json_fields.h"
#include "support/printable.h"

namespace wcheck {
namespace {

using json::Fields;
using json::Value;

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

Result<std::vector<SubModel>> ReadModules(const Value& list) {
  std::vector<SubModel> modules;
  if (list.items.size() > kMaxSubModels) {
    return Error{list.where.place(),
                 "a model with more than " + std::to_string(kMaxSubModels) + " sub-models",
                 "docs/limits.md lists the limits"};
  }
  for (const Value& item : list.items) {
    Fields fields(item, "a sub-model");
    SubModel module;
    module.path = fields.String("path");
    module.class_name = fields.String("class");
    module.model_type = fields.String("model_type");
    module.custom_code = fields.BooleanOr("custom_code", false);
    if (Status done = fields.Done(); !done) return done.error();
    modules.push_back(std::move(module));
  }
  if (modules.empty() || !modules[0].path.empty()) {
    const Value& at = modules.empty() ? list : list.items[0];
    return Error{at.where.place(),
                 modules.empty() ? "expected the root model first in \"modules\", found none"
                                 : "expected the root model, with the path \"\", first in "
                                   "\"modules\", found " +
                                       Quoted(modules[0].path),
                 "list the model itself before its sub-models"};
  }
  return modules;
}

// [[4096, 1024], "float32"]
Status ReadKey(const std::string& key, const Value& value, LayoutBuilder& builder) {
  auto bad = [&](const Value& at, std::string_view expected) {
    return json::WrongType(at, std::string(expected) + " for key " + Quoted(key));
  };
  if (!value.is_array()) return bad(value, "a list [shape, dtype]");
  if (const char* excess = ExcessOfKey(key)) {
    return Error{value.name_where.place(), "a key has " + std::string(excess) + ": " + Quoted(ShowName(key)),
                 "docs/limits.md lists the limits"};
  }
  if (value.items.size() != 2) {
    return Error{value.where.place(),
                 "expected a list [shape, dtype] for key " + Quoted(key) + ", found " +
                     std::to_string(value.items.size()) + " items",
                 ""};
  }
  const Value& sizes = value.items[0];
  const Value& dtype = value.items[1];
  if (!sizes.is_array()) return bad(sizes, "a shape (a list of integers)");
  if (!dtype.is_string()) return bad(dtype, "a dtype (a string)");
  if (dtype.string.empty()) {
    return Error{dtype.where.place(), "expected a dtype for key " + Quoted(key) + ", found \"\"",
                 ""};
  }
  std::vector<int64_t> shape;
  shape.reserve(sizes.items.size());
  for (const Value& size : sizes.items) {
    if (!size.is_integer()) return bad(size, "an integer in the shape");
    if (size.integer < 0) {
      return Error{size.where.place(),
                   "expected sizes of at least 0 for key " + Quoted(key) + ", found " +
                       std::to_string(size.integer),
                   ""};
    }
    shape.push_back(size.integer);
  }
  builder.Add(key, shape, dtype.string);  // the parser has rejected duplicate keys
  return Unit{};
}

// The set of keys of a layout.
class KnownKeys {
 public:
  explicit KnownKeys(const Layout& layout) {
    for (const LayoutFamily& family : layout.families) {
      by_pattern_.emplace(family.pattern, family.numbers);
    }
  }

  bool Has(std::string_view key) const {
    SplitKey split = SplitNumbers(key);
    auto [begin, end] = by_pattern_.equal_range(split.pattern);
    return std::any_of(begin, end, [&](const auto& family) {
      return std::equal(split.numbers.begin(), split.numbers.end(), family.second.begin(),
                        [](uint32_t number, const IndexSet& set) { return set.Contains(number); });
    });
  }

 private:
  std::unordered_multimap<std::string_view, std::span<const IndexSet>> by_pattern_;
};

// An object name -> name. With `layout`, both must be keys of it.
Result<std::vector<Tie>> ReadTies(const Value& object, const Layout* layout) {
  std::optional<KnownKeys> keys;
  if (layout != nullptr && !object.members.empty()) keys.emplace(*layout);
  std::vector<Tie> ties;
  for (const auto& [target, source] : object.members) {
    if (!source.is_string()) {
      return json::WrongType(source, "the key that " + Quoted(target) + " is tied to (a string)");
    }
    for (const std::string* key : {&target, &source.string}) {
      if (!keys || keys->Has(*key)) continue;
      const SourceRange& at = key == &target ? source.name_where : source.where;
      return Error{at.place(), "expected a key of this layout in \"tied\", found " + Quoted(*key),
                   "\"tied\" contains full keys: tied key -> the key whose tensor it shares"};
    }
    ties.push_back({target, source.string});
  }
  return ties;
}

Status ReadDeclaredTies(const Value& value, Layout& layout) {
  if (value.is_object()) {
    Result<std::vector<Tie>> ties = ReadTies(value, nullptr);
    if (!ties) return ties.error();
    layout.declared_tied = *std::move(ties);
    return Unit{};
  }
  if (!value.is_array()) {
    return json::WrongType(value, "a list, an object or null as \"declared_tied\"");
  }
  Result<std::vector<std::string>> names = json::Strings(value);
  if (!names) return names.error();
  layout.declared_tied = *std::move(names);
  return Unit{};
}

// Only numbers are of use to an operation.
Status ReadConfig(const Value& config, Layout& layout) {
  if (!config.is_object()) return json::WrongType(config, "an object as \"config\"");
  for (const auto& [name, value] : config.members) {
    if (value.is_integer()) layout.config.emplace_back(name, value.integer);
  }
  std::sort(layout.config.begin(), layout.config.end());
  return Unit{};
}

// With `taken`, the keys have been read already, and those of the object are ignored.
Result<Layout> ReadLayoutWith(LayoutBuilder* taken, const json::Value& object) {
  Fields fields(object, "a layout");
  Layout layout;
  layout.class_name = fields.String("class");
  layout.model_type = fields.String("model_type");
  layout.base_model_prefix = fields.String("base_model_prefix");
  layout.source_dir = fields.OptionalString("dir").value_or("");
  const Value* modules = fields.Array("modules");
  const Value* keys = fields.Object("keys");
  const Value* tied = fields.Object("tied");
  const Value* declared = fields.Optional("declared_tied");
  const Value* config = fields.Optional("config");
  const Value* quality = fields.Optional("quality");
  if (Status done = fields.Done(); !done) return done.error();

  // A mapping that is judged by a part of the keys looks wrong where it is right.
  if (quality != nullptr && quality->string != "exact" && quality->string != "guessed") {
    return Error{quality->where.place(), "expected \"exact\" or \"guessed\" as \"quality\"",
                 "a layout must have all keys of its class: leave this one out"};
  }
  if (layout.class_name.empty()) {
    return Error{object.Find("class")->where.place(), "expected a class name, found \"\"", ""};
  }
  Result<std::vector<SubModel>> tree = ReadModules(*modules);
  if (!tree) return tree.error();
  layout.modules = *std::move(tree);
  LayoutBuilder own;
  LayoutBuilder& builder = taken != nullptr ? *taken : own;
  for (const auto& [key, value] : keys->members) {
    if (Status added = ReadKey(key, value, builder); !added) return added.error();
  }
  builder.FinishInto(&layout);
  if (Status few = CheckFamilyCount(layout.families, keys->where.place()); !few) return few.error();
  Result<std::vector<Tie>> ties = ReadTies(*tied, &layout);
  if (!ties) return ties.error();
  layout.tied = *std::move(ties);
  if (declared != nullptr) {
    if (Status read = ReadDeclaredTies(*declared, layout); !read) return read.error();
  }
  if (config != nullptr) {
    if (Status read = ReadConfig(*config, layout); !read) return read.error();
  }
  return layout;
}

}  // namespace

Result<Layout> ReadLayout(const json::Value& object) { return ReadLayoutWith(nullptr, object); }

namespace {

// The number of readable bytes that TakeKeys wants after a line.
constexpr size_t kReadAhead = 64;

class JsonLayouts : public LayoutSource {
 public:
  JsonLayouts(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {
    text_.append(1, '\n').append(kReadAhead, ' ');
  }

  // Finds the lines and their class names.
  Status Index();

  size_t size() const override { return lines_.size(); }
  std::string_view class_name(size_t i) const override { return lines_[i].class_name; }
  std::optional<size_t> Find(std::string_view class_name) const override {
    auto it = by_name_.find(class_name);
    return it == by_name_.end() ? std::nullopt : std::optional<size_t>(it->second);
  }
  Result<Layout> Read(size_t i) const override {
    return ReadLine(lines_[i].text, lines_[i].number);
  }

 private:
  struct Line {
    std::string class_name;
    std::string_view text;
    uint32_t number;  // 1-based
  };

  Result<Layout> ReadLine(std::string_view text, uint32_t number) const;

  std::string path_;
  std::string text_;  // and an empty line, which may be read ahead into
  std::vector<Line> lines_;
  std::unordered_map<std::string_view, size_t> by_name_;  // into the names of lines_
};

Result<Layout> JsonLayouts::ReadLine(std::string_view text, uint32_t number) const {
  const char* end = text_.data() + text_.size();
  LayoutBuilder keys;
  if (auto rest = TakeKeys(text, static_cast<size_t>(end - text.data()), &keys)) {
    const SourceFile line(path_, *std::move(rest));
    if (Result<Value> value = json::Parse(line, number)) {
      Result<Layout> layout = ReadLayoutWith(&keys, *value);
      if (layout) return layout;
    }
  }
  // Something is wrong or unusual: parse everything again for the exact place.
  const SourceFile line(path_, std::string(text));
  Result<Value> value = json::Parse(line, number);
  if (!value) return value.error();
  Result<Layout> layout = ReadLayout(*value);
  if (layout) return layout;
  Error error = layout.error();
  error.place.line = number;  // places within `line` are all in line 1
  return error;
}

// Reads just enough of each line to know its class. A line for which that fails is parsed
// completely, for its error message.
Status JsonLayouts::Index() {
  std::string_view rest = text_;
  for (uint32_t number = 1; !rest.empty(); ++number) {
    const size_t length = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, length);
    rest.remove_prefix(std::min(length + 1, rest.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    std::optional<std::string> name = json::PeekString(line, "class");
    if (!name) {
      Error error = ReadLine(line, number).error();
      if (error.advice.empty()) error.advice = "the file contains one layout (an object) per line";
      return error;
    }
    lines_.push_back({*std::move(name), line, number});
  }
  if (lines_.empty()) return Error{{path_, 0, 0, ""}, "expected layouts, found an empty file", ""};
  for (size_t i = 0; i < lines_.size(); ++i) {
    auto [it, is_new] = by_name_.emplace(lines_[i].class_name, i);
    if (is_new) continue;
    return Error{{path_, lines_[i].number, 0, ""},
                 "class " + Quoted(lines_[i].class_name) + " already has a layout, in line " +
                     std::to_string(lines_[it->second].number),
                 "keep one of the two"};
  }
  return Unit{};
}

}  // namespace

Result<std::unique_ptr<LayoutSource>> OpenLayouts(const std::string& path) {
  if (Status inside = CheckStaysInside(path); !inside) return inside.error();
  Result<std::string> text = ReadMaybeCompressed(path, kMaxLayoutsFile);
  if (!text) return text.error();
  return LayoutsOfText(path, *std::move(text));
}

Result<std::unique_ptr<LayoutSource>> LayoutsOfText(std::string path, std::string text) {
  auto layouts = std::make_unique<JsonLayouts>(std::move(path), std::move(text));
  if (Status indexed = layouts->Index(); !indexed) return indexed.error();
  return std::unique_ptr<LayoutSource>(std::move(layouts));
}

}  // namespace wcheck
