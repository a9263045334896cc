// What a check is: a row of one table (table.cc) with its name and the functions that look for its
// fault.
//
// A function gets what it may look at and puts what it finds into a sink. It keeps no state: class
// functions run on several threads at once. Adding a check is described in docs/adding-a-check.md.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/finding.h"

#include "analysis/written.h"
#include "engine/simulation.h"

namespace wcheck {

class RoundTrip;           // analysis/round_trip.h
struct AdapterConfig;      // checkpoint/adapter.h
struct CheckpointOutcome;  // checkpoint/checkpoint.h
struct SectionModel;       // sections/sections.h

// One class, simulated, with what several checks need to know about it.
struct ClassContext {
  const Simulation& simulation;
  const CompiledRegistry& registry;
  const RoundTrip& round_trip;
  // The leaves of the class, if the registry is in the dialect of sections.
  const SectionModel* sections = nullptr;
  // The adapter with which the class is judged.
  const AdapterConfig* adapter = nullptr;
};

// Something that a check's class function recorded for its registry function.
struct ClassRecord {
  std::string class_name;
  std::string subject;
  bool holds = false;
};

// The whole run: facts that only all classes together give.
struct RegistryContext {
  const CompiledRegistry& registry;
  // Every class of the layout source was judged, so that "no class" means none.
  bool all_classes = false;
  const WrittenTransforms& written;
  // For each transform in the plan of a judged class: how many plans contain it, and in how many it
  // matched a key on load, reload or save, in whatever class of the layouts. Copies count for the
  // place where the transform was written.
  struct Use {
    uint32_t plans = 0;
    uint32_t fired = 0;
    uint32_t loaded = 0;               // the same, on load and reload only
    std::vector<std::string> classes;  // the first few classes that contain it
  };
  const Use* UseOf(const TransformRef& transform) const;
  // Entries that a judged class looked up and found.
  bool Reached(std::string_view entry) const;

  std::map<const TransformSpec*, Use> uses;
  std::map<std::string, uint32_t, std::less<>> reached;
  // The classes and model types of the judged classes and their sub-models, by which entries are
  // looked up.
  std::set<std::string, std::less<>> names;
  // The names of all classes of a release, one a pattern, if there are entries that none of them
  // reaches. Only the patterns are true.
  std::span<const LayoutFamily> known_names;
  // What the check that is asked has recorded, by class name.
  std::span<const ClassRecord> records;
};

// An ignore comment, or one name in it, that silenced nothing.
struct IdleIgnore {
  size_t comment;     // index into Registry::ignores
  std::string check;  // empty for a comment that names no check
};

// What ignore comments did, when all classes and all checks ran. (Otherwise a comment may be for a
// class or a check that was not looked at.)
struct IgnoreContext {
  const Registry& registry;
  std::span<const IdleIgnore> idle;
};

// Where a check puts its findings. Fills in the check's name and severity, and the class.
class FindingSink {
 public:
  virtual ~FindingSink() = default;
  // `finding.check` and, unless `keep_severity`, `finding.severity` are set by the sink.
  void Add(Finding finding) { Add(std::move(finding), /*keep_severity=*/false); }
  virtual void Add(Finding finding, bool keep_severity) = 0;
  // Records something about the class, for RegistryContext::records of the same check.
  virtual void Record(std::string subject, bool holds) = 0;
};

// Looks at one class. The sink adds the class's name to the evidence.
using ClassFunction = void(const ClassContext& context, FindingSink* sink);
// Looks at the registry, after all classes.
using RegistryFunction = void(const RegistryContext& context, FindingSink* sink);
// Looks at one checkpoint that was loaded into a class. Then no other function is called.
using CheckpointFunction = void(const CheckpointOutcome& outcome, FindingSink* sink);
// Looks at the ignore comments, after they have silenced what they are for.
using IgnoreFunction = void(const IgnoreContext& context, FindingSink* sink);
// After all classes: returns false to drop a finding of one class that is meaningless in view of
// all.
using KeepFunction = bool(const RegistryContext& context, const Finding& finding);

// A row of the table. Functions that a check does not have are null.
struct Check {
  CheckInfo info;
  ClassFunction* on_class = nullptr;
  RegistryFunction* on_registry = nullptr;
  CheckpointFunction* on_checkpoint = nullptr;
  IgnoreFunction* on_ignores = nullptr;
  KeepFunction* keep = nullptr;
};

// The table: round trip, stability, patterns, order and claims, reach, registry, sections, tied
// weights, adapters, checkpoint, published.
std::span<const Check> AllChecks();
const Check* FindCheck(std::string_view name);  // null if there is none of this name

}  // namespace wcheck
