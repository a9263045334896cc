// Whether a fix may be offered: the edited source reads as the fixed registry, and simulating it
// removes the finding, adds no other one, and changes no name and no shape of any class.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/written.h"
#include "engine/simulation.h"
#include "wcheck/judge.h"

namespace wcheck {

// The registry after a fix. Copies of a transform change with the one that was written.
Registry Repaired(const Registry& registry, const Repair& repair);

// The entries whose transforms differ.
std::set<std::string> ChangedEntries(const Registry& a, const Registry& b);

struct FixVerdict {
  bool source_agrees = false;  // it can be edited, and then reads as the fixed registry
  bool keys_kept = false;      // saves and loads keep their names
  bool finding_gone = false;   // and no other finding appears
  std::string first_change;    // a class for which keys_kept is false
  bool ok() const { return source_agrees && keys_kept && finding_gone; }
};

class FixVerifier {
 public:
  // Reads a registry from the text of a file, in the same way as the registry to be fixed was read.
  using Reader =
      std::function<Result<std::shared_ptr<const Registry>>(std::shared_ptr<const SourceFile>)>;

  // Judges with the engine and the severities of `options`, by all checks, over those classes of
  // `layouts` that the fix can affect, whether or not they were judged before. Keeps references to
  // `registry` and `layouts`.
  FixVerifier(const Registry& registry, const LayoutSource& layouts, JudgeOptions options,
              Reader reader);
  ~FixVerifier();

  // Stores the first of a finding's candidates that holds in its `fix`.
  Status Offer(Finding* finding);
  // Fills in the edits of `fix`.
  Result<FixVerdict> Verify(const Finding& finding, Fix* fix);
  // A class whose names change with another registry, such as one with many fixes; empty if there
  // is none.
  Result<std::string> FirstChange(const Registry& other);

 private:
  // The identities of findings, what they are about, and how many there are of each check, by
  // severity.
  struct Findings {
    std::set<std::string> identities;
    std::set<std::pair<std::string_view, std::string>> about;  // check, transform
    std::map<std::string_view, std::array<size_t, 3>> counts;
  };
  struct After {
    Findings findings;
    std::string first_change;
  };
  struct Before;
  struct Index;

  static Findings Count(const Judgement& judgement);
  static bool NoneNew(const Findings& before, const Findings& after);

  bool SourceAgrees(const Registry& repaired, Fix* fix) const;
  // What is examined to compare two registries: the classes that can reach an entry in which they
  // differ, and the entries that decide what is found about them.
  struct Scope {
    std::vector<size_t> classes;
    std::set<std::string> entries;

    friend bool operator==(const Scope&, const Scope&) = default;
  };
  Result<Scope> ScopeOf(const std::set<std::string>& changed);
  // Simulates the classes before any fix, unless they were simulated last.
  Status LookAt(const Scope& scope);
  // If `finding` is not null, so much is examined that it is found before the fix.
  Result<After> Compare(const Registry& other, const Finding* finding);

  const Registry& registry_;
  const LayoutSource& layouts_;
  JudgeOptions options_;
  Reader reader_;
  WrittenTransforms written_;
  std::unique_ptr<Index> index_;  // made when first needed
  std::unique_ptr<Before> before_;
};

}  // namespace wcheck
