#include "fix/fix_run.h"

#include <gtest/gtest.h>

#include "wcheck/open.h"

#include "mapping/json/json_reader.h"

namespace wcheck {
namespace {

class NoClasses : public LayoutSource {
 public:
  size_t size() const override { return 0; }
  std::string_view class_name(size_t) const override { return ""; }
  Result<Layout> Read(size_t) const override { return Error{{}, "there is none", ""}; }
};

// Each fix that is tried costs as many steps as the registry has transforms. Whether one holds is
// not looked at here: a trial of a candidate that cannot be written is a trial.
TEST(FixRunTest, HoldsTheLimit) {
  const std::string text =
      R"({"entries": {"toy": [{"type": "WeightRenaming", "source": ["a."], "target": ["b."]},)"
      R"({"type": "WeightRenaming", "source": ["a."], "target": ["b."]},)"
      R"({"type": "WeightRenaming", "source": ["c"], "target": ["d"]}]}})";
  Result<Registry> registry = ReadJsonRegistry(std::make_shared<const SourceFile>("r.json", text));
  ASSERT_TRUE(registry.ok());
  const NoClasses layouts;
  const JudgeOptions options;
  Result<Judgement> judgement = Judge(*registry, layouts, {}, true, options);
  ASSERT_TRUE(judgement.ok());
  size_t candidates = 0;
  for (const Finding& finding : judgement->findings) candidates += finding.candidates.size();
  ASSERT_GT(candidates, 0U);

  int trials = 0;
  const FixInput input{*registry, layouts, options, [&](std::shared_ptr<const SourceFile> file) {
                         ++trials;
                         return ReadRegistry(std::move(file));
                       }};
  const size_t work = 3 * candidates;
  ASSERT_TRUE(OfferFixes(input, &*judgement, work).ok());
  const int all = trials;
  EXPECT_GT(all, 0);
  trials = 0;
  ASSERT_TRUE(OfferFixes(input, &*judgement, work - 1).ok());
  EXPECT_LT(trials, all);
}

}  // namespace
}  // namespace wcheck
