#include "wcheck/operation.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "wcheck/registry.h"

#include "mapping/binary_codec.h"
#include "mapping/json/json_reader.h"
#include "mapping/json/json_writer.h"
#include "mapping/operation_table.h"
#include "support/json.h"
#include "test_files.h"

namespace wcheck {
namespace {

std::vector<OperationKind> AllKinds() {
  std::vector<OperationKind> kinds;
  for (const OperationInfo& info : OperationTable()) {
    kinds.push_back(static_cast<OperationKind>(&info - OperationTable().data()));
  }
  return kinds;
}

// Gives a parameter a value that is not its default; `number` makes it differ from others.
void SetOdd(const OperationParameter& parameter, int64_t number, Operation* out) {
  std::visit(FieldVisitor{[&](int64_t Operation::*field) { out->*field = number; },
                          [&](bool Operation::*field) { out->*field = parameter.otherwise == 0; },
                          [&](std::optional<std::string> Operation::*field) {
                            out->*field = "text" + std::to_string(number);
                          },
                          [&](std::vector<std::string> Operation::*field) {
                            out->*field = {"q" + std::to_string(number), "k"};
                          },
                          [&](std::array<int64_t, 3> Operation::*field) {
                            out->*field = {number, 8, -9};
                          },
                          [](PartCount) {}},
             parameter.field);
}

// An operation whose parameters all differ from each other and from the defaults.
Operation Odd(OperationKind kind) {
  Operation operation = MakeOperation(kind);
  int64_t number = 3;
  for (const OperationParameter& parameter : InfoOf(kind).parameters) {
    SetOdd(parameter, number++, &operation);
  }
  return operation;
}

TEST(OperationTest, RowsAreWhole) {
  std::set<std::string_view> names;
  for (const OperationInfo& info : OperationTable()) {
    SCOPED_TRACE(info.name);
    EXPECT_TRUE(names.insert(info.name).second);
    std::set<std::string_view> parameters;
    for (const OperationParameter& parameter : info.parameters) {
      EXPECT_TRUE(parameters.insert(parameter.name).second) << parameter.name;
    }
  }
}

TEST(OperationTest, NamesGoBothWays) {
  for (const OperationKind kind : AllKinds()) {
    EXPECT_FALSE(OperationName(kind).empty());
    EXPECT_EQ(ParseOperationName(OperationName(kind)), kind);
  }
  EXPECT_EQ(ParseOperationName("chunk"), std::nullopt);
  EXPECT_EQ(ParseOperationName(""), std::nullopt);
}

TEST(OperationTest, ReversesAsTheTableSays) {
  auto reverse = [](OperationKind kind) { return ReverseOperation(Odd(kind)); };
  Operation chunk = Odd(OperationKind::kChunk);
  chunk.kind = OperationKind::kConcatenate;
  EXPECT_EQ(reverse(OperationKind::kChunk), chunk);
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
  EXPECT_EQ(reverse(OperationKind::kVisionFuseAndPermuteForRope),
            Odd(OperationKind::kVisionUnfuseAndPermuteForRope));
}

TEST(OperationTest, ReversingTwiceGivesTheOperationBack) {
  for (const OperationKind kind : AllKinds()) {
    const Operation operation = Odd(kind);
    const Operation twice = ReverseOperation(ReverseOperation(operation));
    // What a Split cut is joined again, but a Concatenate is undone by equal parts.
    if (kind == OperationKind::kSplit) {
      EXPECT_EQ(twice.kind, OperationKind::kChunk);
    } else {
      EXPECT_EQ(twice, operation);
    }
    const bool undoes_itself = operation.kind == OperationKind::kForce16BytesAlignment ||
                               operation.kind == OperationKind::kInkling2Dequantize;
    EXPECT_EQ(ReverseOperation(operation) == operation, undoes_itself);
  }
}

TEST(OperationTest, IsShownAsTheCallThatMakesIt) {
  EXPECT_EQ(ShowOperation(MakeOperation(OperationKind::kChunk)), "Chunk(dim=0)");
  EXPECT_EQ(ShowOperation(Odd(OperationKind::kTranspose)),
            "Transpose(dim0=3, dim1=4, check_dims=True)");
  EXPECT_EQ(ShowOperation(MakeOperation(OperationKind::kPermuteForRope)), "PermuteForRope()");
  EXPECT_EQ(ShowOperation(Odd(OperationKind::kPermuteForRope)),
            "PermuteForRope(subconfig_key='text3', permute_layer_names=['q4', 'k'], inverse=True)");
  EXPECT_EQ(ShowOperation(Odd(OperationKind::kConv3dToLinear)),
            "Conv3dToLinear(in_channels=3, kernel_size=[4, 8, -9])");
  EXPECT_EQ(ShowOperation(Odd(OperationKind::kVisionFuseAndPermuteForRope)),
            "VisionFuseAndPermuteForRope(dim=3, permute_layer_names=['q4', 'k'], inverse=False)");
  EXPECT_EQ(ShowOperations({MakeOperation(OperationKind::kMergeModulelist),
                            MakeOperation(OperationKind::kForce16BytesAlignment)},
                           " > "),
            "MergeModulelist(dim=0) > Force16BytesAlignment()");
}

// Each parameter counts, in the text and in the binary form.
TEST(OperationTest, DifferentOperationsLookDifferent) {
  std::set<std::string> texts;
  std::set<std::string> bytes;
  size_t operations = 0;
  const auto add = [&](const Operation& operation) {
    ++operations;
    texts.insert(ShowOperation(operation));
    std::string binary;
    EncodeOperation(operation, &binary);
    bytes.insert(binary);
  };
  for (const OperationKind kind : AllKinds()) {
    add(MakeOperation(kind));
    for (const OperationParameter& parameter : InfoOf(kind).parameters) {
      if (std::holds_alternative<PartCount>(parameter.field)) continue;
      Operation operation = MakeOperation(kind);
      SetOdd(parameter, 77, &operation);
      add(operation);
    }
  }
  EXPECT_EQ(texts.size(), operations);
  EXPECT_EQ(bytes.size(), operations);
}

Registry RegistryOf(std::vector<Operation> operations) {
  Registry registry;
  Entry& entry = registry.entries["a"];
  entry.name = "a";
  entry.transforms.push_back(
      {TransformKind::kWeightConverter, {"s"}, {"t"}, {}, {}, {}, std::move(operations), nullptr});
  return registry;
}

// All operations, with odd parameters and with those of the constructor.
std::vector<Operation> ManyOperations() {
  std::vector<Operation> operations;
  for (const OperationKind kind : AllKinds()) {
    operations.push_back(Odd(kind));
    operations.push_back(MakeOperation(kind));
  }
  return operations;
}

TEST(OperationTest, SurvivesJsonAndTheBinaryForm) {
  const std::vector<Operation> operations = ManyOperations();
  const auto file =
      std::make_shared<SourceFile>("r.json", DumpRegistryJson(RegistryOf(operations), false));
  const Result<Registry> read = ReadJsonRegistry(file);
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  EXPECT_EQ(read->Find("a")->transforms[0].operations, operations);
  const Result<Registry> decoded = DecodeRegistry(EncodeRegistry(*read), file);
  ASSERT_TRUE(decoded.ok()) << decoded.error().ToString();
  EXPECT_EQ(decoded->Find("a")->transforms[0].operations, operations);
}

// The schema has one alternative for each operation, with the parameters of its row.
TEST(OperationTest, TheSchemaHasTheParametersOfTheTable) {
  const SourceFile file("schema",
                        testing::Slurp(testing::ProjectFile("docs/registry.schema.json")));
  const Result<json::Value> schema = json::Parse(file);
  ASSERT_TRUE(schema.ok());
  std::map<std::string, std::set<std::string>> in_schema;
  for (const json::Value& one : schema->Find("$defs")->Find("operation")->Find("oneOf")->items) {
    std::set<std::string> parameters;
    for (const auto& [name, type] : one.Find("properties")->members) {
      if (name != "op") parameters.insert(name);
    }
    for (const json::Value& name : one.Find("required")->items) {
      if (name.string != "op") parameters.insert("required " + name.string);
    }
    const json::Value& op = *one.Find("properties")->Find("op");
    if (const json::Value* name = op.Find("const")) in_schema[name->string] = parameters;
    if (const json::Value* names = op.Find("enum")) {
      for (const json::Value& name : names->items) in_schema[name.string] = parameters;
    }
  }
  std::map<std::string, std::set<std::string>> in_table;
  for (const OperationInfo& info : OperationTable()) {
    std::set<std::string>& parameters = in_table[std::string(info.name)];
    for (const OperationParameter& parameter : info.parameters) {
      if (std::holds_alternative<PartCount>(parameter.field)) continue;
      parameters.emplace(parameter.name);
      if (parameter.required) parameters.insert("required " + std::string(parameter.name));
    }
  }
  EXPECT_EQ(in_schema, in_table);
}

// "| `Transpose` | `dim0` = 0, `dim1` = 1, `check_dims` = false | `Transpose` | 5.0 on |"
std::string DocumentedRow(const OperationInfo& info) {
  std::string parameters;
  for (const OperationParameter& parameter : info.parameters) {
    if (std::holds_alternative<PartCount>(parameter.field)) continue;
    if (!parameters.empty()) parameters += ", ";
    parameters.append("`").append(parameter.name).append("`");
    if (std::holds_alternative<int64_t Operation::*>(parameter.field) && !parameter.required) {
      parameters += " = " + std::to_string(parameter.otherwise);
    } else if (std::holds_alternative<bool Operation::*>(parameter.field)) {
      parameters += parameter.otherwise == 0 ? " = false" : " = true";
    }
  }
  std::string out = "| `" + std::string(info.name) + "` | " + parameters + " | `" +
                    std::string(OperationName(info.inverse)) + "` | " + std::string(info.since);
  return out + (info.until.empty() ? " on |\n" : ", before " + std::string(info.until) + " |\n");
}

TEST(OperationTest, ThePageOfTheFormatsHasEveryRow) {
  const std::string page = testing::Slurp(testing::ProjectFile("docs/formats.md"));
  for (const OperationInfo& info : OperationTable()) {
    EXPECT_NE(page.find(DocumentedRow(info)), std::string::npos) << DocumentedRow(info);
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
