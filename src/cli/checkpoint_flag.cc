#include "cli/checkpoint_flag.h"

#include <optional>

#include "cli/command_line.h"
#include "judge/judge_checkpoint.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

constexpr size_t kClassesNamed = 3;

}  // namespace

CheckpointFlag::CheckpointFlag()
    : paths_("checkpoint", cl::value_desc("path"),
             cl::desc("Judge this checkpoint instead of the mapping alone: a .safetensors file "
                      "(repeatable), an index.json or a directory. The class is that of --model, "
                      "or of the config.json beside it"),
             cl::cat(InputOptions())) {}

Result<Checkpoint> CheckpointFlag::Read() const {
  const std::vector<std::string> paths(paths_.begin(), paths_.end());
  return ReadCheckpoint(paths);
}

Result<size_t> ClassOfCheckpoint(const Checkpoint& checkpoint, const LayoutSource& layouts,
                                 const std::vector<std::string>& globs) {
  if (!globs.empty()) {
    const Result<std::vector<size_t>> classes = SelectClasses(layouts, globs);
    if (!classes) return classes.error();
    if (classes->size() == 1) return classes->front();
    std::string names;
    for (size_t i = 0; i < classes->size() && i < kClassesNamed; ++i) {
      names += (i == 0 ? "" : ", ") + std::string(layouts.class_name((*classes)[i]));
    }
    return Error{{},
                 "--model names " + std::to_string(classes->size()) +
                     " classes, but a checkpoint belongs to one",
                 "name one of them: " + names + (classes->size() > kClassesNamed ? ", …" : "")};
  }
  for (const std::string& name : checkpoint.architectures) {
    if (const std::optional<size_t> index = layouts.Find(name)) return *index;
  }
  if (checkpoint.architectures.empty()) {
    const bool read = !checkpoint.config.empty();
    return Error{{read ? checkpoint.config : checkpoint.files.front(), 0, 0, ""},
                 read ? "it names no class in \"architectures\""
                      : "there is no config.json beside it to name its class",
                 "name the class with --model"};
  }
  Error unknown = SelectClasses(layouts, {checkpoint.architectures.front()}).error();
  unknown.place.file = checkpoint.config;
  unknown.advice += (unknown.advice.empty() ? "name" : " Name") +
                    std::string(" the class to judge it as with --model");
  return unknown;
}

Result<Judgement> JudgeGivenCheckpoint(const CheckpointFlag& flag, const Inputs& inputs,
                                       const std::vector<std::string>& globs, bool default_layout,
                                       const JudgeOptions& options, std::vector<size_t>* classes) {
  const Result<Checkpoint> checkpoint = flag.Read();
  if (!checkpoint) return checkpoint.error();
  const Result<size_t> index = ClassOfCheckpoint(*checkpoint, *inputs.layouts, globs);
  if (!index) return index.error();
  const Result<Layout> layout = inputs.layouts->Read(*index);
  if (!layout) return layout.error();
  classes->assign(1, *index);
  return JudgeCheckpoint(*inputs.registry, *layout, *checkpoint, default_layout, options);
}

}  // namespace wcheck::cli
