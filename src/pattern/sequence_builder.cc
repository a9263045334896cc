// Decomposes a pattern into the rows of a SequenceMatcher.
#include <algorithm>
#include <optional>
#include <utility>

#include "pattern/sequence_matcher.h"

namespace wcheck::regex {

class SequenceBuilder {
 public:
  using Step = SequenceMatcher::Step;
  using StepKind = SequenceMatcher::StepKind;
  using Row = SequenceMatcher::Row;
  using Rows = std::vector<Row>;

  explicit SequenceBuilder(const Tree& tree) : tree_(tree) {}

  // Appends the node to every one of the rows; false if it is not simple.
  bool Append(NodeId id, Rows* rows) {
    const Node& node = tree_[id];
    switch (node.kind) {
      case NodeKind::kConcat:
        for (NodeId child : tree_.ChildrenOf(node)) {
          if (!Append(child, rows)) return false;
        }
        return true;
      case NodeKind::kAlternate:
        return AppendBranches(node, rows);
      case NodeKind::kLiteral:
      case NodeKind::kAny:
      case NodeKind::kSet:
        AppendCharacter(AsciiSetOf(tree_, node), rows);
        return true;
      case NodeKind::kAnchor:
        AppendAnchor(node.anchor, rows);
        return true;
      case NodeKind::kGroup:
        AppendStep({.kind = StepKind::kGroupStart, .group = node.value}, rows);
        if (!Append(node.child, rows)) return false;
        AppendStep({.kind = StepKind::kGroupEnd, .group = node.value}, rows);
        return true;
      case NodeKind::kRepeat:
        return AppendRun(node, rows);
      case NodeKind::kLook:
        return AppendLook(node, rows);
      case NodeKind::kAtomic:
      case NodeKind::kBackreference:
      case NodeKind::kConditional:
        return false;
    }
    return false;
  }

  // True if every run has only one length with which the rest can match.
  static bool RunsAreDetermined(const Row& row) {
    for (size_t i = 0; i < row.steps.size(); ++i) {
      const Step& run = row.steps[i];
      if (run.kind != StepKind::kRun) continue;
      size_t next = i + 1;
      while (next < row.steps.size() && IsGroupMark(row.steps[next])) ++next;
      if (next == row.steps.size()) {
        if (run.lazy) return false;
      } else if (row.steps[next].kind != StepKind::kTextEnd) {
        // The first character after the run must not belong to the run.
        std::optional<AsciiSet> first = FirstOf(row.steps[next]);
        if (!first || first->Intersects(run.set)) return false;
      }
    }
    return true;
  }

  static void FindLead(Row* row) {
    size_t offset = 0;
    for (const Step& step : row->steps) {
      if (step.kind == StepKind::kRun) return;
      if (step.kind == StepKind::kTextStart && offset == 0) row->at_start = true;
      if (step.kind == StepKind::kOne) ++offset;
      if (step.kind == StepKind::kLiteral) {
        if (step.literal.size() > row->lead.size()) {
          row->lead = step.literal;
          row->lead_offset = offset;
        }
        offset += step.literal.size();
      }
    }
  }

 private:
  static constexpr size_t kMaxRows = 16;
  static constexpr size_t kMaxSteps = 400;  // of all rows

  static bool IsGroupMark(const Step& step) {
    return step.kind == StepKind::kGroupStart || step.kind == StepKind::kGroupEnd;
  }

  static std::optional<AsciiSet> FirstOf(const Step& step) {
    if (step.kind == StepKind::kOne || (step.kind == StepKind::kRun && step.min > 0)) {
      return step.set;
    }
    if (step.kind != StepKind::kLiteral) return std::nullopt;
    AsciiSet set;
    set.Add(static_cast<unsigned char>(step.literal.front()));
    return set;
  }

  static void AppendStep(const Step& step, Rows* rows) {
    for (Row& row : *rows) row.steps.push_back(step);
  }

  static void AppendCharacter(const AsciiSet& set, Rows* rows) {
    int single = set.Single();
    for (Row& row : *rows) {
      if (single < 0) {
        row.steps.push_back({.kind = StepKind::kOne, .set = set});
        continue;
      }
      if (row.steps.empty() || row.steps.back().kind != StepKind::kLiteral) {
        row.steps.push_back({.kind = StepKind::kLiteral});
      }
      row.steps.back().literal += static_cast<char>(single);
    }
  }

  static void AppendAnchor(Anchor anchor, Rows* rows) {
    switch (anchor) {
      case Anchor::kLineStart:
      case Anchor::kTextStart:
        return AppendStep({.kind = StepKind::kTextStart}, rows);
      case Anchor::kLineEnd:
      case Anchor::kTextEnd:
        return AppendStep({.kind = StepKind::kTextEnd}, rows);
      case Anchor::kWordBoundary:
        return AppendStep({.kind = StepKind::kBoundary}, rows);
      case Anchor::kNotBoundary:
        return AppendStep({.kind = StepKind::kBoundary, .negated = true}, rows);
    }
  }

  bool AppendBranches(const Node& node, Rows* rows) {
    Rows all;
    size_t steps = 0;
    for (const Row& row : *rows) {
      for (NodeId child : tree_.ChildrenOf(node)) {
        Rows branch = {row};
        if (!Append(child, &branch)) return false;
        for (Row& expanded : branch) {
          steps += expanded.steps.size();
          all.push_back(std::move(expanded));
        }
        if (all.size() > kMaxRows || steps > kMaxSteps) return false;
      }
    }
    *rows = std::move(all);
    return true;
  }

  bool AppendRun(const Node& node, Rows* rows) {
    const Node* body = &tree_[node.child];
    if (!IsSingleCharacter(*body)) return false;
    AppendStep({.kind = StepKind::kRun,
                .lazy = node.repeat == RepeatMode::kLazy,
                .min = node.value,
                .max = node.value2,
                .set = AsciiSetOf(tree_, *body)},
               rows);
    return true;
  }

  bool AppendLook(const Node& node, Rows* rows) {
    Step look = {.kind = StepKind::kLook, .negated = node.negated, .behind = node.behind};
    Rows inner = {Row()};
    if (!Append(node.child, &inner)) return false;
    for (const Row& row : inner) {
      std::vector<AsciiSet>& sets = look.rows.emplace_back();
      for (const Step& step : row.steps) {
        if (step.kind == StepKind::kOne) {
          sets.push_back(step.set);
        } else if (step.kind == StepKind::kLiteral) {
          for (char c : step.literal) sets.emplace_back().Add(static_cast<unsigned char>(c));
        } else if (!node.negated || !IsGroupMark(step)) {
          return false;  // groups of a negative lookaround do not take part in a match
        }
      }
    }
    AppendStep(look, rows);
    return true;
  }

  const Tree& tree_;
};

std::unique_ptr<SequenceMatcher> SequenceMatcher::Create(const Tree& tree) {
  if (static_cast<size_t>(tree.group_count()) >= kMaxGroups) return nullptr;
  std::unique_ptr<SequenceMatcher> matcher(new SequenceMatcher);
  matcher->groups_ = static_cast<size_t>(tree.group_count()) + 1;
  matcher->rows_.emplace_back();
  if (!SequenceBuilder(tree).Append(tree.root, &matcher->rows_)) return nullptr;
  for (Row& row : matcher->rows_) {
    if (!SequenceBuilder::RunsAreDetermined(row)) return nullptr;
    SequenceBuilder::FindLead(&row);
  }
  return matcher;
}

}  // namespace wcheck::regex
