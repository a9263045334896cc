#include "programs.h"

#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

namespace wcheck::machine {
namespace {

// What CPython returns from each case, as its repr.
std::map<std::string, std::string> AskPython(const std::string& program) {
  const std::string command = "'" WCHECK_PYTHON "' '" WCHECK_SOURCE_DIR
                              "/tests/machine/ask_cases.py' '" WCHECK_SOURCE_DIR "/testdata/" +
                              program + "'";
  std::map<std::string, std::string> answers;
  FILE* pipe = ::popen(command.c_str(), "r");
  std::string text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  EXPECT_EQ(::pclose(pipe), 0) << command;
  for (size_t at = 0; at < text.size();) {
    const size_t tab = text.find('\t', at), end = text.find('\n', at);
    answers[text.substr(at, tab - at)] = text.substr(tab + 1, end - tab - 1);
    at = end + 1;
  }
  return answers;
}

void HoldAgainstPython(const std::string& program) {
  std::map<std::string, std::string> expected = AskPython(program);
  TextFiles files("program", TextOf(program));
  Machine m(&files);
  std::vector<std::string> faults;
  m.on_module_fault = [&](const SourceRange&, const std::string& why) { faults.push_back(why); };
  ForEachCase(
      m, m.FindModule(m.Intern("program")),
      [&](const std::string& name, const Value& value) {
        EXPECT_EQ(m.ToRepr(value).value_or("unknown"), expected[name]) << name;
        expected.erase(name);
      },
      [&](const std::string& name, const std::string& why) { ADD_FAILURE() << name << ": " << why; });
  EXPECT_EQ(faults, std::vector<std::string>());
  for (const auto& [name, value] : expected) ADD_FAILURE() << name << " was not evaluated";
}

TEST(MachineTest, EvaluatesClassesAsPythonDoes) { HoldAgainstPython("machine/classes.py"); }
TEST(MachineTest, EvaluatesStatementsAsPythonDoes) { HoldAgainstPython("machine/statements.py"); }

// The limit that a program meets, the exception that it raises, or "fine".
std::string Outcome(const std::string& text, const Limits& limits) {
  TextFiles files("program", text);
  Machine m(&files);
  try {
    Module* module = m.Import("program");
    Value main;
    if (!m.FindInModule(module, m.Intern("main"), &main)) return "no main";
    m.Begin(limits);
    const Value value = m.Call(main);
    return value.Is(Form::kUnknown) ? "unknown" : "fine";
  } catch (const LimitReached& limit) {
    return limit.what;
  } catch (const Raised& raised) {
    return m.Describe(raised.exception);
  } catch (const Open& open) {
    return "depends on " + std::string(open.unknown->why->view());
  }
}

std::string Rounds(int n) {
  return "def main():\n    for i in range(" + std::to_string(n) + "):\n        pass\n";
}

// Each limit at its value and one above.
TEST(MachineTest, HoldsTheLimits) {
  // The calls of main and range are steps, and so is each round and the end of the loop.
  Limits limits;
  EXPECT_EQ(limits.steps, kMaxClassSteps);
  limits.steps = 1000;
  int rounds = 990;
  while (rounds < 1000 && Outcome(Rounds(rounds + 1), limits) == "fine") ++rounds;
  EXPECT_EQ(Outcome(Rounds(rounds), limits), "fine");
  EXPECT_EQ(Outcome(Rounds(rounds + 1), limits), "steps");
  EXPECT_LT(rounds, 1000);

  const auto nested = [](uint64_t calls) {
    return "def f(n):\n    return f(n - 1) if n > 1 else n\ndef main():\n    return f(" +
           std::to_string(calls - 1) + ")\n";
  };
  EXPECT_EQ(Outcome(nested(kMaxClassCalls), Limits()), "fine");
  EXPECT_EQ(Outcome(nested(kMaxClassCalls + 1), Limits()), "call depth");

  limits = Limits();
  EXPECT_EQ(limits.bytes, kMaxClassBytes);
  limits.bytes = size_t{4} << 20;
  const auto made = [](int kib) {
    return "def main():\n    kept = []\n    for i in range(" + std::to_string(kib) +
           "):\n        kept.append('x' * 1024 + str(i))\n";
  };
  EXPECT_EQ(Outcome(made(500), limits), "fine");
  EXPECT_EQ(Outcome(made(10'000), limits), "memory");

  // The steps of a file are counted by themselves.
  limits = Limits();
  limits.steps = 10;
  limits.module_steps = 1000;
  EXPECT_EQ(Limits().module_steps, kMaxFileSteps);
  const auto file = [&](int count) {
    TextFiles files("program", "for i in range(" + std::to_string(count) + "):\n    pass\n");
    Machine m(&files);
    m.Begin(limits);
    try {
      m.Import("program");
      return m.steps_left() == 10;
    } catch (const LimitReached&) {
      return false;
    }
  };
  rounds = 990;
  while (rounds < 1001 && file(rounds + 1)) ++rounds;
  EXPECT_TRUE(file(rounds));
  EXPECT_FALSE(file(rounds + 1));
  EXPECT_LE(rounds, 1000);
}

TEST(MachineTest, EndsWhateverAProgramDoes) {
  Limits limits;
  limits.steps = 200'000;
  limits.bytes = size_t{32} << 20;
  const std::pair<const char*, const char*> programs[] = {
      {"def main():\n    return main()\n", "call depth"},
      {"class A:\n    def __init__(self):\n        self.a = A()\ndef main():\n    A()\n", "call depth"},
      {"class A:\n    def __getattribute__(self, name):\n        return self.x\ndef main():\n    A().y\n", "call depth"},
      {"class A:\n    def __getattr__(self, name):\n        return getattr(self, name + 'x')\ndef main():\n    A().y\n", "call depth"},
      {"class A:\n    def __repr__(self):\n        return f'{self!r}'\ndef main():\n    repr(A())\n", "call depth"},
      {"class M(type):\n    def __call__(cls):\n        return cls()\nclass A(metaclass=M):\n    pass\ndef main():\n    A()\n", "call depth"},
      {"def main():\n    while True:\n        pass\n", "steps"},
      {"def main():\n    for i in range(10**12):\n        pass\n", "steps"},
      {"def main():\n    return sum(range(10**12))\n", "steps"},
      {"def main():\n    return max(i for i in range(10**12))\n", "steps"},
      {"def forever():\n    while True:\n        yield 1\ndef main():\n    return list(forever())\n", "steps"},
      {"import itertools\ndef main():\n    return list(itertools.count())\n", "steps"},
      {"def main():\n    return [0] * 10**10\n", "memory"},
      {"def main():\n    return 'x' * 10**12\n", "memory"},
      {"def main():\n    return list(range(10**12))\n", "steps"},
      {"def main():\n    x = [0]\n    while True:\n        x = x + x\n", "memory"},
      {"def main():\n    x = 'x'\n    while True:\n        x += x\n", "memory"},
      {"def main():\n    return 2 ** 10**9\n", "unknown"},
      {"def main():\n    return exec('x = 1')\n", "unknown"},
      {"def main():\n    return eval('1')\n", "unknown"},
      {"def main():\n    return open('/etc/passwd')\n", "unknown"},
      {"def main():\n    a = []\n    a.append(a)\n    return a == [a]\n", nullptr},
      {"def main():\n    a = []\n    a.append(a)\n    return repr(a)\n", nullptr},
      {"def main():\n    x = []\n    for i in range(100000):\n        x = [x]\n    return repr(x)\n", nullptr},
      {"import copy\ndef main():\n    x = []\n    for i in range(100000):\n        x = [x]\n    return copy.deepcopy(x)\n", "call depth"},
      {"def main():\n    x = ()\n    for i in range(100000):\n        x = (x,)\n    return hash(x)\n", "call depth"},
      {"def nest():\n    x = []\n    for i in range(50000):\n        x = [x]\n    return x\ndef main():\n    return nest() == nest()\n", "call depth"},
      {"import subprocess\ndef main():\n    subprocess.run(['true'])\n", "FileNotFoundError: [Errno 2] No such file or directory: ['true']"},
  };
  for (const auto& [text, outcome] : programs) {
    const std::string found = Outcome(text, limits);
    if (outcome != nullptr) {
      EXPECT_EQ(found, outcome) << text;
    }
  }
}

TEST(MachineTest, FollowsCirclesOfImports) {
  std::map<std::string, std::string> texts;
  texts["a"] = "from b import y\nx = 1\ndef main():\n    return x + y\n";
  texts["b"] = "import a\ny = 2\ndef other():\n    return a.x\n";
  TextFiles files(texts);
  Machine m(&files);
  Value main;
  ASSERT_TRUE(m.FindInModule(m.Import("a"), m.Intern("main"), &main));
  EXPECT_EQ(m.ToRepr(m.Call(main)), "3");
}

TEST(MachineTest, KeepsWhatIsUnknown) {
  const std::string text =
      "from _machine import unknown, is_unknown\n"
      "def main():\n"
      "    x = unknown('a number')\n"
      "    return [is_unknown(v) for v in (x + 1, x * [2], x.name, x[0], x(), f'{x}', -x, not_known(x))]\n"
      "def not_known(x):\n"
      "    return {'k': x}['k']\n"
      "def branch():\n"
      "    if unknown('a number') > 1:\n"
      "        return 1\n"
      "    return 2\n"
      "def caught():\n"
      "    try:\n"
      "        return branch()\n"
      "    except BaseException:\n"
      "        return 3\n";
  TextFiles files("program", text);
  Machine m(&files);
  Module* module = m.Import("program");
  Value main, branch, caught;
  ASSERT_TRUE(m.FindInModule(module, m.Intern("main"), &main));
  ASSERT_TRUE(m.FindInModule(module, m.Intern("branch"), &branch));
  ASSERT_TRUE(m.FindInModule(module, m.Intern("caught"), &caught));
  EXPECT_EQ(m.ToRepr(m.Call(main)), "[True, True, True, True, True, True, True, True]");
  EXPECT_THROW(m.Call(branch), Open);
  EXPECT_THROW(m.Call(caught), Open);
}

TEST(MachineTest, LeavesUnknownWhatAStatementOfAModuleCannotGive) {
  TextFiles files("program", "import nowhere\nx = nowhere.y\nz = x\ndef main():\n    return 5\n");
  Machine m(&files);
  int faults = 0;
  m.on_module_fault = [&](const SourceRange&, const std::string&) { ++faults; };
  Module* module = m.Import("program");
  Value main, x;
  ASSERT_TRUE(m.FindInModule(module, m.Intern("main"), &main));
  ASSERT_TRUE(m.FindInModule(module, m.Intern("x"), &x));
  EXPECT_EQ(m.ToRepr(m.Call(main)), "5");
  EXPECT_TRUE(x.Is(Form::kUnknown));
  EXPECT_EQ(faults, 1);
}

}  // namespace
}  // namespace wcheck::machine
