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

Colors g_colors = Colors::kAuto;
bool g_quiet = false;

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

Status WriteStandardOutput(std::string_view document) {
  // A log obeys what names have. All formats but JSON have escaped it already.
  const std::string harmless = Escaped(document, Medium::kJson);
  std::string_view text = harmless;
  static bool closed = false;
  while (!text.empty() && !closed) {
    const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EPIPE) {
      closed = true;  // the signal is ignored for us
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
  if (g_quiet) return;
  const std::string line = "wcheck: " + Printable(text) + '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void Note(std::string_view message, const std::vector<std::string>& more) {
  if (g_quiet) return;
  std::string text = "wcheck: note: " + Printable(message) + '\n';
  for (const std::string& line : more) text += "  " + Printable(line) + '\n';
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void CheckBufferedOutputAtExit() {
  llvm::outs();  // constructed before the handler is registered, so destroyed after it has run
  std::atexit(FlushBufferedOutput);
}

void SetColors(Colors colors) { g_colors = colors; }

void SetQuiet() { g_quiet = true; }
bool Quiet() { return g_quiet; }

bool StandardOutputHasColors() {
  if (g_colors != Colors::kAuto) return g_colors == Colors::kAlways;
  const char* force_color = std::getenv("FORCE_COLOR");
  if (force_color != nullptr && *force_color != '\0') return std::string_view(force_color) != "0";
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* term = std::getenv("TERM");
  if (term == nullptr || std::string_view(term) == "dumb") return false;
  return isatty(STDOUT_FILENO) == 1;
}

bool StandardOutputTakesLinks() {
  const char* term = std::getenv("TERM");
  return isatty(STDOUT_FILENO) == 1 && StandardOutputHasColors() && term != nullptr &&
         std::string_view(term) != "dumb";
}

}  // namespace wcheck::cli
