// Judging an adapter: what becomes of it by each route, and what to do about it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wcheck/judge.h"

#include "adapter/adapter_verdict.h"
#include "adapter/sized_layout.h"

namespace wcheck {

struct AdapterQuestion {
  const PeftRelease* peft = &NewestPeft();
  std::vector<AdapterRoute> routes = {AdapterRoute::kPeft, AdapterRoute::kTransformers};
  // The config.json of the model; null if there is none.
  const ModelConfig* config = nullptr;
  // The layout is that of a class's default configuration.
  bool default_layout = true;
};

Judgement JudgeAdapter(const Registry& registry, const Layout& layout, const AdapterFolder& folder,
                       const AdapterQuestion& question, const JudgeOptions& options);

// New names for the keys of an adapter, with which it arrives completely: nothing if no names do.
std::optional<std::map<std::string, std::string>> NamesThatArrive(const AdapterFolder& folder, const BaseModel& model,
                                                                  const CompiledRegistry& registry,
                                                                  const PeftRelease& peft, AdapterRoute route);

}  // namespace wcheck
