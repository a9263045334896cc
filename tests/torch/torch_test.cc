#include "torch/tensor.h"

#include <cctype>
#include <set>

#include <gtest/gtest.h>

#include "programs.h"

namespace wcheck::torch {
namespace {

using namespace machine;  // NOLINT: a client of the evaluator

struct Program {
  explicit Program(const std::string& path) : files("program", TextOf(path)), m(&files) {
    SetUpTorch(m, &torch);
  }
  TextFiles files;
  Torch torch;
  Machine m;
};

// Each case is a list of pairs: what is there, and what is to be there.
void HoldCases(const std::string& path) {
  Program program(path);
  Machine& m = program.m;
  int cases = 0;
  ForEachCase(
      m, m.FindModule(m.Intern("program")),
      [&](const std::string& name, const Value& pairs) {
        ++cases;
        int number = 0;
        for (const Value& pair : m.Items(pairs)) {
          const std::vector<Value> two = m.Items(pair);
          ASSERT_EQ(two.size(), 2u) << name;
          EXPECT_EQ(m.ToRepr(two[0]).value_or("unknown"), m.ToRepr(two[1]).value_or("unknown"))
              << name << "[" << number << "]";
          ++number;
        }
        EXPECT_GT(number, 0) << name;
      },
      [&](const std::string& name, const std::string& why) { ADD_FAILURE() << name << ": " << why; });
  EXPECT_GE(cases, 5);
}

TEST(TorchTest, ModulesHaveTheKeysOfPyTorch) { HoldCases("torch/modules.py"); }
TEST(TorchTest, TensorsHaveTheShapesOfPyTorch) { HoldCases("torch/tensors.py"); }

// A model at the limit of modules is built, and one above it is not.
TEST(TorchTest, HoldsTheLimitOfModules) {
  TextFiles files("program",
                  "from torch import nn\n"
                  "def main(n):\n"
                  "    return [nn.Identity() for _ in range(n)]\n");
  Torch torch;
  Machine m(&files);
  SetUpTorch(m, &torch);
  EXPECT_EQ(torch.max_modules, kMaxModules);
  Value main;
  ASSERT_TRUE(m.FindInModule(m.Import("program"), m.Intern("main"), &main));
  m.Call(main, {Int(1)});
  torch.max_modules = 100;
  torch.modules_made = 0;
  m.Call(main, {Int(100)});
  torch.modules_made = 0;
  EXPECT_THROW(m.Call(main, {Int(101)}), LimitReached);
}

std::set<std::string> WordsOf(const std::string& text) {
  std::set<std::string> words;
  std::string word;
  for (const char c : text + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
      word += c;
    } else if (!word.empty()) {
      words.insert(std::move(word));
      word.clear();
    }
  }
  return words;
}

// A module of torch.nn that is described is tried.
TEST(TorchTest, TriesEveryModule) {
  Program program("torch/modules.py");
  Machine& m = program.m;
  const std::set<std::string> words = WordsOf(TextOf("torch/modules.py"));
  int modules = 0;
  for (const Dict::Entry& e : m.Import("torch.nn")->dict->entries) {
    if (e.key.null() || !e.value.Is(Form::kClass)) continue;
    const std::string name(e.key.As<Str>()->view());
    if (name.starts_with("_") || !Machine::IsSubclass(e.value.As<Class>(), program.torch.module)) continue;
    ++modules;
    EXPECT_TRUE(words.count(name) != 0) << "nn." << name;
  }
  EXPECT_GE(modules, 100);
}

}  // namespace
}  // namespace wcheck::torch
