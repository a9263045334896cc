#include "wcheck/judge.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "analysis/incomplete.h"
#include "analysis/round_trip.h"
#include "analysis/trace_text.h"
#include "checks/check.h"
#include "judge/collector.h"
#include "judge/ignores.h"
#include "judge/join_findings.h"
#include "judge/simulation_judge.h"
#include "pattern/search_budget.h"
#include "sections/sections.h"
#include "support/threads.h"

namespace wcheck {
namespace {

// The findings of one thread so far.
struct Share {
  std::vector<Finding> findings;
  std::map<const TransformSpec*, RegistryContext::Use> uses;
  std::map<std::string, uint32_t, std::less<>> reached;
  std::set<std::string, std::less<>> names;
  std::map<const Check*, std::vector<ClassRecord>> records;
  std::vector<NotJudged> not_judged;
  uint64_t keys = 0;
  size_t classes = 0;
};

template <typename T>
void Append(std::vector<T> some, std::vector<T>* all) {
  std::move(some.begin(), some.end(), std::back_inserter(*all));
}

class Judger {
 public:
  Judger(const CompiledRegistry& registry, const JudgeOptions& options)
      : registry_(registry),
        written_(registry.registry()),
        options_(options),
        checks_(ChosenChecks(options)) {}

  Result<Judgement> Run(const LayoutSource& layouts, const std::vector<size_t>& classes,
                        bool all_classes) const {
    std::vector<Share> shares(ThreadCount(options_.jobs, classes.size()));
    std::atomic<size_t> done{0};
    const Status status =
        ForEachInThreads(classes.size(), shares.size(), [&](size_t i, size_t thread) -> Status {
          Result<Layout> layout = layouts.Read(classes[i]);
          if (!layout) return layout.error();
          JudgeClass(Simulate(*layout, registry_, {}), &shares[thread]);
          if (Status budget = CheckSearchBudget(); !budget) return budget;
          const size_t so_far = ++done;
          if (options_.progress) options_.progress(so_far);
          return Unit{};
        });
    if (!status) return status.error();
    if (!all_classes) {
      const Status known = CountOtherUses(layouts, classes, &shares);
      if (!known) return known.error();
    }
    const bool release = all_classes && !options_.layouts_release.empty();
    return JoinNaming(std::move(shares), all_classes, release ? &layouts : nullptr);
  }

  // Join; with the layouts of a release, also looks for the names of entries that no class reaches.
  Result<Judgement> JoinNaming(std::vector<Share> shares, bool all_classes,
                               const LayoutSource* release) const {
    KnownNames names;
    if (release != nullptr && HasUnreached(shares)) {
      Result<KnownNames> read = NamesOf(*release, ThreadCount(options_.jobs, release->size()));
      if (!read) return read.error();
      names = *std::move(read);
    }
    return Join(std::move(shares), all_classes, names.families);
  }

  bool HasEntry(const std::string& name) const {
    return registry_.registry().Find(name) != nullptr;
  }

  void JudgeClass(const Simulation& simulation, Share* share) const {
    const Layout& layout = *simulation.layout;
    if (FirstIncompleteEntry(simulation.plan, registry_.registry()) != nullptr) {
      share->not_judged.push_back({layout.class_name, std::string(kIncompleteEntry), ""});
      TakeAsUsed(simulation, share);
      return;
    }
    RoundTrip round_trip(simulation);
    ClassContext context{simulation, registry_, round_trip, SectionsOf(layout), options_.adapter};
    Collector collector(written_, options_);
    for (const Check* check : checks_) {
      if (check->on_class == nullptr || options_.made.contains(check->info.name)) continue;
      collector.Begin(*check, layout.class_name);
      check->on_class(context, &collector);
    }
    Append(std::move(collector.findings), &share->findings);
    for (auto& [check, records] : collector.records) {
      Append(std::move(records), &share->records[check]);
    }
    CountUses(simulation, share);
    share->keys += layout.key_count();
    ++share->classes;
  }

  // Sums up what the threads found, then runs the checks of the registry, which need to know what
  // happened in all classes, and drops findings that are void in view of that.
  Judgement Join(std::vector<Share> shares, bool all_classes,
                 std::span<const LayoutFamily> known_names = {}) const {
    Judgement judgement;
    RegistryContext context{registry_, all_classes, written_, {}, {}, {}, known_names, {}};
    std::vector<Finding> findings;
    std::map<const Check*, std::vector<ClassRecord>> records;
    for (Share& share : shares) {
      Append(std::move(share.findings), &findings);
      Append(std::move(share.not_judged), &judgement.not_judged);
      judgement.keys += share.keys;
      judgement.classes += share.classes;
      for (auto& [spec, use] : share.uses) {
        RegistryContext::Use& sum = context.uses[spec];
        sum.plans += use.plans;
        sum.fired += use.fired;
        sum.loaded += use.loaded;
        sum.classes.insert(sum.classes.end(), use.classes.begin(), use.classes.end());
      }
      for (auto& [entry, count] : share.reached) context.reached[entry] += count;
      context.names.merge(share.names);
      for (auto& [check, some] : share.records) Append(std::move(some), &records[check]);
    }
    for (auto& [check, some] : records) {
      std::stable_sort(some.begin(), some.end(), [](const ClassRecord& a, const ClassRecord& b) {
        return a.class_name < b.class_name;
      });
    }
    for (auto& [spec, use] : context.uses) {
      std::sort(use.classes.begin(), use.classes.end());
      if (use.classes.size() > kMaxEvidence) use.classes.resize(kMaxEvidence);
    }
    std::erase_if(findings, [&](const Finding& finding) {
      const Check& check = *FindCheck(finding.check);
      return check.keep != nullptr && !check.keep(context, finding);
    });
    Collector collector(written_, options_);
    for (const Check* check : checks_) {
      if (const auto made = options_.made.find(check->info.name); made != options_.made.end()) {
        collector.Begin(*check, "");
        // A check without a class function has graver findings and lighter ones.
        const bool keep = check->on_class == nullptr;
        for (const Finding& finding : made->second) collector.Add(finding, keep);
      }
      if (check->on_registry == nullptr) continue;
      context.records = records[check];
      collector.Begin(*check, "");
      check->on_registry(context, &collector);
    }
    Append(std::move(collector.findings), &findings);
    SoftenOldEvidence(&findings);
    judgement.findings = JoinFindings(std::move(findings), options_);
    SilenceIgnored(all_classes, &judgement);
    SortNotJudged(&judgement.not_judged);
    for (const auto& [name, entry] : registry_.registry().entries) {
      const bool reached = name == kLegacyEntry || context.Reached(name);
      if (all_classes && !reached) judgement.unreached.push_back(name);
    }
    return judgement;
  }

 private:
  // The names of all keys, a pattern each, and what they point into.
  struct KnownNames {
    std::unique_ptr<std::set<std::string, std::less<>>> patterns;
    std::vector<LayoutFamily> families;
  };

  bool HasUnreached(const std::vector<Share>& shares) const {
    return std::ranges::any_of(registry_.registry().entries, [&](const auto& entry) {
      const auto reaches = [&](const Share& share) { return share.reached.contains(entry.first); };
      if (AppliesToAll(entry.first) || std::ranges::any_of(shares, reaches)) return false;
      // Copies are reached, or not, where they were written.
      for (uint32_t i = 0; i < entry.second.transforms.size(); ++i) {
        const TransformRef ref{&entry.second.transforms[i], entry.first, i};
        if (written_.Written(ref).spec == ref.spec) return true;
      }
      return false;
    });
  }

  static Result<KnownNames> NamesOf(const LayoutSource& layouts, size_t threads) {
    KnownNames names{std::make_unique<std::set<std::string, std::less<>>>(), {}};
    std::mutex mutex;
    const Status status =
        ForEachInThreads(layouts.size(), threads, [&](size_t i, size_t) -> Status {
          const Result<Layout> layout = layouts.Read(i);
          if (!layout) return layout.error();
          std::lock_guard lock(mutex);
          for (const LayoutFamily& family : layout->families)
            names.patterns->emplace(family.pattern);
          return Unit{};
        });
    if (!status) return status.error();
    for (const std::string& pattern : *names.patterns)
      names.families.push_back({pattern, {}, {}, {}});
    return names;
  }

  const SectionModel* SectionsOf(const Layout& layout) const {
    if (options_.sections == nullptr) return nullptr;
    auto found = options_.sections->find(layout.class_name);
    return found == options_.sections->end() ? nullptr : &found->second;
  }

  // Treat transforms of unjudged classes as used: no class of this run can show that they are not.
  void TakeAsUsed(const Simulation& s, Share* share) const {
    for (const Plan::Hit& hit : s.plan.hits) ++share->reached[std::string(hit.entry)];
    for (uint32_t i = 0; i < s.plan.transforms.size(); ++i) {
      RegistryContext::Use& use = share->uses[written_.Written(RefOf(s.plan, i)).spec];
      ++use.plans;
      ++use.fired;
      ++use.loaded;
    }
  }

  void CountUses(const Simulation& s, Share* share) const {
    for (const SubModel& module : s.layout->modules) {
      share->names.insert(module.class_name);
      share->names.insert(module.model_type);
    }
    for (const Plan::Hit& hit : s.plan.hits) ++share->reached[std::string(hit.entry)];
    for (uint32_t i = 0; i < s.plan.transforms.size(); ++i) {
      RegistryContext::Use& use = share->uses[written_.Written(RefOf(s.plan, i)).spec];
      ++use.plans;
      if (Used(s, i)) ++use.fired;
      if (Used(s.load, i) || Used(s.reload, i)) ++use.loaded;
      if (use.classes.size() < kMaxEvidence) use.classes.push_back(s.layout->class_name);
    }
  }

  // Whether a transform that no judged class uses is used by another class: so that one class and
  // all classes give the same verdict. Only classes that have such a transform are simulated.
  Status CountOtherUses(const LayoutSource& layouts, const std::vector<size_t>& judged,
                        std::vector<Share>* shares) const {
    std::set<const TransformSpec*> idle;
    for (const Share& share : *shares) {
      for (const auto& [spec, use] : share.uses) idle.insert(spec);
    }
    for (const Share& share : *shares) {
      for (const auto& [spec, use] : share.uses) {
        if (use.fired != 0) idle.erase(spec);
      }
    }
    // What applies to all models is for checkpoints, and in every plan.
    for (const auto& [name, entry] : registry_.registry().entries) {
      if (!AppliesToAll(name)) continue;
      for (const TransformSpec& spec : entry.transforms) idle.erase(&spec);
    }
    if (idle.empty()) return Unit{};
    const std::set<size_t> done(judged.begin(), judged.end());
    std::vector<size_t> others;
    for (size_t i = 0; i < layouts.size(); ++i) {
      if (!done.contains(i)) others.push_back(i);
    }
    // The classes of one model stand together in most layouts, and share its entries.
    const auto distance = [&](size_t i) {
      const auto after = done.lower_bound(i);
      size_t least = after == done.end() ? SIZE_MAX : *after - i;
      if (after != done.begin()) least = std::min(least, i - *std::prev(after));
      return least;
    };
    std::ranges::stable_sort(others, {}, distance);
    std::mutex mutex;
    return ForEachInThreads(others.size(), shares->size(), [&](size_t i, size_t thread) -> Status {
      {
        std::lock_guard lock(mutex);
        if (idle.empty()) return Unit{};
      }
      Result<Layout> layout = layouts.Read(others[i]);
      if (!layout) return layout.error();
      const Plan plan = CollectPlan(*layout, registry_);
      std::vector<uint32_t> here;
      {
        std::lock_guard lock(mutex);
        for (uint32_t t = 0; t < plan.transforms.size(); ++t) {
          if (idle.contains(written_.Written(RefOf(plan, t)).spec)) here.push_back(t);
        }
      }
      if (here.empty()) return Unit{};
      const Simulation simulation = Simulate(*layout, registry_, {});
      const bool complete = FirstIncompleteEntry(plan, registry_.registry()) == nullptr;
      for (const uint32_t t : here) {
        const TransformSpec* spec = written_.Written(RefOf(simulation.plan, t)).spec;
        RegistryContext::Use& use = (*shares)[thread].uses[spec];
        if (complete && !Used(simulation, t)) continue;
        ++use.fired;
        ++use.loaded;
        std::lock_guard lock(mutex);
        idle.erase(spec);
      }
      return Unit{};
    });
  }

  // Apply ignore comments last: all findings must be known first.
  void SilenceIgnored(bool all_classes, Judgement* judgement) const {
    std::vector<IdleIgnore> idle = ApplyIgnores(registry_.registry(), &judgement->findings);
    // What one silences in other classes or by other checks is unknown; that there is no check of
    // its name is not.
    if (!all_classes || checks_.size() != AllChecks().size()) {
      std::erase_if(idle, [](const IdleIgnore& one) {
        return one.check.empty() || FindCheck(one.check) != nullptr;
      });
    }
    if (idle.empty()) return;
    const IgnoreContext context{registry_.registry(), idle};
    Collector collector(written_, options_);
    for (const Check* check : checks_) {
      if (check->on_ignores == nullptr) continue;
      collector.Begin(*check, "");
      check->on_ignores(context, &collector);
    }
    if (collector.findings.empty()) return;
    Append(std::move(collector.findings), &judgement->findings);
    judgement->findings = JoinFindings(std::move(judgement->findings), options_);
  }

  // Classes and mapping change together: with the classes of an older release, a finding about a
  // class proves nothing about the newer one.
  void SoftenOldEvidence(std::vector<Finding>* findings) const {
    const std::optional<Version> mapping = ParseVersion(registry_.registry().release);
    const std::optional<Version> layouts = ParseVersion(options_.layouts_release);
    if (!mapping || !layouts) return;
    // What is developed towards a release begins with the classes of the one before.
    const uint32_t minor =
        mapping->final || mapping->minor == 0 ? mapping->minor : mapping->minor - 1;
    if (std::tie(layouts->major, layouts->minor) >= std::tie(mapping->major, minor)) return;
    const std::string remark = " (its layout is of " + options_.layouts_release +
                               ", older than the mapping of " + registry_.registry().release + ')';
    for (Finding& finding : *findings) {
      if (finding.classes.empty() || finding.severity != Severity::kError) continue;
      const bool own = std::ranges::any_of(finding.classes, [&](const ClassEvidence& one) {
        return options_.built.contains(one.class_name);
      });
      if (own) continue;
      finding.severity = Severity::kWarning;
      finding.message += remark;
    }
  }

  const CompiledRegistry& registry_;
  WrittenTransforms written_;
  const JudgeOptions& options_;
  std::vector<const Check*> checks_;
};

}  // namespace

size_t Judgement::count(Severity severity) const {
  return static_cast<size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [severity](const Finding& f) { return f.severity == severity; }));
}

Result<Judgement> Judge(const Registry& registry, const LayoutSource& layouts,
                        const std::vector<size_t>& classes, bool all_classes,
                        const JudgeOptions& options) {
  StartSearchBudget();
  CompiledRegistry compiled(registry, *options.engine);
  return Judger(compiled, options).Run(layouts, classes, all_classes);
}

struct SimulationJudge::Impl {
  Impl(const CompiledRegistry& registry, JudgeOptions judge_options)
      : options(std::move(judge_options)), judger(registry, options) {}

  const JudgeOptions options;
  const Judger judger;
  std::mutex mutex;
  std::vector<Share> shares;
};

SimulationJudge::SimulationJudge(const CompiledRegistry& registry, JudgeOptions options)
    : impl_(std::make_unique<Impl>(registry, std::move(options))) {}

SimulationJudge::~SimulationJudge() = default;

void SimulationJudge::Add(const Simulation& simulation) {
  Share share;
  impl_->judger.JudgeClass(simulation, &share);
  std::lock_guard lock(impl_->mutex);
  impl_->shares.push_back(std::move(share));
}

Judgement SimulationJudge::Finish(bool all_classes) {
  return impl_->judger.Join(std::move(impl_->shares), all_classes);
}

Result<Judgement> SimulationJudge::FinishAmong(const std::set<std::string>& others,
                                               const LayoutSource& release) {
  Share unseen;
  for (const std::string& name : others) {
    if (impl_->judger.HasEntry(name)) ++unseen.reached[name];
  }
  impl_->shares.push_back(std::move(unseen));
  return impl_->judger.JoinNaming(std::move(impl_->shares), /*all_classes=*/true, &release);
}

}  // namespace wcheck
