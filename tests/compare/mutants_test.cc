// Whether a comparison, and a lock, name every mutant that the engine fails on or saves other names
// with, and no other one.
#include "mutants.h"

#include <iostream>
#include <map>

#include "wcheck/compare.h"
#include "compare/lock.h"

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

// The findings on the mutants, by the kind of edit.
class Table {
 public:
  void Add(const std::string& edit, bool alarm, const std::string& what,
           const Comparison& comparison) {
    const bool raised = comparison.same == 0;
    Row& row = rows_[edit];
    ++(alarm ? row.alarms : row.harmless);
    row.breaking += comparison.breaking;
    row.compatible += comparison.compatible;
    if (!alarm && raised) ++row.false_alarms;
    if (raised == alarm) return;
    ++wrong_;
    std::cout << (raised ? "false alarm: " : "missed: ") << what << Describe(comparison) << '\n';
  }

  void Check() const {
    std::cout << "edit: alarms (breaking, compatible), harmless, false\n";
    Row sum;
    for (const auto& [edit, row] : rows_) {
      std::cout << edit << ": " << row.alarms << " (" << row.breaking << ", " << row.compatible
                << "), " << row.harmless << ", " << row.false_alarms << '\n';
      sum.alarms += row.alarms;
      sum.harmless += row.harmless;
    }
    std::cout << sum.alarms << " alarms, " << sum.harmless << " harmless\n";
    EXPECT_GT(sum.alarms, 0U);
    EXPECT_GT(sum.harmless, 0U);
    EXPECT_EQ(wrong_, 0U);
  }

 private:
  struct Row {
    size_t alarms = 0, breaking = 0, compatible = 0, harmless = 0, false_alarms = 0;
  };
  std::map<std::string, Row> rows_;
  size_t wrong_ = 0;
};

TEST_F(MutantsTest, DiffRaisesEveryAlarmAndNoOther) {
  Table table;
  ForEachMutant([&](const Mutant& mutant) {
    CompareOptions options;
    options.judge.jobs = 1;
    const Result<Comparison> comparison =
        Compare({&registry_, layouts_.get(), &engine()},
                {&mutant.registry, layouts_.get(), &engine()},
                {mutant.class_name}, options);
    ASSERT_TRUE(comparison.ok());
    ASSERT_EQ(comparison->total(), 1U);
    table.Add(mutant.edit, mutant.alarm, mutant.what + ' ' + mutant.verdict, *comparison);
  });
  table.Check();
}

TEST_F(MutantsTest, LockRaisesEveryAlarmAndNoOther) {
  JudgeOptions options;
  options.jobs = 1;
  options.engine = &engine();
  Table table;
  std::map<std::string, Lock> locks;
  ForEachMutant([&](const Mutant& mutant) {
    if (!locks.contains(mutant.class_name)) {
      const Result<Lock> made =
          MakeLock({&registry_, layouts_.get(), &engine()}, {mutant.class_name}, options);
      ASSERT_TRUE(made.ok()) << made.error().ToString();
      // What is compared with is what the file says.
      const std::string text = WriteLock(*made);
      Result<Lock> lock = ReadLock(SourceFile("wcheck.lock", text));
      ASSERT_TRUE(lock.ok()) << lock.error().ToString();
      EXPECT_EQ(WriteLock(*lock), text);
      locks.emplace(mutant.class_name, *std::move(lock));
    }
    const Result<Comparison> comparison =
        CompareWithLock(locks.at(mutant.class_name), {&mutant.registry, layouts_.get(), &engine()},
                        {mutant.class_name}, options);
    ASSERT_TRUE(comparison.ok());
    ASSERT_EQ(comparison->total(), 1U);
    table.Add(mutant.edit, mutant.alarm, mutant.what + ' ' + mutant.verdict, *comparison);
  });
  table.Check();
}

}  // namespace
}  // namespace wcheck::testing
