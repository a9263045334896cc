// Groups classes by the edits that affect them. The edits that match a key of a class are its
// reason to change; classes with the same edits form a group, whose summary names them.
#include "compare/grouping.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "compare/plan_edits.h"

namespace wcheck {
namespace {

std::string JoinTexts(const std::set<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += text + '\n';
  return out;
}

std::string CauseOf(const ClassOutcome& outcome) {
  std::string cause;
  for (const TransformEdit& edit : outcome.edits) cause += EditText(edit) + '\n';
  // Without an edit, an engine change is identified by the transforms that it handles differently,
  // and a model change by what changed in the model.
  if (cause.empty() && outcome.engine_changed) cause = "engine\n" + JoinTexts(outcome.movers);
  if (outcome.model_changed) {
    cause += "model\n";
    if (outcome.edits.empty()) {
      for (const KeyChange& change : outcome.comparison.changes) {
        cause += std::to_string(static_cast<int>(change.kind)) + ' ' + change.subject + '\n';
      }
    }
  }
  return cause;
}

std::string Quantity(size_t count, std::string_view singular, std::string_view plural) {
  return std::to_string(count) + ' ' + std::string(count == 1 ? singular : plural);
}

// "3 transforms added, 1 changed in 'mixtral' and 2 more entries".
std::string CountEdits(const std::vector<TransformEdit>& edits) {
  std::map<TransformEdit::Kind, size_t> counts;
  std::vector<std::string> entries;
  for (const TransformEdit& edit : edits) {
    ++counts[edit.kind];
    const std::string& entry = (edit.after ? edit.after : edit.before)->entry;
    if (std::ranges::find(entries, entry) == entries.end()) entries.push_back(entry);
  }
  std::string out;
  for (const auto& [kind, count] : counts) {
    out += out.empty() ? Quantity(count, "transform", "transforms") : ", " + std::to_string(count);
    out += ' ' + std::string(TransformEditName(kind));
  }
  out += " in '" + entries.front() + "'";
  if (entries.size() == 2) out += " and '" + entries.back() + "'";
  if (entries.size() > 2) out += " and " + std::to_string(entries.size() - 1) + " more entries";
  return out;
}

// The most specific reason first: an alias, a single edit, a count of edits, the transforms that
// the engine handles differently, or just the engine or the model.
std::string SummaryOf(const ClassOutcome& outcome) {
  std::string out;
  if (!outcome.aliases.empty()) {
    const AliasEdit& alias = outcome.aliases.front();
    out = "alias '" + alias.name + "'";
    if (alias.after.empty()) {
      out += " of '" + alias.before + "' was dropped";
    } else if (alias.before.empty()) {
      out += " of '" + alias.after + "' was added";
    } else {
      out += " became '" + alias.after + "', was '" + alias.before + "'";
    }
    if (outcome.aliases.size() > 1) {
      out += ", and " + Quantity(outcome.aliases.size() - 1, "more alias", "more aliases");
    }
  } else if (outcome.edits.size() == 1) {
    out = EditText(outcome.edits.front());
  } else if (!outcome.edits.empty()) {
    out = CountEdits(outcome.edits);
  } else if (outcome.engine_changed && !outcome.movers.empty()) {
    out = "the engine handles " + *outcome.movers.begin() + " differently";
    if (outcome.movers.size() > 1) {
      out += ", and " + Quantity(outcome.movers.size() - 1, "more transform", "more transforms");
    }
  } else if (outcome.engine_changed && !outcome.model_changed) {
    out = "the engine changed";
  }
  if (outcome.model_changed) out += out.empty() ? "the model changed" : "; the model changed, too";
  return out;
}

}  // namespace

// A map by cause text, so that the groups and their contents do not depend on the order in which
// threads finished.
std::vector<ChangeGroup> GroupByCause(std::vector<ClassOutcome> outcomes) {
  std::map<std::string, ChangeGroup> groups;
  for (ClassOutcome& outcome : outcomes) {
    const bool nothing = outcome.edits.empty() && outcome.comparison.changes.empty();
    if (nothing) continue;
    std::string cause = CauseOf(outcome);
    auto [group, is_new] = groups.try_emplace(cause);
    ChangeGroup& g = group->second;
    if (is_new) {
      g.cause = std::move(cause);
      g.summary = SummaryOf(outcome);
      g.edits = std::move(outcome.edits);
      g.aliases = std::move(outcome.aliases);
    }
    g.verdict = std::max(g.verdict, outcome.comparison.verdict);
    g.classes.push_back(std::move(outcome.comparison));
  }
  std::vector<ChangeGroup> out;
  out.reserve(groups.size());
  for (auto& [cause, group] : groups) out.push_back(std::move(group));
  SortGroups(&out);
  return out;
}

void SortGroups(std::vector<ChangeGroup>* groups) {
  for (ChangeGroup& group : *groups) {
    std::ranges::stable_sort(group.classes, [](const auto& a, const auto& b) {
      return std::make_tuple(-static_cast<int>(a.verdict), std::string_view(a.class_name)) <
             std::make_tuple(-static_cast<int>(b.verdict), std::string_view(b.class_name));
    });
  }
  std::ranges::stable_sort(*groups, [](const ChangeGroup& a, const ChangeGroup& b) {
    return std::make_tuple(-static_cast<int>(a.verdict), b.classes.size()) <
           std::make_tuple(-static_cast<int>(b.verdict), a.classes.size());
  });
}

ChangeGroup RejectedGroup(const std::vector<CompiledRegistry::Rejection>& rejected) {
  ChangeGroup group;
  group.verdict = Compatibility::kBreaking;
  group.summary = "the engine rejects " + TransformText(*rejected.front().spec) + ": " +
                  rejected.front().error.ToString();
  for (const CompiledRegistry::Rejection& r : rejected) {
    group.cause += "rejected|" + TransformText(*r.spec) + '\n';
    group.edits.push_back(
        {TransformEdit::Kind::kAdded, std::nullopt,
         TransformRef{r.spec, std::string(r.entry), static_cast<uint32_t>(r.index)}});
  }
  return group;
}

}  // namespace wcheck
