// Repeats that PCRE2 would not end where Python does.
//
// Python starts no further iteration after one that matched the empty text. PCRE2 does the same for
// X* but takes X{,2} for (?:X(?:X)?)?, where the second X may still take text. That shows only if
// the empty text is not the last that X tries: in (|a){,2}, say, or (a|\b){,2}. Likewise Python
// lets one free iteration follow the obligatory ones of X+, which shows only if X looks at what a
// group has matched. Nobody writes such patterns; they are refused rather than matched wrongly.
#pragma once

#include "pattern/syntax_tree.h"

namespace wcheck::regex {

bool HasUnfaithfulRepeat(const Tree& tree);

}  // namespace wcheck::regex
