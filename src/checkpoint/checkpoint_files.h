// A checkpoint as people have it on disk: its keys, as families, with their shapes where the files
// tell them.
//
// What is read, for a path that names
//   - a .safetensors file: its header (layout/safetensors.h); several files are joined;
//   - model.safetensors.index.json: the headers of its shards if they all stand beside it, else the
//     names of its weight_map alone;
//   - pytorch_model.bin.index.json: the names of its weight_map (the shards are pickles, which are
//     never opened);
//   - a directory: the first of model.safetensors, model.safetensors.index.json,
//     pytorch_model.bin.index.json that it has, as transformers would choose; else its other
//     .safetensors files together.
// A config.json beside them names the class.
//
// Limits: 100 MB a JSON header or index. Memory: the text at hand, and some 30 bytes a key while
// keys are collected; families afterwards.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wcheck/layout.h"

namespace wcheck {

// Something about the files that is not an Error: they can be read, but do not agree.
struct CheckpointRemark {
  enum class Kind : uint8_t {
    kShardMissing,      // some shards of an index stand beside it, but not this one
    kNotInShard,        // keys that the index expects in a shard that does not hold them
    kNotInIndex,        // keys of a shard that the index does not know, or expects elsewhere
    kInSeveralFiles,    // keys that several files hold; the last one's count
    kConfigUnreadable,  // config.json is not what it should be
  };
  Kind kind;
  std::string file;     // the shard, or the file that is at odds
  std::string message;  // one line
  uint64_t count = 0;   // keys
};

struct Checkpoint {
  std::vector<LayoutFamily> families;  // dtype is empty and shape means nothing unless has_shapes
  std::shared_ptr<const void> storage;
  bool has_shapes = false;
  // Every key stands under `base_model.model.`: the delta weights of an adapter, not a model.
  bool adapter = false;
  std::vector<std::string> files;  // that were read, as paths

  // From config.json, if there is one. `config` is its path, and empty if there is none that can be
  // read.
  std::string config;
  std::vector<std::string> architectures;
  // True if the model or any of its parts says so; false if the model itself does and none of its
  // parts contradicts.
  std::optional<bool> tie_word_embeddings;
  // Every number of layers, blocks or experts in it, at any depth.
  std::vector<uint32_t> part_counts;
  // num_nextn_predict_layers: layers behind the model's own, which the model does not have.
  uint32_t prediction_layers = 0;

  std::vector<CheckpointRemark> remarks;

  uint64_t key_count() const;
};

// Reads one checkpoint. `paths` has at least one path; several must all be .safetensors files.
// Errors: what is not there, what is none of these, anything wrong in a header or an index, a key
// twice in one file.
Result<Checkpoint> ReadCheckpoint(std::span<const std::string> paths);

// The prefix that adapter files and wrapped models put before every key.
inline constexpr std::string_view kAdapterPrefix = "base_model.model.";

}  // namespace wcheck
