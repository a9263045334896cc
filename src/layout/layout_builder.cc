// Turns single keys into families.
//
// A key costs its numbers and sixteen bytes; patterns, shapes and dtypes are stored once. Models
// list their keys in order, so the numbers of a pattern ascend from key to key. Then it is clear
// without a lookup that a key is new, and that a family is one full product. Only keys out of order
// need a table.
#include <algorithm>
#include <deque>
#include <map>
#include <numeric>
#include <set>

#include "wcheck/layout.h"

#include "layout/pattern_index.h"

namespace wcheck {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

using Tuple = std::vector<uint32_t>;

struct Attribute {
  std::vector<int64_t> shape;
  std::string dtype;
};

// Storage that the views of a layout's families point into.
struct Storage {
  PatternIndex patterns;
  std::deque<Attribute> attributes;
  std::deque<IndexBox> boxes;
};

// One key.
struct Row {
  uint32_t pattern;
  uint32_t attribute;
  uint32_t numbers;   // where its numbers start
  uint32_t previous;  // the row before it with the same pattern
};

struct PatternRows {
  uint32_t holes = 0;
  uint32_t last = kNone;  // row
  // The numbers of all rows, once some have come out of order.
  std::unique_ptr<std::set<Tuple>> seen;
};

// Numbers of some keys of one pattern, one tuple after another.
struct Tuples {
  std::vector<uint32_t> numbers;
  size_t width = 0;
  size_t count = 0;

  std::span<const uint32_t> operator[](size_t i) const {
    return std::span(numbers).subspan(i * width, width);
  }
};

// The tuples as one product if they are one and in order, otherwise nothing. Works from the last
// dimension to the first: the tuples must form blocks that run through the same values in this
// dimension while all earlier dimensions stay the same.
std::optional<IndexBox> OrderedProduct(const Tuples& tuples) {
  IndexBox box(tuples.width);
  size_t step = 1;  // rows between neighbours, once the later dimensions are done
  for (size_t d = tuples.width; d-- > 0;) {
    size_t rows = tuples.count / step;
    auto same_before = [&](size_t a, size_t b) {
      auto x = tuples[a * step].first(d);
      auto y = tuples[b * step].first(d);
      return std::equal(x.begin(), x.end(), y.begin());
    };
    size_t block = 1;
    while (block < rows && same_before(0, block)) ++block;
    if (rows % block != 0) return std::nullopt;
    Tuple values;
    for (size_t i = 0; i < block; ++i) values.push_back(tuples[i * step][d]);
    for (size_t i = 1; i < block; ++i) {
      if (values[i - 1] >= values[i]) return std::nullopt;
    }
    for (size_t i = block; i < rows; ++i) {
      if (tuples[i * step][d] != values[i % block]) return std::nullopt;
      if (i % block != 0 && !same_before(i, i - 1)) return std::nullopt;
    }
    box[d] = IndexSet::FromValues(std::move(values));
    step *= block;
  }
  if (step != tuples.count) return std::nullopt;
  return box;
}

// For each box, the position of its first key in the order of adding.
std::vector<uint32_t> FirstKeys(const std::vector<Tuple>& tuples, std::span<const uint32_t> order,
                                const std::vector<IndexBox>& boxes) {
  if (boxes.size() == 1) return {order.front()};
  std::map<Tuple, uint32_t> order_of;
  for (size_t i = 0; i < tuples.size(); ++i) order_of.emplace(tuples[i], order[i]);
  std::vector<uint32_t> firsts;
  for (const IndexBox& box : boxes) {
    uint32_t first = kNone;
    std::vector<uint64_t> position(box.size(), 0);
    Tuple tuple;
    for (const IndexSet& set : box) tuple.push_back(set.min());
    for (bool more = true; more;) {
      first = std::min(first, order_of.at(tuple));
      more = false;  // until a dimension can be incremented
      for (size_t d = 0; d < box.size() && !more; ++d) {
        more = ++position[d] < box[d].size();
        if (!more) position[d] = 0;
        tuple[d] = box[d].At(position[d]);
      }
    }
    firsts.push_back(first);
  }
  return firsts;
}

struct FamilyAt {
  uint32_t order;
  LayoutFamily family;
};

}  // namespace

struct LayoutBuilder::Impl {
  std::shared_ptr<Storage> storage = std::make_shared<Storage>();
  std::vector<PatternRows> patterns;
  std::map<std::pair<std::vector<int64_t>, std::string>, uint32_t> attribute_numbers;
  std::vector<Row> rows;
  std::vector<uint32_t> numbers;
  std::string key_pattern;  // scratch
  Tuple key_numbers;

  std::span<const uint32_t> NumbersOf(const Row& row) const {
    return std::span(numbers).subspan(row.numbers, patterns[row.pattern].holes);
  }
  uint32_t PatternNumber();
  uint32_t AttributeNumber(const PatternRows& pattern, std::span<const int64_t> shape,
                           std::string_view dtype);
  bool IsNew(PatternRows* pattern);
  void AddFamilies(std::span<const uint32_t> group, std::vector<FamilyAt>* families);
};

// Of key_pattern.
uint32_t LayoutBuilder::Impl::PatternNumber() {
  const uint32_t number = storage->patterns.NumberOf(key_pattern);
  if (number == patterns.size()) {
    patterns.emplace_back().holes = static_cast<uint32_t>(key_numbers.size());
  }
  return number;
}

uint32_t LayoutBuilder::Impl::AttributeNumber(const PatternRows& pattern,
                                              std::span<const int64_t> shape,
                                              std::string_view dtype) {
  if (pattern.last != kNone) {
    // Usually the same as the key before.
    uint32_t last = rows[pattern.last].attribute;
    const Attribute& a = storage->attributes[last];
    if (a.dtype == dtype &&
        std::equal(shape.begin(), shape.end(), a.shape.begin(), a.shape.end())) {
      return last;
    }
  }
  auto [found, is_new] = attribute_numbers.try_emplace(
      {std::vector<int64_t>(shape.begin(), shape.end()), std::string(dtype)},
      static_cast<uint32_t>(storage->attributes.size()));
  if (is_new) storage->attributes.push_back({found->first.first, found->first.second});
  return found->second;
}

// Whether key_numbers are new for a pattern.
bool LayoutBuilder::Impl::IsNew(PatternRows* pattern) {
  if (pattern->last == kNone) return true;
  if (pattern->seen == nullptr) {
    std::span<const uint32_t> last = NumbersOf(rows[pattern->last]);
    if (std::lexicographical_compare(last.begin(), last.end(), key_numbers.begin(),
                                     key_numbers.end())) {
      return true;
    }
    pattern->seen = std::make_unique<std::set<Tuple>>();
    for (uint32_t row = pattern->last; row != kNone; row = rows[row].previous) {
      std::span<const uint32_t> tuple = NumbersOf(rows[row]);
      pattern->seen->emplace(tuple.begin(), tuple.end());
    }
  }
  return pattern->seen->insert(key_numbers).second;
}

// `group` are rows with one pattern and one attribute.
void LayoutBuilder::Impl::AddFamilies(std::span<const uint32_t> group,
                                      std::vector<FamilyAt>* families) {
  const Row& first = rows[group.front()];
  const Attribute& attribute = storage->attributes[first.attribute];
  auto add = [&](uint32_t order, IndexBox box) {
    // Adjacent families often have the same numbers.
    if (storage->boxes.empty() || storage->boxes.back() != box) {
      storage->boxes.push_back(std::move(box));
    }
    families->push_back({order,
                         {storage->patterns[first.pattern], storage->boxes.back(), attribute.shape,
                          attribute.dtype}});
  };
  Tuples tuples;
  tuples.width = patterns[first.pattern].holes;
  tuples.count = group.size();
  tuples.numbers.reserve(tuples.width * tuples.count);
  for (uint32_t row : group) {
    std::span<const uint32_t> tuple = NumbersOf(rows[row]);
    tuples.numbers.insert(tuples.numbers.end(), tuple.begin(), tuple.end());
  }
  if (std::optional<IndexBox> box = OrderedProduct(tuples)) {
    add(group.front(), *std::move(box));
    return;
  }
  std::vector<Tuple> loose;
  loose.reserve(tuples.count);
  for (size_t i = 0; i < tuples.count; ++i) loose.emplace_back(tuples[i].begin(), tuples[i].end());
  std::vector<IndexBox> boxes = CutIntoBoxes(loose);
  std::vector<uint32_t> firsts = FirstKeys(loose, group, boxes);
  for (size_t i = 0; i < boxes.size(); ++i) add(firsts[i], std::move(boxes[i]));
}

LayoutBuilder::LayoutBuilder() : impl_(std::make_unique<Impl>()) {}
LayoutBuilder::~LayoutBuilder() = default;

bool LayoutBuilder::Add(std::string_view key, std::span<const int64_t> shape,
                        std::string_view dtype) {
  Impl& impl = *impl_;
  SplitNumbers(key, &impl.key_pattern, &impl.key_numbers);
  uint32_t number = impl.PatternNumber();
  PatternRows& pattern = impl.patterns[number];
  if (!impl.IsNew(&pattern)) return false;
  uint32_t attribute = impl.AttributeNumber(pattern, shape, dtype);
  impl.rows.push_back(
      {number, attribute, static_cast<uint32_t>(impl.numbers.size()), pattern.last});
  impl.numbers.insert(impl.numbers.end(), impl.key_numbers.begin(), impl.key_numbers.end());
  pattern.last = static_cast<uint32_t>(impl.rows.size() - 1);
  return true;
}

// A counting sort by pattern, then by attribute within a pattern: rows of one pattern with one
// shape and dtype become families together. The families are then put in the order of their first
// keys.
void LayoutBuilder::FinishInto(Layout* layout) {
  Impl& impl = *impl_;
  // The rows by pattern, each pattern's rows in the order of adding.
  std::vector<uint32_t> starts(impl.patterns.size() + 1, 0);
  for (const Row& row : impl.rows) ++starts[row.pattern + 1];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  std::vector<uint32_t> ordered(impl.rows.size());
  std::vector<uint32_t> next(starts.begin(), starts.end() - 1);
  for (uint32_t r = 0; r < impl.rows.size(); ++r) ordered[next[impl.rows[r].pattern]++] = r;

  std::vector<FamilyAt> families;
  auto by_attribute = [&](uint32_t a, uint32_t b) {
    return impl.rows[a].attribute < impl.rows[b].attribute;
  };
  for (size_t p = 0; p < impl.patterns.size(); ++p) {
    auto begin = ordered.begin() + starts[p];
    auto end = ordered.begin() + starts[p + 1];
    if (!std::is_sorted(begin, end, by_attribute)) std::stable_sort(begin, end, by_attribute);
    while (begin != end) {
      auto stop = std::upper_bound(begin, end, *begin, by_attribute);
      impl.AddFamilies({begin, stop}, &families);
      begin = stop;
    }
  }
  std::sort(families.begin(), families.end(),
            [](const FamilyAt& a, const FamilyAt& b) { return a.order < b.order; });
  layout->families.clear();
  layout->families.reserve(families.size());
  for (const FamilyAt& at : families) layout->families.push_back(at.family);
  impl.storage->patterns.KeepTexts();
  layout->storage = std::move(impl.storage);
  impl_ = std::make_unique<Impl>();
}

}  // namespace wcheck
