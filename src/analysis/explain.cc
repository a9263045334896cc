// Collects the answer for one key from passes that exist already: its trace, the reasons of the
// transforms that did not fire (attempts.h), and what is collected with it. The way back follows
// each result in the other direction.
#include "analysis/explain.h"

#include <algorithm>
#include <map>
#include <set>

#include "families/boxes.h"
#include "support/printable.h"

namespace wcheck {
namespace {

constexpr size_t kMaxBack = 3;   // ways back to show
constexpr size_t kMaxAlike = 5;  // parts of a family to show

// A key or family as requested: each hole with its values, or any.
struct AskedKeys {
  std::string pattern;
  std::vector<std::optional<IndexSet>> numbers;
};

// "0...31,40". Nothing if it is not a set of numbers.
std::optional<IndexSet> ParseSet(std::string_view text) {
  auto number = [](std::string_view digits) -> std::optional<uint32_t> {
    SplitKey split = SplitNumbers(digits);
    if (split.numbers.size() != 1 || split.pattern != std::string_view(&kHole, 1)) {
      return std::nullopt;
    }
    return split.numbers[0];
  };
  std::vector<IndexRange> ranges;
  while (true) {
    size_t comma = text.find(',');
    std::string_view range = text.substr(0, comma);
    size_t dots = range.find("...");
    auto first = number(range.substr(0, dots));
    auto last = dots == std::string_view::npos ? first : number(range.substr(dots + 3));
    if (!first || !last || *last < *first) return std::nullopt;
    ranges.push_back({*first, *last});
    if (comma == std::string_view::npos) return IndexSet::FromRanges(std::move(ranges));
    text.remove_prefix(comma + 1);
  }
}

bool IsWord(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

// A part in braces is a hole: a set of numbers, or any number if it is a word. Braces that are
// neither belong to the name.
AskedKeys ParseFamily(std::string_view text) {
  AskedKeys asked;
  for (size_t at = 0; at <= text.size();) {
    const bool opens = at < text.size() && text[at] == '{';
    size_t end = opens ? text.find('}', at) : std::string_view::npos;
    bool braces = end != std::string_view::npos && (end + 1 == text.size() || text[end + 1] == '.');
    if (braces) {
      std::string_view inside = text.substr(at + 1, end - at - 1);
      std::optional<IndexSet> set = ParseSet(inside);
      if (set || IsWord(inside)) {
        asked.pattern += kHole;
        asked.numbers.push_back(std::move(set));
        at = end + 1;
      } else {
        braces = false;
      }
    }
    if (!braces) {
      size_t dot = std::min(text.find('.', at), text.size());
      SplitKey split = SplitNumbers(text.substr(at, dot - at));
      asked.pattern += split.pattern;
      for (uint32_t value : split.numbers) asked.numbers.emplace_back(IndexSet(value, value));
      at = dot;
    }
    if (at >= text.size()) break;
    asked.pattern += '.';
    ++at;
  }
  return asked;
}

// Some members of a trace.
struct Part {
  uint32_t trace;
  IndexBox members;
};

std::vector<Part> PartsOf(const Pass& pass, const AskedKeys& asked) {
  std::vector<Part> parts;
  for (uint32_t t = 0; t < pass.traces.size(); ++t) {
    const Trace& trace = pass.traces[t];
    if (pass.families[trace.family].pattern != asked.pattern) continue;
    IndexBox members(trace.members.begin(), trace.members.end());
    bool any = true;
    for (size_t i = 0; i < members.size(); ++i) {
      if (asked.numbers[i]) members[i] = members[i].Intersect(*asked.numbers[i]);
      any &= !members[i].empty();
    }
    if (any) parts.push_back({t, std::move(members)});
  }
  return parts;
}

class Explainer {
 public:
  explicit Explainer(const Simulation& simulation) : s_(simulation) {}

  const Pass& PassOf(Direction d) const { return d == Direction::kSave ? s_.save_fresh : s_.load; }

  Explanation Explain(Direction direction, const Part& part, Explanation::Subject subject) const {
    Explanation out;
    out.subject = subject;
    out.there =
        Follow(PassOf(direction), direction, part, subject != Explanation::Subject::kGivenKey);
    Judge(direction, &out);
    return out;
  }

  // A key that is in neither list, loaded together with the checkpoint.
  Explanation ExplainGiven(std::string_view key) const {
    SplitKey split = SplitNumbers(key);
    IndexBox numbers = SingleMember(split.numbers);
    std::vector<LayoutFamily> families(s_.checkpoint.begin(), s_.checkpoint.end());
    families.push_back({split.pattern, numbers, {}, {}});
    LoadTarget target{s_.layout->base_model_prefix, s_.model.get()};
    Pass pass = RunPass(s_.plan, s_.load_order, *s_.engine, Direction::kLoad, families, &target);
    Explanation out;
    out.subject = Explanation::Subject::kGivenKey;
    auto found = FindKey(pass, key);
    if (found) {
      out.there = Follow(pass, Direction::kLoad, {found->trace, numbers}, /*shapes=*/false);
    } else {
      out.there = Failed(pass, Direction::kLoad, std::string(key));
    }
    Judge(Direction::kLoad, &out);
    return out;
  }

 private:
  const PassOrder& OrderOf(Direction d) const {
    return d == Direction::kSave ? s_.save_order : s_.load_order;
  }

  KeyWay Failed(const Pass& pass, Direction direction, std::string key) const {
    KeyWay way;
    way.direction = direction;
    way.family = key;
    way.key = std::move(key);
    way.error = pass.error;
    way.error_key = pass.error_key;
    way.error_transform = pass.error_transform;
    return way;
  }

  // Reads the result from the pass, and tries the transforms once more on one member, for the
  // reasons of those that did not fire.
  KeyWay Follow(const Pass& pass, Direction direction, const Part& part, bool shapes) const {
    const Trace& trace = pass.traces[part.trace];
    const LayoutFamily& family = pass.families[trace.family];
    std::vector<uint32_t> member = SmallestMember(part.members);
    KeyWay way;
    way.direction = direction;
    way.key = JoinNumbers(family.pattern, member);
    way.family = ShowFamily(family.pattern, part.members);
    way.keys = BoxSize(part.members);
    if (shapes) way.shape = ShapeOf(family);
    const PassOrder& order = OrderOf(direction);
    way.attempts = TryTransforms(s_.plan, order, *s_.engine, way.key,
                                 GuardsBefore(s_.plan, pass, order, *s_.engine, way.key));
    way.prefix_step = trace.prefix_step;
    way.set_aside = trace.set_aside;
    way.in_model = trace.in_model;
    way.renamed = pass.NameOf(trace).Of(member);
    if (direction == Direction::kSave && s_.saved.error) {
      way.error = s_.saved.error;
      way.error_key = s_.saved.error_key;
      way.error_transform = s_.saved.error_transform;
      return way;
    }
    if (pass.error) {
      way.error = pass.error;
      way.error_key = pass.error_key;
      way.error_transform = pass.error_transform;
      return way;
    }
    if (direction == Direction::kSave || trace.in_model) AddResults(pass, part.trace, member, &way);
    AddRivals(pass, part.trace, &way);
    return way;
  }

  // Converts just the bucket that this key is collected in, so that everything collected with it is
  // known.
  void AddResults(const Pass& pass, uint32_t t, std::span<const uint32_t> member,
                  KeyWay* way) const {
    const Trace& trace = pass.traces[t];
    if (trace.claim >= 0 && !way->shape) {
      // Operations cannot run on a tensor without a shape, but names are known.
      for (const Name& name : FilledKeys(s_, pass, trace)) {
        SplitKey split = SplitNumbers(name.Of(member));
        way->results.push_back({split.pattern, SingleMember(split.numbers), std::nullopt});
      }
      return;
    }
    Pass part = OneTrace(pass, t, SingleMember(member));
    if (trace.claim >= 0) {
      SplitKey bucket = SplitNumbers(CollectedUnder(pass, *s_.engine, trace).Of(member));
      part = CollectedPart(pass, *s_.engine, bucket.pattern, SingleMember(bucket.numbers));
    }
    Conversion made = Convert(part, s_.plan, OrderOf(way->direction), *s_.engine, *s_.model);
    for (const Production& production : made.productions) {
      way->converter = production.converter;
      way->converter_index = production.transform;
      way->bare_names |= production.bare_names;
      way->error = production.error;
      way->error_transform = production.transform;
      for (const Production::Input& input : production.inputs) {
        const Trace& from = part.traces[input.trace];
        way->collected.push_back({ShowFamily(pass.families[from.family].pattern, from.members),
                                  BoxSize(from.members), input.source});
      }
    }
    for (const LayoutFamily& tensor : made.tensors) {
      KeyWay::Result result{std::string(tensor.pattern),
                            IndexBox(tensor.numbers.begin(), tensor.numbers.end()), std::nullopt};
      if (way->shape) result.shape = ShapeOf(tensor);
      way->results.push_back(std::move(result));
    }
  }

  void AddRivals(const Pass& pass, uint32_t t, KeyWay* way) const {
    const Direction direction = way->direction;
    SplitKey reached = SplitNumbers(way->renamed);
    IndexBox numbers = SingleMember(reached.numbers);
    for (const Collision& c :
         direction == Direction::kSave ? s_.save_collisions : s_.load_collisions) {
      if (c.pattern != reached.pattern || !BoxesIntersect(c.numbers, numbers)) continue;
      for (uint32_t other : c.traces) {
        if (other >= pass.traces.size() || (other == t && c.traces.size() > 1)) continue;
        const Trace& trace = pass.traces[other];
        way->rivals.push_back(ShowFamily(pass.families[trace.family].pattern, trace.members));
      }
    }
  }

  // --- the way back
  // ----------------------------------------------------------------------------------

  // Follows every result back. The key returns if all ways back end at it, alone and with its
  // shape; otherwise the first reason found is given.
  void Judge(Direction direction, Explanation* out) const {
    const KeyWay& there = out->there;
    bool saving = direction == Direction::kSave;
    if (there.error) {
      out->verdict = std::string(saving ? "It is not saved" : "It is not loaded") +
                     ": the engine raises " + there.error->ToString();
      return;
    }
    if (there.results.empty()) {
      out->verdict = saving ? "Nothing is saved for it"
                            : "It goes nowhere: the model has no key '" + there.renamed + "'";
      return;
    }
    Direction back = saving ? Direction::kLoad : Direction::kSave;
    const Pass& pass = PassOf(back);
    if (pass.error || (saving && !s_.has_checkpoint)) {
      out->back.push_back(Failed(pass, back, there.results[0].ToString()));
      out->verdict = "There is no way back: the engine raises an error before this key";
      return;
    }
    std::string lost;
    for (const KeyWay::Result& result : there.results) {
      AskedKeys asked{result.pattern, {}};
      for (const IndexSet& set : result.numbers) asked.numbers.emplace_back(set);
      std::vector<Part> parts = PartsOf(pass, asked);
      if (parts.empty() && lost.empty()) lost = "'" + result.ToString() + "' is not among its keys";
      for (const Part& part : parts) {
        KeyWay way = Follow(pass, back, part, /*shapes=*/true);
        if (lost.empty()) lost = WhyLost(way, there, saving);
        if (out->back.size() < kMaxBack) {
          out->back.push_back(std::move(way));
        } else {
          ++out->back_omitted;
        }
      }
    }
    if (lost.empty() && !there.rivals.empty()) lost = "other keys reach the same name";
    out->returns = lost.empty();
    if (out->subject == Explanation::Subject::kGivenKey && !out->back.empty() &&
        !out->back[0].results.empty() && !out->returns) {
      out->verdict =
          "It is loaded; a fresh save writes '" + out->back[0].results[0].ToString() + "'";
      return;
    }
    std::string journey = saving ? "Saved and loaded" : "Loaded and saved";
    out->verdict = out->returns ? journey + ", it is back under its own name"
                                : journey + ", it does not come back: " + lost;
  }

  // Why a way back does not end at the key; empty if it does.
  static std::string WhyLost(const KeyWay& way, const KeyWay& there, bool saving) {
    if (way.error) return "the engine raises " + way.error->ToString();
    SplitKey key = SplitNumbers(there.key);
    for (const KeyWay::Result& result : way.results) {
      if (result.pattern != key.pattern) continue;
      bool holds = true;
      for (size_t i = 0; i < key.numbers.size(); ++i) {
        holds &= result.numbers[i].Contains(key.numbers[i]);
      }
      if (!holds) continue;
      if (!way.rivals.empty()) return "other keys reach the same name on the way back";
      if (there.shape && result.shape != there.shape) return "it comes back in another shape";
      return "";
    }
    if (way.results.empty()) return "'" + way.key + "' goes nowhere";
    return "'" + way.key + "' is " + (saving ? "loaded into '" : "saved as '") +
           way.results[0].ToString() + "'";
  }

  const Simulation& s_;
};

void AddParts(const Explainer& explainer, Direction direction, const std::vector<Part>& parts,
              ExplainReport* report) {
  auto subject = direction == Direction::kSave ? Explanation::Subject::kModelKey
                                               : Explanation::Subject::kCheckpointKey;
  for (size_t i = 0; i < parts.size() && i < kMaxAlike; ++i) {
    report->explanations.push_back(explainer.Explain(direction, parts[i], subject));
  }
  if (parts.size() > kMaxAlike) {
    report->notes.push_back("Members of this family have " + std::to_string(parts.size()) +
                            " different results; " + std::to_string(kMaxAlike) + " are shown");
  }
}

}  // namespace

std::vector<std::string> KeysLike(const Simulation& simulation, std::string_view key) {
  SplitKey split = SplitNumbers(key);
  std::set<std::string> names;
  auto add = [&](std::span<const LayoutFamily> families) {
    for (const LayoutFamily& family : families) {
      std::vector<uint32_t> member = SmallestMember(family.numbers);
      for (size_t i = 0; i < member.size() && i < split.numbers.size(); ++i) {
        if (family.numbers[i].Contains(split.numbers[i])) member[i] = split.numbers[i];
      }
      names.insert(JoinNumbers(family.pattern, member));
    }
  };
  add(simulation.checkpoint);
  add(simulation.layout->families);
  return {names.begin(), names.end()};
}

// The literal reading comes first, so that a key with braces in its name can be asked for; then the
// family.
Result<ExplainReport> ExplainKey(const Simulation& simulation, std::string_view key) {
  ExplainReport report;
  report.simulation = &simulation;
  Explainer explainer(simulation);
  // A key that contains braces itself is taken literally.
  SplitKey literal = SplitNumbers(key);
  AskedKeys exact{literal.pattern, {}};
  for (uint32_t value : literal.numbers) exact.numbers.emplace_back(IndexSet(value, value));
  AskedKeys family = ParseFamily(key);
  for (const AskedKeys* asked : {&exact, &family}) {
    std::vector<Part> loaded = PartsOf(simulation.load, *asked);
    std::vector<Part> saved = PartsOf(simulation.save_fresh, *asked);
    if (loaded.empty() && saved.empty()) continue;
    if (!loaded.empty() && !saved.empty()) {
      report.notes.emplace_back("It is a name of the checkpoint and of the model");
    }
    AddParts(explainer, Direction::kLoad, loaded, &report);
    AddParts(explainer, Direction::kSave, saved, &report);
    return report;
  }
  if (family.pattern != exact.pattern) {
    return Error{{},
                 "neither " + simulation.layout->class_name + " nor its checkpoint has keys '" +
                     std::string(key) + "'",
                 "`wcheck map` lists the families"};
  }
  report.notes.emplace_back(
      "Neither the model nor the checkpoint that it saves has this key; it is "
      "loaded as one of another checkpoint");
  report.explanations.push_back(explainer.ExplainGiven(key));
  return report;
}

// A way is the list of transforms that matched. Of the families with the same way one is shown,
// since the others would look the same.
ExplainReport ExplainModel(const Simulation& simulation) {
  ExplainReport report;
  report.simulation = &simulation;
  Explainer explainer(simulation);
  // One family for each way, from the save and, for transforms that only a load has, from the load.
  struct Candidate {
    Direction direction;
    uint32_t trace;
    size_t events;
    uint64_t keys;
  };
  std::vector<Candidate> candidates;
  std::map<std::vector<uint32_t>, size_t> ways;
  uint64_t untouched = 0;
  std::set<uint32_t> saved_by;
  for (Direction direction : {Direction::kSave, Direction::kLoad}) {
    const Pass& pass = explainer.PassOf(direction);
    for (uint32_t t = 0; t < pass.traces.size(); ++t) {
      const Trace& trace = pass.traces[t];
      std::vector<uint32_t> way{static_cast<uint32_t>(direction)};
      size_t news = 0;
      for (const TraceStep& step : trace.steps) {
        way.push_back(step.transform);
        if (direction == Direction::kSave) saved_by.insert(step.transform);
        news += saved_by.contains(step.transform) ? 0 : 1;
      }
      if (trace.steps.empty()) {
        untouched += direction == Direction::kSave ? 1 : 0;
        continue;
      }
      if (direction == Direction::kLoad && news == 0) continue;
      auto [found, is_new] = ways.try_emplace(std::move(way), candidates.size());
      if (is_new) candidates.push_back({direction, t, trace.steps.size() + (trace.claim >= 0), 0});
      candidates[found->second].keys += pass.size(trace);
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) {
                     return std::make_pair(b.events, b.keys) < std::make_pair(a.events, a.keys);
                   });
  size_t shown = std::min(candidates.size(), kMaxEventful);
  for (size_t i = 0; i < shown; ++i) {
    const Candidate& c = candidates[i];
    const Trace& trace = explainer.PassOf(c.direction).traces[c.trace];
    AddParts(explainer, c.direction,
             {{c.trace, IndexBox(trace.members.begin(), trace.members.end())}}, &report);
  }
  std::string note =
      "Keys take " + ShowCount(candidates.size(), "way", "ways") + " through the transforms";
  if (shown < candidates.size()) note += "; " + ShowNumber(shown) + " are shown";
  if (shown > 0) note += shown == 1 ? ", with one family" : ", with one family each";
  note += "; no transform touches " + ShowCount(untouched, "family", "families");
  report.notes.push_back(std::move(note));
  return report;
}

}  // namespace wcheck
