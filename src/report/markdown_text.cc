#include "report/markdown_text.h"

#include <algorithm>

#include <llvm/ADT/StringExtras.h>

#include "support/printable.h"

namespace wcheck {
namespace {

size_t LongestRun(std::string_view text, char wanted) {
  size_t longest = 0;
  size_t run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// A word that no renderer interprets: letters, with hyphens and apostrophes inside, or a short
// number; in parentheses and followed by a punctuation mark if need be. (A long number, or letters
// with digits, may be a commit.)
bool IsPlain(std::string_view word) {
  if (word.starts_with('(')) word.remove_prefix(1);
  while (!word.empty() && std::string_view("),;:.").find(word.back()) != std::string_view::npos) {
    word.remove_suffix(1);
  }
  if (word.empty()) return false;
  const bool number = word.size() < 7 && std::all_of(word.begin(), word.end(), llvm::isDigit);
  return number || (llvm::isAlpha(word.front()) && llvm::isAlpha(word.back()) &&
                    std::all_of(word.begin(), word.end(),
                                [](char c) { return llvm::isAlpha(c) || c == '-' || c == '\''; }));
}

// Renderers do not support code spans with a longer fence (cmark: 80).
constexpr size_t kLongestFence = 40;

// Code as HTML within Markdown, where punctuation is still Markdown unless it is a character
// reference.
std::string ReferenceCode(std::string_view printable) {
  std::string out = "<code>";
  for (const char c : printable) {
    if (llvm::isPrint(c) && !llvm::isAlnum(c) && c != ' ') {
      out += "&#" + std::to_string(static_cast<int>(c)) + ';';
    } else {
      out += c;
    }
  }
  return out + "</code>";
}

}  // namespace

std::string MarkdownCode(std::string_view printable) {
  if (printable.empty()) return "";
  if (LongestRun(printable, '`') >= kLongestFence) return ReferenceCode(printable);
  const std::string fence(LongestRun(printable, '`') + 1, '`');
  const bool pad = printable.front() == '`' || printable.back() == '`' ||
                   (printable.front() == ' ' && printable.back() == ' ');
  const std::string_view space = pad ? " " : "";
  return fence + std::string(space).append(printable).append(space) + fence;
}

std::string MarkdownProse(std::string_view printable) {
  std::string out;
  std::string code;  // the words for the next span
  auto flush = [&] {
    if (code.empty()) return;
    if (!out.empty()) out += ' ';
    out += MarkdownCode(code);
    code.clear();
  };
  while (!printable.empty()) {
    const size_t end = std::min(printable.find(' '), printable.size());
    const std::string_view word = printable.substr(0, end);
    printable.remove_prefix(std::min(end + 1, printable.size()));
    if (word.empty()) continue;
    if (!IsPlain(word)) {
      if (!code.empty()) code += ' ';
      code += word;
      continue;
    }
    flush();
    if (!out.empty()) out += ' ';
    out += word;
  }
  flush();
  return out;
}

std::string MarkdownBlock(const std::vector<std::string>& printable_lines) {
  size_t run = 0;
  for (const std::string& line : printable_lines) run = std::max(run, LongestRun(line, '`'));
  const std::string fence(std::max<size_t>(3, run + 1), '`');
  std::string out = fence + "text\n";
  for (const std::string& line : printable_lines) out += line + '\n';
  return out + fence + '\n';
}

std::string HtmlCode(std::string_view printable) {
  return "<code>" + Escaped(printable, Medium::kXml) + "</code>";
}

}  // namespace wcheck
