// The library in one header: what a program needs to check models against a mapping.
//
//   auto verdict = wcheck::CheckModel("mapping.py", "layouts.jsonl", "LlavaModel");
//   if (!verdict) std::cerr << verdict.error().ToString() << '\n';
//
// For many classes, or a choice of checks or engine, open the inputs (open.h) and call Judge
// (judge.h). docs/library.md has a complete program.
#pragma once

#include <memory>
#include <string>

#include "wcheck/finding.h"
#include "wcheck/judge.h"
#include "wcheck/open.h"
#include "wcheck/version.h"

namespace wcheck {

struct ModelVerdict {
  std::shared_ptr<const Registry> registry;  // what the findings point into
  Judgement judgement;                       // of the one class
};

// Judges one class: `class_name` of `layouts_path` under the mapping of `registry_path`. open.h
// lists the possible files; both can be one snapshot. Findings about the registry as a whole that
// need all classes ("no class reaches this entry") are not included. Errors: those of opening the
// files, and a class that the layouts do not have.
Result<ModelVerdict> CheckModel(const std::string& registry_path, const std::string& layouts_path,
                                const std::string& class_name, const JudgeOptions& options = {});

}  // namespace wcheck
