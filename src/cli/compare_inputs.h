// What `wcheck diff` compares: two mappings, each with its models and its engine.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <llvm/Support/CommandLine.h>

#include "wcheck/compare.h"
#include "wcheck/result.h"

namespace wcheck::cli {

struct CompareInput {
  std::shared_ptr<const Registry> registry;
  std::shared_ptr<const LayoutSource> layouts;
  const Engine* engine = nullptr;
  std::string name;  // for people: "origin/main:conversion_mapping.py"

  CompareSide side() const { return {registry.get(), layouts.get(), engine}; }
};

struct CompareInputs {
  CompareInput before;
  CompareInput after;
  std::vector<std::string> classes;  // chosen by --model, of either side
  std::string note;                  // a sentence for the user; may be empty
};

class CompareFlags {
 public:
  CompareFlags();
  // Reads everything. A mapping that Python could not parse is an error: nothing is known about it.
  Result<CompareInputs> Open() const;

 private:
  llvm::cl::list<std::string> files_;
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
