// A comment that silences nothing: docs/checks/unused-ignore.md.
#include <algorithm>

#include "checks/check.h"

namespace wcheck::unused_ignore {
namespace {

// The check that it names, if any, and the code that it is for.
std::string SubjectOf(const IgnoreComment& comment, const std::string& check) {
  std::string_view code =
      comment.where.known() ? comment.where.file->Line(comment.line) : std::string_view();
  code = code.substr(0, code.find('#'));
  const size_t begin = std::min(code.find_first_not_of(" \t"), code.size());
  code = code.substr(begin, code.find_last_not_of(" \t") + 1 - begin);
  return check + (check.empty() ? "" : " ") + std::string(code);
}

}  // namespace

void Check(const IgnoreContext& context, FindingSink* sink) {
  for (const IdleIgnore& unused : context.idle) {
    Finding finding;
    const IgnoreComment& comment = context.registry.ignores[unused.comment];
    finding.where = comment.where;
    const bool known = unused.check.empty() || FindCheck(unused.check) != nullptr;
    const bool name = unused.check.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") ==
                      std::string::npos;
    finding.cause = known ? "silences-nothing" : name ? "no-such-check" : "malformed";
    finding.subject = SubjectOf(comment, unused.check);
    if (unused.check.empty()) {
      finding.message = "this comment silences nothing";
    } else if (!name) {
      finding.message = "`" + unused.check + "` is no ignore comment, so it silences nothing";
    } else if (!known) {
      finding.message = "there is no check `" + unused.check + "`";
    } else {
      finding.message = "this comment silences no `" + unused.check + "`";
    }
    finding.advice = name ? "remove it"
                          : "write `# wcheck: ignore[check-name]`, or `# wcheck: ignore` for all "
                            "checks; a reason may follow after `--`";
    sink->Add(std::move(finding));
  }
}

}  // namespace wcheck::unused_ignore
