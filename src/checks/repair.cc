#include "repair.h"

#include <algorithm>
#include <utility>

namespace wcheck {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// An element of a list or table, with the comma that separates it, and the line if it stands alone
// on it.
SourceRange WithComma(SourceRange element) {
  const std::string& text = element.file->text();
  auto size = static_cast<uint32_t>(text.size());
  auto skip = [&](uint32_t at) {
    while (at < size && (IsBlank(text[at]) || text[at] == '\n' || text[at] == '\r')) ++at;
    return at;
  };
  if (uint32_t comma = skip(element.end); comma < size && text[comma] == ',') {
    element.end = comma + 1;
  } else {
    // The last element: the comma before it goes, if there is one.
    uint32_t at = element.begin;
    while (at > 0 && (IsBlank(text[at - 1]) || text[at - 1] == '\n' || text[at - 1] == '\r')) --at;
    if (at > 0 && text[at - 1] == ',') {
      element.begin = at - 1;
      return element;
    }
  }
  uint32_t begin = element.begin;
  while (begin > 0 && IsBlank(text[begin - 1])) --begin;
  uint32_t end = element.end;
  while (end < size && IsBlank(text[end])) ++end;
  bool alone = (begin == 0 || text[begin - 1] == '\n') && end < size && text[end] == '\n';
  if (alone) return {element.file, begin, end + 1};
  element.end = end;
  return element;
}

// What one written pattern becomes in the source, if it is written out there.
std::optional<FixEdit> PatternEdit(SourceRange literal, const std::string& from,
                                   const std::string& to) {
  if (!literal.known()) return std::nullopt;
  std::string text = literal.file->text().substr(literal.begin, literal.end - literal.begin);
  size_t quote = text.find_first_of("'\"");
  if (quote == std::string::npos) return std::nullopt;
  std::string prefix = text.substr(0, quote);
  bool formatted = prefix.find_first_of("fFbB") != std::string::npos;
  bool raw = prefix.find_first_of("rR") != std::string::npos;
  if (formatted) return std::nullopt;
  auto written = [raw](const std::string& pattern) {
    if (raw) return pattern;
    std::string out;
    for (char c : pattern) out += c == '\\' ? "\\\\" : std::string(1, c);
    return out;
  };
  // In a string that is not raw, `\.` may be written as it is: Python lets that pass.
  for (const std::string& old : {written(from), from}) {
    size_t at = text.find(old);
    if (at == std::string::npos || old.empty()) continue;
    size_t tail = at + old.size();
    bool whole = at > quote && text[at - 1] == text[quote] && tail < text.size() &&
                 text[tail] == text[quote];
    if (!whole) continue;
    auto begin = static_cast<uint32_t>(literal.begin + at);
    return FixEdit{{literal.file, begin, begin + static_cast<uint32_t>(old.size())}, written(to)};
  }
  return std::nullopt;
}

// One call, one transform: an alias or a copy of a list has only repeated it.
bool IsWrittenOnce(const TransformSpec& spec) {
  if (spec.origin == nullptr || !spec.origin->call.known()) return false;
  return std::all_of(spec.origin->provenance.begin(), spec.origin->provenance.end(),
                     [](const ProvenanceStep& step) {
                       return step.what.starts_with("alias of") ||
                              step.what.starts_with("copied from");
                     });
}

bool AddPatternEdits(const std::vector<SourceRange>& places, const std::vector<std::string>& from,
                     const std::vector<std::string>& to, std::vector<FixEdit>* edits) {
  for (size_t i = 0; i < from.size(); ++i) {
    if (from[i] == to[i]) continue;
    if (i >= places.size()) return false;
    std::optional<FixEdit> edit = PatternEdit(places[i], from[i], to[i]);
    if (!edit) return false;
    edits->push_back(*std::move(edit));
  }
  return true;
}

}  // namespace

std::optional<Fix> RemoveTransform(const TransformRef& transform, std::string description) {
  if (!IsWrittenOnce(*transform.spec)) return std::nullopt;
  Fix fix;
  fix.description = std::move(description);
  fix.edits.push_back({WithComma(transform.spec->origin->call), ""});
  fix.repair.kind = Repair::Kind::kRemove;
  fix.repair.transform = transform;
  return fix;
}

std::optional<Fix> RewritePatterns(const TransformRef& transform, TransformSpec replacement,
                                   std::string description) {
  const TransformSpec& spec = *transform.spec;
  if (!IsWrittenOnce(spec) || spec.sources.size() != replacement.sources.size() ||
      spec.targets.size() != replacement.targets.size()) {
    return std::nullopt;
  }
  Fix fix;
  fix.description = std::move(description);
  if (!AddPatternEdits(spec.origin->sources, spec.sources, replacement.sources, &fix.edits) ||
      !AddPatternEdits(spec.origin->targets, spec.targets, replacement.targets, &fix.edits) ||
      fix.edits.empty()) {
    return std::nullopt;
  }
  fix.repair.kind = Repair::Kind::kReplace;
  fix.repair.transform = transform;
  fix.repair.replacement = std::move(replacement);
  return fix;
}

std::optional<Fix> EndAtPart(const TransformRef& transform) {
  const TransformSpec& spec = *transform.spec;
  if (spec.sources.size() != 1 || spec.targets.size() != 1) return std::nullopt;
  auto ends = [](const std::string& p) { return p.empty() || p.back() == '.' || p.back() == '$'; };
  if (ends(spec.sources[0]) || ends(spec.targets[0])) return std::nullopt;
  TransformSpec replacement = spec;
  replacement.sources[0] += "\\.";
  // Escaped: the target is the source of the reverse.
  replacement.targets[0] += "\\.";
  return RewritePatterns(transform, std::move(replacement),
                         "end both patterns with the part's dot");
}

std::optional<Fix> RemoveAlias(const Alias& alias) {
  if (!alias.where.known()) return std::nullopt;
  // The place is that of the name; its value follows behind the colon.
  const std::string& text = alias.where.file->text();
  size_t at = alias.where.end;
  auto skip = [&] {
    while (at < text.size() && (IsBlank(text[at]) || text[at] == '\n' || text[at] == '\r')) ++at;
  };
  skip();
  if (at >= text.size() || text[at] != ':') return std::nullopt;
  ++at;
  skip();
  std::string quoted = text.substr(at, alias.entry.size() + 2);
  if (quoted != '"' + alias.entry + '"' && quoted != '\'' + alias.entry + '\'') return std::nullopt;
  Fix fix;
  fix.description = "remove the alias";
  fix.edits.push_back(
      {WithComma({alias.where.file, alias.where.begin, static_cast<uint32_t>(at + quoted.size())}),
       ""});
  fix.repair.kind = Repair::Kind::kRemoveAlias;
  fix.repair.alias = alias.name;
  return fix;
}

}  // namespace wcheck
