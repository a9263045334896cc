// Python's `re`, by wcheck's own patterns.
#include "layout/source/regex.h"

#include <string>
#include <unordered_map>

#include "pattern/pattern.h"
#include "python/unicode.h"

namespace wcheck {
namespace {

using namespace machine;  // NOLINT: functions over its types

Value RegexSearch(Machine& m, const Arguments& a) {
  for (size_t i = 0; i < a.count; ++i) {
    if (a[i].Is(Form::kUnknown)) throw Open{a[i].As<Unknown>()};
  }
  if (a.count < 5 || !a[0].Is(Form::kStr) || !a[2].Is(Form::kStr)) m.Raise("TypeError", "expected string or bytes-like object");
  std::string pattern(a[0].As<Str>()->view());
  const std::string_view text = a[2].As<Str>()->view();
  const std::string_view how = a[3].As<Str>()->view();
  const int64_t start = a[4].integer;
  if (a[1].is_int() && a[1].integer != 0) {
    std::string letters;
    for (auto [bit, letter] : {std::pair(2, 'i'), std::pair(8, 'm'), std::pair(16, 's'), std::pair(64, 'x')}) {
      if (a[1].integer & bit) letters += letter;
    }
    if (!letters.empty()) pattern = "(?" + letters + ":" + pattern + ")";
  }
  if (how == "match") pattern = "\\A(?:" + pattern + ")";
  if (how == "fullmatch") pattern = "\\A(?:" + pattern + ")\\Z";
  thread_local PatternCache cache;
  Result<Pattern> compiled = cache.Compile(pattern);
  if (!compiled) return Bool(false);
  size_t offset = 0;
  if (start > 0) {
    // A search from within a text sees what is before it.
    if (pattern.find('^') != std::string::npos || pattern.find("(?<") != std::string::npos ||
        pattern.find("\\b") != std::string::npos || pattern.find("\\A") != std::string::npos) {
      throw Open{m.NewUnknown("a search that goes on within a text").As<Unknown>()};
    }
    offset = python::OffsetOf(text, start);
  }
  Match match;
  if (!compiled->Search(text.substr(offset), &match)) {
    if (compiled->gave_up()) throw Open{m.NewUnknown("a pattern that takes too long").As<Unknown>()};
    return None();
  }
  const bool ascii = a[2].As<Str>()->ascii;
  Tuple* spans = m.NewTuple(match.size());
  for (size_t i = 0; i < match.size(); ++i) {
    if (!match[i].matched()) {
      spans->data[i] = None();
      continue;
    }
    auto index = [&](size_t at) {
      return Int(ascii ? static_cast<int64_t>(at) : python::CountCodePoints(text.substr(0, at)));
    };
    const Value pair[] = {index(offset + match[i].begin), index(offset + match[i].end)};
    spans->data[i] = Obj(m.NewTuple(pair));
  }
  Dict* names = m.NewDict();
  for (const auto& [name, number] : compiled->named_groups()) m.Set_(names, name, Int(number));
  const Value pair[] = {Obj(spans), Obj(names)};
  return Obj(m.NewTuple(pair));
}

}  // namespace

void SetUpRegex(Machine& m) {
  m.AddNativeInit("_re", [](Machine& machine, Module* module) {
    machine.Set_(module->dict, "search", Obj(machine.NewNative("search", RegexSearch)));
  });
}

}  // namespace wcheck
