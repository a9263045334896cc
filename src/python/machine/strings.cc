// Methods of str.
#include <algorithm>

#include "python/machine/machine.h"
#include "python/unicode.h"

namespace wcheck::machine {
namespace {

std::string_view Self(Machine& m, const Arguments& a) {
  if (a.count == 0 || !a[0].Is(Form::kStr)) m.Raise("TypeError", "descriptor requires a 'str' object");
  return a[0].As<Str>()->view();
}
// A str argument; throws Open for an unknown.
std::string_view Text(Machine& m, const Arguments& a, size_t i) {
  if (i >= a.count) m.Raise("TypeError", "a method of str misses an argument");
  if (a[i].Is(Form::kUnknown)) throw Open{a[i].As<Unknown>()};
  if (!a[i].Is(Form::kStr)) m.Raise("TypeError", "a str is required, not " + std::string(TypeNameOf(m, a[i])));
  return a[i].As<Str>()->view();
}
// For what depends on the letters of other scripts.
bool Plain(const Arguments& a) { return a[0].As<Str>()->ascii; }

bool IsAsciiSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsAsciiUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsAsciiLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsAsciiNumber(char c) { return c >= '0' && c <= '9'; }
char ToAsciiLower(char c) { return IsAsciiUpper(c) ? static_cast<char>(c + 32) : c; }
char ToAsciiUpper(char c) { return IsAsciiLower(c) ? static_cast<char>(c - 32) : c; }

template <char (*kChange)(char)>
Value ChangeCase(Machine& m, const Arguments& a) {
  std::string text(Self(m, a));
  std::transform(text.begin(), text.end(), text.begin(), kChange);
  return m.String(text);
}
Value Capitalize(Machine& m, const Arguments& a) {
  std::string text(Self(m, a));
  std::transform(text.begin(), text.end(), text.begin(), ToAsciiLower);
  if (!text.empty()) text[0] = ToAsciiUpper(text[0]);
  return m.String(text);
}
Value Title(Machine& m, const Arguments& a) {
  std::string text(Self(m, a));
  bool inside = false;
  for (char& c : text) {
    c = inside ? ToAsciiLower(c) : ToAsciiUpper(c);
    inside = IsAsciiLower(c) || IsAsciiUpper(c);
  }
  return m.String(text);
}
template <bool (*kIs)(char)>
Value AllOf(Machine& m, const Arguments& a) {
  const std::string_view text = Self(m, a);
  if (!Plain(a)) return m.NewUnknown("a question about characters that are not ASCII");
  return Bool(!text.empty() && std::all_of(text.begin(), text.end(), kIs));
}
bool IsAsciiLetter(char c) { return IsAsciiLower(c) || IsAsciiUpper(c); }
bool IsAsciiAlnum(char c) { return IsAsciiLetter(c) || IsAsciiNumber(c); }
Value IsUpper(Machine& m, const Arguments& a) {
  const std::string_view text = Self(m, a);
  return Bool(std::any_of(text.begin(), text.end(), IsAsciiUpper) && std::none_of(text.begin(), text.end(), IsAsciiLower));
}
Value IsLower(Machine& m, const Arguments& a) {
  const std::string_view text = Self(m, a);
  return Bool(std::any_of(text.begin(), text.end(), IsAsciiLower) && std::none_of(text.begin(), text.end(), IsAsciiUpper));
}
Value IsIdentifier(Machine& m, const Arguments& a) {
  const std::string_view text = Self(m, a);
  return Bool(!text.empty() && !IsAsciiNumber(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
    return IsAsciiAlnum(c) || c == '_';
  }));
}

Value Join(Machine& m, const Arguments& a) {
  const std::string_view glue = Self(m, a);
  if (a.count < 2) m.Raise("TypeError", "join() takes one argument");
  std::string out;
  bool first = true;
  Value unknown;
  m.ForEach(a[1], [&](const Value& v) {
    if (!first) out += glue;
    first = false;
    if (v.Is(Form::kUnknown)) {
      unknown = v;
    } else if (!v.Is(Form::kStr)) {
      m.Raise("TypeError", "sequence item: expected str instance, " + std::string(TypeNameOf(m, v)) + " found");
    } else {
      out += v.As<Str>()->view();
    }
  });
  return unknown.null() ? m.String(out) : unknown;
}
Value Split(Machine& m, const Arguments& a, bool from_right) {
  const std::string_view text = Self(m, a);
  const Value* separator = a.Get(1, "sep");
  int64_t limit = -1;
  if (const Value* given = a.Get(2, "maxsplit")) limit = m.Index(*given);
  std::vector<Value> parts;
  if (separator == nullptr || separator->none()) {
    size_t at = 0;
    if (from_right && limit >= 0) return m.NewUnknown("rsplit() at white space with a limit");
    while (at < text.size()) {
      while (at < text.size() && IsAsciiSpace(text[at])) ++at;
      if (at >= text.size()) break;
      size_t end = at;
      if (limit >= 0 && static_cast<int64_t>(parts.size()) >= limit) {
        end = text.size();
        while (end > at && IsAsciiSpace(text[end - 1])) --end;
      } else {
        while (end < text.size() && !IsAsciiSpace(text[end])) ++end;
      }
      parts.push_back(m.String(text.substr(at, end - at)));
      at = end;
    }
    return Obj(m.NewList(parts));
  }
  const std::string_view by = Text(m, a, 1);
  if (by.empty()) m.Raise("ValueError", "empty separator");
  if (from_right) {
    size_t end = text.size();
    while (limit != 0) {
      const size_t at = end < by.size() ? std::string_view::npos : text.rfind(by, end - by.size());
      if (at == std::string_view::npos) break;
      parts.push_back(m.String(text.substr(at + by.size(), end - at - by.size())));
      end = at;
      --limit;
    }
    parts.push_back(m.String(text.substr(0, end)));
    std::reverse(parts.begin(), parts.end());
    return Obj(m.NewList(parts));
  }
  size_t at = 0;
  while (limit != 0) {
    const size_t end = text.find(by, at);
    if (end == std::string_view::npos) break;
    parts.push_back(m.String(text.substr(at, end - at)));
    at = end + by.size();
    --limit;
  }
  parts.push_back(m.String(text.substr(at)));
  return Obj(m.NewList(parts));
}
Value SplitLeft(Machine& m, const Arguments& a) { return Split(m, a, false); }
Value SplitRight(Machine& m, const Arguments& a) { return Split(m, a, true); }
Value Splitlines(Machine& m, const Arguments& a) {
  const std::string_view text = Self(m, a);
  const Value* keep = a.Get(1, "keepends");
  const bool keeps = keep != nullptr && m.Truth(*keep);
  std::vector<Value> parts;
  for (size_t at = 0; at < text.size();) {
    size_t end = text.find('\n', at);
    if (end == std::string_view::npos) end = text.size();
    parts.push_back(m.String(text.substr(at, end - at + (keeps && end < text.size() ? 1 : 0))));
    at = end + 1;
  }
  return Obj(m.NewList(parts));
}
Value PartitionAt(Machine& m, const Arguments& a, bool last) {
  const std::string_view text = Self(m, a);
  const std::string_view by = Text(m, a, 1);
  const size_t at = last ? text.rfind(by) : text.find(by);
  Value parts[3];
  if (at == std::string_view::npos) {
    parts[0] = last ? m.String("") : a[0];
    parts[1] = m.String("");
    parts[2] = last ? a[0] : m.String("");
  } else {
    parts[0] = m.String(text.substr(0, at));
    parts[1] = m.String(by);
    parts[2] = m.String(text.substr(at + by.size()));
  }
  return Obj(m.NewTuple(parts));
}
Value Partition(Machine& m, const Arguments& a) { return PartitionAt(m, a, false); }
Value Rpartition(Machine& m, const Arguments& a) { return PartitionAt(m, a, true); }
Value Strip(Machine& m, const Arguments& a, bool left, bool right) {
  std::string_view text = Self(m, a);
  std::string_view set = " \t\n\r\v\f";
  if (a.count > 1 && !a[1].none()) set = Text(m, a, 1);
  if (left) {
    const size_t at = text.find_first_not_of(set);
    text = at == std::string_view::npos ? "" : text.substr(at);
  }
  if (right) {
    const size_t at = text.find_last_not_of(set);
    text = at == std::string_view::npos ? "" : text.substr(0, at + 1);
  }
  return m.String(text);
}
Value StripBoth(Machine& m, const Arguments& a) { return Strip(m, a, true, true); }
Value StripLeft(Machine& m, const Arguments& a) { return Strip(m, a, true, false); }
Value StripRight(Machine& m, const Arguments& a) { return Strip(m, a, false, true); }
Value Replace(Machine& m, const Arguments& a) {
  const std::string_view text = Self(m, a), from = Text(m, a, 1), to = Text(m, a, 2);
  int64_t limit = a.count > 3 ? m.Index(a[3]) : -1;
  if (from.empty()) return m.NewUnknown("replace() of an empty text");
  std::string out;
  size_t at = 0;
  while (limit != 0) {
    const size_t end = text.find(from, at);
    if (end == std::string_view::npos) break;
    out += text.substr(at, end - at);
    out += to;
    at = end + from.size();
    --limit;
    if (out.size() > (size_t{1} << 26)) throw LimitReached{"memory"};
  }
  out += text.substr(at);
  return m.String(out);
}
Value Begins(Machine& m, const Arguments& a, bool end) {
  const std::string_view text = Self(m, a);
  auto one = [&](const Value& v) {
    if (v.Is(Form::kUnknown)) throw Open{v.As<Unknown>()};
    if (!v.Is(Form::kStr)) m.Raise("TypeError", "startswith first arg must be str or a tuple of str");
    return end ? text.ends_with(v.As<Str>()->view()) : text.starts_with(v.As<Str>()->view());
  };
  if (a.count < 2) m.Raise("TypeError", "startswith() takes at least 1 argument");
  if (a[1].Is(Form::kTuple)) {
    for (const Value& v : a[1].As<Tuple>()->items()) {
      if (one(v)) return Bool(true);
    }
    return Bool(false);
  }
  return Bool(one(a[1]));
}
Value Startswith(Machine& m, const Arguments& a) { return Begins(m, a, false); }
Value Endswith(Machine& m, const Arguments& a) { return Begins(m, a, true); }
Value Removeprefix(Machine& m, const Arguments& a) {
  std::string_view text = Self(m, a), part = Text(m, a, 1);
  return m.String(text.starts_with(part) ? text.substr(part.size()) : text);
}
Value Removesuffix(Machine& m, const Arguments& a) {
  std::string_view text = Self(m, a), part = Text(m, a, 1);
  return m.String(text.ends_with(part) ? text.substr(0, text.size() - part.size()) : text);
}
Value FindText(Machine& m, const Arguments& a, bool last, bool raise) {
  const std::string_view text = Self(m, a), part = Text(m, a, 1);
  if (a.count > 2 || !Plain(a)) return m.NewUnknown("find() within bounds");
  const size_t at = last ? text.rfind(part) : text.find(part);
  if (at == std::string_view::npos) {
    if (raise) m.Raise("ValueError", "substring not found");
    return Int(-1);
  }
  return Int(static_cast<int64_t>(at));
}
Value Find(Machine& m, const Arguments& a) { return FindText(m, a, false, false); }
Value Rfind(Machine& m, const Arguments& a) { return FindText(m, a, true, false); }
Value IndexOf(Machine& m, const Arguments& a) { return FindText(m, a, false, true); }
Value Rindex(Machine& m, const Arguments& a) { return FindText(m, a, true, true); }
Value Count(Machine& m, const Arguments& a) {
  const std::string_view text = Self(m, a), part = Text(m, a, 1);
  if (part.empty()) return m.NewUnknown("count() of an empty text");
  int64_t n = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++n;
  return Int(n);
}
Value PadTo(Machine& m, const Arguments& a, int where) {
  std::string text(Self(m, a));
  const int64_t width = a.count > 1 ? m.Index(a[1]) : 0;
  if (width > (1 << 20)) throw LimitReached{"memory"};
  const char fill = a.count > 2 ? Text(m, a, 2)[0] : where == 3 ? '0' : ' ';
  const int64_t missing = width - python::CountCodePoints(text);
  if (missing <= 0) return m.String(text);
  const size_t n = static_cast<size_t>(missing);
  if (where == 0) return m.String(text + std::string(n, fill));
  if (where == 1) return m.String(std::string(n, fill) + text);
  if (where == 2) return m.String(std::string(n / 2, fill) + text + std::string(n - n / 2, fill));
  const size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  return m.String(text.substr(0, sign) + std::string(n, fill) + text.substr(sign));
}
Value Ljust(Machine& m, const Arguments& a) { return PadTo(m, a, 0); }
Value Rjust(Machine& m, const Arguments& a) { return PadTo(m, a, 1); }
Value Center(Machine& m, const Arguments& a) { return PadTo(m, a, 2); }
Value Zfill(Machine& m, const Arguments& a) { return PadTo(m, a, 3); }
Value FormatMethod(Machine& m, const Arguments& a) {
  const std::string_view text = Self(m, a);
  std::string out;
  size_t automatic = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c == '{' || c == '}') && i + 1 < text.size() && text[i + 1] == c) {
      out += c;
      ++i;
      continue;
    }
    if (c != '{') {
      out += c;
      continue;
    }
    const size_t end = text.find('}', i);
    if (end == std::string_view::npos) m.Raise("ValueError", "Single '{' encountered in format string");
    std::string_view field = text.substr(i + 1, end - i - 1);
    i = end;
    if (field.find('{') != std::string_view::npos) return m.NewUnknown("a nested format field");
    std::string_view specification;
    if (const size_t colon = field.find(':'); colon != std::string_view::npos) {
      specification = field.substr(colon + 1);
      field = field.substr(0, colon);
    }
    uint32_t conversion = 0;
    if (const size_t mark = field.find('!'); mark != std::string_view::npos) {
      conversion = static_cast<unsigned char>(field[mark + 1]);
      field = field.substr(0, mark);
    }
    if (field.find_first_of(".[") != std::string_view::npos) return m.NewUnknown("a format field with a path");
    Value value;
    if (field.empty() || IsAsciiNumber(field[0])) {
      const size_t at = field.empty() ? automatic++ : static_cast<size_t>(std::atoi(std::string(field).c_str()));
      if (at + 1 >= a.count) m.Raise("IndexError", "Replacement index out of range for positional args tuple");
      value = a[at + 1];
    } else {
      const Value* named = a.Keyword(field);
      if (named == nullptr) m.Raise("KeyError", std::string(field));
      value = *named;
    }
    const Value spec = m.String(specification);
    const Value piece = m.Format(value, conversion, specification.empty() ? nullptr : &spec);
    if (!piece.Is(Form::kStr)) return piece;
    out += piece.As<Str>()->view();
  }
  return m.String(out);
}
Value Encode(Machine& m, const Arguments& a) { return m.NewUnknown("bytes"); }

Value StrNew(Machine& m, const Arguments& a) {
  Class* cls = a[0].As<Class>();
  Value text = Obj(m.Intern(""));
  if (a.count > 1) {
    if (a[1].Is(Form::kUnknown)) return a[1];
    auto s = m.ToStr(a[1]);
    if (!s) return m.NewUnknown("a text with an unknown part");
    text = m.String(*s);
  }
  if (cls == m.str_class) return text;
  Str* made = m.New<Str>(cls, Form::kStr);
  made->data = text.As<Str>()->data;
  made->size = text.As<Str>()->size;
  made->ascii = text.As<Str>()->ascii;
  return Obj(made);
}
Value StrStr(Machine& m, const Arguments& a) { return m.String(Self(m, a)); }
Value StrContains(Machine& m, const Arguments& a) {
  return Bool(Self(m, a).find(Text(m, a, 1)) != std::string_view::npos);
}

}  // namespace

void SetUpStrings(Machine& m) {
  Class* str = m.str_class;
  m.AddStatic(str, "__new__", StrNew);
  const NativeEntry methods[] = {
      {"lower", ChangeCase<ToAsciiLower>}, {"casefold", ChangeCase<ToAsciiLower>},
      {"upper", ChangeCase<ToAsciiUpper>}, {"capitalize", Capitalize}, {"title", Title},
      {"isdigit", AllOf<IsAsciiNumber>}, {"isdecimal", AllOf<IsAsciiNumber>},
      {"isnumeric", AllOf<IsAsciiNumber>}, {"isalpha", AllOf<IsAsciiLetter>},
      {"isalnum", AllOf<IsAsciiAlnum>}, {"isspace", AllOf<IsAsciiSpace>}, {"isupper", IsUpper},
      {"islower", IsLower}, {"isidentifier", IsIdentifier}, {"join", Join}, {"split", SplitLeft},
      {"rsplit", SplitRight}, {"splitlines", Splitlines}, {"partition", Partition},
      {"rpartition", Rpartition}, {"strip", StripBoth}, {"lstrip", StripLeft},
      {"rstrip", StripRight}, {"replace", Replace}, {"startswith", Startswith},
      {"endswith", Endswith}, {"removeprefix", Removeprefix}, {"removesuffix", Removesuffix},
      {"find", Find}, {"rfind", Rfind}, {"index", IndexOf}, {"rindex", Rindex}, {"count", Count},
      {"ljust", Ljust}, {"rjust", Rjust}, {"center", Center}, {"zfill", Zfill},
      {"format", FormatMethod}, {"encode", Encode}, {"__str__", StrStr},
      {"__contains__", StrContains}};
  for (const NativeEntry& e : methods) m.AddMethod(str, e.name, e.code);
}

}  // namespace wcheck::machine
