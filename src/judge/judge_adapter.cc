#include "judge/judge_adapter.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "checks/check.h"
#include "checks/evidence.h"
#include "judge/collector.h"
#include "judge/ignores.h"

namespace wcheck {
namespace {

constexpr std::string_view kCheck = "stranded-adapter";
constexpr std::string_view kPrefix = "base_model.model.";

std::string Called(AdapterRoute route) {
  return route == AdapterRoute::kPeft ? "PeftModel.from_pretrained" : "load_adapter";
}

std::string Without(std::string text, std::string_view part) {
  for (size_t at; (at = text.find(part)) != std::string::npos;) text.erase(at, part.size());
  return text;
}

// Names as families: "model.layers.{0...31}.self_attn.q_proj.lora_A.weight".
std::vector<ShownKeys> Fold(const std::vector<std::string>& names) {
  LayoutBuilder builder;
  for (const std::string& name : names) builder.Add(name, {}, "");
  Layout layout;
  builder.FinishInto(&layout);
  std::vector<ShownKeys> shown;
  for (const LayoutFamily& family : layout.families) {
    shown.push_back({ShowFamily(family.pattern, family.numbers), family.size()});
  }
  return shown;
}

std::string Count(size_t count, std::string_view one, std::string_view more) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : more);
}

std::string_view CauseOf(AdapterVerdict verdict) {
  switch (verdict) {
    case AdapterVerdict::kRaises: return "load-raises";
    case AdapterVerdict::kNothing: return "nothing-arrives";
    case AdapterVerdict::kWrongScale: return "wrong-scale";
    default: return "partly-arrives";
  }
}

std::string Message(const AdapterFolder& folder, const AdapterLoad& load) {
  const std::string route = Called(load.route);
  switch (load.verdict) {
    case AdapterVerdict::kRaises: return route + " raises " + load.raises;
    case AdapterVerdict::kNothing: return "nothing of the adapter arrives by " + route;
    case AdapterVerdict::kWrongScale:
      return "the adapter arrives by " + route + " with another scale than it was trained with";
    default: break;
  }
  std::string text;
  if (!load.unexpected.empty()) {
    text = std::to_string(load.unexpected.size()) + " of " + Count(folder.keys.size(), "key", "keys") +
           " of the adapter reach nothing";
  }
  if (!load.not_loaded.empty()) {
    text += (text.empty() ? "" : ", and ") + Count(load.not_loaded.size(), "parameter", "parameters") +
            " of it " + (load.not_loaded.size() == 1 ? "is" : "are") + " left as created";
  }
  return text + " by " + route + (load.told ? "" : ", which says nothing about it");
}

std::string Advice(const AdapterFolder& folder, const BaseModel& model, const CompiledRegistry& registry,
                   const PeftRelease& peft, const AdapterLoad& load) {
  const auto loads = [&](const PeftRelease& release, AdapterRoute route) {
    return LoadAdapter(folder, model, registry, release, route).verdict == AdapterVerdict::kAll;
  };
  const AdapterRoute other =
      load.route == AdapterRoute::kPeft ? AdapterRoute::kTransformers : AdapterRoute::kPeft;
  if (loads(peft, other)) return "load it with " + Called(other);
  for (const PeftRelease& release : PeftReleases()) {
    if (release.name != peft.name && loads(release, load.route)) {
      return "PEFT " + std::string(release.name) + " loads it";
    }
  }
  if (NamesThatArrive(folder, model, registry, peft, load.route)) {
    return "its names are to blame: `wcheck adapter convert` writes them anew";
  }
  for (const PeftRelease& release : PeftReleases()) {
    if (release.name != peft.name && loads(release, other)) {
      return "PEFT " + std::string(release.name) + " loads it with " + Called(other);
    }
  }
  if (load.verdict == AdapterVerdict::kWrongScale) {
    return "merge it with the release that it was trained with, or set lora_alpha for this scale";
  }
  return "merge it into the model with the release that it was trained with, or train it again";
}

std::vector<KeyEvidence> Evidence(const AdapterLoad& load) {
  Finding finding;
  for (const ShownKeys& keys : Fold(load.unexpected)) {
    AddEvidence(&finding, {keys.keys, "reaches nothing", "", keys.count});
  }
  for (const ShownKeys& keys : Fold(load.not_loaded)) {
    AddEvidence(&finding, {keys.keys, "is filled by nothing", "", keys.count});
  }
  for (const WrongScale& scale : load.scales) {
    AddEvidence(&finding, {scale.module, "was trained with the scale " + std::to_string(scale.trained) +
                                             " and is applied with",
                           std::to_string(scale.loaded), 1});
  }
  return finding.classes.empty() ? std::vector<KeyEvidence>{} : finding.classes.front().keys;
}

AdapterSummary Summarize(const AdapterFolder& folder, const BaseModel& model, const AdapterLoad& load,
                         const AdapterQuestion& question, const Engine& engine) {
  AdapterSummary out;
  out.class_name = model.layout().class_name;
  out.route = RouteName(load.route);
  out.peft = question.peft->name;
  out.engine = engine.name;
  out.verdict = VerdictName(load.verdict);
  out.raises = load.raises;
  out.file = folder.weights;
  out.keys = folder.keys.size();
  out.sizes_known = !question.default_layout;
  out.told = load.told;
  out.unexpected = load.unexpected;
  out.not_loaded = load.not_loaded;
  for (const auto& [key, fate] : load.keys) {
    std::string_view own = key;
    if (own.starts_with(kPrefix)) own.remove_prefix(kPrefix.size());
    if (!fate.reached.empty() && std::ranges::find(fate.reached, own) == fate.reached.end()) {
      out.elsewhere.push_back(key);
    }
  }
  return out;
}

}  // namespace

std::optional<std::map<std::string, std::string>> NamesThatArrive(const AdapterFolder& folder, const BaseModel& model,
                                                                  const CompiledRegistry& registry,
                                                                  const PeftRelease& peft, AdapterRoute route) {
  using Names = std::map<std::string, std::string>;
  const auto arrives = [&](const Names& names) {
    AdapterFolder renamed = folder;
    renamed.keys.clear();
    for (const auto& [key, name] : names) renamed.keys.emplace(name, folder.keys.find(key)->second);
    if (renamed.keys.size() != folder.keys.size()) return false;
    return LoadAdapter(renamed, model, registry, peft, route).verdict == AdapterVerdict::kAll;
  };
  std::vector<Names> candidates;
  // Where the mapping leads each key, if it leads every key to a name of its own.
  const AdapterLoad mapped = LoadAdapter(folder, model, registry, peft, AdapterRoute::kTransformers);
  Names led;
  for (const auto& [key, fate] : mapped.keys) {
    if (fate.converted || fate.reached.size() != 1) break;
    led[key] = std::string(kPrefix) + fate.reached.front();
  }
  if (led.size() == folder.keys.size()) candidates.push_back(std::move(led));
  const std::string& base = model.layout().base_model_prefix;
  const auto with = [&](const std::function<std::string(std::string)>& change) {
    Names names;
    for (const auto& [key, shape] : folder.keys) names[key] = change(key);
    candidates.push_back(std::move(names));
  };
  const auto clean = [](std::string key) {
    key = Without(std::move(key), "_orig_mod.");
    key = Without(std::move(key), "." + std::string(kAdapterName));
    while (key.starts_with(kPrefix)) key.erase(0, kPrefix.size());
    return key;
  };
  with([&](std::string key) { return std::string(kPrefix) + clean(std::move(key)); });
  if (!base.empty()) {
    with([&](std::string key) { return std::string(kPrefix) + base + "." + clean(std::move(key)); });
    with([&](std::string key) {
      key = clean(std::move(key));
      return std::string(kPrefix) + (key.starts_with(base + ".") ? key.substr(base.size() + 1) : key);
    });
  }
  for (Names& names : candidates) {
    if (arrives(names)) return std::move(names);
  }
  return std::nullopt;
}

Judgement JudgeAdapter(const Registry& registry, const Layout& layout, const AdapterFolder& folder,
                       const AdapterQuestion& question, const JudgeOptions& options) {
  Judgement out;
  out.classes = 1;
  SizedLayout sized{layout, {}};
  if (question.default_layout) sized = SizeLayout(layout, question.config, folder.keys);
  const BaseModel model(sized.layout, sized.known,
                        question.config == nullptr ? std::nullopt : question.config->ties());
  out.keys = sized.layout.key_count();
  const CompiledRegistry compiled(registry, *options.engine);
  const WrittenTransforms written(registry);
  Collector collector(written, options);
  const std::vector<const Check*> chosen = ChosenChecks(options);
  const auto check = std::ranges::find_if(chosen, [](const Check* c) { return c->info.name == kCheck; });
  for (const AdapterRoute route : question.routes) {
    AdapterLoad load = LoadAdapter(folder, model, compiled, *question.peft, route);
    if (folder.weights.empty()) {
      // Without names, only what the configuration alone does can be told.
      load.raises = load.injection.raises.value_or("");
      load.verdict = load.raises.empty() ? AdapterVerdict::kNotJudged : AdapterVerdict::kRaises;
      load.not_judged = {"an adapter without adapter_model.safetensors: there are no names to follow"};
      load.not_loaded.clear();
    }
    out.adapter.push_back(Summarize(folder, model, load, question, *options.engine));
    if (load.verdict == AdapterVerdict::kNotJudged) {
      const std::string why = load.not_judged.front();
      const auto same = [&](const NotJudged& known) { return known.reason == why; };
      if (std::ranges::none_of(out.not_judged, same)) out.not_judged.push_back({layout.class_name, why, ""});
      continue;
    }
    if (load.verdict == AdapterVerdict::kAll || check == chosen.end()) continue;
    collector.Begin(**check, layout.class_name);
    Finding finding;
    finding.message = Message(folder, load);
    finding.advice = Advice(folder, model, compiled, *question.peft, load);
    finding.cause = CauseOf(load.verdict);
    finding.subject = std::string(RouteName(route));
    for (const KeyEvidence& evidence : Evidence(load)) AddEvidence(&finding, evidence);
    collector.Add(std::move(finding), /*keep_severity=*/false);
  }
  out.findings = std::move(collector.findings);
  ApplyIgnores(registry, &out.findings);
  return out;
}

}  // namespace wcheck
