// Where each key of a pass ends up, in a form in which two passes can be compared.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/conversion.h"
#include "engine/pass.h"
#include "families/boxes.h"

namespace wcheck {

// What a converter does with the keys of a trace, independent of how its patterns are written.
struct Recipe {
  std::string operations;            // "MergeModulelist(dim=0), Concatenate(dim=1)"
  std::string effect;                // the same in a normal form, whatever the spelling
  size_t position = 0;               // of the key's source, among those that took part
  size_t sources = 0;                // that took part
  std::vector<std::string> outputs;  // their patterns, in order

  // "Chunk(dim=0) into a.#.q, a.#.k"; "as it is" without a converter.
  std::string ToString() const;

  friend bool operator==(const Recipe& a, const Recipe& b) {
    return a.effect == b.effect && a.position == b.position && a.sources == b.sources &&
           a.outputs == b.outputs;
  }
};

// The productions of a conversion, by the traces that contribute to them.
class Recipes {
 public:
  explicit Recipes(const Conversion& conversion);
  // The first production that a trace contributes to; null if there is none.
  const Production* ProductionOf(uint32_t trace) const;
  Recipe Of(uint32_t trace) const;

 private:
  std::unordered_map<uint32_t, const Production*> by_trace_;
};

// Whether the members in `box` (a part of both traces) get the same names.
bool SameNames(const Name& a, const Name& b, const IndexBox& box);

// Calls f(a's trace, b's trace, box) for every two traces with common keys.
template <typename F>
void ForEachOverlap(const Pass& a, const Pass& b, F&& f) {
  std::unordered_map<std::string_view, std::vector<uint32_t>> by_pattern;
  for (uint32_t t = 0; t < b.traces.size(); ++t) {
    by_pattern[b.families[b.traces[t].family].pattern].push_back(t);
  }
  for (uint32_t t = 0; t < a.traces.size(); ++t) {
    const auto found = by_pattern.find(a.families[a.traces[t].family].pattern);
    if (found == by_pattern.end()) continue;
    for (uint32_t u : found->second) {
      if (!BoxesIntersect(a.traces[t].members, b.traces[u].members)) continue;
      f(t, u, IntersectBoxes(a.traces[t].members, b.traces[u].members));
    }
  }
}

}  // namespace wcheck
