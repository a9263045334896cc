#include "report/html_words.h"

#include <algorithm>

#include "analysis/key_map_words.h"
#include "support/printable.h"

namespace wcheck {
namespace {

std::string Html(std::string_view text) { return Escaped(text, Medium::kXml); }

// Escaped, with <wbr> before each dot except at the beginning.
std::string Breakable(std::string_view text, bool at_start) {
  std::string out;
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '.' || (i == 0 && at_start)) continue;
    // The dots of a range stay together.
    if ((i > 0 && text[i - 1] == '.') || (i + 1 < text.size() && text[i + 1] == '.')) continue;
    out += Html(text.substr(begin, i - begin)) + "<wbr>";
    begin = i;
  }
  return out + Html(text.substr(begin));
}

// The length of the longest common beginning that ends at a dot.
size_t CommonHead(std::string_view a, std::string_view b) {
  size_t head = 0;
  const size_t shorter = std::min(a.size(), b.size());
  for (size_t i = 0; i < shorter && a[i] == b[i]; ++i) {
    if (a[i] == '.' && !(i + 1 < a.size() && a[i + 1] == '.')) head = i + 1;
  }
  return head;
}

// The same for a common end that begins at a dot, in the rest.
size_t CommonTail(std::string_view a, std::string_view b) {
  size_t tail = 0;
  const size_t shorter = std::min(a.size(), b.size());
  for (size_t i = 1; i <= shorter && a[a.size() - i] == b[b.size() - i]; ++i) {
    const size_t at = a.size() - i;
    if (a[at] == '.' && !(at > 0 && a[at - 1] == '.')) tail = i;
  }
  return tail;
}

}  // namespace

std::string NameHtml(std::string_view name) { return Breakable(ShowName(name), true); }

std::string NameHtml(std::string_view name, std::string_view other) {
  const std::string shown = ShowName(name);
  const std::string against = ShowName(other);
  std::string_view text = shown;
  std::string_view rest = against;
  const size_t head = CommonHead(text, rest);
  const size_t tail = CommonTail(text.substr(head), rest.substr(head));
  const auto quiet = [](std::string_view part, bool at_start) {
    return part.empty() ? "" : "<i>" + Breakable(part, at_start) + "</i>";
  };
  return quiet(text.substr(0, head), true) +
         Breakable(text.substr(head, text.size() - head - tail), head == 0) +
         quiet(text.substr(text.size() - tail), false);
}

std::string SentenceHtml(std::string_view sentence) {
  const std::string shown = ShowSentence(sentence);
  std::string out;
  std::string_view rest = shown;
  while (true) {
    const size_t open = rest.find('`');
    const size_t close = open == std::string_view::npos ? open : rest.find('`', open + 1);
    if (close == std::string_view::npos) return out + Html(rest);
    out += Html(rest.substr(0, open)) + "<code>";
    out += Html(rest.substr(open + 1, close - open - 1)) + "</code>";
    rest.remove_prefix(close + 1);
  }
}

std::string ExtentText(const MapEnd& end) {
  std::string text = ShowCount(end.size(), "key", "keys");
  if (end.shape) text += (end.size() > 1 ? " of " : ", ") + ShowShape(*end.shape);
  return text;
}

size_t PrintableUnits(std::string_view text) {
  size_t units = 0;
  for (char c : Printable(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
  }
  return units;
}

std::string ScriptJson(std::string_view json) { return Escaped(json, Medium::kScript); }

}  // namespace wcheck
