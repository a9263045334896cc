// Judges classes: simulates them, runs the checks, and joins those of one identity.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/finding.h"
#include "wcheck/layout.h"
#include "wcheck/outcome.h"
#include "wcheck/registry.h"
#include "wcheck/release.h"
#include "wcheck/result.h"

namespace wcheck {

struct AdapterConfig;
struct SectionModel;

struct JudgeOptions {
  const Engine* engine = &DefaultEngine();
  unsigned jobs = 0;  // number of threads; 0 means one per core
  // Checks to run; empty means all. The names must be valid.
  std::set<std::string, std::less<>> select;
  std::set<std::string, std::less<>> ignore;
  std::map<std::string, Severity, std::less<>> severity;  // overrides
  // Whether a checkpoint need not have a key of the model: that of a head that is new and trained
  // next. Null: none.
  std::function<bool(std::string_view key)> expected_key;
  bool all_evidence = false;  // otherwise at most kMaxEvidence families for a class of a finding
  // What the program knows beside the registry; a program that uses the library leaves it null. By
  // class name: the leaves of a registry in the dialect of sections.
  const std::map<std::string, SectionModel, std::less<>>* sections = nullptr;
  // The release whose classes the layouts are, "" if not known. If it is older than the registry's,
  // what they seem to prove may be true of the old classes only, and is no error.
  std::string layouts_release;
  std::set<std::string, std::less<>> built;  // classes whose layouts are the registry's own
  // By check: findings that were made elsewhere, which take the place of those that the check's
  // class function would make (compare/engine_findings.h), or are all that it has, with their severities
  // (judge/judge_published.h).
  std::map<std::string, std::vector<Finding>, std::less<>> made;
  // The adapter that the classes are judged with.
  const AdapterConfig* adapter = nullptr;
  // Called after each class, from any thread, with the number of classes done so far.
  std::function<void(size_t done)> progress;
};

// Some keys, written as a family.
struct ShownKeys {
  std::string keys;
  uint64_t count = 1;
};

// What happened to the keys of a checkpoint. The findings say which of it is wrong.
struct CheckpointSummary {
  std::string class_name;
  std::vector<std::string> files;  // that were read
  bool has_shapes = false;         // otherwise it is judged by names only
  bool fitted = false;             // the layout was adapted to the checkpoint's numbers
  bool adapter = false;            // keys count as the weights that they belong to
  uint64_t keys = 0;               // of the checkpoint
  uint64_t model_keys = 0;         // of the model, as fitted
  uint64_t filled = 0;             // of the model's keys
  uint64_t returned = 0;           // of the checkpoint's keys: a save writes them again
  // The keys of the model that are not filled, in six groups: see CheckpointOutcome.
  std::vector<ShownKeys> missing;
  std::vector<ShownKeys> expected;  // to be missing (JudgeOptions::expected_key)
  std::vector<ShownKeys> tied;
  std::vector<ShownKeys> quantised;
  std::vector<ShownKeys> constants;
  std::vector<ShownKeys> left_out;
  // Of the checkpoint.
  std::vector<ShownKeys> unexpected;  // for whatever reason
  std::vector<ShownKeys> drifted;     // loaded, but not written again
  std::vector<ShownKeys> added;       // written, but not in the checkpoint
};

// What becomes of an adapter that is loaded by one route.
struct AdapterSummary {
  std::string class_name;
  std::string route;    // "peft": PeftModel.from_pretrained, "transformers": model.load_adapter
  std::string peft;     // the release, "0.20"
  std::string engine;   // "5.16"
  std::string verdict;  // "all", "partly", "nothing", "raises", "wrong scale", "not judged"
  std::string raises;   // what Python says
  std::string file;     // of the weights; "" if there is none
  uint64_t keys = 0;    // of the file
  bool sizes_known = false;  // of the model; otherwise only ranks and numbers are compared
  bool told = false;         // the library itself says that something is lost
  std::vector<std::string> unexpected;  // keys that reach nothing
  std::vector<std::string> elsewhere;   // keys that reach another name than their own
  std::vector<std::string> not_loaded;  // parameters of the adapter that nothing fills
};

struct Judgement {
  std::vector<Finding> findings;  // the worst first, then by file and line; one an identity
  size_t classes = 0;             // judged
  uint64_t keys = 0;              // of their layouts
  // Classes and entries that were to be judged and were not: Judge adds the classes that reach an
  // incomplete entry, and the caller that knows the user's library what has no layout.
  std::vector<NotJudged> not_judged;
  // Entries that no class reaches, sorted; empty unless all classes were judged.
  std::vector<std::string> unreached;
  std::optional<CheckpointSummary> checkpoint;  // of JudgeCheckpoint
  std::vector<AdapterSummary> adapter;          // of JudgeAdapter: one a route
  size_t count(Severity severity) const;        // of findings of exactly this severity
};

// The outcome of a run that fails at `fail_on` (absent: never) and accepts what was not judged or
// not.
Outcome OutcomeOf(const Judgement& judgement, std::optional<Severity> fail_on, bool allow_unjudged);

// Judges the given classes (indices into `layouts`). `all_classes` says that these are all there
// are.
Result<Judgement> Judge(const Registry& registry, const LayoutSource& layouts,
                        const std::vector<size_t>& classes, bool all_classes,
                        const JudgeOptions& options);

}  // namespace wcheck
