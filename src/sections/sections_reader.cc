#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "layout/json_reader.h"
#include "mapping/sections/leaf_transforms.h"
#include "mapping/sections/section_set.h"
#include "mapping/sections/walker.h"
#include "sections/leaf_shapes.h"
#include "sections/sections.h"
#include "support/file.h"
#include "support/json_fields.h"

namespace wcheck {
namespace {

using json::Fields;
using json::Value;
using sections::Section;
using sections::SectionSet;
using sections::Sizes;

// The internal layouts, one per model, complete.
class ModelLayouts : public LayoutSource {
 public:
  void Add(Layout layout) { layouts_.push_back(std::move(layout)); }
  size_t size() const override { return layouts_.size(); }
  std::string_view class_name(size_t i) const override { return layouts_[i].class_name; }
  Result<Layout> Read(size_t i) const override { return layouts_[i]; }

 private:
  std::vector<Layout> layouts_;
};

// The keys of a layout with their shapes and dtypes, without the targets of ties.
struct Keys {
  struct Tensor {
    Sizes shape;
    std::string dtype;
  };
  std::vector<std::string> names;  // in layout order
  std::map<std::string, Tensor, std::less<>> tensors;

  // Of all these tensors; nothing if one of them is missing.
  std::optional<std::vector<Sizes>> ShapesOf(const std::vector<std::string>& wanted) const {
    std::vector<Sizes> shapes;
    for (const std::string& name : wanted) {
      auto found = tensors.find(name);
      if (found == tensors.end()) return std::nullopt;
      shapes.push_back(found->second.shape);
    }
    return shapes;
  }
};

Keys KeysOf(const Layout& layout) {
  std::set<std::string_view> tied;
  for (const Tie& tie : layout.tied) tied.insert(tie.target);
  Keys keys;
  for (const LayoutFamily& family : layout.families) {
    std::vector<uint32_t> member(family.numbers.size());
    auto add = [&](auto&& self, size_t hole) -> void {
      if (hole < member.size()) {
        return family.numbers[hole].ForEach([&](uint32_t value) {
          member[hole] = value;
          self(self, hole + 1);
        });
      }
      std::string name = JoinNumbers(family.pattern, member);
      if (tied.contains(name)) return;
      keys.names.push_back(name);
      keys.tensors[name] = {Sizes(family.shape.begin(), family.shape.end()),
                            std::string(family.dtype)};
    };
    add(add, 0);
  }
  return keys;
}

class Reader {
 public:
  explicit Reader(std::shared_ptr<const SourceFile> file)
      : folder_(std::filesystem::path(file->path()).parent_path()) {
    out_.registry.files.push_back(std::move(file));
  }

  Result<Sections> Read(const Value& root) {
    Fields fields(root, "a file of sections");
    fields.String("dialect");
    const Value* written = fields.Object("sections");
    const Value* models = fields.Object("models");
    if (Status done = fields.Done(); !done) return done.error();
    Result<SectionSet> sections = SectionSet::Read(*written);
    if (!sections) return sections.error();
    if (models->members.empty()) {
      return Error{models->where.place(), "expected at least one model, found none",
                   "sections are judged for the configs of models"};
    }
    for (const auto& [name, value] : models->members) {
      if (Status done = ReadModel(*sections, name, value); !done) return done.error();
    }
    out_.layouts = std::make_shared<const ModelLayouts>(std::move(layouts_));
    return std::move(out_);
  }

 private:
  Status ReadModel(const SectionSet& sections, const std::string& name, const Value& value) {
    Fields fields(value, "model \"" + name + '"');
    const std::string section_name = fields.String("section");
    const Value* inline_config = fields.Optional("config");
    const Value* config_file = fields.Optional("config_file");
    const Value* parameters = fields.Optional("parameters");
    const Value* exported = fields.Optional("exported");
    if ((inline_config == nullptr) == (config_file == nullptr)) {
      fields.Fail({value.where.place(),
                   std::string("expected exactly one of \"config\" and \"config_file\", found ") +
                       (config_file == nullptr ? "neither" : "both"),
                   ""});
    }
    if (Status done = fields.Done(); !done) return done;
    const Section* section = sections.Find(section_name);
    if (section == nullptr) return sections.Unknown(section_name, value.Find("section")->where);
    Result<Value> config =
        inline_config != nullptr ? Result<Value>(*inline_config) : ReadConfigFile(*config_file);
    if (!config) return config.error();
    if (!config->is_object()) return json::WrongType(*config, "a config (an object)");

    SectionModel model;
    model.name = name;
    model.where = value.name_where;
    Result<std::vector<Leaf>> leaves = sections::Flatten(sections, *section, *config);
    if (!leaves) return leaves.error();
    if (leaves->empty()) {
      return Error{value.name_where.place(), "model \"" + name + "\" comes to no leaf at all", ""};
    }
    model.leaves = *std::move(leaves);

    std::optional<Keys> exported_keys;
    if (Status done = ReadKeys(exported, name, &exported_keys, &model.exported); !done) return done;
    std::optional<Keys> internal_keys;
    if (Status done = ReadKeys(parameters, name, &internal_keys, &model.parameters); !done) {
      return done;
    }
    AddLayout(model, internal_keys, exported_keys);
    if (internal_keys && exported_keys) FindMisfits(*internal_keys, *exported_keys, &model);
    AddEntry(model, value.name_where);
    out_.models.emplace(name, std::move(model));
    return Unit{};
  }

  Result<Value> ReadConfigFile(const Value& name) {
    if (!name.is_string()) return json::WrongType(name, "the name of a file (a string)");
    const std::string path = InFolder(name.string);
    if (Status below = CheckNamed(path, name); !below) return below.error();
    Result<std::string> text = ReadFile(path, kMaxConfigFile);
    if (!text) return text.error();
    auto file = std::make_shared<const SourceFile>(path, *std::move(text));
    out_.registry.files.push_back(file);
    return json::Parse(*file);
  }

  // The keys of "layouts.jsonl" or {"file": "layouts.jsonl", "class": "LlamaForCausalLM"}.
  Status ReadKeys(const Value* value, const std::string& model, std::optional<Keys>* keys,
                  std::optional<std::vector<std::string>>* names) {
    if (value == nullptr) return Unit{};
    std::string file;
    std::string class_name = model;
    if (value->is_string()) {
      file = value->string;
    } else if (value->is_object()) {
      Fields fields(*value, "a layout");
      file = fields.String("file");
      class_name = fields.OptionalString("class").value_or(model);
      if (Status done = fields.Done(); !done) return done;
    } else {
      return json::WrongType(*value, "a file of layouts, or an object with \"file\" and \"class\"");
    }
    if (Status below = CheckNamed(InFolder(file), *value); !below) return below;
    Result<const LayoutSource*> source = Open(InFolder(file));
    if (!source) return source.error();
    const std::optional<size_t> index = (*source)->Find(class_name);
    if (!index) {
      return Error{value->where.place(),
                   InFolder(file) + " has no layout of the class \"" + class_name + '"',
                   "name the class: {\"file\": …, \"class\": …}"};
    }
    Result<Layout> layout = (*source)->Read(*index);
    if (!layout) return layout.error();
    *keys = KeysOf(*layout);
    *names = (*keys)->names;
    return Unit{};
  }

  Result<const LayoutSource*> Open(const std::string& path) {
    std::unique_ptr<LayoutSource>& source = open_[path];
    if (source == nullptr) {
      Result<std::unique_ptr<LayoutSource>> opened = OpenLayouts(path);
      if (!opened) return opened.error();
      source = *std::move(opened);
    }
    return source.get();
  }

  // A file of sections names files below its own folder only.
  Status CheckNamed(const std::string& path, const Value& where) const {
    const Status below = CheckBelow(path, folder_.string());
    if (below) return Unit{};
    return Error{where.where.place(), path + ": " + below.error().message, below.error().advice};
  }

  std::string InFolder(const std::string& name) const {
    return (folder_ / name).lexically_normal().string();
  }

  // The model's parameters: as the file lists them, or else those of the leaves.
  void AddLayout(const SectionModel& model, const std::optional<Keys>& internal,
                 const std::optional<Keys>& exported) {
    LayoutBuilder builder;
    if (internal) {
      for (const std::string& name : internal->names) {
        const Keys::Tensor& tensor = internal->tensors.find(name)->second;
        builder.Add(name, tensor.shape, tensor.dtype);
      }
    } else {
      for (const Leaf& leaf : model.leaves) AddLeaf(leaf, exported, &builder);
    }
    Layout layout;
    layout.class_name = model.name;
    layout.modules.push_back({"", model.name, ""});
    builder.FinishInto(&layout);
    layouts_.Add(std::move(layout));
  }

  static void AddLeaf(const Leaf& leaf, const std::optional<Keys>& exported,
                      LayoutBuilder* builder) {
    std::vector<Sizes> shapes;
    std::string dtype = "float32";
    for (const std::string& name : leaf.exported) {
      if (!exported) break;
      auto found = exported->tensors.find(name);
      if (found == exported->tensors.end()) break;
      shapes.push_back(found->second.shape);
      dtype = found->second.dtype;
    }
    if (shapes.size() != leaf.exported.size()) shapes = sections::StandInShapes(leaf);
    std::optional<std::vector<Sizes>> imported = sections::ImportedShapes(leaf, shapes);
    if (!imported) imported = sections::ImportedShapes(leaf, sections::StandInShapes(leaf));
    for (size_t i = 0; i < leaf.internal.size(); ++i) {
      builder->Add(leaf.internal[i], (*imported)[std::min(i, imported->size() - 1)], dtype);
    }
  }

  static void FindMisfits(const Keys& internal, const Keys& exported, SectionModel* model) {
    for (const Leaf& leaf : model->leaves) {
      std::optional<std::vector<Sizes>> shapes = exported.ShapesOf(leaf.exported);
      std::optional<std::vector<Sizes>> held = internal.ShapesOf(leaf.internal);
      if (!shapes || !held) continue;  // such a leaf does not run
      std::optional<std::vector<Sizes>> imported = sections::ImportedShapes(leaf, *shapes);
      for (size_t i = 0; i < held->size(); ++i) {
        LeafMisfit misfit{leaf.internal[i], (*held)[i], std::nullopt, *shapes, leaf.origin->call};
        if (imported) misfit.imported = (*imported)[std::min(i, imported->size() - 1)];
        if (misfit.imported != misfit.shape) model->misfits.push_back(std::move(misfit));
      }
    }
  }

  // Leaves that a lookup does not find are left out, as on import: otherwise their transforms would
  // hide the others.
  void AddEntry(const SectionModel& model, const SourceRange& where) {
    Entry entry{model.name, {}, where, false};
    auto by_internal = LeavesByFirstName(model, LeafSide::kInternal);
    auto by_exported = LeavesByFirstName(model, LeafSide::kExported);
    for (const Leaf& leaf : model.leaves) {
      bool found = by_internal[leaf.internal[0]] == &leaf && by_exported[leaf.exported[0]] == &leaf;
      if (!found) continue;
      for (TransformSpec& spec : sections::TransformsOf(leaf)) {
        entry.transforms.push_back(std::move(spec));
      }
    }
    out_.registry.entries.emplace(model.name, std::move(entry));
  }

  std::filesystem::path folder_;
  std::map<std::string, std::unique_ptr<LayoutSource>> open_;
  ModelLayouts layouts_;
  Sections out_;
};

}  // namespace

std::map<std::string_view, const Leaf*> LeavesByFirstName(const SectionModel& model,
                                                          LeafSide side) {
  std::map<std::string_view, const Leaf*> leaves;
  for (const Leaf& leaf : model.leaves) {
    leaves[(side == LeafSide::kInternal ? leaf.internal : leaf.exported)[0]] = &leaf;
  }
  return leaves;
}

bool IsSectionsDialect(const Value& root) {
  const Value* dialect = root.Find("dialect");
  return dialect != nullptr && dialect->is_string() && dialect->string == "sections";
}

Result<Sections> ReadSections(std::shared_ptr<const SourceFile> file, const Value& root) {
  return Reader(std::move(file)).Read(root);
}

}  // namespace wcheck
