#include "checkpoint/checkpoint_adapter.h"

#include <algorithm>
#include <deque>
#include <string>
#include <unordered_set>
#include <utility>

#include "checkpoint/checkpoint_reach.h"
#include "families/boxes.h"
#include "layout/tied.h"

namespace wcheck {
namespace {

struct AdapterStorage {
  std::shared_ptr<const void> keys;
  std::deque<std::string> patterns;
  std::deque<IndexBox> boxes;
};

// The number of name parts that an adapter adds to a module's name: `lora_A.weight`,
// `lora_A.default.weight`.
constexpr size_t kMaxAdded = 3;

}  // namespace

// Cuts parts off the end of a key, at most kMaxAdded, until `NAME.weight` is a weight that some
// transform loads into the model: what was cut off is what the adapter added.
AdapterWeights WeightsOfAdapter(const Layout& layout, const CompiledRegistry& registry,
                                const std::vector<LayoutFamily>& keys) {
  // The number of layers does not matter here.
  Reach reach(layout, registry, Reach::Model::kOpen);
  auto is_loaded = [&](const LayoutFamily& family) {
    Pass load = reach.Load(std::span(&family, 1));
    return !load.error && !load.traces.empty() && load.traces.front().in_model;
  };

  auto storage = std::make_shared<AdapterStorage>();
  AdapterWeights out;
  std::unordered_set<std::string> added;
  for (const LayoutFamily& key : keys) {
    std::string whole = UnwrapAdapter(key.pattern);
    std::string name = whole;
    LayoutFamily found;
    for (size_t cut = 0; cut <= kMaxAdded && found.pattern.empty(); ++cut) {
      // The key itself (a module that was trained completely), then the module's weight.
      std::string candidate = cut == 0 ? whole : name + ".weight";
      auto holes = static_cast<size_t>(std::count(candidate.begin(), candidate.end(), kHole));
      IndexBox box(key.numbers.begin(), key.numbers.begin() + static_cast<std::ptrdiff_t>(holes));
      LayoutFamily family{candidate, box, {}, {}};
      if (is_loaded(family)) {
        storage->patterns.push_back(std::move(candidate));
        storage->boxes.push_back(std::move(box));
        found = {storage->patterns.back(), storage->boxes.back(), {}, {}};
      }
      size_t dot = name.rfind('.');
      if (dot == std::string::npos) break;
      name.resize(dot);
    }
    if (found.pattern.empty()) {
      storage->patterns.push_back(std::move(whole));
      found = {storage->patterns.back(), key.numbers, {}, {}};
    }
    if (added.insert(ShowFamily(found.pattern, found.numbers)).second)
      out.families.push_back(found);
  }
  out.storage = std::move(storage);
  return out;
}

}  // namespace wcheck
