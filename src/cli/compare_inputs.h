// What `wcheck diff` compares: two mappings, each with its models and its engine.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <llvm/Support/CommandLine.h>

#include "wcheck/compare.h"
#include "wcheck/result.h"

#include "cli/command_line.h"
#include "project/checkout.h"
#include "project/project.h"

namespace wcheck::cli {

struct CompareInput {
  std::shared_ptr<const Registry> registry;
  std::shared_ptr<const LayoutSource> layouts;
  const Engine* engine = nullptr;
  Scope scope;

  CompareSide side() const { return {registry.get(), layouts.get(), engine}; }
};

struct CompareInputs {
  CompareInput before;
  CompareInput after;
  std::vector<std::string> classes;  // chosen by --model, of either side
  bool all_classes = false;          // nothing was chosen
  std::string note;                  // a sentence for the user; may be empty
  // In a checkout: the models that have no layout, those of them that the change touched, and the
  // folders of models that the old side has (empty if that is unknown).
  std::vector<ModelFolder> without_layout;
  std::set<std::string, std::less<>> changed_models;
  std::set<std::string, std::less<>> old_models;
  // Classes that a folder of both sides defines now and did not.
  std::set<std::string, std::less<>> added_classes;
  std::string layouts_release;

  // A class that the old side does not have.
  bool IsNew(const Layout& layout) const;
  // Names the classes behind what the comparison could not reach, and adds the models that changed
  // and have no layout.
  void NameUnjudged(Comparison* comparison) const;
};

class CompareFlags {
 public:
  CompareFlags();
  // The project of the new mapping, where it is one; otherwise that of the working directory.
  Result<Project> FindProject() const;
  // Reads everything. A mapping that Python could not parse is an error: nothing is known about it.
  Result<CompareInputs> Open(const Project& project) const;

 private:
  // The engine that an option or the configuration names; null for "auto".
  Result<const Engine*> EngineOf(const llvm::cl::opt<std::string>& own,
                                 const Configuration& configuration) const;

  Words files_;
  llvm::cl::opt<std::string> base_;
  llvm::cl::list<std::string> models_;
  llvm::cl::opt<std::string> layouts_;
  llvm::cl::opt<std::string> layouts_old_;
  llvm::cl::opt<std::string> layouts_new_;
  llvm::cl::opt<std::string> engine_;
  llvm::cl::opt<std::string> engine_old_;
  llvm::cl::opt<std::string> engine_new_;
};

}  // namespace wcheck::cli
