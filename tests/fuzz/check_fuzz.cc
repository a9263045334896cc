// The whole check on a small registry and layout, divided by the first zero byte: families give what single
// keys give, and the same input gives the same report, with one thread and with two.
#include <llvm/Support/raw_ostream.h>

#include "checks/check.h"
#include "engine/simulation.h"
#include "layout/json_reader.h"
#include "mapping/json/json_reader.h"
#include "mapping/python/python_reader.h"
#include "pattern/search_budget.h"
#include "report/simulation_json.h"
#include "support/limits.h"
#include "wcheck/report.h"

#include "fuzz.h"

namespace {

using wcheck::fuzz::Require;

constexpr uint64_t kMostKeys = 300;

class OneLayout : public wcheck::LayoutSource {
 public:
  explicit OneLayout(wcheck::Layout layout) : layout_(std::move(layout)) {}
  size_t size() const override { return 1; }
  std::string_view class_name(size_t) const override { return layout_.class_name; }
  wcheck::Result<wcheck::Layout> Read(size_t) const override { return layout_; }

 private:
  wcheck::Layout layout_;
};

std::string Simulated(const wcheck::Layout& layout, const wcheck::CompiledRegistry& registry,
                      wcheck::Folding folding) {
  wcheck::SimulationOptions options;
  options.folding = folding;
  options.save_again = true;
  return wcheck::SimulationJson(wcheck::Simulate(layout, registry, options));
}

// A search that is given up for one key need not be for another.
bool AnySlowSearch() {
  for (int i = 0; i < wcheck::kMaxSlowSearches; ++i) {
    if (!wcheck::CountSlowSearch()) return true;
  }
  return false;
}

std::string Reported(const wcheck::Registry& registry, const OneLayout& layouts, unsigned jobs) {
  wcheck::JudgeOptions options;
  options.jobs = jobs;
  const wcheck::Result<wcheck::Judgement> judgement =
      wcheck::Judge(registry, layouts, {0}, /*all_classes=*/true, options);
  if (!judgement) return "error: " + judgement.error().ToString();
  std::string text;
  llvm::raw_string_ostream out(text);
  std::vector<wcheck::CheckInfo> checks;
  for (const wcheck::Check& check : wcheck::AllChecks()) checks.push_back(check.info);
  for (const wcheck::ReportFormat& format : wcheck::ReportFormats()) {
    format.write({.judgement = *judgement, .checks = checks, .version = "fuzz"}, &out);
  }
  out.flush();
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = wcheck::fuzz::Bytes(data, size);
  const size_t zero = input.find('\0');
  if (zero == std::string_view::npos) return 0;
  const bool json = input.starts_with('{');
  const auto mapping = wcheck::fuzz::File(json ? "fuzz.json" : "fuzz.py", data, zero);
  const wcheck::Result<wcheck::Registry> registry =
      json ? wcheck::ReadJsonRegistry(mapping) : wcheck::ReadPythonRegistry(mapping);
  if (!registry) return 0;
  const auto file = wcheck::fuzz::File("fuzz.jsonl", data + zero + 1, size - zero - 1);
  const wcheck::Result<wcheck::json::Value> value = wcheck::json::Parse(*file);
  if (!value) return 0;
  wcheck::Result<wcheck::Layout> layout = wcheck::ReadLayout(*value);
  if (!layout || layout->key_count() > kMostKeys) return 0;

  for (const char* name : {"5.8", "5.15", "5.24", "interleaved"}) {
    wcheck::StartSearchBudget();
    const wcheck::CompiledRegistry compiled(*registry, *wcheck::FindEngine(name));
    if (!compiled.rejections().empty()) continue;
    const std::string families = Simulated(*layout, compiled, wcheck::Folding::kFamilies);
    const std::string members = Simulated(*layout, compiled, wcheck::Folding::kMembers);
    if (AnySlowSearch()) return 0;
    Require(families == members);
  }
  const OneLayout layouts(*std::move(layout));
  const std::string report = Reported(*registry, layouts, 1);
  Require(report == Reported(*registry, layouts, 2));
  return 0;
}
