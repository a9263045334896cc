#include "mapping/registry_size.h"

#include <string>

#include <gtest/gtest.h>

#include "support/limits.h"

namespace wcheck {
namespace {

// A registry with so many entries of so many transforms each, and aliases.
Registry Sized(size_t entries, size_t transforms, size_t aliases = 0) {
  Registry registry;
  for (size_t i = 0; i < entries; ++i) {
    registry.entries["e" + std::to_string(i)].transforms.resize(transforms);
  }
  registry.aliases.resize(aliases);
  return registry;
}

std::string Message(const Registry& registry) {
  const Status size = CheckRegistrySize(registry);
  return size ? "" : size.error().message;
}

TEST(RegistrySizeTest, HoldsTheLimits) {
  EXPECT_EQ(Message(Sized(1, kMaxEntryTransforms)), "");
  EXPECT_EQ(Message(Sized(1, kMaxEntryTransforms + 1)), "an entry of more than 1000 transforms");
  EXPECT_EQ(Message(Sized(kMaxTransforms / 1000, 1000)), "");
  EXPECT_EQ(Message(Sized(kMaxTransforms / 1000 + 1, 1000)),
            "a registry of more than 20000 transforms");
  EXPECT_EQ(Message(Sized(kMaxEntries, 0)), "");
  EXPECT_EQ(Message(Sized(kMaxEntries + 1, 0)),
            "a registry of more than 20000 entries and aliases");
  EXPECT_EQ(Message(Sized(1, 0, kMaxEntries - 1)), "");
  EXPECT_EQ(Message(Sized(1, 0, kMaxEntries)), "a registry of more than 20000 entries and aliases");
}

}  // namespace
}  // namespace wcheck
