#include "project/suggestions.h"

#include <gtest/gtest.h>

namespace wcheck::cli {
namespace {

using Names = std::vector<std::string_view>;

TEST(Nearest, PutsTheNearestFirst) {
  const Names names{"LlavaNextModel", "LlamaModel", "LlavaModel", "Mixtral"};
  EXPECT_EQ(Nearest("LlavvaModel", names), (Names{"LlavaModel", "LlamaModel"}));
}

TEST(Nearest, IgnoresLetterCase) {
  EXPECT_EQ(Nearest("LLAVAMODEL", Names{"LlavaModel"}), Names{"LlavaModel"});
}

TEST(Nearest, FindsNamesThatContainTheWord) {
  const Names names{"VipLlavaForConditionalGeneration", "LlavaModel", "Bert"};
  EXPECT_EQ(Nearest("llava", names), (Names{"LlavaModel", "VipLlavaForConditionalGeneration"}));
}

TEST(Nearest, ForgivesAThirdOfTheLetters) {
  EXPECT_EQ(Nearest("abcdefxxx", Names{"abcdefghi"}), Names{"abcdefghi"});
  EXPECT_EQ(Nearest("abcdexxxx", Names{"abcdefghi"}), Names{});
}

TEST(Nearest, DoesNotForgiveAllOfAShortName) {
  EXPECT_EQ(Nearest("a", Names{"b", "ab"}), Names{});
  EXPECT_EQ(Nearest("ab", Names{"xy", "ax"}), Names{"ax"});
  EXPECT_EQ(Nearest("", Names{"a", "ab"}), Names{});
}

TEST(Nearest, KeepsToItsLimit) {
  EXPECT_EQ(Nearest("model", Names{"model4", "model3", "model2", "model1"}, 2),
            (Names{"model1", "model2"}));
}

TEST(DidYouMean, ReadsAsASentence) {
  EXPECT_EQ(DidYouMean(Names{}), "");
  EXPECT_EQ(DidYouMean(Names{"a"}), "did you mean 'a'?");
  EXPECT_EQ(DidYouMean(Names{"a", "b"}), "did you mean 'a' or 'b'?");
  EXPECT_EQ(DidYouMean(Names{"a", "b", "c"}), "did you mean 'a', 'b' or 'c'?");
}

}  // namespace
}  // namespace wcheck::cli
