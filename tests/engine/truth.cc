#include "truth.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>

#include "support/file.h"

namespace wcheck {

using Json = nlohmann::json;

Corpus FindCorpus() {
  const char* folder = std::getenv("WCHECK_CORPUS");
  if (folder != nullptr && *folder != '\0') return {folder, true};
  return {WCHECK_SOURCE_DIR "/fixtures/subset", false};
}

const Engine& EngineOfFiles(std::string_view release) {
  constexpr std::pair<std::string_view, std::string_view> kSnapshots[] = {
      {"5.16", "5.15"}, {"5.8", "interleaved-5.8"}};
  for (const auto& [files, engine] : kSnapshots) {
    if (files == release) return *FindEngine(engine);
  }
  return *FindEngine(release);
}

std::vector<std::string> ReadLines(const std::string& path) {
  Result<std::string> text = ReadMaybeCompressed(path, kMaxLayoutsFile, kMaxLayoutsFile);
  std::vector<std::string> lines;
  if (!text) {
    std::cerr << text.error().ToString() << "\n";
    return lines;
  }
  for (size_t at = 0; at < text->size();) {
    size_t end = std::min(text->find('\n', at), text->size());
    if (end > at) lines.push_back(text->substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

namespace {

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// Lists whose order the reference does not mean anything by.
Json Sorted(Json value) {
  if (value.is_array()) std::sort(value.begin(), value.end());
  return value;
}

std::string Shorten(const Json& value) {
  std::string text = value.dump();
  return text.size() > 160 ? text.substr(0, 160) + "…" : text;
}

void CompareObjects(const std::string& field, const Json& truth, const Json& ours,
                    std::vector<std::string>* out) {
  for (const auto& [key, value] : truth.items()) {
    if (!ours.contains(key)) {
      out->push_back(field + ": " + key + ": engine " + Shorten(value) + ", wcheck nothing");
    } else if (ours[key] != value) {
      out->push_back(field + ": " + key + ": engine " + Shorten(value) + ", wcheck " +
                     Shorten(ours[key]));
    }
  }
  for (const auto& [key, value] : ours.items()) {
    if (!truth.contains(key)) {
      out->push_back(field + ": " + key + ": engine nothing, wcheck " + Shorten(value));
    }
  }
}

Json KeysOf(const Json& object) {
  Json out = Json::object();
  for (const auto& [key, value] : object.items()) out[key] = true;
  return out;
}

// Objects of which an answer of ours must have the same keys; the texts are what something raised.
bool HoldsErrors(const std::string& field) { return field == "load_failures"; }

// Fields that the older answers do not have.
bool IsNewField(const std::string& field) {
  return field == "load_failures" || field == "stray" || field == "mismatched" ||
         field == "unset" || field == "carry_error" || field == "save_again" ||
         field == "save_again_error";
}

}  // namespace

bool IsSnapshot(std::string_view release) {
  return release == "5.16" || release == "5.12" || release == "5.8";
}

std::vector<std::string> Differences(const Json& truth, const Json& ours, bool snapshot) {
  std::vector<std::string> out;
  std::set<std::string> fields;
  for (const auto& [field, value] : truth.items()) fields.insert(field);
  for (const auto& [field, value] : ours.items()) fields.insert(field);
  // The snapshots' answers were made with stand-in models without parameters; where that shows, the
  // fields that follow from it say nothing about the engine.
  bool artefact = snapshot && !truth.contains("checkpoint") &&
                  !truth.contains("checkpoint_error") && !truth.contains("rejected");
  if (snapshot && truth.contains("checkpoint_error") &&
      truth["checkpoint_error"].get<std::string>().rfind("AttributeError", 0) == 0) {
    artefact = true;
  }
  // `_Cfg` stands in for a configuration where the answers are made: no engine has a class of this
  // name, so an error about it is not the engine's (RELEASES.md of the reference data).
  const bool stand_in =
      truth.contains("checkpoint_error") &&
      truth["checkpoint_error"].get<std::string>().find("'_Cfg' object") != std::string::npos;
  artefact = artefact || stand_in;
  for (const std::string& field : fields) {
    if (field == "engine") continue;
    if (artefact && !truth.contains(field)) continue;
    if (artefact && field == "checkpoint_error") continue;
    // Without a checkpoint, that of the stand-in is about the model's own keys.
    if (stand_in && field == "resave") continue;
    if (snapshot && !truth.contains(field) && IsNewField(field)) continue;
    if (!truth.contains(field)) {
      out.push_back(field + ": engine has no such field, wcheck " + Shorten(ours[field]));
    } else if (!ours.contains(field)) {
      out.push_back(field + ": engine " + Shorten(truth[field]) + ", wcheck has no such field");
    } else if (EndsWith(field, "_error") || field == "rejected") {
      continue;  // present on both sides
    } else if (field == "given") {
      for (const std::string& line : Differences(truth[field], ours[field], snapshot)) {
        out.push_back("given " + line);
      }
    } else if (HoldsErrors(field)) {
      CompareObjects(field, KeysOf(truth[field]), KeysOf(ours[field]), &out);
    } else if (truth[field].is_object()) {
      CompareObjects(field, truth[field], ours[field], &out);
    } else if (field == "missing" || field == "unexpected" || field == "unset") {
      if (Sorted(truth[field]) != Sorted(ours[field])) {
        out.push_back(field + ": engine " + Shorten(truth[field]) + ", wcheck " +
                      Shorten(ours[field]));
      }
    } else if (truth[field] != ours[field]) {
      out.push_back(field + ": engine " + Shorten(truth[field]) + ", wcheck " +
                    Shorten(ours[field]));
    }
  }
  return out;
}

}  // namespace wcheck
