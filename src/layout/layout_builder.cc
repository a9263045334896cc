#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "wcheck/layout/layout.h"

namespace wcheck {
namespace {

// What the views of a layout's families point into. Every distinct pattern, dtype, shape and list
// of number sets is kept once; all of these containers leave their elements where they are.
struct Storage {
  std::unordered_set<std::string> texts;
  std::set<std::vector<int64_t>> shapes;
  std::map<std::string, std::vector<IndexSet>> number_sets;  // under their own spelling

  std::string_view Text(std::string_view text) { return *texts.emplace(text).first; }
  std::span<const int64_t> Shape(std::span<const int64_t> shape) {
    return *shapes.emplace(shape.begin(), shape.end()).first;
  }
  std::span<const IndexSet> Numbers(IndexBox box) {
    std::string spelling;
    for (const IndexSet& set : box) spelling += set.ToString() + '.';
    return number_sets.emplace(std::move(spelling), std::move(box)).first->second;
  }
};

// The keys of one pattern, shape and dtype.
struct Group {
  std::string_view pattern;
  std::span<const int64_t> shape;
  std::string_view dtype;
  std::vector<std::vector<uint32_t>> tuples;
  std::vector<size_t> order;  // one a tuple: the how-manieth key of the layout it is
};

// The texts and shapes are interned, so their addresses stand for them.
using GroupKey = std::tuple<const char*, const int64_t*, const char*>;

struct FamilyAt {
  size_t order;
  LayoutFamily family;
};

}  // namespace

struct LayoutBuilder::Impl {
  std::shared_ptr<Storage> storage = std::make_shared<Storage>();
  std::unordered_set<std::string> keys;
  std::map<GroupKey, size_t> group_numbers;
  std::vector<Group> groups;

  void AddFamilies(const Group& group, std::vector<FamilyAt>* families);
};

namespace {

// Which of the added keys is the first of each box: its place in the order of adding.
std::vector<size_t> FirstKeys(const Group& group, const std::vector<IndexBox>& boxes) {
  if (boxes.size() == 1) return {group.order.front()};
  std::map<std::vector<uint32_t>, size_t> order;
  for (size_t i = 0; i < group.tuples.size(); ++i) order.emplace(group.tuples[i], group.order[i]);
  std::vector<size_t> firsts;
  for (const IndexBox& box : boxes) {
    size_t first = SIZE_MAX;
    std::vector<uint64_t> position(box.size(), 0);
    std::vector<uint32_t> tuple;
    for (const IndexSet& set : box) tuple.push_back(set.min());
    for (bool more = true; more;) {
      first = std::min(first, order.at(tuple));
      more = false;  // until a dimension is found that can be counted up
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

}  // namespace

void LayoutBuilder::Impl::AddFamilies(const Group& group, std::vector<FamilyAt>* families) {
  std::vector<IndexBox> boxes = CutIntoBoxes(group.tuples);
  const std::vector<size_t> firsts = FirstKeys(group, boxes);
  for (size_t i = 0; i < boxes.size(); ++i) {
    families->push_back(
        {firsts[i],
         {group.pattern, storage->Numbers(std::move(boxes[i])), group.shape, group.dtype}});
  }
}

LayoutBuilder::LayoutBuilder() : impl_(std::make_unique<Impl>()) {}
LayoutBuilder::~LayoutBuilder() = default;

bool LayoutBuilder::Add(std::string_view key, std::span<const int64_t> shape,
                        std::string_view dtype) {
  const size_t order = impl_->keys.size();
  if (!impl_->keys.emplace(key).second) return false;
  SplitKey split = SplitNumbers(key);
  Storage& storage = *impl_->storage;
  const std::string_view pattern = storage.Text(split.pattern);
  const std::span<const int64_t> kept_shape = storage.Shape(shape);
  const std::string_view kept_dtype = storage.Text(dtype);
  auto [it, is_new] = impl_->group_numbers.try_emplace(
      GroupKey{pattern.data(), kept_shape.data(), kept_dtype.data()}, impl_->groups.size());
  if (is_new) impl_->groups.push_back({pattern, kept_shape, kept_dtype, {}, {}});
  Group& group = impl_->groups[it->second];
  group.tuples.push_back(std::move(split.numbers));
  group.order.push_back(order);
  return true;
}

void LayoutBuilder::FinishInto(Layout* layout) {
  std::vector<FamilyAt> families;
  for (const Group& group : impl_->groups) impl_->AddFamilies(group, &families);
  std::sort(families.begin(), families.end(),
            [](const FamilyAt& a, const FamilyAt& b) { return a.order < b.order; });
  layout->families.clear();
  layout->families.reserve(families.size());
  for (const FamilyAt& at : families) layout->families.push_back(at.family);
  layout->storage = std::move(impl_->storage);
  impl_ = std::make_unique<Impl>();
}

}  // namespace wcheck
