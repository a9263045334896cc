// What TryTransforms reports for single keys, compared with the traces of the pass.
#include <map>

#include <gtest/gtest.h>

#include "analysis/attempts.h"
#include "explain_models.h"
#include "families/boxes.h"

namespace wcheck {
namespace {

struct Compared {
  size_t keys = 0;
  size_t guards = 0;
};

std::string FiredSteps(const std::vector<Attempt>& attempts) {
  std::string out;
  for (const Attempt& a : attempts) {
    if (a.outcome != AttemptOutcome::kFired) continue;
    out += std::to_string(a.transform) + ':' + std::to_string(a.step.source) + ':' +
           std::to_string(a.step.target) + ' ';
  }
  return out;
}

std::string FiredSteps(const Trace& trace) {
  std::string out;
  for (const TraceStep& s : trace.steps) {
    out += std::to_string(s.transform) + ':' + std::to_string(s.source) + ':' +
           std::to_string(s.target) + ' ';
  }
  return out;
}

// Every key of a pass: the same transforms fire, and they lead to the same name.
void CompareKeys(const Simulation& s, const Pass& pass, const PassOrder& order,
                 Compared* compared) {
  for (const Trace& trace : pass.traces) {
    Name name = pass.NameOf(trace);
    ForEachMember(trace.members, [&](std::span<const uint32_t> member) {
      std::string key = JoinNumbers(pass.families[trace.family].pattern, member);
      std::vector<Attempt> attempts = TryTransforms(
          s.plan, order, *s.engine, key, GuardsBefore(s.plan, pass, order, *s.engine, key));
      ASSERT_EQ(FiredSteps(attempts), FiredSteps(trace)) << s.layout->class_name << ' ' << key;
      EXPECT_EQ(attempts.size(), s.plan.transforms.size());
      ++compared->keys;
      std::string now = key;
      for (const Attempt& a : attempts) {
        compared->guards += a.outcome == AttemptOutcome::kGuardNotSeen;
        if (a.outcome != AttemptOutcome::kFired) continue;
        EXPECT_EQ(a.step.before.text, now);
        now = a.step.after.text;
      }
      if (trace.set_aside || trace.prefix_step != Trace::PrefixStep::kNone) return;
      EXPECT_EQ(now, name.Of(member)) << s.layout->class_name << ' ' << key;
    });
  }
}

// The key at which the engine raises, if it was reached.
void CompareError(const Simulation& s, const Pass& pass, const PassOrder& order) {
  if (!pass.error || pass.error_key.empty()) return;
  std::vector<Attempt> attempts =
      TryTransforms(s.plan, order, *s.engine, pass.error_key,
                    GuardsBefore(s.plan, pass, order, *s.engine, pass.error_key));
  ASSERT_FALSE(attempts.empty());
  EXPECT_EQ(attempts.back().outcome, AttemptOutcome::kError) << pass.error_key;
  EXPECT_EQ(attempts.back().transform, pass.error_transform);
  EXPECT_EQ(attempts.back().error.ToString(), pass.error->ToString());
}

void CompareSimulation(const Simulation& s, Compared* compared) {
  CompareError(s, s.save_fresh, s.save_order);
  if (!s.save_fresh.error) CompareKeys(s, s.save_fresh, s.save_order, compared);
  if (!s.has_checkpoint) return;
  CompareError(s, s.load, s.load_order);
  if (!s.load.error) CompareKeys(s, s.load, s.load_order, compared);
}

TEST(Attempts, AgreeWithTheTracesOfRealModels) {
  TestCorpus corpus = OpenCorpus(OwnCorpus());
  constexpr uint64_t kMostKeys = 1500;  // larger classes have the same rules and more layers
  Compared compared;
  size_t classes = 0;
  for (size_t i = 0; i < corpus.layouts->size(); ++i) {
    Result<Layout> layout = corpus.layouts->Read(i);
    ASSERT_TRUE(layout.ok());
    if (layout->key_count() > kMostKeys) continue;
    CompareSimulation(Simulate(*layout, *corpus.compiled, {}), &compared);
    ++classes;
  }
  std::cout << classes << " classes, " << compared.keys << " keys\n";
  EXPECT_GT(classes, 30U);
}

TEST(Attempts, AgreeWithTheTracesOfGeneratedCases) {
  Compared compared;
  for (const TestModel& model : GeneratedModels()) CompareSimulation(model.Run(), &compared);
  std::cout << compared.keys << " keys, " << compared.guards << " guards not seen\n";
  EXPECT_GT(compared.guards, 0U);
}

TEST(Attempts, SayWhyATransformDidNotFire) {
  TestModel model = MakeModel(
      R"({"aliases": {}, "entries": {
        "m": [{"type": "WeightConverter", "source": ["a.w"], "target": ["b.w"],
               "operations": [{"op": "Transpose", "dim0": 0, "dim1": 1, "check_dims": false}]},
              {"type": "WeightConverter", "source": ["a"], "target": ["c"],
               "operations": [{"op": "Transpose", "dim0": 0, "dim1": 1, "check_dims": false}]},
              {"type": "PrefixChange", "prefix_to_add": "p"}],
        "child": [{"type": "WeightRenaming", "source": ["a"], "target": ["d"]}],
        "legacy": [{"type": "WeightRenaming", "source": ["no"], "target": ["e"]}]}})",
      R"({"class": "M", "model_type": "m", "base_model_prefix": "",
        "modules": [["", "M", "m"], ["sub", "C", "child"]], "keys": {"b.w": [[2, 2], "float32"]}})");
  Simulation s = model.Run();
  auto outcomes = [&](const PassOrder& order, const char* key) {
    std::map<std::string, AttemptOutcome> out;
    std::vector<bool> guards(order.transforms.size(), false);
    for (const Attempt& a : TryTransforms(s.plan, order, *s.engine, key, guards)) {
      const PlacedTransform& placed = s.plan.transforms[a.transform];
      out[std::string(placed.entry) + std::to_string(placed.index_in_entry)] = a.outcome;
    }
    return out;
  };
  auto load = outcomes(s.load_order, "a.w");
  EXPECT_EQ(load["m2"], AttemptOutcome::kFired);  // PrefixChange
  EXPECT_EQ(load["m0"], AttemptOutcome::kFired);
  EXPECT_EQ(load["m1"], AttemptOutcome::kNoMatch);  // the first converter left no `a`
  EXPECT_EQ(load["child0"], AttemptOutcome::kOutOfScope);
  EXPECT_EQ(load["legacy0"], AttemptOutcome::kNoMatch);
  EXPECT_EQ(outcomes(s.load_order, "a.w.a")["m1"], AttemptOutcome::kClaimed);
  auto save = outcomes(s.save_order, "b.w");
  EXPECT_EQ(save["m0"], AttemptOutcome::kFired);
  EXPECT_EQ(save["m2"], AttemptOutcome::kPrefixChange);
  EXPECT_EQ(save["legacy0"], AttemptOutcome::kLoadOnly);
}

// Converting single buckets gives the same as the whole conversion, name by name.
TEST(Attempts, CollectedPartsMakeUpTheCheckpoint) {
  TestCorpus corpus = OpenCorpus(OwnCorpus());
  size_t productions = 0;
  for (size_t i = 0; i < corpus.layouts->size(); ++i) {
    Result<Layout> layout = corpus.layouts->Read(i);
    ASSERT_TRUE(layout.ok());
    Simulation s = Simulate(*layout, *corpus.compiled, {});
    if (s.saved.error || s.load.error) continue;
    KeySet checkpoint(s.checkpoint);
    for (const Production& p : s.saved.productions) {
      ++productions;
      IndexBox first;
      for (uint32_t value : SmallestMember(p.numbers)) first.emplace_back(value, value);
      Pass part = CollectedPart(s.save_fresh, *s.engine, p.pattern, first);
      Conversion made = Convert(part, s.plan, s.save_order, *s.engine, *s.model);
      ASSERT_EQ(made.productions.size(), 1U) << s.layout->class_name;
      EXPECT_EQ(made.productions[0].inputs.size(), p.inputs.size());
      EXPECT_FALSE(made.tensors.empty());
      for (const LayoutFamily& tensor : made.tensors) {
        const LayoutFamily* whole =
            checkpoint.Find(JoinNumbers(tensor.pattern, SmallestMember(tensor.numbers)));
        ASSERT_NE(whole, nullptr) << s.layout->class_name;
        EXPECT_TRUE(std::ranges::equal(whole->shape, tensor.shape));
      }
    }
  }
  EXPECT_GT(productions, 10U);
}

}  // namespace
}  // namespace wcheck
