// Pattern compared with Python's own `re`: on random patterns, and on those of real registries.
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "python_oracle.h"
#include "random_patterns.h"

namespace wcheck {
namespace {

constexpr int kTextsEach = 12;

std::vector<Question> RandomQuestions(int count, const PatternKind& kind, Random* random) {
  std::vector<Question> questions;
  for (int i = 0; i < count; ++i) {
    std::vector<std::string> texts;
    texts.reserve(kTextsEach);
    for (int t = 0; t < kTextsEach; ++t) {
      texts.push_back(RandomText(kind.non_ascii && t % 3 == 0, random));
    }
    questions.push_back({RandomPattern(kind, random),
                         std::make_shared<const std::vector<std::string>>(std::move(texts))});
  }
  return questions;
}

TEST(PythonParity, PatternsThatRe2CanMatch) {
  Random random(1);
  PatternKind kind = {.lookaround = false, .references = false, .flags = false, .non_ascii = false};
  auto questions = RandomQuestions(10000, kind, &random);
  EXPECT_GT(ExpectSameAsPython(questions), questions.size() / 2);
}

TEST(PythonParity, PatternsOfAllKinds) {
  Random random(2);
  auto questions = RandomQuestions(10000, {}, &random);
  EXPECT_GT(ExpectSameAsPython(questions), questions.size() / 2);
}

TEST(PythonParity, BrokenPatterns) {
  Random random(3);
  std::vector<Question> questions = RandomQuestions(10000, {}, &random);
  for (Question& question : questions) question.pattern = Mutate(question.pattern, &random);
  size_t accepted = ExpectSameAsPython(questions);
  EXPECT_GT(accepted, questions.size() / 10);
  EXPECT_LT(accepted, questions.size() * 9 / 10);
}

// `data` is what registry_patterns.py writes.
void ExpectSameOnRegistryPatterns(const nlohmann::json& data) {
  auto keys = std::make_shared<const std::vector<std::string>>(data["keys"]);
  std::vector<Question> questions;
  for (std::string pattern : data["patterns"]) questions.push_back({std::move(pattern), keys});
  ASSERT_FALSE(questions.empty());
  EXPECT_GT(ExpectSameAsPython(questions), questions.size() / 2);
}

TEST(PythonParity, SampleOfRegistryPatterns) {
  std::ifstream file(WCHECK_SOURCE_DIR "/tests/pattern/data/registry_patterns.json");
  ExpectSameOnRegistryPatterns(nlohmann::json::parse(file));
}

TEST(PythonParity, AllRegistryPatterns) {
  const char* corpus = std::getenv("WCHECK_CORPUS");
  if (corpus == nullptr) {
    GTEST_SKIP() << "WCHECK_CORPUS does not name the corpus folder; SampleOfRegistryPatterns "
                    "covers a sample of it";
  }
  std::string output =
      testing::TempDir() + "wcheck_registry_patterns_" + std::to_string(getpid()) + ".json";
  std::string command = "'" WCHECK_PYTHON "' '" WCHECK_SOURCE_DIR
                        "/tests/pattern/registry_patterns.py' --keys 3000 '" +
                        std::string(corpus) + "' > '" + output + "'";
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  std::ifstream file(output);
  nlohmann::json data = nlohmann::json::parse(file);
  std::remove(output.c_str());
  ExpectSameOnRegistryPatterns(data);
}

}  // namespace
}  // namespace wcheck
