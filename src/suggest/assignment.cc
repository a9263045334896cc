#include "suggest/assignment.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

namespace wcheck::suggest {
namespace {

constexpr int kRounds = 4;
// Differences below this are no decision.
constexpr double kDecides = 0.08;
// Modules are compared up to so many parts above a leaf.
constexpr size_t kMostLevels = 3;
constexpr double kCannot = 9;  // more than any difference of scores

// What pairs say about the modules that they stand in: each votes for its modules, at every depth.
class Votes {
 public:
  explicit Votes(const std::vector<const Family*>& families_of_checkpoint,
                 const std::vector<const Family*>& families_of_model) {
    for (const Family* family : families_of_checkpoint) Know(*family);
    for (const Family* family : families_of_model) Know(*family);
  }

  void Fade() {
    for (auto& [prefix, total] : totals_) total *= 0.4;
    for (auto& [pair, count] : counts_) count *= 0.4;
    own_.clear();
  }

  void Add(const Family& c, const Family& m, double weight, bool own) {
    for (const Prefix& p : Prefixes(c)) {
      totals_[p.number] += weight;
      for (const Prefix& q : Prefixes(m)) {
        if (p.holes == q.holes) counts_[Pair(p, q)] += weight;
      }
    }
    if (own) own_[&c] = {&m, weight};
  }

  // What the votes of others add to the score of a pair.
  double For(const Family& c, const Family& m) const {
    if (totals_.empty()) return 0;
    const std::vector<Prefix>& of_c = Prefixes(c);
    const std::vector<Prefix>& of_m = Prefixes(m);
    const auto own = own_.find(&c);
    double got = 0;
    double all = 0;
    for (size_t i = 0; i < of_c.size(); ++i) {
      const auto total = totals_.find(of_c[i].number);
      if (total == totals_.end()) continue;
      const double sum = total->second - (own != own_.end() ? own->second.second : 0);
      if (sum < 0.04) continue;
      // The module itself is compared with its own counterpart only, not with an ancestor.
      const bool module = i + 1 == of_c.size();
      double hit = 0;
      for (size_t j = 0; j < of_m.size(); ++j) {
        if (module && j + 1 != of_m.size()) continue;
        const auto count = counts_.find(Pair(of_c[i], of_m[j]));
        if (count == counts_.end()) continue;
        double votes = count->second;
        if (own != own_.end() && IsPrefix(of_m[j], *own->second.first)) votes -= own->second.second;
        hit = std::max(hit, votes);
      }
      const double weight = module ? 1.2 : 0.4;
      all += weight;
      got += weight * hit / sum;
    }
    return all > 0 ? 0.8 * got / std::max(all, 1.2) : 0;
  }

 private:
  struct Prefix {
    uint32_t number;
    uint32_t holes;
  };
  static uint64_t Pair(const Prefix& p, const Prefix& q) { return (uint64_t{p.number} << 32) | q.number; }

  void Know(const Family& family) {
    std::vector<Prefix>& prefixes = prefixes_[&family];
    std::string text;
    uint32_t holes = 0;
    for (size_t i = 0; i + 1 < family.tokens.size(); ++i) {
      text += (i == 0 ? "" : ".") + family.tokens[i];
      if (family.tokens[i] == kNumber) ++holes;
      prefixes.push_back({numbers_.emplace(text, static_cast<uint32_t>(numbers_.size())).first->second, holes});
    }
  }
  // Empty for a name of a single part.
  const std::vector<Prefix>& Prefixes(const Family& family) const { return prefixes_.at(&family); }
  bool IsPrefix(const Prefix& prefix, const Family& family) const {
    return std::ranges::any_of(Prefixes(family), [&](const Prefix& p) { return p.number == prefix.number; });
  }

  std::unordered_map<const Family*, std::vector<Prefix>> prefixes_;
  std::unordered_map<std::string, uint32_t> numbers_;
  std::unordered_map<uint32_t, double> totals_;
  std::unordered_map<uint64_t, double> counts_;
  std::unordered_map<const Family*, std::pair<const Family*, double>> own_;
};

struct SignatureClass {
  std::vector<const Family*> checkpoint;
  std::vector<const Family*> model;
};

std::vector<SignatureClass> BySignature(const std::vector<const Family*>& checkpoint,
                                        const std::vector<const Family*>& model) {
  std::map<uint32_t, size_t> index;
  std::vector<SignatureClass> out;
  const auto of = [&](uint32_t signature) -> SignatureClass& {
    const auto [it, added] = index.emplace(signature, out.size());
    if (added) out.emplace_back();
    return out[it->second];
  };
  for (const Family* family : checkpoint) of(family->signature).checkpoint.push_back(family);
  for (const Family* family : model) of(family->signature).model.push_back(family);
  return out;
}

struct ScoredPair {
  Pairing pair;
  double margin;
  const Family* other_checkpoint;
  const Family* other_model;
};

// The pairs of one signature, with how much worse the next best exchange is.
void AssignOne(const SignatureClass& one, const std::vector<std::vector<double>>& score,
               std::vector<ScoredPair>* out) {
  const size_t rows = one.checkpoint.size();
  const size_t columns = one.model.size();
  std::vector<std::pair<size_t, size_t>> got;
  std::vector<std::vector<double>> cost;
  if (rows <= columns) {
    for (const std::vector<double>& row : score) {
      cost.emplace_back();
      for (const double value : row) cost.back().push_back(-value);
    }
    const std::vector<size_t> column = LeastCost(cost);
    for (size_t i = 0; i < rows; ++i) got.emplace_back(i, column[i]);
  } else {
    for (size_t j = 0; j < columns; ++j) {
      cost.emplace_back();
      for (size_t i = 0; i < rows; ++i) cost.back().push_back(-score[i][j]);
    }
    const std::vector<size_t> row = LeastCost(cost);
    for (size_t j = 0; j < columns; ++j) got.emplace_back(row[j], j);
    std::ranges::sort(got);
  }
  std::vector<bool> row_taken(rows);
  std::vector<bool> column_taken(columns);
  for (const auto& [i, j] : got) row_taken[i] = column_taken[j] = true;
  for (const auto& [i, j] : got) {
    ScoredPair pair{{one.checkpoint[i], one.model[j]}, kCannot, nullptr, nullptr};
    const auto consider = [&](double margin, const Family* c, const Family* m) {
      if (margin < pair.margin) pair = {pair.pair, margin, c, m};
    };
    for (const auto& [i2, j2] : got) {
      if (i2 == i) continue;
      consider(score[i][j] + score[i2][j2] - score[i][j2] - score[i2][j], one.checkpoint[i2], one.model[j2]);
    }
    for (size_t x = 0; x < columns; ++x) {
      if (!column_taken[x]) consider(score[i][j] - score[i][x], nullptr, one.model[x]);
    }
    for (size_t x = 0; x < rows; ++x) {
      if (!row_taken[x]) consider(score[i][j] - score[x][j], one.checkpoint[x], nullptr);
    }
    out->push_back(pair);
  }
}

// What holds a pair of modules together is often only each other: exchanges whole modules, and judges by
// names alone.
class Exchanges {
 public:
  Exchanges(const std::vector<Pairing>& pairs, const std::vector<const Family*>& model,
            const Similarity& similarity)
      : pairs_(pairs), similarity_(similarity) {
    for (const Family* family : model) by_text_.emplace(family->text, family);
    for (const Pairing& pair : pairs) {
      by_signature_[pair.checkpoint->signature].push_back(&pair);
      for (size_t level = 1; level <= kMostLevels && level < pair.checkpoint->tokens.size(); ++level) {
        under_[pair.checkpoint->Module(level)].push_back(&pair);
      }
    }
  }

  void Find(std::set<const Family*> doubted, std::vector<Doubt>* out) {
    for (const auto& [signature, pairs] : by_signature_) {
      for (size_t x = 0; x < pairs.size(); ++x) {
        for (size_t y = x + 1; y < pairs.size(); ++y) {
          const Pairing& a = *pairs[x];
          const Pairing& b = *pairs[y];
          if (a.given || b.given) continue;
          if (doubted.contains(a.checkpoint) && doubted.contains(b.checkpoint)) continue;
          for (size_t level = 0; level <= kMostLevels; ++level) {
            if (Gain(a, b, level) >= kDecides) continue;
            if (doubted.insert(a.checkpoint).second) out->push_back({a, b.checkpoint, b.model, level});
            if (doubted.insert(b.checkpoint).second) out->push_back({b, a.checkpoint, a.model, level});
            break;
          }
        }
      }
    }
  }

 private:
  double Gain(const Pairing& a, const Pairing& b, size_t level) {
    const size_t shortest = std::min({a.checkpoint->tokens.size(), b.checkpoint->tokens.size(),
                                      a.model->tokens.size(), b.model->tokens.size()});
    if (level == 0) {
      if (shortest > 1) return kCannot;
      return similarity_.Of(*a.checkpoint, *a.model) + similarity_.Of(*b.checkpoint, *b.model) -
             similarity_.Of(*a.checkpoint, *b.model) - similarity_.Of(*b.checkpoint, *a.model);
    }
    if (shortest <= level) return kCannot;
    const Modules modules{a.checkpoint->Module(level), b.checkpoint->Module(level), a.model->Module(level),
                          b.model->Module(level)};
    if (modules[0] == modules[1] || modules[2] == modules[3]) return kCannot;
    const auto [it, added] = known_.emplace(modules, 0);
    if (added) it->second = GainOf(modules);
    return it->second;
  }

  using Modules = std::array<std::string, 4>;
  double GainOf(const Modules& modules) const {
    double difference = 0;
    size_t count = 0;
    for (int side = 0; side < 2; ++side) {
      const std::string& own = modules[side == 0 ? 2 : 3];
      const std::string& other = modules[side == 0 ? 3 : 2];
      const auto under = under_.find(modules[static_cast<size_t>(side)]);
      if (under == under_.end()) continue;
      for (const Pairing* pair : under->second) {
        if (!pair->model->text.starts_with(own + '.')) continue;
        const auto there = by_text_.find(other + pair->model->text.substr(own.size()));
        if (there == by_text_.end() || there->second->signature != pair->model->signature) return kCannot;
        difference += similarity_.Of(*pair->checkpoint, *pair->model) -
                      similarity_.Of(*pair->checkpoint, *there->second);
        ++count;
      }
    }
    return difference / static_cast<double>(std::max<size_t>(1, count)) * 2;
  }

  const std::vector<Pairing>& pairs_;
  const Similarity& similarity_;
  std::unordered_map<std::string, const Family*> by_text_;
  std::unordered_map<std::string, std::vector<const Pairing*>> under_;
  std::map<uint32_t, std::vector<const Pairing*>> by_signature_;
  std::map<Modules, double> known_;
};

}  // namespace

std::vector<size_t> LeastCost(const std::vector<std::vector<double>>& cost) {
  // The Hungarian method with potentials; row and column 0 stand for "none".
  const size_t rows = cost.size();
  const size_t columns = rows == 0 ? 0 : cost.front().size();
  std::vector<double> row_potential(rows + 1);
  std::vector<double> column_potential(columns + 1);
  std::vector<size_t> row_of(columns + 1);
  std::vector<size_t> from(columns + 1);
  for (size_t row = 1; row <= rows; ++row) {
    row_of[0] = row;
    size_t column = 0;
    std::vector<double> least(columns + 1, std::numeric_limits<double>::infinity());
    std::vector<bool> used(columns + 1);
    do {
      used[column] = true;
      const size_t i = row_of[column];
      double delta = std::numeric_limits<double>::infinity();
      size_t next = 0;
      for (size_t j = 1; j <= columns; ++j) {
        if (used[j]) continue;
        const double reduced = cost[i - 1][j - 1] - row_potential[i] - column_potential[j];
        if (reduced < least[j]) {
          least[j] = reduced;
          from[j] = column;
        }
        if (least[j] < delta) {
          delta = least[j];
          next = j;
        }
      }
      for (size_t j = 0; j <= columns; ++j) {
        if (used[j]) {
          row_potential[row_of[j]] += delta;
          column_potential[j] -= delta;
        } else {
          least[j] -= delta;
        }
      }
      column = next;
    } while (row_of[column] != 0);
    while (column != 0) {
      row_of[column] = row_of[from[column]];
      column = from[column];
    }
  }
  std::vector<size_t> out(rows);
  for (size_t j = 1; j <= columns; ++j) {
    if (row_of[j] != 0) out[row_of[j] - 1] = j - 1;
  }
  return out;
}

Assignment Assign(const std::vector<const Family*>& checkpoint, const std::vector<const Family*>& model,
                  const Similarity& similarity, const std::vector<ConverterGroup>& groups,
                  const std::vector<Pairing>& given) {
  std::vector<const Family*> voters_c = checkpoint;
  std::vector<const Family*> voters_m = model;
  for (const ConverterGroup& group : groups) {
    voters_c.insert(voters_c.end(), group.sources.begin(), group.sources.end());
    voters_m.insert(voters_m.end(), group.targets.begin(), group.targets.end());
  }
  for (const Pairing& pair : given) {
    voters_c.push_back(pair.checkpoint);
    voters_m.push_back(pair.model);
  }
  Votes votes(voters_c, voters_m);
  const std::vector<SignatureClass> classes = BySignature(checkpoint, model);
  std::vector<ScoredPair> scored;
  for (int round = 0; round < kRounds; ++round) {
    scored.clear();
    for (const SignatureClass& one : classes) {
      if (one.checkpoint.empty() || one.model.empty()) continue;
      std::vector<std::vector<double>> score;
      for (const Family* c : one.checkpoint) {
        score.emplace_back();
        for (const Family* m : one.model) score.back().push_back(similarity.Of(*c, *m) + votes.For(*c, *m));
      }
      AssignOne(one, score, &scored);
    }
    votes.Fade();
    for (const ScoredPair& pair : scored) {
      votes.Add(*pair.pair.checkpoint, *pair.pair.model, std::clamp(pair.margin, 0.05, 1.0), true);
    }
    for (const Pairing& pair : given) votes.Add(*pair.checkpoint, *pair.model, 1, false);
    for (const ConverterGroup& group : groups) {
      for (const Family* c : group.sources) {
        if (group.source_list || group.target_list) break;
        for (const Family* m : group.targets) votes.Add(*c, *m, 0.3, false);
      }
    }
  }
  Assignment out;
  std::set<const Family*> paired;
  std::set<const Family*> doubted;
  for (const ScoredPair& pair : scored) {
    out.pairs.push_back(pair.pair);
    paired.insert(pair.pair.checkpoint);
    paired.insert(pair.pair.model);
    if (pair.margin >= kDecides) continue;
    doubted.insert(pair.pair.checkpoint);
    out.doubts.push_back({pair.pair, pair.other_checkpoint, pair.other_model, 0});
  }
  out.pairs.insert(out.pairs.end(), given.begin(), given.end());
  std::ranges::stable_sort(out.pairs, {}, [](const Pairing& p) { return p.checkpoint->position; });
  for (const Family* family : checkpoint) {
    if (!paired.contains(family)) out.left_checkpoint.push_back(family);
  }
  for (const Family* family : model) {
    if (!paired.contains(family)) out.left_model.push_back(family);
  }
  Exchanges(out.pairs, model, similarity).Find(std::move(doubted), &out.doubts);
  return out;
}

}  // namespace wcheck::suggest
