// The pieces of which a run is made, each by itself: build/benchmarks/micro_benchmarks.
#include <benchmark/benchmark.h>

#include "wcheck/judge.h"

#include "bundled.h"
#include "engine/simulation.h"
#include "python/parser.h"
#include "support/file.h"

namespace wcheck {
namespace {

const Bundled& TheBundled() {
  static const Bundled bundled = OpenBundled();
  return bundled;
}

const CompiledRegistry& TheRegistry() {
  static const CompiledRegistry registry(*TheBundled().registry, DefaultEngine());
  return registry;
}

Layout LayoutOf(std::string_view name) {
  const Snapshot& snapshot = *TheBundled().snapshot;
  return Must(snapshot.Read(*snapshot.Find(name)));
}

void OpenSnapshotAndRegistry(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(OpenBundled());
}
BENCHMARK(OpenSnapshotAndRegistry);

void ConstructTransforms(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(CompiledRegistry(*TheBundled().registry, DefaultEngine()));
}
BENCHMARK(ConstructTransforms);

// A megabyte of every construct of the grammar.
void ParsePythonMegabyte(benchmark::State& state) {
  const std::string grammar = Must(ReadFile(WCHECK_SOURCE_DIR "/tests/python/grammar.py"));
  std::string text;
  while (text.size() < (size_t{1} << 20)) {
    // What must stand at the beginning of a file stands there once.
    text += text.empty() ? grammar : grammar.substr(grammar.find("import a,"));
  }
  const SourceFile file("grammar.py", std::move(text));
  for (auto _ : state) benchmark::DoNotOptimize(python::ParsePython(file));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * file.text().size()));
}
BENCHMARK(ParsePythonMegabyte)->Unit(benchmark::kMillisecond);

void ReadLayouts(benchmark::State& state) {
  const Snapshot& snapshot = *TheBundled().snapshot;
  for (auto _ : state) {
    for (size_t i = 0; i < snapshot.size(); ++i) benchmark::DoNotOptimize(snapshot.Read(i));
  }
}
BENCHMARK(ReadLayouts)->Unit(benchmark::kMillisecond);

// A model that nothing renames, one with renamings, one with converters.
void SimulateClass(benchmark::State& state, const char* name) {
  Layout layout = LayoutOf(name);
  for (auto _ : state) benchmark::DoNotOptimize(Simulate(layout, TheRegistry(), {}));
}
BENCHMARK_CAPTURE(SimulateClass, untouched, "LlamaForCausalLM");
BENCHMARK_CAPTURE(SimulateClass, renamed, "LlavaModel");
BENCHMARK_CAPTURE(SimulateClass, converted, "MixtralForCausalLM");

void JudgeAll(benchmark::State& state) {
  const Snapshot& snapshot = *TheBundled().snapshot;
  std::vector<size_t> classes(snapshot.size());
  for (size_t i = 0; i < classes.size(); ++i) classes[i] = i;
  JudgeOptions options;
  options.jobs = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(Judge(*TheBundled().registry, snapshot, classes, true, options));
  }
}
BENCHMARK(JudgeAll)->Unit(benchmark::kMillisecond);

void SearchPattern(benchmark::State& state, const char* text) {
  Pattern pattern = Must(Pattern::Compile(text));
  Match match;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        pattern.Search("model.language_model.layers.12.mlp.experts.7.w1.weight", &match));
  }
}
BENCHMARK_CAPTURE(SearchPattern, no_literal, "vision_tower");
BENCHMARK_CAPTURE(SearchPattern, row, R"(layers\.(\d+)\.mlp)");
BENCHMARK_CAPTURE(SearchPattern, lookahead, R"(model\.(?!vision)(\w+)\.layers)");
BENCHMARK_CAPTURE(SearchPattern, greedy, R"((.+)\.experts\.(.+)\.weight)");

void SplitIntoNumbers(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(SplitNumbers("model.layers.12.mlp.experts.7.w1.weight"));
  }
}
BENCHMARK(SplitIntoNumbers);

void BuildLayout(benchmark::State& state) {
  std::vector<std::string> keys;
  for (int layer = 0; layer < 100; ++layer) {
    for (int expert = 0; expert < 100; ++expert) {
      keys.push_back("model.layers." + std::to_string(layer) + ".mlp.experts." +
                     std::to_string(expert) + ".w1.weight");
    }
  }
  const std::vector<int64_t> shape{64, 64};
  for (auto _ : state) {
    LayoutBuilder builder;
    for (const std::string& key : keys) builder.Add(key, shape, "bfloat16");
    Layout layout;
    builder.FinishInto(&layout);
    benchmark::DoNotOptimize(layout);
  }
}
BENCHMARK(BuildLayout)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wcheck
