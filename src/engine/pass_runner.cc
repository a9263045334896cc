// Cuts a family into cells, renames one representative per cell with tagged digits, and joins cells
// with equal results. If a tag is torn or a replacement is ambiguous, the cell is processed member
// by member.
#include "engine/pass_runner.h"

#include <utility>

#include "engine/family_filter.h"
#include "engine/rename.h"
#include "families/boxes.h"
#include "families/family_cells.h"

namespace wcheck {
namespace {

// Tags are bytes; a key with more numbers than this is processed member by member.
constexpr size_t kMaxSymbolicNumbers = 200;

// Two cells of a family have the same result: the same steps, and the same names except for their
// numbers.
bool SameOutcome(const Trace& a, const Trace& b, std::span<const IndexSet> a_members,
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

// Digits of a literal prefix that keys are compared with.
void SplitByLiteral(std::string_view text, DigitClasses* classes) {
  for (const char c : text) {
    if (c >= '0' && c <= '9') classes->Split(static_cast<uint16_t>(1U << (c - '0')));
  }
}

// True if a name is the family's own.
bool IsOwnName(const Name& name, const LayoutFamily& family, std::span<const IndexSet> members) {
  if (name.pattern != family.pattern) return false;
  for (uint32_t i = 0; i < name.parts.size(); ++i) {
    const NamePart& part = name.parts[i];
    bool own = part.number == i || (part.number == NamePart::kConstant && members[i].size() == 1 &&
                                    members[i].min() == part.value);
    if (!own) return false;
  }
  return true;
}

}  // namespace

PassRunner::PassRunner(const Plan& plan, const PassOrder& order, const Engine& engine,
                       const LoadTarget* target, const std::vector<bool>* open_guards, Pass* pass)
    : plan_(plan),
      order_(order),
      engine_(engine),
      target_(target),
      pass_(*pass),
      guard_open_(order.transforms.size(), false),
      guards_at_start_(order.transforms.size(), false),
      candidates_(order.transforms.size(), true) {
  if (target != nullptr) {
    SplitByLiteral(target->base_model_prefix, &prefix_classes_);
    prefix_step_.emplace(*target);
  }
  classes_ = prefix_classes_;
  own_classes_.reserve(order.transforms.size());
  for (const PassTransform& t : order.transforms) {
    const PlacedTransform& placed = plan.transforms[t.index];
    DigitClasses& own = own_classes_.emplace_back();
    t.transform->pattern.AddDigitClasses(/*delimited=*/true, &own);
    has_guards_ |= t.transform->is_group();
    if (placed.scope_prefix) {
      SplitByLiteral(*placed.scope_prefix, &own);
      SplitByLiteral(placed.base_model_prefix, &own);
    }
    classes_.Split(own);
  }
  for (size_t i = 0; open_guards != nullptr && i < order.transforms.size(); ++i) {
    guards_at_start_[i] = (*open_guards)[order.transforms[i].index];
  }
}

void PassRunner::Run(Folding folding) {
  folding_ = folding;
  if (!has_guards_) return RunFamilies();
  if (folding == Folding::kFamilies && RunFamiliesWithGuards()) return;
  RunInKeyOrder();
}

void PassRunner::RunFamilies() {
  pass_.traces.reserve(pass_.families.size());
  for (uint32_t f = 0; f < pass_.families.size() && !pass_.error; ++f) RunFamily(f);
}

// Tries the cheapest way first; see the four steps in the header. Every way gives the same traces.
void PassRunner::RunFamily(uint32_t index) {
  const LayoutFamily& family = pass_.families[index];
  if (folding_ == Folding::kFamilies && !FindCandidates(family) && RunUntouched(index)) return;
  if (folding_ == Folding::kMembers) {
    Groups groups;
    RunMembers(index, family.numbers, &groups);
    Emit(family, &groups);
    return;
  }
  if (folding_ == Folding::kFamilies && !classes_.trivial()) {
    all_classes_ = false;
    const bool done = RunCells(index, ClassesOfCandidates());
    all_classes_ = true;
    if (done) return;
  }
  RunCells(index, classes_);
}

const DigitClasses& PassRunner::ClassesOfCandidates() {
  candidate_classes_ = prefix_classes_;
  for (size_t i = 0; i < candidates_.size(); ++i) {
    if (candidates_[i] && !own_classes_[i].trivial()) candidate_classes_.Split(own_classes_[i]);
  }
  return candidate_classes_;
}

bool PassRunner::RunCells(uint32_t index, const DigitClasses& classes) {
  const LayoutFamily& family = pass_.families[index];
  std::vector<IndexBox> cells;
  if (!family.numbers.empty()) cells = CutIntoCells(family.numbers, classes);
  if (cells.size() < 2) {
    Trace trace;
    trace.family = index;
    trace.members = family.numbers;
    switch (RunCell(family, family.numbers, Keys::kSymbolic, &trace)) {
      case CellOutcome::kTooCoarse:
        return false;
      case CellOutcome::kAmbiguous:
        break;
      case CellOutcome::kDone:
      case CellOutcome::kError:
        pass_.traces.push_back(std::move(trace));
        return true;
    }
    Groups groups;
    RunMembers(index, family.numbers, &groups);
    Emit(family, &groups);
    return true;
  }
  Groups groups;
  for (const IndexBox& cell : cells) {
    Trace trace;
    trace.family = index;
    switch (RunCell(family, cell, Keys::kSymbolic, &trace)) {
      case CellOutcome::kTooCoarse:
        return false;
      case CellOutcome::kAmbiguous:
        RunMembers(index, cell, &groups);
        break;
      case CellOutcome::kDone:
      case CellOutcome::kError:
        AddTo(&groups, std::move(trace), cell);
        break;
    }
    if (pass_.error) break;
  }
  Emit(family, &groups);
  return true;
}

bool PassRunner::FindCandidates(const LayoutFamily& family) {
  bool any = false;
  for (size_t i = 0; i < order_.transforms.size(); ++i) {
    const PassTransform& t = order_.transforms[i];
    bool may = MayTouch(*t.transform, plan_.transforms[t.index], family.pattern);
    candidates_[i] = may;
    any |= may;
  }
  return any;
}

bool PassRunner::RunUntouched(uint32_t index) {
  const LayoutFamily& family = pass_.families[index];
  Trace trace;
  trace.family = index;
  trace.members = family.numbers;
  if (prefix_step_) {
    std::string_view result;
    KeySet::Part held =
        prefix_step_->ApplyToName(family.pattern, family.numbers, &trace.prefix_step, &result);
    if (held == KeySet::Part::kSome) return false;
    trace.in_model = held == KeySet::Part::kAll;
    if (trace.prefix_step != Trace::PrefixStep::kNone) {
      trace.renamed = Name{std::string(result), {}};
      for (uint32_t i = 0; i < family.numbers.size(); ++i) trace.renamed->parts.push_back({i, 0});
    }
  }
  pass_.traces.push_back(std::move(trace));
  return true;
}

void PassRunner::RunMembers(uint32_t index, std::span<const IndexSet> members, Groups* groups) {
  const LayoutFamily& family = pass_.families[index];
  for (IndexBox& member : CutIntoMembers(members)) {
    Trace trace;
    trace.family = index;
    RunCell(family, member, Keys::kConcrete, &trace);
    groups->push_back({std::move(trace), {std::move(member)}});
    if (pass_.error) return;
  }
}

void PassRunner::AddTo(Groups* groups, Trace trace, IndexBox box) {
  for (Group& group : *groups) {
    if (!SameOutcome(group.trace, trace, group.boxes.front(), box)) continue;
    group.boxes.push_back(std::move(box));
    return;
  }
  groups->push_back({std::move(trace), {}});
  groups->back().boxes.push_back(std::move(box));
}

void PassRunner::Emit(const LayoutFamily& family, Groups* groups) {
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

// Sends one representative through the transforms. The result holds for the whole cell unless a
// rename is ambiguous: then nothing of it is kept, and the caller takes the members one by one.
PassRunner::CellOutcome PassRunner::RunCell(const LayoutFamily& family,
                                            std::span<const IndexSet> members, Keys keys,
                                            Trace* trace) {
  std::vector<uint32_t> member = SmallestMember(members);
  bool symbolic = keys == Keys::kSymbolic && members.size() <= kMaxSymbolicNumbers;
  SymbolicKey key = symbolic ? SymbolicKey::Of(family.pattern, member)
                             : SymbolicKey::Concrete(JoinNumbers(family.pattern, member));

  const bool stands_for_many = symbolic && BoxSize(members) > 1;
  // The name that the transforms see, while the key stands for many.
  Name now;
  std::string_view pattern = family.pattern;
  bool converted = false;
  bool changed = false;
  for (size_t i = 0; i < order_.transforms.size(); ++i) {
    const PassTransform& t = order_.transforms[i];
    if (!candidates_[i] && !changed) continue;
    if (converted && t.transform->is_converter()) continue;
    if (stands_for_many && (!candidates_[i] || t.transform->pattern.compares_text())) {
      if (!MayTouch(*t.transform, plan_.transforms[t.index], pattern)) continue;
      // The digits of one member say nothing about the others.
      if (t.transform->pattern.compares_text()) return CellOutcome::kAmbiguous;
      if (!all_classes_ && !own_classes_[i].trivial()) return CellOutcome::kTooCoarse;
    }
    TraceStep step;
    step.transform = t.index;
    bool guard = guard_open_[i];
    EngineError error;
    RenameOutcome outcome =
        RenameWith(*t.transform, plan_.transforms[t.index], engine_, &guard, &key, &step, &error);
    if (outcome == RenameOutcome::kAmbiguous) return CellOutcome::kAmbiguous;
    if (in_key_order_) guard_open_[i] = guard;
    if (outcome == RenameOutcome::kNoMatch) continue;
    pass_.used[t.index] = true;
    if (outcome == RenameOutcome::kError) {
      pass_.error = std::move(error);
      pass_.error_transform = t.index;
      pass_.error_key = JoinNumbers(family.pattern, member);
      return CellOutcome::kError;
    }
    // From here on other patterns see the key: a number must still be one.
    if (step.changed()) {
      changed = true;
      if (symbolic) {
        if (!ToName(key, member, &now)) return CellOutcome::kAmbiguous;
        pattern = now.pattern;
      }
    }
    if (t.transform->is_converter()) {
      converted = true;
      trace->claim = static_cast<int32_t>(trace->steps.size());
    }
    trace->steps.push_back(std::move(step));
  }
  return Finish(family, members, member, symbolic, std::move(key), trace);
}

PassRunner::CellOutcome PassRunner::Finish(const LayoutFamily& family,
                                           std::span<const IndexSet> members,
                                           std::span<const uint32_t> member, bool symbolic,
                                           SymbolicKey key, Trace* trace) {
  if (target_ != nullptr)
    return FinishLoad(family, members, member, symbolic, std::move(key), trace);
  if (trace->steps.empty()) return CellOutcome::kDone;
  Name name;
  if (!ToName(key, member, &name) || !name.IsProduct()) return CellOutcome::kAmbiguous;
  if (!IsOwnName(name, family, members)) trace->renamed = std::move(name);
  return CellOutcome::kDone;
}

// The end of a load: the prefix step, and the fallback to the own name. Most names can be decided
// by their pattern; only if that leaves the answer open is the key itself looked at.
PassRunner::CellOutcome PassRunner::FinishLoad(const LayoutFamily& family,
                                               std::span<const IndexSet> members,
                                               std::span<const uint32_t> member, bool symbolic,
                                               SymbolicKey key, Trace* trace) {
  using Part = KeySet::Part;
  // By the name after the transforms first: it usually decides.
  Name name;
  if (!ToName(key, member, &name)) return CellOutcome::kAmbiguous;
  std::string_view result;
  Part by_name =
      prefix_step_->ApplyToName(name.pattern, name.Numbers(members), &trace->prefix_step, &result);
  if (by_name == Part::kAll) {
    if (trace->prefix_step != Trace::PrefixStep::kNone) name.pattern = std::string(result);
  } else {
    trace->prefix_step = Trace::PrefixStep::kNone;
    std::optional<Part> held = by_name;
    if (by_name == Part::kSome) held = prefix_step_->ApplyToKey(members, member, &key, trace);
    if (!held) return CellOutcome::kAmbiguous;
    if (engine_.falls_back_to_own_name && *held == Part::kNone && !trace->steps.empty()) {
      // The transforms led nowhere. If the key itself is a key of the model, it loads as it is
      // (docs/semantics.md#own-name-fallback).
      Part own = target_->keys->Has(family.pattern, members);
      if (own == Part::kSome) return CellOutcome::kAmbiguous;
      if (own == Part::kAll) {
        key = symbolic ? SymbolicKey::Of(family.pattern, member)
                       : SymbolicKey::Concrete(JoinNumbers(family.pattern, member));
        trace->set_aside = true;
        trace->claim = -1;
        trace->prefix_step = Trace::PrefixStep::kNone;
        held = prefix_step_->ApplyToKey(members, member, &key, trace);
        if (!held) return CellOutcome::kAmbiguous;
      }
    }
    trace->in_model = *held == Part::kAll;
    if (!ToName(key, member, &name)) return CellOutcome::kAmbiguous;
  }
  if (by_name == Part::kAll) trace->in_model = true;
  if (trace->steps.empty() && trace->prefix_step == Trace::PrefixStep::kNone) {
    return CellOutcome::kDone;
  }
  if (!name.IsProduct()) return CellOutcome::kAmbiguous;
  if (!IsOwnName(name, family, members)) trace->renamed = std::move(name);
  return CellOutcome::kDone;
}

}  // namespace wcheck
