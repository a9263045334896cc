// Writes and reads lines of a lock. A target repeats much of the key's name, so common parts at
// both ends are abbreviated by their number, which keeps lines short and diffs readable.
#include "compare/lock_lines.h"

#include <algorithm>
#include <charconv>

#include "compare/fates.h"
#include "compare/name_set.h"
#include "support/printable.h"
#include "support/utf8.h"

namespace wcheck {
namespace {

constexpr std::string_view kNothing = "nothing";
constexpr std::string_view kGoesTo = " > ";
constexpr std::string_view kBy = " by ";

// Escapes what has a meaning in a line, what would start a command in a log, and what no reader would
// see.
void AppendEscaped(std::string_view text, std::string* out) {
  constexpr char kHex[] = "0123456789abcdef";
  for (size_t length = 1; !text.empty(); text.remove_prefix(length)) {
    length = 1;
    const auto first = static_cast<unsigned char>(text[0]);
    bool escape = first <= 0x20 || first == 0x7F || (first == ':' && out->empty()) ||
                  std::string_view("\\{}~@?=!#>").find(text[0]) != std::string_view::npos;
    if (first >= 0x80) {
      DecodeUtf8(text, &length);
      escape = Printable(text.substr(0, length)) != text.substr(0, length);
    }
    for (const char c : text.substr(0, length)) {
      const auto byte = static_cast<unsigned char>(c);
      if (escape) {
        *out += "\\x";
        *out += kHex[byte >> 4];
        *out += kHex[byte & 0xF];
      } else {
        *out += c;
      }
    }
  }
}

std::optional<std::string> Unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    unsigned value = 0;
    if (i + 4 > text.size() || text[i + 1] != 'x') return std::nullopt;
    const auto [end, error] = std::from_chars(text.data() + i + 2, text.data() + i + 4, value, 16);
    if (error != std::errc() || end != text.data() + i + 4) return std::nullopt;
    out += static_cast<char>(value);
    i += 3;
  }
  return out;
}

std::optional<uint32_t> ParseNumber(std::string_view text) {
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "0...3,7".
std::optional<IndexSet> ParseSet(std::string_view text) {
  std::vector<IndexRange> ranges;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    const std::string_view range = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const size_t dots = range.find("...");
    const std::optional<uint32_t> first = ParseNumber(range.substr(0, dots));
    const std::optional<uint32_t> last =
        dots == std::string_view::npos ? first : ParseNumber(range.substr(dots + 3));
    if (!first || !last || *last < *first) return std::nullopt;
    ranges.push_back({*first, *last});
  }
  if (ranges.empty()) return std::nullopt;
  return IndexSet::FromRanges(std::move(ranges));
}

// The parts of a name between dots; dots inside the braces of a set do not count.
std::vector<std::string_view> Parts(std::string_view name) {
  std::vector<std::string_view> parts;
  size_t begin = 0;
  bool inside = false;
  for (size_t i = 0; i <= name.size(); ++i) {
    if (i < name.size()) {
      inside = name[i] == '{' || (inside && name[i] != '}');
      if (inside || name[i] != '.') continue;
    }
    parts.push_back(name.substr(begin, i - begin));
    begin = i + 1;
  }
  return parts;
}

std::string Join(std::span<const std::string_view> parts) {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) (out += i == 0 ? "" : ".") += parts[i];
  return out;
}

// "2~.new.~4": the first two parts and the last four are those of `name`.
std::string Shortened(std::string_view target, std::string_view name) {
  const std::vector<std::string_view> a = Parts(target);
  const std::vector<std::string_view> b = Parts(name);
  const size_t most = std::min(a.size(), b.size());
  size_t tail = 0;
  while (tail < most && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  size_t head = 0;
  while (head < most - tail && a[head] == b[head]) ++head;
  std::vector<std::string> parts;
  if (head > 0) parts.push_back(std::to_string(head) + '~');
  for (size_t i = head; i < a.size() - tail; ++i) parts.emplace_back(a[i]);
  if (tail > 0) parts.push_back('~' + std::to_string(tail));
  const std::vector<std::string_view> views(parts.begin(), parts.end());
  return Join(views);
}

std::optional<std::string> Lengthened(std::string_view target, std::string_view name) {
  const std::vector<std::string_view> names = Parts(name);
  std::vector<std::string_view> out;
  for (const std::string_view part : Parts(target)) {
    const bool head = part.ends_with('~');
    const bool tail = part.starts_with('~');
    if (!head && !tail) {
      out.push_back(part);
      continue;
    }
    const std::optional<uint32_t> count =
        ParseNumber(head ? part.substr(0, part.size() - 1) : part.substr(1));
    if (!count || *count > names.size()) return std::nullopt;
    const auto from = head ? names.begin() : names.end() - *count;
    out.insert(out.end(), from, from + *count);
  }
  return Join(out);
}

std::string LockShape(std::span<const int64_t> shape) {
  std::string out = "[";
  for (size_t i = 0; i < shape.size(); ++i) out += (i == 0 ? "" : ",") + std::to_string(shape[i]);
  return out + ']';
}

std::optional<std::vector<int64_t>> ParseShape(std::string_view text) {
  std::vector<int64_t> shape;
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    int64_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + comma, size);
    if (error != std::errc() || end != text.data() + comma) return std::nullopt;
    shape.push_back(size);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return shape;
}

void AddUnsetKeys(const Simulation& s, std::vector<std::string>* lines) {
  const NameSet filled(s.loaded.tensors);
  for (const LayoutFamily& family : s.layout->families) {
    for (const IndexBox& box : filled.Outside(family.pattern, family.numbers)) {
      lines->push_back("? " + LockName(family.pattern, box));
    }
  }
}

std::string OneLine(const std::string& text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return out;
}

}  // namespace

std::string LockText(std::string_view text) {
  std::string out;
  AppendEscaped(text, &out);
  return out;
}

std::optional<std::string> ParseLockText(std::string_view text) { return Unescaped(text); }

std::string LockName(std::string_view pattern, std::span<const IndexSet> numbers) {
  std::string out;
  size_t hole = 0;
  for (size_t begin = 0; begin <= pattern.size();) {
    const size_t end = std::min(pattern.find(kHole, begin), pattern.size());
    AppendEscaped(pattern.substr(begin, end - begin), &out);
    if (end < pattern.size()) {
      const IndexSet& set = numbers[hole++];
      const std::string text = set.ToString();
      out += set.size() == 1 ? text : '{' + text + '}';
    }
    begin = end + 1;
  }
  return out;
}

// A number without braces is a hole with one value, as in any key.
std::optional<LockFamily> ParseLockName(std::string_view text) {
  LockFamily family;
  bool first = true;
  for (const std::string_view part : Parts(text)) {
    if (!first) family.pattern += '.';
    first = false;
    std::optional<IndexSet> set;
    if (part.starts_with('{')) {
      if (!part.ends_with('}')) return std::nullopt;
      set = ParseSet(part.substr(1, part.size() - 2));
      if (!set) return std::nullopt;
    } else if (SplitKey split = SplitNumbers(part); split.numbers.size() == 1) {
      set = IndexSet(split.numbers[0], split.numbers[0]);
    }
    if (set) {
      family.pattern += kHole;
      family.numbers.push_back(std::move(*set));
      continue;
    }
    const std::optional<std::string> plain = Unescaped(part);
    if (!plain) return std::nullopt;
    family.pattern += *plain;
  }
  return family;
}

std::optional<LockedKeys> ParseLockedKeys(std::string_view line) {
  if (line.empty() || std::string_view("?=!").find(line[0]) != std::string_view::npos) {
    return std::nullopt;
  }
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  LockedKeys keys;
  keys.name = line.substr(0, space);
  std::optional<LockFamily> family = ParseLockName(keys.name);
  const size_t bracket = line.find(']', space);
  if (!family || bracket == std::string_view::npos) return std::nullopt;
  keys.family = std::move(*family);
  std::optional<std::vector<int64_t>> shape = ParseShape(line.substr(space + 1, bracket - space));
  if (!shape) return std::nullopt;
  keys.shape = std::move(*shape);
  std::string_view rest = line.substr(bracket + 1);
  keys.target = keys.name;
  if (rest.empty()) return keys;
  if (!rest.starts_with(kGoesTo)) return std::nullopt;
  rest.remove_prefix(kGoesTo.size());
  const size_t by = rest.find(kBy);
  if (by != std::string_view::npos) {
    keys.recipe = rest.substr(by + kBy.size());
    rest = rest.substr(0, by);
  }
  if (rest == kNothing) {
    keys.target.clear();
    return keys;
  }
  std::optional<std::string> target = Lengthened(rest, keys.name);
  if (!target) return std::nullopt;
  keys.target = std::move(*target);
  return keys;
}

bool IsLockLine(std::string_view line) {
  if (line.starts_with("! ")) return true;
  if (line.starts_with("? ")) return ParseLockName(line.substr(2)).has_value();
  if (line.starts_with("= ")) return line.find(kGoesTo) != std::string_view::npos;
  return ParseLockedKeys(line).has_value();
}

// One line per trace of the load, so that families which the engine treats alike stay one line.
// Sorting makes the lines independent of how families were cut.
std::vector<std::string> LockLines(const Simulation& s) {
  std::vector<std::string> lines;
  const auto raises = [&](const char* what, const std::optional<EngineError>& error) {
    if (error) lines.push_back(std::string("! ") + what + " raises " + OneLine(error->ToString()));
  };
  raises("saving", s.saved.error);
  if (!s.saved.error) raises("saving a loaded model", s.save_loaded.error);
  if (s.has_checkpoint) {
    raises("loading", s.load.error);
    for (const Production& p : s.loaded.productions) raises("an operation", p.error);
    const Recipes recipes(s.loaded);
    for (uint32_t t = 0; t < s.load.traces.size(); ++t) {
      const Trace& trace = s.load.traces[t];
      const LayoutFamily& family = s.load.families[trace.family];
      const std::string name = LockName(family.pattern, trace.members);
      std::string line = name + ' ' + LockShape(family.shape);
      if (!trace.in_model) {
        line += std::string(kGoesTo) + std::string(kNothing);
      } else {
        const Name reached = s.load.NameOf(trace);
        const std::string target = LockName(reached.pattern, reached.Numbers(trace.members));
        const bool claimed = trace.claim >= 0;
        if (claimed || target != name) line += std::string(kGoesTo) + Shortened(target, name);
        if (claimed) line += std::string(kBy) + OneLine(recipes.Of(t).ToString());
      }
      lines.push_back(std::move(line));
    }
    if (!s.load.error) AddUnsetKeys(s, &lines);
  }
  raises("loading the model's own names", s.reload.error);
  for (const Trace& trace : s.reload.traces) {
    if (!trace.changed()) continue;
    const Name reached = s.reload.NameOf(trace);
    lines.push_back("= " + LockName(s.reload.families[trace.family].pattern, trace.members) +
                    std::string(kGoesTo) +
                    LockName(reached.pattern, reached.Numbers(trace.members)));
  }
  std::ranges::sort(lines);
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

}  // namespace wcheck
