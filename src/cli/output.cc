#include "cli/output.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include <llvm/Support/raw_ostream.h>
#include <unistd.h>

#include "cli/command.h"
#include "support/printable.h"
#include "support/file.h"

namespace wcheck::cli {
namespace {

Error OutputError(const std::error_code& code) {
  return Error{{}, "cannot write to standard output: " + code.message(), ""};
}

// Runs at exit, before LLVM's own stream is destroyed, which would treat a failed write as fatal.
void FlushBufferedOutput() {
  llvm::raw_fd_ostream& out = llvm::outs();
  out.flush();
  if (!out.has_error()) return;
  const std::error_code code = out.error();
  out.clear_error();
  if (code == std::errc::broken_pipe) return;
  _exit(Fail(OutputError(code)));
}

}  // namespace

Status WriteStandardOutput(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EPIPE) {
      // The signal is ignored for us; end as it would have ended us.
      _exit(kClean);
    } else if (errno != EINTR) {
      return OutputError(std::error_code(errno, std::generic_category()));
    }
  }
  return Unit{};
}

Output::Output(std::string path) : path_(path == "-" ? "" : std::move(path)) {}

Status Output::Write(std::string_view text) {
  if (path_.empty()) return WriteStandardOutput(text);
  text_ += text;
  return Unit{};
}

Status Output::Finish() { return path_.empty() ? Status(Unit{}) : WriteFile(path_, text_); }

int Fail(const Error& error) {
  // Places and words contain names from outside: of files, of keys, of entries.
  Error shown{error.place, Printable(error.message), Printable(error.advice)};
  shown.place.file = Printable(shown.place.file);
  shown.place.inside = Printable(shown.place.inside);
  std::string text = shown.ToString() + '\n';
  if (shown.place.ToString().empty()) text.insert(0, "wcheck: ");
  std::fwrite(text.data(), 1, text.size(), stderr);
  return kBadInput;
}

void Say(std::string_view text) {
  const std::string line = "wcheck: " + Printable(text) + '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void Note(std::string_view message, const std::vector<std::string>& more) {
  std::string text = "wcheck: note: " + Printable(message) + '\n';
  for (const std::string& line : more) text += "  " + Printable(line) + '\n';
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void CheckBufferedOutputAtExit() {
  llvm::outs();  // constructed before the handler is registered, so destroyed after it has run
  std::atexit(FlushBufferedOutput);
}

bool StandardOutputHasColors() {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* term = std::getenv("TERM");
  if (term == nullptr || std::string_view(term) == "dumb") return false;
  return isatty(STDOUT_FILENO) == 1;
}

}  // namespace wcheck::cli
