// multiply_counts FACTOR IN.wcs OUT.wcs: the same models with FACTOR times as many layers, experts,
// …
//
// Every number of a key that counts from 0 to at least 1 is taken for a count.
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "bundled.h"

namespace wcheck {
namespace {

class Multiplied : public LayoutSource {
 public:
  Multiplied(const LayoutSource& layouts, uint32_t factor) : layouts_(layouts), factor_(factor) {}

  size_t size() const override { return layouts_.size(); }
  std::string_view class_name(size_t i) const override { return layouts_.class_name(i); }
  Result<Layout> Read(size_t i) const override {
    Result<Layout> layout = layouts_.Read(i);
    if (!layout) return layout;
    struct Storage {
      std::shared_ptr<const void> before;
      std::deque<IndexBox> boxes;
    };
    auto storage = std::make_shared<Storage>();
    storage->before = layout->storage;
    for (LayoutFamily& family : layout->families) {
      IndexBox box(family.numbers.begin(), family.numbers.end());
      for (IndexSet& set : box) {
        bool counts = set.ranges().size() == 1 && set.min() == 0 && set.max() > 0;
        if (counts) set = IndexSet(0, (set.max() + 1) * factor_ - 1);
      }
      family.numbers = storage->boxes.emplace_back(std::move(box));
    }
    layout->storage = std::move(storage);
    return layout;
  }

 private:
  const LayoutSource& layouts_;
  uint32_t factor_;
};

}  // namespace
}  // namespace wcheck

int main(int count, char** arguments) {
  if (count != 4) {
    std::cerr << "usage: multiply_counts FACTOR IN.wcs OUT.wcs\n";
    return 2;
  }
  using namespace wcheck;
  Bundled bundled = OpenBundled(arguments[2]);
  Multiplied layouts(*bundled.snapshot, static_cast<uint32_t>(std::atoi(arguments[1])));
  Status written =
      WriteSnapshot(arguments[3], bundled.snapshot->release(), bundled.snapshot->registry_json(),
                    layouts, bundled.snapshot->registry_binary());
  if (!written) std::cerr << written.error().message << '\n';
  return written ? 0 : 1;
}
