// `wcheck published`: keeps the names of published checkpoints, and lists them.
#include <algorithm>
#include <filesystem>
#include <fnmatch.h>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/checkpoint_files.h"
#include "cli/checkpoint_flag.h"
#include "cli/command_line.h"
#include "cli/input_flags.h"
#include "cli/output.h"
#include "project/published_names.h"
#include "published/foreign_format.h"
#include "published/published_file.h"
#include "support/file.h"
#include "support/json.h"
#include "support/printable.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;
namespace fs = std::filesystem;

// What the options of `add` say about every checkpoint.
struct Naming {
  std::vector<std::string> models;  // --model
  std::string name;
  PublishedOrigin origin = PublishedOrigin::kUnknown;
  std::string source;
};

bool HasCheckpoint(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".safetensors") || name.ends_with(".index.json")) return true;
  }
  return false;
}

// A folder without a checkpoint of its own stands for the folders in it that have one.
std::vector<std::string> Spread(const std::vector<std::string>& paths) {
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    std::error_code error;
    std::vector<std::string> below;
    if (fs::is_directory(path, error) && !HasCheckpoint(path)) {
      for (const auto& entry : fs::directory_iterator(path, error)) {
        std::error_code ignored;
        if (entry.is_directory(ignored) && HasCheckpoint(entry.path())) {
          below.push_back(entry.path().string());
        }
      }
      std::ranges::sort(below);
    }
    if (below.empty()) below.push_back(path);
    std::ranges::move(below, std::back_inserter(out));
  }
  return out;
}

// The model that was published: as config.json names it, else as its folder is called.
std::string ModelName(const Checkpoint& checkpoint, const std::string& path) {
  if (checkpoint.settings != nullptr) {
    const json::Value* name = checkpoint.settings->Find("_name_or_path");
    if (name != nullptr && name->is_string() && !name->string.empty() && name->string.front() != '/') {
      return name->string;
    }
  }
  std::error_code error;
  const fs::path full = fs::absolute(path, error).lexically_normal();
  const bool folder = fs::is_directory(full, error);
  return (folder ? (full.has_filename() ? full : full.parent_path()).filename() : full.stem()).string();
}

Result<PublishedList> ReadList(const std::string& path, const Naming& naming, const LayoutSource& layouts) {
  if (path.ends_with(".gguf")) {
    return Error{{path, 0, 0, ""}, "these are the names of GGUF, not the library's", ""};
  }
  Result<Checkpoint> checkpoint = ReadCheckpoint({&path, 1});
  if (!checkpoint) return checkpoint.error();
  if (const ForeignFormat* foreign = ForeignFormatOf(*checkpoint)) {
    return Error{{path, 0, 0, ""},
                 "these are the names of " + std::string(foreign->name) + ", not the library's (" +
                     std::string(foreign->because) + ")",
                 ""};
  }
  if (checkpoint->adapter) {
    return Error{{path, 0, 0, ""}, "these are the names of an adapter, not of a model", ""};
  }
  PublishedList list;
  const Result<size_t> index = ClassOfCheckpoint(*checkpoint, layouts, naming.models);
  if (index) {
    list.class_name = layouts.class_name(*index);
  } else if (naming.models.size() == 1) {
    list.class_name = naming.models.front();
  } else if (!checkpoint->architectures.empty()) {
    // A class of the user's own.
    list.class_name = checkpoint->architectures.front();
  } else {
    return index.error();
  }
  list.model = naming.name.empty() ? ModelName(*checkpoint, path) : naming.name;
  list.origin = naming.origin;
  list.source = naming.source;
  list.config = checkpoint->config_text.empty() ? "" : json::Compact(checkpoint->config_text, 0);
  for (LayoutFamily family : checkpoint->families) {
    family.shape = {};
    family.dtype = {};
    list.families.push_back(family);
  }
  list.storage = checkpoint->storage;
  return list;
}

// Adds what can be read, and says what cannot. kFindings if something was refused.
Result<ExitStatus> Add(const std::vector<std::string>& given, const Naming& naming, const std::string& out) {
  const std::vector<std::string> paths = Spread(given);
  if (paths.size() > 1 && !naming.name.empty()) {
    return Error{{}, "--name names one model, and there are " + std::to_string(paths.size()), ""};
  }
  const Result<Inputs> inputs = OpenInputs(InputPaths{});
  if (!inputs) return inputs.error();
  std::vector<PublishedList> lists;
  std::error_code error;
  if (fs::exists(out, error)) {
    const Result<PublishedFile> file = PublishedFile::Open(out);
    if (!file) return file.error();
    Result<std::vector<PublishedList>> there = file->ReadAll();
    if (!there) return there.error();
    lists = *std::move(there);
  }
  size_t added = 0;
  ExitStatus status = kClean;
  for (const std::string& path : paths) {
    Result<PublishedList> list = ReadList(path, naming, *inputs->layouts);
    if (!list) {
      if (paths.size() == 1) return list.error();
      Fail(list.error());
      status = kFindings;
      continue;
    }
    lists.push_back(*std::move(list));
    ++added;
  }
  if (added == 0) return status;
  const std::string bytes = WritePublished(std::move(lists));
  if (Status written = WriteFile(out, bytes); !written) return written.error();
  const Result<PublishedFile> file = PublishedFile::OfBytes(out, bytes);
  if (!file) return file.error();
  Say(out + ": " + std::to_string(added) + (added == 1 ? " list" : " lists") + " added, " +
      std::to_string(file->list_count()) + " of " + std::to_string(file->classes().size()) +
      (file->classes().size() == 1 ? " class" : " classes"));
  return status;
}

bool Chosen(const std::string& name, const std::vector<std::string>& globs) {
  return globs.empty() || std::ranges::any_of(globs, [&](const std::string& glob) {
           return fnmatch(glob.c_str(), name.c_str(), 0) == 0;
         });
}

Status List(const std::vector<std::string>& files, const std::vector<std::string>& globs, bool families,
            Output* output) {
  const Result<PublishedNames> names = PublishedNames::Open(files);
  if (!names) return names.error();
  size_t listed = 0;
  for (const PublishedFile& file : names->files()) {
    for (const PublishedFile::Class& one : file.classes()) {
      if (!Chosen(one.name, globs)) continue;
      const Result<std::vector<PublishedList>> lists = file.Read(one.name);
      if (!lists) return lists.error();
      for (const PublishedList& list : *lists) {
        ++listed;
        std::string text = Printable(one.name) + ": " + Printable(list.model) + " (" +
                           std::string(OriginName(list.origin)) + "), " +
                           std::to_string(list.key_count()) + " keys\n";
        if (families) {
          for (const LayoutFamily& family : list.families) {
            text += "  " + Printable(ShowFamily(family.pattern, family.numbers)) + '\n';
          }
        }
        if (Status written = output->Write(text); !written) return written.error();
      }
    }
  }
  if (listed == 0) {
    return Error{{}, "no published names of such a class are known", "`wcheck published list` lists all"};
  }
  return output->Finish();
}

}  // namespace

int RunPublished(const Arguments& arguments) {
  cl::opt<std::string> what(cl::Positional, cl::Required, cl::desc("add|list"), cl::cat(InputOptions()));
  Words paths(cl::Positional, cl::value_desc("path"), cl::ZeroOrMore,
              cl::desc("[CHECKPOINT… for add, published names for list]"), cl::cat(InputOptions()));
  cl::list<std::string> models("model", cl::value_desc("class"), cl::CommaSeparated,
                               cl::desc("list: the classes with this name or glob (repeatable). add: the class "
                                        "(default: that of the config.json beside each checkpoint)"),
                               cl::cat(InputOptions()));
  cl::opt<std::string> name("name", cl::value_desc("model"), cl::ZeroOrMore,
                            cl::desc("add: the model that was published (default: as config.json or the folder "
                                     "calls it)"),
                            cl::cat(InputOptions()));
  cl::opt<std::string> origin("origin", cl::value_desc("origin"), cl::ZeroOrMore, cl::init("unknown"),
                              cl::desc("add: original (of the makers of the model), derived (by a tool that read "
                                       "the original) or unknown (default)"),
                              cl::cat(InputOptions()));
  cl::opt<std::string> source("source", cl::value_desc("text"), cl::ZeroOrMore,
                              cl::desc("add: where it was read"), cl::cat(InputOptions()));
  cl::opt<bool> families("families", cl::ZeroOrMore, cl::desc("list: write the names, too, as families"),
                         cl::cat(OutputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("add: the file to make, or to extend (default: published.wcp). list: write to "
                                    "this file"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(arguments,
                      "Keeps the names of published checkpoints, by which `wcheck --published FILE` judges a "
                      "mapping.",
                      "wcheck published add CHECKPOINT…   adds checkpoints, from their headers, or folders of them\n"
                      "wcheck published list [FILE…]      lists what comes with wcheck, and what the files have\n")) {
    return kBadInput;
  }
  const std::vector<std::string> given(paths.begin(), paths.end());
  const std::vector<std::string> globs(models.begin(), models.end());
  if (what == "list") {
    Output output(out);
    const Status listed = List(given, globs, families, &output);
    return listed ? kClean : Fail(listed.error());
  }
  if (what != "add") {
    return Fail(Error{{}, "'" + what + "' is nothing that can be done with published names", "write add or list"});
  }
  if (given.empty()) return Fail(Error{{}, "there is no checkpoint to add", "name a folder, an index or a file"});
  const std::optional<PublishedOrigin> known = ParseOrigin(origin.getValue());
  if (!known) return Fail(Error{{}, "--origin is '" + origin + "'", "write original, derived or unknown"});
  const Result<ExitStatus> added =
      Add(given, {globs, name, *known, source}, out.empty() ? "published.wcp" : out.getValue());
  return added ? *added : Fail(added.error());
}

}  // namespace wcheck::cli
