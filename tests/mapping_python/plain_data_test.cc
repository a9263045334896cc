// Plain data is read without tree-sitter, and into the same tree: held against tree-sitter alone.
#include "mapping/python/plain_data.h"

#include <gtest/gtest.h>

#include "mapping/python/ast.h"
#include "reading.h"

namespace wcheck::python {
namespace {

void Show(const Node& node, int depth, std::string* out) {
  out->append(static_cast<size_t>(depth), ' ');
  *out += node.name;
  for (const int value : {static_cast<int>(node.kind), static_cast<int>(node.field),
                          static_cast<int>(node.begin), static_cast<int>(node.end)}) {
    *out += ' ' + std::to_string(value);
  }
  *out += '\n';
  for (const Node* child : node.children) Show(*child, depth + 1, out);
}

std::string Show(const Result<Ast>& ast) {
  if (!ast) return ast.error().ToString();
  std::string out;
  Show(*ast->root, 0, &out);
  for (const SourceRange& comment : ast->comments) {
    out += "comment " + std::to_string(comment.begin) + ' ' + std::to_string(comment.end) + '\n';
  }
  for (const Node* error : ast->errors) out += "error " + std::to_string(error->begin) + '\n';
  return out;
}

void ExpectTheSameTree(const std::string& text) {
  const SourceFile file("mapping.py", text);
  EXPECT_EQ(Show(ParsePython(file)), Show(ParseByTreeSitter(file))) << text;
}

// What of the text is read as plain data, with the texts of the items.
std::vector<std::string> Items(const std::string& text) {
  const Tokens tokens = Tokenize(text);
  Ast ast;
  std::vector<std::string> out;
  for (const PlainData& item : FindPlainData(tokens, &ast)) {
    out.push_back(text.substr(item.node->begin, item.node->end - item.node->begin));
  }
  return out;
}

using Texts = std::vector<std::string>;

TEST(PlainDataTest, IsWhatATableConsistsOf) {
  EXPECT_EQ(Items("M = {'a': [W('1', r'2', dims=[0, 1]), o.P(x=None)]}\n"),
            Texts{"{'a': [W('1', r'2', dims=[0, 1]), o.P(x=None)]}"});
  EXPECT_EQ(Items("M['a'] = [\n    W('1' '2'),  # why\n    *B,\n]\n"),
            (Texts{"'a'", "W('1' '2')"}));
  EXPECT_EQ(Items("M = {'a': f('1') + [g('2')]}\n"), (Texts{"'1'", "g('2')"}));
  EXPECT_EQ(Items("M = [W(f'{x}', b'', 'z') for x in y]\nz = x, 'a'\n'doc'\n"), Texts{"'z'"});
}

TEST(PlainDataTest, IsHiddenFromTreeSitterAndNothingElseIs) {
  const std::string text = "M = [  # one\n    W('1',  # two\n      '2'),\n    'c', *B]\n";
  const Tokens tokens = Tokenize(text);
  Ast ast;
  const WithoutPlainData without(text, tokens, FindPlainData(tokens, &ast));
  const std::string expected = "M = [  # one\n    _  # two\n      ,\n    _, *B]\n";
  EXPECT_EQ(without.text(), expected);
  for (const char* both : {"M", "# one", "# two", "*B", "]\n"}) {
    const auto at = static_cast<uint32_t>(expected.find(both));
    EXPECT_EQ(without.InSource(at), text.find(both)) << both;
  }
  EXPECT_EQ(without.InSource(static_cast<uint32_t>(expected.find(", *B"))), text.find(", *B"));
}

TEST(PlainDataTest, TheTreeOfFixturesIsTreeSitters) {
  for (const std::string& name : FixtureNames()) ExpectTheSameTree(Fixture(name + ".py"));
}

class PlainDataTreeTest : public testing::TestWithParam<std::string> {};

TEST_P(PlainDataTreeTest, IsTreeSitters) { ExpectTheSameTree(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Literals, PlainDataTreeTest,
    testing::Values("x = ''\n", "x = ''''''\n", "x = '''a\n'b' ''' \"\"\n", "x = R'\\'' u''\n",
                    "x = '\\\n'\n", "x = ' a' ' b '\n", "x = f''\n", "x = b''\n", "x = rb'a'\n",
                    "x = 'a' f'{y}'\n", "x = [0, 00, 0x1, 1_0, 1.5, 1e5, 1j, -1, ...]\n",
                    "x = [True, False, None, y]\n", "x = {}\n", "x = []\n", "x = ()\n",
                    "x = [[], {'a': {}, }, ]\n", "x = {'a', 'b'}\n", "x = ('a', 'b')\n",
                    "x = ('a')\n", "x = '\xc3\xa9', ['\xc3\xa9']\n", "\xef\xbb\xbfx = ['a']\n",
                    "x = ['a']\r\ny = ['b']\r\n", "x = [\n  'a',\n\n  # b\n  'c'  # d\n]\n",
                    "x = ['a' \\\n 'b']\n", "x = ['a']"));

INSTANTIATE_TEST_SUITE_P(Calls, PlainDataTreeTest,
                         testing::Values("x = f()\n", "x = f('a', )\n", "x = a.b.c('d', e=f.g())\n",
                                         "x = f('a')('b')\n", "x = f('a').b\n", "x = f('a')['b']\n",
                                         "x = f('a')[0]('b')\n", "x = 'a'.join(['b'])\n",
                                         "x = f(*['a'], **{'b': 'c'})\n", "x = f('a' for b in c)\n",
                                         "f(print('a'), exec('b'))\n", "f(type('a'))\n",
                                         "f(match('a'), case('b'), _('c'))\n",
                                         "x = [await_('a')]\n", "x = [lambda a=['b']: 'c']\n",
                                         "x = [y if f('a') else f('b')]\n", "x = [*f('a'), 'b']\n",
                                         "print('a')\n", "print >>f, 'a'\n"));

// Where a name is not read as a call is, or a call is not allowed at all.
INSTANTIATE_TEST_SUITE_P(
    Places, PlainDataTreeTest,
    testing::Values("[f('a'), b] = x\n", "(f('a')) = x\n", "x['a'], y['b'] = z\n",
                    "x['a']: T = ['b']\n", "x = y = ['a']\n", "x: 'T' = 'a'\n", "x = 'a', 'b'\n",
                    "x += ['a']\n", "del x['a'], y[f('b')]\n", "for [f('a')] in x: pass\n",
                    "for a in ['b']: pass\n", "with f('a') as b, g(['c']) as d: pass\n",
                    "with (f('a') as b, g('c')): pass\n", "class A(B('c'), d='e'): pass\n",
                    "def f(a: 'T', b='c', *, d: list['T'] = ['e']) -> dict[str, 'T']: return 'g'\n",
                    "@f('a')\ndef g(): return ['b']\n", "x = a['b':'c', 'd']\n",
                    "x = a['b'][f('c')]\n", "match x:\n  case A('b'): pass\n",
                    "match x:\n  case {'a': 'b'}: pass\n", "match x:\n  case ['a', _]: pass\n",
                    "match(x, ['a'])\n", "if (x := ['a']): pass\n", "if x == ['a']: y = 'b'\n",
                    "assert x, ['a']\n", "raise f('a')\n", "return ['a']\n", "yield ['a']\n",
                    "x = (yield f('a'))\n", "import a\nfrom b import (c, d)\n", "global x\n",
                    "x = {'a': y for y in ['b']}\n", "x = {**a, 'b': 'c'}\n",
                    "x = {lambda a: 'b'}\n", "x = {lambda: 'a', 'b'}\n",
                    "x = [['a', *b], {'c': ['d', e + 'f']}]\n", "def f('a'): pass\n", "f('a'=1)\n",
                    "x = ['a' 'b' c]\n", "x = ['a'\n", "f(x, (yield))\n", "x = ['a']; y = ['b']\n",
                    "type X = list['a']\n", "try: x = ['a']\nexcept f('b') as c: y = ['d']\n"));

TEST(PlainDataTest, DeepDataIsReadToo) {
  for (const int depth : {6, 7, 8, 9, 60, 99, 100, 101, 130, 132, 133, 134, 150, 199}) {
    const auto n = static_cast<size_t>(depth);
    std::string calls = "x = ";
    for (int i = 0; i < depth; ++i) calls += "f(";
    ExpectTheSameTree("x = " + std::string(n, '[') + "'a'" + std::string(n, ']') + "\n");
    ExpectTheSameTree(calls + "'a'" + std::string(n, ')') + "\n");
  }
}

}  // namespace
}  // namespace wcheck::python
