// The layout of the model that an adapter is for. A bundled layout is that of a class's default
// configuration; the model has the numbers of layers and experts of its own.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/operations.h"
#include "wcheck/layout.h"
#include "wcheck/result.h"

namespace wcheck {

// What a config.json says of a model's sizes.
class ModelConfig {
 public:
  // Errors: a file that cannot be read, or is no JSON object.
  static Result<ModelConfig> Read(const std::string& path);
  const std::string& path() const { return path_; }
  const std::vector<std::string>& architectures() const { return architectures_; }
  const std::string& model_type() const { return model_type_; }
  // The number of layers of the part of the model that a name of the layout belongs to.
  std::optional<int64_t> Layers(std::string_view name) const;
  std::optional<int64_t> Experts() const;
  std::optional<int64_t> Vocabulary() const;
  std::optional<int64_t> Hidden() const;
  // What kind each of `count` layers is of, by a list or a text with one entry for each; empty if the
  // config has none.
  std::vector<std::string> LayerKinds(size_t count) const;
  std::optional<bool> ties() const { return ties_; }

 private:
  std::string path_;
  std::vector<std::string> architectures_;
  std::string model_type_;
  // "vision_config.num_hidden_layers" -> number
  std::map<std::string, int64_t, std::less<>> numbers_;
  std::vector<std::vector<std::string>> kinds_;  // lists of words, and texts as their letters
  std::optional<bool> ties_;
};

// What of the sizes is known.
struct KnownSizes {
  bool all = true;  // the layout is that of the model
  std::optional<int64_t> experts;
  std::optional<int64_t> vocabulary;
  std::optional<int64_t> hidden;
};

struct SizedLayout {
  Layout layout;
  KnownSizes known;
};

// Gives a layout of a default configuration the layers that the model has: by its config.json, else by
// the keys of the adapter. A layer of the model looks like the layer of the layout that most of the
// adapter's keys fit. `config` may be null.
SizedLayout SizeLayout(const Layout& layout, const ModelConfig* config,
                       const std::map<std::string, Shape, std::less<>>& keys);

}  // namespace wcheck
