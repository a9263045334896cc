// A diff of two lists of transforms: the longest common sequence stays, the rest is paired into
// edits (one pattern list kept), moves and additions or removals.
#include "compare/plan_edits.h"

#include <algorithm>

#include "analysis/round_trip.h"
#include "mapping/binary_codec.h"
#include "support/varint.h"

namespace wcheck {
namespace {

void AppendStrings(std::string* out, const std::vector<std::string>& strings) {
  AppendVarint(out, strings.size());
  for (const std::string& text : strings) AppendBytes(out, text);
}

void AppendOptional(std::string* out, const std::optional<std::string>& text) {
  AppendVarint(out, text.has_value() ? 1 : 0);
  if (text) AppendBytes(out, *text);
}

// Equal exactly for equal transforms, whatever the patterns contain.
std::string Identity(const TransformSpec& spec) {
  std::string out;
  AppendVarint(&out, static_cast<uint64_t>(spec.kind));
  AppendStrings(&out, spec.sources);
  AppendStrings(&out, spec.targets);
  AppendOptional(&out, spec.prefix_to_add);
  AppendOptional(&out, spec.prefix_to_remove);
  AppendOptional(&out, spec.model_prefix);
  for (const Operation& op : spec.operations) EncodeOperation(op, &out);
  return out;
}

bool SamePlaced(const PlacedTransform& a, const PlacedTransform& b,
                const TransformNumbers& numbers) {
  return a.legacy == b.legacy && a.scope_prefix == b.scope_prefix &&
         a.base_model_prefix == b.base_model_prefix &&
         numbers.Of(*a.forward().spec) == numbers.Of(*b.forward().spec);
}

// The transforms of two plans that are not in their longest common sequence, as indices, split
// where common ones are between them.
struct Gap {
  std::vector<uint32_t> before;
  std::vector<uint32_t> after;
};

std::vector<Gap> GapsBetween(const Plan& before, const Plan& after,
                             const TransformNumbers& numbers) {
  const size_t n = before.transforms.size();
  const size_t m = after.transforms.size();
  const auto same = [&](size_t i, size_t j) {
    return SamePlaced(before.transforms[i], after.transforms[j], numbers);
  };
  size_t head = 0;
  while (head < n && head < m && same(head, head)) ++head;
  size_t tail = 0;
  while (tail < n - head && tail < m - head && same(n - 1 - tail, m - 1 - tail)) ++tail;
  const size_t rows = n - head - tail;
  const size_t columns = m - head - tail;
  // length[i][j]: of the longest common sequence of the rest from there on.
  std::vector<std::vector<uint32_t>> length(rows + 1, std::vector<uint32_t>(columns + 1, 0));
  for (size_t i = rows; i-- > 0;) {
    for (size_t j = columns; j-- > 0;) {
      length[i][j] = same(head + i, head + j) ? length[i + 1][j + 1] + 1
                                              : std::max(length[i + 1][j], length[i][j + 1]);
    }
  }
  std::vector<Gap> gaps(1);
  for (size_t i = 0, j = 0; i < rows || j < columns;) {
    if (i < rows && j < columns && same(head + i, head + j)) {
      ++i, ++j;
      if (!gaps.back().before.empty() || !gaps.back().after.empty()) gaps.emplace_back();
    } else if (j == columns || (i < rows && length[i + 1][j] >= length[i][j + 1])) {
      gaps.back().before.push_back(static_cast<uint32_t>(head + i++));
    } else {
      gaps.back().after.push_back(static_cast<uint32_t>(head + j++));
    }
  }
  return gaps;
}

class EditFinder {
 public:
  EditFinder(const Plan& before, const Plan& after, const TransformNumbers& numbers)
      : before_(before), after_(after), numbers_(numbers) {}

  std::vector<PlanEdit> Run() && {
    std::vector<Gap> gaps = GapsBetween(before_, after_, numbers_);
    TakeMoves(&gaps);
    for (Gap& gap : gaps) {
      // One unchanged pattern list is the best sign of an edit.
      TakeChanges(&gap, [this](uint32_t b, uint32_t a) {
        const TransformSpec& x = SpecOf(before_, b);
        const TransformSpec& y = SpecOf(after_, a);
        return x.kind == y.kind && (x.sources == y.sources || x.targets == y.targets);
      });
      TakeChanges(&gap, [this](uint32_t b, uint32_t a) {
        return SpecOf(before_, b).kind == SpecOf(after_, a).kind &&
               before_.transforms[b].entry == after_.transforms[a].entry;
      });
      for (uint32_t b : gap.before) Add(TransformEdit::Kind::kRemoved, b, std::nullopt);
      for (uint32_t a : gap.after) Add(TransformEdit::Kind::kAdded, std::nullopt, a);
    }
    return std::move(edits_);
  }

 private:
  static const TransformSpec& SpecOf(const Plan& plan, uint32_t index) {
    return *plan.transforms[index].forward().spec;
  }

  void Add(TransformEdit::Kind kind, std::optional<uint32_t> before,
           std::optional<uint32_t> after) {
    PlanEdit out{{kind, std::nullopt, std::nullopt}, before, after};
    if (before) out.edit.before = RefOf(before_, *before);
    if (after) out.edit.after = RefOf(after_, *after);
    edits_.push_back(std::move(out));
  }

  // A transform that is missing at one place and new at another one.
  void TakeMoves(std::vector<Gap>* gaps) {
    for (Gap& from : *gaps) {
      std::erase_if(from.before, [&](uint32_t b) {
        for (Gap& to : *gaps) {
          const auto a = std::find_if(to.after.begin(), to.after.end(), [&](uint32_t index) {
            return numbers_.Of(SpecOf(before_, b)) == numbers_.Of(SpecOf(after_, index));
          });
          if (a == to.after.end()) continue;
          Add(TransformEdit::Kind::kMoved, b, *a);
          to.after.erase(a);
          return true;
        }
        return false;
      });
    }
  }

  template <typename F>
  void TakeChanges(Gap* gap, F&& alike) {
    std::erase_if(gap->before, [&](uint32_t b) {
      const auto a = std::find_if(gap->after.begin(), gap->after.end(),
                                  [&](uint32_t index) { return alike(b, index); });
      if (a == gap->after.end()) return false;
      Add(TransformEdit::Kind::kChanged, b, *a);
      gap->after.erase(a);
      return true;
    });
  }

  const Plan& before_;
  const Plan& after_;
  const TransformNumbers& numbers_;
  std::vector<PlanEdit> edits_;
};

bool SameList(const Entry& a, const Entry& b, const TransformNumbers& numbers) {
  return std::equal(a.transforms.begin(), a.transforms.end(), b.transforms.begin(),
                    b.transforms.end(), [&](const TransformSpec& x, const TransformSpec& y) {
                      return numbers.Of(x) == numbers.Of(y);
                    });
}

}  // namespace

std::string OperationsText(const std::vector<Operation>& operations) {
  return ShowOperations(operations, ", ");
}

std::string TransformText(const TransformSpec& spec) {
  std::string out = ShowTransform(spec);
  if (!spec.operations.empty()) out += ": " + OperationsText(spec.operations);
  return out;
}

void TransformNumbers::Add(const Registry& registry) {
  for (const auto& [name, entry] : registry.entries) {
    for (const TransformSpec& spec : entry.transforms) {
      const auto next = static_cast<uint32_t>(by_identity_.size());
      by_spec_[&spec] = by_identity_.try_emplace(Identity(spec), next).first->second;
    }
  }
}

std::set<std::string, std::less<>> DifferentEntries(const Registry& before, const Registry& after,
                                                    const TransformNumbers& numbers) {
  std::set<std::string, std::less<>> out;
  for (const auto& [name, entry] : before.entries) {
    const Entry* other = after.Find(name);
    if (other == nullptr || !SameList(entry, *other, numbers)) out.insert(name);
  }
  for (const auto& [name, entry] : after.entries) {
    if (before.Find(name) == nullptr) out.insert(name);
  }
  return out;
}

bool SamePlan(const Plan& before, const Plan& after, const TransformNumbers& numbers) {
  return std::equal(before.transforms.begin(), before.transforms.end(), after.transforms.begin(),
                    after.transforms.end(),
                    [&](const PlacedTransform& a, const PlacedTransform& b) {
                      return SamePlaced(a, b, numbers);
                    });
}

std::vector<PlanEdit> EditsBetween(const Plan& before, const Plan& after,
                                   const TransformNumbers& numbers) {
  return EditFinder(before, after, numbers).Run();
}

std::string EditText(const TransformEdit& edit) {
  const auto text = [](const std::optional<TransformRef>& t) { return TransformText(*t->spec); };
  switch (edit.kind) {
    case TransformEdit::Kind::kAdded:
      return text(edit.after) + " was added";
    case TransformEdit::Kind::kRemoved:
      return text(edit.before) + " was removed";
    case TransformEdit::Kind::kMoved:
      return text(edit.before) + " was moved";
    case TransformEdit::Kind::kChanged:
      break;
  }
  return text(edit.before) + " became " + text(edit.after);
}

}  // namespace wcheck
