// A transform that never fires, and why: docs/checks/unused-transform.md.
#include <algorithm>
#include <set>

#include "analysis/merged_names.h"
#include "analysis/near_miss.h"
#include "analysis/shadow.h"
#include "analysis/trace_text.h"
#include "checkpoint/checkpoint.h"
#include "checks/check.h"
#include "checks/repair.h"
#include "checks/unreached_entries.h"
#include "engine/match.h"

namespace wcheck::unused_transform {
namespace {

// Why a transform of a plan matched no key.
struct Reason {
  std::string message;
  std::string advice;
  std::optional<uint32_t> shadowed_by = std::nullopt;
  std::vector<KeyEvidence> keys = {};
};

class Search {
 public:
  Search(const Simulation& s, uint32_t transform)
      : s_(s),
        index_(transform),
        placed_(s.plan.transforms[transform]),
        transform_(placed_.forward()) {}

  Reason Why() const {
    if (placed_.scope_prefix && !ReachesAnyKey()) {
      return {"no key is in its scope `" + *placed_.scope_prefix + ".`",
              "move it to the entry of a model that has such keys, or remove it"};
    }
    if (std::optional<Reason> shadowed = Shadowed()) return *shadowed;
    if (std::optional<Reason> shadowed = ShadowedOnSave()) return *shadowed;
    if (s_.engine->only_first_group && HasLaterReference()) {
      return {
          "its target refers to a second group, and this engine replaces only the first: it leads "
          "to no key of the model",
          "write a transform for each value of the second group"};
    }
    if (std::optional<Reason> missed = TargetMissed()) return *missed;
    return {"its source occurs in no checkpoint key and in no model key",
            "fix it so that it matches the keys that it was written for, or remove it; keep it if "
            "the keys belong to a config that the layouts do not show"};
  }

 private:
  static std::string OneKey(const LayoutFamily& family) {
    std::vector<uint32_t> member;
    for (const IndexSet& set : family.numbers) member.push_back(set.min());
    return JoinNumbers(family.pattern, member);
  }

  bool ReachesAnyKey() const {
    auto reaches = [&](const LayoutFamily& family) {
      return ScopeLength(placed_, *s_.engine, OneKey(family)).has_value();
    };
    return std::any_of(s_.layout->families.begin(), s_.layout->families.end(), reaches) ||
           std::any_of(s_.checkpoint.begin(), s_.checkpoint.end(), reaches);
  }

  // What it would be about if it were written a little otherwise. Without a checkpoint, its source
  // occurs only in names that a save makes of its target.
  std::optional<Reason> TargetMissed() const {
    const std::vector<std::string>& targets = transform_.original_targets;
    if (targets.empty() || transform_.is_prefix_change()) return std::nullopt;
    const std::vector<LayoutFamily> inside = FamiliesInScope();
    const std::string no_key = "` matches no key of " + s_.layout->class_name;
    for (const std::string& target : targets) {
      const std::optional<NearMiss> near = NearestName(target, inside);
      if (!near) continue;
      return Reason{"its target `" + target + no_key + "; " + DidYouMean(*near),
                    "write `" + near->name + "` in its target if these keys are meant"};
    }
    return Reason{"its target `" + targets.front() + no_key +
                      ", so no save writes a name that its source matches",
                  "fix it so that its target is the name of keys of the model, or remove it; keep "
                  "it if the keys belong to a config that the layouts do not show"};
  }

  // The keys that it can reach, less its scope.
  std::vector<LayoutFamily> FamiliesInScope() const {
    std::vector<LayoutFamily> inside;
    for (const LayoutFamily& family : s_.layout->families) {
      const std::string key = OneKey(family);
      const std::optional<uint32_t> length = ScopeLength(placed_, *s_.engine, key);
      if (!length || key.compare(0, *length, family.pattern, 0, *length) != 0) continue;
      inside.push_back(family);
      inside.back().pattern.remove_prefix(*length);
    }
    return inside;
  }

  // `\2` and on.
  bool HasLaterReference() const {
    return std::any_of(transform_.targets.begin(), transform_.targets.end(),
                       [](const std::string& target) {
                         for (char digit = '2'; digit <= '9'; ++digit) {
                           if (target.find(std::string("\\") + digit) != std::string::npos)
                             return true;
                         }
                         return false;
                       });
  }

  // A key that its reverse would match, if the reverse of a later transform had not renamed it
  // first.
  std::optional<Reason> ShadowedOnSave() const {
    const Transform* reverse = nullptr;
    for (const PassTransform& t : s_.save_order.transforms) {
      if (&s_.plan.transforms[t.index] == &placed_) reverse = t.transform;
    }
    if (reverse == nullptr) return std::nullopt;
    for (const Trace& trace : s_.save_fresh.traces) {
      for (const TraceStep& step : trace.steps) {
        if (!FindMatch(*reverse, placed_, *s_.engine, step.before.text)) continue;
        Reason reason;
        reason.message =
            "on save, where the order is reversed, another transform always takes its keys, so the "
            "names that it reads are never written";
        reason.advice =
            "a checkpoint with these names is loaded, but not saved under them again; keep it if "
            "that is intended, or remove it if there is no such checkpoint";
        reason.shadowed_by = step.transform;
        reason.keys.push_back(EvidenceOf(s_.save_fresh, trace));
        return reason;
      }
    }
    return std::nullopt;
  }

  // An earlier transform always takes its text.
  std::optional<Reason> Shadowed() const {
    const std::optional<Shadow> shadow = ShadowOf(s_, index_);
    if (!shadow) return std::nullopt;
    Reason reason;
    reason.message = "an earlier transform always takes its text first";
    reason.advice =
        "move it before the transform that takes its text, or remove it if both do the same";
    reason.shadowed_by = shadow->step->transform;
    reason.keys.push_back({ShowKeys(*shadow->pass, *shadow->trace), "is renamed first, to",
                           ShowResult(*shadow->pass, *shadow->trace),
                           shadow->pass->size(*shadow->trace)});
    return reason;
  }

  const Simulation& s_;
  const uint32_t index_;
  const PlacedTransform& placed_;
  const Transform& transform_;
};

// What represents the transform in the evidence.
std::string Subject(const TransformSpec& spec) {
  return spec.sources.empty() ? ShowTransform(spec) : spec.sources.front();
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  if (!s.has_checkpoint || s.load.error || s.reload.error) return;
  // These have a check of their own, and are not to be removed.
  std::set<uint32_t> merged;
  for (const MergedNames& names : MergedNamesOf(s)) {
    merged.insert(names.transforms.begin(), names.transforms.end());
  }
  for (uint32_t i = 0; i < s.plan.transforms.size(); ++i) {
    const PlacedTransform& placed = s.plan.transforms[i];
    // `legacy` and a user's key_mapping are for checkpoints.
    if (AppliesToAll(placed.entry)) continue;
    if (Used(s.load, i) || Used(s.reload, i) || Used(s.save_loaded, i)) continue;
    if (merged.contains(i)) {
      sink->Record(ShowTransform(*placed.forward().spec), /*holds=*/true);
      continue;
    }
    Reason why = Search(s, i).Why();
    Finding finding;
    finding.transform = RefOf(s.plan, i);
    finding.message = "it matches no key: " + why.message;
    finding.advice = why.advice;
    if (why.shadowed_by) {
      finding.related.push_back({RefOf(s.plan, *why.shadowed_by), {}, "this one comes first"});
    }
    // The reason must survive joining with the finding about the registry.
    why.keys.insert(why.keys.begin(),
                    {Subject(*finding.transform->spec), "fires on nothing:", why.message, 1});
    // Whether no class uses it is known only at the end; an unused PrefixChange, which is for old
    // checkpoints, is not a fault.
    finding.severity = Severity::kNote;
    finding.cause = "fires-on-nothing";
    finding.classes.push_back({"", std::move(why.keys), 0});
    sink->Add(std::move(finding), /*keep_severity=*/true);
  }
}

void Check(const RegistryContext& context, FindingSink* sink) {
  CheckUnreachedNames(context, sink);
  std::set<std::string_view> merged;
  for (const ClassRecord& record : context.records) merged.insert(record.subject);
  for (const auto& [name, entry] : context.registry.registry().entries) {
    if (AppliesToAll(name)) continue;
    for (uint32_t i = 0; i < entry.transforms.size(); ++i) {
      const TransformSpec& spec = entry.transforms[i];
      TransformRef ref{&spec, name, i};
      if (context.written.IsCopy(ref)) continue;
      const RegistryContext::Use* use = context.UseOf(ref);
      if (use == nullptr || use->fired != 0 || merged.contains(ShowTransform(spec))) continue;
      Finding finding;
      finding.transform = ref;
      finding.message = "it matches no key of any class in the layouts";
      // The advice comes from the classes, which know the reason.
      finding.cause = "fires-on-nothing";
      // A PrefixChange is for old checkpoints, which no layout can show.
      const bool waits = spec.kind == TransformKind::kPrefixChange;
      if (waits) {
        finding.severity = Severity::kNote;
      } else {
        Fix removal = RemoveTransform(ref, "remove the transform");
        removal.safe = false;
        Propose(std::move(removal), &finding);
      }
      sink->Add(std::move(finding), /*keep_severity=*/waits);
    }
  }
}

// A load of a checkpoint uses a few of the transforms that a mapping has for all; but what a user
// gives for this checkpoint should match, and so should what differs by little from its keys.
void Check(const CheckpointOutcome& outcome, FindingSink* sink) {
  const Simulation& s = outcome.simulation;
  if (s.load.error) return;
  // The keys that go nowhere; without a layout, which do is not known.
  std::vector<LayoutFamily> unknown;
  if (outcome.of_checkpoint) unknown = outcome.families;
  for (const UnexpectedKeys& keys : outcome.unexpected) {
    if (keys.kind != UnexpectedKeys::Kind::kUnknown) continue;
    unknown.push_back(outcome.families[keys.family]);
    unknown.back().numbers = keys.numbers;
  }
  for (uint32_t i = 0; i < s.plan.transforms.size(); ++i) {
    const PlacedTransform& placed = s.plan.transforms[i];
    if (placed.legacy || Used(s.load, i)) continue;
    const bool given = placed.entry == kKeyMappingEntry;
    if (!given && unknown.empty()) continue;
    std::optional<NearMiss> near;
    const std::vector<std::string>& sources = placed.forward().original_sources;
    size_t source = 0;
    for (; source < sources.size(); ++source) {
      near = NearestName(sources[source], unknown);
      if (near) break;
    }
    if (!given && !near) continue;
    Finding finding;
    finding.transform = RefOf(s.plan, i);
    finding.cause = "source-in-no-checkpoint-key";
    finding.message = "it matches no key of the checkpoint";
    finding.advice = "fix its source so that it is the name of keys of the checkpoint, or remove it";
    if (near) {
      finding.blame = {Blame::Part::kSource, static_cast<uint32_t>(source)};
      finding.message += ": its source `" + sources[source] + "` is in none; " + DidYouMean(*near);
      finding.advice = "write `" + near->name + "` in its source if these keys are meant";
    }
    sink->Add(std::move(finding));
  }
}

// A transform that one class of the layouts uses is not reported for the others.
bool Keep(const RegistryContext& context, const Finding& finding) {
  const RegistryContext::Use* use = context.UseOf(*finding.transform);
  return use == nullptr || use->fired == 0;
}

}  // namespace wcheck::unused_transform
