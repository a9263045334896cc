// The interface of a check, and the table of all of them.
//
// One check = one file src/checks/<name with _>.cc, one page docs/checks/<name>.md, one test
// testdata/checks/<name>.test. Adding one is described in docs/adding-a-check.md.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/finding.h"
#include "analysis/written.h"
#include "engine/simulation.h"

namespace wcheck {

class RoundTrip;             // checks/round_trip.h
struct AdapterConfig;        // engine/adapter.h
struct CheckpointJudgement;  // engine/checkpoint.h
struct SectionModel;         // registry/sections.h

// One class, simulated, and what several checks want to know about it.
struct ClassContext {
  const Simulation& simulation;
  const CompiledRegistry& registry;
  const RoundTrip& round_trip;
  // The leaves of the class, if the registry is in the dialect of sections.
  const SectionModel* sections = nullptr;
  // The adapter that the class is judged with.
  const AdapterConfig* adapter = nullptr;
};

// An ignore comment, or one name in it, that silenced nothing.
struct IdleIgnore {
  size_t comment;     // index into Registry::ignores
  std::string check;  // empty for a comment that names no check
};

// The whole run: what only all classes together can tell.
struct RegistryContext {
  const CompiledRegistry& registry;
  // Every class of the layout source was judged, so that "no class" means none.
  bool all_classes = false;
  const WrittenTransforms& written;
  // For each transform that some judged class's plan holds: in how many plans it is, in how many
  // it matched a key on load, reload or save. Copies count where the transform was written.
  struct Use {
    uint32_t plans = 0;
    uint32_t fired = 0;
    uint32_t loaded = 0;               // the same, on load and reload alone
    std::vector<std::string> classes;  // the first few that hold it
  };
  const Use* UseOf(const TransformRef& transform) const;
  // Known only when all other findings are (see unused-ignore).
  std::vector<IdleIgnore> idle_ignores;
  // Entries that some judged class looked up and found.
  bool Reached(std::string_view entry) const;

  // The judged classes for whose root an entry was found by model_type, not by class name: those
  // with a clean round trip, and the others.
  struct RootLookup {
    std::vector<std::string> clean;
    std::vector<std::string> broken;
  };

  std::map<const TransformSpec*, Use> uses;
  std::map<std::string, uint32_t, std::less<>> reached;
  std::map<std::string, RootLookup, std::less<>> by_model_type;
};

// Where a check puts its findings. Fills in the check's name and severity, and the class.
class FindingSink {
 public:
  virtual ~FindingSink() = default;
  // `finding.check` and, unless `keep_severity`, `finding.severity` are set by the sink.
  void Add(Finding finding) { Add(std::move(finding), /*keep_severity=*/false); }
  virtual void Add(Finding finding, bool keep_severity) = 0;
};

struct CheckInfo {
  std::string_view name;     // "lost-key"
  std::string_view family;   // "round trip"
  Severity severity;         // the default
  std::string_view summary;  // one line
};

class Check {
 public:
  virtual ~Check() = default;
  virtual const CheckInfo& info() const = 0;
  // Looks at one class. `sink` adds the class's name to the evidence. Called from several threads.
  virtual void JudgeClass(const ClassContext& context, FindingSink* sink) const {}
  // Looks at the registry, after all classes.
  virtual void JudgeRegistry(const RegistryContext& context, FindingSink* sink) const {}
  // Looks at one checkpoint that was loaded into a class. Then neither of the others is called.
  virtual void JudgeCheckpoint(const CheckpointJudgement& judgement, FindingSink* sink) const {}
  // After all classes: false takes back a finding of one class that means nothing when all are
  // seen.
  virtual bool Keep(const RegistryContext& context, const Finding& finding) const { return true; }
};

// All checks, in the order of the catalogue: round trip, stability, patterns, order and claims,
// reach, registry, sections, tied weights, adapters, checkpoint.
std::span<const Check* const> AllChecks();
const Check* FindCheck(std::string_view name);  // null if there is none of this name

}  // namespace wcheck
