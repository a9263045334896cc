#include <optional>
#include <utility>

#include "wcheck/wcheck.h"

namespace wcheck {

Result<ModelVerdict> CheckModel(const std::string& registry_path, const std::string& layouts_path,
                                const std::string& class_name, const JudgeOptions& options) {
  Result<std::shared_ptr<const Registry>> registry = OpenRegistry(registry_path);
  if (!registry) return registry.error();
  const Result<std::shared_ptr<const LayoutSource>> layouts = OpenLayoutSource(layouts_path);
  if (!layouts) return layouts.error();
  const std::optional<size_t> index = (*layouts)->Find(class_name);
  if (!index) {
    return Error{
        {layouts_path, 0, 0, ""}, "it has no layout of the class '" + class_name + "'", ""};
  }
  Result<Judgement> judgement =
      Judge(**registry, **layouts, {*index}, (*layouts)->size() == 1, options);
  if (!judgement) return judgement.error();
  return ModelVerdict{std::move(*registry), std::move(*judgement)};
}

}  // namespace wcheck
