// Compares what wcheck writes with the engine's own answers.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace wcheck {

// The corpus folder: WCHECK_CORPUS, or what the project carries itself.
struct Corpus {
  std::string folder;
  bool whole;  // the reference corpus, not the project's own part of it
};
Corpus FindCorpus();

// The differences between one of our answers and the reference, one per line. `truth` decides which
// fields count; an error counts by its presence.
std::vector<std::string> Differences(const nlohmann::json& truth, const nlohmann::json& ours);

// The lines of a .jsonl or .jsonl.xz file.
std::vector<std::string> ReadLines(const std::string& path);

}  // namespace wcheck
