// Determines faults in a fixed order: what raises, what collides, what does not come back, and
// which of the model's own names are renamed away. A key that already belongs to a fault is not
// reported again under a later one.
#include "analysis/round_trip.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "analysis/dot_intruder.h"
#include "analysis/near_miss.h"
#include "analysis/pattern_blame.h"
#include "analysis/subject.h"
#include "analysis/trace_text.h"
#include "families/boxes.h"

namespace wcheck {
namespace {

// The cause of a load collision, also where it is the fault of one renaming.
constexpr std::string_view kMergedOnLoad = "merged-on-load";

std::string Quote(std::string_view text) { return "`" + std::string(text) + "`"; }

// The steps of a trace that changed its key.
std::vector<const TraceStep*> Changes(const Trace& trace) {
  std::vector<const TraceStep*> out;
  for (const TraceStep& step : trace.steps) {
    if (step.changed()) out.push_back(&step);
  }
  return out;
}

bool Matched(const Trace& trace, uint32_t transform) {
  return std::any_of(trace.steps.begin(), trace.steps.end(),
                     [&](const TraceStep& s) { return s.transform == transform; });
}

class Analysis {
 public:
  Analysis(const Simulation& simulation, std::vector<Fault>* out) : s_(simulation), out_(*out) {}

  void Run() {
    SaveRaises();
    SaveCollisions();
    if (s_.has_checkpoint) {
      if (s_.load.error) {
        LoadRaises(s_.load);
      } else {
        OperationsRaise();
        LoadCollisions();
        LostKeys();
      }
    }
    if (s_.reload.error && !(s_.has_checkpoint && s_.load.error)) LoadRaises(s_.reload);
    if (!s_.reload.error) Reload();
    NameSubjects();
  }

 private:
  const TransformSpec& SpecOf(uint32_t transform) const {
    return *s_.plan.transforms[transform].forward().spec;
  }

  // One fault for each kind, cause, subject and transform; further keys join it.
  Fault& FaultOf(Fault::Kind kind, std::string_view cause, std::optional<uint32_t> transform,
                 std::string message, std::string subject = "") {
    for (Fault& fault : out_) {
      if (fault.kind == kind && fault.cause == cause && fault.transform == transform &&
          fault.subject == subject) {
        return fault;
      }
    }
    out_.emplace_back();
    Fault& fault = out_.back();
    fault.kind = kind;
    fault.cause = cause;
    fault.subject = std::move(subject);
    fault.transform = transform;
    fault.message = std::move(message);
    return fault;
  }

  // Where no transform tells a fault from others, its keys do.
  void NameSubjects() {
    for (Fault& fault : out_) {
      if (fault.transform || !fault.subject.empty()) continue;
      std::vector<std::string> keys;
      for (const KeyEvidence& evidence : fault.keys) keys.push_back(evidence.key);
      fault.subject = NumberlessList(keys);
    }
  }

  // --- the engine raises
  // ---------------------------------------------------------------------------

  // Three places where a save can raise: an operation, building a reverse, and applying one. A
  // loaded model is only looked at if a fresh one can be saved.
  void SaveRaises() {
    if (s_.saved.error) {
      const EngineError& error = *s_.saved.error;
      std::optional<uint32_t> transform = s_.saved.error_transform;
      bool operation = std::any_of(s_.saved.productions.begin(), s_.saved.productions.end(),
                                   [](const Production& p) { return p.error.has_value(); });
      if (!transform) transform = LastChangeOf(s_.saved.error_key);
      std::string message;
      std::string_view cause = "save-raises";
      std::string subject = ErrorName(error);
      if (operation) {
        cause = "operation-raises-on-save";
        subject = FailureOf(s_.saved);
        message = "saving raises " + Quote(error.ToString());
      } else if (s_.save_order.error) {
        cause = "reverse-raises";
        message = "the reverse of this transform cannot be built: " + Quote(error.ToString());
      } else {
        message = "saving raises " + Quote(error.ToString()) + " when the reverse is applied";
      }
      Fault& fault = FaultOf(operation ? Fault::Kind::kOperation : Fault::Kind::kReverse, cause,
                             transform, std::move(message), std::move(subject));
      // The targets are the reverse's sources.
      if (s_.save_order.error && transform) {
        fault.blame = BlamePattern(error, Blame::Part::kTarget, SpecOf(*transform).targets);
      }
      if (!s_.saved.error_key.empty()) {
        fault.keys.push_back({s_.saved.error_key, "cannot be saved", "", 1});
      }
      fault.advice = operation ? "check that each operation can be reversed for these shapes"
                               : "write source and target so that each can replace the other: at "
                                 "most one captured group, the same on both sides";
      if (operation) {
        for (const Production& p : s_.saved.productions) {
          if (p.error) DescribeInputs(p, s_.save_fresh, &fault);
        }
      }
      return;
    }
    if (s_.save_loaded.error) {
      FaultOf(Fault::Kind::kReverse, "loaded-save-raises", s_.save_loaded.error_transform,
              "saving a loaded model raises " + Quote(s_.save_loaded.error->ToString()),
              ErrorName(*s_.save_loaded.error));
    }
  }

  // The transform that last changed a saved key.
  std::optional<uint32_t> LastChangeOf(const std::string& key) const {
    SplitKey split = SplitNumbers(key);
    for (const Trace& trace : s_.save_fresh.traces) {
      if (s_.save_fresh.families[trace.family].pattern != split.pattern) continue;
      auto changes = Changes(trace);
      if (!changes.empty()) return changes.back()->transform;
    }
    return std::nullopt;
  }

  // Which operations raised what; requires that some have.
  static std::string FailureOf(const Conversion& conversion) {
    const auto failed = std::find_if(conversion.productions.begin(), conversion.productions.end(),
                                     [](const Production& p) { return p.error.has_value(); });
    return OperationFailure(*failed->converter, *failed->error);
  }

  static void DescribeInputs(const Production& production, const Pass& pass, Fault* fault) {
    for (const Production::Input& input : production.inputs) {
      const Trace& trace = pass.traces[input.trace];
      fault->keys.push_back({ShowKeys(pass, trace), "has the shape",
                             ShowShape(pass.families[trace.family].shape), pass.size(trace)});
    }
  }

  void LoadRaises(const Pass& pass) {
    Fault& fault =
        FaultOf(Fault::Kind::kReverse, "load-raises", pass.error_transform,
                "loading raises " + Quote(pass.error->ToString()) + " when this transform matches",
                ErrorName(*pass.error));
    fault.keys.push_back({pass.error_key, "cannot be loaded", "", 1});
    fault.advice = "add to the source the groups that the target refers to";
  }

  void OperationsRaise() {
    // An operation that raises in every layer is one fault, with the layers as families.
    struct Failure {
      const Production* first;
      std::vector<std::pair<std::string_view, IndexBox>> families;
    };
    std::map<std::pair<uint32_t, std::string>, Failure> failures;
    for (const Production& p : s_.loaded.productions) {
      if (!p.error) continue;
      auto [failure, is_new] = failures.try_emplace(
          {p.transform, OperationFailure(*p.converter, *p.error)}, Failure{&p, {}});
      AddFamily(p.pattern, p.numbers, &failure->second.families);
    }
    for (const auto& [key, failure] : failures) {
      Fault& fault = FaultOf(
          Fault::Kind::kOperation, "operation-raises-on-load", key.first,
          "loading what was saved raises " + Quote(failure.first->error->ToString()), key.second);
      for (const auto& [pattern, numbers] : failure.families) {
        fault.keys.push_back(
            {ShowFamily(pattern, numbers), "is left uninitialised", "", BoxSize(numbers)});
      }
      DescribeInputs(*failure.first, s_.load, &fault);
    }
  }

  // Adds a family to a list, joined with one of the same pattern that differs in one number alone.
  static void AddFamily(std::string_view pattern, const IndexBox& numbers,
                        std::vector<std::pair<std::string_view, IndexBox>>* families) {
    for (auto& [known_pattern, known] : *families) {
      if (known_pattern != pattern) continue;
      size_t differing = 0;
      size_t at = 0;
      for (size_t i = 0; i < numbers.size(); ++i) {
        if (known[i] == numbers[i]) continue;
        ++differing;
        at = i;
      }
      if (differing > 1) continue;
      if (differing == 1) known[at] = known[at].Union(numbers[at]);
      return;
    }
    families->emplace_back(pattern, numbers);
  }

  // --- collisions
  // ----------------------------------------------------------------------------------

  // The transform that leads several keys to one name, and whether it does so alone.
  struct Cause {
    std::optional<uint32_t> transform;
    bool alone = false;
    std::optional<uint32_t> other;
  };
  Cause CauseOf(const Pass& pass, const Collision& collision) const {
    std::set<uint32_t> last_changes;
    std::optional<uint32_t> last;
    for (uint32_t t : collision.traces) {
      auto changes = Changes(pass.traces[t]);
      if (changes.empty()) continue;
      last = changes.back()->transform;
      last_changes.insert(*last);
    }
    Cause cause{last, last_changes.size() == 1, std::nullopt};
    for (uint32_t t : last_changes) {
      if (t != last) cause.other = t;
    }
    return cause;
  }

  void SaveCollisions() {
    for (const Collision& c : s_.save_collisions) {
      for (uint32_t t : c.traces) Explain(s_.save_fresh.traces[t].family);
      Cause cause = CauseOf(s_.save_fresh, c);
      Fault& fault =
          FaultOf(KindOf(cause, Fault::Kind::kSaveCollision), "merged-on-save", cause.transform,
                  cause.alone ? "its reverse saves different model keys under one name; "
                                "all but one are lost"
                              : "different model keys are saved under one name; all but "
                                "one are lost");
      AddCollision(s_.save_fresh, c, "is saved as", cause, &fault);
      fault.advice =
          "give each model key a checkpoint name of its own: anchor the pattern, or match more of "
          "the key";
    }
  }

  void LoadCollisions() {
    for (const Collision& c : s_.load_collisions) {
      for (uint32_t t : c.traces) explained_checkpoint_.insert(s_.load.traces[t].family);
      ExplainNames(c.pattern);
      Cause cause = CauseOf(s_.load, c);
      Fault& fault =
          FaultOf(KindOf(cause, Fault::Kind::kLoadCollision), kMergedOnLoad, cause.transform,
                  cause.alone ? "it loads different checkpoint keys into one model key"
                              : "different checkpoint keys are loaded into one model key");
      AddCollision(s_.load, c, "is loaded into", cause, &fault);
      fault.advice =
          "anchor the pattern so that it matches only the key that it was written for, or use a "
          "converter to join several";
    }
  }

  void AddCollision(const Pass& pass, const Collision& c, std::string_view relation,
                    const Cause& cause, Fault* fault) {
    std::string name = ShowFamily(c.pattern, c.numbers);
    for (uint32_t t : c.traces) {
      fault->keys.push_back(
          {ShowKeys(pass, pass.traces[t]), std::string(relation), name, pass.size(pass.traces[t])});
    }
    if (cause.other) AddRelated(fault, *cause.other, "the other key is renamed by this transform");
  }

  // The kind of a fault that a transform causes alone or with others.
  template <typename Blamed>
  Fault::Kind KindOf(const Blamed& blamed, Fault::Kind otherwise) const {
    const bool renaming =
        blamed.transform && !s_.plan.transforms[*blamed.transform].forward().is_converter();
    return blamed.alone && renaming ? Fault::Kind::kNotBijective : otherwise;
  }

  static void AddRelated(Fault* fault, uint32_t transform, std::string message) {
    for (const Fault::Other& other : fault->related) {
      if (other.transform == transform) return;
    }
    fault->related.push_back({transform, std::move(message)});
  }

  // --- keys that do not come back
  // --------------------------------------------------------------------

  void Explain(uint32_t family) { explained_model_.insert(family); }
  void ExplainNames(std::string_view pattern) {
    for (uint32_t f : s_.model->FamiliesOf(pattern)) Explain(f);
  }

  // Works from both ends: model keys that are missing after the load, and checkpoint keys that
  // reach no key of the model. What the first explains, the second leaves out.
  void LostKeys() {
    if (s_.missing.empty() && s_.unexpected.empty()) return;
    std::unordered_map<std::string_view, std::vector<uint32_t>> loads;  // by checkpoint pattern
    for (uint32_t t = 0; t < s_.load.traces.size(); ++t) {
      loads[s_.load.families[s_.load.traces[t].family].pattern].push_back(t);
    }
    for (const FamilyPart& part : s_.missing) {
      bool known = explained_model_.contains(part.family);
      for (const Trace& save : s_.save_fresh.traces) {
        if (save.family != part.family || !BoxesIntersect(save.members, part.numbers)) continue;
        LostFamily(part, save, loads, known);
      }
    }
    for (const FamilyPart& part : s_.unexpected) {
      if (explained_checkpoint_.contains(part.family)) continue;
      for (uint32_t t = 0; t < s_.load.traces.size(); ++t) {
        const Trace& load = s_.load.traces[t];
        if (load.family != part.family || !BoxesIntersect(load.members, part.numbers)) continue;
        auto changes = Changes(load);
        std::optional<uint32_t> blamed;
        if (!changes.empty()) blamed = changes.back()->transform;
        if (!blamed) blamed = SaverOf(s_.load.families[part.family].pattern);
        Fault& fault = FaultOf(Fault::Kind::kLostKey, "leads-nowhere", blamed,
                               "what is saved does not load: it leads to no key of the model");
        fault.keys.push_back({ShowKeys(s_.load, load), "is loaded into the unknown",
                              ShowResult(s_.load, load), s_.load.size(load)});
        AddNearName(load, &fault);
      }
    }
  }

  // What the name that a key is loaded into was probably meant to be.
  void AddNearName(const Trace& load, Fault* fault) const {
    if (load.in_model) return;
    std::string name;
    for (const char c : s_.load.NameOf(load).pattern) name += c == kHole ? '*' : c;
    const std::optional<NearMiss> near = NearestName('^' + name, s_.layout->families);
    if (!near || fault->advice.find(near->name) != std::string::npos) return;
    fault->advice = "`" + name + "` is no key of the model; " + DidYouMean(*near) +
                    (fault->advice.empty() ? "" : " Otherwise " + fault->advice);
  }

  // The transform that made a saved name, if a converter did.
  std::optional<uint32_t> SaverOf(std::string_view pattern) const {
    for (const Production& p : s_.saved.productions) {
      for (const Production::Output& o : p.outputs) {
        if (o.pattern == pattern) return p.transform;
      }
    }
    return std::nullopt;
  }

  // The checkpoint names of a saved family: its own new name, or the names that its converter
  // produced.
  std::vector<std::pair<std::string, IndexBox>> SavedNames(const Trace& save) const {
    std::vector<std::pair<std::string, IndexBox>> out;
    if (save.claim < 0) {
      Name name = s_.save_fresh.NameOf(save);
      IndexBox numbers = name.Numbers(save.members);
      out.emplace_back(std::move(name.pattern), std::move(numbers));
      return out;
    }
    auto trace = static_cast<uint32_t>(&save - s_.save_fresh.traces.data());
    for (const Production& p : s_.saved.productions) {
      bool feeds = std::any_of(p.inputs.begin(), p.inputs.end(),
                               [&](const Production::Input& i) { return i.trace == trace; });
      if (!feeds) continue;
      for (const Production::Output& o : p.outputs) out.emplace_back(o.pattern, o.numbers);
    }
    return out;
  }

  using LoadIndex = std::unordered_map<std::string_view, std::vector<uint32_t>>;

  // For each name under which the family is saved, finds where the load took it, and which
  // transform is to blame for the difference.
  void LostFamily(const FamilyPart& part, const Trace& save, const LoadIndex& loads, bool known) {
    std::string key = ShowFamily(s_.layout->families[part.family].pattern, part.numbers);
    for (const auto& [pattern, numbers] : SavedNames(save)) {
      std::string saved_as = ShowFamily(pattern, numbers);
      const Trace* load = nullptr;
      if (auto found = loads.find(pattern); found != loads.end()) {
        for (uint32_t t : found->second) {
          if (!BoxesIntersect(s_.load.traces[t].members, numbers)) continue;
          load = &s_.load.traces[t];
          if (!load->in_model) explained_checkpoint_.insert(load->family);
        }
      }
      if (known) continue;
      if (load != nullptr) {
        if (std::optional<DotIntruder> intruder = FindDotIntruder(s_, save, *load)) {
          TakenByDot(*intruder, save, *load, saved_as, key, BoxSize(part.numbers));
          continue;
        }
      }
      Verdict verdict = load == nullptr ? Verdict{LastOf(save), true} : BlameFor(save, *load);
      Fault& fault = FaultOf(KindOf(verdict, Fault::Kind::kLostKey), verdict.cause,
                             verdict.transform, std::string(verdict.message));
      AddLostKey(&fault, key, BoxSize(part.numbers), saved_as, load);
      if (verdict.other) {
        AddRelated(&fault, *verdict.other, "this transform took part in the way back");
      }
      fault.advice =
          "check that the target, read as a pattern, matches what the source produces, and nothing "
          "else";
      if (load != nullptr) AddNearName(*load, &fault);
    }
  }

  void TakenByDot(const DotIntruder& intruder, const Trace& save, const Trace& load,
                  const std::string& saved_as, const std::string& key, uint64_t count) {
    // That two keys collide is the same fault, and already reported.
    auto collision = std::find_if(out_.begin(), out_.end(), [&](const Fault& fault) {
      return fault.cause == kMergedOnLoad && fault.transform == intruder.transform;
    });
    Fault& fault = collision != out_.end()
                       ? *collision
                       : FaultOf(Fault::Kind::kLostKey, "dot-takes-name", intruder.transform,
                                 "an unescaped dot of its source matches another character on "
                                 "load, so it takes a name that another transform writes on save");
    fault.blame = {Blame::Part::kSource, intruder.source};
    AddLostKey(&fault, key, count, saved_as, &load);
    if (auto writer = LastOf(save)) AddRelated(&fault, *writer, "this transform writes the name");
    fault.advice = "escape the dots: " + Quote(intruder.escaped);
  }

  void AddLostKey(Fault* fault, const std::string& key, uint64_t count, const std::string& saved_as,
                  const Trace* load) {
    auto same = std::find_if(fault->keys.begin(), fault->keys.end(), [&](const KeyEvidence& e) {
      return e.key == key && e.other == saved_as;
    });
    if (same != fault->keys.end()) return;
    fault->keys.push_back({key, "is saved as", saved_as, count});
    if (load == nullptr) return;
    std::string result = ShowResult(s_.load, *load);
    fault->keys.push_back({saved_as,
                           load->in_model ? "is loaded into" : "is loaded into the unknown", result,
                           s_.load.size(*load)});
  }

  static std::optional<uint32_t> LastOf(const Trace& trace) {
    auto changes = Changes(trace);
    if (changes.empty()) return std::nullopt;
    return changes.back()->transform;
  }

  struct Verdict {
    std::optional<uint32_t> transform;
    bool alone = false;
    std::string_view cause = "does-not-come-back";
    std::string_view message = "a model key is saved, but does not come back";
    std::optional<uint32_t> other = std::nullopt;
  };

  // Why a saved key does not come back: the step on one way that the other way does not undo.
  Verdict BlameFor(const Trace& save, const Trace& load) const {
    auto saves = Changes(save);
    auto loads = Changes(load);
    for (const TraceStep* step : saves) {
      if (Matched(load, step->transform)) continue;
      Verdict verdict{step->transform, true, "save-not-undone",
                      "its reverse renames keys on save that it does not rename back on load"};
      for (const TraceStep* other : loads) {
        if (!Matched(save, other->transform)) verdict.other = other->transform;
      }
      return verdict;
    }
    for (const TraceStep* step : loads) {
      if (Matched(save, step->transform)) continue;
      return {step->transform, false, "load-not-mirrored",
              "it renames keys on load that its reverse did not rename on save"};
    }
    // Both ways have the same transforms: the first on the way back whose result is not what the
    // save started from.
    for (const TraceStep* step : loads) {
      for (const TraceStep* mirror : saves) {
        if (mirror->transform != step->transform) continue;
        if (step->after.text != mirror->before.text) {
          return {step->transform, true, "not-inverse",
                  "save and load do not undo each other: what its reverse replaces is not what it "
                  "inserts"};
        }
      }
    }
    if (!loads.empty()) return {loads.back()->transform, false};
    if (!saves.empty()) return {saves.back()->transform, true};
    return {};
  }

  // --- the model's own keys
  // --------------------------------------------------------------------------

  void Reload() {
    for (const Trace& trace : s_.reload.traces) {
      if (!trace.changed()) continue;
      auto changes = Changes(trace);
      std::optional<uint32_t> transform;
      if (!changes.empty() && !trace.set_aside) transform = changes.front()->transform;
      Fault& fault = FaultOf(
          Fault::Kind::kReload, transform ? "renames-own-keys" : "base-prefix-moves-keys",
          transform,
          transform
              ? "it renames the model's own keys, so a checkpoint saved under them does not load"
              : "the base model prefix takes the model's own keys to other keys of the model",
          transform ? "" : s_.layout->base_model_prefix);
      fault.keys.push_back({ShowKeys(s_.reload, trace), "is loaded into",
                            ShowResult(s_.reload, trace), s_.reload.size(trace)});
      fault.advice = transform ? "make the source match old names only: an anchor or a lookahead "
                                 "excludes names that are already right"
                               : "no transform does this: the model has keys that differ only by "
                                 "its base_model_prefix, and a load cannot tell them apart; rename "
                                 "one of them in the model";
    }
  }

  const Simulation& s_;
  std::vector<Fault>& out_;
  std::set<uint32_t> explained_model_;       // families of the layout
  std::set<uint32_t> explained_checkpoint_;  // families of the checkpoint
};

}  // namespace

RoundTrip::RoundTrip(const Simulation& simulation) { Analysis(simulation, &faults_).Run(); }

TransformRef RefOf(const Plan& plan, uint32_t index) {
  const PlacedTransform& placed = plan.transforms[index];
  return {placed.forward().spec, std::string(placed.entry), placed.index_in_entry};
}

}  // namespace wcheck
