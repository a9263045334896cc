// What the evaluator does not know: reported at its place, and only the entries that it touches are
// incomplete.
#include <gtest/gtest.h>

#include "reading.h"

namespace wcheck {
namespace {

using Lines = std::vector<std::string>;
constexpr auto kUnsupported = ReaderRemark::Kind::kUnsupportedConstruct;
constexpr auto kRaises = ReaderRemark::Kind::kRaises;
constexpr auto kAssumption = ReaderRemark::Kind::kAssumption;

struct Case {
  const char* name;
  const char* body;        // statements after a mapping with the entries a and b
  const char* incomplete;  // the entries that must be
};

class UnknownTest : public testing::TestWithParam<Case> {};

TEST_P(UnknownTest, TouchesOnlyWhatItTouches) {
  Registry registry = ReadText(std::string("import other, logging\n"
                                           "from elsewhere import thing, Op\n"
                                           "M = {'a': [WeightRenaming('1', '2')],\n"
                                           "     'b': [WeightRenaming('3', '4')]}\n") +
                               GetParam().body + "\n");
  EXPECT_EQ(Incomplete(registry), GetParam().incomplete);
  EXPECT_NE(registry.Find("b"), nullptr);
  // Something is reported if and only if something is incomplete, and it names just those entries.
  std::set<std::string> named;
  for (const ReaderRemark& remark : registry.remarks) {
    if (remark.kind == kUnsupported || remark.kind == kRaises) named.insert(remark.entries.begin(), remark.entries.end());
  }
  std::string joined;
  for (const std::string& name : named) joined += (joined.empty() ? "" : " ") + name;
  EXPECT_EQ(joined, GetParam().incomplete);
}

INSTANTIATE_TEST_SUITE_P(
    All, UnknownTest,
    testing::Values(
        Case{"pattern", "M['a'].append(WeightRenaming(thing, 'x'))", "a"},
        Case{"element", "M['a'] += [thing()]", "a"},
        Case{"operation", "M['c'] = [WeightConverter('a', 'b', [Op(1)])]", "c"},
        Case{"argument", "M['c'] = [WeightConverter('a', 'b', [Chunk(thing)])]", "c"},
        Case{"whole_entry", "M['a'] = thing", "a"}, Case{"extended", "M['a'].extend(thing)", "a"},
        Case{"unknown_key", "M[thing] = []", "a b"}, Case{"update", "M.update(thing)", "a b"},
        Case{"given_away", "thing(M['a'])", "a"},
        Case{"given_away_whole", "other.change(M)", "a b"},
        Case{"only_told", "logging.info(M)", ""}, Case{"unused", "x = thing(1) + other.y['z']", ""},
        Case{"branch", "if thing:\n    M['a'] += []\nelse:\n    M['c'] = []", "a c"},
        Case{"branch_elsewhere", "if thing:\n    x = 1\ny = 2", ""},
        Case{"branch_shared", "M['c'] = M['a']\nif thing:\n    M['a'].append(1)", "a c"},
        Case{"branch_copy", "M['c'] = M['a'].copy()\nif thing:\n    M['a'].append(1)", "a"},
        Case{"loop", "for k in thing:\n    M['a'] = M['b'].copy()", "a"},
        Case{"loop_key", "for k in thing:\n    M[k] = []", "a b"},
        Case{"while_loop", "while thing:\n    M['a'].pop()", "a"},
        Case{"maybe_continue",
             "for k in ('c', 'a'):\n    if thing:\n        continue\n    M[k] = []", "a c"},
        Case{"condition", "M['c'] = [WeightRenaming('x', 'y')] if thing else []", "c"},
        Case{"short_circuit", "M['c'] = M['a'] or thing\nM['d'] = thing and M['a']", "d"},
        Case{"comprehension", "M['c'] = [WeightRenaming(x, x) for x in thing]", "c"},
        Case{"filter", "M['c'] = [t for t in M['a'] if thing]", "c"},
        Case{"deleted", "if thing:\n    del M['a']", "a"},
        Case{"maybe_return",
             "def f():\n    if thing:\n        return []\n    return M['b'][:]\nM['c'] = f()", "c"},
        Case{"helper", "def f(m):\n    m['a'] = []\nif thing:\n    f(M)", "a b"},
        Case{"attribute", "M['a'][0].scope_prefix = 'x'", "a"},
        Case{"forbidden", "M['a'][0].source_patterns = ['x']", "a"},
        Case{"async_function", "async def f(): pass\nM['c'] = f()", "c"},
        Case{"bytes", "M['c'] = [WeightRenaming(b'x', 'y')]", "c"},
        Case{"key_error", "M['c'] = M['nothing'].copy()", "c"},
        Case{"index_error", "M['c'] = [M['a'][5], M['a'][0]]", "c"},
        Case{"not_a_transform", "M['c'] = [1]", "c"},
        Case{"not_a_list", "M['c'] = WeightRenaming('x', 'y')", "c"},
        Case{"missing_argument", "M['c'] = [WeightRenaming('x')]", "c"},
        Case{"unexpected_argument", "M['c'] = [WeightRenaming('x', 'y', scope='z')]", "c"},
        Case{"tuple_patterns", "M['c'] = [WeightRenaming(('x', 'y'), 'z')]", "c"},
        Case{"own_class", "class Mine:\n    pass\nM['c'] = [Mine()]", "c"},
        Case{"huge_integer", "M['c'] = [WeightRenaming(str(10 ** 30), 'y')]", "c"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(UnknownTest, TellsTheErrorThatPythonRaises) {
  Registry registry = ReadText(
      "M = {'a': [WeightRenaming('1', '2')]}\n"
      "M['b'] = M['mixtrl'].copy()\n"
      "M['c'] = undefined_name\n");
  EXPECT_EQ(Remarks(registry, kRaises),
            (Lines{"2:10 Python raises KeyError here: 'mixtrl' [b]",
                   "3:10 Python raises NameError here: name 'undefined_name' is not defined [c]"}));
}

TEST(UnknownTest, RegisteringAnExistingEntryIsReportedAtTheCall) {
  Registry registry = ReadText(Fixture("control_flow.py") +
                               "register_checkpoint_conversion_mapping('alpha', [])\n");
  Lines lines = Remarks(registry, kRaises);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("Python raises ValueError here: Model type alpha already exists"),
            std::string::npos);
  EXPECT_EQ(TextOf(registry.remarks.back().where),
            "register_checkpoint_conversion_mapping('alpha', [])");
  EXPECT_EQ(registry.Find("alpha")->transforms.size(), 1u);
}

TEST(UnknownTest, GuardsAreTakenAsTrueAndSaidOnce) {
  Registry registry = ReadText(
      "from utils import is_torch_available\n"
      "import torch\n"
      "M = {'a': [WeightRenaming('1', '2')]}\n"
      "for i in range(3):\n"
      "    if is_torch_available() and hasattr(torch.nn, 'x'):\n"
      "        M['a'].append(WeightRenaming(str(i), 'x'))\n");
  EXPECT_EQ(registry.Find("a")->transforms.size(), 4u);
  EXPECT_FALSE(registry.Find("a")->incomplete);
  Lines lines = Remarks(registry, kAssumption);
  ASSERT_EQ(lines.size(), 3u);  // the class without an import is the first
  EXPECT_EQ(lines[1], "5:8 'is_torch_available()' asks what is installed; taken as true []");
  EXPECT_EQ(lines[2], "5:33 'hasattr(torch.nn, 'x')' asks what is installed; taken as true []");
}

TEST(UnknownTest, AFileWithoutARegistryIsAnError) {
  EXPECT_NE(ReadError("X = 1\n").message.find("no registry in this file"), std::string::npos);
  EXPECT_NE(ReadError("").message.find("no registry in this file"), std::string::npos);
}

}  // namespace
}  // namespace wcheck
