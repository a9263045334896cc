#include "python/encoding.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "support/utf8.h"
#include "wcheck/source_file.h"

namespace wcheck::python {
namespace {

enum class Coding : uint8_t {
  kUtf8,
  kLatin1,
  kAscii,
  kCp1252,
  kLatin9,      // ISO 8859-15
  kAsciiBased,  // others in which each ASCII byte means itself, wherever it stands
};

struct CodingName {
  std::string_view name;  // as Python's codecs.lookup normalizes it
  Coding coding;
};

// The names and aliases that Python 3.11 to 3.13 know. Those of encodings with states or escapes
// (utf-7, hz, iso-2022-jp, unicode_escape, …) are left out: in them, ASCII bytes do not mean themselves.
constexpr CodingName kCodings[] = {
    {"cp65001", Coding::kUtf8}, {"u8", Coding::kUtf8}, {"utf", Coding::kUtf8},
    {"utf8", Coding::kUtf8}, {"utf8_ucs2", Coding::kUtf8}, {"utf8_ucs4", Coding::kUtf8},
    {"utf_8", Coding::kUtf8}, {"utf_8_sig", Coding::kUtf8},
    {"8859", Coding::kLatin1}, {"cp819", Coding::kLatin1}, {"csisolatin1", Coding::kLatin1},
    {"ibm819", Coding::kLatin1}, {"iso8859", Coding::kLatin1}, {"iso8859_1", Coding::kLatin1},
    {"iso_8859_1", Coding::kLatin1}, {"iso_8859_1_1987", Coding::kLatin1},
    {"iso_ir_100", Coding::kLatin1}, {"l1", Coding::kLatin1}, {"latin", Coding::kLatin1},
    {"latin1", Coding::kLatin1}, {"latin_1", Coding::kLatin1},
    {"646", Coding::kAscii}, {"ansi_x3.4_1968", Coding::kAscii}, {"ansi_x3.4_1986", Coding::kAscii},
    {"ansi_x3_4_1968", Coding::kAscii}, {"ascii", Coding::kAscii}, {"cp367", Coding::kAscii},
    {"csascii", Coding::kAscii}, {"ibm367", Coding::kAscii}, {"iso646_us", Coding::kAscii},
    {"iso_646.irv_1991", Coding::kAscii}, {"iso_ir_6", Coding::kAscii}, {"us", Coding::kAscii},
    {"us_ascii", Coding::kAscii},
    {"1252", Coding::kCp1252}, {"cp1252", Coding::kCp1252}, {"windows_1252", Coding::kCp1252},
    {"iso8859_15", Coding::kLatin9}, {"iso_8859_15", Coding::kLatin9}, {"l9", Coding::kLatin9},
    {"latin9", Coding::kLatin9},
    {"1125", Coding::kAsciiBased}, {"1250", Coding::kAsciiBased}, {"1251", Coding::kAsciiBased},
    {"1253", Coding::kAsciiBased}, {"1254", Coding::kAsciiBased}, {"1255", Coding::kAsciiBased},
    {"1256", Coding::kAsciiBased}, {"1257", Coding::kAsciiBased}, {"1258", Coding::kAsciiBased},
    {"437", Coding::kAsciiBased}, {"775", Coding::kAsciiBased}, {"850", Coding::kAsciiBased},
    {"852", Coding::kAsciiBased}, {"855", Coding::kAsciiBased}, {"857", Coding::kAsciiBased},
    {"858", Coding::kAsciiBased}, {"860", Coding::kAsciiBased}, {"861", Coding::kAsciiBased},
    {"862", Coding::kAsciiBased}, {"863", Coding::kAsciiBased}, {"865", Coding::kAsciiBased},
    {"866", Coding::kAsciiBased}, {"869", Coding::kAsciiBased}, {"932", Coding::kAsciiBased},
    {"936", Coding::kAsciiBased}, {"949", Coding::kAsciiBased}, {"950", Coding::kAsciiBased},
    {"arabic", Coding::kAsciiBased}, {"asmo_708", Coding::kAsciiBased},
    {"big5", Coding::kAsciiBased}, {"big5_hkscs", Coding::kAsciiBased},
    {"big5_tw", Coding::kAsciiBased}, {"big5hkscs", Coding::kAsciiBased},
    {"chinese", Coding::kAsciiBased}, {"cp1006", Coding::kAsciiBased},
    {"cp1051", Coding::kAsciiBased}, {"cp1125", Coding::kAsciiBased},
    {"cp1250", Coding::kAsciiBased}, {"cp1251", Coding::kAsciiBased},
    {"cp1253", Coding::kAsciiBased}, {"cp1254", Coding::kAsciiBased},
    {"cp1255", Coding::kAsciiBased}, {"cp1256", Coding::kAsciiBased},
    {"cp1257", Coding::kAsciiBased}, {"cp1258", Coding::kAsciiBased},
    {"cp1361", Coding::kAsciiBased}, {"cp154", Coding::kAsciiBased}, {"cp437", Coding::kAsciiBased},
    {"cp720", Coding::kAsciiBased}, {"cp737", Coding::kAsciiBased}, {"cp775", Coding::kAsciiBased},
    {"cp850", Coding::kAsciiBased}, {"cp852", Coding::kAsciiBased}, {"cp855", Coding::kAsciiBased},
    {"cp856", Coding::kAsciiBased}, {"cp857", Coding::kAsciiBased}, {"cp858", Coding::kAsciiBased},
    {"cp860", Coding::kAsciiBased}, {"cp861", Coding::kAsciiBased}, {"cp862", Coding::kAsciiBased},
    {"cp863", Coding::kAsciiBased}, {"cp865", Coding::kAsciiBased}, {"cp866", Coding::kAsciiBased},
    {"cp866u", Coding::kAsciiBased}, {"cp869", Coding::kAsciiBased}, {"cp874", Coding::kAsciiBased},
    {"cp932", Coding::kAsciiBased}, {"cp936", Coding::kAsciiBased}, {"cp949", Coding::kAsciiBased},
    {"cp950", Coding::kAsciiBased}, {"cp_gr", Coding::kAsciiBased}, {"cp_is", Coding::kAsciiBased},
    {"csHPRoman8", Coding::kAsciiBased}, {"csbig5", Coding::kAsciiBased},
    {"csibm855", Coding::kAsciiBased}, {"csibm857", Coding::kAsciiBased},
    {"csibm858", Coding::kAsciiBased}, {"csibm860", Coding::kAsciiBased},
    {"csibm861", Coding::kAsciiBased}, {"csibm863", Coding::kAsciiBased},
    {"csibm865", Coding::kAsciiBased}, {"csibm866", Coding::kAsciiBased},
    {"csibm869", Coding::kAsciiBased}, {"csiso58gb231280", Coding::kAsciiBased},
    {"csisolatin2", Coding::kAsciiBased}, {"csisolatin3", Coding::kAsciiBased},
    {"csisolatin4", Coding::kAsciiBased}, {"csisolatin5", Coding::kAsciiBased},
    {"csisolatin6", Coding::kAsciiBased}, {"csisolatinarabic", Coding::kAsciiBased},
    {"csisolatincyrillic", Coding::kAsciiBased}, {"csisolatingreek", Coding::kAsciiBased},
    {"csisolatinhebrew", Coding::kAsciiBased}, {"cskoi8r", Coding::kAsciiBased},
    {"cspc775baltic", Coding::kAsciiBased}, {"cspc850multilingual", Coding::kAsciiBased},
    {"cspc862latinhebrew", Coding::kAsciiBased}, {"cspc8codepage437", Coding::kAsciiBased},
    {"cspcp852", Coding::kAsciiBased}, {"csptcp154", Coding::kAsciiBased},
    {"csshiftjis", Coding::kAsciiBased}, {"cyrillic", Coding::kAsciiBased},
    {"cyrillic_asian", Coding::kAsciiBased}, {"ecma_114", Coding::kAsciiBased},
    {"ecma_118", Coding::kAsciiBased}, {"elot_928", Coding::kAsciiBased},
    {"euc_cn", Coding::kAsciiBased}, {"euc_jis2004", Coding::kAsciiBased},
    {"euc_jis_2004", Coding::kAsciiBased}, {"euc_jisx0213", Coding::kAsciiBased},
    {"euc_jp", Coding::kAsciiBased}, {"euc_kr", Coding::kAsciiBased},
    {"euccn", Coding::kAsciiBased}, {"eucgb2312_cn", Coding::kAsciiBased},
    {"eucjis2004", Coding::kAsciiBased}, {"eucjisx0213", Coding::kAsciiBased},
    {"eucjp", Coding::kAsciiBased}, {"euckr", Coding::kAsciiBased},
    {"gb18030", Coding::kAsciiBased}, {"gb18030_2000", Coding::kAsciiBased},
    {"gb2312", Coding::kAsciiBased}, {"gb2312_1980", Coding::kAsciiBased},
    {"gb2312_80", Coding::kAsciiBased}, {"gbk", Coding::kAsciiBased},
    {"greek", Coding::kAsciiBased}, {"greek8", Coding::kAsciiBased},
    {"hebrew", Coding::kAsciiBased}, {"hkscs", Coding::kAsciiBased},
    {"hp_roman8", Coding::kAsciiBased}, {"ibm1051", Coding::kAsciiBased},
    {"ibm1125", Coding::kAsciiBased}, {"ibm437", Coding::kAsciiBased},
    {"ibm775", Coding::kAsciiBased}, {"ibm850", Coding::kAsciiBased},
    {"ibm852", Coding::kAsciiBased}, {"ibm855", Coding::kAsciiBased},
    {"ibm857", Coding::kAsciiBased}, {"ibm858", Coding::kAsciiBased},
    {"ibm860", Coding::kAsciiBased}, {"ibm861", Coding::kAsciiBased},
    {"ibm862", Coding::kAsciiBased}, {"ibm863", Coding::kAsciiBased},
    {"ibm865", Coding::kAsciiBased}, {"ibm866", Coding::kAsciiBased},
    {"ibm869", Coding::kAsciiBased}, {"iso8859_10", Coding::kAsciiBased},
    {"iso8859_11", Coding::kAsciiBased}, {"iso8859_13", Coding::kAsciiBased},
    {"iso8859_14", Coding::kAsciiBased}, {"iso8859_16", Coding::kAsciiBased},
    {"iso8859_2", Coding::kAsciiBased}, {"iso8859_3", Coding::kAsciiBased},
    {"iso8859_4", Coding::kAsciiBased}, {"iso8859_5", Coding::kAsciiBased},
    {"iso8859_6", Coding::kAsciiBased}, {"iso8859_7", Coding::kAsciiBased},
    {"iso8859_8", Coding::kAsciiBased}, {"iso8859_9", Coding::kAsciiBased},
    {"iso_8859_10", Coding::kAsciiBased}, {"iso_8859_10_1992", Coding::kAsciiBased},
    {"iso_8859_11", Coding::kAsciiBased}, {"iso_8859_11_2001", Coding::kAsciiBased},
    {"iso_8859_13", Coding::kAsciiBased}, {"iso_8859_14", Coding::kAsciiBased},
    {"iso_8859_14_1998", Coding::kAsciiBased}, {"iso_8859_16", Coding::kAsciiBased},
    {"iso_8859_16_2001", Coding::kAsciiBased}, {"iso_8859_2", Coding::kAsciiBased},
    {"iso_8859_2_1987", Coding::kAsciiBased}, {"iso_8859_3", Coding::kAsciiBased},
    {"iso_8859_3_1988", Coding::kAsciiBased}, {"iso_8859_4", Coding::kAsciiBased},
    {"iso_8859_4_1988", Coding::kAsciiBased}, {"iso_8859_5", Coding::kAsciiBased},
    {"iso_8859_5_1988", Coding::kAsciiBased}, {"iso_8859_6", Coding::kAsciiBased},
    {"iso_8859_6_1987", Coding::kAsciiBased}, {"iso_8859_7", Coding::kAsciiBased},
    {"iso_8859_7_1987", Coding::kAsciiBased}, {"iso_8859_8", Coding::kAsciiBased},
    {"iso_8859_8_1988", Coding::kAsciiBased}, {"iso_8859_9", Coding::kAsciiBased},
    {"iso_8859_9_1989", Coding::kAsciiBased}, {"iso_celtic", Coding::kAsciiBased},
    {"iso_ir_101", Coding::kAsciiBased}, {"iso_ir_109", Coding::kAsciiBased},
    {"iso_ir_110", Coding::kAsciiBased}, {"iso_ir_126", Coding::kAsciiBased},
    {"iso_ir_127", Coding::kAsciiBased}, {"iso_ir_138", Coding::kAsciiBased},
    {"iso_ir_144", Coding::kAsciiBased}, {"iso_ir_148", Coding::kAsciiBased},
    {"iso_ir_157", Coding::kAsciiBased}, {"iso_ir_166", Coding::kAsciiBased},
    {"iso_ir_199", Coding::kAsciiBased}, {"iso_ir_226", Coding::kAsciiBased},
    {"iso_ir_58", Coding::kAsciiBased}, {"jisx0213", Coding::kAsciiBased},
    {"johab", Coding::kAsciiBased}, {"koi8_r", Coding::kAsciiBased},
    {"koi8_t", Coding::kAsciiBased}, {"koi8_u", Coding::kAsciiBased},
    {"korean", Coding::kAsciiBased}, {"ks_c_5601", Coding::kAsciiBased},
    {"ks_c_5601_1987", Coding::kAsciiBased}, {"ks_x_1001", Coding::kAsciiBased},
    {"ksc5601", Coding::kAsciiBased}, {"ksx1001", Coding::kAsciiBased},
    {"kz1048", Coding::kAsciiBased}, {"kz_1048", Coding::kAsciiBased}, {"l10", Coding::kAsciiBased},
    {"l2", Coding::kAsciiBased}, {"l3", Coding::kAsciiBased}, {"l4", Coding::kAsciiBased},
    {"l5", Coding::kAsciiBased}, {"l6", Coding::kAsciiBased}, {"l7", Coding::kAsciiBased},
    {"l8", Coding::kAsciiBased}, {"latin10", Coding::kAsciiBased}, {"latin2", Coding::kAsciiBased},
    {"latin3", Coding::kAsciiBased}, {"latin4", Coding::kAsciiBased},
    {"latin5", Coding::kAsciiBased}, {"latin6", Coding::kAsciiBased},
    {"latin7", Coding::kAsciiBased}, {"latin8", Coding::kAsciiBased},
    {"mac_arabic", Coding::kAsciiBased}, {"mac_centeuro", Coding::kAsciiBased},
    {"mac_croatian", Coding::kAsciiBased}, {"mac_cyrillic", Coding::kAsciiBased},
    {"mac_farsi", Coding::kAsciiBased}, {"mac_greek", Coding::kAsciiBased},
    {"mac_iceland", Coding::kAsciiBased}, {"mac_latin2", Coding::kAsciiBased},
    {"mac_roman", Coding::kAsciiBased}, {"mac_romanian", Coding::kAsciiBased},
    {"mac_turkish", Coding::kAsciiBased}, {"maccentraleurope", Coding::kAsciiBased},
    {"maccyrillic", Coding::kAsciiBased}, {"macgreek", Coding::kAsciiBased},
    {"maciceland", Coding::kAsciiBased}, {"macintosh", Coding::kAsciiBased},
    {"maclatin2", Coding::kAsciiBased}, {"macroman", Coding::kAsciiBased},
    {"macturkish", Coding::kAsciiBased}, {"ms1361", Coding::kAsciiBased},
    {"ms932", Coding::kAsciiBased}, {"ms936", Coding::kAsciiBased}, {"ms949", Coding::kAsciiBased},
    {"ms950", Coding::kAsciiBased}, {"ms_kanji", Coding::kAsciiBased},
    {"mskanji", Coding::kAsciiBased}, {"palmos", Coding::kAsciiBased},
    {"pt154", Coding::kAsciiBased}, {"ptcp154", Coding::kAsciiBased}, {"r8", Coding::kAsciiBased},
    {"rk1048", Coding::kAsciiBased}, {"roman8", Coding::kAsciiBased},
    {"ruscii", Coding::kAsciiBased}, {"s_jis", Coding::kAsciiBased},
    {"shift_jis", Coding::kAsciiBased}, {"shiftjis", Coding::kAsciiBased},
    {"sjis", Coding::kAsciiBased}, {"strk1048_2002", Coding::kAsciiBased},
    {"thai", Coding::kAsciiBased}, {"tis620", Coding::kAsciiBased},
    {"tis_620", Coding::kAsciiBased}, {"tis_620_0", Coding::kAsciiBased},
    {"tis_620_2529_0", Coding::kAsciiBased}, {"tis_620_2529_1", Coding::kAsciiBased},
    {"u_jis", Coding::kAsciiBased}, {"uhc", Coding::kAsciiBased}, {"ujis", Coding::kAsciiBased},
    {"windows_1250", Coding::kAsciiBased}, {"windows_1251", Coding::kAsciiBased},
    {"windows_1253", Coding::kAsciiBased}, {"windows_1254", Coding::kAsciiBased},
    {"windows_1255", Coding::kAsciiBased}, {"windows_1256", Coding::kAsciiBased},
    {"windows_1257", Coding::kAsciiBased}, {"windows_1258", Coding::kAsciiBased},
    {"x_mac_japanese", Coding::kAsciiBased}, {"x_mac_korean", Coding::kAsciiBased},
    {"x_mac_simp_chinese", Coding::kAsciiBased}, {"x_mac_trad_chinese", Coding::kAsciiBased},
};

// What cp1252 has from 0x80 to 0x9F; 0 for bytes that it does not have.
constexpr std::array<uint16_t, 32> kCp1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

constexpr std::string_view kMark = "\xEF\xBB\xBF";

char32_t CodePoint(unsigned char byte, Coding coding) {
  if (coding == Coding::kCp1252 && byte >= 0x80 && byte < 0xA0) return kCp1252[byte - 0x80U];
  if (coding != Coding::kLatin9) return byte;
  switch (byte) {
    case 0xA4:
      return 0x20AC;
    case 0xA6:
      return 0x160;
    case 0xA8:
      return 0x161;
    case 0xB4:
      return 0x17D;
    case 0xB8:
      return 0x17E;
    case 0xBC:
      return 0x152;
    case 0xBD:
      return 0x153;
    case 0xBE:
      return 0x178;
    default:
      return byte;
  }
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

// The encoding that a comment line declares: `coding`, a colon or an equals sign, and a name.
std::optional<std::string_view> DeclaredIn(std::string_view line) {
  size_t at = 0;
  while (at < line.size() && IsBlank(line[at])) ++at;
  if (at == line.size() || line[at] != '#') return std::nullopt;
  constexpr std::string_view kWord = "coding";
  for (at = line.find(kWord, at); at != std::string_view::npos; at = line.find(kWord, at + 1)) {
    size_t begin = at + kWord.size();
    if (begin == line.size() || (line[begin] != ':' && line[begin] != '=')) continue;
    ++begin;
    while (begin < line.size() && (line[begin] == ' ' || line[begin] == '\t')) ++begin;
    size_t end = begin;
    while (end < line.size() && IsNameCharacter(line[end])) ++end;
    if (end > begin) return line.substr(begin, end - begin);
  }
  return std::nullopt;
}

// Blank, or a comment: then the next line may declare the encoding.
bool MayPrecede(std::string_view line) {
  const auto* first = std::ranges::find_if_not(line, IsBlank);
  return first == line.end() || *first == '#';
}

std::optional<std::string_view> Declared(std::string_view text) {
  for (int line = 0; line < 2; ++line) {
    const size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view first = text.substr(0, end);
    if (const std::optional<std::string_view> name = DeclaredIn(first)) return name;
    if (!MayPrecede(first) || end == text.size()) return std::nullopt;
    text.remove_prefix(text.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
  return std::nullopt;
}

std::optional<Coding> CodingNamed(std::string_view name) {
  // The tokenizer's own names come first, whatever follows a hyphen.
  std::string own;
  for (const char c : name.substr(0, 12)) {
    own += c == '_' ? '-' : (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  auto is = [&](std::string_view known) {
    return own == known || own.starts_with(std::string(known) + '-');
  };
  if (is("utf-8")) return Coding::kUtf8;
  if (is("latin-1") || is("iso-8859-1") || is("iso-latin-1")) return Coding::kLatin1;
  std::string normalized;
  bool gap = false;
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-' || c == '_') {
      gap = true;
      continue;
    }
    if (gap && !normalized.empty()) normalized += '_';
    gap = false;
    normalized += c;
  }
  const auto* found = std::ranges::find(kCodings, normalized, &CodingName::name);
  return found == std::end(kCodings) ? std::nullopt : std::optional(found->coding);
}

Error At(std::string_view bytes, size_t offset, const std::string& path, std::string message,
         std::string advice) {
  // A file that starts with a mark, or has other line ends, has the same lines.
  const SourceFile file(path, std::string(bytes.substr(0, offset)));
  const SourceFile::LineColumn at = file.At(static_cast<uint32_t>(offset));
  return Error{{path, at.line, at.column, ""}, std::move(message), std::move(advice)};
}

std::string Hex(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return std::string("0x") + kDigits[byte >> 4U] + kDigits[byte & 0xFU];
}

}  // namespace

Result<std::optional<std::string>> DecodeSource(std::string_view bytes, const std::string& path) {
  constexpr std::string_view kAdvice = "save the file in the UTF-8 encoding";
  if (const size_t null = bytes.find('\0'); null != std::string_view::npos) {
    return At(bytes, null, path, "Python refuses source code with null bytes", "remove it");
  }
  const bool marked = bytes.starts_with(kMark);
  const std::optional<std::string_view> name =
      Declared(marked ? bytes.substr(kMark.size()) : bytes);
  const std::optional<Coding> coding = name ? CodingNamed(*name) : Coding::kUtf8;
  auto at_name = [&](std::string message) {
    return At(bytes, static_cast<size_t>(name->data() - bytes.data()), path, std::move(message),
              std::string(kAdvice) + ", without this declaration");
  };
  if (!coding) {
    return at_name("the file declares the encoding '" + std::string(*name) +
                   "', which is unknown, or in which Python may read another text than is seen here");
  }
  if (*coding == Coding::kUtf8) {
    if (Status utf8 = CheckUtf8(bytes, path); !utf8) return utf8.error();
    return std::optional<std::string>();
  }
  if (marked) {
    return at_name("the file begins with the mark of UTF-8, but declares the encoding '" +
                   std::string(*name) + "', which Python refuses");
  }
  if (IsAscii(bytes)) return std::optional<std::string>();
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte < 0x80) {
      text += bytes[i];
      continue;
    }
    const bool read = *coding != Coding::kAscii && *coding != Coding::kAsciiBased;
    const char32_t code_point = read ? CodePoint(byte, *coding) : 0;
    if (code_point == 0) {
      return At(bytes, i, path,
                "found byte " + Hex(byte) + ", which is not read in the declared encoding '" +
                    std::string(*name) + "'",
                std::string(kAdvice));
    }
    AppendUtf8(code_point, &text);
  }
  return std::optional(std::move(text));
}

}  // namespace wcheck::python
