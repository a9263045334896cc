// Renaming families gives what renaming every key by itself gives.
#include <deque>
#include <iostream>
#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "engine/simulation.h"
#include "families/boxes.h"
#include "layout/json_reader.h"
#include "mapping/json/json_reader.h"
#include "report/simulation_json.h"
#include "support/file.h"
#include "truth.h"

namespace wcheck {
namespace {

std::string Simulated(const Layout& layout, const CompiledRegistry& registry, Folding folding) {
  SimulationOptions options;
  options.folding = folding;
  options.save_again = true;
  return SimulationJson(Simulate(layout, registry, options));
}

nlohmann::json Answer(const Layout& layout, const CompiledRegistry& registry, Folding folding) {
  return nlohmann::json::parse(Simulated(layout, registry, folding));
}

TEST(Folding, ClassesOfTheCorpus) {
  Corpus corpus = FindCorpus();
  Result<std::string> text = ReadFile(corpus.folder + "/registry-5.16.json", kMaxJsonFile);
  ASSERT_TRUE(text.ok());
  auto file = std::make_shared<const SourceFile>("registry", *text);
  Result<Registry> registry = ReadJsonRegistry(file);
  ASSERT_TRUE(registry.ok());
  // These cover all orders of renamings and converters; the others differ in names only.
  std::deque<CompiledRegistry> engines;
  for (const char* name : {"5.8", "5.15", "5.24", "interleaved"}) {
    engines.emplace_back(*registry, *FindEngine(name));
  }
  auto layouts = OpenLayouts(corpus.folder + "/layouts-5.16.jsonl.xz");
  ASSERT_TRUE(layouts.ok());
  // Every twelfth class of the whole corpus; all classes of the bundled part.
  size_t stride = corpus.whole ? 12 : 1;
  size_t compared = 0;
  for (size_t i = 0; i < (*layouts)->size(); i += stride) {
    Result<Layout> layout = (*layouts)->Read(i);
    ASSERT_TRUE(layout.ok());
    for (const CompiledRegistry& compiled : engines) {
      ASSERT_EQ(Simulated(*layout, compiled, Folding::kFamilies),
                Simulated(*layout, compiled, Folding::kMembers))
          << layout->class_name << " " << compiled.engine().name;
    }
    ++compared;
  }
  std::cout << compared << " classes compared\n";
}

// Small registries whose patterns look at digits, over layouts with one- and two-digit numbers.
class DigitCases {
 public:
  explicit DigitCases(uint32_t seed) : random_(seed) {}

  Layout MakeLayout() {
    Layout layout;
    layout.class_name = "Root";
    layout.model_type = "root";
    layout.base_model_prefix = Pick({"model", "", "model.1", "1"});
    layout.modules = {{"", "Root", "root"},
                      {Pick({"model.1", "enc", "model.layers.1"}), "Child", "child"}};
    LayoutBuilder builder;
    const std::vector<int64_t> shape{4, 6};
    size_t families = 2 + random_() % 4;
    for (size_t f = 0; f < families; ++f) {
      std::string head = Pick({"model.", "", "enc.", "model.1."});
      std::string stem = Pick({"layers", "h", "w1"});
      std::string tail = Pick({"w", "attn.w1", "1x.w", "10.w"});
      bool deep = random_() % 2 == 0;
      uint32_t n = Pick<uint32_t>({2, 11, 13, 103});
      for (uint32_t i = 0; i < n; i += 1 + n / 40) {
        std::string key = head + stem + "." + std::to_string(i) + ".";
        if (!deep) {
          builder.Add(key + tail, shape, "float32");
          continue;
        }
        for (uint32_t e : {0U, 1U, 3U, 10U, 11U, 33U}) {
          builder.Add(key + "experts." + std::to_string(e) + "." + tail, shape, "float32");
        }
      }
    }
    builder.FinishInto(&layout);
    return layout;
  }

  Registry MakeRegistry() {
    Registry registry;
    for (const char* name : {"Root", "Child", "legacy"}) {
      Entry entry;
      entry.name = name;
      size_t count = name[0] == 'l' ? 1 : 1 + random_() % 3;
      for (size_t i = 0; i < count; ++i) entry.transforms.push_back(MakeTransform());
      registry.entries.emplace(name, std::move(entry));
    }
    return registry;
  }

 private:
  TransformSpec MakeTransform() {
    TransformSpec spec;
    spec.sources = {Pick({"layers\\.1\\.",
                          "layers\\.([0-3])\\.",
                          "\\.\\d{2}\\.",
                          "(\\d)\\1",
                          "(?<=\\.1)\\d",
                          "layers\\.(\\d+)\\.experts\\.\\1\\.",
                          "[2-9]",
                          "1",
                          "experts\\.(\\d+)",
                          "^(\\d+)",
                          "(\\d+)\\.w$",
                          "\\.(\\d)(\\d)\\.",
                          "h\\.(?!1)(\\d+)",
                          "layers.(\\d+).",
                          "w1",
                          "experts\\.(\\d*)3",
                          "\\.[0-3]{2}\\.",
                          "(?<!\\d)1(?!\\d)",
                          "(\\d)(?=\\1)",
                          "\\d{3}",
                          "experts\\.(?=[13])",
                          "(?<=layers\\.)[1-9]",
                          "nothing\\.(\\d+)"})};
    spec.targets = {Pick(
        {"x\\1", "\\1.", ".\\1.", "blocks.\\1.", "x", ".7.", "1", "layers.1.", "a.\\1.b.\\1."})};
    if (spec.sources[0].find('(') == std::string::npos) {
      // Without a group the target must do without, too.
      spec.targets = {Pick({"x", ".7.", "1", "layers.1.", "blocks."})};
    }
    if (random_() % 6 == 0) {
      spec.kind = TransformKind::kGroupWeightRename;
      spec.sources.emplace_back("h\\.(\\d+)");
      spec.targets.emplace_back("g.\\1");
    }
    return spec;
  }

  template <typename T = std::string>
  T Pick(std::vector<T> choices) {
    return choices[random_() % choices.size()];
  }

  std::mt19937 random_;
};

// Registries of GroupWeightRename whose guards match early, late, now and then, or never.
Registry RegistryWithGuards(uint32_t seed) {
  std::mt19937 random(seed);
  auto pick = [&](std::vector<std::string> choices) { return choices[random() % choices.size()]; };
  Registry registry;
  for (const char* name : {"Root", "legacy"}) {
    Entry entry;
    entry.name = name;
    size_t count = 1 + random() % 3;
    for (size_t i = 0; i < count; ++i) {
      TransformSpec spec;
      size_t pairs = 1 + random() % 3;
      for (size_t p = 0; p < pairs; ++p) {
        spec.sources.push_back(
            pick({"h\\.(\\d+)", "layers\\.(\\d+)", "layers\\.([3-9])", "w1", "h\\.1\\.",
                  "(\\d+)\\.w", "experts\\.(\\d+)", "nothing", "x"}));
        spec.targets.push_back(pick({"z.\\1", "a.\\1", "x", "h.\\1", "w1"}));
        if (spec.sources.back().find('(') == std::string::npos) spec.targets.back() = "x";
      }
      if (random() % 3 != 0 || pairs > 1) spec.kind = TransformKind::kGroupWeightRename;
      entry.transforms.push_back(std::move(spec));
    }
    registry.entries.emplace(name, std::move(entry));
  }
  return registry;
}

constexpr const char* kFoldingEngines[] = {"5.14", "5.15", "5.24", "interleaved"};

// Compares families with single keys, for each case and engine that accepts it (some engines lack a
// kind of transform, or reject what others take); returns how many answers were compared.
template <typename MakeRegistry>
size_t ExpectSameAnswers(uint32_t cases, MakeRegistry&& make_registry) {
  size_t simulated = 0;
  size_t saved_as_they_are = 0;
  for (uint32_t seed = 0; seed < cases; ++seed) {
    DigitCases digits(seed);
    Layout layout = digits.MakeLayout();
    Registry registry = make_registry(seed, &digits);
    for (const char* name : kFoldingEngines) {
      CompiledRegistry compiled(registry, *FindEngine(name));
      if (!compiled.rejections().empty()) continue;
      nlohmann::json members = Answer(layout, compiled, Folding::kMembers);
      nlohmann::json families = Answer(layout, compiled, Folding::kFamilies);
      std::vector<std::string> diff = Differences(members, families);
      EXPECT_TRUE(diff.empty()) << "seed " << seed << ", engine " << name
                                << ": (engine stands for single keys)\n"
                                << diff.front();
      if (!diff.empty()) return 0;
      ++simulated;
      saved_as_they_are += members["save_fresh"].empty();
    }
  }
  // Passes share their results where nothing is renamed on save: that must be among the cases.
  EXPECT_GT(saved_as_they_are, cases / 20);
  std::cout << simulated << " answers on " << cases << " cases; " << saved_as_they_are
            << " saves rename nothing\n";
  return simulated;
}

TEST(Folding, PatternsThatLookAtDigits) {
  constexpr uint32_t kCases = 700;
  size_t simulated = ExpectSameAnswers(
      kCases, [](uint32_t, DigitCases* digits) { return digits->MakeRegistry(); });
  EXPECT_GT(simulated, kCases);
}

TEST(Folding, GuardsThatLookAtEarlierKeys) {
  constexpr uint32_t kCases = 200;
  size_t simulated = ExpectSameAnswers(
      kCases, [](uint32_t seed, DigitCases*) { return RegistryWithGuards(seed); });
  EXPECT_GT(simulated, kCases);
}

// A pattern with a backreference makes the engine compare text with text, which no cell of digits
// describes. Only the families that such a pattern may match are taken apart.
TEST(Folding, APatternThatComparesTextLeavesOtherFamiliesWhole) {
  constexpr const char* kRegistry = R"({"entries": {"root": [
    {"type": "WeightRenaming", "source": ["layers\\.(\\d+)\\.attn\\.(.*?)\\.q"],
     "target": ["layers.\\1.attn.\\2.q_proj"]},
    {"type": "WeightConverter", "source": ["mlp\\.experts\\..*\\.w2\\.weight"],
     "target": ["experts.down_proj"], "operations": [{"op": "MergeModulelist", "dim": 0}]}]}})";
  auto file = std::make_shared<const SourceFile>("registry", kRegistry);
  Result<Registry> registry = ReadJsonRegistry(file);
  ASSERT_TRUE(registry.ok());
  Layout layout;
  layout.class_name = "Root";
  layout.model_type = "root";
  layout.modules = {{"", "Root", "root"}};
  LayoutBuilder builder;
  const std::vector<int64_t> matrix{4096, 8};
  for (int i = 0; i < 43; ++i) {
    const std::string layer = "layers." + std::to_string(i);
    builder.Add(layer + ".mlp.shared_experts.down_proj.weight", matrix, "float32");
    builder.Add(layer + ".attn.1.q_proj.weight", matrix, "float32");
  }
  builder.FinishInto(&layout);
  for (const char* name : {"5.8", "5.12", "5.15", "5.24"}) {
    CompiledRegistry compiled(*registry, *FindEngine(name));
    const Simulation simulation = Simulate(layout, compiled, {});
    // Each matrix is saved row by row.
    uint64_t saved = 0;
    for (const LayoutFamily& family : simulation.checkpoint) saved += BoxSize(family.numbers);
    EXPECT_GT(saved, 43U * 4096U) << name;
    // A layer of the attention is taken by itself; nothing else is.
    EXPECT_LT(simulation.load.traces.size(), 100U) << name;
    EXPECT_LT(simulation.save_fresh.traces.size(), 100U) << name;
  }
}

}  // namespace
}  // namespace wcheck
