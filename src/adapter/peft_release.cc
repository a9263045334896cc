#include "adapter/peft_release.h"

#include <algorithm>
#include <array>
#include <vector>

namespace wcheck {
namespace {

template <typename Row>
using Edit = void (*)(Row*);

// Rows in which only what changed is written: each starts from the one before.
std::vector<PeftRelease> MakePeft() {
  std::vector<PeftRelease> rows;
  const auto add = [&](std::string_view name, Version since, Edit<PeftRelease> edit) {
    PeftRelease row = rows.empty() ? PeftRelease{} : rows.back();
    row.name = name;
    row.since = since;
    edit(&row);
    rows.push_back(row);
  };
  add("0.18", {0, 18, 0}, [](PeftRelease*) {});
  add("0.19", {0, 19, 0}, [](PeftRelease* r) {
    r->converts = true;
    r->collects_in_wrapper = true;
    r->passes_old_arguments = true;
    r->swaps_features = true;
  });
  add("0.20", {0, 20, 0}, [](PeftRelease* r) {
    r->passes_old_arguments = false;
    r->collects_in_wrapper = false;
    r->leaves_empty_converters_out = true;
    r->strips_wrapper = true;
    r->undoes_suffixes = true;
    r->resolves_strings = true;
    r->first_number_is_layer = true;
  });
  add("0.21", {0, 21, 0}, [](PeftRelease* r) {
    r->layer_pattern_at_start = true;
    r->names_by_model = true;
    r->refuses_shared_state = true;
  });
  return rows;
}

std::vector<LoadAdapterRelease> MakeLoadAdapter() {
  std::vector<LoadAdapterRelease> rows;
  const auto add = [&](Version since, Edit<LoadAdapterRelease> edit) {
    LoadAdapterRelease row = rows.empty() ? LoadAdapterRelease{} : rows.back();
    row.since = since;
    edit(&row);
    rows.push_back(row);
  };
  add({5, 0, 0}, [](LoadAdapterRelease*) {});
  add({5, 4, 0}, [](LoadAdapterRelease* r) { r->only_mixtral = false; });
  add({5, 6, 0}, [](LoadAdapterRelease* r) {
    r->strips_wrapper = true;
    r->raises_for_other_types = false;
    r->new_converters = true;
    r->passes_old_arguments = true;
    r->least_peft = "0.18.2";
  });
  add({5, 7, 0}, [](LoadAdapterRelease* r) { r->passes_old_arguments = false; });
  add({5, 12, 0}, [](LoadAdapterRelease* r) { r->least_peft = "0.19.0"; });
  add({5, 13, 0}, [](LoadAdapterRelease* r) {
    r->own_code = false;
    r->least_peft = "0.19.1";
  });
  add({5, 18, 0}, [](LoadAdapterRelease* r) {
    r->loads_wrapped_modules = true;
    r->least_peft = "0.20.0";
  });
  add({5, 24, 0}, [](LoadAdapterRelease* r) { r->least_peft = "0.22.0"; });
  return rows;
}

// Types of models, from a release on, and up to one that changed it (0: none did).
struct ModelRow {
  std::string_view model_type;
  Version since;
  Version until;
};

constexpr std::array<ModelRow, 3> kTransposed = {{{"gpt_oss", {5, 0, 0}, {}},
                                                  {"openai_privacy_filter", {5, 0, 0}, {}},
                                                  {"aria_text", {5, 18, 0}, {}}}};
constexpr std::array<ModelRow, 7> kLinearRouters = {{{"deepseek_v2", {5, 0, 0}, {5, 13, 0}},
                                                     {"lfm2_moe", {5, 0, 0}, {5, 13, 0}},
                                                     {"aria_text", {5, 0, 0}, {5, 18, 0}},
                                                     {"jamba", {5, 0, 0}, {5, 21, 0}},
                                                     {"llama4", {5, 0, 0}, {}},
                                                     {"llama4_text", {5, 0, 0}, {}},
                                                     {"phimoe", {5, 0, 0}, {}}}};

template <typename Rows>
bool InForce(const Rows& rows, std::string_view model_type, const Version& transformers) {
  return std::ranges::any_of(rows, [&](const ModelRow& row) {
    return row.model_type == model_type && row.since <= transformers &&
           (row.until == Version{} || transformers < row.until);
  });
}

}  // namespace

std::span<const PeftRelease> PeftReleases() {
  static const std::vector<PeftRelease> rows = MakePeft();
  return rows;
}

const PeftRelease& NewestPeft() { return PeftReleases().back(); }

Result<const PeftRelease*> FindPeft(std::string_view version) {
  const std::optional<Version> wanted = ParseVersion(version);
  if (!wanted) {
    return Error{{}, "'" + std::string(version) + "' is not a release of PEFT", "write 0.20 or 0.20.0"};
  }
  const PeftRelease* found = nullptr;
  for (const PeftRelease& release : PeftReleases()) {
    if (release.since <= *wanted) found = &release;
  }
  if (found == nullptr) {
    return Error{{},
                 "PEFT " + std::string(version) + " cannot be imported beside transformers 5",
                 "name a release from " + std::string(PeftReleases().front().name) + " on"};
  }
  return found;
}

std::span<const LoadAdapterRelease> LoadAdapterReleases() {
  static const std::vector<LoadAdapterRelease> rows = MakeLoadAdapter();
  return rows;
}

const LoadAdapterRelease& LoadAdapterOf(const Engine& engine) {
  if (!engine.since) return LoadAdapterReleases().back();
  const LoadAdapterRelease* found = &LoadAdapterReleases().front();
  for (const LoadAdapterRelease& release : LoadAdapterReleases()) {
    if (release.since <= *engine.since) found = &release;
  }
  return *found;
}

bool ExpertsAreTransposed(std::string_view model_type, const Version& transformers) {
  return InForce(kTransposed, model_type, transformers);
}

bool RouterIsLinear(std::string_view model_type, const Version& transformers) {
  return InForce(kLinearRouters, model_type, transformers);
}

Version TransformersOf(const Engine& engine) { return engine.since.value_or(engine.classes_of); }

}  // namespace wcheck
