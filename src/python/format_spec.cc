#include "python/format_spec.h"

#include <cstdint>
#include <cstdio>

#include "python/unicode.h"
#include "python/value.h"

namespace wcheck::python {
namespace {

constexpr size_t kMaxWidth = 10'000;

bool IsAlign(char c) { return c == '<' || c == '>' || c == '^' || c == '='; }

bool ParseNumber(std::string_view text, size_t* at, size_t* number) {
  *number = 0;
  while (*at < text.size() && text[*at] >= '0' && text[*at] <= '9') {
    *number = *number * 10 + static_cast<size_t>(text[(*at)++] - '0');
    if (*number > kMaxWidth) return false;
  }
  return true;
}

// Sign, then padding between sign and digits if asked for.
std::string Signed(const FormatSpec& spec, bool negative, const std::string& prefix,
                   const std::string& digits) {
  std::string sign = negative ? "-" : spec.sign == '-' ? "" : std::string(1, spec.sign);
  sign += prefix;
  if (spec.align == '=') {
    size_t used = sign.size() + digits.size();
    std::string padding;
    for (; used < spec.width; ++used) padding += spec.fill;
    return sign + padding + digits;
  }
  return Pad(spec, sign + digits, '>');
}

void Group(char separator, std::string* digits) {
  for (size_t at = digits->size(); at > 3; at -= 3) digits->insert(at - 3, 1, separator);
}

}  // namespace

bool ParseFormatSpec(std::string_view text, FormatSpec* spec) {
  size_t at = 0;
  if (!text.empty()) {
    size_t first = CodePointBytes(text[0]);
    if (first < text.size() && IsAlign(text[first])) {
      spec->fill = std::string(text.substr(0, first));
      spec->align = text[first];
      at = first + 1;
    } else if (IsAlign(text[0])) {
      spec->align = text[0];
      at = 1;
    }
  }
  auto peek = [&] { return at < text.size() ? text[at] : '\0'; };
  if (peek() == '+' || peek() == '-' || peek() == ' ') spec->sign = text[at++];
  if (peek() == '#') {
    spec->alternate = true;
    ++at;
  }
  if (peek() == '0') {
    if (spec->align == 0) {
      spec->fill = "0";
      spec->align = '=';
    }
    ++at;
  }
  if (!ParseNumber(text, &at, &spec->width)) return false;
  if (peek() == ',' || peek() == '_') spec->grouping = text[at++];
  if (peek() == '.') {
    ++at;
    size_t precision = 0;
    size_t from = at;
    if (!ParseNumber(text, &at, &precision) || at == from || precision > 300) return false;
    spec->precision = static_cast<int>(precision);
  }
  if (at < text.size()) spec->type = text[at++];
  return at == text.size();
}

std::string Pad(const FormatSpec& spec, const std::string& text, char align) {
  if (spec.align != 0) align = spec.align;
  auto length = static_cast<size_t>(CountCodePoints(text));
  if (length >= spec.width) return text;
  size_t missing = spec.width - length;
  size_t before = align == '>' || align == '=' ? missing : align == '^' ? missing / 2 : 0;
  std::string out;
  for (size_t i = 0; i < before; ++i) out += spec.fill;
  out += text;
  for (size_t i = before; i < missing; ++i) out += spec.fill;
  return out;
}

bool FormatInteger(const FormatSpec& spec, int64_t value, std::string* out) {
  if (spec.type == 'e' || spec.type == 'E' || spec.type == 'f' || spec.type == 'F' ||
      spec.type == 'g' || spec.type == 'G' || spec.type == '%') {
    return FormatFloat(spec, static_cast<double>(value), out);
  }
  if (spec.precision >= 0) return false;
  uint64_t magnitude = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  unsigned base = 10;
  std::string prefix;
  switch (spec.type) {
    case 0:
    case 'd':
      break;
    case 'x':
    case 'X':
      base = 16, prefix = spec.type == 'x' ? "0x" : "0X";
      break;
    case 'o':
      base = 8, prefix = "0o";
      break;
    case 'b':
      base = 2, prefix = "0b";
      break;
    default:
      return false;
  }
  std::string digits;
  do {
    unsigned digit = static_cast<unsigned>(magnitude % base);
    char ten = spec.type == 'X' ? 'A' : 'a';
    digits.insert(digits.begin(), static_cast<char>(digit < 10 ? '0' + digit : ten + digit - 10));
    magnitude /= base;
  } while (magnitude != 0);
  if (spec.grouping != 0) {
    if (base != 10) return false;
    Group(spec.grouping, &digits);
  }
  *out += Signed(spec, value < 0, spec.alternate ? prefix : "", digits);
  return true;
}

bool FormatFloat(const FormatSpec& spec, double value, std::string* out) {
  bool negative = value < 0;
  double magnitude = negative ? -value : value;
  std::string digits;
  if (spec.type == 0 && spec.precision < 0) {
    digits = FloatRepr(magnitude);
  } else {
    char type = spec.type == 0 ? 'g' : spec.type;
    if (type == '%') magnitude *= 100;
    if (type != 'f' && type != 'F' && type != 'e' && type != 'E' && type != 'g' && type != 'G' &&
        type != '%') {
      return false;
    }
    char format[] = {'%', '.', '*', type == '%' ? 'f' : type, '\0'};
    char buffer[700];
    std::snprintf(buffer, sizeof buffer, format, spec.precision < 0 ? 6 : spec.precision,
                  magnitude);
    digits = buffer;
    if (type == '%') digits += '%';
  }
  if (spec.grouping != 0) {
    size_t whole = digits.find_first_not_of("0123456789");
    std::string head = digits.substr(0, whole);
    std::string tail = whole == std::string::npos ? "" : digits.substr(whole);
    Group(spec.grouping, &head);
    digits = head + tail;
  }
  *out += Signed(spec, negative, "", digits);
  return true;
}

bool FormatText(const FormatSpec& spec, const std::string& value, std::string* out) {
  if ((spec.type != 0 && spec.type != 's') || spec.grouping != 0 || spec.sign != '-' ||
      spec.alternate || spec.align == '=') {
    return false;
  }
  std::string text = value;
  if (spec.precision >= 0) text = text.substr(0, OffsetOf(text, spec.precision));
  *out += Pad(spec, text, '<');
  return true;
}

}  // namespace wcheck::python
