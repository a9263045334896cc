// "Did you mean": the names nearest to one that does not exist.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wcheck::cli {

// At most `limit` of `candidates`, the nearest to `name` first. Letter case does not count. A
// candidate is near if it contains the name (three letters at least), or if a third of the name's
// letters or fewer were mistyped (two are always forgiven, if the name is longer than that).
std::vector<std::string_view> Nearest(std::string_view name,
                                      std::span<const std::string_view> candidates,
                                      size_t limit = 3);

// "did you mean A, B or C?", or nothing if `names` is empty.
std::string DidYouMean(std::span<const std::string_view> names);

}  // namespace wcheck::cli
