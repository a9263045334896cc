// `wcheck pack`: a registry and layouts as one snapshot file.
#include "wcheck/open.h"

#include "cli/command_line.h"
#include "cli/output.h"
#include "layout/json_reader.h"
#include "layout/snapshot.h"
#include "mapping/binary_codec.h"
#include "mapping/json/json_reader.h"
#include "mapping/json/json_writer.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

// A registry file, and the file of its layouts; "" for those of the release before it.
struct PackInput {
  std::string registry;
  std::string layouts;
};

// A registry as a snapshot stores it. Only a release with layouts of its own is worth the binary
// form: the others are there to be compared with, now and then.
Result<PackedRelease> PackRegistry(const PackInput& input) {
  Result<std::shared_ptr<const Registry>> registry = OpenRegistry(input.registry);
  if (!registry) return registry.error();
  const bool python = llvm::StringRef(input.registry).endswith(".py");
  PackedRelease packed;
  packed.registry_json =
      python ? DumpRegistryJson(**registry, /*origins=*/false) : (*registry)->files.front()->text();
  Result<Registry> stored = ReadJsonRegistry(std::make_shared<const SourceFile>(
      input.registry, SnapshotRegistryText(packed.registry_json)));
  if (!stored) return stored.error();
  packed.release = stored->release;
  if (!input.layouts.empty()) packed.registry_binary = EncodeRegistry(*stored);
  return packed;
}

Status Pack(const std::vector<PackInput>& inputs, const std::string& out) {
  std::vector<PackedRelease> releases;
  std::vector<std::unique_ptr<LayoutSource>> layouts;
  size_t layouts_of = 0;
  for (const PackInput& input : inputs) {
    Result<PackedRelease> packed = PackRegistry(input);
    if (!packed) return packed.error();
    if (input.layouts.empty()) {
      packed->layouts_of = layouts_of;
    } else {
      Result<std::unique_ptr<LayoutSource>> source = OpenLayouts(input.layouts);
      if (!source) return source.error();
      layouts_of = releases.size();
      packed->layouts = layouts.emplace_back(*std::move(source)).get();
    }
    releases.push_back(*std::move(packed));
  }
  return WriteSnapshot(out, releases);
}

}  // namespace

int RunPack(const Arguments& arguments) {
  cl::opt<std::string> registry("registry", cl::Required, cl::value_desc("file"),
                                cl::desc("The registry, a .json or .py file"),
                                cl::cat(InputOptions()));
  cl::opt<std::string> layouts("layouts", cl::Required, cl::value_desc("file"),
                               cl::desc("The layouts, a .jsonl or .jsonl.xz file"),
                               cl::cat(InputOptions()));
  cl::list<std::string> also(
      "also", cl::value_desc("registry[=layouts]"),
      cl::desc("Pack one more release into the same file (repeatable). Without layouts, it shares "
               "those of the release before it"),
      cl::cat(InputOptions()));
  cl::opt<std::string> out("o", cl::Required, cl::value_desc("file"),
                           cl::desc("The snapshot to write"), cl::cat(OutputOptions()));
  if (!ParseArguments(arguments, "Packs registries and layouts into one snapshot file.")) {
    return kBadInput;
  }
  std::vector<PackInput> inputs{{registry, layouts}};
  for (const std::string& release : also) {
    const auto [file, its_layouts] = llvm::StringRef(release).split('=');
    inputs.push_back({file.str(), its_layouts.str()});
  }
  const Status status = Pack(inputs, out);
  return status ? kClean : Fail(status.error());
}

}  // namespace wcheck::cli
