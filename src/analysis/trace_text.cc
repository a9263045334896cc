#include "analysis/trace_text.h"

#include <algorithm>

#include "analysis/subject.h"
#include "families/boxes.h"

namespace wcheck {

std::string ShowKeys(const Pass& pass, const Trace& trace) {
  return ShowFamily(pass.families[trace.family].pattern, trace.members);
}

std::string ShowResult(const Pass& pass, const Trace& trace) {
  Name name = pass.NameOf(trace);
  IndexBox numbers = name.Numbers(trace.members);
  return ShowFamily(name.pattern, numbers);
}

std::string ShowText(const Trace& trace, const SymbolicKey& key) {
  const std::optional<Name> name = NameAt(trace, key);
  return name ? ShowFamily(name->pattern, name->Numbers(trace.members)) : key.text;
}

KeyEvidence EvidenceOf(const Pass& pass, const Trace& trace) {
  bool load = pass.direction == Direction::kLoad;
  return {ShowKeys(pass, trace), load ? "is loaded into" : "is saved as", ShowResult(pass, trace),
          pass.size(trace)};
}

bool Used(const Pass& pass, uint32_t transform) {
  return transform < pass.used.size() && pass.used[transform];
}

bool Used(const Simulation& simulation, uint32_t transform) {
  const Simulation& s = simulation;
  return Used(s.load, transform) || Used(s.reload, transform) || Used(s.resave, transform) ||
         Used(s.save_fresh, transform);
}

const Transform* RanAs(const PassOrder& order, uint32_t transform) {
  for (const PassTransform& t : order.transforms) {
    if (t.index == transform) return t.transform;
  }
  return nullptr;
}

namespace {

Blame BlameFor(Blame::Part part, const Transform& ran, uint32_t index, bool reversed) {
  // The user wrote a prefix, not a pattern; and a reversed GroupWeightRename has sorted pairs.
  if (ran.is_prefix_change() || (ran.is_group() && reversed)) return {};
  return {part, index};
}

}  // namespace

Blame BlameForSource(const Pass& pass, const Transform& ran, uint32_t source) {
  bool reversed = pass.direction == Direction::kSave;
  return BlameFor(reversed ? Blame::Part::kTarget : Blame::Part::kSource, ran, source, reversed);
}

Blame BlameForTarget(const Pass& pass, const Transform& ran, uint32_t target) {
  bool reversed = pass.direction == Direction::kSave;
  return BlameFor(reversed ? Blame::Part::kSource : Blame::Part::kTarget, ran, target, reversed);
}

bool IsBlamed(const RoundTrip& round_trip, uint32_t transform) {
  return std::any_of(round_trip.faults().begin(), round_trip.faults().end(),
                     [transform](const Fault& fault) { return fault.transform == transform; });
}

bool IsPartChar(char c) { return c != '.'; }

bool StartsInsidePart(std::string_view text, uint32_t from, Span span) {
  return span.begin > from && span.begin < text.size() && span.size() != 0 &&
         IsPartChar(text[span.begin - 1]) && IsPartChar(text[span.begin]);
}

bool EndsInsidePart(std::string_view text, Span span) {
  return span.end > 0 && span.end < text.size() && span.size() != 0 &&
         IsPartChar(text[span.end - 1]) && IsPartChar(text[span.end]);
}

std::string RestOf(std::string_view text, Span span) {
  size_t from = span.end;
  if (from > span.begin && text[from - 1] != '.') from = text.find('.', from);
  return from >= text.size() ? "" : Numberless(text.substr(from));
}

}  // namespace wcheck
