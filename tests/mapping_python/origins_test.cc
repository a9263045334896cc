// Where transforms and patterns were written, and how they came into an entry.
#include <gtest/gtest.h>

#include "reading.h"

namespace wcheck {
namespace {

// One line a step: "what @ line:column".
std::vector<std::string> Provenance(const TransformSpec& spec) {
  std::vector<std::string> steps;
  for (const ProvenanceStep& step : spec.origin->provenance) {
    steps.push_back(step.what + " @ " + PlaceOf(step.where));
  }
  return steps;
}

using Steps = std::vector<std::string>;

TEST(OriginsTest, CallAndPatternsOfALiteral) {
  Registry registry = ReadText(
      "MAPPING = {\n"
      "    \"llava\": [\n"
      "        WeightRenaming(\n"
      "            source_patterns=[r\"^a\", 'b'],\n"
      "            target_patterns=\"c\" \"d\",\n"
      "        ),\n"
      "    ],\n"
      "}\n");
  const Entry& entry = *registry.Find("llava");
  EXPECT_EQ(PlaceOf(entry.where), "2:5");
  const Origin& origin = *entry.transforms.at(0).origin;
  EXPECT_EQ(PlaceOf(origin.call), "3:9");
  EXPECT_TRUE(TextOf(origin.call).starts_with("WeightRenaming("));
  ASSERT_EQ(origin.sources.size(), 2u);
  EXPECT_EQ(PlaceOf(origin.sources[0]), "4:30");
  EXPECT_EQ(TextOf(origin.sources[0]), "r\"^a\"");
  EXPECT_EQ(TextOf(origin.sources[1]), "'b'");
  ASSERT_EQ(origin.targets.size(), 1u);
  EXPECT_EQ(TextOf(origin.targets[0]), "\"c\" \"d\"");
  EXPECT_EQ(Provenance(entry.transforms[0]), Steps{});
}

TEST(OriginsTest, APatternFromAConstantPointsAtTheConstant) {
  Registry registry = ReadText(
      "SOURCE = 'pattern'\n"
      "M = {'x': [WeightRenaming(SOURCE, f'{SOURCE}.y')]}\n");
  const Origin& origin = *registry.Find("x")->transforms.at(0).origin;
  EXPECT_EQ(PlaceOf(origin.sources[0]), "1:10");
  EXPECT_EQ(TextOf(origin.targets[0]), "f'{SOURCE}.y'");
}

TEST(OriginsTest, CopiesAliasesAndSharedLists) {
  Registry registry = ReadText(
      "_MODEL_TO_CONVERSION_PATTERN = {\n"
      "    'alias': 'base',\n"
      "}\n"
      "def _build_checkpoint_conversion_mapping():\n"
      "    mapping = {'base': [WeightRenaming('a', 'b')]}\n"
      "    mapping['copy'] = mapping['base'].copy()\n"
      "    mapping['again'] = mapping['copy'][:]\n"
      "    mapping['same'] = mapping['base']\n"
      "    for name, base in _MODEL_TO_CONVERSION_PATTERN.items():\n"
      "        mapping[name] = mapping[base].copy()\n"
      "    return mapping\n");
  auto first = [&](const char* name) { return registry.Find(name)->transforms.at(0); };
  EXPECT_EQ(Provenance(first("base")), Steps{});
  EXPECT_EQ(Provenance(first("copy")), Steps{"copied from 'base' @ 6:23"});
  EXPECT_EQ(Provenance(first("again")),
            (Steps{"copied from 'base' @ 6:23", "copied from 'copy' @ 7:24"}));
  EXPECT_EQ(Provenance(first("same")), Steps{"shared with 'base' @ 8:13"});
  EXPECT_EQ(Provenance(first("alias")), Steps{"alias of 'base' @ 2:5"});
  EXPECT_EQ(PlaceOf(registry.Find("alias")->where), "2:5");
  EXPECT_EQ(PlaceOf(registry.aliases.at(0).where), "2:5");
  for (const char* name : {"base", "copy", "again", "same", "alias"}) {
    EXPECT_EQ(PlaceOf(first(name).origin->call), "5:25") << name;
  }
}

TEST(OriginsTest, TransformsThatCameTheSameWayShareTheirOrigin) {
  Registry registry = ReadText(
      "COMMON = WeightRenaming('a', 'b')\n"
      "M = {'x': [COMMON], 'y': [COMMON]}\n");
  EXPECT_EQ(registry.Find("x")->transforms.at(0).origin,
            registry.Find("y")->transforms.at(0).origin);
}

TEST(OriginsTest, ComprehensionsAndCalls) {
  Registry registry = ReadText(
      "def one(name):\n"
      "    return WeightRenaming(name, name)\n"
      "M = {\n"
      "    'made': [WeightRenaming(n, n) for n in ('p', 'q')],\n"
      "    'called': [one('r')],\n"
      "}\n"
      "M['kept'] = [t for t in M['made']]\n"
      "M['sum'] = M['called'] + [WeightRenaming('s', 's')]\n");
  const TransformSpec& made = registry.Find("made")->transforms.at(1);
  EXPECT_EQ(Provenance(made), Steps{"made by a comprehension @ 4:13"});
  EXPECT_EQ(TextOf(made.origin->sources.at(0)), "'q'");
  EXPECT_EQ(Provenance(registry.Find("called")->transforms.at(0)),
            Steps{"made by a call of 'one' @ 5:16"});
  EXPECT_EQ(PlaceOf(registry.Find("called")->transforms.at(0).origin->call), "2:12");
  EXPECT_EQ(Provenance(registry.Find("kept")->transforms.at(0)),
            (Steps{"made by a comprehension @ 4:13", "copied by a comprehension @ 7:13"}));
  EXPECT_EQ(Provenance(registry.Find("sum")->transforms.at(0)),
            (Steps{"made by a call of 'one' @ 5:16", "copied from 'called' @ 8:12"}));
}

TEST(OriginsTest, ATableAloneHasItsAliasesCopied) {
  Registry registry = ReadText(
      "_MODEL_TO_CONVERSION_PATTERN = {'b': 'a', 'own': 'a'}\n"
      "M = {'a': [WeightRenaming('x', 'y')], 'own': []}\n");
  EXPECT_EQ(Provenance(registry.Find("b")->transforms.at(0)), Steps{"alias of 'a' @ 1:33"});
  EXPECT_TRUE(registry.Find("own")->transforms.empty());
}

}  // namespace
}  // namespace wcheck
