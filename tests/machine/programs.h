// Programs of testdata/, for tests of the evaluator.
#pragma once

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "python/machine/machine.h"

namespace wcheck::machine {

// Modules by name, from memory.
class TextFiles : public Files {
 public:
  explicit TextFiles(std::map<std::string, std::string> texts) : texts_(std::move(texts)) {}
  TextFiles(const std::string& module, const std::string& text) : texts_{{module, text}} {}

  std::optional<Text> Read(const std::string& module) override {
    const auto found = texts_.find(module);
    if (found == texts_.end()) return std::nullopt;
    return Text{module + ".py", found->second, false};
  }
  bool Has(const std::string& module) override { return texts_.count(module) != 0; }

 private:
  std::map<std::string, std::string> texts_;
};

inline std::string TextOf(const std::string& path) {
  std::ifstream file(std::string(WCHECK_SOURCE_DIR) + "/testdata/" + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Calls each function case_* of a module, in their order. What is thrown is told in words.
inline void ForEachCase(Machine& m, Module* module,
                        const std::function<void(const std::string&, const Value&)>& each,
                        const std::function<void(const std::string&, const std::string&)>& failed) {
  m.Evaluate(module);
  std::vector<std::pair<std::string, Value>> cases;
  for (const Dict::Entry& e : module->dict->entries) {
    if (e.key.null() || !e.key.As<Str>()->view().starts_with("case_")) continue;
    cases.emplace_back(e.key.As<Str>()->view(), e.value);
  }
  for (const auto& [name, function] : cases) {
    try {
      m.Begin(Limits{});
      each(name, m.Call(function));
    } catch (const Raised& raised) {
      failed(name, m.Describe(raised.exception));
    } catch (const Open& open) {
      failed(name, "it depends on " + std::string(open.unknown->why->view()));
    } catch (const LimitReached& limit) {
      failed(name, std::string("it meets the limit of ") + limit.what);
    }
  }
}

}  // namespace wcheck::machine
