// Finds the text to edit from the places that the reader recorded. If a pattern or a transform is
// not written out exactly once at its place, there is no edit.
#include "fix/source_edits.h"

#include <algorithm>
#include <string>
#include <utility>

#include "analysis/written.h"

namespace wcheck {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// An element of a list or table with its separating comma, and the whole line if it is alone on it.
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
    // The last element: the comma before it is removed, if there is one.
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

// The new text of one pattern, if it is a literal in the source.
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
  // In a string that is not raw, `\.` may be written as it is: Python accepts it.
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
  if (from.size() != to.size()) return false;
  for (size_t i = 0; i < from.size(); ++i) {
    if (from[i] == to[i]) continue;
    if (i >= places.size()) return false;
    std::optional<FixEdit> edit = PatternEdit(places[i], from[i], to[i]);
    if (!edit) return false;
    edits->push_back(*std::move(edit));
  }
  return true;
}

bool AddPatternEdits(const TransformSpec& spec, const TransformSpec& replacement,
                     std::vector<FixEdit>* edits) {
  return AddPatternEdits(spec.origin->sources, spec.sources, replacement.sources, edits) &&
         AddPatternEdits(spec.origin->targets, spec.targets, replacement.targets, edits);
}

// The text of a call with other patterns.
std::optional<std::string> Rewritten(const TransformSpec& spec, const TransformSpec& replacement) {
  std::vector<FixEdit> edits;
  if (!AddPatternEdits(spec, replacement, &edits)) return std::nullopt;
  std::sort(edits.begin(), edits.end(),
            [](const FixEdit& a, const FixEdit& b) { return a.range.begin > b.range.begin; });
  const SourceRange call = spec.origin->call;
  std::string text = call.file->text().substr(call.begin, call.end - call.begin);
  for (const FixEdit& edit : edits) {
    if (edit.range.begin < call.begin || edit.range.end > call.end) return std::nullopt;
    text.replace(edit.range.begin - call.begin, edit.range.end - edit.range.begin,
                 edit.replacement);
  }
  return text;
}

// Before the first transform of an entry, on lines of its own if that one has one.
std::optional<FixEdit> InsertAtHead(const Entry& entry, const std::string& element) {
  if (entry.transforms.empty() || !IsWrittenOnce(entry.transforms.front())) return std::nullopt;
  const SourceRange first = entry.transforms.front().origin->call;
  const std::string& text = first.file->text();
  uint32_t begin = first.begin;
  while (begin > 0 && IsBlank(text[begin - 1])) --begin;
  const bool own_line = begin > 0 && text[begin - 1] == '\n';
  const std::string indent = text.substr(begin, first.begin - begin);
  const std::string separator = own_line ? ",\n" + indent : ", ";
  return FixEdit{{first.file, first.begin, first.begin}, element + separator};
}

std::optional<FixEdit> RemovalOf(const Alias& alias) {
  if (!alias.where.known()) return std::nullopt;
  // The place is that of the name; its value comes after the colon.
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
  return FixEdit{
      WithComma({alias.where.file, alias.where.begin, static_cast<uint32_t>(at + quoted.size())}),
      ""};
}

// The places where the transform of a fix is written: one per place in the source.
std::vector<const TransformSpec*> PlacesOf(const Registry& registry, const TransformRef& ref) {
  std::vector<const TransformSpec*> places;
  WrittenTransforms written(registry);
  const TransformRef place = written.Written(ref);
  for (const auto& [name, entry] : registry.entries) {
    for (uint32_t i = 0; i < entry.transforms.size(); ++i) {
      const TransformSpec& spec = entry.transforms[i];
      if (written.Written({&spec, name, i}) != place) continue;
      auto same = [&](const TransformSpec* other) {
        return other->origin != nullptr && spec.origin != nullptr &&
               other->origin->call.file == spec.origin->call.file &&
               other->origin->call.begin == spec.origin->call.begin;
      };
      if (std::none_of(places.begin(), places.end(), same)) places.push_back(&spec);
    }
  }
  return places;
}

}  // namespace

// An edit that cannot be made at one place cancels the whole repair: a mapping that is changed in
// some copies only would be worse than before.
std::optional<std::vector<FixEdit>> EditsOf(const Registry& registry, const Repair& repair) {
  std::vector<FixEdit> edits;
  if (repair.kind == Repair::Kind::kRemoveAlias) {
    for (const Alias& alias : registry.aliases) {
      if (alias.name != repair.alias) continue;
      std::optional<FixEdit> edit = RemovalOf(alias);
      if (!edit) return std::nullopt;
      edits.push_back(*std::move(edit));
    }
    return edits;
  }
  for (const TransformSpec* spec : PlacesOf(registry, repair.transform)) {
    if (!IsWrittenOnce(*spec)) return std::nullopt;
    if (repair.kind == Repair::Kind::kReplace) {
      if (!AddPatternEdits(*spec, repair.replacement, &edits)) return std::nullopt;
    } else {
      edits.push_back({WithComma(spec->origin->call), ""});
    }
  }
  if (repair.kind == Repair::Kind::kMove) {
    const Entry* entry = registry.Find(repair.entry);
    std::optional<std::string> element = Rewritten(*repair.transform.spec, repair.replacement);
    if (entry == nullptr || !element) return std::nullopt;
    std::optional<FixEdit> insertion = InsertAtHead(*entry, *element);
    if (!insertion) return std::nullopt;
    edits.push_back(*std::move(insertion));
  }
  return edits;
}

}  // namespace wcheck
