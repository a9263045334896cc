// A finding: what is wrong, where it was written, the keys that prove it, and what would be right.
//
// Findings are plain values. Reports print them and do not know how they were found; checks make
// them and do not know how they are printed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/evidence.h"
#include "wcheck/registry.h"

namespace wcheck {

enum class Severity : uint8_t { kNote, kWarning, kError };

// "note", "warning", "error", and back.
std::string_view SeverityName(Severity severity);
std::optional<Severity> ParseSeverity(std::string_view name);

// A check, as lists and reports name it.
struct CheckInfo {
  std::string_view name;     // "lost-key"
  std::string_view family;   // "round trip"
  Severity severity;         // the default
  std::string_view summary;  // one line
};

struct RelatedTransform {
  TransformRef transform;
  Blame blame;
  std::string message;  // "shadowed by this one"
};

// What a fix does to the registry, in any dialect. It refers to the transform where it was written:
// copies change with it.
struct Repair {
  enum class Kind : uint8_t { kRemove, kReplace, kMove, kRemoveAlias };
  Kind kind = Kind::kRemove;
  TransformRef transform;     // kRemove, kReplace, kMove
  TransformSpec replacement;  // kReplace
  std::string entry;          // kMove: to the beginning of this entry's list
  std::string alias;          // kRemoveAlias: its name
};

// A fix, as edits of the source.
struct FixEdit {
  SourceRange range;
  std::string replacement;
};
struct Fix {
  std::string description;  // "escape the dot"
  std::vector<FixEdit> edits;
  Repair repair{};
  // False for a fix that the layouts cannot prove: it removes something that they do not show, but
  // that a checkpoint of another config may have.
  bool safe = true;
};

// The evidence of a finding for one class.
struct ClassEvidence {
  std::string class_name;
  std::vector<KeyEvidence> keys;  // the most informative first, at most kMaxEvidence
  uint64_t omitted = 0;           // families left out
};
inline constexpr size_t kMaxEvidence = 4;

struct Finding {
  std::string_view check;  // "lost-key"
  Severity severity = Severity::kError;
  std::string
      message;  // one sentence without a full stop; names patterns and families, not classes
  std::optional<TransformRef> transform;  // absent if no transform is to blame
  Blame blame;
  SourceRange where;  // used if there is no transform (an alias, an entry, an ignore comment)
  std::vector<RelatedTransform> related;
  std::vector<ClassEvidence>
      classes;         // sorted by name; empty for findings about the registry itself
  std::string advice;  // what to do; may be empty
  // What a check proposes, the best first. FixVerifier (fix_verifier.h) stores the first one that
  // holds in `fix`, which users see.
  std::vector<Fix> candidates;
  std::optional<Fix> fix;
  // What is wrong: a short word of the check's own ("merged-on-load"). It is part of the identity,
  // so it never changes, whatever the message says. A literal: it outlives the finding.
  std::string_view cause;
  // What tells the finding from others of the same check, transform and cause: other transforms,
  // names, or key patterns with `*` for numbers. Empty where nothing else is needed. Never prose, a
  // class, a position or the number of a layer.
  std::string subject;
  // What makes two findings one: "check|entry|transform as written|cause|subject", where entry and
  // transform are empty if no transform is to blame. Findings of one identity are joined over
  // classes and over the members of key families. Baselines, fingerprints and anchors are made of
  // it. Set by the judge.
  std::string identity;

  SourceRange place() const;  // of the blamed part of the transform, or else `where`
};

}  // namespace wcheck
