// Compares what wcheck writes with the engine's own answers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "wcheck/release.h"

namespace wcheck {

// The corpus folder: WCHECK_CORPUS, or what the project carries itself.
struct Corpus {
  std::string folder;
  bool whole;  // the reference corpus, not the project's own part of it
};
Corpus FindCorpus();

// The engine that gave the answers of a release's files. The files of two development snapshots have
// the name of a release that does otherwise.
const Engine& EngineOfFiles(std::string_view release);

// The differences between an answer of ours and the reference, a line each; an error counts by its
// presence. For a `snapshot`, `truth` decides which fields count.
std::vector<std::string> Differences(const nlohmann::json& truth, const nlohmann::json& ours,
                                     bool snapshot = false);
// Whether the files of a release are those of a development snapshot (or of 5.12 from that time),
// whose answers have fewer fields.
bool IsSnapshot(std::string_view release);

// The lines of a .jsonl or .jsonl.xz file.
std::vector<std::string> ReadLines(const std::string& path);

}  // namespace wcheck
