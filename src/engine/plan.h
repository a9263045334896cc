// Which transforms apply to a model, with their scopes, in the engine's order
// (docs/semantics.md#entry-lookup, #scope and #legacy-and-user-mappings).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "wcheck/release.h"
#include "mapping/transform.h"
#include "wcheck/layout.h"
#include "wcheck/registry.h"

namespace wcheck {

// One transform of a registry, constructed, with its reverses (built when first requested).
// Immutable to its users and shared by all threads and models.
class CompiledTransform {
 public:
  CompiledTransform(const TransformSpec& spec, const Engine& engine,
                    std::shared_ptr<PatternCache> patterns)
      : patterns_(std::move(patterns)),
        forward_(Transform::Construct(spec, engine, patterns_.get())) {}

  CompiledTransform(std::variant<Transform, EngineError> forward,
                    std::shared_ptr<PatternCache> patterns)
      : patterns_(std::move(patterns)), forward_(std::move(forward)) {}

  // The same for a sub-model at `path`; see Transform::UnderPath.
  std::shared_ptr<const CompiledTransform> UnderPath(std::string_view path) const {
    return std::make_shared<const CompiledTransform>(
        std::get<Transform>(forward_).UnderPath(path, patterns_.get()), patterns_);
  }

  // What the engine's constructor gives: the transform, or what it raises.
  const std::variant<Transform, EngineError>& forward() const { return forward_; }
  // Its reverse on the first save, and on a second save of the same loaded model. Requires that
  // forward() is a Transform.
  const std::variant<Transform, EngineError>& reverse() const;
  const std::variant<Transform, EngineError>& second_reverse() const;

 private:
  std::shared_ptr<PatternCache> patterns_;
  std::variant<Transform, EngineError> forward_;
  mutable std::once_flag reverse_once_;
  mutable std::once_flag second_once_;
  mutable std::optional<std::variant<Transform, EngineError>> reverse_;
  mutable std::optional<std::variant<Transform, EngineError>> second_;
};

// A registry whose transforms have been constructed by an engine. Keeps references to both.
class CompiledRegistry {
 public:
  CompiledRegistry(const Registry& registry, const Engine& engine);

  struct Rejection {
    std::string_view entry;
    size_t index;  // of the transform in the entry
    const TransformSpec* spec;
    EngineError error;
  };
  // The transforms that do not construct; the library could not even be imported with them.
  const std::vector<Rejection>& rejections() const { return rejections_; }

  using CompiledEntry = std::vector<std::shared_ptr<const CompiledTransform>>;
  // Null if there is no such entry. Transforms that do not construct are left out.
  const CompiledEntry* Find(std::string_view name) const;

  // The patterns, forward and reversed, of which a search was given up (Pattern::gave_up).
  std::vector<Pattern> GivenUp() const { return patterns_->GivenUp(); }

  const Registry& registry() const { return *registry_; }
  const Engine& engine() const { return *engine_; }

 private:
  const Registry* registry_;
  const Engine* engine_;
  std::shared_ptr<PatternCache> patterns_ = std::make_shared<PatternCache>();
  std::map<std::string_view, CompiledEntry> entries_;
  std::vector<Rejection> rejections_;
};

// One transform in the plan of a model.
struct PlacedTransform {
  std::shared_ptr<const CompiledTransform> compiled;
  std::string_view entry;  // the entry that it comes from
  uint32_t index_in_entry = 0;
  // What a key must start with, by the rule scope; may be empty. Absent where every key will do.
  std::optional<std::string> scope_prefix;
  std::string base_model_prefix;  // the root's; meaningful with a scope prefix
  bool legacy = false;

  const Transform& forward() const { return std::get<Transform>(compiled->forward()); }
};

// The collected transforms of one model, which must outlive this, `legacy` last. Indices into it
// are what `load_used` and traces name.
struct Plan {
  std::vector<PlacedTransform> transforms;

  // The sub-models that an entry was found for, in walking order.
  struct Hit {
    uint32_t module;  // index into Layout::modules
    std::string_view entry;
    bool by_class;
    uint32_t first;  // the range of its transforms
    uint32_t count;
  };
  std::vector<Hit> hits;

  // What its operations may ask of the model (Layout::config).
  std::span<const std::pair<std::string, int64_t>> config;
};

Plan CollectPlan(const Layout& layout, const CompiledRegistry& registry);

}  // namespace wcheck
