// Methods of str.
#include <algorithm>
#include <functional>

#include "python/interpreter.h"
#include "python/limits.h"
#include "python/unicode.h"

namespace wcheck::python {
namespace {

constexpr std::string_view kSpace = " \t\n\r\v\f";

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlpha(char c) { return IsLower(c) || IsUpper(c); }
char Lower(char c) { return IsUpper(c) ? static_cast<char>(c + 32) : c; }
char Upper(char c) { return IsLower(c) ? static_cast<char>(c - 32) : c; }

std::string Map(std::string text, char (*change)(char)) {
  std::transform(text.begin(), text.end(), text.begin(), change);
  return text;
}

// lower(), upper(), title() …: for ASCII text only; false if the name is none of them.
bool ChangeCase(const std::string& text, std::string_view name, std::string* out) {
  if (name == "lower" || name == "casefold") {
    *out = Map(text, Lower);
  } else if (name == "upper") {
    *out = Map(text, Upper);
  } else if (name == "swapcase") {
    *out = Map(text, [](char c) { return IsLower(c) ? Upper(c) : Lower(c); });
  } else if (name == "capitalize") {
    *out = Map(text, Lower);
    if (!out->empty()) (*out)[0] = Upper((*out)[0]);
  } else if (name == "title") {
    bool inside = false;
    for (char c : text) {
      *out += inside ? Lower(c) : Upper(c);
      inside = IsAlpha(c);
    }
  } else {
    return false;
  }
  return true;
}

// isdigit() and similar methods, for ASCII text only; -1 if the name is none of them.
int Question(const std::string& text, std::string_view name) {
  auto all = [&](bool (*is)(char)) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is) ? 1 : 0;
  };
  if (name == "isdigit" || name == "isdecimal" || name == "isnumeric") return all(IsAsciiDigit);
  if (name == "isalpha") return all(IsAlpha);
  if (name == "isalnum") return all([](char c) { return IsAlpha(c) || IsAsciiDigit(c); });
  if (name == "isspace")
    return all([](char c) { return kSpace.find(c) != std::string_view::npos; });
  if (name == "islower" || name == "isupper") {
    bool lower = name == "islower";
    bool cased = std::any_of(text.begin(), text.end(), IsAlpha);
    bool wrong = std::any_of(text.begin(), text.end(), lower ? IsUpper : IsLower);
    return cased && !wrong ? 1 : 0;
  }
  if (name == "isidentifier") {
    bool ok = !text.empty() && !IsAsciiDigit(text[0]) &&
              std::all_of(text.begin(), text.end(),
                          [](char c) { return IsAlpha(c) || IsAsciiDigit(c) || c == '_'; });
    return ok ? 1 : 0;
  }
  return -1;
}

// The code points of `chars`, for strip().
bool InSet(std::string_view chars, std::string_view one) {
  for (size_t at = 0; at < chars.size(); at += CodePointBytes(chars[at])) {
    if (chars.substr(at, CodePointBytes(chars[at])) == one) return true;
  }
  return false;
}

std::string Strip(std::string_view text, std::string_view chars, bool left, bool right) {
  while (left && !text.empty()) {
    size_t bytes = CodePointBytes(text[0]);
    if (!InSet(chars, text.substr(0, bytes))) break;
    text.remove_prefix(bytes);
  }
  while (right && !text.empty()) {
    size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
    if (!InSet(chars, text.substr(at))) break;
    text = text.substr(0, at);
  }
  return std::string(text);
}

size_t CountOf(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; at += part.size()) {
    ++count;
  }
  return count;
}

std::vector<std::string> SplitOn(std::string_view text, std::string_view separator, int64_t limit) {
  std::vector<std::string> parts;
  while (limit != 0) {
    size_t at = text.find(separator);
    if (at == std::string_view::npos) break;
    parts.emplace_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
    --limit;
  }
  parts.emplace_back(text);
  return parts;
}

std::vector<std::string> SplitOnFromRight(std::string_view text, std::string_view separator,
                                          int64_t limit) {
  std::vector<std::string> parts;
  while (limit != 0) {
    size_t at = text.rfind(separator);
    if (at == std::string_view::npos) break;
    parts.emplace_back(text.substr(at + separator.size()));
    text = text.substr(0, at);
    --limit;
  }
  parts.emplace_back(text);
  std::reverse(parts.begin(), parts.end());
  return parts;
}

std::vector<std::string> SplitOnSpace(std::string_view text, int64_t limit) {
  std::vector<std::string> parts;
  while (true) {
    size_t start = text.find_first_not_of(kSpace);
    if (start == std::string_view::npos) return parts;
    text.remove_prefix(start);
    size_t end = limit == 0 ? std::string_view::npos : text.find_first_of(kSpace);
    if (end == std::string_view::npos) {
      parts.push_back(Strip(text, kSpace, false, limit == 0));
      return parts;
    }
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
    --limit;
  }
}

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    size_t end = text.find_first_of("\r\n");
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    bool both = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
    text.remove_prefix(end + (both ? 2 : 1));
  }
  return lines;
}

std::string Replace(const std::string& text, const std::string& from, const std::string& to,
                    int64_t limit) {
  std::string out;
  size_t at = 0;
  if (from.empty()) {
    // Between all characters, and at both ends.
    for (; limit != 0; --limit) {
      out += to;
      if (at >= text.size()) return out;
      size_t bytes = CodePointBytes(text[at]);
      out += text.substr(at, bytes);
      at += bytes;
    }
    return out + text.substr(at);
  }
  for (; limit != 0; --limit) {
    size_t found = text.find(from, at);
    if (found == std::string::npos) break;
    out += text.substr(at, found - at) + to;
    at = found + from.size();
  }
  return out + text.substr(at);
}

}  // namespace

Value Interpreter::StrMethod(const Value& self, std::string_view name, Arguments& arguments,
                             const Node& node) {
  const std::string& text = self.text();
  std::vector<Value>& given = arguments.positional;
  if (name == "format") return StrFormat(text, arguments, node);
  if (arguments.unknown != nullptr) return OpaqueValue(arguments.unknown, node);
  for (const Value& v : given) {
    if (v.opaque()) return v;
  }
  if (!Work(WorkOf(text.size()), node)) return Value::None();
  auto is_str = [&](size_t i) { return i < given.size() && given[i].Is(Type::kStr); };
  auto wrong = [&] {
    return NoSuchCall(self, name, node);
  };
  auto strings = [&](const std::vector<std::string>& parts) {
    std::vector<Value> items;
    items.reserve(parts.size());
    for (const std::string& part : parts) items.push_back(NewStr(part, node));
    return NewList(Type::kList, std::move(items), node);
  };
  auto number = [&](size_t i, int64_t otherwise) {
    return i < given.size() && given[i].IsInteger() ? given[i].integer : otherwise;
  };
  auto keyword = [&](std::string_view wanted, size_t slot) {
    for (const auto& [key, value] : arguments.keywords) {
      if (key != wanted) continue;
      while (given.size() <= slot) given.push_back(Value::None());
      given[slot] = value;
    }
  };

  // The others look for their first argument.
  if (is_str(0) && !SearchWork(text, given[0].text(), node)) return Value::None();
  if ((name == "split" || name == "rsplit" || name == "splitlines") &&
      text.size() > kMaxLiteralBytes) {
    return Unsupported("splitting a string of more than 1 MiB cannot be evaluated", node);
  }

  if (name == "replace") {
    keyword("count", 2);
    if (!is_str(0) || !is_str(1)) return wrong();
    const std::string& from = given[0].text();
    const std::string& to = given[1].text();
    uint64_t matches = from.empty() ? text.size() + 1 : text.size() / from.size();
    if (!to.empty() && matches > kMaxValueBytes / to.size()) {
      // The estimate may be far too large: count the exact size.
      matches = from.empty() ? matches : CountOf(text, from);
      if (!Charge(matches * to.size(), node)) return Value::None();
    }
    return NewStr(Replace(text, from, to, number(2, -1)), node);
  }
  if (name == "startswith" || name == "endswith") {
    if (given.size() != 1)
      return given.empty() ? wrong() : Unsupported("this call cannot be evaluated", node);
    std::vector<Value> options = {given[0]};
    if (given[0].Is(Type::kTuple)) options = given[0].AsList()->items;
    if (!Work(options.size(), node)) return Value::None();
    for (const Value& option : options) {
      if (option.opaque()) return option;
      if (!option.Is(Type::kStr)) return wrong();
      if (name == "startswith" ? text.starts_with(option.text()) : text.ends_with(option.text())) {
        return Value::Bool(true).At(node);
      }
    }
    return Value::Bool(false).At(node);
  }
  if (name == "removeprefix" || name == "removesuffix") {
    if (!is_str(0)) return wrong();
    const std::string& part = given[0].text();
    if (name == "removeprefix") {
      return NewStr(text.starts_with(part) ? text.substr(part.size()) : text, node);
    }
    return NewStr(text.ends_with(part) ? text.substr(0, text.size() - part.size()) : text, node);
  }
  if (name == "strip" || name == "lstrip" || name == "rstrip") {
    std::string_view chars = is_str(0) ? std::string_view(given[0].text()) : kSpace;
    if (!Work(WorkOf(text.size()) * (chars.size() / 8), node)) return Value::None();
    return NewStr(Strip(text, chars, name != "rstrip", name != "lstrip"), node);
  }
  if (name == "split" || name == "rsplit") {
    keyword("sep", 0);
    keyword("maxsplit", 1);
    int64_t limit = number(1, -1);
    if (given.empty() || given[0].none()) {
      if (name == "rsplit" && limit >= 0) return Unsupported("this call cannot be evaluated", node);
      return strings(SplitOnSpace(text, limit));
    }
    if (!is_str(0)) return wrong();
    if (given[0].text().empty()) return Raise("ValueError", "empty separator", node);
    if (!SearchWork(text, given[0].text(), node)) return Value::None();
    return strings(name == "split" ? SplitOn(text, given[0].text(), limit)
                                   : SplitOnFromRight(text, given[0].text(), limit));
  }
  if (name == "splitlines" && given.empty()) return strings(SplitLines(text));
  if (name == "partition" || name == "rpartition") {
    if (!is_str(0)) return wrong();
    const std::string& separator = given[0].text();
    if (separator.empty()) return Raise("ValueError", "empty separator", node);
    bool first = name == "partition";
    size_t at = first ? text.find(separator) : text.rfind(separator);
    std::vector<Value> parts;
    if (at == std::string::npos) {
      parts = {NewStr(first ? text : "", node), NewStr("", node), NewStr(first ? "" : text, node)};
    } else {
      parts = {NewStr(text.substr(0, at), node), NewStr(separator, node),
               NewStr(text.substr(at + separator.size()), node)};
    }
    return NewList(Type::kTuple, std::move(parts), node);
  }
  if (name == "join") {
    if (given.size() != 1) return wrong();
    Opaque* unknown = nullptr;
    std::string out;
    bool first = true;
    Value failure = Value::None();
    for (const Value& item : Items(given[0], node, &unknown)) {
      if (item.opaque()) unknown = item.AsOpaque();
      if (!item.Is(Type::kStr)) {
        if (!item.opaque()) {
          failure =
              Raise("TypeError",
                    "sequence item: expected str instance, " + TypeName(item) + " found", node);
        }
        continue;
      }
      if (!first) out += text;
      first = false;
      out += item.text();
      if (!Charge(item.text().size() + text.size(), node)) return Value::None();
    }
    if (failure.opaque()) return failure;
    if (unknown != nullptr) return OpaqueValue(unknown, node);
    return NewStr(std::move(out), node);
  }
  if (name == "find" || name == "rfind" || name == "index" || name == "rindex" || name == "count") {
    if (given.size() != 1 || !is_str(0))
      return given.size() > 1 ? Unsupported("this call cannot be evaluated", node) : wrong();
    const std::string& part = given[0].text();
    if (name == "count") {
      int64_t count = part.empty() ? LengthOf(self) + 1
                                   : static_cast<int64_t>(CountOf(text, part));
      return Value::Int(count).At(node);
    }
    size_t at = name[0] == 'r' ? text.rfind(part) : text.find(part);
    if (at != std::string::npos) {
      return Value::Int(CountCodePoints(std::string_view(text).substr(0, at))).At(node);
    }
    if (name.ends_with("index")) return Raise("ValueError", "substring not found", node);
    return Value::Int(-1).At(node);
  }
  if (name == "zfill" || name == "ljust" || name == "rjust" || name == "center") {
    int64_t width = number(0, 0);
    int64_t missing = width - LengthOf(self);
    std::string fill = name == "zfill" ? "0" : is_str(1) ? given[1].text() : " ";
    if (missing <= 0) return self.At(node);
    // The product of the two may be beyond 64 bits.
    const auto characters = std::min<uint64_t>(static_cast<uint64_t>(missing), kMaxValueBytes + 1);
    if (!Charge(characters * fill.size(), node)) return Value::None();
    // center() puts the odd character to the left if the width is odd, as Python does.
    int64_t before = name == "ljust"    ? 0
                     : name == "center" ? missing / 2 + (missing & width & 1)
                                        : missing;
    std::string out;
    bool sign = name == "zfill" && !text.empty() && (text[0] == '-' || text[0] == '+');
    if (sign) out += text[0];
    for (int64_t i = 0; i < before; ++i) out += fill;
    out += sign ? text.substr(1) : text;
    for (int64_t i = before; i < missing; ++i) out += fill;
    return NewStr(std::move(out), node);
  }
  if (name == "format_map" && given.size() == 1 && given[0].Is(Type::kDict)) {
    Arguments as_keywords;
    for (const DictItem& item : given[0].AsDict()->items) {
      if (item.live && item.key.Is(Type::kStr)) {
        as_keywords.keywords.emplace_back(item.key.text(), item.value);
      }
    }
    as_keywords.unknown = UnknownPart(given[0]);
    return StrFormat(text, as_keywords, node);
  }
  std::string changed;
  bool ascii = IsAscii(text);
  if (ascii && ChangeCase(text, name, &changed)) return NewStr(std::move(changed), node);
  if (int answer = ascii ? Question(text, name) : -1; answer >= 0) {
    return Value::Bool(answer != 0).At(node);
  }
  if (name == "isascii") return Value::Bool(ascii).At(node);
  return Unsupported("the str method '" + std::string(name) + "' cannot be evaluated here", node);
}

}  // namespace wcheck::python
