// `wcheck leaves`: the leaves of declarative sections, for each model of the file.
#include "cli/command_line.h"
#include "project/inputs.h"
#include "cli/output.h"
#include "wcheck/open.h"
#include "project/open_files.h"
#include "support/printable.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

Result<std::string> Leaves(const std::string& path, const std::vector<std::string>& globs) {
  const Result<RegistryFile> file = OpenRegistryFile(path);
  if (!file) return file.error();
  if (file->sections == nullptr) {
    return Error{
        {path, 0, 0, ""}, "it has no sections", "it begins with {\"dialect\": \"sections\""};
  }
  const LayoutSource& models = *file->layouts;
  const Result<std::vector<size_t>> chosen = SelectClasses(models, globs);
  if (!chosen) return chosen.error();
  std::string text;
  for (size_t i : *chosen) {
    const SectionModel& model = file->sections->find(models.class_name(i))->second;
    if (chosen->size() > 1) text += (text.empty() ? "" : "\n") + Printable(model.name) + ":\n";
    for (const Leaf& leaf : model.leaves) text += Printable(ShowLeaf(leaf)) + '\n';
  }
  return text;
}

}  // namespace

int RunLeaves(const Arguments& arguments) {
  Word path(cl::Positional, cl::Required, cl::desc("sections.json"),
                            cl::cat(InputOptions()));
  cl::list<std::string> models(
      "model", cl::value_desc("glob"),
      cl::desc("Select the models with this name or glob (repeatable; default: all)"),
      cl::cat(InputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("Write to this file, completely or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(arguments,
                      "Writes the leaves of declarative sections, one per line: the internal "
                      "names, and the exported names that they are built from.")) {
    return kBadInput;
  }
  const Result<std::string> text = Leaves(path, {models.begin(), models.end()});
  if (!text) return Fail(text.error());
  Output output(out);
  Status status = output.Write(*text);
  if (status) status = output.Finish();
  return status ? kClean : Fail(status.error());
}

}  // namespace wcheck::cli
