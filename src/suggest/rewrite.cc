#include "suggest/rewrite.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "suggest/family.h"

namespace wcheck::suggest {
namespace {

// A mapping with more lines than these is none that anybody would want.
constexpr size_t kMostRules = 80;
constexpr size_t kMostContext = 3;
// So many questions about a rule and a name are asked: real models need a hundredth of that.
constexpr uint64_t kMostWork = 1'000'000'000;

constexpr std::array<const char*, 8> kStandIns = {"701", "811", "907", "919", "929", "937", "941", "947"};

std::vector<std::string> NameParts(std::string_view name, bool dots) {
  std::vector<std::string> out;
  std::string current;
  const auto end = [&] {
    if (!current.empty()) out.push_back(std::move(current));
    current.clear();
  };
  for (const char c : name) {
    if (c != '.' && c != '_') {
      current += c;
      continue;
    }
    end();
    if (dots && c == '.') out.emplace_back(".");
  }
  end();
  return out;
}

template <typename T>
size_t DistanceOf(const std::vector<T>& a, const std::vector<T>& b) {
  std::vector<size_t> row(b.size() + 1);
  for (const T& x : a) {
    size_t diagonal = 0;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t above = row[j + 1];
      row[j + 1] = x == b[j] ? diagonal + 1 : std::max(above, row[j]);
      diagonal = above;
    }
  }
  return a.size() + b.size() - 2 * row.back();
}

std::string Escaped(std::string_view token) {
  std::string out;
  for (const char c : token) {
    if (std::string_view(".+*?()[]{}^$|\\").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

bool IsLiteralNumber(const std::string& token) {
  return !token.empty() && !IsStandIn(token) &&
         std::ranges::all_of(token, [](unsigned char c) { return std::isdigit(c) != 0; });
}

using Tokens = std::span<const std::string>;

// A difference of two token lists: a[a_begin, a_end) stands where b[b_begin, b_end) is to stand.
struct Hunk {
  size_t a_begin, a_end, b_begin, b_end;
};

// The differences, by the longest run of tokens that both have, and so on beside it.
void FindHunks(Tokens a, Tokens b, size_t a_at, size_t b_at, std::vector<Hunk>* out) {
  size_t best_a = 0, best_b = 0, length = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < b.size(); ++j) {
      size_t n = 0;
      while (i + n < a.size() && j + n < b.size() && a[i + n] == b[j + n]) ++n;
      if (n > length) best_a = i, best_b = j, length = n;
    }
  }
  if (length == 0) {
    if (!a.empty() || !b.empty()) out->push_back({a_at, a_at + a.size(), b_at, b_at + b.size()});
    return;
  }
  FindHunks(a.first(best_a), b.first(best_b), a_at, b_at, out);
  FindHunks(a.subspan(best_a + length), b.subspan(best_b + length), a_at + best_a + length, b_at + best_b + length, out);
}

struct CostedRule {
  Rule rule;
  double cost;
};

// Every rule that could turn a part of one name into a part of the other.
class RuleMaker {
 public:
  RuleMaker(const std::string& from, const std::string& to) : a_(SplitAtDots(from)), b_(SplitAtDots(to)) {}

  std::vector<CostedRule> Make() {
    std::vector<Hunk> hunks;
    FindHunks(a_, b_, 0, 0, &hunks);
    const size_t single = hunks.size();
    for (size_t p = 0; p < single; ++p) {
      for (size_t q = p + 1; q < std::min(single, p + 3); ++q) {
        if (hunks[q].a_begin - hunks[p].a_end <= 2 * (q - p)) {
          hunks.push_back({hunks[p].a_begin, hunks[q].a_end, hunks[p].b_begin, hunks[q].b_end});
        }
      }
    }
    for (const Hunk& hunk : hunks) {
      for (size_t left = 0; left <= kMostContext; ++left) {
        if (left > hunk.a_begin || left > hunk.b_begin) break;
        if (left > 0 && a_[hunk.a_begin - left] != b_[hunk.b_begin - left]) break;
        for (size_t right = 0; right <= kMostContext; ++right) {
          if (hunk.a_end + right > a_.size() || hunk.b_end + right > b_.size()) break;
          if (right > 0 && a_[hunk.a_end + right - 1] != b_[hunk.b_end + right - 1]) break;
          Around(hunk, left, right);
          if (left == 0 && right == 0) InsideOneToken(hunk);
        }
      }
    }
    WholePrefixes();
    if (const std::optional<Form> whole = FormOf(a_, b_)) Add({'^' + whole->source, whole->target}, 3);
    std::vector<CostedRule> out;
    for (auto& [rule, cost] : rules_) out.push_back({rule, cost});
    return out;
  }

 private:
  void Add(Rule rule, double cost) {
    const auto [it, added] = rules_.emplace(std::move(rule), cost);
    if (!added) it->second = std::min(it->second, cost);
  }

  struct Form {
    std::string source;
    std::string target;
    bool group = false;
  };
  // Tokens as a pattern and a target, one number as a group.
  static std::optional<Form> FormOf(Tokens a, Tokens b) {
    std::vector<std::string> numbers_a, numbers_b;
    std::ranges::copy_if(a, std::back_inserter(numbers_a), IsStandIn);
    std::ranges::copy_if(b, std::back_inserter(numbers_b), IsStandIn);
    if (numbers_a != numbers_b || numbers_a.size() > 1) return std::nullopt;
    Form form;
    form.group = !numbers_a.empty();
    for (size_t i = 0; i < a.size(); ++i) {
      form.source += (i == 0 ? "" : "\\.") + (IsStandIn(a[i]) ? R"((\d+))" : Escaped(a[i]));
    }
    for (size_t i = 0; i < b.size(); ++i) {
      form.target += (i == 0 ? "" : ".") + (IsStandIn(b[i]) ? R"(\1)" : b[i]);
    }
    return form;
  }

  // A hunk with some of what stands to both sides of it.
  void Around(const Hunk& hunk, size_t left, size_t right) {
    const size_t a_begin = hunk.a_begin - left, a_end = hunk.a_end + right;
    const size_t b_begin = hunk.b_begin - left, b_end = hunk.b_end + right;
    const Tokens a = Tokens(a_).subspan(a_begin, a_end - a_begin);
    const Tokens b = Tokens(b_).subspan(b_begin, b_end - b_begin);
    const std::optional<Form> form = FormOf(a, b);
    if (!form) return;
    const bool both = !a.empty() && !b.empty();
    // A literal number is a name only with the word before it and the dot after it: elsewhere it is
    // a layer of some other model.
    const bool number_begins = (a_begin > 0 && !a.empty() && IsLiteralNumber(a.front())) ||
                               (b_begin > 0 && !b.empty() && IsLiteralNumber(b.front()));
    if (number_begins) return;
    const bool number_ends = (!a.empty() && IsLiteralNumber(a.back())) || (!b.empty() && IsLiteralNumber(b.back()));
    const double cost = 0.12 * static_cast<double>(left + right) + (form->group ? 0.35 : 0);

    struct Edge {
      const char* source;
      const char* target;
    };
    std::vector<Edge> leads, trails;
    if (both) leads.push_back({"", ""}), trails.push_back({"", ""});
    if (a_begin == 0) {
      leads.push_back({"^", ""});
    } else if (b_begin > 0) {
      leads.push_back({"\\.", "."});
    }
    if (a_end < a_.size() && b_end < b_.size()) trails.push_back({"\\.", "."});
    for (const Edge& lead : leads) {
      for (const Edge& trail : trails) {
        const bool led = *lead.source != '\0', trailed = *trail.source != '\0';
        // An insertion or a removal needs something on both sides to be found again.
        if (!both && (!led || !trailed)) continue;
        if (number_ends && !trailed && a_end < a_.size()) continue;
        const std::string source = a.empty() ? std::string(lead.source)
                                             : lead.source + form->source + trail.source;
        const std::string target = b.empty() ? std::string(lead.target) : lead.target + form->target + trail.target;
        if (source.empty() || target.empty() || source == "^") continue;
        const double edged = cost + (led ? 0.05 : 0) + (trailed ? 0.02 : 0);
        Add({source, target}, edged);
        if (!trailed && a_end == a_.size() && both && !IsStandIn(a.back())) Add({source + "(?!_)", target}, edged + 0.3);
        if (*lead.target == '.') Add({source, '\\' + target}, edged + 0.03);
      }
    }
  }

  // Parts between underscores that differ inside one token.
  void InsideOneToken(const Hunk& hunk) {
    if (hunk.a_end - hunk.a_begin != 1 || hunk.b_end - hunk.b_begin != 1) return;
    const std::vector<std::string> x = SplitAtUnderscores(a_[hunk.a_begin]);
    const std::vector<std::string> y = SplitAtUnderscores(b_[hunk.b_begin]);
    const size_t shorter = std::min(x.size(), y.size());
    size_t first = 0;
    while (first < shorter && x[first] == y[first]) ++first;
    size_t last = 0;
    while (last < shorter - first && x[x.size() - 1 - last] == y[y.size() - 1 - last]) ++last;
    for (size_t p = 0; p <= first; ++p) {
      for (size_t q = 0; q <= last; ++q) {
        if (p == 0 && q == 0) continue;
        const std::string source = Between(x, p, q);
        const std::string target = Between(y, p, q);
        const auto digit = [](unsigned char c) { return std::isdigit(c) != 0; };
        if (source.empty() || target.empty() || source == "_" || target == "_" || std::ranges::any_of(source, digit) ||
            std::ranges::any_of(target, digit)) {
          continue;
        }
        rules_.emplace(Rule{Escaped(source), target}, 0.4);
      }
    }
  }

  static std::vector<std::string> SplitAtUnderscores(std::string_view token) {
    std::vector<std::string> out(1);
    for (const char c : token) {
      if (c == '_') {
        out.emplace_back();
      } else {
        out.back() += c;
      }
    }
    return out;
  }

  // parts[p, size - q), with the underscores around them.
  static std::string Between(const std::vector<std::string>& parts, size_t p, size_t q) {
    if (parts.size() - q <= p) return p > 0 && q > 0 ? "_" : "";
    std::string out = p > 0 ? "_" : "";
    for (size_t i = p; i < parts.size() - q; ++i) out += (i == p ? "" : "_") + parts[i];
    return out + (q > 0 ? "_" : "");
  }

  void WholePrefixes() {
    const auto begins = [](Tokens longer, size_t n, Tokens other) {
      return longer[n] == other[0];
    };
    for (size_t n = 1; n <= kMostContext && n < b_.size(); ++n) {
      const Tokens prefix = Tokens(b_).first(n);
      if (begins(b_, n, a_) && std::ranges::none_of(prefix, IsStandIn)) Add({"^(.+)", JoinWithDots(prefix) + R"(.\1)"}, 0.5);
    }
    for (size_t n = 1; n <= kMostContext && n < a_.size(); ++n) {
      const Tokens prefix = Tokens(a_).first(n);
      if (!begins(a_, n, b_) || std::ranges::any_of(prefix, IsStandIn)) continue;
      std::string source = "^";
      for (const std::string& token : prefix) source += Escaped(token) + "\\.";
      Add({source + "(.+)", R"(\1)"}, 0.5);
    }
  }

  std::vector<std::string> a_;
  std::vector<std::string> b_;
  std::map<Rule, double> rules_;
};

// Names, rules and what rules make of names, each known by a number, so that nothing is done twice.
class Rewriter {
 public:
  explicit Rewriter(const std::vector<Rewrite>& rewrites) {
    for (const Rewrite& rewrite : rewrites) {
      state_.push_back(NameNumber(rewrite.from));
      goal_.push_back(NameNumber(rewrite.to));
    }
  }

  RewriteRules Run() {
    RewriteRules out;
    while (out.rules.size() < kMostRules && work_ < kMostWork) {
      const std::optional<uint32_t> rule = BestRule();
      if (!rule) break;
      out.rules.push_back(rules_[*rule].rule);
      for (size_t i = 0; i < state_.size(); ++i) {
        if (const std::optional<uint32_t> next = Step(*rule, state_[i])) state_[i] = *next;
      }
    }
    for (size_t i = 0; i < state_.size(); ++i) {
      if (state_[i] != goal_[i]) out.unsolved.push_back({names_[state_[i]].text, names_[goal_[i]].text});
    }
    return out;
  }

 private:
  struct KnownName {
    std::string text;
    std::vector<uint32_t> parts;
    std::set<uint32_t> words;
  };
  struct KnownRule {
    Rule rule;
    uint32_t literal;
    uint32_t reverse_literal;
    std::vector<RuleMatcher> forward;  // without and with the name boundary
    std::vector<RuleMatcher> back;
    std::unordered_map<uint32_t, std::optional<uint32_t>> steps;
  };

  uint32_t NameNumber(const std::string& text) {
    const auto [it, added] = name_numbers_.emplace(text, static_cast<uint32_t>(names_.size()));
    if (added) {
      KnownName name{text, {}, {}};
      for (const std::string& part : NameParts(text, true)) {
        const uint32_t number = part_numbers_.emplace(part, static_cast<uint32_t>(part_numbers_.size())).first->second;
        name.parts.push_back(number);
        if (part != ".") name.words.insert(number);
      }
      names_.push_back(std::move(name));
    }
    return it->second;
  }

  uint32_t LiteralNumber(const std::string& text) {
    const auto [it, added] = literal_numbers_.emplace(text, static_cast<uint32_t>(literals_.size()));
    if (added) {
      literals_.push_back(text);
      contains_.emplace_back();
    }
    return it->second;
  }

  bool Contains(uint32_t name, uint32_t literal) {
    std::vector<signed char>& known = contains_[literal];
    for (size_t i = known.size(); i <= name; ++i) {
      known.push_back(names_[i].text.find(literals_[literal]) != std::string::npos ? 1 : 0);
    }
    return known[name] != 0;
  }

  uint32_t RuleNumber(const Rule& rule) {
    const auto [it, added] = rule_numbers_.emplace(rule, static_cast<uint32_t>(rules_.size()));
    if (added) rules_.push_back({rule, LiteralNumber(LiteralOf(rule)), LiteralNumber(ReverseLiteralOf(rule)), {}, {}, {}});
    return it->second;
  }

  size_t Distance(uint32_t a, uint32_t b) {
    if (a == b) return 0;
    const auto [it, added] = distances_.emplace((uint64_t{a} << 32) | b, 0);
    if (added) it->second = DistanceOf(names_[a].parts, names_[b].parts);
    return it->second;
  }

  // What a rule makes of a name; nothing if engines differ, or if its reverse does not bring it back.
  std::optional<uint32_t> Step(uint32_t number, uint32_t name) {
    KnownRule& rule = rules_[number];
    const auto known = rule.steps.find(name);
    if (known != rule.steps.end()) return known->second;
    if (rule.forward.empty()) {
      for (const bool ends_name : {false, true}) {
        rule.forward.emplace_back(rule.rule, false, ends_name);
        rule.back.emplace_back(rule.rule, true, ends_name);
      }
    }
    const std::string& text = names_[name].text;
    std::string next;
    bool sound = true;
    for (size_t i = 0; i < rule.forward.size() && sound; ++i) {
      const std::string after = rule.forward[i].Apply(text).value_or(text);
      sound = rule.back[i].Apply(after).value_or(after) == text && (i == 0 || after == next);
      next = after;
    }
    const std::optional<uint32_t> result = sound ? std::optional(NameNumber(next)) : std::nullopt;
    rules_[number].steps.emplace(name, result);
    return result;
  }

  const std::vector<std::pair<uint32_t, double>>& RulesFor(uint32_t from, uint32_t to) {
    const auto [it, added] = made_.emplace((uint64_t{from} << 32) | to, std::vector<std::pair<uint32_t, double>>{});
    if (added) {
      for (const CostedRule& made : RuleMaker(names_[from].text, names_[to].text).Make()) {
        it->second.emplace_back(RuleNumber(made.rule), made.cost);
      }
    }
    return it->second;
  }

  struct Offer {
    uint32_t rule;
    double cost;
    double bound;  // what it brings at most
  };

  std::optional<uint32_t> BestRule() {
    std::unordered_map<uint32_t, double> costs;
    std::vector<size_t> distances(state_.size());
    std::vector<size_t> open;
    for (size_t i = 0; i < state_.size(); ++i) {
      distances[i] = Distance(state_[i], goal_[i]);
      if (state_[i] == goal_[i]) continue;
      open.push_back(i);
      for (const auto& [rule, cost] : RulesFor(state_[i], goal_[i])) {
        const auto [it, added] = costs.emplace(rule, cost);
        if (!added) it->second = std::min(it->second, cost);
      }
    }
    std::vector<Offer> offers;
    for (const auto& [rule, cost] : costs) {
      double bound = -cost;
      work_ += open.size();
      for (const size_t i : open) {
        if (Contains(state_[i], rules_[rule].literal)) bound += static_cast<double>(distances[i]);
      }
      offers.push_back({rule, cost, bound});
    }
    std::ranges::sort(offers, [&](const Offer& a, const Offer& b) {
      if (a.bound != b.bound) return a.bound > b.bound;
      if (a.cost != b.cost) return a.cost < b.cost;
      const Rule& x = rules_[a.rule].rule;
      const Rule& y = rules_[b.rule].rule;
      return x.source.size() != y.source.size() ? x.source.size() < y.source.size() : x < y;
    });
    std::optional<uint32_t> best;
    double most = 0;
    for (const Offer& offer : offers) {
      if (best && offer.bound <= most) break;
      const std::optional<double> gain = Gain(offer.rule, distances);
      if (!gain) continue;
      if (!best || *gain - offer.cost > most + 1e-9) {
        best = offer.rule;
        most = *gain - offer.cost;
      }
    }
    return best;
  }

  // How much nearer the names come to their goals; nothing if the rule is not sound.
  std::optional<double> Gain(uint32_t rule, const std::vector<size_t>& distances) {
    double gain = 0;
    bool changes = false;
    work_ += state_.size();
    std::vector<uint32_t> next = state_;
    for (size_t i = 0; i < state_.size(); ++i) {
      if (!Contains(state_[i], rules_[rule].literal) && !Contains(state_[i], rules_[rule].reverse_literal)) continue;
      const std::optional<uint32_t> after = Step(rule, state_[i]);
      if (!after) return std::nullopt;
      if (*after == state_[i]) continue;
      const size_t distance = Distance(*after, goal_[i]);
      if (distance >= distances[i]) return std::nullopt;
      // Text that is in neither the name nor its goal is a detour: possible, but dear.
      size_t detours = 0;
      for (const uint32_t word : names_[*after].words) {
        detours += names_[goal_[i]].words.contains(word) || names_[state_[i]].words.contains(word) ? 0 : 1;
      }
      gain += detours > 0 ? -2.0 * static_cast<double>(detours) : static_cast<double>(distances[i] - distance);
      next[i] = *after;
      changes = true;
    }
    if (!changes) return std::nullopt;
    // Two names must not become one.
    const auto distinct = [](std::vector<uint32_t> names) {
      std::ranges::sort(names);
      return std::unique(names.begin(), names.end()) - names.begin();
    };
    if (distinct(next) < distinct(state_)) return std::nullopt;
    return gain;
  }

  uint64_t work_ = 0;
  std::vector<uint32_t> state_;
  std::vector<uint32_t> goal_;
  std::vector<KnownName> names_;
  std::vector<KnownRule> rules_;
  std::vector<std::string> literals_;
  std::vector<std::vector<signed char>> contains_;
  std::unordered_map<std::string, uint32_t> name_numbers_;
  std::unordered_map<std::string, uint32_t> part_numbers_;
  std::unordered_map<std::string, uint32_t> literal_numbers_;
  std::map<Rule, uint32_t> rule_numbers_;
  std::unordered_map<uint64_t, size_t> distances_;
  std::unordered_map<uint64_t, std::vector<std::pair<uint32_t, double>>> made_;
};

}  // namespace

std::string StandIn(size_t n) { return kStandIns[std::min(n, kStandIns.size() - 1)]; }

bool IsStandIn(const std::string& token) {
  return std::ranges::any_of(kStandIns, [&](const char* known) { return token == known; });
}

size_t NameDistance(const std::string& a, const std::string& b) {
  return DistanceOf(NameParts(a, true), NameParts(b, true));
}

RewriteRules FindRules(const std::vector<Rewrite>& rewrites) { return Rewriter(rewrites).Run(); }

bool Solves(const std::vector<Rule>& rules, size_t left_out, const std::vector<Rewrite>& rewrites) {
  for (const bool ends_name : {false, true}) {
    std::vector<RuleMatcher> forward, back;
    for (size_t i = 0; i < rules.size(); ++i) {
      if (i == left_out) continue;
      forward.emplace_back(rules[i], false, ends_name);
      back.emplace_back(rules[i], true, ends_name);
    }
    for (const Rewrite& rewrite : rewrites) {
      std::string name = rewrite.from;
      for (const RuleMatcher& rule : forward) name = rule.Apply(name).value_or(name);
      if (name != rewrite.to) return false;
      for (auto rule = back.rbegin(); rule != back.rend(); ++rule) name = rule->Apply(name).value_or(name);
      if (name != rewrite.from) return false;
    }
  }
  return true;
}

}  // namespace wcheck::suggest
