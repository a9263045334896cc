#include "wcheck/engine/checkpoint.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "wcheck/engine/boxes.h"
#include "wcheck/engine/tied.h"

#include "checkpoint_adapter.h"
#include "checkpoint_shapes.h"

namespace wcheck {
namespace {

IndexBox ToBox(std::span<const IndexSet> numbers) { return {numbers.begin(), numbers.end()}; }

// The keys of some families, to be taken away from others.
class KeyCover {
 public:
  void Add(std::string_view pattern, std::span<const IndexSet> numbers) {
    by_pattern_[pattern].push_back(numbers);
  }
  void Add(const std::vector<LayoutFamily>& families) {
    for (const LayoutFamily& f : families) Add(f.pattern, f.numbers);
  }
  std::vector<IndexBox> Uncovered(std::string_view pattern, const IndexBox& box) const {
    auto found = by_pattern_.find(pattern);
    if (found == by_pattern_.end()) return {box};
    return BoxMinus(box, found->second);
  }

 private:
  std::unordered_map<std::string_view, std::vector<std::span<const IndexSet>>> by_pattern_;
};

// Single keys that need a home while families are cut by them.
struct SingleKeys {
  std::deque<std::string> patterns;
  std::deque<IndexBox> boxes;

  void AddTo(KeyCover* cover, const std::string& key) {
    SplitKey split = SplitNumbers(key);
    patterns.push_back(std::move(split.pattern));
    IndexBox box;
    for (uint32_t value : split.numbers) box.emplace_back(value, value);
    boxes.push_back(std::move(box));
    cover->Add(patterns.back(), boxes.back());
  }
};

class CheckpointJudge {
 public:
  CheckpointJudge(const Layout& layout, const CompiledRegistry& registry, const Profile& profile,
                  const Checkpoint& checkpoint)
      : given_(layout), registry_(registry), profile_(profile) {
    j_.checkpoint = &checkpoint;
    j_.families = checkpoint.families;
  }

  CheckpointJudgement Run() && {
    const Checkpoint& checkpoint = *j_.checkpoint;
    std::vector<FamilyPart> strangers;
    if (checkpoint.adapter) {
      AdapterWeights weights = WeightsOfAdapter(given_, registry_, profile_, checkpoint.families);
      j_.families = std::move(weights.families);
      Keep(std::move(weights.storage));
    }
    j_.layout = FitLayout(given_, registry_, profile_, j_.families, &j_.counts);
    j_.fitted = j_.layout != nullptr;
    if (!j_.fitted) j_.layout = {std::shared_ptr<const void>(), &given_};
    if (!checkpoint.has_shapes || checkpoint.adapter) Borrow();
    SimulationOptions options;
    options.profile = &profile_;
    options.checkpoint = &j_.families;
    j_.simulation = Simulate(*j_.layout, registry_, options);
    j_.unexpected = j_.simulation.unexpected;
    if (checkpoint.adapter || j_.simulation.load.error) {
      j_.storage = std::make_shared<std::vector<std::shared_ptr<const void>>>(std::move(kept_));
      return std::move(j_);
    }
    FindTies();
    SortMissing();
    CollectFailed();
    CompareShapes(*j_.layout, j_.simulation.loaded.tensors, &j_.sizes, &j_.shapes);
    SaveLoaded();
    FindDrift();
    j_.storage = std::make_shared<std::vector<std::shared_ptr<const void>>>(std::move(kept_));
    return std::move(j_);
  }

 private:
  void Keep(std::shared_ptr<const void> storage) { kept_.push_back(std::move(storage)); }

  // A checkpoint without shapes gets those that the layout itself would be saved with, so that what
  // is merged and split still counts right.
  void Borrow() {
    Plan plan = CollectPlan(*j_.layout, registry_);
    KeySet keys(j_.layout->families);
    LoadTarget target{j_.layout->base_model_prefix, &keys};
    Pass load =
        RunPass(plan, LoadOrder(plan, profile_), profile_, Direction::kLoad, j_.families, &target);
    PassOrder order = SaveOrder(plan, profile_, load.used);
    Pass save = RunPass(plan, order, profile_, Direction::kSave, j_.layout->families, nullptr);
    if (save.error) return;
    Conversion saved = Convert(save, plan, order, profile_, keys);
    MadeFamilies borrowed = BorrowShapes(j_.families, saved.tensors);
    Keep(std::move(borrowed.storage));
    Keep(j_.checkpoint->storage);
    j_.families = std::move(borrowed.families);
  }

  // --- ties -------------------------------------------------------------------------------------

  // Targets whose source, or another of whose source's targets, the checkpoint fills.
  void FindTies() {
    KeySet model(j_.layout->families);
    KeyCover missing;
    for (const FamilyPart& part : j_.simulation.missing) {
      missing.Add(j_.layout->families[part.family].pattern, part.numbers);
    }
    auto is_there = [&](const std::string& key) {
      SplitKey split = SplitNumbers(key);
      IndexBox box;
      for (uint32_t value : split.numbers) box.emplace_back(value, value);
      return model.Has(key) && !missing.Uncovered(split.pattern, box).empty();
    };
    std::map<std::string, std::vector<std::string>> groups;
    for (const Tie& tie : EffectiveTies(*j_.layout, j_.checkpoint->tie_word_embeddings)) {
      groups[tie.source].push_back(tie.target);
    }
    for (const auto& [source, targets] : groups) {
      bool source_there = is_there(source);
      bool any = source_there || std::any_of(targets.begin(), targets.end(), is_there);
      if (!any) continue;
      for (const std::string& target : targets) keys_.AddTo(&tied_, target);
      if (!source_there) keys_.AddTo(&tied_, source);
      // The engine writes the source alone; without it, which name is written is not ours to say.
      for (const std::string& target : targets) keys_.AddTo(&not_written_, target);
      if (!source_there) keys_.AddTo(&not_written_, source);
    }
  }

  void SortMissing() {
    for (const FamilyPart& part : j_.simulation.missing) {
      std::string_view pattern = j_.layout->families[part.family].pattern;
      std::vector<IndexBox> left = tied_.Uncovered(pattern, part.numbers);
      std::vector<std::span<const IndexSet>> still(left.begin(), left.end());
      for (IndexBox& box : BoxMinus(part.numbers, still)) {
        j_.tied.push_back({part.family, std::move(box)});
      }
      for (IndexBox& box : left) j_.missing.push_back({part.family, std::move(box)});
    }
  }

  // --- operations -------------------------------------------------------------------------------

  // Operations that raise. Where an input's shape is neither told nor borrowed, that proves
  // nothing.
  void CollectFailed() {
    const Conversion& loaded = j_.simulation.loaded;
    for (uint32_t i = 0; i < loaded.productions.size(); ++i) {
      const Production& production = loaded.productions[i];
      if (!production.error) continue;
      bool known = j_.checkpoint->has_shapes ||
                   std::all_of(production.inputs.begin(), production.inputs.end(),
                               [&](const Production::Input& input) {
                                 const Trace& trace = j_.simulation.load.traces[input.trace];
                                 return !j_.families[trace.family].shape.empty();
                               });
      if (known) j_.failed.push_back(i);
    }
  }

  // --- saving what was loaded -------------------------------------------------------------------

  void SaveLoaded() {
    MadeFamilies model = WithLoadedShapes(*j_.layout, j_.shapes);
    Keep(std::move(model.storage));
    j_.model = WithoutTied(model.families);
    const Plan& plan = j_.simulation.plan;
    j_.save_order = SaveOrder(plan, profile_, j_.simulation.load.used);
    j_.save = RunPass(plan, j_.save_order, profile_, Direction::kSave, j_.model, nullptr);
    if (j_.save.error) {
      j_.save_error = j_.save.error;
      return;
    }
    j_.saved = Convert(j_.save, plan, j_.save_order, profile_, KeySet(j_.model));
    if (j_.saved.error) j_.save_error = j_.saved.error;
  }

  std::vector<LayoutFamily> WithoutTied(const std::vector<LayoutFamily>& families) {
    auto boxes = std::make_shared<std::deque<IndexBox>>();
    std::vector<LayoutFamily> out;
    for (const LayoutFamily& family : families) {
      for (IndexBox& box : not_written_.Uncovered(family.pattern, ToBox(family.numbers))) {
        boxes->push_back(std::move(box));
        out.push_back({family.pattern, boxes->back(), family.shape, family.dtype});
      }
    }
    Keep(std::move(boxes));
    return out;
  }

  // --- names that do not come back
  // ----------------------------------------------------------------

  void FindDrift() {
    if (j_.save_error) return;
    KeyCover written;
    written.Add(j_.saved.tensors);
    const Pass& load = j_.simulation.load;
    for (uint32_t t = 0; t < load.traces.size(); ++t) {
      const Trace& trace = load.traces[t];
      if (!trace.in_model) continue;
      std::string_view pattern = load.families[trace.family].pattern;
      std::vector<IndexBox> lost = written.Uncovered(pattern, ToBox(trace.members));
      if (lost.empty() || IsTied(load, trace)) continue;
      for (IndexBox& box : lost) {
        j_.drifted.push_back({{std::string(pattern), std::move(box)}, t, SaveTraceOf(trace)});
      }
    }
    FindAdded();
  }

  bool IsTied(const Pass& load, const Trace& trace) const {
    Name name = load.NameOf(trace);
    return not_written_.Uncovered(name.pattern, name.Numbers(trace.members)).empty();
  }

  // How the model key that a trace leads to is saved.
  std::optional<uint32_t> SaveTraceOf(const Trace& loaded) const {
    Name name = j_.simulation.load.NameOf(loaded);
    IndexBox numbers = name.Numbers(loaded.members);
    for (uint32_t t = 0; t < j_.save.traces.size(); ++t) {
      const Trace& trace = j_.save.traces[t];
      if (j_.model[trace.family].pattern != name.pattern) continue;
      if (BoxesIntersect(trace.members, numbers)) return t;
    }
    return std::nullopt;
  }

  // A missing key is saved all the same, under a name that was not there; that says nothing new.
  void FindAdded() {
    KeyCover known;
    known.Add(j_.families);
    Conversion of_missing;
    if (!j_.missing.empty()) {
      std::vector<LayoutFamily> families;
      for (const FamilyPart& part : j_.missing) {
        const LayoutFamily& family = j_.layout->families[part.family];
        families.push_back({family.pattern, part.numbers, family.shape, family.dtype});
      }
      const Plan& plan = j_.simulation.plan;
      Pass save = RunPass(plan, j_.save_order, profile_, Direction::kSave, families, nullptr);
      if (!save.error) {
        of_missing = Convert(save, plan, j_.save_order, profile_, KeySet(families));
        known.Add(of_missing.tensors);
      }
    }
    for (const LayoutFamily& tensor : j_.saved.tensors) {
      for (IndexBox& box : known.Uncovered(tensor.pattern, ToBox(tensor.numbers))) {
        j_.added.push_back({std::string(tensor.pattern), std::move(box)});
      }
    }
  }

  const Layout& given_;
  const CompiledRegistry& registry_;
  const Profile& profile_;
  CheckpointJudgement j_;
  std::vector<std::shared_ptr<const void>> kept_;
  SingleKeys keys_;
  KeyCover tied_;         // keys that need not be there
  KeyCover not_written_;  // keys that a save leaves out
};

}  // namespace

CheckpointJudgement JudgeCheckpoint(const Layout& layout, const CompiledRegistry& registry,
                                    const Profile& profile, const Checkpoint& checkpoint) {
  return CheckpointJudge(layout, registry, profile, checkpoint).Run();
}

}  // namespace wcheck
