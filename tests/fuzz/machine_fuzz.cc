// Whatever a program says, the evaluator of models ends within its limits, and what it throws has a
// place or a reason.
#include <map>
#include <optional>
#include <string>

#include "fuzz.h"
#include "python/machine/machine.h"
#include "torch/tensor.h"

using wcheck::fuzz::Require;
namespace machine = wcheck::machine;

namespace {

class OneFile : public machine::Files {
 public:
  explicit OneFile(std::string text) : text_(std::move(text)) {}
  std::optional<Text> Read(const std::string& module) override {
    if (module != "program") return std::nullopt;
    return Text{"program.py", text_, false};
  }
  bool Has(const std::string& module) override { return module == "program"; }

 private:
  std::string text_;
};

// Calls everything that the program defines: functions without arguments, classes with one.
void CallAll(machine::Machine& m, machine::Module* module) {
  std::vector<machine::Value> made;
  for (const machine::Dict::Entry& e : module->dict->entries) {
    if (!e.key.null()) made.push_back(e.value);
  }
  machine::Limits limits;
  limits.steps = limits.module_steps = 20'000;
  limits.bytes = size_t{64} << 20;
  for (const machine::Value& value : made) {
    m.Begin(limits);
    try {
      machine::Value result;
      if (value.Is(machine::Form::kFunction)) result = m.Call(value);
      if (value.Is(machine::Form::kClass)) result = m.Call(value, {m.NewUnknown("an argument")});
      if (!result.null()) m.ToRepr(result);
    } catch (const machine::Raised& raised) {
      Require(!m.Describe(raised.exception).empty());
    } catch (const machine::Open& open) {
      Require(open.unknown != nullptr && open.unknown->why->size > 0);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  OneFile files{std::string(wcheck::fuzz::Bytes(data, size))};
  wcheck::torch::Torch torch;
  machine::Machine m(&files);
  m.on_module_fault = [](const wcheck::SourceRange& where, const std::string& why) {
    Require(where.begin <= where.end && !why.empty());
  };
  try {
    wcheck::torch::SetUpTorch(m, &torch);
    machine::Limits limits;
    limits.module_steps = 100'000;
    limits.bytes = size_t{128} << 20;
    m.Begin(limits);
    CallAll(m, m.Import("program"));
  } catch (const machine::LimitReached& limit) {
    Require(limit.what != nullptr);
  } catch (const machine::Raised& raised) {
    Require(!m.Describe(raised.exception).empty());
  }
  return 0;
}
