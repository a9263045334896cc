// Which digits the characters of a pattern can tell apart.
#pragma once

#include "pattern/pattern.h"

#include "pattern/syntax_tree.h"

namespace wcheck::regex {

// Splits `classes` by the digit set of every single-character node that takes some digits and not
// others. With `delimited`, a node is left out if it cannot take part in a match while it stands on
// a digit of a number (a maximal dotted part that is all digits).
//
// The proof: a neighbour of a character that is neither '.' nor inside a number is not inside a
// number, because a number is bounded by dots and the ends of the text. So in a row of nodes that
// take adjacent characters, a node without digits and dot vouches for its neighbours, and these, if
// they cannot take a dot, for theirs.
void SplitByDigitSets(const Tree& tree, bool delimited, DigitClasses* classes);

}  // namespace wcheck::regex
