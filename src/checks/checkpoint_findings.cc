#include "wcheck/checks/checkpoint_findings.h"

#include <algorithm>
#include <string>
#include <utility>

#include "wcheck/checks/round_trip.h"
#include "wcheck/engine/boxes.h"

namespace wcheck {
namespace {

constexpr size_t kMaxSizes = 6;

std::string Keys(uint64_t count) { return std::to_string(count) + (count == 1 ? " key" : " keys"); }

std::string ShowShape(std::span<const int64_t> shape) {
  std::string out = "[";
  for (size_t i = 0; i < shape.size(); ++i) {
    out += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return out + ']';
}

class Teller {
 public:
  explicit Teller(const CheckpointJudgement& judgement) : j_(judgement) {}

  std::vector<Finding> Tell() && {
    TellFiles();
    TellCounts();
    TellSizes();
    TellLoadError();
    TellMissing();
    TellUnexpected();
    TellShapes();
    TellFailed();
    TellDrift();
    return std::move(out_);
  }

 private:
  // Missing keys and sizes of a fitted layout may be what another config leaves out.
  Severity IfExact(Severity severity) const {
    return j_.fitted || !j_.sizes.empty() ? std::min(severity, Severity::kWarning) : severity;
  }

  Finding& Add(std::string_view check, Severity severity, std::string message,
               std::string advice = "") {
    Finding finding;
    finding.check = check;
    finding.severity = severity;
    finding.message = std::move(message);
    finding.advice = std::move(advice);
    finding.classes.push_back({j_.layout->class_name, {}, 0});
    out_.push_back(std::move(finding));
    return out_.back();
  }

  static void Show(Finding* finding, std::string_view pattern, std::span<const IndexSet> numbers,
                   std::string relation, std::string other = "") {
    ClassEvidence& evidence = finding->classes.front();
    if (evidence.keys.size() == kMaxEvidence) {
      ++evidence.omitted;
      return;
    }
    evidence.keys.push_back(
        {ShowFamily(pattern, numbers), std::move(relation), std::move(other), BoxSize(numbers)});
  }

  void TellFiles() {
    for (const CheckpointRemark& remark : j_.checkpoint->remarks) {
      bool lost = remark.kind == CheckpointRemark::Kind::kNotInShard;
      Severity severity = lost ? Severity::kError
                          : remark.kind == CheckpointRemark::Kind::kConfigUnreadable
                              ? Severity::kNote
                              : Severity::kWarning;
      Add(lost ? "checkpoint-missing" : "checkpoint-unexpected", severity, remark.message)
          .classes.clear();
    }
  }

  void TellCounts() {
    for (const CountDifference& count : j_.counts) {
      auto holes = static_cast<size_t>(std::count(count.part.begin(), count.part.end(), kHole));
      // Numbers further out are not what this is about.
      std::string part;
      for (size_t i = 0, hole = 0; i < count.part.size(); ++i) {
        if (count.part[i] != kHole) {
          part += count.part[i];
        } else {
          part += ++hole == holes ? '{' + count.checkpoint.ToString() + '}' : "*";
        }
      }
      Finding& finding =
          Add("checkpoint-shape", count.fitted ? Severity::kNote : Severity::kWarning,
              "the checkpoint has " + std::to_string(count.checkpoint.size()) + " of " + part +
                  ", the layout " + std::to_string(count.layout.size()) +
                  (count.fitted ? "; it is judged with the checkpoint's number"
                                : "; there is more than one way to fit it, so it was not fitted"),
              "give the layout of the checkpoint's own config with --layouts to be exact");
      finding.cause = "count of " + count.part;
    }
  }

  void TellSizes() {
    if (j_.sizes.empty()) return;
    std::string sizes;
    for (size_t i = 0; i < std::min(kMaxSizes, j_.sizes.size()); ++i) {
      sizes += (i == 0 ? "" : ", ") + std::to_string(j_.sizes[i].layout) + " is " +
               std::to_string(j_.sizes[i].checkpoint);
    }
    if (j_.sizes.size() > kMaxSizes) sizes += ", …";
    uint64_t keys = 0;
    for (const ShapeDifference& d : j_.shapes) {
      if (d.kind == ShapeDifference::Kind::kSize) keys += BoxSize(d.numbers);
    }
    if (keys == 0) return;
    Finding& finding =
        Add("checkpoint-shape", Severity::kNote,
            Keys(keys) + " have other sizes than in the layout, as those of another config do (" +
                sizes + ")",
            "give the layout of the checkpoint's own config with --layouts to be exact");
    for (const ShapeDifference& d : j_.shapes) {
      if (d.kind == ShapeDifference::Kind::kSize) ShowDifference(d, &finding);
    }
    finding.cause = "sizes";
  }

  static void ShowDifference(const ShapeDifference& d, Finding* finding) {
    Show(finding, d.pattern, d.numbers, "is " + ShowShape(d.layout) + " in the layout, loaded as",
         ShowShape(d.loaded));
  }

  void TellLoadError() {
    const Pass& load = j_.simulation.load;
    if (!load.error) return;
    Finding& finding =
        Add("checkpoint-missing", Severity::kError, "loading raises " + load.error->ToString());
    finding.transform = RefOf(j_.simulation.plan, load.error_transform);
    finding.classes.front().keys.push_back({load.error_key, "raises on load", "", 1});
  }

  void TellMissing() {
    if (j_.missing.empty()) return;
    uint64_t keys = 0;
    for (const FamilyPart& part : j_.missing) keys += BoxSize(part.numbers);
    Finding& finding = Add(
        "checkpoint-missing", IfExact(Severity::kError),
        Keys(keys) + " of the model would stay uninitialised",
        j_.fitted ? "a config that switches parts off would explain them; otherwise a transform "
                    "that leads there is missing"
                  : "see which keys of the checkpoint hold them, and write the transform that "
                    "leads there");
    for (const FamilyPart& part : j_.missing) {
      Show(&finding, j_.layout->families[part.family].pattern, part.numbers,
           "is filled by no key of the checkpoint");
    }
    finding.cause = "missing";
  }

  void TellUnexpected() {
    if (j_.unexpected.empty()) return;
    uint64_t keys = 0;
    for (const FamilyPart& part : j_.unexpected) keys += BoxSize(part.numbers);
    Finding& finding =
        Add("checkpoint-unexpected", Severity::kWarning,
            Keys(keys) + " of the checkpoint " + (keys == 1 ? "goes" : "go") + " nowhere",
            "they are dropped on load; write the transform that leads them to the model's keys");
    for (const FamilyPart& part : j_.unexpected) {
      std::string to;
      const Pass& load = j_.simulation.load;
      for (const Trace& trace : load.traces) {
        if (trace.family != part.family || trace.in_model || !trace.changed()) continue;
        if (!BoxesIntersect(trace.members, part.numbers)) continue;
        Name name = load.NameOf(trace);
        to = ShowFamily(name.pattern, name.Numbers(trace.members));
      }
      Show(&finding, j_.families[part.family].pattern, part.numbers,
           to.empty() ? "is no key of the model" : "becomes what is no key of the model:", to);
    }
    finding.cause = "unexpected";
  }

  void TellShapes() {
    struct Told {
      ShapeDifference::Kind kind;
      Severity severity;
      std::string_view what;
    };
    constexpr Told kTold[] = {
        {ShapeDifference::Kind::kRank, Severity::kError,
         "are loaded with another number of dimensions"},
        {ShapeDifference::Kind::kPermuted, Severity::kError,
         "are loaded with their dimensions in another order"},
        {ShapeDifference::Kind::kOddOne, Severity::kWarning,
         "are loaded with another shape than most keys of their kind"},
    };
    for (const Told& told : kTold) {
      uint64_t keys = 0;
      for (const ShapeDifference& d : j_.shapes) {
        if (d.kind == told.kind) keys += BoxSize(d.numbers);
      }
      if (keys == 0) continue;
      Finding& finding =
          Add("checkpoint-shape", told.severity, Keys(keys) + ' ' + std::string(told.what),
              "see which operations the tensors go through on load");
      for (const ShapeDifference& d : j_.shapes) {
        if (d.kind == told.kind) ShowDifference(d, &finding);
      }
      finding.cause = told.what;
    }
  }

  void TellFailed() {
    for (uint32_t p : j_.failed) {
      const Production& production = j_.simulation.loaded.productions[p];
      TransformRef transform = RefOf(j_.simulation.plan, production.transform);
      auto same = std::find_if(out_.begin(), out_.end(), [&](const Finding& f) {
        return f.check == "checkpoint-shape" && f.transform == transform;
      });
      Finding* finding = same != out_.end() ? &*same : nullptr;
      if (finding == nullptr) {
        finding = &Add(
            "checkpoint-shape", Severity::kError,
            "this converter raises with the checkpoint's tensors: " + production.error->ToString(),
            "see whether all of its inputs are in the checkpoint, with equal shapes");
        finding->transform = transform;
      }
      Show(finding, production.pattern, production.numbers, "is not filled");
    }
  }

  void TellDrift() {
    if (j_.save_error) {
      Add("checkpoint-drift", Severity::kError,
          "saving the loaded model raises " + j_.save_error->ToString());
      return;
    }
    if (j_.drifted.empty() && j_.added.empty()) return;
    uint64_t keys = 0;
    for (const DriftedKeys& d : j_.drifted) keys += BoxSize(d.keys.numbers);
    uint64_t added = 0;
    for (const NameFamily& a : j_.added) added += BoxSize(a.numbers);
    std::string message =
        keys == 0 ? "saving the loaded model writes " + Keys(added) + " that were not there"
                  : Keys(keys) + " of the checkpoint " + (keys == 1 ? "does" : "do") +
                        " not come back under " + (keys == 1 ? "its name" : "their names") +
                        " when the loaded model is saved";
    Finding& finding = Add("checkpoint-drift", Severity::kError, std::move(message),
                           "make the transform that renames them on load reversible");
    for (const DriftedKeys& d : j_.drifted) {
      std::string saved;
      if (d.save_trace) {
        const Trace& trace = j_.save.traces[*d.save_trace];
        Name name = j_.save.NameOf(trace);
        saved = ShowFamily(name.pattern, name.Numbers(trace.members));
      }
      Show(&finding, d.keys.pattern, d.keys.numbers,
           saved.empty() ? "is not written again" : "is saved as", saved);
      if (!finding.transform) BlameLoad(d, &finding);
    }
    for (const NameFamily& a : j_.added) Show(&finding, a.pattern, a.numbers, "is written anew");
    finding.cause = "drift";
  }

  // The last transform that renamed the key on load: its reverse does not undo it.
  void BlameLoad(const DriftedKeys& drifted, Finding* finding) const {
    const Trace& trace = j_.simulation.load.traces[drifted.load_trace];
    for (auto step = trace.steps.rbegin(); step != trace.steps.rend(); ++step) {
      if (!step->changed()) continue;
      finding->transform = RefOf(j_.simulation.plan, step->transform);
      return;
    }
  }

  const CheckpointJudgement& j_;
  std::vector<Finding> out_;
};

}  // namespace

std::vector<Finding> CheckpointFindings(const CheckpointJudgement& judgement) {
  return Teller(judgement).Tell();
}

}  // namespace wcheck
