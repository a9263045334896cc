#include "wcheck/release.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace wcheck {
namespace {

// A row of the table: in what a release differs from the row above it.
struct ReleaseRow {
  std::string_view name;
  Version since;
  void (*change)(EngineRules* rules);
};

constexpr void Nothing(EngineRules* /*rules*/) {}

// A minor release has a row even where nothing changes, so that it can be named. A patch release
// has one where it changes a rule: 5.5.0 and 5.5.1 are not yet what the rest of 5.5 is.
constexpr ReleaseRow kReleases[] = {
    {"5.0", {5, 0}, Nothing},
    {"5.1",
     {5, 1},
     [](EngineRules* r) {
       r->target_groups = EngineRules::TargetGroups::kReturns;
       r->reverse_edits_patterns = true;
     }},
    {"5.2", {5, 2}, [](EngineRules* r) { r->key_order = EngineRules::KeyOrder::kNumbersFirst; }},
    {"5.3", {5, 3}, [](EngineRules* r) { r->falls_back_to_own_name = true; }},
    {"5.4",
     {5, 4},
     [](EngineRules* r) {
       r->target_lookarounds = EngineRules::TargetLookarounds::kEach;
       r->target_dots = EngineRules::TargetDots::kUnescaped;
       r->carries_anchors = true;
       r->collection = EngineRules::Collection::kModelTypes;
     }},
    {"5.5.0", {5, 5}, Nothing},
    {"5.5",
     {5, 5, 2},
     [](EngineRules* r) {
       r->replaces_every_occurrence = false;
       r->reverses_processed = false;
     }},
    {"5.6",
     {5, 6},
     [](EngineRules* r) {
       r->reverses_list = true;
       r->saves_what_was_used = true;
     }},
    {"5.7", {5, 7}, Nothing},
    {"5.8",
     {5, 8},
     [](EngineRules* r) {
       r->only_first_group = false;
       r->concatenate_skips_absent = true;
     }},
    {"5.9",
     {5, 9},
     [](EngineRules* r) {
       r->collection = EngineRules::Collection::kAncestors;
       r->save_order = EngineRules::SaveOrder::kConverterFirst;
       r->concatenate_takes_once = true;
     }},
    {"5.10",
     {5, 10},
     [](EngineRules* r) {
       r->scope = EngineRules::Scope::kPathUnderBase;
       r->chunk_raises = EngineRules::ChunkRaises::kForOneTargetOrTooFewParts;
     }},
    {"5.11", {5, 11}, Nothing},
    {"5.12", {5, 12}, Nothing},
    {"5.13",
     {5, 13},
     [](EngineRules* r) {
       r->leaves_custom_code_out = true;
       r->merge_passes_tensor = true;
       r->permute = EngineRules::Permute::kRaises;
     }},
    {"5.14", {5, 14}, Nothing},
    {"5.15",
     {5, 15},
     [](EngineRules* r) {
       r->only_first_group = true;
       r->save_order = EngineRules::SaveOrder::kUnderFinalName;
       r->permute = EngineRules::Permute::kNamed;
     }},
    {"5.16",
     {5, 16},
     [](EngineRules* r) {
       r->wildcard = EngineRules::Wildcard::kStarDot;
       r->scope = EngineRules::Scope::kPathLessBase;
       r->key_order = EngineRules::KeyOrder::kTrailingDigits;
       r->chunk_raises = EngineRules::ChunkRaises::kNever;
     }},
    {"5.17", {5, 17}, Nothing},
    {"5.18", {5, 18}, Nothing},
    {"5.19", {5, 19}, Nothing},
    {"5.20", {5, 20}, Nothing},
    {"5.21",
     {5, 21},
     [](EngineRules* r) {
       r->keeps_dollar = true;
       r->longest_source_first = true;
       r->source_ends_name = true;
       r->save_order = EngineRules::SaveOrder::kConvertersFirst;
     }},
    {"5.22",
     {5, 22},
     [](EngineRules* r) {
       r->target_dots = EngineRules::TargetDots::kUnescapedOutsideGroup;
       r->permute = EngineRules::Permute::kRenames;
     }},
    {"5.23",
     {5, 23},
     [](EngineRules* r) {
       r->split_squeezes_all = false;
       r->reverse_keeps_force_cpu = true;
     }},
    {"5.24", {5, 24}, Nothing},
};

// Engines that were proposed, or merged and withdrawn, before 5.9: a list of renamings and
// converters that runs in its own order.
constexpr void Interleaved(EngineRules* rules) {
  rules->collection = EngineRules::Collection::kAncestors;
  rules->load_in_list_order = true;
  rules->save_order = EngineRules::SaveOrder::kConverterFirst;
}

constexpr size_t kUnreleased = 2;

constexpr auto kEngines = [] {
  std::array<Engine, std::size(kReleases) + kUnreleased> engines{};
  EngineRules rules;
  EngineRules interleaved;
  size_t n = 0;
  auto add = [&](const EngineRules& of, std::string_view name, std::optional<Version> since,
                 Version classes_of) {
    engines[n++] = {of, name, since, classes_of};
  };
  for (const ReleaseRow& row : kReleases) {
    row.change(&rules);
    add(rules, row.name, row.since, row.since);
    if (row.name == "5.8") interleaved = rules;
  }
  Interleaved(&interleaved);
  add(interleaved, "interleaved-5.8", std::nullopt, {5, 8});
  interleaved.save_order = EngineRules::SaveOrder::kListed;
  add(interleaved, "interleaved", std::nullopt, {5, 8});
  return engines;
}();

constexpr const Engine* Named(std::string_view name) {
  const auto* found = std::ranges::find(kEngines, name, &Engine::name);
  return found == kEngines.end() ? nullptr : found;
}

}  // namespace

std::optional<Version> ParseVersion(std::string_view text) {
  Version version;
  const char* at = text.data();
  const char* end = at + text.size();
  const auto read = [&](uint32_t* number) {
    const auto parsed = std::from_chars(at, end, *number);
    if (parsed.ec != std::errc()) return false;
    at = parsed.ptr;
    return true;
  };
  if (!read(&version.major) || at == end || *at++ != '.' || !read(&version.minor)) {
    return std::nullopt;
  }
  if (end - at > 1 && *at == '.' && at[1] >= '0' && at[1] <= '9') {
    ++at;
    if (!read(&version.patch)) return std::nullopt;
  }
  // "5.16.0.dev0", "5.16.0rc1", "5.16.0a1", "5.16.0b1"; a "+local" or ".post1" is no less.
  std::string_view rest(at, static_cast<size_t>(end - at));
  if (rest.starts_with('.')) rest.remove_prefix(1);
  version.final = !(rest.starts_with("dev") || rest.starts_with("rc") || rest.starts_with('a') ||
                    rest.starts_with('b'));
  return version;
}

std::span<const Engine> Engines() { return kEngines; }

const Engine& DefaultEngine() { return NewestEngine(); }

const Engine& NewestEngine() { return *Named(std::end(kReleases)[-1].name); }

const Engine* FindEngine(std::string_view name) {
  if (const Engine* engine = Named(name)) return engine;
  if (name.find_first_not_of("0123456789.") != std::string_view::npos) return nullptr;
  const std::optional<Version> version = ParseVersion(name);
  const Version& newest = std::rbegin(kReleases)->since;
  if (!version || version->major > newest.major || version->minor > newest.minor) return nullptr;
  return EngineOfVersion(*version);
}

const Engine* EngineOfVersion(const Version& version) {
  const Engine* latest = nullptr;
  for (const Engine& engine : kEngines) {
    if (engine.since && *engine.since <= version) latest = &engine;
  }
  return latest;
}

}  // namespace wcheck
