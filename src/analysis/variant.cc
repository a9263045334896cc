// Rewrites a source (dots escaped, wildcard read as Python would) and matches the keys of a trace
// again.
#include "analysis/variant.h"

#include <map>
#include <mutex>

namespace wcheck {
namespace {

// Calls f(position) for each bare dot.
void ForEachBareDot(std::string_view source, const std::function<void(size_t)>& f) {
  bool in_class = false;
  for (size_t i = 0; i < source.size(); ++i) {
    char c = source[i];
    if (c == '\\') {
      ++i;
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
      // A `]` at the beginning belongs to the class.
      if (i + 1 < source.size() && source[i + 1] == '^') ++i;
      if (i + 1 < source.size() && source[i + 1] == ']') ++i;
    } else if (c == '.') {
      char next = i + 1 < source.size() ? source[i + 1] : '\0';
      // `.*.` is the engine's wildcard: its dots match dots.
      if (source.substr(i, 3) == ".*.") {
        i += 2;
      } else if (next != '*' && next != '+' && next != '?' && next != '{') {
        f(i);
      }
    }
  }
}

}  // namespace

bool HasBareDot(std::string_view source) {
  bool found = false;
  ForEachBareDot(source, [&](size_t) { found = true; });
  return found;
}

std::string EscapeBareDots(std::string_view source) {
  std::string out;
  size_t copied = 0;
  ForEachBareDot(source, [&](size_t at) {
    out += source.substr(copied, at - copied);
    out += "\\.";
    copied = at + 1;
  });
  out += source.substr(copied);
  return out;
}

bool DotIsADot(const std::string& source, const TraceStep& step) {
  const Pattern* strict = CompileVariant(EscapeBareDots(source));
  if (strict == nullptr) return true;
  thread_local Match match;
  std::string_view text = step.before.text;
  text.remove_prefix(step.scope.end);
  return strict->Search(text, &match) && match[0].begin + step.scope.end == step.match.begin &&
         match[0].end + step.scope.end == step.match.end;
}

bool HasGreedyCapture(std::string_view source) {
  for (size_t open = source.find('('); open != std::string_view::npos;
       open = source.find('(', open + 1)) {
    if (open > 0 && source[open - 1] == '\\') continue;
    if (source.substr(open + 1, 1) == "?") continue;
    std::string_view body = source.substr(open + 1, source.find(')', open) - open - 1);
    if (body.find(".+") != std::string_view::npos || body.find(".*") != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

const Pattern* CompileVariant(const std::string& text) {
  static std::mutex mutex;
  static std::map<std::string, std::optional<Pattern>> compiled;
  std::lock_guard lock(mutex);
  auto [found, is_new] = compiled.try_emplace(text);
  if (is_new) {
    if (Result<Pattern> pattern = Pattern::Compile(text)) found->second = *std::move(pattern);
  }
  return found->second ? &*found->second : nullptr;
}

}  // namespace wcheck
