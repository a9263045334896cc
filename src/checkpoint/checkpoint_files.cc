// Finds the files that a path means, reads them on several threads, and joins their keys.
// Everything that can be used is used; contradictions between files become remarks.
#include "checkpoint/checkpoint_files.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "checkpoint/checkpoint_files_index.h"
#include "checkpoint/checkpoint_files_table.h"
#include "checkpoint/safetensors.h"
#include "layout/family_limits.h"
#include "layout/tied.h"
#include "support/file.h"
#include "support/json.h"
#include "support/json_fields.h"
#include "support/threads.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIndexEnding = ".index.json";
constexpr int64_t kMaxCount = 1'000'000;
constexpr std::string_view kCountWords[] = {"layer", "depth", "block", "expert"};

bool Exists(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Error Bad(const std::string& path, std::string message, std::string advice = "") {
  return Error{{path, 0, 0, ""}, std::move(message), std::move(advice)};
}

std::string Keys(uint64_t count) { return std::to_string(count) + (count == 1 ? " key" : " keys"); }

class Reader {
 public:
  Result<Checkpoint> Read(std::span<const std::string> paths, const std::string& config) {
    Status read = paths.size() == 1 ? ReadPath(paths[0]) : ReadFiles(paths);
    if (!read) return read.error();
    if (config.empty()) {
      ReadConfig(fs::path(out_.files.front()).parent_path() / "config.json");
    } else {
      if (!Exists(config)) return Bad(config, "there is no such file");
      ReadConfig(config);
      if (out_.settings == nullptr) return Bad(config, out_.remarks.back().message);
    }
    return Finish();
  }

  Checkpoint OfNames(std::vector<LayoutFamily> families, std::shared_ptr<const void> storage,
                     const std::string& config, const std::string& place) {
    out_.families = std::move(families);
    out_.storage = std::move(storage);
    out_.files = {place};
    if (!config.empty()) TakeConfig(place, config);
    return std::move(out_);
  }

 private:
  Status ReadPath(const std::string& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return ReadDirectory(path);
    if (path.ends_with(kIndexEnding)) return ReadSharded(path);
    return ReadFiles(std::span(&path, 1));
  }

  // The order of the names is that of transformers: safetensors before pickles, a single file
  // before an index.
  Status ReadDirectory(const std::string& path) {
    for (const char* name :
         {"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin.index.json"}) {
      if (Exists(fs::path(path) / name)) return ReadPath(fs::path(path) / name);
    }
    std::vector<std::string> files;
    std::error_code error;
    for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
      if (it->path().extension() == ".safetensors") files.push_back(it->path());
    }
    if (error) return Bad(path, "cannot read: " + error.message());
    // An adapter beside full weights is not a part of them.
    bool others = std::any_of(files.begin(), files.end(),
                              [](const std::string& f) { return !IsAdapterFile(f); });
    if (others) std::erase_if(files, IsAdapterFile);
    if (files.empty()) {
      return Bad(path, "found no checkpoint in this directory",
                 Exists(fs::path(path) / "pytorch_model.bin")
                     ? "pytorch_model.bin is a pickle, which is not opened; save it as safetensors"
                     : "expected model.safetensors, an index.json or other .safetensors files");
    }
    std::sort(files.begin(), files.end());
    return ReadFiles(files);
  }

  static bool IsAdapterFile(const std::string& path) {
    return fs::path(path).filename().string().starts_with("adapter_");
  }

  Status ReadFiles(std::span<const std::string> paths) {
    for (const std::string& path : paths) {
      if (paths.size() > 1 && path.ends_with(kIndexEnding)) {
        return Bad(path, "an index was given together with other files", "give only the index");
      }
      if (!path.ends_with(".safetensors") && Exists(path)) {
        return Bad(path, "the name is not that of a checkpoint",
                   "a checkpoint is a .safetensors file, an index.json, or a directory");
      }
    }
    out_.files.assign(paths.begin(), paths.end());
    out_.has_shapes = true;
    return AddSafetensors(std::vector<bool>(paths.size(), true));
  }

  // Reads the wanted files of out_.files on several threads.
  Status AddSafetensors(const std::vector<bool>& wanted) {
    std::vector<KeyTable> tables(wanted.size());
    Status read = ForEachInThreads(wanted.size(), ThreadCount(0, wanted.size()),
                                   [&](size_t i, size_t) -> Status {
                                     if (!wanted[i]) return Unit{};
                                     return ReadInto(i, &tables[i]);
                                   });
    if (!read) return read.error();
    for (KeyTable& table : tables) table_.Append(std::exchange(table, KeyTable()));
    return Unit{};
  }

  Status ReadInto(size_t file, KeyTable* table) const {
    return ReadSafetensors(out_.files[file], [&](const SafetensorsTensor& t) {
      table->Add(t.name, table->Attribute(t.shape, t.dtype), static_cast<uint32_t>(file), t.offset);
    });
  }

  // An index, with its shards if all are available.
  Status ReadSharded(const std::string& path) {
    KeyTable index;
    std::vector<std::string> shards;
    {
      Result<std::string> text = ReadFile(path, kMaxSafetensorsHeader);
      if (!text) return text.error();
      if (text->starts_with("version https://git-lfs")) {
        return Bad(path, "found a pointer of Git LFS instead of the file", "fetch the file: git lfs pull");
      }
      std::map<std::string, uint32_t, std::less<>> numbers;
      Status read = ReadIndex(
          *text, path, [&](std::string_view key, std::string_view shard, uint32_t offset) {
            auto found = numbers.find(shard);
            if (found == numbers.end()) {
              found = numbers.emplace(shard, static_cast<uint32_t>(shards.size())).first;
              shards.emplace_back(shard);
            }
            index.Add(key, index.Attribute({}, ""), found->second, offset);
          });
      if (!read) return read;
    }
    fs::path folder = fs::path(path).parent_path();
    std::vector<bool> there(shards.size());
    size_t count = 0;
    for (size_t i = 0; i < shards.size(); ++i) {
      there[i] = shards[i].ends_with(".safetensors") && Exists(folder / shards[i]);
      count += there[i] ? 1U : 0U;
    }
    // In the order of their numbers, so that both tables number files alike. The index itself is
    // read for the names, and reported if it has a duplicate key.
    for (const std::string& shard : shards) out_.files.push_back(folder / shard);
    if (Status read = AddSafetensors(there); !read) return read;
    if (Status unique = CheckUnique(&index, path); !unique) return unique;
    if (count > 0) CompareWithIndex(&index, shards, there);
    out_.has_shapes = count > 0 && count == shards.size();
    if (!out_.has_shapes) {
      // Shapes of some shards only would be of no use: all names are judged, without shapes.
      table_ = std::move(index);
    }
    std::vector<std::string> read{path};
    for (size_t i = 0; i < shards.size(); ++i) {
      if (there[i]) read.push_back(out_.files[i]);
    }
    file_names_ = std::move(out_.files);
    out_.files = std::move(read);
    return Unit{};
  }

  // One table has the keys of one index: each key is in it once, whatever the shard.
  static Status CheckUnique(KeyTable* index, const std::string& path) {
    std::optional<KeyTable::Duplicate> twice = index->DuplicateAnywhere();
    if (!twice) return Unit{};
    return DuplicateError(*twice, path);
  }

  static Error DuplicateError(const KeyTable::Duplicate& twice, const std::string& path) {
    auto [first, second] = std::minmax(twice.first_offset, twice.offset);
    return Error{{path, 0, 0, "offset " + std::to_string(second)},
                 "key " + ShownName(twice.key) + " is a duplicate; it is also at offset " +
                     std::to_string(first),
                 "the file is damaged; download or write it again"};
  }

  void CompareWithIndex(KeyTable* index, const std::vector<std::string>& shards,
                        const std::vector<bool>& there) {
    using Kind = CheckpointRemark::Kind;
    std::vector<bool> absent(there.size());
    for (size_t i = 0; i < shards.size(); ++i) {
      if (there[i]) continue;
      absent.assign(there.size(), false);
      absent[i] = true;
      const size_t count = index->OfFiles(absent).size();
      out_.remarks.push_back({Kind::kShardMissing, shards[i],
                              shards[i] + ", which has " + Keys(count) +
                                  " of the index, is missing in its folder, although other shards "
                                  "are there; shapes are not judged",
                              count});
    }
    for (size_t i = 0; i < there.size(); ++i) absent[i] = !there[i];
    out_.absent = index->OfFiles(absent).TakeFamilies(&out_.absent_storage);
    Remark(index->MissingFrom(&table_, there), Kind::kNotInShard, shards,
           "of the index are not in their shards");
    Remark(table_.MissingFrom(index, there), Kind::kNotInIndex, shards,
           "of the shards are not in the index, or under another shard");
  }

  void Remark(const KeyTable::Missing& missing, CheckpointRemark::Kind kind,
              const std::vector<std::string>& shards, const std::string& what) {
    if (missing.count == 0) return;
    const auto& [key, file] = missing.first.front();
    out_.remarks.push_back({kind, shards[file],
                            Keys(missing.count) + ' ' + what + ", the first is " + ShownName(key) +
                                " (" + shards[file] + ')',
                            missing.count});
  }

  // What config.json says about the class. It is optional: one that cannot be read is only
  // reported.
  void ReadConfig(const fs::path& path) {
    if (!Exists(path)) return;
    auto tell = [&](const std::string& message) {
      out_.remarks.push_back(
          {CheckpointRemark::Kind::kConfigUnreadable, path.string(), message, 0});
    };
    Result<std::string> text = ReadFile(path.string(), kMaxConfigFile);
    if (!text) return tell(text.error().message);
    TakeConfig(path.string(), *std::move(text));
  }

  void TakeConfig(const std::string& path, std::string text) {
    auto tell = [&](const std::string& message) {
      out_.remarks.push_back({CheckpointRemark::Kind::kConfigUnreadable, path, message, 0});
    };
    SourceFile file(path, std::move(text));
    Result<json::Value> value = json::Parse(file);
    if (!value) return tell(value.error().message);
    out_.config = path;
    if (const json::Value* names = value->Find("architectures"); names != nullptr) {
      Result<std::vector<std::string>> strings = std::vector<std::string>{};
      if (names->is_array()) strings = json::Strings(*names);
      if (!strings) return tell(strings.error().message);
      out_.architectures = *std::move(strings);
    }
    if (const json::Value* type = value->Find("model_type"); type != nullptr && type->is_string()) {
      out_.model_type = type->string;
    }
    out_.quantised = HasQuantiser(*value);
    if (const json::Value* own = value->Find("auto_map"); own != nullptr && !own->members.empty()) {
      std::string names;
      for (const json::Member& member : own->members) {
        names += (names.empty() ? "" : ", ") + ShownName(member.name);
      }
      out_.remarks.push_back({CheckpointRemark::Kind::kOwnCode, path,
                              "config.json brings code of its own (auto_map: " + names +
                                  "), which trust_remote_code loads instead of the library's class; "
                                  "the library's class is judged",
                              0});
    }
    NoteTies(*value, /*root=*/true);
    NoteCounts(*value);
    out_.config_text = file.text();
    out_.settings = std::make_shared<const json::Value>(*std::move(value));
  }

  static bool HasQuantiser(const json::Value& config) {
    return std::ranges::any_of(config.members, [](const json::Member& member) {
      return member.name == "quantization_config" || member.name == "compression_config" ||
             member.name == "quantization" ||
             (member.value.is_object() && HasQuantiser(member.value));
    });
  }

  // The parts of a composite model have configs of their own inside its config.
  void NoteTies(const json::Value& config, bool root) {
    const json::Value* tie = config.Find("tie_word_embeddings");
    if (tie != nullptr && tie->is_bool() && (root || tie->boolean)) {
      out_.tie_word_embeddings = tie->boolean;
    }
    for (const auto& [name, part] : config.members) {
      if (part.is_object()) NoteTies(part, /*root=*/false);
    }
  }

  // num_hidden_layers, n_layer, encoder_layers, depth, num_local_experts, …; and lists with a
  // number for each stage (depths, num_blocks).
  void NoteCounts(const json::Value& config) {
    for (const auto& [name, value] : config.members) {
      if (value.is_object()) NoteCounts(value);
      if (name == "num_nextn_predict_layers") {
        if (std::optional<uint32_t> count = CountIn(value)) out_.prediction_layers = *count;
        continue;
      }
      if (std::none_of(
              std::begin(kCountWords), std::end(kCountWords),
              [&n = name](std::string_view word) { return n.find(word) != std::string::npos; })) {
        continue;
      }
      for (const json::Value& one : value.is_array() ? value.items : std::vector{value}) {
        if (std::optional<uint32_t> count = CountIn(one)) out_.part_counts.push_back(*count);
      }
    }
  }

  static std::optional<uint32_t> CountIn(const json::Value& value) {
    if (!value.is_integer() || value.integer <= 0 || value.integer > kMaxCount) return std::nullopt;
    return static_cast<uint32_t>(value.integer);
  }

  // A key that occurs twice in one file is damage; in several files it is a contradiction that the
  // library resolves by the order of loading, so the last file's key is kept.
  Result<Checkpoint> Finish() {
    if (std::optional<KeyTable::Duplicate> twice = table_.DuplicateInFile()) {
      const std::vector<std::string>& names = file_names_.empty() ? out_.files : file_names_;
      return DuplicateError(*twice, names[twice->file]);
    }
    KeyTable::KeySample several = table_.DropDuplicates();
    if (several.count > 0) {
      const KeyTable::Duplicate& first = several.first.front();
      const std::vector<std::string>& names = file_names_.empty() ? out_.files : file_names_;
      out_.remarks.push_back({CheckpointRemark::Kind::kInSeveralFiles, names[first.file],
                              Keys(several.count) + " in several files, the first is " +
                                  ShownName(first.key) + " (" + names[first.first_file] + ", " +
                                  names[first.file] + "); those of the last file are used",
                              several.count});
    }
    if (table_.size() == 0) {
      return Bad(out_.files.front(), "found no tensors, expected the keys of a checkpoint");
    }
    out_.families = table_.TakeFamilies(&out_.storage);
    if (Status few = CheckFamilyCount(out_.families, {out_.files.front(), 0, 0, ""}); !few) {
      return few.error();
    }
    out_.adapter =
        std::all_of(out_.families.begin(), out_.families.end(),
                    [](const LayoutFamily& f) { return f.pattern.starts_with(kAdapterPrefix); });
    return std::move(out_);
  }

  Checkpoint out_;
  KeyTable table_;
  std::vector<std::string> file_names_;  // by number; empty: out_.files
};

}  // namespace

uint64_t Checkpoint::key_count() const {
  uint64_t n = 0;
  for (const LayoutFamily& family : families) n += family.size();
  return n;
}

Result<Checkpoint> ReadCheckpoint(std::span<const std::string> paths, const std::string& config) {
  return Reader().Read(paths, config);
}

Checkpoint CheckpointOfNames(std::vector<LayoutFamily> families, std::shared_ptr<const void> storage,
                             const std::string& config, const std::string& place) {
  return Reader().OfNames(std::move(families), std::move(storage), config, place);
}

}  // namespace wcheck
