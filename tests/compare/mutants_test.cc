// Whether a comparison names every mutant that the engine fails on or saves other names with, and no
// other one.
#include "mutants.h"

#include <iostream>
#include <map>

#include "wcheck/compare/compare.h"

namespace wcheck::testing {
namespace {

std::string Describe(const Comparison& comparison) {
  std::string out;
  for (const ChangeGroup& group : comparison.groups) {
    out += "\n    " + group.summary;
    for (const ClassComparison& one : group.classes) {
      for (const KeyChange& change : one.changes) {
        out += "\n      " + std::string(KeyChangeName(change.kind)) + ": " + change.subject + " " +
               change.message;
        for (const std::string& name : change.before) out += "\n        - " + name;
        for (const std::string& name : change.after) out += "\n        + " + name;
      }
    }
  }
  return out;
}

TEST_F(MutantsTest, EveryAlarmIsRaisedAndNoOther) {
  struct Row {
    size_t alarms = 0, breaking = 0, compatible = 0, harmless = 0, false_alarms = 0;
  };
  std::map<std::string, Row> table;
  size_t wrong = 0;
  ForEachMutant([&](const Mutant& mutant) {
    CompareOptions options;
    options.judge.jobs = 1;
    const Result<Comparison> comparison =
        Compare({&registry_, layouts_.get()}, {&mutant.registry, layouts_.get()},
                {mutant.class_name}, options);
    ASSERT_TRUE(comparison.ok());
    ASSERT_EQ(comparison->total(), 1U);
    const bool raised = comparison->same == 0;
    Row& row = table[mutant.edit];
    ++(mutant.alarm ? row.alarms : row.harmless);
    row.breaking += comparison->breaking;
    row.compatible += comparison->compatible;
    if (!mutant.alarm && raised) ++row.false_alarms;
    if (raised == mutant.alarm) return;
    ++wrong;
    std::cout << (raised ? "false alarm: " : "missed: ") << mutant.what << ' ' << mutant.verdict
              << Describe(*comparison) << '\n';
  });
  std::cout << "edit: alarms (breaking, compatible), harmless, false\n";
  Row sum;
  for (const auto& [edit, row] : table) {
    std::cout << edit << ": " << row.alarms << " (" << row.breaking << ", " << row.compatible
              << "), " << row.harmless << ", " << row.false_alarms << '\n';
    sum.alarms += row.alarms;
    sum.harmless += row.harmless;
  }
  std::cout << sum.alarms << " alarms, " << sum.harmless << " harmless\n";
  EXPECT_GT(sum.alarms, 0U);
  EXPECT_GT(sum.harmless, 0U);
  EXPECT_EQ(wrong, 0U);
}

}  // namespace
}  // namespace wcheck::testing
