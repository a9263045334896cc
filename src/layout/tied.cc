// Follows transformers step by step: which names a declaration means, which keys those are on this
// model, and which tensor remains after chains of ties are resolved. PEFT's view (the modules tied
// to the input embedding) is derived from the result.
#include "layout/tied.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>

#include "families/boxes.h"
#include "layout/key_set.h"
#include "pattern/pattern.h"

namespace wcheck {
namespace {

constexpr std::string_view kBaseLayer = ".base_layer";

// A layout of a wrapped model: every key begins with the adapter's prefix.
bool IsWrapped(const Layout& layout) {
  return !layout.families.empty() &&
         std::all_of(layout.families.begin(), layout.families.end(),
                     [](const LayoutFamily& f) { return f.pattern.starts_with(kAdapterPrefix); });
}

// The engine takes the names of a mapping literally if all of them look like parameters by this
// expression (which, because of the precedence of `|`, never accepts a name that ends in `bias`).
bool AllLiteral(const std::vector<Tie>& ties) {
  auto literal = [](std::string_view name) {
    size_t word = 0;
    while (word < name.size() && (std::isalnum(static_cast<unsigned char>(name[word])) != 0 ||
                                  name[word] == '_' || name[word] == '.')) {
      ++word;
    }
    size_t weight = name.substr(0, word).rfind("weight");
    return name == "bias" || (weight != std::string_view::npos && weight > 0);
  };
  return std::all_of(ties.begin(), ties.end(),
                     [&](const Tie& tie) { return literal(tie.target) && literal(tie.source); });
}

// The names of a layout's keys without an adapter's wrapping. Kept as families: only those that a
// declaration may be about are expanded.
class Names {
 public:
  explicit Names(const Layout& layout) : layout_(layout), keys_(layout.families) {
    if (!IsWrapped(layout)) return;
    for (const LayoutFamily& family : layout.families) {
      unwrapped_.push_back(UnwrapAdapter(family.pattern));
      ForEachMember(family.numbers, [&](std::span<const uint32_t> member) {
        std::string key = JoinNumbers(family.pattern, member);
        key_of_[UnwrapAdapter(key)] = key;
      });
    }
  }

  bool wrapped() const { return !unwrapped_.empty(); }
  bool Has(const std::string& name) const {
    return wrapped() ? key_of_.contains(name) : keys_.Has(name);
  }
  // The key of an existing name.
  std::string KeyOf(const std::string& name) const { return wrapped() ? key_of_.at(name) : name; }

  // The names, sorted by text and without `prefix`, that begin with it and continue as declared.
  std::vector<std::string> Under(const std::string& prefix, const std::string& declared,
                                 bool literal, bool anchored) const {
    if (literal) {
      if (!Has(prefix + declared)) return {};
      return {declared};
    }
    Result<Pattern> pattern = Pattern::Compile((anchored ? "^" : "") + declared);
    if (!pattern) return {};
    std::vector<std::string> names;
    Match match;
    for (size_t f = 0; f < layout_.families.size(); ++f) {
      std::string_view key_pattern = wrapped() ? unwrapped_[f] : layout_.families[f].pattern;
      if (!pattern->MayMatchFamily(key_pattern, /*cut=*/!prefix.empty())) continue;
      ForEachMember(layout_.families[f].numbers, [&](std::span<const uint32_t> member) {
        std::string name = JoinNumbers(key_pattern, member);
        if (!name.starts_with(prefix)) return;
        name.erase(0, prefix.size());
        if (pattern->Search(name, &match)) names.push_back(std::move(name));
      });
    }
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  const Layout& layout_;
  KeySet keys_;
  std::vector<std::string> unwrapped_;  // one per family of a wrapped model
  std::unordered_map<std::string, std::string> key_of_;
};

class Resolver {
 public:
  explicit Resolver(const Layout& layout) : layout_(layout), names_(layout) {}

  TiedWeights Resolve(const LayoutLookup& lookup) && {
    for (const SubModel& module : layout_.modules) {
      if (module.path.empty()) {
        Declare("", layout_.declared_tied);
      } else if (const Layout* sub = lookup ? lookup(module.class_name) : nullptr) {
        Declare(names_.wrapped() ? UnwrapAdapter(module.path) : module.path, sub->declared_tied);
      }
    }
    for (auto& [target, source] : ties_) {
      out_.ties.push_back({names_.KeyOf(target), source.empty() ? "" : names_.KeyOf(source)});
    }
    return std::move(out_);
  }

 private:
  using Declaration = decltype(Layout::declared_tied);

  void Declare(const std::string& module, const Declaration& declaration) {
    std::string prefix = module.empty() ? "" : module + '.';
    if (const auto* list = std::get_if<std::vector<std::string>>(&declaration)) {
      DeclareList(module, prefix, *list);
    } else if (const auto* mapping = std::get_if<std::vector<Tie>>(&declaration)) {
      DeclareMapping(module, prefix, *mapping);
    }
  }

  void DeclareList(const std::string& module, const std::string& prefix,
                   const std::vector<std::string>& list) {
    std::vector<std::string> embeddings = InputEmbeddings(layout_);
    std::string source;
    for (const std::string& key : embeddings) {
      std::string name = names_.wrapped() ? UnwrapAdapter(key) : key;
      if (source.empty() && name.starts_with(prefix)) source = name;
    }
    for (const std::string& declared : list) {
      std::vector<std::string> targets = names_.Under(prefix, declared, /*literal=*/true, false);
      if (targets.empty()) targets = names_.Under(prefix, declared, /*literal=*/false, false);
      if (targets.empty()) {
        out_.dangling.push_back({module, declared, "", 0, source.empty() ? 0U : 1U});
      }
      for (const std::string& target : targets) {
        if (prefix + target != source) ties_[prefix + target] = source;
      }
    }
  }

  void DeclareMapping(const std::string& module, const std::string& prefix,
                      const std::vector<Tie>& mapping) {
    bool literal = AllLiteral(mapping);
    for (const Tie& tie : mapping) {
      std::vector<std::string> targets = names_.Under(prefix, tie.target, literal, true);
      std::vector<std::string> sources = names_.Under(prefix, tie.source, literal, true);
      if (targets.empty() || sources.empty() || targets.size() % sources.size() != 0) {
        out_.dangling.push_back({module, tie.target, tie.source, targets.size(), sources.size()});
        continue;
      }
      // The engine resolves sources repeatedly: a source that is a target of an earlier tie is
      // replaced by that tie's source.
      for (size_t i = 0; i < targets.size(); ++i) {
        std::string source = prefix + sources[i % sources.size()];
        if (auto earlier = ties_.find(source); earlier != ties_.end()) source = earlier->second;
        if (prefix + targets[i] != source) ties_[prefix + targets[i]] = source;
      }
    }
  }

  const Layout& layout_;
  Names names_;
  std::map<std::string, std::string> ties_;  // target -> source, unwrapped
  TiedWeights out_;
};

}  // namespace

std::string WrapForAdapter(std::string_view name) {
  return std::string(kAdapterPrefix) + std::string(name);
}

std::string UnwrapAdapter(std::string_view name) {
  if (!name.starts_with(kAdapterPrefix)) return std::string(name);
  std::string out(name.substr(kAdapterPrefix.size()));
  for (size_t at = 0; (at = out.find(kBaseLayer, at)) != std::string::npos;) {
    size_t end = at + kBaseLayer.size();
    if (end == out.size() || out[end] == '.') {
      out.erase(at, kBaseLayer.size());
    } else {
      at = end;
    }
  }
  return out;
}

TiedWeights DeclaredTies(const Layout& layout, const LayoutLookup& lookup) {
  if (!lookup && std::holds_alternative<std::monostate>(layout.declared_tied)) return {};
  return Resolver(layout).Resolve(lookup);
}

std::vector<Tie> EffectiveTies(const Layout& layout, std::optional<bool> config_ties) {
  std::vector<Tie> ties = layout.tied;
  if (config_ties == false) {
    // tie_word_embeddings is about the head. An encoder or decoder that shares its input embedding
    // does so anyway.
    std::erase_if(ties, [](const Tie& tie) {
      size_t end = tie.target.rfind('.');
      size_t begin = end == std::string::npos || end == 0 ? 0 : tie.target.rfind('.', end - 1) + 1;
      return tie.target.find("embed", begin) == std::string::npos;
    });
  }
  if (config_ties != true) return ties;
  std::set<std::string_view> targets;
  for (const Tie& tie : layout.tied) targets.insert(tie.target);
  for (Tie& tie : DeclaredTies(layout).ties) {
    if (!tie.source.empty() && !targets.contains(tie.target)) ties.push_back(std::move(tie));
  }
  return ties;
}

// The first candidate of each sub-model is taken: further matrices without bias, such as a head,
// come later in the order of the state dict.
std::vector<std::string> InputEmbeddings(const Layout& layout) {
  constexpr std::string_view kWeight = ".weight";
  bool wrapped = IsWrapped(layout);
  auto unwrap = [wrapped](std::string_view name) {
    return wrapped ? UnwrapAdapter(name) : std::string(name);
  };
  std::unordered_set<std::string> patterns;
  bool has_base = false;
  std::string base = layout.base_model_prefix + '.';
  for (const LayoutFamily& family : layout.families) {
    std::string name = unwrap(family.pattern);
    has_base |= !layout.base_model_prefix.empty() && name.starts_with(base);
    patterns.insert(std::move(name));
  }
  std::vector<std::string> out;
  std::set<std::string> models;  // whose embedding has been found
  for (const LayoutFamily& family : layout.families) {
    std::string name = unwrap(family.pattern);
    if (!name.ends_with(kWeight) || family.shape.size() != 2 || !family.numbers.empty()) continue;
    std::string module = name.substr(0, name.size() - kWeight.size());
    if (patterns.contains(module + ".bias") || (has_base && !name.starts_with(base))) continue;
    // Position embeddings look the same, and in a few models come first.
    if (module.find("position", module.rfind('.') + 1) != std::string::npos) continue;
    // The innermost sub-model that it belongs to.
    std::string owner;
    for (const SubModel& sub : layout.modules) {
      std::string path = unwrap(sub.path);
      if (path.size() > owner.size() && name.starts_with(path + '.')) owner = path;
    }
    if (models.insert(owner).second) out.emplace_back(family.pattern);
  }
  return out;
}

std::vector<std::string> ModulesTiedToEmbedding(const Layout& layout,
                                                const std::vector<Tie>& ties) {
  std::vector<std::string> embeddings = InputEmbeddings(layout);
  std::set<std::string> modules;
  bool wrapped = IsWrapped(layout);
  for (const Tie& tie : ties) {
    bool embedding = tie.source.empty() || std::find(embeddings.begin(), embeddings.end(),
                                                     tie.source) != embeddings.end();
    if (!embedding) continue;
    std::string name = wrapped ? UnwrapAdapter(tie.target) : tie.target;
    size_t dot = name.rfind('.');
    modules.insert(dot == std::string::npos ? "" : name.substr(0, dot));
  }
  return {modules.begin(), modules.end()};
}

}  // namespace wcheck
