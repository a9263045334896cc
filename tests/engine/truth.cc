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

std::vector<std::string> ReadLines(const std::string& path) {
  Result<std::string> text = ReadMaybeCompressed(path);
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

}  // namespace

std::vector<std::string> Differences(const Json& truth, const Json& ours) {
  std::vector<std::string> out;
  std::set<std::string> fields;
  for (const auto& [field, value] : truth.items()) fields.insert(field);
  for (const auto& [field, value] : ours.items()) fields.insert(field);
  // The reference was made with stand-in models without parameters; where that shows, the fields
  // that follow from it say nothing about the engine.
  bool artefact = !truth.contains("checkpoint") && !truth.contains("checkpoint_error") &&
                  !truth.contains("rejected");
  if (truth.contains("checkpoint_error") &&
      truth["checkpoint_error"].get<std::string>().rfind("AttributeError", 0) == 0) {
    artefact = true;
  }
  for (const std::string& field : fields) {
    if (field == "engine") continue;
    if (artefact && !truth.contains(field)) continue;
    if (artefact && field == "checkpoint_error") continue;
    if (!truth.contains(field)) {
      out.push_back(field + ": engine has no such field, wcheck " + Shorten(ours[field]));
    } else if (!ours.contains(field)) {
      out.push_back(field + ": engine " + Shorten(truth[field]) + ", wcheck has no such field");
    } else if (EndsWith(field, "_error") || field == "rejected") {
      continue;  // present on both sides
    } else if (truth[field].is_object()) {
      CompareObjects(field, truth[field], ours[field], &out);
    } else if (field == "missing" || field == "unexpected") {
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
