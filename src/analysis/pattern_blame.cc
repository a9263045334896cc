#include "analysis/pattern_blame.h"

#include "pattern/pattern.h"

namespace wcheck {

Blame BlamePattern(const EngineError& error, Blame::Part part,
                   const std::vector<std::string>& patterns) {
  if (error.pattern.empty()) return {};
  if (patterns.size() == 1) return {part, 0};
  for (uint32_t i = 0; i < patterns.size(); ++i) {
    if (patterns[i] == error.pattern || !Pattern::Compile(patterns[i])) return {part, i};
  }
  return {};
}

}  // namespace wcheck
