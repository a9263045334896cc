#include "checkpoint/quantiser_modules.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "engine/rename.h"
#include "families/symbolic_key.h"

namespace wcheck {
namespace {

struct KindRow {
  std::string_view name;
  std::string_view folder;
  ModuleKind kind;
};

constexpr KindRow kKinds[] = {
#define WCHECK_MODULE(name, folder, kind) {name, folder, ModuleKind::kind},
#include "checkpoint/module_kinds.def"
};

// Classes that keep linear modules in 32 bits (_keep_in_fp32_modules in the modeling files of
// transformers 5.24.0), by the folder of the model.
constexpr struct {
  std::string_view folder;
  std::string_view module;
} kFloat32[] = {
    {"axk2", "indexer.weights_proj"},
    {"blip_2", "qformer"},
    {"blip_2", "query_tokens"},
    {"deepseek_v32", "indexer.weights_proj"},
    {"deepseek_v4", "self_attn.compressor.gate_proj"},
    {"deepseek_v4", "self_attn.compressor.indexer.gate_proj"},
    {"deepseek_v4", "self_attn.compressor.indexer.kv_proj"},
    {"deepseek_v4", "self_attn.compressor.indexer.scorer.weights_proj"},
    {"deepseek_v4", "self_attn.compressor.kv_proj"},
    {"glm_moe_dsa", "indexer.weights_proj"},
    {"instructblip", "query_tokens"},
    {"instructblipvideo", "query_tokens"},
    {"longcat_flash", "classifier.weight"},
    {"mistral_large4", "indexer.weights_proj"},
    {"mt5", "wo"},
    {"pop2piano", "wo"},
    {"t5", "wo"},
    {"udop", "wo"},
    {"umt5", "wo"},
};

// What get_output_embeddings() of the library's classes returns, by the end of the module's name.
constexpr std::string_view kOutputEmbeddings[] = {
    "lm_head",           "embed_out",         "output_projection", "cls.predictions.decoder",
    "lm_head.decoder",   "generator_lm_head", "lm_head.out_proj",  "predictions.decoder",
    "mlm_score.decoder", "pred_layer.proj",   "proj_out",          "vocab_projector",
    "lm_loss",
};

bool IsPlainText(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
  });
}

// re.match of a text without special characters except the dot, followed by the boundary
// `(?:(?<=\.)|(?=\.|$))`.
bool MatchesUpToDot(std::string_view text, std::string_view name) {
  if (text.size() > name.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != name[i] && text[i] != '.') return false;
  }
  const size_t end = text.size();
  return end == name.size() || name[end] == '.' || (end > 0 && name[end - 1] == '.');
}

bool IsNumber(std::string_view part) { return part.size() == 1 && part[0] == kHole; }

}  // namespace

bool IsOfFolder(std::string_view name, std::string_view folder) {
  if (!name.starts_with(folder)) return false;
  name.remove_prefix(folder.size());
  return name.empty() || name == "_text" || name == "_vision";
}

ModuleKind KindOfModule(const Layout& layout, std::string_view weight) {
  std::string_view module = weight.substr(0, weight.rfind('.'));
  // Of a list or a sequence of modules, its name counts.
  std::string_view name = module;
  for (;;) {
    const size_t dot = name.rfind('.');
    const std::string_view last = name.substr(dot + 1);
    if (!IsNumber(last) || dot == std::string_view::npos) {
      name = last;
      break;
    }
    name = name.substr(0, dot);
  }
  std::string_view inner;  // the model_type of the sub-model that it is in
  size_t depth = 0;
  for (const SubModel& sub : layout.modules) {
    if (sub.path.size() < depth || sub.path.find_first_of("0123456789") != std::string::npos)
      continue;
    if (!sub.path.empty() && !(module.starts_with(sub.path) && module.size() > sub.path.size() &&
                               module[sub.path.size()] == '.')) {
      continue;
    }
    depth = sub.path.size();
    inner = sub.model_type;
  }
  const KindRow* any = nullptr;
  for (const KindRow& row : kKinds) {
    if (row.name != name) continue;
    if (row.folder.empty()) {
      any = &row;
    } else if (IsOfFolder(layout.source_dir, row.folder) || IsOfFolder(inner, row.folder)) {
      return row.kind;
    }
  }
  return any != nullptr ? any->kind : ModuleKind::kLinear;
}

SkipList::SkipList(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    Entry entry{text, std::nullopt};
    if (!IsPlainText(text)) {
      Result<Pattern> pattern = Pattern::Compile("^(?:" + text + ")(?:(?<=\\.)|(?=\\.|$))");
      if (pattern) entry.pattern = *std::move(pattern);
    }
    entries_.push_back(std::move(entry));
  }
}

bool SkipList::Skips(std::string_view module) const {
  return std::ranges::any_of(entries_, [&](const Entry& entry) {
    if (module.ends_with(entry.text)) return true;
    if (!entry.pattern) return IsPlainText(entry.text) && MatchesUpToDot(entry.text, module);
    Match match;
    return entry.pattern->Search(module, &match);
  });
}

bool MatchesFromStart(std::string_view text, std::string_view name) {
  const Result<Pattern> pattern = Pattern::Compile("^(?:" + std::string(text) + ")");
  Match match;
  return pattern && pattern->Search(name, &match);
}

std::vector<std::string> DefaultSkips(const Layout& layout, const std::vector<Tie>& ties) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view key) {
    if (key.ends_with(".weight")) key.remove_suffix(std::string_view(".weight").size());
    out.emplace_back(key);
  };
  for (const Tie& tie : ties) {
    add(tie.target);
    add(tie.source);
  }
  for (const LayoutFamily& family : layout.families) {
    if (!family.pattern.ends_with(".weight")) continue;
    const std::string_view module = family.pattern.substr(0, family.pattern.rfind('.'));
    if (module.find(kHole) != std::string_view::npos) continue;
    const bool head = std::ranges::any_of(kOutputEmbeddings, [&](std::string_view name) {
      return module == name ||
             (module.ends_with(name) && module[module.size() - name.size() - 1] == '.');
    });
    if (head) add(family.pattern);
  }
  // A layout lists keys in the order of the model's parameters where it was made by the exporter.
  if (!layout.families.empty() &&
      layout.families.back().pattern.find(kHole) == std::string_view::npos &&
      layout.families.back().pattern.find('.') == layout.families.back().pattern.rfind('.')) {
    add(layout.families.back().pattern);
  }
  return out;
}

std::vector<std::string> KeptInFloat32(const Layout& layout) {
  std::vector<std::string> out;
  for (const auto& row : kFloat32) {
    if (IsOfFolder(layout.source_dir, row.folder)) out.emplace_back(row.module);
  }
  return out;
}

std::vector<std::string> RenameSkips(const Plan& plan, const Engine& engine,
                                     const std::vector<std::string>& list) {
  std::vector<std::string> out;
  for (const std::string& name : list) {
    SymbolicKey key = SymbolicKey::Concrete(name + '.');
    for (const PlacedTransform& placed : plan.transforms) {
      bool guard_seen = false;
      TraceStep step;
      EngineError error;
      SymbolicKey before = key;
      if (RenameWith(placed.forward(), placed, engine, &guard_seen, &key, &step, &error) ==
          RenameOutcome::kError) {
        key = std::move(before);
      }
    }
    std::string renamed = key.text;
    if (renamed.ends_with('.')) renamed.pop_back();
    out.push_back(std::move(renamed));
  }
  return out;
}

}  // namespace wcheck
