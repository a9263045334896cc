// The whole check on a small registry: whatever it says, the engine's rules run to their end,
// families give the findings that single keys give, and the same input gives the same answer twice.
//
// An input is a list of lines. The first byte of a line says what it adds:
//   > source TAB target                 a WeightRenaming
//   * sources TAB targets TAB number    a WeightConverter; both are split at commas
//   < text, + text                      a PrefixChange that removes it, or adds it
//   , name                              the transforms that follow are another entry's
//   / name TAB entry                    an alias
//   . key TAB count                     a key of the model; its numbers `#` run to the count
//   @ path TAB name                     a sub-model
//   ^ prefix                            the base model prefix
//   ! number                            the engine
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "wcheck/judge.h"
#include "wcheck/release.h"

#include "fuzz.h"
#include "judge/simulation_judge.h"
#include "mapping/json/json_reader.h"
#include "pattern/search_budget.h"
#include "support/utf8.h"

namespace {

using wcheck::fuzz::Require;

constexpr const char* kEngines[] = {"5.0", "5.3",  "5.4",  "5.5", "5.8",
                                    "5.9", "5.12", "5.15", "5.24"};
constexpr size_t kEngineCount = sizeof kEngines / sizeof *kEngines;
// Chains that are often used, and one that no other undoes.
constexpr const char* kOperations[] = {
    R"({"op": "MergeModulelist", "dim": 0})",
    R"({"op": "MergeModulelist", "dim": 0}, {"op": "Concatenate", "dim": 1})",
    R"({"op": "Chunk", "dim": 0})",
    R"({"op": "Concatenate", "dim": 0})",
    R"({"op": "Transpose", "dim0": 0, "dim1": 1})",
    R"({"op": "SplitModulelist", "dim": 0})",
};
constexpr size_t kOperationCount = sizeof kOperations / sizeof *kOperations;
constexpr size_t kMaxLines = 24;
constexpr size_t kMaxKeys = 64;

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string List(std::string_view text) {
  std::string out = "[";
  for (const std::string_view part : Split(text, ',')) {
    out += std::string(out.size() > 1 ? ", " : "") + Quoted(part);
  }
  return out + ']';
}

size_t Number(std::string_view text) {
  size_t number = 0;
  for (const char c : text) number = number * 7 + static_cast<unsigned char>(c);
  return number;
}

// What the lines of an input describe.
struct Input {
  std::string registry;
  wcheck::Layout layout;
  const wcheck::Engine* engine = nullptr;
};

class Builder {
 public:
  Builder() {
    layout_.class_name = "Root";
    layout_.model_type = "root";
    layout_.modules.push_back({"", "Root", "root"});
  }

  void Add(std::string_view line) {
    const std::vector<std::string_view> fields = Split(line.substr(1), '\t');
    const auto field = [&](size_t i) { return i < fields.size() ? fields[i] : std::string_view(); };
    switch (line.front()) {
      case '>':
        AddTransform(R"({"type": "WeightRenaming", "source": [)" + Quoted(field(0)) +
                     R"(], "target": [)" + Quoted(field(1)) + "]}");
        break;
      case '*':
        AddTransform(R"({"type": "WeightConverter", "source": )" + List(field(0)) +
                     R"(, "target": )" + List(field(1)) + R"(, "operations": [)" +
                     kOperations[Number(field(2)) % kOperationCount] + "]}");
        break;
      case '<':
      case '+':
        AddTransform(std::string(R"({"type": "PrefixChange", ")") +
                     (line.front() == '<' ? "prefix_to_remove" : "prefix_to_add") +
                     "\": " + Quoted(field(0)) + '}');
        break;
      case ',':
        entry_ = field(0);
        break;
      case '/':
        aliases_.emplace(field(0), field(1));
        break;
      case '.':
        AddKeys(field(0), 1 + Number(field(1)) % 13);
        break;
      case '@':
        if (layout_.modules.size() < 4 && !field(0).empty()) {
          layout_.modules.push_back({std::string(field(0)), std::string(field(1)), "child"});
        }
        break;
      case '^':
        layout_.base_model_prefix = field(0);
        break;
      case '!':
        engine_ = kEngines[Number(field(0)) % kEngineCount];
        break;
      default:
        break;
    }
  }

  Input Build() && {
    Input input;
    std::string aliases;
    for (const auto& alias : aliases_) {
      aliases += std::string(aliases.empty() ? "" : ", ") + Quoted(alias.first) + ": " +
                 Quoted(alias.second);
    }
    std::string entries;
    for (const auto& entry : entries_) {
      entries += std::string(entries.empty() ? "" : ", ") + Quoted(entry.first) + ": [" +
                 entry.second + ']';
    }
    input.registry = "{\"aliases\": {" + aliases + "}, \"entries\": {" + entries + "}}";
    keys_.FinishInto(&layout_);
    input.layout = std::move(layout_);
    input.engine = wcheck::FindEngine(engine_);
    return input;
  }

 private:
  void AddTransform(const std::string& json) {
    std::string& list = entries_[entry_];
    list += std::string(list.empty() ? "" : ", ") + json;
  }

  void AddKeys(std::string_view pattern, size_t count) {
    const int64_t shape[] = {4, 6};
    for (size_t i = 0; i < count && key_count_ < kMaxKeys; ++i, ++key_count_) {
      std::string key;
      for (const char c : pattern) key += c == '#' ? std::to_string(i) : std::string(1, c);
      if (!key.empty()) keys_.Add(key, shape, "float32");
    }
  }

  std::string entry_ = "root";
  std::map<std::string, std::string, std::less<>> entries_;
  std::map<std::string, std::string, std::less<>> aliases_;
  wcheck::Layout layout_;
  wcheck::LayoutBuilder keys_;
  size_t key_count_ = 0;
  std::string engine_ = kEngines[kEngineCount - 1];
};

// Everything that a report could say of the findings.
std::string TextOf(const wcheck::Judgement& judgement) {
  std::string text;
  for (const wcheck::Finding& finding : judgement.findings) {
    text += finding.identity + '\n' + std::string(wcheck::SeverityName(finding.severity)) + '\n' +
            finding.message + '\n' + finding.advice + '\n';
    for (const wcheck::ClassEvidence& evidence : finding.classes) {
      text += evidence.class_name + ' ' + std::to_string(evidence.omitted) + '\n';
      for (const wcheck::KeyEvidence& key : evidence.keys) {
        text += key.key + '\t' + key.relation + '\t' + key.other + '\t' +
                std::to_string(key.count) + '\n';
      }
    }
  }
  for (const wcheck::NotJudged& one : judgement.not_judged)
    text += one.what + ' ' + one.reason + '\n';
  return text;
}

struct Answer {
  std::set<std::string> findings;  // errors and warnings: check and transform
  std::string text;
};

Answer Ask(const Input& input, const wcheck::CompiledRegistry& registry, wcheck::Folding folding) {
  wcheck::StartSearchBudget();
  wcheck::JudgeOptions options;
  options.engine = input.engine;
  wcheck::SimulationJudge judge(registry, options);
  wcheck::SimulationOptions how;
  how.folding = folding;
  const wcheck::Simulation simulation = wcheck::Simulate(input.layout, registry, how);
  judge.Add(simulation);
  const wcheck::Judgement judgement = judge.Finish(/*all_classes=*/true);
  Answer answer;
  for (const wcheck::Finding& finding : judgement.findings) {
    Require(!finding.message.empty() && !finding.identity.empty());
    // Notes about other orders and engines are of families in any case.
    if (finding.severity == wcheck::Severity::kNote) continue;
    std::string one =
        std::string(wcheck::SeverityName(finding.severity)) + ' ' + std::string(finding.check);
    if (finding.transform) {
      one += ' ' + std::string(finding.transform->entry) + ' ' +
             std::to_string(finding.transform->index);
    }
    answer.findings.insert(std::move(one));
  }
  answer.text = TextOf(judgement);
  return answer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes = wcheck::fuzz::Bytes(data, size);
  if (wcheck::FindInvalidUtf8(bytes) != std::string_view::npos) return 0;
  Builder builder;
  size_t lines = 0;
  for (const std::string_view line : Split(bytes, '\n')) {
    const bool plain = std::none_of(line.begin(), line.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 && c != '\t';
    });
    if (!line.empty() && plain && ++lines <= kMaxLines) builder.Add(line);
  }
  const Input input = std::move(builder).Build();
  if (input.layout.families.empty()) return 0;
  const auto file = std::make_shared<const wcheck::SourceFile>("fuzz.json", input.registry);
  const wcheck::Result<wcheck::Registry> registry = wcheck::ReadJsonRegistry(file);
  if (!registry) {
    wcheck::fuzz::RequireError(registry.error());
    return 0;
  }
  const wcheck::CompiledRegistry compiled(*registry, *input.engine);
  const Answer families = Ask(input, compiled, wcheck::Folding::kFamilies);
  // A search that was given up is one that both ways need not meet.
  if (!wcheck::CheckSearchBudget().ok()) return 0;
  const Answer again =
      Ask(input, wcheck::CompiledRegistry(*registry, *input.engine), wcheck::Folding::kFamilies);
  Require(again.text == families.text);
  const Answer members = Ask(input, compiled, wcheck::Folding::kMembers);
  if (members.findings != families.findings) {
    for (const std::string& one : families.findings) {
      if (members.findings.count(one) == 0)
        std::fprintf(stderr, "families only: %s\n", one.c_str());
    }
    for (const std::string& one : members.findings) {
      if (families.findings.count(one) == 0)
        std::fprintf(stderr, "members only: %s\n", one.c_str());
    }
    Require(false);
  }
  return 0;
}
