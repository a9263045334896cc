#include "wcheck/engine/profile.h"

namespace wcheck {
namespace {

constexpr Profile kProfiles[] = {
    {.name = "5.16",
     .load_in_list_order = false,
     .save_in_list_order = false,
     .only_first_group = true,
     .scope_knows_base_prefix = true,
     .collect_under_renamed_key = true,
     .chunk_must_fill_targets = true,
     .transpose_takes_one_input = false},
    {.name = "5.12",
     .load_in_list_order = false,
     .save_in_list_order = false,
     .only_first_group = false,
     .scope_knows_base_prefix = true,
     .collect_under_renamed_key = false,
     .chunk_must_fill_targets = true,
     .transpose_takes_one_input = true},
    {.name = "5.8",
     .load_in_list_order = true,
     .save_in_list_order = false,
     .only_first_group = false,
     .scope_knows_base_prefix = false,
     .collect_under_renamed_key = false,
     .chunk_must_fill_targets = false,
     .transpose_takes_one_input = true},
    {.name = "interleaved",
     .load_in_list_order = true,
     .save_in_list_order = true,
     .only_first_group = false,
     .scope_knows_base_prefix = false,
     .collect_under_renamed_key = false,
     .chunk_must_fill_targets = false,
     .transpose_takes_one_input = true},
};

}  // namespace

std::span<const Profile> Profiles() { return kProfiles; }

const Profile& DefaultProfile() { return kProfiles[0]; }

const Profile* FindProfile(std::string_view name) {
  for (const Profile& profile : kProfiles) {
    if (profile.name == name) return &profile;
  }
  return nullptr;
}

}  // namespace wcheck
