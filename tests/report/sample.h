// Findings made by hand, for the tests of the reports.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/report.h"
#include "wcheck/source_file.h"

namespace wcheck::testing {

// A judgement and all that its findings point to.
struct Sample {
  std::vector<std::unique_ptr<SourceFile>> files;
  std::vector<std::unique_ptr<TransformSpec>> specs;
  Judgement judgement;
  std::vector<CheckInfo> checks;

  // The range of the first occurrence of `text` in the file; the test fails if there is none.
  static SourceRange Find(const SourceFile& file, std::string_view text);
  const SourceFile& AddFile(std::string path, std::string text);
  // A WeightRenaming whose strings are in the file in double quotes.
  TransformRef AddRenaming(const SourceFile& file, std::string source, std::string target,
                           std::string entry, uint32_t index);
  ReportInput Input() const;
  std::string Write(std::string_view format) const;
};

// An error with evidence of two classes, another transform and a fix, a warning, three notes, in a
// file "src/mapping.py".
Sample OrdinarySample();
// The same findings on a registry without a file of its own.
Sample BundledSample();
// Nothing found.
Sample CleanSample();
// Names that try to break out of every format, in each text of a finding.
Sample HostileSample();
// 400 findings, of 10 classes each.
Sample LargeSample();

struct NamedSample {
  std::string_view name;
  Sample (*make)();
};
const std::vector<NamedSample>& AllSamples();

// Each hostile name by itself.
const std::vector<std::string>& HostileNames();

// Runs a Python program on a report with jsonschema at hand (Debian's python3-jsonschema); returns
// what it prints. "" after a success of ValidateJson; else the first faults.
std::string ValidateJson(std::string_view json, const std::string& schema_path);

}  // namespace wcheck::testing
