// Where output and errors go. Output is checked: a full disk is an error, a reader that has gone
// (`wcheck | head`) is not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/result.h"

namespace wcheck::cli {

// Writes all of `text`, a report or JSON, to standard output, where a log may obey what it finds
// (Medium::kJson). If nobody reads it any more, it is dropped: the exit
// status is that of the run all the same.
Status WriteStandardOutput(std::string_view text);

// The destination of a command's output: standard output, written immediately, or a file, which is
// written completely at the end or not at all.
class Output {
 public:
  // Standard output if `path` is empty or "-".
  explicit Output(std::string path);
  bool standard() const { return path_.empty(); }

  Status Write(std::string_view text);
  // To be called when everything has been written.
  Status Finish();

 private:
  std::string path_;
  std::string text_;  // what has been written, if it goes to a file
};

// Reports the error on standard error, "wcheck: error: …" if it has no place; returns kBadInput.
// This and the next two functions print names as reports do: no control character reaches the
// terminal, and no name begins a line of its own.
int Fail(const Error& error);

// A line on standard error: "wcheck: …".
void Say(std::string_view text);

// Reports something that is not an error on standard error: "wcheck: note: …", with further lines
// if there are any.
void Note(std::string_view message, const std::vector<std::string>& more = {});

// Applies the same checks to what a library prints to its own buffered standard output (the texts
// of --help and --version). To be called once, before it prints.
void CheckBufferedOutputAtExit();

// --quiet: nothing but findings and errors. It silences Say and Note.
void SetQuiet();
bool Quiet();

// --color.
enum class Colors : uint8_t { kAuto, kAlways, kNever };
void SetColors(Colors colors);

// Whether reports have colours: as --color says; otherwise as FORCE_COLOR says ("0" is no);
// otherwise if standard output is a terminal (NO_COLOR and TERM=dumb say no).
bool StandardOutputHasColors();

// Whether reports may have links there: it is a terminal, and has colours. Unlike colours, links are
// never forced on what is no terminal.
bool StandardOutputTakesLinks();

}  // namespace wcheck::cli
