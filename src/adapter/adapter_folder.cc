#include "adapter/adapter_folder.h"

#include <filesystem>

#include "checkpoint/safetensors.h"

namespace wcheck {

namespace fs = std::filesystem;

Result<AdapterFolder> ReadAdapterFolder(const std::string& path) {
  std::error_code error;
  fs::path folder(path);
  std::string weights;
  if (!fs::is_directory(folder, error)) {
    if (folder.extension() == ".safetensors") weights = path;
    folder = folder.parent_path();
  }
  if (folder.empty()) folder = ".";
  AdapterFolder out;
  out.path = folder.string();
  const bool is_config = fs::path(path).extension() == ".json";
  Result<PeftConfig> config = ReadPeftConfig(is_config ? path : (folder / "adapter_config.json").string());
  if (!config) return config.error();
  out.config = *std::move(config);
  if (weights.empty()) weights = (folder / "adapter_model.safetensors").string();
  if (!fs::exists(weights, error)) return out;
  out.weights = weights;
  const Status read = ReadSafetensors(weights, [&](const SafetensorsTensor& tensor) {
    out.keys.emplace(tensor.name, Shape(tensor.shape.begin(), tensor.shape.end()));
  });
  if (!read) return read.error();
  return out;
}

}  // namespace wcheck
