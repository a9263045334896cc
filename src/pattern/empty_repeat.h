// Repeats that PCRE2 would end differently from Python.
//
// Python starts no further iteration after one that matched the empty text. PCRE2 does the same for
// X*, but treats X{,2} as (?:X(?:X)?)?, where the second X may still match text. This shows only if
// the empty text is not the last that X tries: for example in (|a){,2} or (a|\b){,2}. Likewise,
// Python allows one free iteration after the mandatory ones of X+, which shows only if X looks at
// what a group has matched. Nobody writes such patterns; they are rejected rather than matched
// wrongly.
#pragma once

#include "pattern/syntax_tree.h"

namespace wcheck::regex {

bool HasUnfaithfulRepeat(const Tree& tree);

}  // namespace wcheck::regex
