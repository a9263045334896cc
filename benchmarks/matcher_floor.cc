// matcher_floor re2|pcre2|wcheck: what matching alone costs, without families and without order.
//
// Every key of every bundled class, key by key, is searched for every pattern of the class's plan,
// forward and reversed, by one library (PCRE2 with its just-in-time compiler). Nothing is renamed.
// Prints the number of searches and of matches; patterns that a library cannot compile are counted
// apart and left out. A floor for any tool that takes keys one by one.
#include <cstring>
#include <unordered_map>
#include <vector>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <re2/re2.h>

#include "families/boxes.h"
#include "engine/match.h"
#include "engine/pass.h"

#include "bundled.h"

namespace wcheck {
namespace {

class Library {
 public:
  virtual ~Library() = default;
  virtual bool Add(const Pattern& pattern) = 0;  // false if it cannot
  virtual bool Search(const Pattern& pattern, std::string_view text) = 0;
};

class Re2Library : public Library {
 public:
  bool Add(const Pattern& pattern) override {
    std::unique_ptr<RE2>& program = programs_[&pattern];
    if (program == nullptr) program = std::make_unique<RE2>(pattern.text(), RE2::Quiet);
    return program->ok();
  }
  bool Search(const Pattern& pattern, std::string_view text) override {
    const RE2& program = *programs_[&pattern];
    re2::StringPiece groups[8];
    return program.Match(re2::StringPiece(text.data(), text.size()), 0, text.size(),
                         RE2::UNANCHORED, groups,
                         std::min(8, program.NumberOfCapturingGroups() + 1));
  }

 private:
  std::unordered_map<const Pattern*, std::unique_ptr<RE2>> programs_;
};

class Pcre2Library : public Library {
 public:
  ~Pcre2Library() override {
    for (auto& [pattern, code] : programs_) pcre2_code_free(code);
    pcre2_match_data_free(match_);
  }
  bool Add(const Pattern& pattern) override {
    auto [found, is_new] = programs_.try_emplace(&pattern, nullptr);
    if (is_new) {
      int error = 0;
      size_t offset = 0;
      found->second = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.text().data()),
                                    pattern.text().size(), 0, &error, &offset, nullptr);
      if (found->second != nullptr) pcre2_jit_compile(found->second, PCRE2_JIT_COMPLETE);
    }
    return found->second != nullptr;
  }
  bool Search(const Pattern& pattern, std::string_view text) override {
    return pcre2_match(programs_[&pattern], reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                       0, 0, match_, nullptr) > 0;
  }

 private:
  std::unordered_map<const Pattern*, pcre2_code*> programs_;
  pcre2_match_data* match_ = pcre2_match_data_create(8, nullptr);
};

// Our own patterns, for comparison.
class OwnLibrary : public Library {
 public:
  bool Add(const Pattern& pattern) override { return true; }
  bool Search(const Pattern& pattern, std::string_view text) override {
    return pattern.Search(text, &match_);
  }

 private:
  Match match_;
};

int Run(Library* library) {
  Bundled bundled = OpenBundled();
  CompiledRegistry registry(*bundled.registry, DefaultEngine());
  size_t keys = 0;
  size_t searches = 0;
  size_t matches = 0;
  size_t refused = 0;
  for (size_t c = 0; c < bundled.snapshot->size(); ++c) {
    Layout layout = Must(bundled.snapshot->Read(c));
    Plan plan = CollectPlan(layout, registry);
    std::vector<PassTransform> transforms = LoadOrder(plan, DefaultEngine()).transforms;
    for (const PassTransform& t : SaveOrder(plan, DefaultEngine(), FreshChoice(plan)).transforms) {
      transforms.push_back(t);
    }
    std::erase_if(transforms, [&](const PassTransform& t) {
      bool can = library->Add(t.transform->pattern);
      refused += can ? 0 : 1;
      return !can;
    });
    for (const LayoutFamily& family : layout.families) {
      ForEachMember(family.numbers, [&](std::span<const uint32_t> member) {
        std::string key = JoinNumbers(family.pattern, member);
        ++keys;
        for (const PassTransform& t : transforms) {
          std::optional<uint32_t> scope =
              ScopeLength(plan.transforms[t.index], DefaultEngine(), key);
          if (!scope) continue;
          ++searches;
          matches += library->Search(t.transform->pattern, std::string_view(key).substr(*scope));
        }
      });
    }
  }
  std::cout << keys << " keys, " << searches << " searches, " << matches << " matches, " << refused
            << " patterns refused\n";
  return 0;
}

}  // namespace
}  // namespace wcheck

int main(int count, char** arguments) {
  std::string name = count == 2 ? arguments[1] : "";
  std::unique_ptr<wcheck::Library> library;
  if (name == "re2") library = std::make_unique<wcheck::Re2Library>();
  if (name == "pcre2") library = std::make_unique<wcheck::Pcre2Library>();
  if (name == "wcheck") library = std::make_unique<wcheck::OwnLibrary>();
  if (library == nullptr) {
    std::cerr << "usage: matcher_floor re2|pcre2|wcheck\n";
    return 2;
  }
  return wcheck::Run(library.get());
}
