#include "python_oracle.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace wcheck {
namespace {

using nlohmann::json;

PythonAnswer ReadAnswer(const json& line) {
  PythonAnswer answer;
  if (line.contains("error")) {
    answer.error = PythonError{line["error"], std::nullopt};
    if (line["position"].is_number()) answer.error->position = line["position"].get<uint32_t>();
    return answer;
  }
  answer.groups = line["groups"];
  for (const auto& [name, number] : line["names"].items()) answer.names.emplace_back(name, number);
  std::sort(answer.names.begin(), answer.names.end(),
            [](const auto& a, const auto& b) { return a.second < b.second; });
  for (const json& found : line["matches"]) {
    Match match;
    for (const json& span : found[1]) {
      int64_t begin = span[0];
      int64_t end = span[1];
      match.push_back(begin < 0 ? Span()
                                : Span{static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
    }
    answer.matches.emplace_back(found[0], std::move(match));
  }
  return answer;
}

std::string Show(const std::optional<Match>& match) {
  if (!match) return "no match";
  std::string out;
  for (const Span& span : *match) {
    out += span.matched() ? "(" + std::to_string(span.begin) + "," + std::to_string(span.end) + ")"
                          : "(-)";
  }
  return out;
}

std::string Show(const std::string& message, std::optional<uint32_t> position) {
  return message + " at " + (position ? std::to_string(*position) : "no position");
}

// What wcheck rejects though Python does not, by design (see parser.h and pattern.h).
bool IsOwnLimit(const std::string& message) {
  return message.starts_with("character names such as") ||
         message.starts_with("the pattern is nested more than") ||
         message.starts_with("the pattern is not supported: ");
}

// Errors that differ between CPython's releases; wcheck follows 3.13.
bool IsOtherVersion(int minor_version, const std::string& message, const PythonError& python) {
  // Up to 3.12, chr() of more than 31 bits was another kind of error.
  if (python.message == "Python int too large to convert to C int") return true;
  // Up to 3.11, a conditional's group could be anything that int() takes, such as "+1".
  return minor_version < 12 && message.starts_with("bad character in group name");
}

// The differences for one pattern, empty if there are none.
std::string Compare(const Question& question, const PythonAnswer& expected, int minor_version) {
  Result<Pattern> pattern = Pattern::Compile(question.pattern);
  if (!pattern) {
    const Error& error = pattern.error();
    if (IsOwnLimit(error.message)) return "";
    std::optional<uint32_t> position;
    if (error.place.column != 0) position = error.place.column - 1;
    std::string actual = Show(error.message, position);
    if (!expected.error) return "rejected: " + actual;
    if (IsOtherVersion(minor_version, error.message, *expected.error)) return "";
    std::string python = Show(expected.error->message, expected.error->position);
    return actual == python ? "" : "rejected: " + actual + "\n  Python: " + python;
  }
  if (expected.error) {
    return "accepted\n  Python: " + Show(expected.error->message, expected.error->position);
  }
  if (pattern->group_count() != expected.groups) return "another number of groups";
  if (pattern->named_groups() != expected.names) return "other named groups";
  std::string out;
  auto next = expected.matches.begin();
  for (size_t i = 0; i < question.texts->size(); ++i) {
    const std::string& text = (*question.texts)[i];
    std::optional<Match> python;
    if (next != expected.matches.end() && next->first == i) python = (next++)->second;
    Match match;
    std::optional<Match> actual;
    if (pattern->Search(text, &match)) actual = match;
    if (python && text.find(pattern->required_literal()) == std::string::npos) {
      out += "\n  required_literal is not in " + json(text).dump();
    }
    if (actual == python) continue;
    out += "\n  in " + json(text).dump() + ": " + Show(actual) + "\n  Python: " + Show(python);
  }
  if (pattern->gave_up()) out += "\n  a search was given up";
  return out;
}

}  // namespace

PythonAnswers AskPython(const std::vector<Question>& questions) {
  std::string base = testing::TempDir() + "wcheck_pattern_" + std::to_string(getpid());
  std::string input = base + ".in";
  std::string output = base + ".out";
  {
    std::ofstream file(input);
    const void* last_texts = nullptr;
    for (const Question& question : questions) {
      json line = {{"pattern", question.pattern}};
      if (question.texts.get() != last_texts) line["texts"] = *question.texts;
      last_texts = question.texts.get();
      file << line.dump() << '\n';
    }
  }
  std::string command = "'" WCHECK_PYTHON "' '" WCHECK_SOURCE_DIR
                        "/tests/pattern/ask_python.py' < '" +
                        input + "' > '" + output + "'";
  int status = std::system(command.c_str());
  PythonAnswers result;
  std::ifstream file(output);
  std::string line;
  if (std::getline(file, line)) result.minor_version = json::parse(line)[1];
  while (std::getline(file, line)) result.answers.push_back(ReadAnswer(json::parse(line)));
  std::remove(input.c_str());
  std::remove(output.c_str());
  if (status != 0 || result.answers.size() != questions.size()) {
    ADD_FAILURE() << "failed: " << command;
    result.answers.clear();
  }
  return result;
}

size_t ExpectSameAsPython(const std::vector<Question>& questions) {
  constexpr int kShown = 20;
  PythonAnswers python = AskPython(questions);
  size_t accepted = 0;
  int differences = 0;
  for (size_t i = 0; i < python.answers.size(); ++i) {
    accepted += !python.answers[i].error;
    std::string difference = Compare(questions[i], python.answers[i], python.minor_version);
    if (difference.empty()) continue;
    if (++differences <= kShown) {
      ADD_FAILURE() << "pattern " << json(questions[i].pattern).dump() << ' ' << difference;
    }
  }
  EXPECT_EQ(differences, 0) << "of " << questions.size() << " patterns";
  return accepted;
}

}  // namespace wcheck
