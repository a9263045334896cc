// Asks Python's own `re` module (ask_python.py) and compares wcheck's answers with it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pattern/pattern.h"

namespace wcheck {

struct Question {
  std::string pattern;
  std::shared_ptr<const std::vector<std::string>> texts;
};

struct PythonError {
  std::string message;
  std::optional<uint32_t> position;
};

struct PythonAnswer {
  std::optional<PythonError> error;
  int groups = 0;
  std::vector<std::pair<std::string, int>> names;  // in order of their numbers
  std::vector<std::pair<size_t, Match>> matches;   // the texts that match, by index
};

struct PythonAnswers {
  int minor_version = 0;  // of Python 3
  std::vector<PythonAnswer> answers;
};

// Adds a test failure and returns no answers if Python cannot be run.
PythonAnswers AskPython(const std::vector<Question>& questions);

// Compares every answer with Pattern's; differences are test failures (the first twenty in full).
// Returns how many of the patterns Python accepted.
size_t ExpectSameAsPython(const std::vector<Question>& questions);

}  // namespace wcheck
