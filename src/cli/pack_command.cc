// `wcheck pack`: a registry and layouts as one snapshot file.
#include "cli/command_line.h"
#include "cli/output.h"
#include "layout/json_reader.h"
#include "layout/snapshot.h"
#include "wcheck/open.h"
#include "mapping/binary_codec.h"
#include "mapping/json/json_reader.h"
#include "mapping/json/json_writer.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

Status Pack(const std::string& registry_path, const std::string& layouts_path,
            const std::string& out) {
  Result<std::shared_ptr<const Registry>> registry = OpenRegistry(registry_path);
  if (!registry) return registry.error();
  Result<std::unique_ptr<LayoutSource>> layouts = OpenLayouts(layouts_path);
  if (!layouts) return layouts.error();
  const bool python = llvm::StringRef(registry_path).endswith(".py");
  const std::string text =
      SnapshotRegistryText(python ? DumpRegistryJson(**registry, /*origins=*/false)
                                  : (*registry)->files.front()->text());
  Result<Registry> stored =
      ReadJsonRegistry(std::make_shared<const SourceFile>(registry_path, text));
  if (!stored) return stored.error();
  return WriteSnapshot(out, stored->release, text, **layouts, EncodeRegistry(*stored));
}

}  // namespace

int RunPack(const Arguments& arguments) {
  cl::opt<std::string> registry("registry", cl::Required, cl::value_desc("file"),
                                cl::desc("The registry, a .json or .py file"),
                                cl::cat(InputOptions()));
  cl::opt<std::string> layouts("layouts", cl::Required, cl::value_desc("file"),
                               cl::desc("The layouts, a .jsonl or .jsonl.xz file"),
                               cl::cat(InputOptions()));
  cl::opt<std::string> out("o", cl::Required, cl::value_desc("file"),
                           cl::desc("The snapshot to write"), cl::cat(OutputOptions()));
  if (!ParseArguments(arguments, "Packs a registry and layouts into one snapshot file.")) {
    return kBadInput;
  }
  const Status status = Pack(registry, layouts, out);
  return status ? kClean : Fail(status.error());
}

}  // namespace wcheck::cli
