// A second save corrupts names: docs/checks/not-resave-safe.md.
#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "analysis/round_trip.h"
#include "analysis/subject.h"
#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/repair.h"
#include "engine/match.h"

namespace wcheck::not_resave_safe {
namespace {

// A lookaround with more alternatives would be a list of the model, not a rule.
constexpr size_t kMostBehind = 4;

using Steps = std::vector<std::pair<const Trace*, const TraceStep*>>;

// What a transform does on save to keys of the model and to keys of the checkpoint.
class Confusion {
 public:
  Confusion(const Simulation& s, uint32_t transform)
      : s_(s),
        transform_(transform),
        wanted_(StepsOf(s.save_fresh)),
        unwanted_(StepsOf(s.resave)) {}

  // The fixes with which the transform matches the model's keys as before, but not those of the
  // checkpoint.
  std::vector<Fix> Repairs() const {
    const TransformRef ref = RefOf(s_.plan, transform_);
    std::vector<Fix> holding;
    for (std::optional<Fix>& fix :
         std::vector<std::optional<Fix>>{GuardTarget(ref), GuardHead(ref), EscapeTargets(ref),
                                         AnchorTargets(ref), ExpectBehind(ref, Behind())}) {
      if (fix && Holds(fix->repair.replacement)) holding.push_back(*std::move(fix));
    }
    return holding;
  }

  std::string Advice(const std::vector<Fix>& repairs) const {
    if (!repairs.empty()) {
      return "write the target as " + Targets(repairs.front().repair.replacement) +
             ": a save reads it as a pattern and then skips names that are already converted; a "
             "load is unchanged";
    }
    if (auto [key, text] = Shared(); !text.empty()) {
      if (key == text) {
        return "the checkpoint and the model both have `" + text +
               "`, and no pattern can tell them apart: do not save a model whose names are already "
               "converted";
      }
      return "on save, the model's `" + key + "` reaches this transform as `" + text +
             "`, which is also a name of the checkpoint, so no pattern can tell them apart: rename "
             "to the model's whole name in one step, not through names that the checkpoint has";
    }
    return "a save reads the target as a pattern: add an anchor or a lookaround, which a load "
           "removes, for text that the model's names have next to the match and the checkpoint's "
           "do not";
  }

 private:
  Steps StepsOf(const Pass& pass) const {
    Steps steps;
    for (const Trace& trace : pass.traces) {
      for (const TraceStep& step : trace.steps) {
        if (step.transform == transform_ && step.changed()) steps.emplace_back(&trace, &step);
      }
    }
    return steps;
  }

  bool Holds(const TransformSpec& spec) const {
    const auto built = Transform::Construct(spec, *s_.engine);
    const auto* forward = std::get_if<Transform>(&built);
    if (forward == nullptr) return false;
    const auto reversed = forward->Reverse();
    const auto* reverse = std::get_if<Transform>(&reversed);
    if (reverse == nullptr) return false;
    auto match = [&](const TraceStep& step) {
      return FindMatch(*reverse, s_.plan.transforms[transform_], *s_.engine, step.before.text);
    };
    return std::all_of(wanted_.begin(), wanted_.end(),
                       [&](const auto& place) {
                         const std::optional<KeyMatch> found = match(*place.second);
                         return found && found->span.begin == place.second->match.begin &&
                                found->span.end == place.second->match.end;
                       }) &&
           std::none_of(unwanted_.begin(), unwanted_.end(),
                        [&](const auto& place) { return match(*place.second).has_value(); });
  }

  // The parts of names, with their dots, that follow the match on keys of the model; none if there
  // are many, or if one of them is of no use.
  std::set<std::string> Behind() const {
    std::set<std::string> parts;
    for (const auto& [trace, step] : wanted_) {
      const std::string rest = step->before.text.substr(step->match.end);
      const std::string part = rest.substr(0, rest.find('.') + 1);
      // A number represents its family.
      if (part.find_first_not_of("0123456789.") == std::string::npos) return {};
      parts.insert(part);
    }
    return parts.size() <= kMostBehind ? parts : std::set<std::string>();
  }

  // A key of the model, and its name before this transform, if a key of the checkpoint has the same
  // name there.
  std::pair<std::string, std::string> Shared() const {
    std::set<std::string_view> of_checkpoint;
    for (const auto& [trace, step] : unwanted_) of_checkpoint.insert(step->before.text);
    for (const auto& [trace, step] : wanted_) {
      if (!of_checkpoint.contains(step->before.text)) continue;
      return {ShowKeys(s_.save_fresh, *trace), ShowText(*trace, step->before)};
    }
    return {};
  }

  static std::string Targets(const TransformSpec& spec) {
    std::string text;
    for (const std::string& target : spec.targets) {
      text += (text.empty() ? "`" : ", `") + target + '`';
    }
    return text;
  }

  const Simulation& s_;
  const uint32_t transform_;
  const Steps wanted_;
  const Steps unwanted_;
};

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  if (!s.has_checkpoint || s.resave.error) return;
  std::map<std::optional<uint32_t>, std::vector<KeyEvidence>> by_transform;
  for (const Trace& trace : s.resave.traces) {
    if (!trace.changed()) continue;
    std::optional<uint32_t> transform;
    for (const TraceStep& step : trace.steps) {
      if (step.changed() && !transform) transform = step.transform;
    }
    by_transform[transform].push_back({ShowKeys(s.resave, trace), "would be saved as",
                                       ShowResult(s.resave, trace), s.resave.size(trace)});
  }
  for (auto& [transform, keys] : by_transform) {
    Finding finding;
    finding.message =
        "its reverse also renames keys that are already in checkpoint format: a second conversion "
        "corrupts them";
    finding.cause = "renames-converted-names";
    if (!transform) finding.subject = Numberless(keys.front().key);
    finding.classes.push_back({"", std::move(keys), 0});
    if (transform) {
      finding.transform = RefOf(s.plan, *transform);
      const Confusion confusion(s, *transform);
      finding.candidates = confusion.Repairs();
      finding.advice = confusion.Advice(finding.candidates);
    }
    sink->Add(std::move(finding));
  }
}

}  // namespace wcheck::not_resave_safe
