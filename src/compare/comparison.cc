#include <array>

#include "wcheck/compare.h"

namespace wcheck {
namespace {

struct KindInfo {
  Compatibility verdict;
  std::string_view name;
};

// In the order of KeyChange::Kind.
constexpr std::array kKinds = {
    KindInfo{Compatibility::kBreaking, "the engine raises"},
    KindInfo{Compatibility::kBreaking, "no longer filled"},
    KindInfo{Compatibility::kBreaking, "no longer loaded"},
    KindInfo{Compatibility::kBreaking, "loaded into other keys"},
    KindInfo{Compatibility::kBreaking, "built differently from the same tensors"},
    KindInfo{Compatibility::kBreaking, "loaded with the wrong shape"},
    KindInfo{Compatibility::kBreaking, "loaded into a key that another key fills"},
    KindInfo{Compatibility::kBreaking, "renamed away when the model's own names are loaded"},
    KindInfo{Compatibility::kBreaking, "saved, but not loaded back"},
    KindInfo{Compatibility::kCompatible, "saved under other names"},
    KindInfo{Compatibility::kCompatible, "saved with another shape"},
    KindInfo{Compatibility::kRepaired, "repaired"},
    KindInfo{Compatibility::kSame, "new in the model"},
    KindInfo{Compatibility::kSame, "removed from the model"},
    KindInfo{Compatibility::kSame, "with another shape in the model"},
};
static_assert(kKinds.size() == static_cast<size_t>(KeyChange::Kind::kModelShape) + 1);

}  // namespace

std::string_view CompatibilityName(Compatibility compatibility) {
  constexpr std::array<std::string_view, 4> kNames = {"same", "repaired", "compatible",
                                                     "breaking"};
  return kNames[static_cast<size_t>(compatibility)];
}

Compatibility CompatibilityOf(KeyChange::Kind kind) {
  return kKinds[static_cast<size_t>(kind)].verdict;
}

std::string_view KeyChangeName(KeyChange::Kind kind) {
  return kKinds[static_cast<size_t>(kind)].name;
}

std::string_view TransformEditName(TransformEdit::Kind kind) {
  constexpr std::array<std::string_view, 4> kNames = {"added", "removed", "moved", "changed"};
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace wcheck
