#include "wcheck/engine/pass.h"

#include <algorithm>
#include <numeric>

#include "rename.h"
#include "wcheck/engine/boxes.h"
#include "wcheck/engine/family_cells.h"

namespace wcheck {
namespace {

enum class CellOutcome : uint8_t { kDone, kAmbiguous, kError };

// Whether the digits of a representative stand for the numbers of its family, or for themselves (one
// member, taken by itself: nothing can be ambiguous).
enum class Keys : uint8_t { kSymbolic, kConcrete };

// Tags are bytes; a key with more numbers than this is taken member by member.
constexpr size_t kMaxSymbolicNumbers = 200;

class PassRunner {
 public:
  PassRunner(const Plan& plan, const PassOrder& order, const Profile& profile,
             const LoadTarget* target, Pass* pass)
      : plan_(plan),
        order_(order),
        profile_(profile),
        target_(target),
        pass_(*pass),
        guard_seen_(order.transforms.size(), false) {
    for (const PassTransform& t : order.transforms) {
      const PlacedTransform& placed = plan.transforms[t.index];
      t.transform->pattern.AddDigitClasses(/*delimited=*/true, &classes_);
      by_members_ |= t.transform->pattern.compares_text();
      by_order_ |= t.transform->is_group();
      if (placed.scope_prefix) {
        AddLiteralDigits(*placed.scope_prefix);
        AddLiteralDigits(placed.base_model_prefix);
      }
    }
    if (target != nullptr) AddLiteralDigits(target->base_model_prefix);
  }

  void Run(std::span<const LayoutFamily> families, Folding folding) {
    by_members_ |= folding == Folding::kMembers;
    if (by_order_) {
      RunInKeyOrder(families);
      return;
    }
    pass_.traces.reserve(families.size());
    for (uint32_t f = 0; f < families.size() && !pass_.error; ++f) RunFamily(f, families[f]);
  }

 private:
  // Digits of a literal prefix that keys are compared with.
  void AddLiteralDigits(std::string_view text) {
    for (char c : text) {
      if (c >= '0' && c <= '9') classes_.Split(static_cast<uint16_t>(1U << (c - '0')));
    }
  }

  void RunFamily(uint32_t index, const LayoutFamily& family) {
    if (by_members_) {
      Groups groups;
      RunMembers(index, family, family.numbers, &groups);
      Emit(family, &groups);
      return;
    }
    if (family.numbers.empty()) {
      RunWhole(index, family);
      return;
    }
    std::vector<IndexBox> cells = CutIntoCells(family.numbers, classes_);
    if (cells.size() == 1) {
      RunWhole(index, family);
      return;
    }
    Groups groups;
    for (const IndexBox& cell : cells) {
      Trace trace;
      trace.family = index;
      CellOutcome outcome = RunCell(family, cell, Keys::kSymbolic, &trace);
      if (outcome == CellOutcome::kAmbiguous) {
        RunMembers(index, family, cell, &groups);
      } else {
        AddTo(&groups, std::move(trace), cell);
      }
      if (pass_.error) break;
    }
    Emit(family, &groups);
  }

  // A family that is one cell.
  void RunWhole(uint32_t index, const LayoutFamily& family) {
    Trace trace;
    trace.family = index;
    trace.members = family.numbers;
    if (RunCell(family, family.numbers, Keys::kSymbolic, &trace) != CellOutcome::kAmbiguous) {
      pass_.traces.push_back(std::move(trace));
      return;
    }
    Groups groups;
    RunMembers(index, family, family.numbers, &groups);
    Emit(family, &groups);
  }

  // Cells with the same outcome become one trace, or as few as boxes can say.
  struct Group {
    Trace trace;
    std::vector<IndexBox> boxes;
  };
  using Groups = std::vector<Group>;

  void RunMembers(uint32_t index, const LayoutFamily& family, std::span<const IndexSet> members,
                  Groups* groups) {
    for (IndexBox& member : CutIntoMembers(members)) {
      Trace trace;
      trace.family = index;
      RunCell(family, member, Keys::kConcrete, &trace);
      groups->push_back({std::move(trace), {std::move(member)}});
      if (pass_.error) return;
    }
  }

  static void AddTo(Groups* groups, Trace trace, IndexBox box) {
    for (Group& group : *groups) {
      if (!SameOutcome(group.trace, trace, group.boxes.front(), box)) continue;
      group.boxes.push_back(std::move(box));
      return;
    }
    groups->push_back({std::move(trace), {}});
    groups->back().boxes.push_back(std::move(box));
  }

  void Emit(const LayoutFamily& family, Groups* groups) {
    if (groups->size() == 1 && !pass_.error) {
      groups->front().trace.members = family.numbers;
      pass_.traces.push_back(std::move(groups->front().trace));
      return;
    }
    for (Group& group : *groups) {
      JoinBoxes(&group.boxes);
      for (IndexBox& box : group.boxes) {
        pass_.boxes->push_back(std::move(box));
        Trace trace = group.trace;
        trace.members = pass_.boxes->back();
        pass_.traces.push_back(std::move(trace));
      }
    }
  }

  // Two cells of a family came out alike: the same steps, the same names but for their numbers.
  static bool SameOutcome(const Trace& a, const Trace& b, std::span<const IndexSet> a_members,
                          std::span<const IndexSet> b_members) {
    if (a.claim != b.claim || a.prefix_step != b.prefix_step || a.set_aside != b.set_aside ||
        a.in_model != b.in_model || a.steps.size() != b.steps.size() || a.renamed != b.renamed) {
      return false;
    }
    for (size_t i = 0; i < a.steps.size(); ++i) {
      const TraceStep& x = a.steps[i];
      const TraceStep& y = b.steps[i];
      if (x.transform != y.transform || x.source != y.source || x.target != y.target) return false;
      Name x_name;
      Name y_name;
      if (!ToName(x.after, SmallestMember(a_members), &x_name) ||
          !ToName(y.after, SmallestMember(b_members), &y_name) || x_name != y_name) {
        return false;
      }
    }
    return true;
  }

  // Runs one member of a cell for all of it. Fills all of `trace` but `family` and `members`.
  CellOutcome RunCell(const LayoutFamily& family, std::span<const IndexSet> members, Keys keys,
                      Trace* trace) {
    std::vector<uint32_t> member = SmallestMember(members);
    bool symbolic = keys == Keys::kSymbolic && members.size() <= kMaxSymbolicNumbers;
    SymbolicKey key = symbolic ? SymbolicKey::Of(family.pattern, member)
                               : SymbolicKey::Concrete(JoinNumbers(family.pattern, member));

    bool converted = false;
    Name name;
    for (size_t i = 0; i < order_.transforms.size(); ++i) {
      const PassTransform& t = order_.transforms[i];
      if (converted && t.transform->is_converter()) continue;
      TraceStep step;
      step.transform = t.index;
      bool guard = guard_seen_[i];
      EngineError error;
      RenameOutcome outcome = RenameWith(*t.transform, plan_.transforms[t.index], profile_, &guard,
                                         &key, &step, &error);
      if (outcome == RenameOutcome::kAmbiguous) return CellOutcome::kAmbiguous;
      guard_seen_[i] = guard;
      if (outcome == RenameOutcome::kNoMatch) continue;
      pass_.used[t.index] = true;
      if (outcome == RenameOutcome::kError) {
        pass_.error = std::move(error);
        pass_.error_transform = t.index;
        pass_.error_key = JoinNumbers(family.pattern, member);
        return CellOutcome::kError;
      }
      // From here on other patterns see the key: a number must still be one.
      if (symbolic && step.changed() && !ToName(key, member, &name)) return CellOutcome::kAmbiguous;
      if (t.transform->is_converter()) {
        converted = true;
        trace->claim = static_cast<int32_t>(trace->steps.size());
      }
      trace->steps.push_back(std::move(step));
    }
    return Finish(family, members, member, symbolic, std::move(key), trace);
  }

  // The steps after the transforms, and the resulting name.
  CellOutcome Finish(const LayoutFamily& family, std::span<const IndexSet> members,
                     std::span<const uint32_t> member, bool symbolic, SymbolicKey key,
                     Trace* trace) {
    bool touched = !trace->steps.empty();
    if (target_ != nullptr) {
      using Part = KeySet::Part;
      std::optional<Part> held = ApplyPrefixStep(&key, members, member, trace);
      if (!held) return CellOutcome::kAmbiguous;
      if (*held == Part::kNone && touched) {
        // The transforms led nowhere. If the key itself is one of the model's, it loads as it is.
        Part own = target_->keys->Has(family.pattern, members);
        if (own == Part::kSome) return CellOutcome::kAmbiguous;
        if (own == Part::kAll) {
          key = symbolic ? SymbolicKey::Of(family.pattern, member)
                         : SymbolicKey::Concrete(JoinNumbers(family.pattern, member));
          trace->set_aside = true;
          trace->claim = -1;
          trace->prefix_step = Trace::PrefixStep::kNone;
          held = ApplyPrefixStep(&key, members, member, trace);
          if (!held) return CellOutcome::kAmbiguous;
        }
      }
      trace->in_model = *held == Part::kAll;
      touched |= trace->prefix_step != Trace::PrefixStep::kNone;
    }
    if (!touched) return CellOutcome::kDone;
    Name name;
    if (!ToName(key, member, &name)) return CellOutcome::kAmbiguous;
    // A number that stands twice in a name is not a product, unless it has one value.
    for (size_t i = 0; i < name.parts.size(); ++i) {
      uint32_t n = name.parts[i].number;
      if (n == NamePart::kConstant) continue;
      for (size_t j = i + 1; j < name.parts.size(); ++j) {
        if (name.parts[j].number == n) return CellOutcome::kAmbiguous;
      }
    }
    if (!IsOwnName(name, family, members)) trace->renamed = std::move(name);
    return CellOutcome::kDone;
  }

  // True if a name is the family's own.
  static bool IsOwnName(const Name& name, const LayoutFamily& family,
                        std::span<const IndexSet> members) {
    if (name.pattern != family.pattern) return false;
    for (uint32_t i = 0; i < name.parts.size(); ++i) {
      const NamePart& part = name.parts[i];
      bool own = part.number == i ||
                 (part.number == NamePart::kConstant && members[i].size() == 1 &&
                  members[i].min() == part.value);
      if (!own) return false;
    }
    return true;
  }

  // Whether the model holds the key: all members, or none. Nothing if that differs.
  std::optional<KeySet::Part> Held(const SymbolicKey& key, std::span<const IndexSet> members,
                                   std::span<const uint32_t> member) {
    Name name;
    if (!ToName(key, member, &name)) return std::nullopt;
    KeySet::Part part = target_->keys->Has(name.pattern, name.Numbers(members));
    if (part != KeySet::Part::kSome) return part;
    return std::nullopt;
  }

  // SEMANTICS section 3, "After the transforms": take the base model prefix off or put it on, if
  // that gives a key of the model. Returns whether the model holds the result.
  std::optional<KeySet::Part> ApplyPrefixStep(SymbolicKey* key, std::span<const IndexSet> members,
                                              std::span<const uint32_t> member, Trace* trace) {
    using Part = KeySet::Part;
    std::string_view prefix = target_->base_model_prefix;
    if (key->text.starts_with(prefix)) {
      // `^P.` takes one more character than the prefix, whichever it is but a newline. Without one
      // the regex does not match, and the key stays as it is.
      SymbolicKey shorter = *key;
      size_t next = prefix.size();
      if (next < key->text.size() && key->text[next] != '\n') {
        size_t length = 1;
        while (next + length < key->text.size() &&
               (static_cast<unsigned char>(key->text[next + length]) & 0xC0U) == 0x80U) {
          ++length;
        }
        shorter.Replace(0, next + length, SymbolicKey{});
      }
      std::optional<Part> held = Held(shorter, members, member);
      if (!held) return std::nullopt;
      if (*held == Part::kAll) {
        if (shorter.text != key->text) trace->prefix_step = Trace::PrefixStep::kRemoved;
        *key = std::move(shorter);
        return held;
      }
    }
    SymbolicKey longer;
    longer.Append(prefix);
    longer.Append(".");
    longer.Append(*key, 0, key->text.size());
    std::optional<Part> held = Held(longer, members, member);
    if (!held) return std::nullopt;
    if (*held == Part::kAll) {
      trace->prefix_step = Trace::PrefixStep::kAdded;
      *key = std::move(longer);
      return held;
    }
    return Held(*key, members, member);
  }

  // A GroupWeightRename looks at which keys came earlier: every key by itself, in natural order.
  void RunInKeyOrder(std::span<const LayoutFamily> families) {
    struct Member {
      uint32_t family;
      IndexBox box;
      std::string key;
    };
    std::vector<Member> members;
    for (uint32_t f = 0; f < families.size(); ++f) {
      for (IndexBox& box : CutIntoMembers(families[f].numbers)) {
        std::string key = JoinNumbers(families[f].pattern, SmallestMember(box));
        members.push_back({f, std::move(box), std::move(key)});
      }
    }
    std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
      return NaturalLess(a.key, b.key);
    });
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
  }

  const Plan& plan_;
  const PassOrder& order_;
  const Profile& profile_;
  const LoadTarget* target_;
  Pass& pass_;
  std::vector<bool> guard_seen_;
  DigitClasses classes_;
  bool by_members_ = false;
  bool by_order_ = false;
};

// In list order, or with the renamings before (load) or behind (save) the converters. "All
// renamings, then the first converter that matches" is the list with its converters put last, run
// with at most one converter a key; likewise for the save.
void OrderPhases(bool in_list_order, bool converters_first, std::vector<PassTransform>* list) {
  if (in_list_order) return;
  std::stable_partition(list->begin(), list->end(), [&](const PassTransform& t) {
    return t.transform->is_converter() == converters_first;
  });
}

}  // namespace

PassOrder LoadOrder(const Plan& plan, const Profile& profile) {
  PassOrder order;
  for (uint32_t i = 0; i < plan.transforms.size(); ++i) {
    order.transforms.push_back({&plan.transforms[i].forward(), i});
  }
  OrderPhases(profile.load_in_list_order, /*converters_first=*/false, &order.transforms);
  return order;
}

PassOrder SaveOrder(const Plan& plan, const Profile& profile, const std::vector<bool>& chosen,
                    bool second) {
  PassOrder order;
  for (auto i = static_cast<uint32_t>(plan.transforms.size()); i-- > 0;) {
    if (!chosen[i]) continue;
    const CompiledTransform& compiled = *plan.transforms[i].compiled;
    const auto& reversed = second ? compiled.second_reverse() : compiled.reverse();
    if (const auto* error = std::get_if<EngineError>(&reversed)) {
      order.error = *error;
      order.error_transform = i;
      return order;
    }
    order.transforms.push_back({&std::get<Transform>(reversed), i});
  }
  OrderPhases(profile.save_in_list_order, /*converters_first=*/true, &order.transforms);
  return order;
}

std::vector<bool> FreshChoice(const Plan& plan) {
  std::vector<bool> chosen = LoadedChoice(plan);
  for (size_t i = 0; i < chosen.size(); ++i) {
    if (plan.transforms[i].forward().is_prefix_change()) chosen[i] = false;
  }
  return chosen;
}

std::vector<bool> LoadedChoice(const Plan& plan) {
  std::vector<bool> chosen(plan.transforms.size());
  for (size_t i = 0; i < chosen.size(); ++i) chosen[i] = !plan.transforms[i].legacy;
  return chosen;
}

Name Pass::NameOf(const Trace& trace) const {
  if (trace.renamed) return *trace.renamed;
  Name name{std::string(families[trace.family].pattern), {}};
  for (uint32_t i = 0; i < trace.members.size(); ++i) name.parts.push_back({i, 0});
  return name;
}

uint64_t Pass::size(const Trace& trace) const {
  return std::accumulate(trace.members.begin(), trace.members.end(), uint64_t{1},
                         [](uint64_t n, const IndexSet& set) { return n * set.size(); });
}

Pass RunPass(const Plan& plan, const PassOrder& order, const Profile& profile, Direction direction,
             std::span<const LayoutFamily> families, const LoadTarget* target, Folding folding) {
  Pass pass;
  pass.direction = direction;
  pass.families = families;
  pass.used.assign(plan.transforms.size(), false);
  if (order.error) {
    pass.error = order.error;
    pass.error_transform = order.error_transform;
    return pass;
  }
  PassRunner(plan, order, profile, target, &pass).Run(families, folding);
  return pass;
}

}  // namespace wcheck
