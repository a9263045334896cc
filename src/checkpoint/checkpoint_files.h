// A checkpoint on disk: its keys, as families, with their shapes if the files contain them.
//
// What is read, for a path to
//   - a .safetensors file: its header (checkpoint/safetensors.h); several files are joined;
//   - model.safetensors.index.json: the headers of its shards if all are in the same folder, else
//     only the names of its weight_map;
//   - pytorch_model.bin.index.json: the names of its weight_map (the shards are pickles, which are
//     never opened);
//   - a directory: the first of model.safetensors, model.safetensors.index.json,
//     pytorch_model.bin.index.json that exists, as transformers would choose; else all other
//     .safetensors files together.
// A config.json beside them names the class, unless another one is given.
//
// Limits: 100 MB per JSON header or index. Memory: the text at hand, and some 30 bytes per key
// while keys are collected; families afterwards.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "support/json.h"
#include "wcheck/layout.h"

namespace wcheck {

// An inconsistency that is not an Error: the files can be read, but do not agree.
struct CheckpointRemark {
  enum class Kind : uint8_t {
    kShardMissing,      // some shards of an index are in its folder, but not this one
    kNotInShard,        // keys that the index expects in a shard that does not have them
    kNotInIndex,        // keys of a shard that the index does not have, or expects elsewhere
    kInSeveralFiles,    // keys in several files; those of the last file are used
    kConfigUnreadable,  // config.json is malformed
    kOwnCode,           // config.json names classes that are not the library's
  };
  Kind kind;
  std::string file;     // the shard, or the file that disagrees
  std::string message;  // one line
  uint64_t count = 0;   // keys
};

struct Checkpoint {
  std::vector<LayoutFamily> families;  // dtype is empty and shape is meaningless unless has_shapes
  std::shared_ptr<const void> storage;
  bool has_shapes = false;
  // Every key begins with `base_model.model.`: the delta weights of an adapter, not a model.
  bool adapter = false;
  std::vector<std::string> files;  // that were read, as paths

  // From config.json, if there is one. `config` is its path, empty if there is none that can be
  // read.
  std::string config;
  std::shared_ptr<const json::Value> settings;  // the whole of it; null if it was not read
  std::string config_text;                      // the same as text
  std::vector<std::string> architectures;
  std::string model_type;  // "" if it says none
  bool quantised = false;  // it, or a part of it, has the settings of a quantiser
  // True if the model or any of its parts says so; false if the model itself says no and no part
  // contradicts.
  std::optional<bool> tie_word_embeddings;
  // Every number of layers, blocks or experts in it, at any depth.
  std::vector<uint32_t> part_counts;
  // num_nextn_predict_layers: layers after the model's own, which the model does not have.
  uint32_t prediction_layers = 0;

  std::vector<CheckpointRemark> remarks;
  // Those of `families` that an index expects in shards that are missing in its folder (kShardMissing).
  std::vector<LayoutFamily> absent;
  std::shared_ptr<const void> absent_storage;

  uint64_t key_count() const;
};

// Reads one checkpoint. `paths` has at least one path; several must all be .safetensors files. `config`
// is the path of its config.json, empty for the one beside it.
// Errors: missing files, files of another kind, anything wrong in a header or an index, a duplicate
// key in one file; a `config` that is given and cannot be read.
Result<Checkpoint> ReadCheckpoint(std::span<const std::string> paths,
                                  const std::string& config = "");

// A checkpoint of which only the names are known, and the text of its config.json (empty if there is none),
// which `place` names in messages.
Checkpoint CheckpointOfNames(std::vector<LayoutFamily> families, std::shared_ptr<const void> storage,
                             const std::string& config, const std::string& place);

}  // namespace wcheck
