// "Did you mean": the names nearest to one that does not exist.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wcheck {

// At most `limit` of `candidates`, the nearest to `name` first. Case is ignored. A candidate is
// near if it contains the name (at least three letters), or if at most a third of the name's
// letters were mistyped (two are always allowed, if the name is longer than that).
std::vector<std::string_view> Nearest(std::string_view name,
                                      std::span<const std::string_view> candidates,
                                      size_t limit = 3);

// "did you mean A, B or C?", or nothing if `names` is empty.
std::string DidYouMean(std::span<const std::string_view> names);

}  // namespace wcheck
