// How a pass sends families through its transforms.
//
// The less a family needs, the less is done for it:
//   1. no transform can match it (family_filter.h): no key is looked at;
//   2. one cell (families/family_cells.h): one member is renamed for all;
//   3. several cells: one member per cell, at first cut only by what the transforms that may match
//      the family can tell apart, then by what any transform can;
//   4. a cell turns out to be ambiguous, or a pattern that compares text with text may match it:
//      every member by itself.
// Each step down gives the same answer, only slower.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/pass.h"
#include "engine/prefix_step.h"
#include "pattern/pattern.h"

namespace wcheck {

// Whether a GroupWeightRename matched on the way.
bool MeetsGuard(const Trace& trace, const Plan& plan);

class PassRunner {
 public:
  // Fills `pass`, whose families are set. Keeps references to everything. `open_guards`, if not
  // null, are the transforms of the plan whose guards have been seen before the first key.
  PassRunner(const Plan& plan, const PassOrder& order, const Engine& engine,
             const LoadTarget* target, const std::vector<bool>* open_guards, Pass* pass);

  void Run(Folding folding);

 private:
  // kTooCoarse: a transform came to see a renamed key that tells members of the cell apart.
  enum class CellOutcome : uint8_t { kDone, kAmbiguous, kTooCoarse, kError };
  // Whether the digits of a representative stand for the numbers of its family, or for themselves
  // (one member, taken by itself: nothing can be ambiguous).
  enum class Keys : uint8_t { kSymbolic, kConcrete };

  // Cells with the same outcome become one trace, or as few as boxes can express.
  struct Group {
    Trace trace;
    std::vector<IndexBox> boxes;
  };
  using Groups = std::vector<Group>;


  void RunFamilies();
  void RunFamily(uint32_t index);
  // Fills candidates_ for a family. False if there is none.
  bool FindCandidates(const LayoutFamily& family);
  // Step 1 of the four. False if the prefix step needs a key after all.
  bool RunUntouched(uint32_t index);
  // Steps 2 and 3. False, with nothing added to the pass, if the cells are too coarse.
  bool RunCells(uint32_t index, const DigitClasses& classes);
  // What candidates_ can tell apart.
  const DigitClasses& ClassesOfCandidates();
  void RunMembers(uint32_t index, std::span<const IndexSet> members, Groups* groups);
  // Runs one member of a cell on behalf of all. Fills all of `trace` but `family` and `members`.
  CellOutcome RunCell(const LayoutFamily& family, std::span<const IndexSet> members, Keys keys,
                      Trace* trace);
  // The steps after the transforms, and the resulting name.
  CellOutcome Finish(const LayoutFamily& family, std::span<const IndexSet> members,
                     std::span<const uint32_t> member, bool symbolic, SymbolicKey key,
                     Trace* trace);
  CellOutcome FinishLoad(const LayoutFamily& family, std::span<const IndexSet> members,
                         std::span<const uint32_t> member, bool symbolic, SymbolicKey key,
                         Trace* trace);

  static void AddTo(Groups* groups, Trace trace, IndexBox box);
  void Emit(const LayoutFamily& family, Groups* groups);

  // A pass with a GroupWeightRename, which depends on the earlier keys (pass_guards.cc).
  bool RunFamiliesWithGuards();
  // Fills the pass with the families that meet no guard; `left`, one per family, are the others.
  // False if a key raises.
  bool RunFamiliesWithoutGuards(std::vector<bool>* left);
  void RunInKeyOrder();
  void RunInKeyOrder(const std::vector<bool>& chosen);  // one per family
  // Renamings come to the keys that a converter claims only after all others.
  bool ClaimedComeLate() const;
  bool IsClaimed(std::string_view key) const;
  void StartAnew();

  const Plan& plan_;
  const PassOrder& order_;
  const Engine& engine_;
  const LoadTarget* target_;
  Pass& pass_;
  std::optional<PrefixStep> prefix_step_;  // on load
  // One per transform of the order: a GroupWeightRename whose later sources may match. In key order
  // it becomes true when the first source has matched; otherwise it is set beforehand.
  std::vector<bool> guard_open_;
  std::vector<bool> guards_at_start_;  // what guard_open_ is before the first key
  bool in_key_order_ = false;
  // One per transform of the order: it can match a key of the current family, as long as nothing
  // else has changed the key.
  std::vector<bool> candidates_;
  DigitClasses prefix_classes_;             // what the base model prefix can tell apart
  std::vector<DigitClasses> own_classes_;   // what each transform of the order can
  DigitClasses classes_;                    // what all together can
  DigitClasses candidate_classes_;
  // The cells of the current family are cut by all transforms.
  bool all_classes_ = true;
  bool has_guards_ = false;
  Folding folding_ = Folding::kFamilies;
};

}  // namespace wcheck
