// Joins the rows of a key map into what a graph shows as one node.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/key_map.h"

namespace wcheck {

// Rows that take the same way into the same sub-model.
struct RowGroup {
  static constexpr uint32_t kNoModule = UINT32_MAX;
  uint32_t module = kNoModule;       // index into Layout::modules; none for unexpected keys
  std::vector<uint32_t> transforms;  // from the checkpoint's side to the model's
  MapRow::Status status = MapRow::Status::kOk;
  Trace::PrefixStep prefix_step = Trace::PrefixStep::kNone;
  std::vector<const MapRow*> rows;
  uint64_t keys = 0;  // number of input keys

  bool touched() const {
    return !transforms.empty() || prefix_step != Trace::PrefixStep::kNone ||
           status != MapRow::Status::kOk;
  }
};

// In the order of the first row of each.
std::vector<RowGroup> GroupRows(const KeyMap& map, const std::vector<const MapRow*>& rows);

// The sub-model that a key of the model belongs to: the one with the longest path that is a prefix
// of it.
uint32_t ModuleOf(const Layout& layout, const MapEnd& end);

// Distinct ends (one side of some rows) and how many keys they have.
class EndSet {
 public:
  void Add(const MapEnd& end);
  uint64_t keys() const { return keys_; }
  size_t families() const { return ends_.size(); }
  bool SharesWith(const EndSet& other) const;
  void Merge(const EndSet& other);
  // Up to three names, joined where they differ in one part ("norm.{weight,bias}"); or what all
  // names have in common ("model.layers.{0...31}.*"). Then their number.
  std::vector<std::string> Lines() const;
  // All names.
  std::vector<std::string> Names() const;
  // The first few of them, one per line.
  std::string Tooltip() const;

 private:
  static std::string Middle(const std::vector<std::vector<std::string_view>>& names, size_t head,
                            size_t tail);
  std::string CommonName() const;

  std::vector<MapEnd> ends_;
  std::multimap<std::string, size_t> by_pattern_;
  uint64_t keys_ = 0;
};

}  // namespace wcheck
