#include "mapping/transform.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "mapping/operation_table.h"

namespace wcheck {
namespace {

// Python's str.replace(from, to) for all occurrences, and for the first one only.
void ReplaceAll(std::string* text, std::string_view from, std::string_view to) {
  for (size_t at = 0; (at = text->find(from, at)) != std::string::npos; at += to.size()) {
    text->replace(at, from.size(), to);
  }
}

void ReplaceFirst(std::string* text, std::string_view from, std::string_view to) {
  if (size_t at = text->find(from); at != std::string::npos) text->replace(at, from.size(), to);
}

// Deletes every match of the regex \(\?.+?\)?\) : from "(?", over at least one character, to the
// nearest ")" that follows, and one more ")" if it is next. Or, `to_last`, of \(\?.+\) : to the
// last ")" of the line. `.` does not match a newline.
void DeleteLookarounds(std::string* text, bool to_last) {
  std::string out;
  size_t at = 0;
  while (at < text->size()) {
    if (text->compare(at, 2, "(?") == 0 && at + 3 < text->size()) {
      // The body is not empty, and its first character may itself be ")".
      const size_t newline = std::min(text->find('\n', at + 2), text->size());
      const std::string_view line = std::string_view(*text).substr(0, newline);
      const size_t close = to_last ? line.rfind(')') : line.find(')', at + 3);
      if (close != std::string::npos && close >= at + 3) {
        at = close + 1;
        if (!to_last && at < text->size() && (*text)[at] == ')') ++at;
        continue;
      }
    }
    out += (*text)[at++];
  }
  *text = std::move(out);
}

// The first match of \(.+?\), or an empty string.
std::string FirstGroup(std::string_view text) {
  for (size_t open = text.find('('); open != std::string_view::npos;
       open = text.find('(', open + 1)) {
    size_t close = open + 1 < text.size() ? text.find(')', open + 2) : std::string_view::npos;
    if (close == std::string_view::npos) continue;
    if (text.find('\n', open + 1) < close) continue;
    return std::string(text.substr(open, close - open + 1));
  }
  return {};
}

bool SupportManyToMany(const std::vector<Operation>& operations) {
  return std::ranges::any_of(operations,
                             [](const Operation& o) { return InfoOf(o.kind).many_to_many; });
}

std::string ShowList(const std::vector<std::string>& list) {
  std::string out = "[";
  for (const std::string& s : list) {
    if (out.size() > 1) out += ", ";
    out += "'" + s + "'";
  }
  return out + "]";
}

// As Python counts them: code points.
size_t CountCharacters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

// [a-zA-Z0-9]$ matches, also before a newline at the end.
bool EndsInLetterOrDigit(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.empty()) return false;
  const char c = text.back();
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

EngineError ValueError(std::string message) {
  return {EngineError::Kind::kValueError, std::move(message), "", -1};
}

// What 5.0 does to a target when it is set, before it constructs anything.
void SetAsTarget(std::string* target, const Engine& engine) {
  if (target->starts_with('^')) target->erase(0, 1);
  if (target->ends_with('$')) target->pop_back();
  DeleteLookarounds(target,
                    engine.target_lookarounds == EngineRules::TargetLookarounds::kFirstToLast);
  ReplaceAll(target, "(.+)", "\\1");
}

}  // namespace

std::string EngineError::ToString() const {
  static constexpr std::string_view kNames[] = {
      "ValueError", "PatternError", "IndexError",     "TypeError",
      "KeyError",   "RuntimeError", "AttributeError", "NotImplementedError",
      "MemoryError"};
  return std::string(kNames[static_cast<size_t>(kind)]) + ": " + message;
}

ProcessedTarget ProcessTarget(std::string_view target, const Engine& engine) {
  ProcessedTarget out;
  if (target.starts_with('^')) target.remove_prefix(1);
  if (!engine.keeps_dollar && target.ends_with('$')) target.remove_suffix(1);
  out.text = target;
  // Most targets are plain names: without "(" and "\" there is nothing to do.
  if (out.text.find_first_of("(\\") == std::string::npos) return out;
  DeleteLookarounds(&out.text,
                    engine.target_lookarounds == EngineRules::TargetLookarounds::kFirstToLast);
  if (engine.target_dots == EngineRules::TargetDots::kUnescaped) ReplaceAll(&out.text, "\\.", ".");
  out.captured_group = FirstGroup(out.text);
  if (!out.captured_group.empty()) ReplaceFirst(&out.text, out.captured_group, "\\1");
  if (engine.target_dots == EngineRules::TargetDots::kUnescapedOutsideGroup) {
    ReplaceAll(&out.text, "\\.", ".");
  }
  return out;
}

// What a LayerPairCollapse searches for, whatever its source says.
constexpr const char* kLayerPairs =
    "(?P<g0>layers\\.(\\d+)\\.(mixer|attn_alpha|mlp_alpha)(?=\\.|$))";

std::optional<EngineError> ProcessPatterns(TransformKind kind, std::vector<std::string>* sources,
                                           std::vector<std::string>* targets,
                                           const Engine& engine) {
  const std::vector<std::string> original_targets = *targets;
  if (engine.target_groups == EngineRules::TargetGroups::kOnlyAnything) {
    for (std::string& source : *sources) ReplaceAll(&source, "\\1", "(.+)");
    for (std::string& target : *targets) SetAsTarget(&target, engine);
  }
  // The converters of 5.0 leave it at that.
  const bool set_only = engine.target_groups == EngineRules::TargetGroups::kOnlyAnything &&
                        kind == TransformKind::kWeightConverter;
  std::optional<std::string> captured;
  for (std::string& target : *targets) {
    if (set_only) break;
    ProcessedTarget processed = ProcessTarget(target, engine);
    target = std::move(processed.text);
    if (processed.captured_group.empty()) continue;
    if (captured && *captured != processed.captured_group) {
      return ValueError("Multiple different capturing groups found in target_patterns: '" +
                        *captured + "' and '" + processed.captured_group + "'");
    }
    captured = std::move(processed.captured_group);
  }

  for (size_t i = 0; i < sources->size(); ++i) {
    std::string& source = (*sources)[i];
    if (!set_only && source.find("\\1") != std::string::npos) {
      if (!captured) {
        EngineError error = ValueError("Source pattern '" + source +
                                       "' contains \\1 backreference, but no capturing groups "
                                       "found in target_patterns");
        error.pattern = source;
        return error;
      }
      ReplaceFirst(&source, "\\1", *captured);
    }
    if (engine.carries_anchors && sources->size() == targets->size()) {
      const std::string& target = original_targets[i];
      if (target.starts_with('^') && !source.starts_with('^')) source.insert(0, 1, '^');
      if (!engine.keeps_dollar && target.ends_with('$') && !source.ends_with('$')) source += '$';
    }
  }
  return std::nullopt;
}

PrefixPatterns PatternsOfPrefixChange(bool adds, std::string_view prefix,
                                      std::string_view model_prefix, const Engine& engine) {
  const std::string head = model_prefix.empty() ? "" : std::string(model_prefix) + "\\.";
  const std::string name(prefix);
  const std::string end = engine.keeps_dollar ? "" : "$";
  if (adds) return {"^" + head + "(?:(?!" + name + "\\.))(.+)" + end, head + name + "\\.\\1"};
  return {"^" + head + name + "\\.(.+)" + end, head + "\\1"};
}

// Runs the construction steps over a pair of lists, which it edits as the engine does: a second
// reversal starts from the caller's lists (docs/semantics.md#reverse-edits-patterns).
class TransformBuilder {
 public:
  // The constructor of the engine, step by step (docs/semantics.md#construction). The steps must
  // stay in this order: later ones see what earlier ones did to the lists.
  static std::variant<Transform, EngineError> Build(TransformKind kind,
                                                    std::vector<std::string>* sources,
                                                    std::vector<std::string>* targets,
                                                    std::vector<Operation> operations,
                                                    const TransformSpec* spec, const Engine& engine,
                                                    PatternCache* patterns) {
    std::vector<std::string> original_sources = *sources;
    std::vector<std::string> original_targets = *targets;
    if (kind == TransformKind::kGroupWeightRename && sources->size() != targets->size()) {
      return ValueError("a GroupWeightRename pairs its patterns, but has " +
                        std::to_string(sources->size()) + " sources and " +
                        std::to_string(targets->size()) + " targets");
    }

    // The engine constructs it, and raises at the first key, which its empty regex matches.
    if (sources->empty()) return ValueError("a transform needs at least one source pattern");

    if (std::optional<EngineError> error = ProcessPatterns(kind, sources, targets, engine)) {
      return *std::move(error);
    }
    const std::string regex =
        kind == TransformKind::kLayerPairCollapse ? kLayerPairs : Regex(*sources, engine);

    Result<Pattern> pattern =
        patterns != nullptr ? patterns->Compile(regex) : Pattern::Compile(regex);
    if (!pattern) {
      const Error& e = pattern.error();
      EngineError error{EngineError::Kind::kPatternError, e.message, regex, -1};
      if (e.place.column != 0) {
        error.position = static_cast<int>(e.place.column) - 1;
        error.message += " at position " + std::to_string(error.position);
      }
      return error;
    }

    if (kind == TransformKind::kWeightConverter) {
      if (sources->size() > 1 && targets->size() > 1 && !SupportManyToMany(operations)) {
        return ValueError("source keys=" + ShowList(*sources) +
                          ", target_patterns=" + ShowList(*targets) +
                          ": a converter is one to many, one to one or many to one");
      }
      if (operations.empty()) return ValueError("WeightConverter requires at least one operation.");
    }

    Transform t(*std::move(pattern));
    t.kind = kind;
    t.sources = *sources;
    t.targets = *targets;
    t.operations = std::move(operations);
    t.original_sources = std::move(original_sources);
    t.original_targets = std::move(original_targets);
    t.spec = spec;
    t.engine = &engine;
    t.source_group.resize(t.sources.size(), 0);
    for (const auto& [name, number] : t.pattern.named_groups()) {
      if (name.size() < 2 || name[0] != 'g') continue;
      size_t index = 0;
      bool digits = std::all_of(name.begin() + 1, name.end(), [&](char c) {
        index = index * 10 + static_cast<size_t>(c - '0');
        return c >= '0' && c <= '9' && index < 100000;
      });
      if (digits && index < t.source_group.size()) t.source_group[index] = number;
    }
    return t;
  }

  static std::variant<Transform, EngineError> BuildPrefixChange(bool adds, std::string prefix,
                                                                std::string model_prefix,
                                                                const TransformSpec* spec,
                                                                const Engine& engine,
                                                                PatternCache* patterns) {
    PrefixPatterns patterns_of = PatternsOfPrefixChange(adds, prefix, model_prefix, engine);
    std::vector<std::string> sources = {std::move(patterns_of.source)};
    std::vector<std::string> targets = {std::move(patterns_of.target)};
    auto built =
        Build(TransformKind::kPrefixChange, &sources, &targets, {}, spec, engine, patterns);
    if (auto* t = std::get_if<Transform>(&built)) {
      t->adds_prefix = adds;
      (adds ? t->prefix_to_add : t->prefix_to_remove) = std::move(prefix);
      t->model_prefix = std::move(model_prefix);
    }
    return built;
  }

 private:
  // One regex over all sources, a named group each.
  static std::string Regex(const std::vector<std::string>& sources, const Engine& engine) {
    std::vector<size_t> order(sources.size());
    std::iota(order.begin(), order.end(), size_t{0});
    if (engine.longest_source_first) {
      std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
        return CountCharacters(sources[a]) > CountCharacters(sources[b]);
      });
    }
    std::string regex;
    for (size_t i : order) {
      std::string branch = sources[i];
      if (engine.wildcard == EngineRules::Wildcard::kDotStarDot) {
        ReplaceAll(&branch, ".*.", "\\..*\\.");
      } else {
        ReplaceAll(&branch, "*.", ".*\\.");
      }
      if (engine.source_ends_name && EndsInLetterOrDigit(branch)) branch += "(?!\\w)";
      if (!regex.empty()) regex += '|';
      regex += "(?P<g" + std::to_string(i) + ">" + branch + ")";
    }
    return regex;
  }
};

namespace {

EngineError Absent(std::string_view name) {
  return EngineError{
      EngineError::Kind::kAttributeError,
      "module 'transformers.core_model_loading' has no attribute '" + std::string(name) + "'", "",
      -1};
}

}  // namespace

std::optional<std::string_view> Transform::ClassAbsentFrom(const Engine& engine,
                                                           const TransformSpec& spec) {
  if (TransformKindSince(spec.kind) > engine.classes_of) return TransformKindName(spec.kind);
  for (const Operation& operation : spec.operations) {
    const OperationInfo& info = InfoOf(operation.kind);
    if (!IsIn(info.since, info.until, engine)) return info.name;
  }
  return std::nullopt;
}

std::variant<Transform, EngineError> Transform::Construct(const TransformSpec& spec,
                                                          const Engine& engine,
                                                          PatternCache* patterns) {
  if (const auto absent = ClassAbsentFrom(engine, spec)) return Absent(*absent);
  if (spec.kind == TransformKind::kPrefixChange) {
    if (spec.prefix_to_add.has_value() == spec.prefix_to_remove.has_value()) {
      return ValueError("You must provide only one of `prefix_to_add` and `prefix_to_remove`");
    }
    bool adds = spec.prefix_to_add.has_value();
    return TransformBuilder::BuildPrefixChange(
        adds, adds ? *spec.prefix_to_add : *spec.prefix_to_remove, spec.model_prefix.value_or(""),
        &spec, engine, patterns);
  }
  std::vector<std::string> sources = spec.sources;
  std::vector<std::string> targets = spec.targets;
  auto built = TransformBuilder::Build(spec.kind, &sources, &targets,
                                       KnownTo(engine, spec.operations), &spec, engine, patterns);
  if (auto* t = std::get_if<Transform>(&built)) {
    t->offset = spec.offset;
    t->force_cpu = spec.force_cpu;
  }
  return built;
}

std::variant<Transform, EngineError> Transform::UnderPath(std::string_view path,
                                                          PatternCache* patterns) const {
  std::string prefix(path);
  if (!model_prefix.empty()) prefix += '.' + model_prefix;
  return TransformBuilder::BuildPrefixChange(adds_prefix,
                                             adds_prefix ? prefix_to_add : prefix_to_remove,
                                             std::move(prefix), spec, *engine, patterns);
}

std::variant<Transform, EngineError> Transform::Reverse(int times, PatternCache* patterns) const {
  if (is_prefix_change()) {
    return TransformBuilder::BuildPrefixChange(!adds_prefix,
                                               adds_prefix ? prefix_to_add : prefix_to_remove,
                                               model_prefix, spec, *engine, patterns);
  }
  if (is_layer_pair()) return *this;
  std::vector<Operation> reversed_operations;
  for (auto op = operations.rbegin(); op != operations.rend(); ++op) {
    reversed_operations.push_back(ReverseOperation(*op));
  }
  // The written patterns, swapped. Build edits them in place, as the engine's constructor does.
  std::vector<std::string> sources = engine->reverses_processed ? this->targets : original_targets;
  std::vector<std::string> targets = engine->reverses_processed ? this->sources : original_sources;
  if (!engine->reverse_edits_patterns) times = 1;
  if (is_group()) {
    // The pairs are sorted into new lists, so the written patterns stay as they were.
    std::vector<std::pair<std::string, std::string>> pairs;
    for (size_t i = 0; i < sources.size() && i < targets.size(); ++i) {
      pairs.emplace_back(sources[i], targets[i]);
    }
    std::sort(pairs.begin(), pairs.end());
    for (size_t i = 0; i < pairs.size(); ++i) {
      sources[i] = pairs[i].first;
      targets[i] = pairs[i].second;
    }
    times = 1;
  }
  auto reversed = TransformBuilder::Build(kind, &sources, &targets, std::move(reversed_operations),
                                          spec, *engine, patterns);
  for (int i = 1; i < times && std::holds_alternative<Transform>(reversed); ++i) {
    reversed = TransformBuilder::Build(kind, &sources, &targets,
                                       std::get<Transform>(std::move(reversed)).operations, spec,
                                       *engine, patterns);
  }
  if (auto* t = std::get_if<Transform>(&reversed)) {
    t->offset = -offset;
    t->force_cpu = force_cpu && engine->reverse_keeps_force_cpu;
  }
  return reversed;
}

}  // namespace wcheck
