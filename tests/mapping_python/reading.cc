#include "reading.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "support/file.h"

namespace wcheck {

Registry ReadText(const std::string& text) {
  Result<Registry> registry =
      ReadPythonRegistry(std::make_shared<SourceFile>("conversion_mapping.py", text));
  EXPECT_TRUE(registry.ok()) << registry.error().ToString();
  return registry.ok() ? *registry : Registry{};
}

Error ReadError(const std::string& text) {
  Result<Registry> registry =
      ReadPythonRegistry(std::make_shared<SourceFile>("conversion_mapping.py", text));
  EXPECT_FALSE(registry.ok());
  return registry.ok() ? Error{} : registry.error();
}

std::string Fixture(const std::string& name) {
  Result<std::string> text = ReadFile(WCHECK_SOURCE_DIR "/testdata/python/" + name, kMaxPythonFile);
  EXPECT_TRUE(text.ok()) << name;
  return text.ok() ? *text : "";
}

std::vector<std::string> FixtureNames() {
  std::vector<std::string> names;
  for (const auto& file :
       std::filesystem::directory_iterator(WCHECK_SOURCE_DIR "/testdata/python")) {
    if (file.path().extension() == ".py") names.push_back(file.path().stem().string());
  }
  return names;
}

std::string TextOf(const SourceRange& range) {
  return range.known() ? range.file->text().substr(range.begin, range.end - range.begin) : "";
}

std::string PlaceOf(const SourceRange& range) {
  Place place = range.place();
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

std::vector<std::string> Remarks(const Registry& registry, ReaderRemark::Kind kind) {
  std::vector<std::string> out;
  for (const ReaderRemark& remark : registry.remarks) {
    if (remark.kind != kind) continue;
    std::string line = PlaceOf(remark.where) + " " + remark.message + " [";
    for (size_t i = 0; i < remark.entries.size(); ++i)
      line += (i == 0 ? "" : " ") + remark.entries[i];
    out.push_back(line + "]");
  }
  return out;
}

std::string Incomplete(const Registry& registry) {
  std::string out;
  for (const auto& [name, entry] : registry.entries) {
    if (entry.incomplete) out += (out.empty() ? "" : " ") + name;
  }
  return out;
}

}  // namespace wcheck
