#include "ask_python.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace wcheck::python {

std::vector<std::string> AskPython(const std::string& arguments,
                                   const std::vector<std::string>& input) {
  const std::string base = testing::TempDir() + "ask_ast_" + std::to_string(getpid());
  const std::string questions = base + ".in";
  const std::string answers = base + ".out";
  {
    std::ofstream file(questions);
    for (const std::string& line : input) file << line << '\n';
  }
  const std::string command = "'" WCHECK_PYTHON "' '" WCHECK_SOURCE_DIR
                              "/tests/python/ask_ast.py' " +
                              arguments + " < '" + questions + "' > '" + answers + "'";
  std::vector<std::string> lines;
  if (std::system(command.c_str()) == 0) {
    std::ifstream file(answers);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
  } else {
    ADD_FAILURE() << "failed: " << command;
  }
  std::remove(questions.c_str());
  std::remove(answers.c_str());
  return lines;
}

bool HasPython311() {
  static const bool has =
      std::system("'" WCHECK_PYTHON
                  "' -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'") == 0;
  return has;
}

}  // namespace wcheck::python
