#include "mapping/python/syntax_error.h"

#include <algorithm>
#include <set>

namespace wcheck::python {
namespace {

// True if what a remark says follows from the broken source: it stands on the error or around it.
bool IsConsequence(const ReaderRemark& remark, const Ast& ast, const SyntaxProblem& problem) {
  if (remark.kind != ReaderRemark::Kind::kUnsupportedConstruct) return false;
  auto holds = [&](uint32_t begin, uint32_t end) {
    return remark.where.begin <= begin && end <= std::max(remark.where.end, remark.where.begin + 1);
  };
  return holds(problem.begin, problem.begin) ||
         std::any_of(ast.errors.begin(), ast.errors.end(),
                     [&](const Node* error) { return holds(error->begin, error->end); });
}

}  // namespace

void AddSyntaxErrors(const Ast& ast, Registry* registry) {
  // tree-sitter repairs what it cannot parse, and takes some things that Python does not; where
  // Python gives up is for the recognizer to say.
  std::optional<SyntaxProblem> found = ast.problem;
  if (!found) {
    if (ast.errors.empty()) return;
    const Node& first = *ast.errors.front();
    found = {first.begin, first.end, "invalid syntax"};
  }
  const SyntaxProblem& problem = *found;
  std::set<std::string> entries;
  std::erase_if(registry->remarks, [&](const ReaderRemark& remark) {
    bool merged = IsConsequence(remark, ast, problem);
    if (merged) entries.insert(remark.entries.begin(), remark.entries.end());
    return merged;
  });
  registry->remarks.insert(registry->remarks.begin(), {ReaderRemark::Kind::kSyntaxError,
                                                       {ast.file, problem.begin, problem.end},
                                                       problem.message,
                                                       {entries.begin(), entries.end()}});
}

}  // namespace wcheck::python
