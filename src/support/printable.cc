// Decides which characters are shown and which are written as escapes. Everything that comes from a
// file or a user passes through here before it reaches a terminal, a log or a report.
#include "support/printable.h"

#include <algorithm>

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

// Printable ASCII, without what may begin a runner's command.
bool IsPlain(char c) { return c >= ' ' && c <= '~' && c != '#'; }

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

namespace {

std::string Line(std::string_view text) {
  std::string printable;
  printable.reserve(text.size());
  llvm::raw_string_ostream out(printable);
  // A runner skips the spaces before a command.
  const size_t first = std::min(text.find_first_not_of(' '), text.size());
  if (text.substr(first).starts_with("::")) {
    out << llvm::StringRef(text.data(), first) << "\\x3a";
    text.remove_prefix(first + 1);
  }
  for (size_t length = 1; !text.empty(); text.remove_prefix(length)) {
    // Nearly all names are plain from beginning to end.
    length = static_cast<size_t>(std::find_if_not(text.begin(), text.end(), IsPlain) - text.begin());
    if (length > 0) {
      out.write(text.data(), length);
      continue;
    }
    const char32_t character = DecodeUtf8(text, &length);
    if (text.starts_with("##[")) {
      out << "##\\x5b";
      length = 3;
    } else if (character == kNotUtf8) {
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

// Each character that `of` gives a text for is replaced by it.
template <typename Of>
std::string Replaced(std::string_view text, Of&& of) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const std::string_view with = of(c);
    if (with.empty()) {
      out += c;
    } else {
      out += with;
    }
  }
  return out;
}

std::string_view XmlOf(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&apos;";
    case '\n':
      return "&#10;";
    default:
      return "";
  }
}

std::string_view GithubOf(char c) {
  switch (c) {
    case '%':
      return "%25";
    case '\r':
      return "%0D";
    case '\n':
      return "%0A";
    default:
      return "";
  }
}

std::string_view GithubPropertyOf(char c) {
  return c == ':' ? "%3A" : c == ',' ? "%2C" : GithubOf(c);
}

std::string TsvCell(std::string_view text) {
  std::string out;
  while (true) {
    const size_t backslash = std::min(text.find('\\'), text.size());
    out += Line(text.substr(0, backslash));
    if (backslash == text.size()) return out;
    out += "\\\\";
    text.remove_prefix(backslash + 1);
  }
}

// In JSON these characters occur only in strings, where an escape means the same.
std::string JsonForLog(std::string_view json) {
  constexpr std::string_view kRare = "#\x7f\xC2\xE2\xEF";  // how each of them begins
  const bool none = std::all_of(kRare.begin(), kRare.end(), [&](char c) {
    return json.find(c) == std::string_view::npos;
  });
  if (none) return std::string(json);
  std::string out;
  out.reserve(json.size());
  llvm::raw_string_ostream stream(out);
  for (size_t length = 1; !json.empty(); json.remove_prefix(length)) {
    length = 1;
    if (json.starts_with("##[")) {
      stream << "#\\u0023";
      length = 2;
      continue;
    }
    if (kRare.find(json[0]) != std::string_view::npos) {
      const char32_t c = DecodeUtf8(json, &length);
      const bool obeyed = c == 0x7F || (c >= 0x80 && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
                          (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
                          c == 0xFEFF;
      if (obeyed) {
        stream << llvm::format("\\u%04x", static_cast<unsigned>(c));
        continue;
      }
    }
    stream.write(json.data(), length);
  }
  stream.flush();
  return out;
}

}  // namespace

std::string Escaped(std::string_view text, Medium medium) {
  switch (medium) {
    case Medium::kLine:
      return Line(text);
    case Medium::kTsvCell:
      return TsvCell(text);
    case Medium::kXml:
      return Replaced(text, XmlOf);
    case Medium::kDotLabel:
      // Labels are escStrings: a backslash begins an escape (\N is the node's name), and & an HTML
      // entity.
      return Replaced(text, [](char c) -> std::string_view {
        return c == '\\' ? "\\\\" : c == '&' ? "&amp;" : "";
      });
    case Medium::kGithubMessage:
      return Replaced(text, GithubOf);
    case Medium::kGithubProperty:
      return Replaced(text, GithubPropertyOf);
    case Medium::kScript:
      return Replaced(text, [](char c) -> std::string_view { return c == '<' ? "\\u003c" : ""; });
    case Medium::kJson:
      return JsonForLog(text);
  }
  return "";
}

std::string Printable(std::string_view text) { return Escaped(text, Medium::kLine); }

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
