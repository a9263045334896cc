#include "checks/repair.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "analysis/pattern_name.h"
#include "analysis/variant.h"

namespace wcheck {
namespace {

// One source, one target, no operations: can be rewritten without side effects.
bool IsPlainRenaming(const TransformSpec& spec) {
  return spec.kind == TransformKind::kWeightRenaming && spec.sources.size() == 1 &&
         spec.targets.size() == 1;
}

// A path as in patterns, with its dots escaped.
std::string Escaped(const std::string& path) {
  std::string out;
  for (char c : path) out += c == '.' ? "\\." : std::string(1, c);
  return out;
}

// `pattern` without "path." at its beginning, after an anchor; nothing if it does not begin so.
std::optional<std::string> WithoutPath(const std::string& pattern, const std::string& path) {
  const std::string anchor = pattern.starts_with('^') ? "^" : "";
  for (const std::string& head : {path + ".", Escaped(path) + "\\."}) {
    if (pattern.compare(anchor.size(), head.size(), head) != 0) continue;
    return anchor + pattern.substr(anchor.size() + head.size());
  }
  return std::nullopt;
}

bool TakeOffPath(const std::string& path, std::vector<std::string>* patterns) {
  for (std::string& pattern : *patterns) {
    std::optional<std::string> rest = WithoutPath(pattern, path);
    if (!rest || rest->empty()) return false;
    pattern = *std::move(rest);
  }
  return true;
}

}  // namespace

Fix RemoveTransform(const TransformRef& transform, std::string description) {
  Fix fix;
  fix.description = std::move(description);
  fix.repair.kind = Repair::Kind::kRemove;
  fix.repair.transform = transform;
  return fix;
}

Fix RewritePatterns(const TransformRef& transform, TransformSpec replacement,
                    std::string description) {
  Fix fix;
  fix.description = std::move(description);
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
                         "end both patterns with the dot of the name part");
}

std::optional<Fix> GuardTarget(const TransformRef& transform) {
  const TransformSpec& spec = *transform.spec;
  if (!IsPlainRenaming(spec)) return std::nullopt;
  const std::string old_name = NameOf(spec.sources[0]);
  const std::string new_name = NameOf(spec.targets[0]);
  if (old_name.empty() || new_name.empty()) return std::nullopt;
  const size_t at = old_name.find(new_name);
  if (at == std::string::npos || old_name == new_name) return std::nullopt;
  const std::string before = old_name.substr(0, at);
  const std::string behind = old_name.substr(at + new_name.size());
  TransformSpec replacement = spec;
  std::string& target = replacement.targets[0];
  if (!behind.empty()) {
    if (target.ends_with('$')) return std::nullopt;
    target += "(?!" + Escaped(behind) + ')';
  } else {
    if (target.starts_with('^')) return std::nullopt;
    target.insert(0, "(?<!" + Escaped(before) + ')');
  }
  return RewritePatterns(transform, std::move(replacement),
                         "guard the target, which only a save reads as a pattern");
}

std::optional<Fix> GuardHead(const TransformRef& transform) {
  const TransformSpec& spec = *transform.spec;
  if (!IsPlainRenaming(spec)) return std::nullopt;
  const std::string& source = spec.sources[0];
  const size_t group = source.find('(');
  if (group == std::string::npos || !source.ends_with(')')) return std::nullopt;
  // Any one character may be at the place of the dot that the group follows.
  const std::string name = NameOf(source.substr(0, group));
  if (name.empty() || spec.targets[0] != "\\1") return std::nullopt;
  TransformSpec replacement = spec;
  replacement.targets[0] = "^(?!" + Escaped(name) + ")\\1";
  return RewritePatterns(transform, std::move(replacement),
                         "guard the target, which only a save reads as a pattern");
}

std::optional<Fix> ExpectBehind(const TransformRef& transform,
                                const std::set<std::string>& behind) {
  const TransformSpec& spec = *transform.spec;
  if (!IsPlainRenaming(spec) || behind.empty() || NameOf(spec.targets[0]).empty() ||
      spec.targets[0].ends_with('$')) {
    return std::nullopt;
  }
  std::string texts;
  for (const std::string& text : behind) texts += (texts.empty() ? "" : "|") + Escaped(text);
  TransformSpec replacement = spec;
  replacement.targets[0] += "(?=" + texts + ')';
  return RewritePatterns(transform, std::move(replacement),
                         "add what follows to the target, which only a save reads as a pattern");
}

std::optional<Fix> EscapeTargets(const TransformRef& transform) {
  const TransformSpec& spec = *transform.spec;
  if (spec.kind == TransformKind::kPrefixChange) return std::nullopt;
  TransformSpec replacement = spec;
  for (std::string& target : replacement.targets) target = EscapeBareDots(target);
  if (replacement.targets == spec.targets) return std::nullopt;
  return RewritePatterns(transform, std::move(replacement),
                         "escape the dots of the target, which a save reads as a pattern");
}

std::optional<Fix> AnchorTargets(const TransformRef& transform) {
  const TransformSpec& spec = *transform.spec;
  if (spec.kind == TransformKind::kPrefixChange) return std::nullopt;
  TransformSpec replacement = spec;
  bool changed = false;
  for (size_t i = 0; i < spec.targets.size(); ++i) {
    const std::string& source = spec.sources[std::min(i, spec.sources.size() - 1)];
    std::string& target = replacement.targets[i];
    if (source.starts_with('^') && !target.starts_with('^')) {
      target.insert(0, "^");
      changed = true;
    }
  }
  if (!changed) return std::nullopt;
  return RewritePatterns(transform, std::move(replacement), "anchor the target, too");
}

std::optional<Fix> MoveUnder(const TransformRef& transform, std::string entry,
                             const std::string& path) {
  const TransformSpec& spec = *transform.spec;
  if (spec.kind == TransformKind::kPrefixChange) return std::nullopt;
  Fix fix;
  fix.description = "move it to the beginning of `" + entry + "`";
  fix.repair.kind = Repair::Kind::kMove;
  fix.repair.transform = transform;
  fix.repair.entry = std::move(entry);
  fix.repair.replacement = spec;
  TransformSpec shorter = spec;
  if (TakeOffPath(path, &shorter.sources) && TakeOffPath(path, &shorter.targets)) {
    fix.repair.replacement = std::move(shorter);
    fix.description += ", without `" + path + ".`";
  }
  return fix;
}

Fix RemoveAlias(const Alias& alias) {
  Fix fix;
  fix.description = "remove the alias";
  fix.repair.kind = Repair::Kind::kRemoveAlias;
  fix.repair.alias = alias.name;
  return fix;
}

void Propose(std::optional<Fix> fix, Finding* finding) {
  if (fix) finding->candidates.push_back(*std::move(fix));
}

}  // namespace wcheck
