#include "mapping/python/syntax_error.h"

#include <algorithm>
#include <set>

namespace wcheck::python {
namespace {

// True if the remark follows from the broken source: it is on or around the error.
bool IsConsequence(const ReaderRemark& remark, const SyntaxTree& tree,
                   const SyntaxProblem& problem) {
  if (remark.kind != ReaderRemark::Kind::kUnsupportedConstruct) return false;
  const uint32_t begin = remark.where.begin;
  const uint32_t end = std::max(remark.where.end, begin + 1);
  if (begin <= problem.begin && problem.begin <= end) return true;
  auto error = std::lower_bound(tree.errors.begin(), tree.errors.end(), begin,
                                [](const Node* node, uint32_t at) { return node->begin < at; });
  for (; error != tree.errors.end() && (*error)->begin <= end; ++error) {
    if ((*error)->end <= end) return true;
  }
  return false;
}

}  // namespace

void AddSyntaxErrors(const SyntaxTree& tree, Registry* registry) {
  if (!tree.problem) return;
  const SyntaxProblem& problem = *tree.problem;
  // Python does not come so far as to evaluate the file, and what it would raise may be due to what
  // is broken.
  for (ReaderRemark& remark : registry->remarks) {
    if (remark.kind == ReaderRemark::Kind::kRaises) {
      remark.kind = ReaderRemark::Kind::kUnsupportedConstruct;
    }
  }
  std::set<std::string> entries;
  std::erase_if(registry->remarks, [&](const ReaderRemark& remark) {
    bool merged = IsConsequence(remark, tree, problem);
    if (merged) entries.insert(remark.entries.begin(), remark.entries.end());
    return merged;
  });
  registry->remarks.insert(registry->remarks.begin(), {ReaderRemark::Kind::kSyntaxError,
                                                       {tree.file, problem.begin, problem.end},
                                                       problem.message,
                                                       {entries.begin(), entries.end()}});
}

}  // namespace wcheck::python
