// A text that shows an operation is the call that constructs it.
#include <algorithm>

#include <gtest/gtest.h>

#include "mapping/operation_table.h"
#include "reading.h"

namespace wcheck {
namespace {

std::vector<Operation> Read(const std::string& call) {
  const Registry registry = ReadText("M = {'a': [WeightConverter('s', 't', [" + call + "])]}\n");
  EXPECT_EQ(Incomplete(registry), "");
  return registry.Find("a")->transforms.at(0).operations;
}

TEST(OperationsTest, ReadsWhatIsShown) {
  for (const OperationInfo& info : OperationTable()) {
    SCOPED_TRACE(info.name);
    Operation operation =
        MakeOperation(static_cast<OperationKind>(&info - OperationTable().data()));
    int64_t number = 3;
    for (const OperationParameter& parameter : info.parameters) {
      ++number;
      std::visit(
          FieldVisitor{
              [&](int64_t Operation::*field) { operation.*field = number; },
              [&](bool Operation::*field) { operation.*field = parameter.otherwise == 0; },
              [&](std::optional<std::string> Operation::*field) { operation.*field = "text"; },
              [&](std::vector<std::string> Operation::*field) {
                operation.*field = {"q", "k"};
              },
              [&](std::array<int64_t, 3> Operation::*field) {
                operation.*field = {2, 14, -1};
              },
              [](PartCount) {}},
          parameter.field);
    }
    EXPECT_EQ(Read(ShowOperation(operation)), std::vector<Operation>{operation});
  }
}

TEST(OperationsTest, LeavesOutWhatHasADefault) {
  for (const OperationInfo& info : OperationTable()) {
    if (std::ranges::any_of(info.parameters, &OperationParameter::required)) continue;
    const auto kind = static_cast<OperationKind>(&info - OperationTable().data());
    EXPECT_EQ(Read(std::string(info.name) + "()"), std::vector<Operation>{MakeOperation(kind)});
  }
}

// The classes of transforms whose constructors differ from that of a renaming.
TEST(TransformsTest, AreReadWithTheParametersOfTheirClass) {
  const Registry registry = ReadText(
      "M = {'a': [\n"
      "    LayerPairCollapse(),\n"
      "    Inkling2IndexOffsetWeightRename(r'q\\.(\\d+)', r'layers.\\1.q', offset=1),\n"
      "    WeightConverter('s', 't', [Transpose()], force_cpu=True),\n"
      "]}\n"
      "M['b'] = [t for t in M['a'] if t._original_source_patterns[0].startswith('layers')]\n");
  EXPECT_EQ(Incomplete(registry), "");
  const std::vector<TransformSpec>& transforms = registry.Find("a")->transforms;
  ASSERT_EQ(transforms.size(), 3u);
  EXPECT_EQ(transforms[0].kind, TransformKind::kLayerPairCollapse);
  EXPECT_EQ(transforms[0].sources, std::vector<std::string>{"layers\\.(\\d+)"});
  EXPECT_EQ(transforms[0].targets, std::vector<std::string>{"layers.\\1"});
  EXPECT_EQ(transforms[1].kind, TransformKind::kInkling2IndexOffsetWeightRename);
  EXPECT_EQ(transforms[1].sources, std::vector<std::string>{"q\\.(\\d+)"});
  EXPECT_EQ(transforms[1].offset, 1);
  EXPECT_TRUE(transforms[2].force_cpu);
  ASSERT_EQ(registry.Find("b")->transforms.size(), 1u);
  EXPECT_TRUE(SameTransform(registry.Find("b")->transforms[0], transforms[0]));
}

}  // namespace
}  // namespace wcheck
