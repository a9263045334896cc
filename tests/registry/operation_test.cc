#include "wcheck/operation.h"

#include <gtest/gtest.h>

#include "wcheck/registry.h"

namespace wcheck {
namespace {

// An operation whose parameters all differ from each other and from the defaults.
Operation Odd(OperationKind kind) {
  Operation operation;
  operation.kind = kind;
  operation.dim = 3;
  operation.dim0 = 4;
  operation.dim1 = 5;
  operation.check_dims = true;
  operation.inverse = true;
  operation.in_channels = 6;
  operation.kernel_size = {7, 8, 9};
  operation.stack_dim = 10;
  operation.concat_dim = 11;
  operation.subconfig_key = "vision_config";
  operation.permute_layer_names = {"q_proj"};
  operation.num_shards_attribute = "parts";
  return operation;
}

TEST(OperationTest, NamesGoBothWays) {
  for (int i = 0; i < static_cast<int>(kOperationKinds); ++i) {
    const auto kind = static_cast<OperationKind>(i);
    EXPECT_FALSE(OperationName(kind).empty());
    EXPECT_EQ(ParseOperationName(OperationName(kind)), kind);
  }
  EXPECT_EQ(ParseOperationName("chunk"), std::nullopt);
  EXPECT_EQ(ParseOperationName(""), std::nullopt);
}

TEST(OperationTest, ReversesAsTheTableSays) {
  auto reverse = [](OperationKind kind) { return ReverseOperation(Odd(kind)); };
  EXPECT_EQ(reverse(OperationKind::kChunk), Odd(OperationKind::kConcatenate));
  EXPECT_EQ(reverse(OperationKind::kMergeModulelist), Odd(OperationKind::kSplitModulelist));
  Operation transpose = Odd(OperationKind::kTranspose);
  std::swap(transpose.dim0, transpose.dim1);
  EXPECT_EQ(reverse(OperationKind::kTranspose), transpose);
  Operation interleave = Odd(OperationKind::kInterleave);
  interleave.inverse = false;
  EXPECT_EQ(reverse(OperationKind::kInterleave), interleave);
  Operation permute = Odd(OperationKind::kPermuteForRope);
  permute.inverse = false;
  EXPECT_EQ(reverse(OperationKind::kPermuteForRope), permute);
  EXPECT_EQ(reverse(OperationKind::kConv3dToLinear), Odd(OperationKind::kLinearToConv3d));
  EXPECT_EQ(reverse(OperationKind::kErnieFuseAndSplit), Odd(OperationKind::kErnieSplitAndDecouple));
  Operation unfuse = Odd(OperationKind::kVisionUnfuseAndPermuteForRope);
  unfuse.inverse = false;
  EXPECT_EQ(reverse(OperationKind::kVisionFuseAndPermuteForRope), unfuse);
}

TEST(OperationTest, ReversingTwiceGivesTheOperationBack) {
  for (int i = 0; i < static_cast<int>(kOperationKinds); ++i) {
    const Operation operation = Odd(static_cast<OperationKind>(i));
    EXPECT_EQ(ReverseOperation(ReverseOperation(operation)), operation);
    const bool undoes_itself = operation.kind == OperationKind::kForce16BytesAlignment;
    EXPECT_EQ(ReverseOperation(operation) == operation, undoes_itself);
  }
}

TEST(TransformTest, NamesGoBothWays) {
  for (TransformKind kind : {TransformKind::kWeightRenaming, TransformKind::kWeightConverter,
                             TransformKind::kPrefixChange, TransformKind::kGroupWeightRename}) {
    EXPECT_EQ(ParseTransformKind(TransformKindName(kind)), kind);
  }
  EXPECT_EQ(ParseTransformKind("Renaming"), std::nullopt);
}

TEST(TransformTest, EqualityHasNoPlaces) {
  const TransformSpec spec{TransformKind::kWeightConverter, {"a"},  {"b"}, "x", "y", "z",
                           {Odd(OperationKind::kChunk)},    nullptr};
  TransformSpec other = spec;
  other.origin = std::make_shared<Origin>();
  EXPECT_TRUE(SameTransform(spec, other));
  auto differs = [&](auto&& edit) {
    TransformSpec edited = spec;
    edit(edited);
    return !SameTransform(spec, edited);
  };
  EXPECT_TRUE(differs([](auto& s) { s.kind = TransformKind::kWeightRenaming; }));
  EXPECT_TRUE(differs([](auto& s) { s.sources = {"c"}; }));
  EXPECT_TRUE(differs([](auto& s) { s.targets = {"b", "b"}; }));
  EXPECT_TRUE(differs([](auto& s) { s.prefix_to_add.reset(); }));
  EXPECT_TRUE(differs([](auto& s) { s.prefix_to_remove = ""; }));
  EXPECT_TRUE(differs([](auto& s) { s.model_prefix = "w"; }));
  EXPECT_TRUE(differs([](auto& s) { s.operations[0].dim = 0; }));
  EXPECT_TRUE(differs([](auto& s) { s.operations.clear(); }));
}

}  // namespace
}  // namespace wcheck
