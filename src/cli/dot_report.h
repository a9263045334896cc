// The report that is a picture: `wcheck check --format dot`.
#pragma once

#include <string>

#include "wcheck/judge.h"
#include "wcheck/release.h"
#include "wcheck/layout.h"
#include "wcheck/registry.h"
#include "wcheck/result.h"

namespace wcheck::cli {

// The transform graph of one model on load, in the DOT language, with marks on the transforms that
// the findings of `judgement` blame.
Result<std::string> DotReport(const Layout& layout, const Registry& registry,
                              const Engine& engine, const Judgement& judgement);

}  // namespace wcheck::cli
