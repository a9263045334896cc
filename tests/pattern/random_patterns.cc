#include "random_patterns.h"

namespace wcheck {
namespace {

class Generator {
 public:
  Generator(const PatternKind& kind, Random* random) : kind_(kind), random_(*random) {}

  std::string Generate() {
    std::string flags;
    if (kind_.flags && random_.OneIn(6)) {
      flags = random_.Pick({"(?i)", "(?s)", "(?m)", "(?a)", "(?im)", "(?is)", "(?ai)", "(?x)"});
    }
    return flags + Alternation(3);
  }

 private:
  std::string Alternation(int depth) {
    std::string out = Sequence(depth);
    while (random_.OneIn(4)) out += '|' + Sequence(depth);
    return out;
  }

  std::string Sequence(int depth) {
    std::string out;
    for (uint32_t n = random_.Below(5); n > 0; --n) out += Item(depth);
    return out;
  }

  std::string Item(int depth) {
    switch (random_.Below(16)) {
      case 0:
      case 1:
        if (depth > 0) return Group(depth - 1) + Repeat();
        break;
      case 2:
        return std::string(random_.Pick({"^", "$", "\\b", "\\B", "\\A", "\\Z"}));
      case 3:
        if (kind_.lookaround && depth > 0) return Look(depth - 1);
        break;
      case 4:
        if (kind_.references && groups_ > 0) return Reference(depth - 1);
        break;
      case 5:
        return std::string(random_.Pick({"ab", "0.", "a1.", "bb"}));
      default:
        break;
    }
    return Atom() + Repeat();
  }

  std::string Atom() {
    switch (random_.Below(10)) {
      case 0:
        return Set();
      case 1:
        return std::string(random_.Pick({"\\d", "\\w", "\\s", "\\D", "\\W", "\\S"}));
      case 2:
        return ".";
      case 3:
        return std::string(random_.Pick({"\\.", "\\x61", "\\060", "\\u0062", "\\n", "\\_", "\\t",
                                         "\\U00000063", "\\0", "\\101"}));
      case 4:
        if (kind_.non_ascii) return NonAscii();
        break;
      default:
        break;
    }
    return std::string(
        random_.Pick({"a", "b", "c", "A", "0", "1", "2", "_", "\\.", "k", "s", "i"}));
  }

  std::string NonAscii() {
    return std::string(random_.Pick({"\u00e9", "\u00c9", "\u212a", "\u017f", "\u0660", "\u00a0",
                                     "\u0131", "\u0130", "\U0001f600"}));
  }

  std::string Set() {
    std::string out = random_.OneIn(3) ? "[^" : "[";
    for (uint32_t n = 1 + random_.Below(3); n > 0; --n) {
      switch (random_.Below(8)) {
        case 0:
          out += random_.Pick({"a-c", "0-3", "A-Z", "a-z0-9", "1-2", "+-/", "\\x30-\\x39"});
          break;
        case 1:
          out += random_.Pick({"\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "\\b", "\\]"});
          break;
        case 2:
          if (kind_.non_ascii) {
            out += random_.OneIn(3) ? "\u00c0-\u00ff" : NonAscii();
            break;
          }
          [[fallthrough]];
        default:
          out += random_.Pick({"a", "b", "0", "1", ".", "_", "\\n", "k", "s", "i", "^", "-"});
      }
    }
    return out + ']';
  }

  std::string Repeat() {
    if (!random_.OneIn(4)) return "";
    std::string out(
        random_.Pick({"*", "+", "?", "{2}", "{1,2}", "{,2}", "{1,}", "{0}", "{a", "{"}));
    if (out == "{a" || out == "{") return random_.OneIn(3) ? out : "";
    if (random_.OneIn(4))
      out += '?';
    else if (random_.OneIn(12))
      out += '+';
    return out;
  }

  std::string Group(int depth) {
    switch (random_.Below(10)) {
      case 0:
      case 1:
        return "(?:" + Alternation(depth) + ")";
      case 2:
        if (kind_.flags) {
          return "(?" + std::string(random_.Pick({"i", "s", "m", "a", "-i", "s-i", "i-m", "x"})) +
                 ":" + Alternation(depth) + ")";
        }
        break;
      case 3:
        if (random_.OneIn(2)) return "(?>" + Alternation(depth) + ")";
        break;
      case 4: {
        std::string name = "n" + std::to_string(groups_ + 1);
        return Capture("(?P<" + name + ">", depth);
      }
      case 5:
        return "(?#note)" + Atom();
      default:
        break;
    }
    return Capture("(", depth);
  }

  std::string Capture(std::string_view open, int depth) {
    // References name closed groups only, mostly: the number is taken when the group is closed.
    ++opened_;
    std::string out = std::string(open) + Alternation(depth) + ")";
    groups_ = opened_;
    return out;
  }

  std::string Look(int depth) {
    std::string open(random_.Pick({"(?=", "(?!", "(?<=", "(?<!"}));
    if (open.size() == 3) return open + Alternation(depth) + ")";
    // Fixed width, mostly.
    std::string body;
    for (uint32_t n = random_.Below(3); n > 0; --n) body += Atom();
    if (random_.OneIn(6)) body = Atom() + "|" + Atom();
    if (random_.OneIn(8)) body += random_.Pick({"{2}", "\\b", "^", "(a)", "(?:b|c)", "*", "(?=a)"});
    return open + body + ")";
  }

  std::string Reference(int depth) {
    std::string number = std::to_string(1 + random_.Below(groups_));
    if (random_.OneIn(2) || depth < 0) return "\\" + number;
    std::string out = "(?(" + number + ")" + Sequence(depth);
    if (random_.OneIn(2)) out += "|" + Sequence(depth);
    return out + ")";
  }

  const PatternKind& kind_;
  Random& random_;
  uint32_t opened_ = 0;
  uint32_t groups_ = 0;
};

}  // namespace

std::string RandomPattern(const PatternKind& kind, Random* random) {
  return Generator(kind, random).Generate();
}

std::string Mutate(std::string pattern, Random* random) {
  static const std::vector<std::string_view> kPieces = {
      "(",          ")",       "[",      "]",     "{",
      "}",          "*",       "+",      "?",     "|",
      "\\",         "^",       "$",      ".",     "-",
      "(?",         "(?P<",    "(?P=",   "(?P",   "(?<",
      "(?(1)",      "(?(",     "(?i)",   "(?-",   "(?L)",
      "(?i-i:",     "(?-a:x)", "(?u:",   "(?#",   "\\q",
      "\\x",        "\\x4",    "\\u12",  "\\8",   "\\1",
      "\\12",       "\\400",   "\\N{",   "[z-a]", "[a-\\d]",
      "{2,1}",      "{2}",     "**",     "(?<=",  "(?<=a+",
      "(?P<1>",     "(?P<a>)", "(?P=a)", "(?au)", "\\Z",
      "(?!)",       "(?>",     "a++",    "\\U",   "{99999999999}",
      "(?P<n1>",    "(?(n1)",  "\u00e9", "(?x:",  "#",
      " ",          "\n",      "[]",     "[^]",   "[\\A]",
      "\\U00110000"};
  for (uint32_t n = 1 + random->Below(3); n > 0; --n) {
    // Whole characters only: patterns are UTF-8.
    size_t at = random->Below(static_cast<uint32_t>(pattern.size() + 1));
    while (at < pattern.size() && (static_cast<unsigned char>(pattern[at]) & 0xC0) == 0x80) ++at;
    size_t end = at < pattern.size() ? at + 1 : at;
    while (end < pattern.size() && (static_cast<unsigned char>(pattern[end]) & 0xC0) == 0x80) ++end;
    switch (random->Below(4)) {
      case 0:
        pattern.erase(at, end - at);
        break;
      case 1:
        pattern.insert(at, pattern.substr(at, end - at));
        break;
      default:
        pattern.insert(at, random->Pick(kPieces));
    }
  }
  return pattern;
}

std::string RandomText(bool non_ascii, Random* random) {
  std::string out;
  for (uint32_t n = random->Below(13); n > 0; --n) {
    if (non_ascii && random->OneIn(8)) {
      out += random->Pick({"\u00e9", "\u00c9", "\u212a", "\u017f", "\u0660", "\u00a0", "\u0131",
                           "\u0130", "\U0001f600", "\u2028"});
    } else if (random->OneIn(12)) {
      out += random->Pick({"\n", " ", "\x1c", "\t", "\x7f"});
    } else {
      out += random->Pick(
          {"a", "a", "b", "b", "c", "A", "0", "1", "2", "_", ".", ".", "k", "K", "s", "i", "I"});
    }
  }
  return out;
}

std::string RandomKey(Random* random) {
  std::string out;
  for (uint32_t n = 1 + random->Below(5); n > 0; --n) {
    if (!out.empty()) out += '.';
    out += random->Pick({"a", "ab", "b1", "1a", "0", "1", "2", "12", "10", "a_0", "layers", "w1",
                         "123", "", "0b", "_"});
  }
  return out;
}

}  // namespace wcheck
