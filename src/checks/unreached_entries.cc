// What the text of an entry shows that no judged class reaches: the functions of the registry for
// checks that otherwise look at keys.
#include "checks/unreached_entries.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "analysis/near_miss.h"
#include "analysis/pattern_blame.h"
#include "analysis/subject.h"
#include "support/limits.h"

namespace wcheck {
namespace {

// Calls `each` with the constructed transforms of each entry that no class reaches, where they were
// written, and where they stand in the entry.
template <typename Each>
void ForEachUnreached(const RegistryContext& context, const Each& each) {
  if (!context.all_classes) return;
  for (const auto& [name, entry] : context.registry.registry().entries) {
    if (AppliesToAll(name) || entry.incomplete || context.Reached(name)) continue;
    std::vector<TransformRef> refs;
    for (const auto& compiled : *context.registry.Find(name)) {
      refs.push_back(RefIn(entry, *std::get<Transform>(compiled->forward()).spec));
    }
    each(*context.registry.Find(name), refs);
  }
}

// The groups that a source has of its own.
int GroupsOf(const Transform& transform, size_t source) {
  const int first = transform.source_group[source];
  int next = transform.pattern.group_count() + 1;
  for (const int start : transform.source_group) {
    if (start > first) next = std::min(next, start);
  }
  return next - first - 1;
}

// The numbers that a target refers to: `\1`, `\12`.
std::set<int> ReferencesOf(std::string_view target) {
  std::set<int> numbers;
  for (size_t at = target.find('\\'); at != std::string_view::npos && at + 1 < target.size();
       at = target.find('\\', at + 1)) {
    int number = 0;
    size_t end = at + 1;
    while (end < target.size() && target[end] >= '0' && target[end] <= '9' && number < 1000) {
      number = number * 10 + (target[end++] - '0');
    }
    if (end > at + 1) numbers.insert(number);
  }
  return numbers;
}

// What is wrong with the references of a transform, as it runs in one direction.
std::optional<std::string> WrongReference(const Transform& transform, const Engine& engine) {
  if (transform.is_layer_pair() || transform.is_index_offset()) return std::nullopt;
  for (size_t source = 0; source < transform.sources.size(); ++source) {
    const size_t target = transform.is_group() ? source : 0;
    if (target >= transform.targets.size()) continue;
    const int groups = GroupsOf(transform, source);
    for (const int number : ReferencesOf(transform.targets[target])) {
      const std::string reference = "`\\" + std::to_string(number) + "`";
      if (engine.only_first_group && !transform.is_group() && number != 1) {
        return reference + " stays in names as text, since this engine replaces only `\\1`";
      }
      if (number <= groups) continue;
      return "the engine raises IndexError for each key that it matches: " + reference +
             " refers to a group, and " + "`" + transform.sources[source] + "` has " +
             (groups == 0 ? "none" : groups == 1 ? "one" : std::to_string(groups));
    }
  }
  return std::nullopt;
}

}  // namespace

void CheckUnreachedReferences(const RegistryContext& context, FindingSink* sink) {
  const Engine& engine = context.registry.engine();
  ForEachUnreached(context, [&](const auto& entry, const std::vector<TransformRef>& refs) {
    for (size_t i = 0; i < entry.size(); ++i) {
      if (context.written.IsCopy(refs[i])) continue;
      const auto* reverse = std::get_if<Transform>(&entry[i]->reverse());
      std::optional<std::string> wrong =
          WrongReference(std::get<Transform>(entry[i]->forward()), engine);
      const bool load = wrong.has_value();
      if (!load && reverse != nullptr) wrong = WrongReference(*reverse, engine);
      if (!wrong) continue;
      Finding finding;
      finding.transform = refs[i];
      finding.cause = "reference-left";
      finding.message = std::string(load ? "on load, " : "on save, ") + *wrong;
      finding.advice = "refer only to groups that the source has, `(…)` in it";
      sink->Add(std::move(finding));
    }
  });
}

void CheckUnreachedReverses(const RegistryContext& context, FindingSink* sink) {
  ForEachUnreached(context, [&](const auto& entry, const std::vector<TransformRef>& refs) {
    for (size_t i = 0; i < entry.size(); ++i) {
      const auto* error = std::get_if<EngineError>(&entry[i]->reverse());
      if (error == nullptr || context.written.IsCopy(refs[i])) continue;
      Finding finding;
      finding.transform = refs[i];
      finding.cause = "reverse-raises";
      finding.subject = ErrorName(*error);
      finding.message = "a save raises `" + error->ToString() + "` when it builds the reverse";
      finding.advice = "the target is read as a pattern on save: write it so that it is one";
      finding.blame = BlamePattern(*error, Blame::Part::kTarget, refs[i].spec->targets);
      sink->Add(std::move(finding));
    }
  });
}

void CheckUnreachedSources(const RegistryContext& context, FindingSink* sink) {
  ForEachUnreached(context, [&](const auto& entry, const std::vector<TransformRef>& refs) {
    std::map<std::string, size_t> first;  // by source text: the converter that has it
    for (size_t i = 0; i < entry.size(); ++i) {
      const auto& transform = std::get<Transform>(entry[i]->forward());
      if (!transform.is_converter() || context.written.IsCopy(refs[i])) continue;
      for (const std::string& source : transform.sources) {
        const auto [known, added] = first.emplace(source, i);
        if (added || SameTransform(*refs[known->second].spec, *refs[i].spec)) continue;
        Finding finding;
        finding.transform = refs[known->second];
        finding.cause = "same-text";
        finding.subject = ShowTransform(*refs[i].spec);
        finding.message = "a later converter has the same source `" + source +
                          "`, and collects the keys that this one matches";
        finding.related.push_back({refs[i], {}, "this one collects the keys"});
        finding.advice = "write the two texts differently, or join the converters";
        sink->Add(std::move(finding));
      }
    }
  });
}

void CheckUnreachedTargets(const RegistryContext& context, FindingSink* sink) {
  ForEachUnreached(context, [&](const auto& entry, const std::vector<TransformRef>& refs) {
    const bool reversed = context.registry.engine().reverses_list;
    std::map<std::string, size_t> first;  // by target text as a save reads it, in the order of a save
    for (size_t n = 0; n < entry.size(); ++n) {
      const size_t i = reversed ? entry.size() - 1 - n : n;
      const auto& transform = std::get<Transform>(entry[i]->forward());
      const auto* reverse = std::get_if<Transform>(&entry[i]->reverse());
      if (reverse == nullptr || transform.is_prefix_change() || context.written.IsCopy(refs[i])) continue;
      for (const std::string& target : reverse->sources) {
        const auto [known, added] = first.emplace(target, i);
        const size_t other = known->second;
        if (added || other == i || SameTransform(*refs[other].spec, *refs[i].spec)) continue;
        Finding finding;
        finding.transform = refs[i];
        finding.cause = "same-target";
        finding.subject = ShowTransform(*refs[other].spec);
        finding.message =
            (reversed ? "a later transform has the same target `" + target +
                            "`: on save, where the order is reversed,"
                      : "an earlier transform has the same target `" + target + "`: on save,") +
            std::string(" it takes all keys of this one");
        finding.related.push_back({refs[other], {}, "this one gets the keys"});
        finding.advice = "a checkpoint with the names of this one is loaded, but saved under the "
                         "names of the other; write the two targets differently if both are saved";
        // Two old names of one key are no fault.
        finding.severity = Severity::kNote;
        sink->Add(std::move(finding), /*keep_severity=*/true);
      }
    }
  });
}

namespace {

// Whether a name of the release is, or ends in, one that the pattern matches: what a `^` stands for
// depends on the model that uses the entry.
bool IsKnownName(const RegistryContext& context, const Transform& reverse) {
  std::vector<Pattern> patterns;
  for (const std::string& source : reverse.sources) {
    if (!source.starts_with('^')) continue;
    Result<Pattern> anywhere = Pattern::Compile("(?:^|\\.)" + source.substr(1));
    if (!anywhere) return true;  // nothing is known
    patterns.push_back(*std::move(anywhere));
  }
  patterns.push_back(reverse.pattern);
  Match match;
  return std::ranges::any_of(context.known_names, [&](const LayoutFamily& family) {
    std::string key(family.pattern);
    std::ranges::replace(key, kHole, '0');
    return std::ranges::any_of(patterns, [&](const Pattern& pattern) {
      return pattern.MayMatchFamily(family.pattern, /*cut=*/true) && pattern.Search(key, &match);
    });
  });
}

}  // namespace

void CheckUnreachedNames(const RegistryContext& context, FindingSink* sink) {
  if (context.known_names.empty()) return;
  size_t looked_up = 0;
  size_t missed = 0;
  std::optional<NameTable> names;
  ForEachUnreached(context, [&](const auto& entry, const std::vector<TransformRef>& refs) {
    for (size_t i = 0; i < entry.size(); ++i) {
      const auto& transform = std::get<Transform>(entry[i]->forward());
      const auto* reverse = std::get_if<Transform>(&entry[i]->reverse());
      if (reverse == nullptr || transform.is_prefix_change() || transform.original_targets.empty() ||
          context.written.IsCopy(refs[i]) || ++looked_up > kMaxUnreachedNames ||
          IsKnownName(context, *reverse)) {
        continue;
      }
      const std::string& target = transform.original_targets.front();
      Finding finding;
      finding.transform = refs[i];
      finding.cause = "name-of-no-class";
      finding.blame = {Blame::Part::kTarget, 0};
      finding.message = "no key of any class of the layouts has the name that its target `" + target +
                        "` stands for";
      finding.advice =
          "if the name is not new with the model that uses this entry, it is misspelt";
      if (++missed <= kMaxNearestNames) {
        if (!names) names.emplace(context.known_names);
        const std::optional<NearMiss> near = names->Nearest(target);
        if (near) finding.message += "; did you mean `" + near->name + "`?";
      }
      finding.severity = Severity::kNote;
      sink->Add(std::move(finding), /*keep_severity=*/true);
    }
  });
}

}  // namespace wcheck
