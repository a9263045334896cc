// Looks for leftovers in saved names: references, escapes and pattern characters, empty parts. The
// step that added the leftover is found by walking the trace.
#include "analysis/leftover.h"

#include <algorithm>
#include <array>

#include "analysis/trace_text.h"
#include "families/boxes.h"

namespace wcheck {
namespace {

// The worst that is wrong with a name and was not wrong with the keys that it comes from.
Leftover NewIn(std::string_view name, Leftover before) {
  Leftover now = LeftoverOf(name);
  return now == before ? Leftover::kNone : now;
}

// The step whose replacement added something to a name.
std::optional<uint32_t> BroughtBy(const Trace& trace) {
  for (const TraceStep& step : trace.steps) {
    Leftover before = LeftoverOf(step.before.text);
    if (LeftoverOf(step.after.text) != before && LeftoverOf(step.after.text) != Leftover::kNone) {
      return step.transform;
    }
  }
  if (trace.steps.empty()) return std::nullopt;
  return trace.steps.back().transform;
}

}  // namespace

Leftover LeftoverOf(std::string_view name) {
  static constexpr std::array<bool, 256> kSyntax = [] {
    std::array<bool, 256> table{};
    for (char c : std::string_view("\\^$()[]{}*+?|")) table[static_cast<unsigned char>(c)] = true;
    return table;
  }();
  bool syntax = false;
  bool empty = name.empty() || name.front() == '.' || name.back() == '.';
  for (size_t i = 0; i < name.size(); ++i) {
    char next = i + 1 < name.size() ? name[i + 1] : '\0';
    if (name[i] == '\\' && next >= '0' && next <= '9') return Leftover::kReference;
    syntax |= kSyntax[static_cast<unsigned char>(name[i])];
    empty |= name[i] == '.' && next == '.';
  }
  if (syntax) return Leftover::kSyntax;
  return empty ? Leftover::kEmptyPart : Leftover::kNone;
}

// Renamed keys, then the names that converters produced. Only what the model's own key did not have
// counts: some models have odd names.
std::vector<LeftoverName> LeftoverNames(const Simulation& s) {
  std::vector<LeftoverName> out;
  if (s.saved.error) return out;
  for (const Trace& trace : s.save_fresh.traces) {
    if (trace.claim >= 0 || !trace.renamed) continue;
    Leftover before = LeftoverOf(s.save_fresh.families[trace.family].pattern);
    // An unclaimed name goes through target processing once more, which removes some leftovers
    // (docs/semantics.md#carried-names).
    Leftover left = NewIn(ProcessTarget(trace.renamed->pattern, *s.engine).text, before);
    if (left == Leftover::kNone) continue;
    out.push_back({left, ShowKeys(s.save_fresh, trace), ShowResult(s.save_fresh, trace),
                   s.save_fresh.size(trace), BroughtBy(trace)});
  }
  for (const Production& production : s.saved.productions) {
    if (production.inputs.empty()) continue;
    const Trace& first = s.save_fresh.traces[production.inputs.front().trace];
    Leftover before = LeftoverOf(s.save_fresh.families[first.family].pattern);
    for (const Production::Output& output : production.outputs) {
      Leftover left = NewIn(output.pattern, before);
      if (left == Leftover::kNone) continue;
      // The key that it is collected under may have it already, from a renaming.
      std::optional<uint32_t> renamed = BroughtBy(first);
      bool before_it = NewIn(production.pattern, before) == left;
      out.push_back({left, ShowKeys(s.save_fresh, first),
                     ShowFamily(output.pattern, output.numbers), BoxSize(output.numbers),
                     before_it && renamed ? renamed : production.transform});
    }
  }
  return out;
}

}  // namespace wcheck
