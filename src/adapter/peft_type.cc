#include "adapter/peft_type.h"

#include <algorithm>

namespace wcheck {
namespace {

using Kind = PeftType::Kind;

constexpr Version k18{0, 18, 0};
constexpr Version k19{0, 19, 0};
constexpr Version k20{0, 20, 0};
constexpr Version k21{0, 21, 0};
constexpr Version kStays{};

std::vector<PeftType> Make() {
  return {
      {"LORA", Kind::kModules, k18, kStays, "lora_", {{"lora_A", true, "ri"}, {"lora_B", true, "or"}}, {}},
      {"ADALORA",
       Kind::kModules,
       k18,
       kStays,
       "lora_",
       {{"lora_A", false, "ri"}, {"lora_B", false, "or"}, {"lora_E", false, "r1"}},
       {}},
      {"LOHA",
       Kind::kModules,
       k18,
       kStays,
       "hada_",
       {{"hada_w1_a", false, "or"}, {"hada_w1_b", false, "ri"}, {"hada_w2_a", false, "or"}, {"hada_w2_b", false, "ri"}},
       {}},
      {"LOKR", Kind::kModules, k18, kStays, "lokr_", {{"lokr_w1", false, ""}, {"lokr_w2", false, ""}}, {}, true},
      {"IA3", Kind::kModules, k18, kStays, "ia3_", {{"ia3_l", false, ""}}, {}},
      {"VERA",
       Kind::kModules,
       k18,
       kStays,
       "vera_lambda_",
       {{"vera_lambda_b", false, "o"}, {"vera_lambda_d", false, "r"}},
       {"vera_A", "vera_B"}},
      {"VBLORA",
       Kind::kModules,
       k18,
       kStays,
       "vblora_",
       {{"vblora_logits_A", false, ""}, {"vblora_logits_B", false, ""}},
       {"vblora_vector_bank"}},
      {"OFT", Kind::kModules, k18, kStays, "oft_", {{"oft_R", true, ""}}, {}},
      {"BOFT", Kind::kModules, k18, kStays, "boft_", {{"boft_R", false, ""}, {"boft_s", false, ""}}, {}},
      {"HRA", Kind::kModules, k18, kStays, "hra_", {{"hra_u", false, ""}}, {}},
      {"FOURIERFT", Kind::kModules, k18, kStays, "fourierft_", {{"fourierft_spectrum", false, ""}}, {}},
      {"MISS", Kind::kModules, k18, kStays, "miss_", {{"miss_block", false, ""}}, {}},
      {"BONE", Kind::kModules, k18, k19, "bone_", {{"bone_block", false, ""}}, {}},
      {"C3A", Kind::kModules, k18, kStays, "c3a_", {{"c3a_kernel", false, ""}}, {}},
      {"ROAD", Kind::kModules, k18, kStays, "road_", {{"road_theta", false, ""}, {"road_alpha", false, ""}}, {}},
      {"HIRA", Kind::kModules, k20, kStays, "hira_", {{"hira_A", false, "ri"}, {"hira_B", false, "or"}}, {}},
      {"LN_TUNING", Kind::kLayerNorms, k18, kStays, "ln_tuning_", {}, {}},
      {"TRAINABLE_TOKENS", Kind::kTrainableTokens, k18, kStays, "trainable_tokens_", {}, {}},
      {"PROMPT_TUNING", Kind::kPrompt, k18, kStays, "", {}, {}},
      {"P_TUNING", Kind::kPrompt, k18, kStays, "", {}, {}},
      {"PREFIX_TUNING", Kind::kPrompt, k18, kStays, "", {}, {}},
      {"CPT", Kind::kPrompt, k18, kStays, "", {}, {}},
      {"MULTITASK_PROMPT_TUNING", Kind::kUnknown, k18, kStays, "", {}, {}},
      {"ADAPTION_PROMPT", Kind::kUnknown, k18, kStays, "", {}, {}},
      {"POLY", Kind::kUnknown, k18, kStays, "poly_", {}, {}},
      {"XLORA", Kind::kUnknown, k18, kStays, "", {}, {}},
      {"RANDLORA", Kind::kUnknown, k18, kStays, "randlora_", {}, {}},
      {"SHIRA", Kind::kUnknown, k18, kStays, "shira_", {}, {}},
      {"WAVEFT", Kind::kUnknown, k18, kStays, "waveft_", {}, {}},
      {"OSF", Kind::kUnknown, k18, kStays, "osf_", {}, {}},
      {"DELORA", Kind::kUnknown, k18, kStays, "delora_", {}, {}},
      {"ADAMSS", Kind::kUnknown, k19, kStays, "adamss_", {}, {}},
      {"LILY", Kind::kUnknown, k19, kStays, "lily_", {}, {}},
      {"PVERA", Kind::kUnknown, k19, kStays, "pvera_lambda_", {}, {}},
      {"GRALORA", Kind::kUnknown, k19, kStays, "gralora_", {}, {}},
      {"CARTRIDGE", Kind::kUnknown, k19, kStays, "", {}, {}},
      {"TINYLORA", Kind::kUnknown, k19, kStays, "tinylora_", {}, {}},
      {"PSOFT", Kind::kUnknown, k19, kStays, "psoft_", {}, {}},
      {"PEANUT", Kind::kUnknown, k19, kStays, "peanut_", {}, {}},
      {"BEFT", Kind::kUnknown, k20, kStays, "beft_", {}, {}},
      {"FROD", Kind::kUnknown, k20, kStays, "frod_", {}, {}},
      {"GLORA", Kind::kUnknown, k20, kStays, "glora_", {}, {}},
      {"UNILORA", Kind::kUnknown, k20, kStays, "unilora_", {}, {}},
      {"DEFT", Kind::kUnknown, k20, kStays, "deft_", {}, {}},
      {"SHADOW", Kind::kUnknown, k21, kStays, "shadow_", {}, {}},
      {"SUPERTUNING", Kind::kUnknown, k21, kStays, "supertuning_", {}, {}},
  };
}

}  // namespace

std::span<const PeftType> PeftTypes() {
  static const std::vector<PeftType> types = Make();
  return types;
}

const PeftType* FindPeftType(std::string_view name) {
  const std::span<const PeftType> types = PeftTypes();
  const auto found = std::ranges::find(types, name, &PeftType::name);
  return found == types.end() ? nullptr : &*found;
}

}  // namespace wcheck
