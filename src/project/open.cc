#include "wcheck/open.h"

#include <filesystem>
#include <utility>

#include "wcheck/source_file.h"

#include "layout/json_reader.h"
#include "mapping/binary_codec.h"
#include "mapping/json/json_reader.h"
#include "mapping/python/python_reader.h"
#include "mapping/registry_size.h"
#include "project/open_files.h"
#include "support/file.h"
#include "support/json.h"

namespace wcheck {
namespace {

std::shared_ptr<const SourceFile> MakeSource(std::string path, std::string text) {
  return std::make_shared<const SourceFile>(std::move(path), std::move(text));
}

Result<std::shared_ptr<const Registry>> Share(Result<Registry> registry) {
  if (!registry) return registry.error();
  if (Status size = CheckRegistrySize(*registry); !size) return size.error();
  return std::make_shared<const Registry>(std::move(*registry));
}

Result<RegistryFile> Alone(Result<std::shared_ptr<const Registry>> registry) {
  if (!registry) return registry.error();
  return RegistryFile{std::move(*registry), nullptr, nullptr};
}

std::string ExtensionOf(const std::string& path) {
  return std::filesystem::path(path).extension().string();
}

bool IsRegistryText(std::string_view extension) {
  return extension == ".py" || extension == ".json";
}

Error NotARegistry(const std::string& path) {
  return Error{{path, 0, 0, ""},
               "the name is not that of a registry",
               "a registry is a .py or a .json file, or a snapshot (.wcs)"};
}

Result<RegistryFile> ReadRegistryFile(std::shared_ptr<const SourceFile> source) {
  const std::string extension = ExtensionOf(source->path());
  if (!IsRegistryText(extension)) return NotARegistry(source->path());
  if (extension == ".py") return Alone(Share(ReadPythonRegistry(std::move(source))));
  const Result<json::Value> root = json::Parse(*source);
  if (!root) return root.error();
  if (!IsSectionsDialect(*root)) return Alone(Share(ReadJsonRegistry(std::move(source), *root)));
  Result<Sections> sections = ReadSections(std::move(source), *root);
  if (!sections) return sections.error();
  return RegistryFile{std::make_shared<const Registry>(std::move(sections->registry)),
                      std::make_shared<const SectionModels>(std::move(sections->models)),
                      std::move(sections->layouts)};
}

}  // namespace

Result<std::shared_ptr<const Registry>> ReadSnapshotRegistry(const Snapshot& snapshot) {
  std::string name = "<registry of transformers " + std::string(snapshot.release()) + ">";
  auto source = MakeSource(std::move(name), std::string(snapshot.registry_json()));
  // The binary form may be missing, or of another version than this program's.
  const std::string_view binary = snapshot.registry_binary();
  if (!IsReadableRegistry(binary)) return Share(ReadJsonRegistry(std::move(source)));
  return Share(DecodeRegistry(binary, std::move(source)));
}

Result<std::shared_ptr<const Registry>> OpenRegistry(const std::string& path) {
  Result<RegistryFile> file = OpenRegistryFile(path);
  if (!file) return file.error();
  return file->registry;
}

Result<RegistryFile> OpenRegistryFile(const std::string& path) {
  const std::string extension = ExtensionOf(path);
  if (extension == kSnapshotExtension) {
    const Result<std::unique_ptr<Snapshot>> snapshot = Snapshot::Open(path);
    if (!snapshot) return snapshot.error();
    return Alone(ReadSnapshotRegistry(**snapshot));
  }
  if (path == "-") {
    Result<std::string> text = ReadStandardInput(kMaxJsonFile);
    if (!text) return Error{{"<stdin>", 0, 0, ""}, text.error().message, ""};
    // What begins with a brace is JSON.
    const size_t first = text->find_first_not_of(" \t\r\n");
    const bool is_json = first != std::string::npos && (*text)[first] == '{';
    return ReadRegistryFile(MakeSource(is_json ? "<stdin>.json" : "<stdin>.py", std::move(*text)));
  }
  if (!IsRegistryText(extension)) return NotARegistry(path);
  Result<std::string> text =
      ReadProjectFile(path, extension == ".py" ? kMaxPythonFile : kMaxJsonFile);
  if (!text) return text.error();
  return ReadRegistryFile(MakeSource(path, std::move(*text)));
}

Result<std::shared_ptr<const Registry>> ReadRegistry(std::shared_ptr<const SourceFile> source) {
  Result<RegistryFile> file = ReadRegistryFile(std::move(source));
  if (!file) return file.error();
  return file->registry;
}

Result<std::shared_ptr<const LayoutSource>> OpenLayoutSource(const std::string& path) {
  if (ExtensionOf(path) == kSnapshotExtension) {
    Result<std::unique_ptr<Snapshot>> snapshot = Snapshot::Open(path);
    if (!snapshot) return snapshot.error();
    return std::shared_ptr<const LayoutSource>(std::move(*snapshot));
  }
  Result<std::unique_ptr<LayoutSource>> layouts = OpenLayouts(path);
  if (!layouts) return layouts.error();
  return std::shared_ptr<const LayoutSource>(std::move(*layouts));
}

}  // namespace wcheck
