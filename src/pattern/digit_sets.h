// Which digits the characters of a pattern can tell apart.
#pragma once

#include "pattern/pattern.h"
#include "pattern/syntax_tree.h"

namespace wcheck::regex {

// Splits `classes` by the digit set of every single-character node that accepts some digits and not
// others. With `delimited`, a node is ignored if it cannot take part in a match while it is on a
// digit of a number (a maximal dotted part that consists of digits).
//
// The proof: a character next to one that is neither '.' nor inside a number is not inside a
// number, because a number is bounded by dots and the ends of the text. So in a row of nodes that
// match adjacent characters, a node that accepts neither digits nor a dot proves this for its
// neighbours, and these, if they cannot match a dot, for theirs.
void SplitByDigitSets(const Tree& tree, bool delimited, DigitClasses* classes);

}  // namespace wcheck::regex
