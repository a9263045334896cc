// Cutting a family into cells whose members no pattern can tell apart.
//
// A regular expression sees a number as a string of digits. Two numbers of the same length whose
// digits are pairwise in the same class (DigitClasses) are therefore the same to it: it matches
// both keys at the same places. So one member of a cell is renamed, and the result holds for the
// cell. This is exact, and it is cheap: where patterns look at no digit, {0...127} has three cells.
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

// Every member of a product as a product of its own.
std::vector<IndexBox> CutIntoMembers(std::span<const IndexSet> numbers);

// Joins boxes that differ in one set only, as far as that goes.
void JoinBoxes(std::vector<IndexBox>* boxes);

}  // namespace wcheck
