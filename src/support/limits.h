// Every limit on what an input may ask for, in one place: docs/limits.md states them for users, with
// the test of each (tests/docs/limits_test.py compares the two). All are far above what real inputs
// need. Where one is met, the message names it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wcheck {

// --- files, in bytes -------------------------------------------------------------------------------
inline constexpr uint64_t kMaxPythonFile = uint64_t{4} << 20;     // a registry in Python
inline constexpr uint64_t kMaxJsonFile = uint64_t{64} << 20;      // a registry in JSON, sections
inline constexpr uint64_t kMaxConfigFile = uint64_t{10} << 20;    // config.json, adapter_config.json
inline constexpr uint64_t kMaxLayoutsFile = uint64_t{1} << 30;    // layouts as .jsonl
inline constexpr uint64_t kMaxUnpacked = uint64_t{256} << 20;     // what an .xz file unpacks to
inline constexpr uint64_t kMaxSettingsFile = uint64_t{1} << 20;   // .wcheck.json
inline constexpr uint64_t kMaxBaselineFile = uint64_t{64} << 20;  // a baseline
inline constexpr uint64_t kMaxLockFile = uint64_t{64} << 20;      // a lock
inline constexpr uint64_t kMaxModelFile = uint64_t{4} << 20;      // modeling_*.py, __init__.py
// The longest header that the format's own implementation of safetensors accepts; also an index.
inline constexpr uint64_t kMaxSafetensorsHeader = 100'000'000;
inline constexpr uint64_t kMaxPublishedFile = uint64_t{256} << 20;  // published names (.wcp)
// What a program that is run (git) may print.
inline constexpr uint64_t kMaxProcessOutput = uint64_t{256} << 20;

// --- what is in them -----------------------------------------------------------------------------
// Values of one JSON text (of one line, in a .jsonl file).
inline constexpr size_t kMaxJsonValues = 2'000'000;
// Bytes of a key, as read or as renamed, and the numbers in one that is read.
inline constexpr size_t kMaxKeyBytes = size_t{1} << 14;
inline constexpr size_t kMaxKeyNumbers = 32;
// Keys of one list of published names.
inline constexpr uint64_t kMaxPublishedKeys = 10'000'000;
// Families of one pattern, shape and dtype. The keys of a real model come to a few.
inline constexpr size_t kMaxFamiliesOfPattern = 5'000;
// Transforms of a registry, those that aliases copy included; and those of one entry.
inline constexpr size_t kMaxTransforms = 20'000;
inline constexpr size_t kMaxEntryTransforms = 1'000;
// Entries of a registry, and aliases.
inline constexpr size_t kMaxEntries = 20'000;
// Sub-models of a model.
inline constexpr size_t kMaxSubModels = 500;
// Sections: leaves of a model, the bytes of their names, and sections that are walked for them.
inline constexpr size_t kMaxLeaves = 50'000;
inline constexpr uint64_t kMaxLeafNameBytes = uint64_t{64} << 20;
inline constexpr size_t kMaxWalkedSections = 1'000'000;
// Lines of a lock, counted for each class that has them.
inline constexpr size_t kMaxLockLines = 2'000'000;
// Keys of a class in a lock, which one line can have many of.
inline constexpr uint64_t kMaxLockKeys = 1'000'000;
// Fixes that are tried, times the transforms of the registry, which each trial constructs anew (and the
// pairs of them in an entry, 200 of which count as one); later findings come without a fix.
inline constexpr size_t kMaxFixWork = 300'000;
// Transforms of entries that no class reaches whose names are looked for among those of all classes,
// and those of them for which the nearest name is.
inline constexpr size_t kMaxUnreachedNames = 200;
inline constexpr size_t kMaxNearestNames = 20;
// Steps of how a transform came into its entry that are kept.
inline constexpr size_t kMaxProvenance = 32;

// --- patterns --------------------------------------------------------------------------------------
// Steps of PCRE2 in one search, after which it counts as given up; and searches of a run that take
// more than kSlowSearch of them.
inline constexpr uint32_t kMaxSearchSteps = 5'000'000;
inline constexpr uint32_t kSlowSearch = 50'000;
inline constexpr int kMaxSlowSearches = 50;

}  // namespace wcheck
