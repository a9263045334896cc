// GroupWeightRename: its later sources match only after its first one, the guard, has matched an
// earlier key (docs/semantics.md#group-rename). So the order of single keys matters, and families
// seem to be of no use.
//
// They nearly always are. Assume that every guard has been seen from the start, and rename
// families. If each later source then matched only keys that come after a key that the guard
// matched, the same happens key by key: by induction over the order of keys, each key finds its
// guards as assumed. The same holds for a guard that is assumed never to be seen, if it matches no
// key. Only if neither assumption holds is every key visited in order.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "families/boxes.h"
#include "families/family_cells.h"

#include "engine/key_order.h"
#include "engine/match.h"
#include "engine/pass_runner.h"

namespace wcheck {
namespace {

// When the renamings come to a key: one that a converter claimed comes late where all converters
// run before all renamings.
struct Turn {
  bool late = false;
  std::string key;
};

// The first keys that the guard and the later sources of a transform matched.
struct FirstMatches {
  std::optional<Turn> guard;
  std::optional<Turn> later;
};

bool ComesBefore(const Turn& a, const Turn& b, const EngineRules& rules) {
  return a.late != b.late ? b.late : KeyLess(a.key, b.key, rules);
}

FirstMatches FirstMatchesOf(const Pass& pass, uint32_t transform, const EngineRules& rules,
                            bool claimed_come_late) {
  FirstMatches first;
  for (const Trace& trace : pass.traces) {
    for (const TraceStep& step : trace.steps) {
      if (step.transform != transform) continue;
      // Of keys with one pattern, the one with the smallest numbers comes first.
      Turn turn{claimed_come_late && trace.claim >= 0,
                JoinNumbers(pass.families[trace.family].pattern, SmallestMember(trace.members))};
      std::optional<Turn>& kept = step.source == 0 ? first.guard : first.later;
      if (!kept || ComesBefore(turn, *kept, rules)) kept = std::move(turn);
    }
  }
  return first;
}

}  // namespace

bool PassRunner::RunFamiliesWithGuards() {
  for (size_t i = 0; i < order_.transforms.size(); ++i) {
    guard_open_[i] = order_.transforms[i].transform->is_group();
  }
  for (bool settled = false; !settled;) {
    StartAnew();
    RunFamilies();
    // An error ends a pass at the first key that raises, so the order of keys matters.
    if (pass_.error) return false;
    settled = true;
    for (size_t i = 0; i < order_.transforms.size(); ++i) {
      if (!order_.transforms[i].transform->is_group() || guards_at_start_[i]) continue;
      FirstMatches first =
          FirstMatchesOf(pass_, order_.transforms[i].index, engine_, ClaimedComeLate());
      if (!guard_open_[i]) {
        if (first.guard) return false;
      } else if (first.later && !first.guard) {
        guard_open_[i] = false;
        settled = false;
      } else if (first.later && !ComesBefore(*first.guard, *first.later, engine_)) {
        return false;
      }
    }
  }
  return true;
}

bool PassRunner::ClaimedComeLate() const {
  return pass_.direction == Direction::kSave &&
         engine_.save_order == EngineRules::SaveOrder::kConvertersFirst;
}

bool PassRunner::IsClaimed(std::string_view key) const {
  return std::ranges::any_of(order_.transforms, [&](const PassTransform& t) {
    return t.transform->is_converter() &&
           FindMatch(*t.transform, plan_.transforms[t.index], engine_, key).has_value();
  });
}

void PassRunner::StartAnew() {
  pass_.traces.clear();
  pass_.boxes->clear();
  pass_.used.assign(plan_.transforms.size(), false);
  pass_.error.reset();
  pass_.error_transform = 0;
  pass_.error_key.clear();
}

// A family of which no key meets a GroupWeightRename though all guards have been seen meets none
// whatever its guards are: the transforms are the same for it at any place in the order.
bool PassRunner::RunFamiliesWithoutGuards(std::vector<bool>* left) {
  for (size_t i = 0; i < order_.transforms.size(); ++i) {
    guard_open_[i] = order_.transforms[i].transform->is_group();
  }
  StartAnew();
  RunFamilies();
  if (pass_.error) return false;
  left->assign(pass_.families.size(), false);
  for (const Trace& trace : pass_.traces) {
    if (MeetsGuard(trace, plan_)) (*left)[trace.family] = true;
  }
  std::erase_if(pass_.traces, [&](const Trace& trace) { return (*left)[trace.family]; });
  pass_.used.assign(plan_.transforms.size(), false);
  for (const Trace& trace : pass_.traces) {
    for (const TraceStep& step : trace.steps) pass_.used[step.transform] = true;
  }
  return true;
}

// The slow way: every key by itself, in the engine's order, with guards that open as keys match.
// Used only if neither assumption about the guards held, and only for the families that meet one.
void PassRunner::RunInKeyOrder() {
  std::vector<bool> left;
  if (folding_ == Folding::kFamilies && RunFamiliesWithoutGuards(&left)) {
    RunInKeyOrder(left);
    if (!pass_.error) return;
  }
  StartAnew();
  RunInKeyOrder(std::vector<bool>(pass_.families.size(), true));
}

void PassRunner::RunInKeyOrder(const std::vector<bool>& chosen) {
  in_key_order_ = true;
  guard_open_ = guards_at_start_;
  candidates_.assign(order_.transforms.size(), true);
  struct Member {
    uint32_t family;
    IndexBox box;
    std::string key;
  };
  std::span<const LayoutFamily> families = pass_.families;
  std::vector<Member> members;
  for (uint32_t f = 0; f < families.size(); ++f) {
    if (!chosen[f]) continue;
    for (IndexBox& box : CutIntoMembers(families[f].numbers)) {
      std::string key = JoinNumbers(families[f].pattern, SmallestMember(box));
      members.push_back({f, std::move(box), std::move(key)});
    }
  }
  std::stable_sort(members.begin(), members.end(), [&](const Member& a, const Member& b) {
    return KeyLess(a.key, b.key, engine_);
  });
  if (ClaimedComeLate()) {
    std::stable_partition(members.begin(), members.end(),
                          [&](const Member& m) { return !IsClaimed(m.key); });
  }
  std::vector<Groups> groups(families.size());
  for (Member& m : members) {
    const LayoutFamily& family = families[m.family];
    Trace trace;
    trace.family = m.family;
    if (RunCell(family, m.box, Keys::kSymbolic, &trace) == CellOutcome::kAmbiguous) {
      trace = Trace{};
      trace.family = m.family;
      RunCell(family, m.box, Keys::kConcrete, &trace);
      groups[m.family].push_back({std::move(trace), {std::move(m.box)}});
    } else {
      AddTo(&groups[m.family], std::move(trace), std::move(m.box));
    }
    if (pass_.error) break;
  }
  for (uint32_t f = 0; f < families.size(); ++f) {
    if (!groups[f].empty()) Emit(families[f], &groups[f]);
  }
  std::ranges::stable_sort(pass_.traces, {}, &Trace::family);
}

}  // namespace wcheck
