#include "project/own_mapping.h"

#include <string_view>
#include <utility>

#include "mapping/registry_size.h"
#include "project/inputs.h"
#include "support/file.h"
#include "support/json.h"
#include "support/limits.h"

namespace wcheck {

Result<std::shared_ptr<const Registry>> WithKeyMapping(const Registry& registry,
                                                       const std::string& given) {
  const size_t first = given.find_first_not_of(" \t\n");
  const bool is_text = first != std::string::npos && given[first] == '{';
  Result<std::string> text = is_text ? Result<std::string>(given) : ReadFile(given, kMaxConfigFile);
  if (!text) return text.error();
  auto file = std::make_shared<const SourceFile>(is_text ? "<--key-mapping>" : given,
                                                 *std::move(text));
  const Result<json::Value> root = json::Parse(*file);
  if (!root) return root.error();
  constexpr std::string_view kAdvice =
      R"(write it as from_pretrained takes it: {"^old\\.": "new."})";
  if (!root->is_object()) return json::WrongType(*root, "an object from sources to targets", kAdvice);
  auto out = std::make_shared<Registry>(registry);
  Entry entry;
  entry.name = kKeyMappingEntry;
  entry.where = root->where;
  for (const auto& [source, target] : root->members) {
    if (!target.is_string()) return json::WrongType(target, "a string", kAdvice);
    TransformSpec spec;
    spec.sources = {source};
    spec.targets = {target.string};
    Origin origin;
    origin.call = target.where;
    origin.targets = {origin.call};
    spec.origin = std::make_shared<const Origin>(std::move(origin));
    entry.transforms.push_back(std::move(spec));
  }
  out->entries.insert_or_assign(std::string(kKeyMappingEntry), std::move(entry));
  out->files.push_back(std::move(file));
  if (Status size = CheckRegistrySize(*out); !size) return size.error();
  return std::shared_ptr<const Registry>(std::move(out));
}

Result<std::shared_ptr<const Registry>> WithRelease(std::shared_ptr<const Registry> registry,
                                                    const std::string& release,
                                                    const Engine& engine) {
  if (!registry->extension) return registry;
  const Result<std::shared_ptr<const Registry>> base = OpenBundledRegistry(release, engine);
  if (!base) return base.error();
  return std::make_shared<const Registry>(Extend(**base, *registry));
}

}  // namespace wcheck
