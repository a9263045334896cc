#include "engine/rename.h"

#include <algorithm>
#include <charconv>

#include "support/limits.h"

namespace wcheck {
namespace {

// Names that double with every renaming would soon fill all memory.
EngineError TooLong(const Transform& transform, uint32_t source) {
  return {EngineError::Kind::kMemoryError,
          "the key becomes longer than " + std::to_string(kMaxKeyBytes) + " bytes",
          transform.sources[source], -1};
}

// The target with its backreferences replaced. False if the engine raises.
bool Substitute(const Transform& transform, const Engine& engine, std::string_view target,
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
      // str.replace refuses None; re.sub treats it as an empty string.
      if (!none_is_an_error) return true;
      *error = {EngineError::Kind::kTypeError, "replace() argument 2 must be str, not None",
                transform.sources[source], -1};
      return false;
    }
    out->Append(key, match_offset + span.begin, match_offset + span.end);
    return true;
  };
  // A GroupWeightRename puts in any group, in every engine.
  bool first_only = engine.only_first_group && !transform.is_group();
  for (size_t at = 0; at < target.size();) {
    if (out->text.size() > kMaxKeyBytes) {
      *error = TooLong(transform, source);
      return false;
    }
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
    } else if (!first_only && digit >= '0' && digit <= '9') {
      size_t end = slash + 2;
      int number = digit - '0';
      while (end < target.size() && target[end] >= '0' && target[end] <= '9' && number < 100000) {
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

// key[begin, end) has tags: what the engine computes from it differs between members.
bool IsSymbolic(const SymbolicKey& key, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    if (key.tagged(i)) return true;
  }
  return false;
}

// What an Inkling2IndexOffsetWeightRename puts in: the number of the first group, plus its offset,
// for each `\1` of the target.
RenameOutcome ShiftIndex(const Transform& transform, uint32_t source, const Match& match,
                         size_t match_offset, const SymbolicKey& key, SymbolicKey* out,
                         EngineError* error) {
  const int group = transform.source_group[source] + 1;
  if (group > transform.pattern.group_count()) {
    *error = {EngineError::Kind::kIndexError, "no such group", transform.sources[source], -1};
    return RenameOutcome::kError;
  }
  const Span span = match[static_cast<size_t>(group)];
  if (!span.matched()) {
    *error = {EngineError::Kind::kTypeError,
              "int() argument must be a string, a bytes-like object or a real number, not "
              "'NoneType'",
              transform.sources[source], -1};
    return RenameOutcome::kError;
  }
  const size_t begin = match_offset + span.begin;
  const size_t end = match_offset + span.end;
  if (IsSymbolic(key, begin, end)) return RenameOutcome::kAmbiguous;
  int64_t index = 0;
  const char* first = key.text.data() + begin;
  const char* last = key.text.data() + end;
  const auto parsed = std::from_chars(first, last, index);
  if (parsed.ec != std::errc() || parsed.ptr != last) {
    *error = {EngineError::Kind::kValueError,
              "invalid literal for int() with base 10: '" + std::string(first, last) + "'",
              transform.sources[source], -1};
    return RenameOutcome::kError;
  }
  const std::string number = std::to_string(index + transform.offset);
  std::string_view target = transform.targets.front();
  for (size_t at = 0; at < target.size() && out->text.size() <= kMaxKeyBytes;) {
    const size_t reference = std::min(target.find("\\1", at), target.size());
    out->Append(target.substr(at, reference - at));
    if (reference < target.size()) out->Append(number);
    at = reference + 2;
  }
  return RenameOutcome::kMatched;
}

// What a LayerPairCollapse puts in for "layers.N.mixer" and its like: blocks 2i and 2i + 1 are the
// two halves of layer i.
RenameOutcome CollapsePair(const Match& match, const SymbolicKey& key, SymbolicKey* out) {
  const Span index = match[2];
  const Span name = match[3];
  if (IsSymbolic(key, index.begin, index.end)) return RenameOutcome::kAmbiguous;
  // Halved digit by digit: the engine's integers have no limit.
  std::string half;
  int rest = 0;
  for (size_t i = index.begin; i < index.end; ++i) {
    const int digit = rest * 10 + (key.text[i] - '0');
    if (!half.empty() || digit / 2 != 0) half += static_cast<char>('0' + digit / 2);
    rest = digit % 2;
  }
  if (half.empty()) half = "0";
  const std::string_view written =
      std::string_view(key.text).substr(name.begin, name.end - name.begin);
  std::string_view becomes = rest == 0 ? "self_attn" : "mlp";
  if (written == "attn_alpha") becomes = "lambda_1";
  if (written == "mlp_alpha") becomes = "lambda_2";
  out->Append("layers." + half + "." + std::string(becomes));
  return RenameOutcome::kMatched;
}

// Replaces the text key[begin, end) at its first occurrence from `from` on, or at every one. False
// if where that is differs between members. `first` is where the first one was.
bool ReplaceOccurrences(SymbolicKey* key, size_t from, size_t begin, size_t end, bool every,
                        const SymbolicKey& with, size_t* first) {
  const Occurrence found = FirstOccurrence(*key, from, begin, end);
  if (!found.known) return false;
  *first = found.at;
  const size_t length = end - begin;
  if (!every) {
    key->Replace(found.at, length, with);
    return true;
  }
  const size_t longest = kMaxKeyBytes + 1;  // the caller refuses what is longer
  if (length == 0) {
    // Python puts the replacement before every character, and at the end.
    SymbolicKey out;
    out.Append(*key, 0, from);
    for (size_t i = from; i < key->text.size() && out.text.size() <= longest;) {
      size_t next = i + 1;
      while (next < key->text.size() &&
             (static_cast<unsigned char>(key->text[next]) & 0xC0U) == 0x80U) {
        ++next;
      }
      out.Append(with, 0, with.text.size());
      out.Append(*key, i, next);
      i = next;
    }
    out.Append(with, 0, with.text.size());
    *key = std::move(out);
    return true;
  }
  SymbolicKey needle;
  needle.Append(*key, begin, end);
  for (size_t at = found.at;;) {
    key->Replace(at, length, with);
    at += with.text.size();
    SymbolicKey text = *key;
    text.Append(needle, 0, length);
    const Occurrence next = FirstOccurrence(text, at, key->text.size(), text.text.size());
    if (!next.known) return false;
    if (next.at + length > key->text.size() || key->text.size() > longest) return true;
    at = next.at;
  }
}

}  // namespace

// Match, build the replacement, replace. The match is on the text after the scope prefix; offsets
// in `step` are in the whole key.
RenameOutcome RenameWith(const Transform& transform, const PlacedTransform& placed,
                         const Engine& engine, bool* guard_seen, SymbolicKey* key, TraceStep* step,
                         EngineError* error) {
  thread_local Match match;
  std::optional<KeyMatch> found = SearchInScope(transform, placed, engine, key->text, &match);
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
  // A transform without targets has nothing to insert: the engine indexes an empty list.
  if (target >= transform.targets.size()) {
    *error = {EngineError::Kind::kIndexError, "list index out of range", "", -1};
    return RenameOutcome::kError;
  }
  SymbolicKey replacement;
  if (transform.is_layer_pair()) {
    if (CollapsePair(match, *key, &replacement) == RenameOutcome::kAmbiguous) {
      return RenameOutcome::kAmbiguous;
    }
    step->replaced = step->match;
    step->before = *key;
    key->Replace(step->match.begin, step->match.size(), replacement);
    step->after = *key;
    return RenameOutcome::kMatched;
  }
  if (transform.is_index_offset()) {
    const RenameOutcome shifted =
        ShiftIndex(transform, source, match, offset, *key, &replacement, error);
    if (shifted != RenameOutcome::kMatched) return shifted;
  } else if (!Substitute(transform, engine, transform.targets[target], source, match, offset, *key,
                         &replacement, error)) {
    return RenameOutcome::kError;
  }
  // str.replace: the first textual occurrence of what matched, wherever it is, or every one.
  step->before = *key;
  size_t first = 0;
  if (!ReplaceOccurrences(key, offset, step->match.begin, step->match.end,
                          engine.replaces_every_occurrence, replacement, &first)) {
    return RenameOutcome::kAmbiguous;
  }
  if (key->text.size() > kMaxKeyBytes && key->text.size() > step->before.text.size()) {
    *key = step->before;
    *error = TooLong(transform, source);
    return RenameOutcome::kError;
  }
  const auto at = static_cast<uint32_t>(first);
  step->replaced = {at, at + step->match.size()};
  step->after = *key;
  return RenameOutcome::kMatched;
}

}  // namespace wcheck
