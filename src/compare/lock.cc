// Builds a lock from simulations, and checks one. A class whose lines are unchanged needs no
// further look. For the others, the locked names are loaded with the current mapping, and the
// result is compared with what the lock says about each line.
#include "compare/lock.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "analysis/incomplete.h"
#include "compare/class_changes.h"
#include "compare/fates.h"
#include "compare/grouping.h"
#include "compare/lock_lines.h"
#include "compare/misfits.h"
#include "compare/name_set.h"
#include "engine/simulation.h"
#include "families/family_cells.h"
#include "pattern/search_budget.h"
#include "support/threads.h"

namespace wcheck {
namespace {

using Kind = KeyChange::Kind;

// Classes of one side by name, with the plans of their layouts.
class LockSide {
 public:
  explicit LockSide(const CompareSide& side) : side_(side), compiled_(*side.registry, *side.engine) {
    for (size_t i = 0; i < side.layouts->size(); ++i) {
      by_name_.emplace(side.layouts->class_name(i), i);
    }
  }

  const CompiledRegistry& compiled() const { return compiled_; }
  bool Has(const std::string& name) const { return by_name_.contains(name); }
  Result<Layout> Read(const std::string& name) const {
    return side_.layouts->Read(by_name_.at(name));
  }
  // The first entry that a class reaches and that could not be read completely.
  const Entry* IncompleteEntry(const Plan& plan) const {
    return FirstIncompleteEntry(plan, *side_.registry);
  }
  Simulation SimulationOf(const Layout& layout) const {
    return Simulate(layout, compiled_, {});
  }

 private:
  const CompareSide& side_;
  CompiledRegistry compiled_;
  std::unordered_map<std::string_view, size_t> by_name_;
};

// Calls work(i) for each class on several threads, and reports progress.
Status ForEachClass(size_t classes, const JudgeOptions& options,
                    const std::function<Status(size_t)>& work) {
  std::atomic<size_t> done{0};
  StartSearchBudget();
  return ForEachInThreads(classes, ThreadCount(options.jobs, classes),
                          [&](size_t i, size_t thread) -> Status {
                            Status status = work(i);
                            if (status) status = CheckSearchBudget();
                            const size_t so_far = ++done;
                            if (status && options.progress) options.progress(so_far);
                            return status;
                          });
}

// --- what a class's checkpoints were, loaded with what is there now
// -----------------------------------

class LockComparer {
 public:
  LockComparer(const std::vector<std::string>& locked, const std::vector<std::string>& current,
               const Simulation& now)
      : locked_(locked), current_(current), now_(now) {}

  std::vector<KeyChange> Run() && {
    CompareOtherLines();
    if (!now_.load.error) LoadLocked();
    CompareNames();
    std::ranges::stable_sort(changes_, [](const KeyChange& a, const KeyChange& b) {
      return a.kind != b.kind ? a.kind < b.kind : a.count > b.count;
    });
    return std::move(changes_);
  }

 private:
  void Add(Kind kind, std::string subject, uint64_t count, std::vector<std::string> before,
           std::vector<std::string> after, std::string message = "") {
    changes_.push_back(
        {kind, std::move(subject), count, std::move(before), std::move(after), std::move(message)});
  }

  // New lines that are not about checkpoint keys.
  void CompareOtherLines() {
    for (const std::string& line : current_) {
      if (std::ranges::binary_search(locked_, line)) continue;
      if (line.starts_with("! ")) Add(Kind::kError, "", 1, {}, {}, line.substr(2));
      if (line.starts_with("= ")) {
        const size_t arrow = line.find(" > ");
        Add(Kind::kOwnNames, line.substr(2, arrow - 2), 1, {}, {line.substr(arrow + 3)});
      }
    }
  }

  // The locked names, with their locked shapes, are loaded with the current mapping: the lock says
  // where each of them went when it was written.
  void LoadLocked() {
    std::vector<LockedKeys> keys;
    NameSet missed;
    for (const std::string& line : locked_) {
      if (std::optional<LockedKeys> parsed = ParseLockedKeys(line)) {
        keys.push_back(std::move(*parsed));
      } else if (line.starts_with("? ")) {
        const std::optional<LockFamily> family = ParseLockName(line.substr(2));
        missed.Add(family->pattern, family->numbers);
      }
    }
    std::vector<LayoutFamily> families;
    families.reserve(keys.size());
    for (const LockedKeys& key : keys) {
      families.push_back({key.family.pattern, key.family.numbers, key.shape, ""});
    }
    const LoadTarget target{now_.layout->base_model_prefix, now_.model.get()};
    const Pass load =
        RunPass(now_.plan, now_.load_order, *now_.engine, Direction::kLoad, families, &target);
    if (load.error) {
      Add(Kind::kError, load.error_key, 1, {}, {}, "loading raises " + load.error->ToString());
      return;
    }
    const Conversion loaded = Convert(load, now_.plan, now_.load_order, *now_.engine, *now_.model);
    CompareFates(keys, load, loaded);
    CompareModel(loaded, missed);
  }

  // The targets of the keys of each line, joined from the parts that were examined separately.
  void CompareFates(const std::vector<LockedKeys>& keys, const Pass& load,
                    const Conversion& loaded) {
    const Recipes recipes(loaded);
    std::vector<std::set<std::string>> targets(keys.size());
    std::vector<std::set<std::string>> wrong_recipes(keys.size());
    std::vector<std::unordered_map<std::string, std::vector<IndexBox>>> reached(keys.size());
    for (uint32_t t = 0; t < load.traces.size(); ++t) {
      const Trace& trace = load.traces[t];
      if (!trace.in_model) {
        targets[trace.family].insert("");
        continue;
      }
      const Name name = load.NameOf(trace);
      reached[trace.family][name.pattern].push_back(name.Numbers(trace.members));
      const std::string recipe = trace.claim < 0 ? "" : recipes.Of(t).ToString();
      if (recipe != keys[trace.family].recipe) wrong_recipes[trace.family].insert(recipe);
    }
    for (size_t i = 0; i < keys.size(); ++i) {
      for (auto& [pattern, boxes] : reached[i]) {
        JoinBoxes(&boxes);
        for (const IndexBox& box : boxes) targets[i].insert(LockName(pattern, box));
      }
      CompareFate(keys[i], targets[i], wrong_recipes[i]);
    }
  }

  void CompareFate(const LockedKeys& keys, const std::set<std::string>& targets,
                   const std::set<std::string>& wrong_recipes) {
    const uint64_t count = BoxSize(keys.family.numbers);
    const std::vector<std::string> now(targets.begin(), targets.end());
    if (targets == std::set<std::string>{keys.target}) {
      if (!wrong_recipes.empty()) {
        Add(Kind::kOtherContent, keys.name, count, {Shown(keys.recipe)},
            {Shown(*wrong_recipes.begin())});
      }
    } else if (keys.target.empty()) {
      Add(Kind::kRepaired, keys.name, count, {}, now);
    } else if (targets.contains("")) {
      Add(Kind::kNotLoaded, keys.name, count, {keys.target}, {});
    } else {
      Add(Kind::kOtherTarget, keys.name, count, {keys.target}, now);
    }
  }

  static std::string Shown(const std::string& recipe) {
    return recipe.empty() ? Recipe{}.ToString() : recipe;
  }

  void CompareModel(const Conversion& loaded, const NameSet& missed) {
    const NameSet filled(loaded.tensors);
    for (const LayoutFamily& family : now_.layout->families) {
      for (const IndexBox& missing : filled.Outside(family.pattern, family.numbers)) {
        for (const IndexBox& box : missed.Outside(family.pattern, missing)) {
          Add(Kind::kNoSource, ShowFamily(family.pattern, box), BoxSize(box), {}, {});
        }
      }
    }
    for (const Misfit& misfit : MisfitsOf(loaded.tensors, *now_.model)) {
      Add(Kind::kLoadedShape, ShowFamily(misfit.pattern, misfit.numbers), BoxSize(misfit.numbers),
          {ShapeText(misfit.expected)}, {ShapeText(misfit.found)});
    }
  }

  // --- what is saved
  // ------------------------------------------------------------------------------

  // The names that only one side has, joined if they belong to the same model keys.
  void CompareNames() {
    std::vector<LockedKeys> were = KeysOf(locked_);
    std::vector<LockedKeys> are = KeysOf(current_);
    const NameSet old_names = NamesOf(were);
    const NameSet new_names = NamesOf(are);
    std::map<std::string, KeyChange> by_target;
    const auto note = [&](const LockedKeys& keys, const NameSet& others, bool old) {
      for (const IndexBox& box : others.Outside(keys.family.pattern, keys.family.numbers)) {
        KeyChange& change = by_target[keys.target];
        (old ? change.before : change.after).push_back(LockName(keys.family.pattern, box));
        change.count = std::max(change.count, BoxSize(box));
      }
    };
    for (const LockedKeys& keys : were) note(keys, new_names, true);
    for (const LockedKeys& keys : are) note(keys, old_names, false);
    for (auto& [target, change] : by_target) {
      Add(Kind::kSavedAs, target, change.count, std::move(change.before), std::move(change.after));
    }
    for (const LockedKeys& now : are) {
      if (now.target.empty() && !old_names.Holds(now.family.pattern, now.family.numbers)) {
        Add(Kind::kNotReloaded, now.name, BoxSize(now.family.numbers), {}, {});
      }
      for (const LockedKeys& was : were) {
        if (was.name != now.name || was.shape == now.shape) continue;
        Add(Kind::kSavedShape, now.name, BoxSize(now.family.numbers), {ShapeText(was.shape)},
            {ShapeText(now.shape)});
      }
    }
  }

  static std::vector<LockedKeys> KeysOf(const std::vector<std::string>& lines) {
    std::vector<LockedKeys> out;
    for (const std::string& line : lines) {
      if (std::optional<LockedKeys> keys = ParseLockedKeys(line)) out.push_back(std::move(*keys));
    }
    return out;
  }

  static NameSet NamesOf(const std::vector<LockedKeys>& keys) {
    NameSet out;
    for (const LockedKeys& key : keys) out.Add(key.family.pattern, key.family.numbers);
    return out;
  }

  const std::vector<std::string>& locked_;
  const std::vector<std::string>& current_;
  const Simulation& now_;
  std::vector<KeyChange> changes_;
};

// A class that the lock does not name saves its own names.
std::vector<std::string> OwnLines(const Layout& layout) {
  static const Registry kNothing;
  const CompiledRegistry registry(kNothing, DefaultEngine());
  return LockLines(Simulate(layout, registry, {}));
}

// What happens to a class, as a text that is equal for equal changes.
std::string CauseOf(const ClassComparison& one) {
  std::string cause;
  for (const KeyChange& change : one.changes) {
    cause += std::to_string(static_cast<int>(change.kind)) + '\n' + change.subject + '\n';
    for (const std::string& name : change.before) cause += "- " + name + '\n';
    for (const std::string& name : change.after) cause += "+ " + name + '\n';
    cause += change.message + '\n';
  }
  return cause;
}

struct LockOutcome {
  enum class Kind : uint8_t { kSame, kDifferent, kGone, kNotJudged };
  Kind kind = Kind::kSame;
  ClassComparison comparison;
};

}  // namespace

// A class without an entry saves its own names, which needs no line, so it is not simulated.
Result<Lock> MakeLock(const CompareSide& side, const std::vector<std::string>& classes,
                      const JudgeOptions& options) {
  const LockSide lock_side(side);
  if (!lock_side.compiled().rejections().empty()) {
    const CompiledRegistry::Rejection& first = lock_side.compiled().rejections().front();
    return Error{PlaceOf(*first.spec).place(),
                 "transform " + std::to_string(first.index) + " of entry '" +
                     std::string(first.entry) + "' does not construct: " + first.error.ToString(),
                 "`wcheck check` shows the details"};
  }
  std::vector<std::vector<std::string>> lines(classes.size());
  const Status status = ForEachClass(classes.size(), options, [&](size_t i) -> Status {
    Result<Layout> layout = lock_side.Read(classes[i]);
    if (!layout) return layout.error();
    const Plan plan = CollectPlan(*layout, lock_side.compiled());
    if (const Entry* entry = lock_side.IncompleteEntry(plan)) {
      return Error{entry->where.place(),
                   "entry '" + entry->name + "' could not be read completely, so what " +
                       classes[i] + " saves is unknown",
                   "`wcheck check` reports it"};
    }
    if (!plan.hits.empty()) lines[i] = LockLines(lock_side.SimulationOf(*layout));
    return Unit{};
  });
  if (!status) return status.error();
  Lock lock;
  lock.engine = side.engine->name;
  for (size_t i = 0; i < classes.size(); ++i) {
    if (!lines[i].empty()) lock.classes.emplace(classes[i], std::move(lines[i]));
  }
  return lock;
}

// Only classes whose lines changed are loaded and judged; comparing lines is much cheaper.
Result<Comparison> CompareWithLock(const Lock& lock, const CompareSide& side,
                                   const std::vector<std::string>& classes,
                                   const JudgeOptions& options) {
  const LockSide lock_side(side);
  Comparison comparison;
  if (!lock_side.compiled().rejections().empty()) {
    ChangeGroup group = RejectedGroup(lock_side.compiled().rejections());
    for (const std::string& name : classes) {
      group.classes.push_back({name, Compatibility::kBreaking, {}, false});
    }
    comparison.breaking = classes.size();
    comparison.groups.push_back(std::move(group));
    return comparison;
  }
  std::vector<LockOutcome> outcomes(classes.size());
  const Status status = ForEachClass(classes.size(), options, [&](size_t i) -> Status {
    LockOutcome& outcome = outcomes[i];
    if (!lock_side.Has(classes[i])) {
      outcome.kind = LockOutcome::Kind::kGone;
      return Unit{};
    }
    Result<Layout> layout = lock_side.Read(classes[i]);
    if (!layout) return layout.error();
    const Plan plan = CollectPlan(*layout, lock_side.compiled());
    if (lock_side.IncompleteEntry(plan) != nullptr) {
      outcome.kind = LockOutcome::Kind::kNotJudged;
      return Unit{};
    }
    const auto found = lock.classes.find(classes[i]);
    if (plan.hits.empty() && found == lock.classes.end()) return Unit{};
    const Simulation simulation = lock_side.SimulationOf(*layout);
    const std::vector<std::string> current = LockLines(simulation);
    const std::vector<std::string> locked =
        found == lock.classes.end() ? OwnLines(*layout) : found->second;
    if (locked == current) return Unit{};
    outcome.kind = LockOutcome::Kind::kDifferent;
    outcome.comparison.class_name = classes[i];
    outcome.comparison.changes = LockComparer(locked, current, simulation).Run();
    outcome.comparison.verdict = VerdictOf(outcome.comparison.changes);
    return Unit{};
  });
  if (!status) return status.error();

  std::map<std::string, ChangeGroup> groups;
  for (size_t i = 0; i < classes.size(); ++i) {
    LockOutcome& outcome = outcomes[i];
    switch (outcome.kind) {
      case LockOutcome::Kind::kGone:
        comparison.removed.push_back(classes[i]);
        continue;
      case LockOutcome::Kind::kNotJudged:
        comparison.not_judged.push_back({classes[i], std::string(kIncompleteEntry), ""});
        continue;
      case LockOutcome::Kind::kSame:
        ++comparison.untouched;
        break;
      case LockOutcome::Kind::kDifferent:
        if (outcome.comparison.changes.empty()) break;
        std::string cause = CauseOf(outcome.comparison);
        ChangeGroup& group = groups[cause];
        group.cause = std::move(cause);
        group.verdict = outcome.comparison.verdict;
        group.summary = "not as locked";
        group.classes.push_back(outcome.comparison);
        break;
    }
    const Compatibility verdict = outcome.comparison.verdict;
    ++(verdict == Compatibility::kSame         ? comparison.same
       : verdict == Compatibility::kCompatible ? comparison.compatible
                                               : comparison.breaking);
  }
  for (auto& [cause, group] : groups) comparison.groups.push_back(std::move(group));
  SortGroups(&comparison.groups);
  return comparison;
}

}  // namespace wcheck
