// Judges a checkpoint in the order of the questions: load its keys into the fitted layout; sort
// what is missing and what goes nowhere, and excuse what has a known reason; compare shapes; then
// save the loaded model with the transforms that were used, and compare the names with the
// checkpoint's.
#include "checkpoint/checkpoint.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "checkpoint/checkpoint_adapter.h"
#include "checkpoint/checkpoint_excuses.h"
#include "checkpoint/checkpoint_fit.h"
#include "checkpoint/checkpoint_shapes.h"
#include "families/boxes.h"
#include "layout/tied.h"

namespace wcheck {
namespace {

// Some keys without those of `known`.
std::vector<IndexBox> Uncovered(const KeySet& known, std::string_view pattern,
                                std::span<const IndexSet> numbers) {
  if (known.Has(pattern, numbers) == KeySet::Part::kAll) return {};
  std::vector<std::span<const IndexSet>> same;
  for (uint32_t f : known.FamiliesOf(pattern)) same.push_back(known.families()[f].numbers);
  return BoxMinus(BoxOf(numbers), same);
}

// Keys that are found one by one, to be removed from families.
class KeyCover {
 public:
  void Add(std::string_view pattern, std::span<const IndexSet> numbers) {
    by_pattern_[pattern].push_back(numbers);
  }
  bool empty() const { return by_pattern_.empty(); }
  std::vector<IndexBox> Uncovered(std::string_view pattern, const IndexBox& box) const {
    auto found = by_pattern_.find(pattern);
    if (found == by_pattern_.end()) return {box};
    return BoxMinus(box, found->second);
  }

 private:
  std::unordered_map<std::string_view, std::vector<std::span<const IndexSet>>> by_pattern_;
};

// Storage for single keys while families are cut by them.
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

class CheckpointSimulator {
 public:
  CheckpointSimulator(const Layout& layout, const CompiledRegistry& registry,
                      const Checkpoint& checkpoint, const CheckpointOptions& options)
      : given_(&layout), registry_(registry), engine_(registry.engine()), options_(options) {
    j_.checkpoint = &checkpoint;
    j_.of_checkpoint = options.of_checkpoint;
    j_.families = checkpoint.families;
  }

  // An adapter's keys are replaced by the weights that they belong to, and judged like those,
  // except that nothing is saved. If the load itself raises, there is nothing else to report.
  CheckpointOutcome Run() && {
    const Checkpoint& checkpoint = *j_.checkpoint;
    if (checkpoint.adapter) {
      AdapterWeights weights = WeightsOfAdapter(*given_, registry_, checkpoint.families);
      j_.families = std::move(weights.families);
      Keep(std::move(weights.storage));
    }
    TakeModelType();
    Fit fit = FitLayout(*given_, registry_, checkpoint, j_.families);
    if (!options_.own_config) {
      j_.counts = std::move(fit.counts);
      j_.layout = std::move(fit.layout);
    }
    j_.fitted = j_.layout != nullptr;
    if (!j_.fitted) j_.layout = {std::shared_ptr<const void>(), given_};
    if (!checkpoint.adapter) ReplaceModules();
    if (!checkpoint.has_shapes || checkpoint.adapter) Borrow();
    SimulationOptions options;
    options.checkpoint = &j_.families;
    options.load_only = true;
    j_.simulation = Simulate(*j_.layout, *with_copies_, options);
    Excuses excuses =
        ExcuseUnexpected(*j_.layout, *with_copies_, j_.families, j_.simulation.plan,
                         j_.simulation.load, j_.simulation.unexpected, fit.behind, j_.quantiser);
    j_.unexpected = std::move(excuses.unexpected);
    if (checkpoint.adapter || j_.simulation.load.error) {
      j_.storage = std::make_shared<std::vector<std::shared_ptr<const void>>>(std::move(kept_));
      return std::move(j_);
    }
    TakeCollected();
    CollectFailed();
    CompareTensors(ComparableTensors(excuses));
    j_.exact = options_.own_config || (j_.counts.empty() && j_.sizes.empty() &&
                                       (checkpoint.has_shapes || !options_.default_layout));
    FindTies();
    SortMissing(excuses);
    SaveLoaded();
    FindDrift();
    FindInMemory();
    j_.storage = std::make_shared<std::vector<std::shared_ptr<const void>>>(std::move(kept_));
    return std::move(j_);
  }

 private:
  // The library finds entries by the model_type of the configuration that was loaded, even where it is
  // not that of the class.
  void TakeModelType() {
    const Checkpoint& checkpoint = *j_.checkpoint;
    const std::string& own = given_->modules.front().model_type;
    if (checkpoint.model_type.empty() || checkpoint.model_type == own || own.empty() ||
        std::ranges::find(checkpoint.architectures, given_->class_name) ==
            checkpoint.architectures.end()) {
      return;
    }
    auto layout = std::make_shared<Layout>(*given_);
    for (SubModel& module : layout->modules) {
      if (module.model_type == own) module.model_type = checkpoint.model_type;
    }
    layout->model_type = checkpoint.model_type;
    given_ = layout.get();
    Keep(std::move(layout));
  }

  void Keep(std::shared_ptr<const void> storage) { kept_.push_back(std::move(storage)); }

  // A checkpoint without shapes gets those that the layout itself would be saved with, so that
  // merging and splitting still give the right counts.
  void Borrow() {
    Plan plan = CollectPlan(*j_.layout, *with_copies_);
    KeySet keys(j_.layout->families);
    LoadTarget target{j_.layout->base_model_prefix, &keys};
    Pass load =
        RunPass(plan, LoadOrder(plan, engine_), engine_, Direction::kLoad, j_.families, &target);
    PassOrder order = SaveOrder(plan, engine_, ChoiceAfter(load, engine_));
    Pass save = RunPass(plan, order, engine_, Direction::kSave, j_.layout->families, nullptr);
    if (save.error) return;
    Conversion saved = Convert(save, plan, order, engine_, keys);
    MadeFamilies borrowed = BorrowShapes(j_.families, saved.tensors, j_.layout->base_model_prefix);
    Keep(std::move(borrowed.storage));
    Keep(j_.checkpoint->storage);
    j_.families = std::move(borrowed.families);
  }

  // --- the quantiser ----------------------------------------------------------------------------

  void ReplaceModules() {
    j_.quantiser = Quantise(*j_.layout, registry_, *j_.checkpoint);
    if (j_.quantiser.layout == nullptr) return;
    Keep(j_.layout);
    j_.layout = j_.quantiser.layout;
    if (j_.quantiser.registry != nullptr) with_copies_ = j_.quantiser.registry.get();
    std::shared_ptr<const void> names;
    j_.families = RenameForQuantiser(*j_.checkpoint, j_.quantiser.method, std::move(j_.families),
                                     &names);
    Keep(std::move(names));
  }

  bool IsCollected(std::string_view pattern) const {
    return j_.quantiser.collected.contains(std::string(pattern));
  }

  // What the quantiser's converters take is not missing where it is absent, makes weights of what is
  // there, and raises where only a part is there. None of it is written as it stands.
  void TakeCollected() {
    const QuantisedModel& model = j_.quantiser;
    if (model.layout == nullptr) return;
    std::unordered_map<std::string_view, std::vector<std::span<const IndexSet>>> absent;
    const std::vector<LayoutFamily>& families = j_.layout->families;
    for (const FamilyPart& part : j_.simulation.missing) {
      absent[families[part.family].pattern].push_back(part.numbers);
    }
    const KeySet keys(families);
    const auto present = [&](const std::string& pattern) {
      std::vector<IndexBox> boxes;
      for (const uint32_t f : keys.FamiliesOf(pattern)) {
        for (IndexBox& box : BoxMinus(BoxOf(families[f].numbers), absent[families[f].pattern])) {
          boxes.push_back(std::move(box));
        }
      }
      return boxes;
    };
    for (const QuantisedModel::Need& need : model.needs) {
      std::vector<IndexBox> there = need.if_packed ? Packed(need.has) : present(need.has);
      for (const std::string& other : need.nor) {
        std::vector<IndexBox> other_there = present(other);
        const std::vector<std::span<const IndexSet>> held(other_there.begin(), other_there.end());
        std::vector<IndexBox> without;
        for (const IndexBox& box : there) {
          std::ranges::move(BoxMinus(box, held), std::back_inserter(without));
        }
        there = std::move(without);
      }
      const auto lacking = absent.find(std::string_view(need.lacks));
      if (lacking == absent.end()) continue;
      for (const IndexBox& box : there) {
        for (const std::span<const IndexSet>& gone : lacking->second) {
          if (!BoxesIntersect(box, gone)) continue;
          j_.incomplete.push_back({need.has, need.lacks, IntersectBoxes(box, gone)});
        }
      }
    }
    FindUneven();
    for (const QuantisedModel::Fill& fill : model.fills) {
      std::vector<std::span<const IndexSet>> broken;
      for (const IncompleteWeights& part : j_.incomplete) {
        if (part.has == fill.from) broken.emplace_back(part.numbers);
      }
      std::vector<IndexBox> whole;
      for (const IndexBox& box : present(fill.from)) {
        std::ranges::move(BoxMinus(box, broken), std::back_inserter(whole));
      }
      for (IndexBox& box : whole) {
        filled_.Add(fill.weight, made_.emplace_back(std::move(box)));
        not_written_.Add(fill.weight, made_.back());
      }
    }
    for (const LayoutFamily& family : families) {
      if (IsCollected(family.pattern)) not_written_.Add(family.pattern, family.numbers);
    }
    std::vector<FamilyPart> left;
    for (FamilyPart& part : j_.simulation.missing) {
      if (IsCollected(families[part.family].pattern)) continue;
      for (IndexBox& box : filled_.Uncovered(families[part.family].pattern, part.numbers)) {
        left.push_back({part.family, std::move(box)});
      }
    }
    j_.simulation.missing = std::move(left);
  }

  // Experts of which some have a part and others have not.
  void FindUneven() {
    std::unordered_map<std::string_view, std::vector<const Production*>> by_pattern;
    for (const Production& production : j_.simulation.loaded.productions) {
      by_pattern[production.pattern].push_back(&production);
    }
    const auto tensors = [](const Production& production) {
      uint64_t count = 0;
      for (const Production::Input& input : production.inputs) count += input.count;
      return count;
    };
    for (const QuantisedModel::Need& need : j_.quantiser.needs) {
      for (const Production* has : by_pattern[need.has]) {
        for (const Production* lacks : by_pattern[need.lacks]) {
          if (!BoxesIntersect(has->numbers, lacks->numbers) || tensors(*lacks) >= tensors(*has)) {
            continue;
          }
          j_.incomplete.push_back({need.has, need.lacks,
                                   IntersectBoxes(has->numbers, lacks->numbers), true});
        }
      }
    }
  }

  // Where keys of a pattern are loaded from tensors of integers.
  std::vector<IndexBox> Packed(const std::string& pattern) const {
    std::vector<IndexBox> boxes;
    for (const LayoutFamily& tensor : j_.simulation.loaded.tensors) {
      if (tensor.pattern == pattern && (tensor.dtype == "int8" || tensor.dtype == "uint8")) {
        boxes.push_back(BoxOf(tensor.numbers));
      }
    }
    return boxes;
  }

  // What the quantiser adds to a module is not left out by another config while other tensors of the
  // module are there.
  void KeepOwnMissing() {
    if (j_.quantiser.layout == nullptr) return;
    const auto module = [](std::string_view pattern) {
      return pattern.substr(0, pattern.rfind('.'));
    };
    std::unordered_map<std::string_view, uint64_t> filled;
    for (const LayoutFamily& family : j_.layout->families) {
      if (!IsCollected(family.pattern)) filled[module(family.pattern)] += family.size();
    }
    for (const FamilyPart& part : j_.left_out) {
      filled[module(j_.layout->families[part.family].pattern)] -= BoxSize(part.numbers);
    }
    std::erase_if(j_.left_out, [&](const FamilyPart& part) {
      const std::string_view pattern = j_.layout->families[part.family].pattern;
      if (!j_.quantiser.own.contains(std::string(pattern)) || filled[module(pattern)] == 0) {
        return false;
      }
      j_.missing.push_back(part);
      return true;
    });
  }

  // --- ties -------------------------------------------------------------------------------------

  // Targets whose source, or another target of that source, is filled by the checkpoint.
  void FindTies() {
    const KeySet& model = *j_.simulation.model;
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
      if (!source_there) {
        CheckpointOutcome::OpenTie open{source, {}};
        std::ranges::copy_if(targets, std::back_inserter(open.there), is_there);
        if (open.there.size() > 1) j_.open_ties.push_back(std::move(open));
      }
      for (const std::string& target : targets) keys_.AddTo(&tied_, target);
      if (!source_there) keys_.AddTo(&tied_, source);
      // The engine writes only the source. If the source is not loaded, it is not clear which name
      // is written.
      for (const std::string& target : targets) keys_.AddTo(&not_written_, target);
      if (!source_there) keys_.AddTo(&not_written_, source);
    }
  }

  void SortMissing(const Excuses& excuses) {
    KeyCover quantised;
    for (const Excuses::Weight& weight : excuses.quantised) {
      quantised.Add(weight.pattern, weight.numbers);
    }
    for (const FamilyPart& part : j_.simulation.missing) {
      std::string_view pattern = j_.layout->families[part.family].pattern;
      std::vector<IndexBox> left = Excuse(part.family, {part.numbers}, tied_, &j_.tied);
      left = Excuse(part.family, left, quantised, &j_.quantised);
      std::vector<FamilyPart>* into = IsConstantBuffer(pattern) ? &j_.constants : &j_.missing;
      for (IndexBox& box : left) into->push_back({part.family, std::move(box)});
    }
    // Of experts whose parts do not go together, nothing is made.
    if (j_.quantiser.layout != nullptr) {
      const KeySet keys(j_.layout->families);
      for (const uint32_t p : j_.failed) {
        const Production& production = j_.simulation.loaded.productions[p];
        for (const uint32_t f : keys.FamiliesOf(production.pattern)) {
          if (!BoxesIntersect(production.numbers, keys.families()[f].numbers)) continue;
          j_.missing.push_back(
              {f, IntersectBoxes(production.numbers, keys.families()[f].numbers)});
        }
      }
    }
    // A wrong mapping leaves keys over: those that it should have renamed.
    bool nothing_over = j_.fills_any() && !j_.has_leftovers() && j_.failed.empty() &&
                        j_.simulation.load_collisions.empty() && !SomeFilled(j_.missing);
    if (!j_.exact && nothing_over) std::swap(j_.missing, j_.left_out);
    KeepOwnMissing();
  }

  // Moves what `cover` contains to `excused`, and returns the rest.
  std::vector<IndexBox> Excuse(uint32_t family, const std::vector<IndexBox>& boxes,
                               const KeyCover& cover, std::vector<FamilyPart>* excused) const {
    std::string_view pattern = j_.layout->families[family].pattern;
    std::vector<IndexBox> rest;
    for (const IndexBox& box : boxes) {
      std::vector<IndexBox> left = cover.Uncovered(pattern, box);
      std::vector<std::span<const IndexSet>> still(left.begin(), left.end());
      for (IndexBox& gone : BoxMinus(box, still)) excused->push_back({family, std::move(gone)});
      std::move(left.begin(), left.end(), std::back_inserter(rest));
    }
    return rest;
  }

  // Whether only some keys of a pattern are missing: a config leaves out all or none.
  bool SomeFilled(const std::vector<FamilyPart>& missing) const {
    if (missing.empty()) return false;
    std::unordered_map<std::string_view, uint64_t> keys;
    for (const LayoutFamily& family : j_.layout->families) keys[family.pattern] += family.size();
    for (const FamilyPart& part : missing) {
      keys[j_.layout->families[part.family].pattern] -= BoxSize(part.numbers);
    }
    return std::any_of(missing.begin(), missing.end(), [&](const FamilyPart& part) {
      return keys[j_.layout->families[part.family].pattern] != 0;
    });
  }

  // What was loaded, without tensors that quantisation has packed into other shapes, and without
  // those of unknown shape.
  std::vector<LayoutFamily> ComparableTensors(const Excuses& excuses) const {
    std::unordered_set<std::string> other;
    for (const Excuses::Weight& weight : excuses.quantised) other.insert(weight.pattern);
    other.insert(j_.quantiser.any_shape.begin(), j_.quantiser.any_shape.end());
    other.insert(j_.quantiser.collected.begin(), j_.quantiser.collected.end());
    // Scales and packed weights follow the sizes of the weights, which are not the layout's.
    if (options_.default_layout) other.insert(j_.quantiser.own.begin(), j_.quantiser.own.end());
    const Pass& load = j_.simulation.load;
    for (const Trace& trace : load.traces) {
      if (j_.checkpoint->has_shapes || !trace.in_model) continue;
      if (!j_.families[trace.family].shape.empty()) continue;
      if (trace.claim < 0) {
        other.insert(load.NameOf(trace).pattern);
        continue;
      }
      for (Name& name : FilledKeys(j_.simulation, load, trace)) {
        other.insert(std::move(name.pattern));
      }
    }
    std::vector<LayoutFamily> out = j_.simulation.loaded.tensors;
    if (other.empty()) return out;
    std::erase_if(out,
                  [&](const LayoutFamily& f) { return other.contains(std::string(f.pattern)); });
    return out;
  }

  void CompareTensors(const std::vector<LayoutFamily>& tensors) {
    CompareShapes(*j_.layout, tensors, &j_.sizes, &j_.shapes);
    if (!options_.default_layout) FindWrongSizes(tensors);
  }

  // A layout made for this checkpoint has the sizes of most of its keys; then the others are wrong.
  // If most differ, it was made for another checkpoint.
  void FindWrongSizes(const std::vector<LayoutFamily>& tensors) {
    if (j_.shapes.empty()) return j_.sizes.clear();
    std::unordered_set<std::string_view> all;
    std::unordered_set<std::string_view> different;
    for (const LayoutFamily& tensor : tensors) all.insert(tensor.pattern);
    for (const ShapeDifference& d : j_.shapes) different.insert(d.pattern);
    if (!options_.own_config && 2 * different.size() > all.size()) return;
    for (ShapeDifference& d : j_.shapes) {
      if (d.kind == ShapeDifference::Kind::kSize) d.kind = ShapeDifference::Kind::kWrong;
    }
    j_.sizes.clear();
  }

  // --- operations -------------------------------------------------------------------------------

  // Operations that raise. If the shape of an input is unknown and not inferred, that proves
  // nothing.
  void CollectFailed() {
    const Conversion& loaded = j_.simulation.loaded;
    for (uint32_t i = 0; i < loaded.productions.size(); ++i) {
      const Production& production = loaded.productions[i];
      if (!production.error || IsCollected(production.pattern)) continue;
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
    j_.model = WithoutTied(std::move(model.families));
    const Plan& plan = j_.simulation.plan;
    j_.save_order = SaveOrder(plan, engine_, ChoiceAfter(j_.simulation.load, engine_));
    j_.save = RunPass(plan, j_.save_order, engine_, Direction::kSave, j_.model, nullptr);
    if (j_.save.error) {
      j_.save_error = j_.save.error;
      return;
    }
    j_.saved = Convert(j_.save, plan, j_.save_order, engine_, KeySet(j_.model));
    if (j_.saved.error) j_.save_error = j_.saved.error;
  }

  std::vector<LayoutFamily> WithoutTied(std::vector<LayoutFamily> families) {
    if (not_written_.empty()) return families;
    auto boxes = std::make_shared<std::deque<IndexBox>>();
    std::vector<LayoutFamily> out;
    for (const LayoutFamily& family : families) {
      for (IndexBox& box : not_written_.Uncovered(family.pattern, BoxOf(family.numbers))) {
        boxes->push_back(std::move(box));
        out.push_back({family.pattern, boxes->back(), family.shape, family.dtype});
      }
    }
    Keep(std::move(boxes));
    return out;
  }

  // --- names that do not come back --------------------------------------------------------------

  // Keys that are loaded as they stand into what a merging converter would make of single tensors.
  void FindInMemory() {
    if (j_.quantiser.layout != nullptr || j_.of_checkpoint) return;
    const Plan& plan = j_.simulation.plan;
    const PassOrder fresh = SaveOrder(plan, engine_, FreshChoice(plan));
    const Pass save =
        RunPass(plan, fresh, engine_, Direction::kSave, j_.layout->families, nullptr);
    if (save.error) return;
    std::unordered_set<std::string_view> split;
    for (const Trace& trace : save.traces) {
      if (trace.claim < 0) continue;
      const TraceStep& step = trace.steps[static_cast<size_t>(trace.claim)];
      const std::vector<Operation>& operations = plan.transforms[step.transform].forward().operations;
      if (std::ranges::any_of(operations, [](const Operation& operation) {
            return operation.kind == OperationKind::kMergeModulelist;
          })) {
        split.insert(j_.layout->families[trace.family].pattern);
      }
    }
    if (split.empty()) return;
    const Pass& load = j_.simulation.load;
    for (const Trace& trace : load.traces) {
      if (!trace.in_model || trace.claim >= 0) continue;
      Name name = load.NameOf(trace);
      if (!split.contains(name.pattern)) continue;
      IndexBox numbers = name.Numbers(trace.members);
      j_.in_memory.push_back({std::move(name.pattern), std::move(numbers)});
    }
  }

  // A name drifted if the save of the loaded model does not write it: unless it is tied, or comes
  // back with or without the base model's prefix, which loads as well.
  void FindDrift() {
    if (j_.save_error) return;
    const KeySet written(j_.saved.tensors);
    const Pass& load = j_.simulation.load;
    for (uint32_t t = 0; t < load.traces.size(); ++t) {
      const Trace& trace = load.traces[t];
      if (!trace.in_model) continue;
      std::string_view pattern = load.families[trace.family].pattern;
      std::vector<IndexBox> lost = Uncovered(written, pattern, trace.members);
      if (lost.empty()) continue;
      lost = WithoutTied(load.NameOf(trace), std::move(lost));
      if (lost.empty()) continue;
      std::string other = WithOtherPrefix(trace, pattern);
      for (IndexBox& box : lost) {
        bool prefixed = !other.empty() && Uncovered(written, other, box).empty();
        (prefixed ? j_.prefixed : j_.drifted)
            .push_back({{std::string(pattern), std::move(box)}, t, SaveTraceOf(trace)});
      }
      if (!other.empty()) prefixed_names_.push_back(std::move(other));
    }
    FindAdded();
    FindReshaped(written);
  }

  // The name with the base model's prefix added or removed, if the load did that.
  std::string WithOtherPrefix(const Trace& trace, std::string_view pattern) const {
    std::string prefix = j_.layout->base_model_prefix + '.';
    if (trace.prefix_step == Trace::PrefixStep::kAdded) return prefix + std::string(pattern);
    if (trace.prefix_step == Trace::PrefixStep::kRemoved && pattern.starts_with(prefix)) {
      return std::string(pattern.substr(prefix.size()));
    }
    return "";
  }

  // Tensors that are read with one shape and written with another.
  void FindReshaped(const KeySet& written) {
    if (!j_.checkpoint->has_shapes || !j_.quantised.empty() ||
        j_.quantiser.layout != nullptr) {
      return;
    }
    const Pass& load = j_.simulation.load;
    for (const Trace& trace : load.traces) {
      if (!trace.in_model) continue;
      const LayoutFamily& family = load.families[trace.family];
      for (uint32_t f : written.FamiliesOf(family.pattern)) {
        const LayoutFamily& tensor = j_.saved.tensors[f];
        if (std::equal(tensor.shape.begin(), tensor.shape.end(), family.shape.begin(),
                       family.shape.end()) ||
            !BoxesIntersect(tensor.numbers, trace.members)) {
          continue;
        }
        ReshapedKeys keys{
            {std::string(family.pattern), IntersectBoxes(tensor.numbers, trace.members)},
            {family.shape.begin(), family.shape.end()},
            {tensor.shape.begin(), tensor.shape.end()},
            trace.claim < 0 ? LastRenamer(trace)
                            : trace.steps[static_cast<size_t>(trace.claim)].transform};
        j_.reshaped.push_back(std::move(keys));
      }
    }
  }

  // The boxes whose keys, loaded as `name`, a save writes: it leaves out tied ones.
  std::vector<IndexBox> WithoutTied(const Name& name, std::vector<IndexBox> boxes) const {
    std::vector<IndexBox> out;
    for (IndexBox& box : boxes) {
      IndexBox numbers = name.Numbers(box);
      std::vector<IndexBox> left = not_written_.Uncovered(name.pattern, numbers);
      if (left.empty()) continue;
      if (left.size() == 1 && left.front() == numbers) {
        out.push_back(std::move(box));
        continue;
      }
      // Some are tied, others are not.
      std::vector<std::vector<uint32_t>> members;
      ForEachMember(box, [&](std::span<const uint32_t> member) {
        IndexBox one;
        for (uint32_t value : member) one.emplace_back(value, value);
        if (not_written_.Uncovered(name.pattern, name.Numbers(one)).empty()) return;
        members.emplace_back(member.begin(), member.end());
      });
      for (IndexBox& rest : CutIntoBoxes(std::move(members))) out.push_back(std::move(rest));
    }
    return out;
  }

  // How the model key that a trace leads to is saved.
  std::optional<uint32_t> SaveTraceOf(const Trace& loaded) {
    if (saves_.empty()) {
      for (uint32_t t = 0; t < j_.save.traces.size(); ++t) {
        saves_[j_.model[j_.save.traces[t].family].pattern].push_back(t);
      }
    }
    Name name = j_.simulation.load.NameOf(loaded);
    IndexBox numbers = name.Numbers(loaded.members);
    auto same = saves_.find(name.pattern);
    if (same == saves_.end()) return std::nullopt;
    for (uint32_t t : same->second) {
      if (BoxesIntersect(j_.save.traces[t].members, numbers)) return t;
    }
    return std::nullopt;
  }

  // A missing key is saved, too, under a name that was not there; that is not news.
  void FindAdded() {
    const KeySet there(j_.families);
    Conversion of_missing;
    std::vector<LayoutFamily> families;
    for (const std::vector<FamilyPart>* parts :
         {&j_.missing, &j_.quantised, &j_.constants, &j_.left_out}) {
      for (const FamilyPart& part : *parts) {
        const LayoutFamily& family = j_.layout->families[part.family];
        families.push_back({family.pattern, part.numbers, family.shape, family.dtype});
      }
    }
    if (!families.empty()) {
      const Plan& plan = j_.simulation.plan;
      Pass save = RunPass(plan, j_.save_order, engine_, Direction::kSave, families, nullptr);
      if (!save.error) {
        of_missing = Convert(save, plan, j_.save_order, engine_, KeySet(families));
      }
    }
    const KeySet known(of_missing.tensors);
    std::unordered_set<std::string_view> prefixed(prefixed_names_.begin(), prefixed_names_.end());
    for (const LayoutFamily& tensor : j_.saved.tensors) {
      if (prefixed.contains(tensor.pattern)) continue;
      for (const IndexBox& box : Uncovered(there, tensor.pattern, tensor.numbers)) {
        std::vector<std::span<const IndexSet>> news;
        std::vector<IndexBox> left = Uncovered(known, tensor.pattern, box);
        for (const IndexBox& rest : left) news.push_back(rest);
        for (IndexBox& rest : BoxMinus(box, news)) {
          j_.added_for_missing.push_back({std::string(tensor.pattern), std::move(rest)});
        }
        for (IndexBox& rest : left) {
          j_.added.push_back({std::string(tensor.pattern), std::move(rest)});
        }
      }
    }
  }

  const Layout* given_;
  const CompiledRegistry& registry_;
  const CompiledRegistry* with_copies_ = &registry_;  // of converters, for quantised experts
  const Engine& engine_;
  const CheckpointOptions& options_;
  CheckpointOutcome j_;
  std::vector<std::shared_ptr<const void>> kept_;
  SingleKeys keys_;
  KeyCover tied_;         // keys that may be absent
  KeyCover not_written_;  // keys that a save leaves out
  KeyCover filled_;       // keys that a quantiser makes of others
  std::deque<IndexBox> made_;
  std::unordered_map<std::string_view, std::vector<uint32_t>> saves_;  // traces, by the model's key
  std::vector<std::string>
      prefixed_names_;  // of keys, with the base model's prefix added or removed
};

}  // namespace

bool CheckpointOutcome::fills_any() const {
  uint64_t missing_keys = 0;
  for (const FamilyPart& part : simulation.missing) missing_keys += BoxSize(part.numbers);
  return missing_keys < model_keys();
}

uint64_t CheckpointOutcome::model_keys() const {
  uint64_t keys = 0;
  for (const LayoutFamily& family : layout->families) {
    if (!quantiser.collected.contains(std::string(family.pattern))) keys += family.size();
  }
  return keys;
}

std::span<const Trace> TracesOf(const Pass& pass, uint32_t family) {
  // Most families have one trace.
  const auto& traces = pass.traces;
  if (family + 1 < traces.size() && traces[family].family == family &&
      traces[family + 1].family > family) {
    return {&traces[family], 1};
  }
  auto before = [](const Trace& trace, uint32_t f) { return trace.family < f; };
  auto begin = std::lower_bound(pass.traces.begin(), pass.traces.end(), family, before);
  auto end = std::lower_bound(begin, pass.traces.end(), family + 1, before);
  return {begin, end};
}

CheckpointOutcome SimulateCheckpoint(const Layout& layout, const CompiledRegistry& registry,
                                     const Checkpoint& checkpoint,
                                     const CheckpointOptions& options) {
  return CheckpointSimulator(layout, registry, checkpoint, options).Run();
}

}  // namespace wcheck
