// Cuts a family into cells whose members no pattern can tell apart.
//
// A regular expression sees a number as a string of digits. If two numbers have the same length,
// and their digits are pairwise in the same class (DigitClasses), it cannot distinguish them: it
// matches both keys at the same positions. So one member of a cell is renamed, and the result holds
// for the whole cell. This is exact, and it is cheap: if no pattern looks at digits, {0...127} has
// three cells, one per length.
#pragma once

#include <span>
#include <vector>

#include "wcheck/key_family.h"

#include "pattern/pattern.h"

namespace wcheck {

// The cells of one set of numbers.
std::vector<IndexSet> CutIntoCells(const IndexSet& numbers, const DigitClasses& classes);

// The cells of a product: all combinations of the cells of its sets.
std::vector<IndexBox> CutIntoCells(std::span<const IndexSet> numbers, const DigitClasses& classes);

// Every member of a product as a product of its own. Use it where no cell is possible.
std::vector<IndexBox> CutIntoMembers(std::span<const IndexSet> numbers);

// Joins boxes that differ in one set only, in one pass per dimension.
void JoinBoxes(std::vector<IndexBox>* boxes);

}  // namespace wcheck
