#include "project/bundle.h"

#include <optional>
#include <tuple>
#include <utility>

namespace wcheck {

Result<Bundle> Bundle::Open(const std::string& path) {
  Result<std::unique_ptr<SnapshotFile>> file = SnapshotFile::Open(path);
  if (!file) return file.error();
  return Bundle(*std::move(file));
}

Result<std::shared_ptr<const Snapshot>> Bundle::At(size_t i) const {
  Result<std::unique_ptr<Snapshot>> snapshot = file_->At(i);
  if (!snapshot) return snapshot.error();
  return std::shared_ptr<const Snapshot>(*std::move(snapshot));
}

Result<std::shared_ptr<const Snapshot>> Bundle::Named(const std::string& release) const {
  std::string names;
  for (size_t i = 0; i < file_->size(); ++i) {
    const std::string name(file_->release(i));
    if (name == release || name.starts_with(release + '.')) return At(i);
    names += (i == 0 ? "" : ", ") + name;
  }
  return Error{{}, "no release '" + release + "' comes with wcheck", "these do: " + names};
}

Result<std::shared_ptr<const Snapshot>> Bundle::Of(const Engine& engine) const {
  std::optional<size_t> best;
  std::tuple<uint32_t, bool, uint32_t> best_rank;
  for (size_t i = 0; i < file_->size(); ++i) {
    const std::optional<Version> version = ParseVersion(file_->release(i));
    if (!version || Version{version->major, version->minor} > engine.classes_of) continue;
    // An engine that was never released goes with the data of a development version.
    const std::tuple rank(version->minor, version->final == engine.since.has_value(),
                          version->patch);
    if (best && rank <= best_rank) continue;
    best = i;
    best_rank = rank;
  }
  return At(best.value_or(file_->size() - 1));
}

}  // namespace wcheck
