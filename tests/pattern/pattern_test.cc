#include "pattern/pattern.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace wcheck {
namespace {

Pattern Compiled(std::string_view text) {
  Result<Pattern> pattern = Pattern::Compile(text);
  if (pattern) return *pattern;
  ADD_FAILURE() << text << ": " << pattern.error().message;
  return *Pattern::Compile("");
}

// The spans as text, "-" for a group that took no part; "none" if there is no match.
std::string Search(const Pattern& pattern, std::string_view text) {
  Match match;
  if (!pattern.Search(text, &match)) return "none";
  std::string out;
  for (const Span& span : match) {
    if (!out.empty()) out += ' ';
    out += span.matched() ? std::to_string(span.begin) + "," + std::to_string(span.end) : "-";
  }
  return out;
}

std::string Search(std::string_view pattern, std::string_view text) {
  return Search(Compiled(pattern), text);
}

TEST(Pattern, ReportsSpansOfAllGroups) {
  EXPECT_EQ(Search(R"(layers\.(\d+)\.)", "model.layers.12.w"), "6,16 13,15");
  EXPECT_EQ(Search("(a)|(b)", "xb"), "1,2 - 1,2");
  EXPECT_EQ(Search("(?P<g0>q)|(?P<g1>k)", "k.q"), "0,1 - 0,1");
  EXPECT_EQ(Search("x", "abc"), "none");
  EXPECT_EQ(Search("", "abc"), "0,0");
  EXPECT_EQ(Search("", ""), "0,0");
}

TEST(Pattern, TriesAlternativesInOrder) {
  EXPECT_EQ(Search("a|ab", "ab"), "0,1");
  EXPECT_EQ(Search("ab|a", "ab"), "0,2");
  EXPECT_EQ(Search("b|a", "ab"), "0,1");  // the leftmost match comes before the order
}

TEST(Pattern, DollarMatchesBeforeAFinalNewline) {
  EXPECT_EQ(Search("a$", "a\n"), "0,1");
  EXPECT_EQ(Search("a$", "a\n\n"), "none");
  EXPECT_EQ(Search("a\n$", "a\n\n"), "0,2");
  EXPECT_EQ(Search("a\\Z", "a\n"), "none");
  EXPECT_EQ(Search("(?m)a$", "a\nb"), "0,1");
  EXPECT_EQ(Search("(?m)^$", "a\n"), "2,2");
}

TEST(Pattern, KnowsUnicode) {
  EXPECT_EQ(Search("\\w+", "-\u00e9t\u00e9-"), "1,6");
  EXPECT_EQ(Search("\\d", "\u0663"), "0,2");
  EXPECT_EQ(Search("(?a)\\d", "\u0663"), "none");
  EXPECT_EQ(Search("(?i)k", "\u212a"), "0,3");
  EXPECT_EQ(Search("(?ai)k", "\u212a"), "none");
  EXPECT_EQ(Search("(?i)\u0130", "I"), "0,1");
  EXPECT_EQ(Search("(?i)\u1fd3", "\u0390"), "0,2");
  EXPECT_EQ(Search("\\s", "\x1c"), "0,1");
  EXPECT_EQ(Search("(?a)\\s", "\x1c"), "none");
  EXPECT_EQ(Search("[\\ud800-\\ue000]", "\ue000"), "0,3");
}

TEST(Pattern, LooksAround) {
  EXPECT_EQ(Search("(?<!vision_)model\\.", "vision_model.model."), "13,19");
  EXPECT_EQ(Search("^model(?!\\.(language_model|visual))", "model.visual.x"), "none");
  EXPECT_EQ(Search("(?=(a+))a", "baa"), "1,2 1,3");
  EXPECT_EQ(Search("(?=2)1?2", "2"), "0,1");  // PCRE2's start optimization would miss it
}

TEST(Pattern, ComparesText) {
  EXPECT_EQ(Search(R"((\d)\.\1)", "1.2.2"), "2,5 2,3");
  EXPECT_EQ(Search("(a)?b(?(1)c|d)", "bd"), "0,2 -");
  EXPECT_TRUE(Compiled(R"((\d)\.\1)").compares_text());
  EXPECT_TRUE(Compiled("(a)?b(?(1)c|d)").compares_text());
  EXPECT_FALSE(Compiled(R"((\d)\.(?=\d))").compares_text());
}

TEST(Pattern, NonBoundaryDoesNotMatchInTheEmptyText) {
  EXPECT_EQ(Search("\\B", ""), "none");
  EXPECT_EQ(Search("\\B", "."), "0,0");
}

TEST(Pattern, NamesItsGroups) {
  Pattern pattern = Compiled("(?P<g0>a(b))|(?P<g1>c)");
  EXPECT_EQ(pattern.group_count(), 3);
  EXPECT_EQ(pattern.named_groups(),
            (std::vector<std::pair<std::string, int>>{{"g0", 1}, {"g1", 3}}));
  EXPECT_EQ(pattern.text(), "(?P<g0>a(b))|(?P<g1>c)");
}

TEST(Pattern, TellsWhichMatcherItNeeds) {
  EXPECT_FALSE(Compiled(R"((?P<g0>\.experts\..*\.w1.weight)$)").needs_pcre2());
  EXPECT_FALSE(Compiled("(?<!a)b").needs_pcre2());  // simple enough for our own
  EXPECT_TRUE(Compiled("(?=a+)b").needs_pcre2());
  EXPECT_TRUE(Compiled("(a)\\1").needs_pcre2());
  EXPECT_TRUE(Compiled("(a*)*").needs_pcre2());
  EXPECT_TRUE(Compiled("(?>a)b").needs_pcre2());
  EXPECT_TRUE(Compiled("(?<!a)b").has_lookaround());
  EXPECT_TRUE(Compiled("b(?=a)").has_lookaround());
  EXPECT_FALSE(Compiled("(?:a)b").has_lookaround());
}

TEST(Pattern, FindsTheRequiredLiteral) {
  auto literal = [](std::string_view pattern) {
    return std::string(Compiled(pattern).required_literal());
  };
  EXPECT_EQ(literal(R"((?P<g0>\.block_sparse_moe\.))"), ".block_sparse_moe.");
  EXPECT_EQ(literal(R"(.experts\..*\.w1.weight)"), "experts.");
  EXPECT_EQ(literal("^language_model.lm_head"), "language_model");
  EXPECT_EQ(literal("(?:gate|up)_proj"), "_proj");
  EXPECT_EQ(literal("(?:layers)+x"), "layers");
  EXPECT_EQ(literal("(?<!vision_)model(?=s)"), "model");
  EXPECT_EQ(literal("(?:layers)*x?"), "");
  EXPECT_EQ(literal("(?P<g0>q_proj)|(?P<g1>k_proj)"), "");
  EXPECT_EQ(literal("(?i)model_0"), "_0");
}

TEST(Pattern, GivesPythonsErrors) {
  struct Case {
    std::string_view pattern;
    std::string_view message;
    uint32_t column;  // 0: Python gives no position
  };
  for (const Case& c : std::vector<Case>{
           {"a**", "multiple repeat", 3},
           {"*a", "nothing to repeat", 1},
           {"^*", "nothing to repeat", 2},
           {"(a", "missing ), unterminated subpattern", 1},
           {"a)", "unbalanced parenthesis", 2},
           {"x[a", "unterminated character set", 2},
           {"\\q", "bad escape \\q", 1},
           {"ab\\", "bad escape (end of pattern)", 3},
           {"[z-a]", "bad character range z-a", 2},
           {"(a)\\2", "invalid group reference 2", 5},
           {"(?P<a>.)(?P<a>.)", "redefinition of group name 'a' as group 2; was group 1", 13},
           {"(?<x)", "unknown extension ?<x", 2},
           {"(?P=a)", "unknown group name 'a'", 5},
           {"(?<=a+)b", "look-behind requires fixed-width pattern", 0},
           {"a{2,1}", "min repeat greater than max repeat", 3},
           {"a(?i)", "global flags not at the start of the expression", 2},
           {"(?P<1>a)", "bad character in group name '1'", 5},
           {"\u00e9\u00e9**", "multiple repeat", 4},  // counted in characters
       }) {
    Result<Pattern> pattern = Pattern::Compile(c.pattern);
    ASSERT_FALSE(pattern) << c.pattern;
    EXPECT_EQ(pattern.error().message, c.message);
    EXPECT_EQ(pattern.error().place.column, c.column) << c.pattern;
    EXPECT_EQ(pattern.error().place.line, 0u);
    std::string inside = c.column == 0 ? "" : "position " + std::to_string(c.column - 1);
    EXPECT_EQ(pattern.error().place.inside, inside);
    EXPECT_FALSE(pattern.error().advice.empty());
  }
}

TEST(Pattern, RefusesWhatIsTooLarge) {
  std::string deep(100'000, '(');
  EXPECT_FALSE(Pattern::Compile(deep));
  EXPECT_FALSE(Pattern::Compile(deep + std::string(100'000, ')')));
  std::string nested;
  for (int i = 0; i < 100'000; ++i) nested += "(?(1)";
  EXPECT_FALSE(Pattern::Compile("()" + nested));
  EXPECT_TRUE(Pattern::Compile(std::string(400, '(') + std::string(400, ')')));
  EXPECT_FALSE(Pattern::Compile("(?:(?:ab){1000}){1000}"));
  EXPECT_FALSE(Pattern::Compile("a{100000}"));
  EXPECT_FALSE(Pattern::Compile("(|a){,2}"));
  EXPECT_FALSE(Pattern::Compile(std::string(401, '(') + std::string(401, ')')));
  // PCRE2 takes no literal text of that length.
  EXPECT_TRUE(Pattern::Compile("(?#" + std::string((1 << 20) - 5, 'c') + ")a"));
  EXPECT_FALSE(Pattern::Compile("(?#" + std::string((1 << 20) - 4, 'c') + ")a"));
  EXPECT_FALSE(Pattern::Compile(std::string((1 << 20) + 1, 'a')));
  EXPECT_FALSE(Pattern::Compile("\xff"));
  EXPECT_FALSE(Pattern::Compile("\\N{BULLET}"));
}

TEST(Pattern, AcceptsWhatIsLarge) {
  EXPECT_EQ(Search("(?:a{1000}){20}", std::string(20'000, 'a')), "0,20000");
  EXPECT_EQ(Search("a{2000}", std::string(2000, 'a')), "0,2000");
  std::string many;
  for (int i = 0; i < 200; ++i) many += "(a)|";
  EXPECT_EQ(Compiled(many + "b").group_count(), 200);
  EXPECT_EQ(Search(many + "(b)", "b").substr(0, 6), "0,1 - ");
}

TEST(Pattern, GivesUpInsteadOfHanging) {
  Pattern slow = Compiled("(?=a)(?:a|aa)*c|(?=a)(?:aa?)*$");
  EXPECT_FALSE(slow.gave_up());
  Match match;
  EXPECT_FALSE(slow.Search(std::string(60, 'a') + "b", &match));
  EXPECT_TRUE(slow.gave_up());
  EXPECT_EQ(Search("(?:a|aa)*$", std::string(60, 'a') + "b"), "61,61");  // RE2 needs no limit
}

TEST(Pattern, IsSearchedFromSeveralThreads) {
  for (int round = 0; round < 20; ++round) {
    Pattern pattern = Compiled(R"((?<!\d)(\d+)\.(w|v))");
    std::vector<std::thread> threads;
    std::vector<std::string> results(4);
    threads.reserve(results.size());
    for (std::string& result : results) {
      threads.emplace_back([&result, pattern] { result = Search(pattern, "x.12.v"); });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::string& result : results) EXPECT_EQ(result, "2,6 2,4 5,6");
  }
}

}  // namespace
}  // namespace wcheck
