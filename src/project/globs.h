// Globs (*, ?, [abc]) of names of model classes.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/result.h"

namespace wcheck {

// For each name, whether a glob matches it. An invalid glob, or one that matches no name, is an
// error, with the nearest names; `option` is the option that it was given to ("--model").
Result<std::vector<bool>> MatchGlobs(std::string_view option, const std::vector<std::string>& globs,
                                     std::span<const std::string_view> names);

// Whether a text matches one of the globs. An invalid glob is an error; `what` is where it stands.
Result<std::function<bool(std::string_view text)>> GlobMatcher(
    std::string_view what, const std::vector<std::string>& globs);

}  // namespace wcheck
