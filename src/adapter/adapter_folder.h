// An adapter on disk: its configuration and the names and shapes of its weights.
#pragma once

#include <map>
#include <string>

#include "adapter/peft_config.h"
#include "engine/operations.h"
#include "wcheck/result.h"

namespace wcheck {

struct AdapterFolder {
  std::string path;     // of the folder
  std::string weights;  // the file that was read; "" if there is none
  PeftConfig config;
  std::map<std::string, Shape, std::less<>> keys;
};

// Reads a folder, or the folder of an adapter_config.json or of a weights' file. Errors: no
// configuration, a file that is not what its name says. Weights that are pickles are not read.
Result<AdapterFolder> ReadAdapterFolder(const std::string& path);

}  // namespace wcheck
