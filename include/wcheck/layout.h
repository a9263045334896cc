// A layout: what is known about one model class without building it. Its keys with shapes and
// dtypes, its tree of sub-models, its tied weights. Readers: layout/json_reader.h
// (layouts-V.jsonl), layout/snapshot.h (the bundled file).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "wcheck/key_family.h"
#include "wcheck/result.h"

namespace wcheck {

// A family of keys of a model with the same shape and dtype. Views into the Layout's storage.
struct LayoutFamily {
  std::string_view pattern;           // with kHole for each number
  std::span<const IndexSet> numbers;  // one set per hole
  std::span<const int64_t> shape;     // sizes, outermost first; empty for a scalar
  std::string_view dtype;             // torch's name without "torch.": "float32"

  uint64_t size() const {
    uint64_t n = 1;
    for (const IndexSet& s : numbers) n *= s.size();
    return n;
  }
};

// A sub-model of a layout; the first one is the root, with path "".
struct SubModel {
  std::string path;        // "model.language_model"
  std::string class_name;  // "LlamaModel"
  std::string model_type;  // "llama"; may be empty
  // The class is no code of the library's, but comes with a checkpoint.
  bool custom_code = false;
};

// target -> source, both full keys of the layout's model.
struct Tie {
  std::string target;
  std::string source;
};

struct Layout {
  std::string class_name;
  std::string model_type;
  std::string base_model_prefix;  // may be empty
  std::string source_dir;         // the library's folder for the model ("dir"); may be empty
  std::vector<SubModel> modules;  // never empty; modules[0].path is ""
  std::vector<LayoutFamily> families;
  std::vector<Tie> tied;  // as found on the built model
  // As declared by the class, relative to it: absent, a list of names (before v5), or target ->
  // source patterns (v5).
  std::variant<std::monostate, std::vector<std::string>, std::vector<Tie>> declared_tied;

  // Attributes of the model's text configuration that operations read, sorted by name.
  std::vector<std::pair<std::string, int64_t>> config;

  std::shared_ptr<const void> storage;  // storage of the views in `families`

  uint64_t key_count() const;  // members of all families
};

// Collects keys and cuts them into families. Families come out in the order of their first key.
class LayoutBuilder {
 public:
  LayoutBuilder();
  ~LayoutBuilder();
  // Adds one key. False if it has been added before.
  bool Add(std::string_view key, std::span<const int64_t> shape, std::string_view dtype);
  // Moves the families, and the storage that they point into, to `layout`.
  void FinishInto(Layout* layout);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A source of layouts, one class at a time.
class LayoutSource {
 public:
  virtual ~LayoutSource() = default;
  virtual size_t size() const = 0;
  virtual std::string_view class_name(size_t i) const = 0;
  // The index of a class's layout, if there is one.
  virtual std::optional<size_t> Find(std::string_view class_name) const;
  // Reads layout i. Thread-safe.
  virtual Result<Layout> Read(size_t i) const = 0;
};

}  // namespace wcheck
