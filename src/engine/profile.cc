#include "wcheck/profile.h"

#include <charconv>

namespace wcheck {
namespace {

constexpr Profile kProfiles[] = {
    {.name = "5.16",
     .since = Release{5, 16},
     .snapshot = "5.16",
     .load_in_list_order = false,
     .save_in_list_order = false,
     .only_first_group = true,
     .scope_knows_base_prefix = true,
     .collect_under_renamed_key = true,
     .chunk_must_fill_targets = true,
     .transpose_takes_one_input = false,
     .permute_has_reverse = true},
    {.name = "5.12",
     .since = Release{5, 9},
     .snapshot = "5.12",
     .load_in_list_order = false,
     .save_in_list_order = false,
     .only_first_group = false,
     .scope_knows_base_prefix = true,
     .collect_under_renamed_key = false,
     .chunk_must_fill_targets = true,
     .transpose_takes_one_input = true,
     .permute_has_reverse = false},
    {.name = "5.8",
     .since = Release{5, 8},
     .snapshot = "5.8",
     .load_in_list_order = true,
     .save_in_list_order = false,
     .only_first_group = false,
     .scope_knows_base_prefix = false,
     .collect_under_renamed_key = false,
     .chunk_must_fill_targets = false,
     .transpose_takes_one_input = true,
     .permute_has_reverse = false},
    {.name = "interleaved",
     .since = std::nullopt,
     .snapshot = "5.8",
     .load_in_list_order = true,
     .save_in_list_order = true,
     .only_first_group = false,
     .scope_knows_base_prefix = false,
     .collect_under_renamed_key = false,
     .chunk_must_fill_targets = false,
     .transpose_takes_one_input = true,
     .permute_has_reverse = false},
};

}  // namespace

std::optional<Release> ParseRelease(std::string_view version) {
  Release release;
  const char* end = version.data() + version.size();
  const auto major = std::from_chars(version.data(), end, release.major);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return std::nullopt;
  const auto minor = std::from_chars(major.ptr + 1, end, release.minor);
  if (minor.ec != std::errc()) return std::nullopt;
  return release;
}

std::span<const Profile> Profiles() { return kProfiles; }

const Profile& DefaultProfile() { return kProfiles[0]; }

const Profile* FindProfile(std::string_view name) {
  for (const Profile& profile : kProfiles) {
    if (profile.name == name) return &profile;
  }
  return nullptr;
}

const Profile* ProfileOfRelease(const Release& release) {
  const Profile* latest = nullptr;
  for (const Profile& profile : kProfiles) {
    if (!profile.since || release < *profile.since) continue;
    if (latest == nullptr || *latest->since < *profile.since) latest = &profile;
  }
  return latest;
}

}  // namespace wcheck
