#include "engine/rename.h"

#include <algorithm>

namespace wcheck {
namespace {

// The target with its backreferences put in. False when the engine raises.
bool Substitute(const Transform& transform, const Profile& profile, std::string_view target,
                uint32_t source, const Match& match, size_t match_offset, const SymbolicKey& key,
                SymbolicKey* out, EngineError* error) {
  int group_start = transform.source_group[source];
  auto append_group = [&](int number, bool none_is_an_error) {
    int group = group_start + number;
    if (group > transform.pattern.group_count()) {
      *error = {EngineError::Kind::kIndexError, "no such group", transform.sources[source], -1};
      return false;
    }
    Span span = match[static_cast<size_t>(group)];
    if (!span.matched()) {
      // str.replace refuses None; re.sub takes it for an empty string.
      if (!none_is_an_error) return true;
      *error = {EngineError::Kind::kTypeError, "replace() argument 2 must be str, not None",
                transform.sources[source], -1};
      return false;
    }
    out->Append(key, match_offset + span.begin, match_offset + span.end);
    return true;
  };
  bool group_rename = transform.is_group();
  bool first_only = profile.only_first_group && !group_rename;
  for (size_t at = 0; at < target.size();) {
    size_t slash = target.find('\\', at);
    if (slash == std::string_view::npos || slash + 1 >= target.size()) {
      out->Append(target.substr(at));
      return true;
    }
    out->Append(target.substr(at, slash - at));
    char digit = target[slash + 1];
    if (first_only && digit == '1') {
      if (!append_group(1, true)) return false;
      at = slash + 2;
    } else if (!first_only && digit >= (group_rename ? '1' : '0') && digit <= '9') {
      // A GroupWeightRename knows one digit, the older engines any number of them.
      size_t end = slash + 2;
      int number = digit - '0';
      while (!group_rename && end < target.size() && target[end] >= '0' && target[end] <= '9' &&
             number < 100000) {
        number = number * 10 + (target[end++] - '0');
      }
      if (!append_group(number, false)) return false;
      at = end;
    } else {
      out->Append("\\");
      at = slash + 1;
    }
  }
  return true;
}

}  // namespace

RenameOutcome RenameWith(const Transform& transform, const PlacedTransform& placed,
                         const Profile& profile, bool* guard_seen, SymbolicKey* key,
                         TraceStep* step, EngineError* error) {
  thread_local Match match;
  std::optional<KeyMatch> found = SearchInScope(transform, placed, profile, key->text, &match);
  if (!found) return RenameOutcome::kNoMatch;
  uint32_t source = found->source;
  uint32_t target = 0;
  if (transform.is_group()) {
    if (source == 0) {
      *guard_seen = true;
    } else if (!*guard_seen) {
      return RenameOutcome::kNoMatch;
    }
    target = source;
  }

  step->source = source;
  step->target = target;
  uint32_t offset = found->scope_length;
  step->scope = {0, offset};
  step->match = found->span;
  // A transform without targets has nothing to put in: the engine indexes an empty list.
  if (target >= transform.targets.size()) {
    *error = {EngineError::Kind::kIndexError, "list index out of range", "", -1};
    return RenameOutcome::kError;
  }
  SymbolicKey replacement;
  if (!Substitute(transform, profile, transform.targets[target], source, match, offset, *key,
                  &replacement, error)) {
    return RenameOutcome::kError;
  }
  // str.replace(…, 1): the first textual occurrence of what matched, wherever it is.
  Occurrence first = FirstOccurrence(*key, offset, step->match.begin, step->match.end);
  if (!first.known) return RenameOutcome::kAmbiguous;
  auto at = static_cast<uint32_t>(first.at);
  step->replaced = {at, at + step->match.size()};
  step->before = *key;
  key->Replace(first.at, step->match.size(), replacement);
  step->after = *key;
  return RenameOutcome::kMatched;
}

}  // namespace wcheck
