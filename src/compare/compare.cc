// Finds the classes that can have changed (their plans, models or engines differ), simulates those
// on both sides, and groups their changes by cause. All other classes are the same by construction.
#include "wcheck/compare.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "analysis/incomplete.h"
#include "analysis/trace_text.h"
#include "analysis/written.h"
#include "compare/class_changes.h"
#include "compare/grouping.h"
#include "compare/other_form.h"
#include "compare/plan_edits.h"
#include "engine/simulation.h"
#include "judge/simulation_judge.h"
#include "pattern/search_budget.h"
#include "support/threads.h"

namespace wcheck {
namespace {

// One side while it is being compared.
struct Side {
  Side(const CompareSide& given, const JudgeOptions& options)
      : given(given), compiled(*given.registry, *given.engine), judge(compiled, options) {
    for (size_t i = 0; i < given.layouts->size(); ++i) {
      by_name.emplace(given.layouts->class_name(i), i);
    }
  }

  Result<Layout> Read(const std::string& class_name) const {
    return given.layouts->Read(by_name.at(class_name));
  }
  bool Has(const std::string& class_name) const { return by_name.contains(class_name); }
  // Reaches an entry that could not be read completely.
  bool Incomplete(const Plan& plan) const {
    return FirstIncompleteEntry(plan, *given.registry) != nullptr;
  }

  const CompareSide& given;
  CompiledRegistry compiled;
  SimulationJudge judge;
  std::unordered_map<std::string_view, size_t> by_name;
};

// The result for one class.
struct ClassResult {
  enum class Kind : uint8_t { kUntouched, kCompared, kAdded, kRemoved, kNotJudged };
  Kind kind = Kind::kUntouched;
  ClassOutcome compared;
  std::set<std::string> reached;  // entries, on either side
};

class Comparer {
 public:
  Comparer(const CompareSide& before, const CompareSide& after, const CompareOptions& options)
      : options_(options),
        before_(before, SideOptions(options)),
        after_(after, SideOptions(options)),
        same_layouts_(before.layouts == after.layouts) {
    numbers_.Add(*before.registry);
    numbers_.Add(*after.registry);
    different_ = DifferentEntries(*before.registry, *after.registry, numbers_);
    touched_ = different_;
    for (const CompareSide* side : {&before, &after}) {
      for (const auto& [name, entry] : side->registry->entries) {
        if (entry.incomplete) touched_.insert(name);
      }
    }
    everything_touched_ = before.engine != after.engine || touched_.contains(kLegacyEntry);
  }

  // If the engine rejects a transform of the new mapping that it accepted before, the library
  // cannot be imported any more, and no class needs to be simulated.
  Result<Comparison> Run(const std::vector<std::string>& classes) {
    std::vector<CompiledRegistry::Rejection> rejected = NewRejections();
    if (!rejected.empty()) return RejectedComparison(rejected, classes);
    std::vector<ClassResult> outcomes(classes.size());
    std::atomic<size_t> done{0};
    const Status status =
        ForEachInThreads(classes.size(), ThreadCount(options_.judge.jobs, classes.size()),
                         [&](size_t i, size_t thread) -> Status {
                           Status compared = CompareClass(classes[i], &outcomes[i]);
                           if (compared) compared = CheckSearchBudget();
                           const size_t so_far = ++done;
                           if (compared && options_.judge.progress) options_.judge.progress(so_far);
                           return compared;
                         });
    if (!status) return status.error();
    Comparison comparison;
    std::vector<ClassOutcome> compared;
    std::set<std::string> reached;
    for (size_t i = 0; i < classes.size(); ++i) {
      reached.merge(outcomes[i].reached);
      switch (outcomes[i].kind) {
        case ClassResult::Kind::kUntouched:
          ++comparison.untouched;
          ++comparison.same;
          break;
        case ClassResult::Kind::kCompared:
          compared.push_back(std::move(outcomes[i].compared));
          break;
        case ClassResult::Kind::kAdded:
          comparison.added.push_back(classes[i]);
          break;
        case ClassResult::Kind::kRemoved:
          comparison.removed.push_back(classes[i]);
          break;
        case ClassResult::Kind::kNotJudged:
          comparison.not_judged.push_back({classes[i], std::string(kIncompleteEntry), ""});
          break;
      }
    }
    // Whoever compares some classes does not ask about the entries of the others.
    bool names = false;  // whether there is an entry of which only its names are judged
    for (const std::string& entry : different_) {
      if (!options_.all_classes) break;
      if (entry == kLegacyEntry || reached.contains(entry)) continue;
      names = options_.whole_release;
      comparison.not_judged.push_back({entry, std::string(kUnreachedEntry), ""});
    }
    SortNotJudged(&comparison.not_judged);
    if (Status found = CompareFindings(names, &comparison); !found) return found.error();
    Finish(std::move(compared), &comparison);
    return comparison;
  }

 private:
  static JudgeOptions SideOptions(const CompareOptions& options) {
    JudgeOptions judge = options.judge;
    // What an ignore comment silences in classes that are not simulated is unknown.
    judge.ignore.insert("unused-ignore");
    return judge;
  }

  // --- one class
  // -------------------------------------------------------------------------------------

  Status CompareClass(const std::string& name, ClassResult* outcome) {
    if (!before_.Has(name) || !after_.Has(name)) {
      outcome->kind = ClassResult::Kind::kRemoved;
      return before_.Has(name) ? Status(Unit{}) : JudgeNew(after_.Read(name), outcome);
    }
    Result<Layout> old_layout = before_.Read(name);
    if (!old_layout) return old_layout.error();
    if (options_.is_new && options_.is_new(*old_layout)) {
      return JudgeNew(after_.Read(name), outcome);
    }
    std::optional<Layout> new_layout;
    if (!same_layouts_) {
      Result<Layout> read = after_.Read(name);
      if (!read) return read.error();
      // An unchanged model need not be compared with itself.
      if (!SameModel(*old_layout, *read)) new_layout = std::move(*read);
    }
    if (!new_layout && !MayBeTouched(*old_layout)) {
      NoteUntouched(*old_layout);
      return Unit{};
    }
    CompareLayouts(*old_layout, new_layout ? *new_layout : *old_layout, outcome);
    return Unit{};
  }

  // There is nothing to compare a new class with, but all that is wrong with it is new.
  Status JudgeNew(const Result<Layout>& layout, ClassResult* outcome) {
    if (!layout) return layout.error();
    const Plan plan = CollectPlan(*layout, after_.compiled);
    for (const Plan::Hit& hit : plan.hits) outcome->reached.emplace(hit.entry);
    outcome->kind =
        after_.Incomplete(plan) ? ClassResult::Kind::kNotJudged : ClassResult::Kind::kAdded;
    if (outcome->kind == ClassResult::Kind::kAdded) {
      after_.judge.Add(Simulate(*layout, after_.compiled, {}));
    }
    return Unit{};
  }

  bool MayBeTouched(const Layout& layout) const {
    return everything_touched_ || std::ranges::any_of(layout.modules, [&](const SubModel& m) {
             return touched_.contains(m.class_name) || touched_.contains(m.model_type);
           });
  }

  void NoteUntouched(const Layout& layout) {
    std::lock_guard lock(mutex_);
    for (const SubModel& module : layout.modules) {
      untouched_.insert(module.class_name);
      untouched_.insert(module.model_type);
    }
  }

  // Comparing plans is much cheaper than simulating, and settles most classes: an edit usually
  // affects a few entries.
  void CompareLayouts(const Layout& old_layout, const Layout& new_layout, ClassResult* outcome) {
    const Plan old_plan = CollectPlan(old_layout, before_.compiled);
    const Plan new_plan = CollectPlan(new_layout, after_.compiled);
    for (const Plan* plan : {&old_plan, &new_plan}) {
      for (const Plan::Hit& hit : plan->hits) outcome->reached.emplace(hit.entry);
    }
    if (before_.Incomplete(old_plan) || after_.Incomplete(new_plan)) {
      outcome->kind = ClassResult::Kind::kNotJudged;
      return;
    }
    const bool same_engine = before_.given.engine == after_.given.engine;
    if (same_engine && &old_layout == &new_layout && SamePlan(old_plan, new_plan, numbers_)) {
      NoteUntouched(old_layout);
      return;
    }
    outcome->kind = ClassResult::Kind::kCompared;
    const Simulation before = Simulate(old_layout, before_.compiled, {});
    const Simulation after = Simulate(new_layout, after_.compiled, {});
    before_.judge.Add(before);
    after_.judge.Add(after);

    ClassOutcome& compared = outcome->compared;
    ClassChanges changes = ChangesOf(before, after);
    AddOtherForm(before, after, &changes);
    compared.comparison.class_name = old_layout.class_name;
    compared.comparison.verdict = VerdictOf(changes.changes);
    compared.comparison.allowed = compared.comparison.verdict == Compatibility::kCompatible &&
                                  options_.allow_drift &&
                                  options_.allow_drift(old_layout.class_name);
    compared.comparison.changes = std::move(changes.changes);
    compared.movers = std::move(changes.movers);
    compared.edits = RelevantEdits(before, after);
    compared.aliases = AliasEdits(outcome->reached);
    compared.model_changed = &old_layout != &new_layout;
    compared.engine_changed = !same_engine;
  }

  // A file of the base model loads into a class with a head: the engine adds the base prefix. So
  // the checkpoint is loaded in that form, too. Whether anybody has such files is not known; they
  // count if one of the two mappings loads them completely.
  void AddOtherForm(const Simulation& before, const Simulation& after,
                    ClassChanges* changes) const {
    if (!before.has_checkpoint || before.load.error) return;
    const OtherForm other(before.checkpoint, before.layout->base_model_prefix);
    if (other.families().empty()) return;
    SimulationOptions options;
    options.load_only = true;
    options.checkpoint = &other.families();
    const Simulation was = Simulate(*before.layout, before_.compiled, options);
    const Simulation is = Simulate(*after.layout, after_.compiled, options);
    const auto complete = [](const Simulation& s) {
      return !s.load.error && s.unexpected.empty() && s.missing.empty();
    };
    if (!complete(was) && !complete(is)) return;
    for (KeyChange& change : ChangesOf(was, is).changes) {
      // What happens to the file in its own form as well is told once.
      const bool told = std::ranges::any_of(
          changes->changes, [&](const KeyChange& c) { return c.kind == change.kind; });
      if (told || CompatibilityOf(change.kind) == Compatibility::kSame) continue;
      change.form = other.name();
      changes->changes.push_back(std::move(change));
    }
    std::ranges::stable_sort(changes->changes, {}, &KeyChange::kind);
  }

  // The edits of transforms that matched a key; all of them if none did.
  std::vector<TransformEdit> RelevantEdits(const Simulation& before,
                                           const Simulation& after) const {
    std::vector<TransformEdit> relevant;
    std::vector<TransformEdit> all;
    for (PlanEdit& edit : EditsBetween(before.plan, after.plan, numbers_)) {
      if ((edit.before && Used(before, *edit.before)) || (edit.after && Used(after, *edit.after))) {
        relevant.push_back(edit.edit);
      }
      all.push_back(std::move(edit.edit));
    }
    return relevant.empty() ? all : relevant;
  }

  std::vector<AliasEdit> AliasEdits(const std::set<std::string>& entries) const {
    const auto target = [](const Registry& registry, const std::string& name) {
      const auto found = std::ranges::find(registry.aliases, name, &Alias::name);
      return found == registry.aliases.end() ? std::string() : found->entry;
    };
    std::vector<AliasEdit> out;
    for (const std::string& name : entries) {
      if (!different_.contains(name)) continue;
      AliasEdit edit{name, target(*before_.given.registry, name),
                     target(*after_.given.registry, name)};
      if (edit.before != edit.after) out.push_back(std::move(edit));
    }
    return out;
  }

  // --- a registry that the engine cannot import
  // ------------------------------------------------------

  std::vector<CompiledRegistry::Rejection> NewRejections() const {
    std::set<std::pair<std::string_view, std::string>> known;
    for (const auto& r : before_.compiled.rejections()) {
      known.emplace(r.entry, TransformText(*r.spec));
    }
    std::vector<CompiledRegistry::Rejection> out;
    for (const auto& r : after_.compiled.rejections()) {
      // What could not be read completely is no transform that the engine would see.
      const Entry* entry = after_.given.registry->Find(r.entry);
      if (entry != nullptr && entry->incomplete) continue;
      if (!known.contains({r.entry, TransformText(*r.spec)})) out.push_back(r);
    }
    return out;
  }

  // No class can be loaded or saved, so all of them break.
  Result<Comparison> RejectedComparison(const std::vector<CompiledRegistry::Rejection>& rejected,
                                        const std::vector<std::string>& classes) {
    Comparison comparison;
    std::vector<ClassOutcome> compared;
    for (const std::string& name : classes) {
      if (!before_.Has(name) || !after_.Has(name)) {
        (before_.Has(name) ? comparison.removed : comparison.added).push_back(name);
        continue;
      }
      ClassOutcome outcome;
      outcome.comparison.class_name = name;
      outcome.comparison.verdict = Compatibility::kBreaking;
      compared.push_back(std::move(outcome));
    }
    comparison.breaking = compared.size();
    ChangeGroup group = RejectedGroup(rejected);
    for (ClassOutcome& outcome : compared) group.classes.push_back(std::move(outcome.comparison));
    if (!group.classes.empty()) comparison.groups.push_back(std::move(group));
    if (Status found = CompareFindings(/*names=*/false, &comparison); !found) return found.error();
    return comparison;
  }

  // --- findings
  // ----------------------------------------------------------------------------------------

  // Only classes that may have changed were judged. That suffices for findings in a class, and for
  // an edited transform; findings that depend on other classes are left out. With `names`, those of
  // entries that no class reaches are looked for among the keys of the release.
  Status CompareFindings(bool names, Comparison* comparison) {
    const auto judged = [&](Side& side) -> Result<Judgement> {
      if (names) return side.judge.FinishAmong(untouched_, *side.given.layouts);
      return side.judge.Finish(/*all_classes=*/true);
    };
    Result<Judgement> old_judged = judged(before_);
    if (!old_judged) return old_judged.error();
    Result<Judgement> new_judged = judged(after_);
    if (!new_judged) return new_judged.error();
    std::vector<Finding> old_findings = std::move(old_judged->findings);
    std::vector<Finding> new_findings = std::move(new_judged->findings);
    const auto identities = [](const std::vector<Finding>& findings) {
      std::set<std::string_view> out;
      for (const Finding& finding : findings) out.insert(finding.identity);
      return out;
    };
    const std::set<std::string_view> old_identities = identities(old_findings);
    const std::set<std::string_view> new_identities = identities(new_findings);
    comparison->old_findings = static_cast<size_t>(std::ranges::count_if(
        old_identities, [&](auto identity) { return new_identities.contains(identity); }));
    const std::set<std::string> old_others = EntriesOfOthers(*before_.given.registry);
    const std::set<std::string> new_others = EntriesOfOthers(*after_.given.registry);
    for (const Finding& finding : new_findings) {
      if (!old_identities.contains(finding.identity) && Known(finding, new_others)) {
        comparison->new_findings.push_back(finding);
      }
    }
    for (const Finding& finding : old_findings) {
      if (!new_identities.contains(finding.identity) && Known(finding, old_others)) {
        comparison->fixed_findings.push_back(finding);
      }
    }
    return Unit{};
  }

  // The entries whose transforms are in the plans of classes that were not simulated, under the
  // names of the entries that they were copied from.
  std::set<std::string> EntriesOfOthers(const Registry& registry) const {
    const WrittenTransforms written(registry);
    std::set<std::string> out;
    for (const std::string& name : untouched_) {
      const Entry* entry = registry.Find(name);
      if (entry == nullptr) continue;
      for (uint32_t i = 0; i < entry->transforms.size(); ++i) {
        out.insert(written.Written({&entry->transforms[i], name, i}).entry);
      }
    }
    return out;
  }

  static bool Known(const Finding& finding, const std::set<std::string>& others) {
    if (finding.check != "unused-transform" && finding.check != "shadowed-transform") return true;
    return !finding.transform || !others.contains(finding.transform->entry);
  }

  // --- the end
  // -----------------------------------------------------------------------------------------

  void Finish(std::vector<ClassOutcome> compared, Comparison* comparison) const {
    for (const ClassOutcome& outcome : compared) {
      switch (outcome.comparison.verdict) {
        case Compatibility::kSame:
          ++comparison->same;
          break;
        case Compatibility::kRepaired:
          ++comparison->repaired;
          break;
        case Compatibility::kCompatible:
          ++comparison->compatible;
          if (outcome.comparison.allowed) ++comparison->allowed;
          break;
        case Compatibility::kBreaking:
          ++comparison->breaking;
          break;
      }
    }
    comparison->groups = GroupByCause(std::move(compared));
  }

  const CompareOptions& options_;
  Side before_;
  Side after_;
  const bool same_layouts_;
  TransformNumbers numbers_;
  std::set<std::string, std::less<>> different_;
  std::set<std::string, std::less<>> touched_;  // those, and the incomplete ones
  bool everything_touched_ = false;
  std::mutex mutex_;
  std::set<std::string> untouched_;  // names by which modules of untouched classes may be looked up
};

}  // namespace

Result<Comparison> Compare(const CompareSide& before, const CompareSide& after,
                           const std::vector<std::string>& classes, const CompareOptions& options) {
  StartSearchBudget();
  return Comparer(before, after, options).Run(classes);
}

}  // namespace wcheck
