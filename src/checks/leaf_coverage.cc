// Tensors that sections leave out: docs/checks/uncovered-internal.md, uncovered-export.md.
#include "checks/leaf_coverage.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "analysis/subject.h"
#include "checks/evidence.h"

namespace wcheck {
namespace {

using Names = std::set<std::string_view>;

// Tensors that are left out for the same reason.
struct Uncovered {
  std::string_view cause;
  std::string message;
  SourceRange where;
  std::vector<std::string> names;
  std::string relation;  // what happens to each, for the evidence
};

// What import and export do with the leaves: each is found by its first input, and runs if all its
// inputs are present.
class Run {
 public:
  // `inputs` are the existing tensors; absent if unknown, and then every leaf runs.
  Run(const SectionModel& model, LeafSide from,
      const std::optional<std::vector<std::string>>& inputs)
      : from_(from) {
    Names there;
    if (inputs) there.insert(inputs->begin(), inputs->end());
    for (const auto& [first, leaf] : LeavesByFirstName(model, from)) {
      found_.insert(leaf);
      const std::string* missing = nullptr;
      for (const std::string& name : Inputs(*leaf)) {
        if (inputs && !there.contains(name) && missing == nullptr) missing = &name;
      }
      if (missing != nullptr) {
        missing_[leaf] = missing;
        continue;
      }
      read_.insert(Inputs(*leaf).begin(), Inputs(*leaf).end());
      written_.insert(Outputs(*leaf).begin(), Outputs(*leaf).end());
    }
  }

  bool Reads(std::string_view name) const { return read_.contains(name); }
  bool Writes(std::string_view name) const { return written_.contains(name); }
  // The lookup finds the leaf, unless another one with the same first name hides it.
  bool Finds(const Leaf& leaf) const { return found_.contains(&leaf); }
  // The input that is missing, or null.
  const std::string* MissingInput(const Leaf& leaf) const {
    auto found = missing_.find(&leaf);
    return found == missing_.end() ? nullptr : found->second;
  }

 private:
  const std::vector<std::string>& Inputs(const Leaf& leaf) const {
    return from_ == LeafSide::kInternal ? leaf.internal : leaf.exported;
  }
  const std::vector<std::string>& Outputs(const Leaf& leaf) const {
    return from_ == LeafSide::kInternal ? leaf.exported : leaf.internal;
  }

  LeafSide from_;
  std::set<const Leaf*> found_;
  std::map<const Leaf*, const std::string*> missing_;
  Names read_;
  Names written_;
};

const Leaf* LeafWith(const SectionModel& model, LeafSide side, std::string_view name) {
  for (const Leaf& leaf : model.leaves) {
    const auto& names = side == LeafSide::kInternal ? leaf.internal : leaf.exported;
    if (std::find(names.begin(), names.end(), name) != names.end()) return &leaf;
  }
  return nullptr;
}

// Collects names by reason.
class Reasons {
 public:
  void Add(std::string_view name, std::string_view cause, std::string message,
           const SourceRange& where, std::string relation) {
    auto key = std::make_tuple(where.begin, message);
    auto [at, is_new] = index_.try_emplace(std::move(key), out_.size());
    if (is_new) out_.push_back({cause, std::move(message), where, {}, std::move(relation)});
    out_[at->second].names.emplace_back(name);
  }
  std::vector<Uncovered> Take() && { return std::move(out_); }

 private:
  std::map<std::tuple<uint32_t, std::string>, size_t> index_;
  std::vector<Uncovered> out_;
};

// The names of one side that a run in one direction leaves out.
struct Gap {
  LeafSide side;
  bool reading;  // they are its inputs; otherwise its outputs
  std::string_view no_leaf_cause;
  std::string_view unrun_cause;
  std::string no_leaf;  // messages
  std::string unrun;    // followed by the input that is missing
  std::string relation;
};

void Collect(const SectionModel& model, const std::vector<std::string>& names, const Run& run,
             const Gap& gap, Reasons* reasons) {
  for (const std::string& name : names) {
    if (gap.reading ? run.Reads(name) : run.Writes(name)) continue;
    const Leaf* leaf = LeafWith(model, gap.side, name);
    if (leaf == nullptr) {
      reasons->Add(name, gap.no_leaf_cause, gap.no_leaf, model.where, gap.relation);
    } else if (const std::string* missing = run.MissingInput(*leaf)) {
      reasons->Add(name, gap.unrun_cause,
                   gap.unrun + '`' + Numberless(*missing) + "`, which is absent",
                   leaf->origin->call, gap.relation);
    } else if (run.Finds(*leaf)) {
      // It is not the first name of its leaf, and the first name belongs to another leaf.
      reasons->Add(name, gap.no_leaf_cause, gap.no_leaf, leaf->origin->call, gap.relation);
    }
    // Otherwise another leaf hides it, which shadowed-leaf reports.
  }
}

// Internal parameters that export does not write, or that import does not fill.
std::vector<Uncovered> ParametersLeftOut(const SectionModel& model) {
  Reasons reasons;
  if (!model.parameters) return {};
  Run exporting(model, LeafSide::kInternal, model.parameters);
  Collect(model, *model.parameters, exporting,
          {LeafSide::kInternal, /*reading=*/true, "no-export", "export-lacks-input",
           "no leaf exports this internal parameter",
           "the leaf of this internal parameter is not exported: it needs ", "is not exported"},
          &reasons);
  Run importing(model, LeafSide::kExported, model.exported);
  std::vector<std::string> exported;
  for (const std::string& name : *model.parameters) {
    if (exporting.Reads(name)) exported.push_back(name);
  }
  Collect(
      model, exported, importing,
      {LeafSide::kInternal, /*reading=*/false, "no-import", "import-lacks-input",
       "no leaf imports this internal parameter",
       "nothing fills this internal parameter on import: its leaf needs ", "stays uninitialised"},
      &reasons);
  return std::move(reasons).Take();
}

// Exported keys that import does not read, or that export does not write.
std::vector<Uncovered> ExportedLeftOut(const SectionModel& model) {
  Reasons reasons;
  if (!model.exported) return {};
  Run importing(model, LeafSide::kExported, model.exported);
  Collect(model, *model.exported, importing,
          {LeafSide::kExported, /*reading=*/true, "no-import", "import-lacks-input",
           "no leaf imports this exported key",
           "the leaf of this exported key is not imported: it needs ", "is not imported"},
          &reasons);
  Run exporting(model, LeafSide::kInternal, model.parameters);
  std::vector<std::string> imported;
  for (const std::string& name : *model.exported) {
    if (importing.Reads(name)) imported.push_back(name);
  }
  Collect(model, imported, exporting,
          {LeafSide::kExported, /*reading=*/false, "no-export", "export-lacks-input",
           "no leaf exports this key", "this key is not written on export: its leaf needs ",
           "is not written"},
          &reasons);
  return std::move(reasons).Take();
}

// One finding for each, with the names as families.
void ReportUncovered(std::vector<Uncovered> uncovered, FindingSink* sink) {
  for (Uncovered& one : uncovered) {
    Finding finding;
    finding.message = std::move(one.message);
    finding.where = one.where;
    finding.cause = one.cause;
    finding.subject = Numberless(one.names.front());
    AddNames(one.names, one.relation, "", &finding);
    sink->Add(std::move(finding));
  }
}

}  // namespace

void AddNames(const std::vector<std::string>& names, const std::string& relation,
              const std::string& other, Finding* finding) {
  LayoutBuilder builder;
  for (const std::string& name : names) builder.Add(name, {}, "");
  Layout families;
  builder.FinishInto(&families);
  for (const LayoutFamily& family : families.families) {
    AddEvidence(finding,
                {ShowFamily(family.pattern, family.numbers), relation, other, family.size()});
  }
}

namespace uncovered_internal {
void Check(const ClassContext& context, FindingSink* sink) {
  if (context.sections != nullptr) ReportUncovered(ParametersLeftOut(*context.sections), sink);
}
}  // namespace uncovered_internal

namespace uncovered_export {
void Check(const ClassContext& context, FindingSink* sink) {
  if (context.sections != nullptr) ReportUncovered(ExportedLeftOut(*context.sections), sink);
}
}  // namespace uncovered_export

}  // namespace wcheck
