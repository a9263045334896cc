// What tells one engine release from another, as a table of choices (SEMANTICS sections 1, 3 and
// 4). Adding a release is adding a row; see docs/engine-profiles.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace wcheck {

// The first two numbers of a version: 5.16 of "5.16.0.dev0".
struct Release {
  uint32_t major = 0;
  uint32_t minor = 0;

  friend auto operator<=>(const Release&, const Release&) = default;  // NOLINT: no null pointer
};
std::optional<Release> ParseRelease(std::string_view version);

struct Profile {
  std::string_view name;
  // The first release that behaves so; absent for an engine that was proposed and never released.
  std::optional<Release> since;
  // Whose registry and layouts go with it, as in "snapshot-5.16.wcs".
  std::string_view snapshot;

  // Load: false runs all renamings, then the first converter that matches; true runs the list as it
  // is written, with at most one converter.
  bool load_in_list_order;
  // Save: false runs the first converter that matches, then all renamings; true runs the reversed
  // list in order, with at most one converter.
  bool save_in_list_order;
  // `\1` alone is replaced in a target (the first group inside the matched source); otherwise every
  // `\N` is. A GroupWeightRename replaces `\1` … `\9` in every profile.
  bool only_first_group;
  // A scoped transform also matches keys under `base_model_prefix.scope_prefix.`.
  bool scope_knows_base_prefix;
  // On save, a converter collects under the fully renamed key and its products are spliced into
  // that key; otherwise it collects under the key after its own replacement, and each product then
  // goes through the renamings.
  bool collect_under_renamed_key;
  // Chunk raises when a dimension gives fewer parts than there are targets; otherwise the targets
  // that are left over get nothing.
  bool chunk_must_fill_targets;
  // Transpose raises when it is given more than one input; otherwise each is transposed under its
  // own name.
  bool transpose_takes_one_input;
  // PermuteForRope has a reverse; otherwise a save with it raises NotImplementedError.
  bool permute_has_reverse;
};

// All profiles; the first is the default.
std::span<const Profile> Profiles();
const Profile& DefaultProfile();
// By name ("5.16", "5.12", "5.8", "interleaved"); null if there is none.
const Profile* FindProfile(std::string_view name);
// Of a release; null for one that is older than all profiles.
const Profile* ProfileOfRelease(const Release& release);

}  // namespace wcheck
