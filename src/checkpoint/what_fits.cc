// Many candidates, one checkpoint: names are compared first, by their last parts, and only the
// nearest candidates are simulated.
#include "checkpoint/what_fits.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "checkpoint/checkpoint.h"
#include "checkpoint/checkpoint_reach.h"
#include "families/boxes.h"
#include "support/threads.h"

namespace wcheck {
namespace {

constexpr size_t kSimulated = 24;

// The last two parts of a pattern that are no numbers: "q_proj.weight".
std::string_view TailOf(std::string_view pattern) {
  size_t at = pattern.size();
  for (int part = 0; part < 2 && at != std::string_view::npos && at > 0; ++part) {
    at = pattern.rfind('.', at - 1);
    while (at != std::string_view::npos && at > 0 && pattern.substr(at).starts_with(".\xFF")) {
      at = pattern.rfind('.', at - 1);
    }
  }
  return at == std::string_view::npos ? pattern : pattern.substr(at + 1);
}

std::unordered_set<std::string_view> PatternsOf(const std::vector<LayoutFamily>& families) {
  std::unordered_set<std::string_view> patterns;
  for (const LayoutFamily& family : families) patterns.insert(family.pattern);
  return patterns;
}

// Of tails: twice those in common, less those of either side alone.
int64_t Overlap(const std::unordered_set<std::string_view>& tails,
                const std::vector<LayoutFamily>& model) {
  std::unordered_set<std::string_view> own;
  for (const LayoutFamily& family : model) own.insert(TailOf(family.pattern));
  int64_t common = 0;
  for (const std::string_view tail : own) common += tails.contains(tail) ? 1 : 0;
  return 4 * common - static_cast<int64_t>(own.size()) - static_cast<int64_t>(tails.size());
}

ClassFit FitOf(const Layout& layout, const CompiledRegistry& registry,
               const Checkpoint& checkpoint) {
  CheckpointOptions options;
  options.default_layout = true;
  const CheckpointOutcome outcome = SimulateCheckpoint(layout, registry, checkpoint, options);
  ClassFit fit;
  fit.class_name = layout.class_name;
  fit.keys = outcome.model_keys();
  fit.filled = fit.keys;
  for (const FamilyPart& part : outcome.simulation.missing) {
    fit.filled -= std::min(fit.filled, BoxSize(part.numbers));
  }
  for (const std::vector<FamilyPart>* there : {&outcome.tied, &outcome.quantised}) {
    for (const FamilyPart& part : *there) fit.filled += BoxSize(part.numbers);
  }
  fit.used = checkpoint.key_count();
  for (const UnexpectedKeys& keys : outcome.unexpected) {
    fit.used -= std::min(fit.used, BoxSize(keys.numbers));
  }
  return fit;
}

// Patterns of the checkpoint that lead somewhere, and of the model that are led to.
struct Reached {
  size_t used = 0;
  size_t filled = 0;
};

Reached ReachOf(const Layout& layout, const CompiledRegistry& registry,
                const std::vector<LayoutFamily>& families) {
  const Reach reach(layout, registry, Reach::Model::kOpen);
  const Pass load = reach.Load(families);
  Reached out;
  if (load.error) return out;
  std::unordered_set<std::string> filled;
  std::unordered_set<uint32_t> used;
  for (const Trace& trace : load.traces) {
    for (Name& name : reach.KeysOf(load, trace)) {
      used.insert(trace.family);
      filled.insert(std::move(name.pattern));
    }
  }
  out.used = used.size();
  out.filled = filled.size();
  return out;
}

}  // namespace

bool FitsBetter(const ClassFit& a, const ClassFit& b) {
  // Keys without a counterpart on either side.
  const auto loose = [](const ClassFit& fit, uint64_t given) {
    return (fit.keys - fit.filled) + (given - fit.used);
  };
  const uint64_t given = std::max(a.used, b.used);
  return loose(a, given) < loose(b, given);
}

Result<std::vector<ClassFit>> RankClasses(const LayoutSource& layouts,
                                          const CompiledRegistry& registry,
                                          const Checkpoint& checkpoint, size_t count,
                                          unsigned threads) {
  std::unordered_set<std::string_view> tails;
  for (const LayoutFamily& family : checkpoint.families) tails.insert(TailOf(family.pattern));
  std::vector<std::pair<int64_t, size_t>> near(layouts.size());
  const unsigned workers = ThreadCount(threads, layouts.size());
  Status read = ForEachInThreads(layouts.size(), workers, [&](size_t i, size_t) -> Status {
    const Result<Layout> layout = layouts.Read(i);
    if (!layout) return layout.error();
    int64_t score = Overlap(tails, layout->families);
    // What config.json says comes first among equals.
    const bool named = std::ranges::find(checkpoint.architectures, layout->class_name) !=
                       checkpoint.architectures.end();
    score = 4 * score + (named ? 2 : layout->model_type == checkpoint.model_type ? 1 : 0);
    near[i] = {-score, i};
    return Unit{};
  });
  if (!read) return read.error();
  std::ranges::sort(near);
  near.resize(std::min(near.size(), std::max(kSimulated, count)));
  std::vector<ClassFit> fits(near.size());
  read = ForEachInThreads(near.size(), ThreadCount(threads, near.size()),
                          [&](size_t i, size_t) -> Status {
                            const Result<Layout> layout = layouts.Read(near[i].second);
                            if (!layout) return layout.error();
                            fits[i] = FitOf(*layout, registry, checkpoint);
                            return Unit{};
                          });
  if (!read) return read.error();
  std::erase_if(fits, [](const ClassFit& fit) { return fit.used == 0; });
  std::ranges::stable_sort(fits, FitsBetter);
  if (fits.size() > count) fits.resize(count);
  return fits;
}

std::optional<EntryFit> BestEntry(const Layout& layout, const CompiledRegistry& registry,
                                  const Checkpoint& checkpoint) {
  const Reached own = ReachOf(layout, registry, checkpoint.families);
  const size_t patterns = PatternsOf(layout.families).size();
  if (own.filled == patterns) return std::nullopt;
  Layout as = layout;
  // Found by the model_type of the root alone.
  as.modules.front().class_name.clear();
  Reached best = own;
  std::string best_entry;
  for (const auto& [name, entry] : registry.registry().entries) {
    if (AppliesToAll(name) || entry.transforms.empty()) continue;
    as.modules.front().model_type = name;
    const Reached with = ReachOf(as, registry, checkpoint.families);
    if (with.filled < best.filled || (with.filled == best.filled && with.used <= best.used))
      continue;
    best = with;
    best_entry = name;
  }
  if (best_entry.empty() || best.filled == own.filled) return std::nullopt;
  as.modules.front().model_type = best_entry;
  EntryFit fit{best_entry, FitOf(layout, registry, checkpoint), FitOf(as, registry, checkpoint)};
  if (fit.after.filled <= fit.before.filled) return std::nullopt;
  return fit;
}

}  // namespace wcheck
