// Decides which characters are shown and which are written as escapes. Everything that comes from a
// file or a user passes through here before it reaches a terminal or a report.
#include "support/printable.h"

#include <llvm/Support/Format.h>
#include <llvm/Support/Unicode.h>
#include <llvm/Support/raw_ostream.h>

#include "support/utf8.h"

namespace wcheck {
namespace {

void WriteEscape(uint32_t character, llvm::raw_ostream& out) {
  switch (character) {
    case '\n':
      out << "\\n";
      return;
    case '\r':
      out << "\\r";
      return;
    case '\t':
      out << "\\t";
      return;
    default:
      break;
  }
  if (character < 0x80) {
    out << llvm::format("\\x%02x", character);
  } else if (character < 0x10000) {
    out << llvm::format("\\u%04x", character);
  } else {
    out << llvm::format("\\U%08x", character);
  }
}

// LLVM's table contains the controls, most format characters and unassigned code points.
bool IsHarmless(uint32_t character) {
  const bool invisible = character == 0xAD || character == 0x180E;  // two more format characters
  const bool line_break = character == 0x2028 || character == 0x2029;
  const bool private_use = (character >= 0xE000 && character <= 0xF8FF) || character >= 0xF0000;
  return !invisible && !line_break && !private_use &&
         llvm::sys::unicode::isPrintable(static_cast<int>(character));
}

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// The byte at which character number `count` begins.
size_t ByteOf(std::string_view text, size_t count) {
  size_t byte = 0;
  for (; byte < text.size(); ++byte) {
    if (IsContinuation(text[byte])) continue;
    if (count == 0) break;
    --count;
  }
  return byte;
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string printable;
  printable.reserve(text.size());
  llvm::raw_string_ostream out(printable);
  for (size_t length = 1; !text.empty(); text.remove_prefix(length)) {
    const char32_t character = DecodeUtf8(text, &length);
    if (character == kNotUtf8) {
      out << llvm::format("\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(text[0])));
    } else if (IsHarmless(character)) {
      out.write(text.data(), length);
    } else {
      WriteEscape(character, out);
    }
  }
  out.flush();
  return printable;
}

std::string Elided(std::string_view text, size_t limit) {
  const size_t length = CountCharacters(text);
  if (length <= limit) return std::string(text);
  // The end of a name is more informative than its middle, the beginning even more.
  const size_t head = limit * 2 / 3;
  const size_t tail = limit - head;
  std::string out(text.substr(0, ByteOf(text, head)));
  out += "…(" + ShowNumber(length - limit) + " more)…";
  out += text.substr(ByteOf(text, length - tail));
  return out;
}

std::string ShowName(std::string_view name) { return Elided(Printable(name), kNameLimit); }

std::string ShowSentence(std::string_view sentence) {
  return Elided(Printable(sentence), kSentenceLimit);
}

size_t CountCharacters(std::string_view text) {
  size_t count = 0;
  for (char byte : text) count += IsContinuation(byte) ? 0 : 1;
  return count;
}

size_t CountColumns(std::string_view text) {
  const int columns = llvm::sys::unicode::columnWidthUTF8({text.data(), text.size()});
  return columns >= 0 ? static_cast<size_t>(columns) : CountCharacters(text);
}

std::string ShowNumber(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string ShowCount(uint64_t count, std::string_view singular, std::string_view plural) {
  return ShowNumber(count) + ' ' + std::string(count == 1 ? singular : plural);
}

}  // namespace wcheck
