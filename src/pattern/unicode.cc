#include "pattern/unicode.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "support/utf8.h"

namespace wcheck::regex {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

// True if all of `text` matches a pattern of Unicode properties. Only names with non-ASCII
// characters get here, so nothing is cached.
bool MatchesProperties(std::string_view pattern, std::string_view text) {
  int error;
  PCRE2_SIZE offset;
  pcre2_code* code =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                    PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED, &error, &offset, nullptr);
  if (code == nullptr) return false;
  pcre2_match_data* data = pcre2_match_data_create_from_pattern(code, nullptr);
  bool matched = data != nullptr && pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()),
                                                text.size(), 0, 0, data, nullptr) >= 0;
  pcre2_match_data_free(data);
  pcre2_code_free(code);
  return matched;
}

bool IsPrintable(std::string_view character, char32_t c) {
  if (c < 0x80) return c >= 0x20 && c < 0x7F;
  return MatchesProperties(R"([^\p{C}\p{Z}])", character);
}

// \xNN, \uNNNN or \UNNNNNNNN, whichever is the shortest.
void AppendHexEscape(char32_t c, std::string* out) {
  int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
  *out += {'\\', digits == 2 ? 'x' : digits == 4 ? 'u' : 'U'};
  while (digits-- > 0) *out += kHex[c >> (4 * digits) & 15];
}

}  // namespace

bool IsPythonIdentifier(std::string_view text) {
  if (text.empty()) return false;
  if (!IsAscii(text)) {
    // XID_Start and XID_Continue by general category; the Other_ID_* exceptions, a dozen characters
    // that never name a group, are left out.
    return MatchesProperties(R"([\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*)", text);
  }
  for (char c : text) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && (c < '0' || c > '9')) return false;
  }
  return text[0] < '0' || text[0] > '9';
}

bool IsPythonAlpha(std::string_view text) {
  return !text.empty() && MatchesProperties(R"(\p{L}+)", text);
}

// Error messages of `re` contain the repr of names, so it must be exact: the quote that needs no
// escape, and escapes for everything that str.isprintable() rejects.
std::string PythonRepr(std::string_view text) {
  bool has_single = text.find('\'') != std::string_view::npos;
  bool has_double = text.find('"') != std::string_view::npos;
  char32_t quote = has_single && !has_double ? '"' : '\'';
  std::string out(1, static_cast<char>(quote));
  for (size_t length; !text.empty(); text.remove_prefix(length)) {
    char32_t c = DecodeUtf8(text, &length);
    if (c == quote || c == '\\') {
      out += {'\\', static_cast<char>(c)};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (IsPrintable(text.substr(0, length), c)) {
      out += text.substr(0, length);
    } else {
      AppendHexEscape(c, &out);
    }
  }
  return out += static_cast<char>(quote);
}

}  // namespace wcheck::regex
