#include "suggest/converters.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <unordered_set>

#include "suggest/words.h"

namespace wcheck::suggest {
namespace {

// A group with a lower score is none.
constexpr double kLeastScore = 0.35;
// Another choice that is this near is said.
constexpr double kGroupDecides = 0.08;
constexpr size_t kMostParts = 4;
// Of the families that could be parts of one tensor, the most similar.
constexpr size_t kMostSiblings = 14;

struct Candidate {
  double score = 0;
  ConverterGroup group;
};

// Calls `use` with every choice of `count` of `n` indices, in lexicographic order.
void ForEachChoice(size_t n, size_t count, const std::function<void(const std::vector<size_t>&)>& use) {
  if (count > n) return;
  std::vector<size_t> choice(count);
  std::iota(choice.begin(), choice.end(), size_t{0});
  for (;;) {
    use(choice);
    size_t i = count;
    while (i > 0 && choice[i - 1] == n - count + i - 1) --i;
    if (i == 0) return;
    ++choice[i - 1];
    for (size_t j = i; j < count; ++j) choice[j] = choice[j - 1] + 1;
  }
}

// The dimension along which shapes add up to `total`.
std::optional<size_t> JoinedDimension(const std::vector<const Shape*>& shapes, const Shape& total) {
  for (const Shape* shape : shapes) {
    if (shape->size() != total.size()) return std::nullopt;
  }
  for (size_t dim = 0; dim < total.size(); ++dim) {
    int64_t sum = 0;
    bool fits = true;
    for (const Shape* shape : shapes) {
      sum += (*shape)[dim];
      for (size_t d = 0; d < total.size(); ++d) fits = fits && (d == dim || (*shape)[d] == total[d]);
    }
    if (fits && sum == total[dim]) return dim;
  }
  return std::nullopt;
}

Operation WithDim(OperationKind kind, size_t dim) {
  Operation operation = MakeOperation(kind);
  operation.dim = static_cast<int64_t>(dim);
  return operation;
}

Operation TransposeOf(size_t a, size_t b) {
  Operation operation = MakeOperation(OperationKind::kTranspose);
  operation.dim0 = static_cast<int64_t>(a);
  operation.dim1 = static_cast<int64_t>(b);
  return operation;
}

std::vector<Operation> ReverseOf(const std::vector<Operation>& operations) {
  std::vector<Operation> out;
  for (auto it = operations.rbegin(); it != operations.rend(); ++it) out.push_back(ReverseOperation(*it));
  return out;
}

class Finder {
 public:
  Finder(const std::vector<Family>& checkpoint, const std::vector<Family>& model, const Similarity& similarity,
         const Tables& tables, const std::vector<const Family*>& taken, bool shapes)
      : checkpoint_(checkpoint), model_(model), similarity_(similarity), tables_(tables), shapes_(shapes),
        used_(taken.begin(), taken.end()) {
    for (const Family& family : model) model_texts_.insert(family.text);
    for (const Family& family : checkpoint) {
      if (model_texts_.contains(family.text)) shared_texts_.insert(family.text);
    }
  }

  Conversions Run() {
    Conversions out;
    for (;;) {
      std::vector<Candidate> candidates = Candidates();
      if (candidates.empty() || candidates.front().score < kLeastScore) break;
      const Candidate& best = candidates.front();
      for (size_t i = 1; i < std::min<size_t>(candidates.size(), 6); ++i) {
        if (candidates[i].score > best.score - kGroupDecides && IsRival(best.group, candidates[i].group)) {
          out.doubts.push_back({out.groups.size(), candidates[i].group});
          break;
        }
      }
      used_.insert(best.group.sources.begin(), best.group.sources.end());
      used_.insert(best.group.targets.begin(), best.group.targets.end());
      if (!best.group.source_list && !best.group.target_list) {
        if (best.group.sources.size() < best.group.targets.size()) {
          modules_[best.group.sources[0]->Module()] = ModulesOf(best.group.targets);
        } else if (best.group.targets.size() < best.group.sources.size()) {
          modules_[best.group.targets[0]->Module()] = ModulesOf(best.group.sources);
        }
      }
      out.groups.push_back(best.group);
    }
    for (const Family& family : checkpoint_) {
      if (!used_.contains(&family)) out.checkpoint.push_back(&family);
    }
    for (const Family& family : model_) {
      if (!used_.contains(&family)) out.model.push_back(&family);
    }
    return out;
  }

 private:
  static std::vector<std::string> ModulesOf(const std::vector<const Family*>& families) {
    std::vector<std::string> out;
    for (const Family* family : families) out.push_back(family->Module());
    return out;
  }

  static bool IsRival(const ConverterGroup& a, const ConverterGroup& b) {
    const std::set<const Family*> sources(a.sources.begin(), a.sources.end());
    std::set<const Family*> all_a = sources;
    all_a.insert(a.targets.begin(), a.targets.end());
    std::set<const Family*> all_b(b.sources.begin(), b.sources.end());
    const bool shares = std::ranges::any_of(b.sources, [&](const Family* f) { return sources.contains(f); });
    all_b.insert(b.targets.begin(), b.targets.end());
    return shares && all_a != all_b;
  }

  std::vector<Candidate> Candidates() {
    std::set<uint32_t> of_checkpoint;
    std::set<uint32_t> of_model;
    for (const Family& family : checkpoint_) {
      if (!used_.contains(&family)) of_checkpoint.insert(family.signature);
    }
    for (const Family& family : model_) {
      if (!used_.contains(&family)) of_model.insert(family.signature);
    }
    // Those that must be converted, and those that may be parts.
    forced_.clear();
    std::vector<const Family*> forced_c, forced_m, parts_c, parts_m;
    const auto sort_in = [&](const std::vector<Family>& families, const std::set<uint32_t>& other,
                             std::vector<const Family*>* forced, std::vector<const Family*>* parts) {
      for (const Family& family : families) {
        if (used_.contains(&family)) continue;
        const bool unmatched = !other.contains(family.signature);
        if (unmatched || modules_.contains(family.Module())) {
          forced->push_back(&family);
          forced_.insert(&family);
        }
        if (unmatched || !shared_texts_.contains(family.text)) parts->push_back(&family);
      }
    };
    sort_in(checkpoint_, of_model, &forced_c, &parts_c);
    sort_in(model_, of_checkpoint, &forced_m, &parts_m);
    std::vector<Candidate> out;
    if (!shapes_) {
      ByNames(parts_c, parts_m, false, &out);
      ByNames(parts_m, parts_c, true, &out);
      SortCandidates(&out);
      return out;
    }
    Turned(forced_c, forced_m, &out);
    for (const Family* whole : forced_c) {
      Fused(*whole, parts_m, [&](std::vector<const Family*> parts, size_t dim, double score, bool convention) {
        const bool equal = std::ranges::all_of(parts, [&](const Family* part) {
          return part->shapes.front() == parts.front()->shapes.front();
        });
        out.push_back({score, {{whole}, std::move(parts),
                               {WithDim(equal ? OperationKind::kChunk : OperationKind::kSplit, dim)}, {}, {}, convention}});
      });
    }
    for (const Family* whole : forced_m) {
      Fused(*whole, parts_c, [&](std::vector<const Family*> parts, size_t dim, double score, bool convention) {
        out.push_back({score, {std::move(parts), {whole}, {WithDim(OperationKind::kConcatenate, dim)}, {}, {}, convention}});
      });
    }
    Stacked(forced_c, forced_m, false, &out);
    Stacked(forced_m, forced_c, true, &out);
    SortCandidates(&out);
    return out;
  }

  // The best first; equal ones by the order of definition.
  static void SortCandidates(std::vector<Candidate>* out) {
    std::ranges::stable_sort(*out, [](const Candidate& a, const Candidate& b) {
      if (a.score != b.score) return a.score > b.score;
      const Family& x = *a.group.sources[0];
      const Family& y = *b.group.sources[0];
      if (x.position != y.position) return x.position < y.position;
      return a.group.targets[0]->position < b.group.targets[0]->position;
    });
  }

  // Lists and joined tensors, by their names alone. `many` has the parts; with `to_parts` it is the model's side.
  void ByNames(const std::vector<const Family*>& many, const std::vector<const Family*>& wholes, bool to_parts,
               std::vector<Candidate>* out) const {
    const auto add = [&](double score, std::vector<const Family*> parts, const Family* whole, std::vector<Operation> operations,
                         std::optional<size_t> list, bool convention) {
      if (to_parts) {
        out->push_back({score, {{whole}, std::move(parts), ReverseOf(operations), {}, list, convention}});
      } else {
        out->push_back({score, {std::move(parts), {whole}, std::move(operations), list, {}, convention}});
      }
    };
    std::map<std::vector<Numbers>, std::vector<const Family*>> by_members;
    for (const Family* whole : wholes) by_members[whole->members].push_back(whole);
    // Siblings: all families of one parent, and their lists of experts.
    std::map<std::pair<std::string, std::string>, std::vector<const Family*>> siblings;
    std::map<std::pair<std::string, std::string>, std::vector<List>> lists;
    for (const Family* family : many) {
      const std::pair<std::string, std::string> parent{family->Module(2), ConceptOf(family->leaf())};
      siblings[parent].push_back(family);
      const std::optional<size_t> hole = ExpertHole(*family);
      if (!hole) continue;
      if (std::optional<List> list = ListOf(*family, *hole); list && by_members.contains(list->members)) {
        lists[parent].push_back(*std::move(list));
      }
    }
    for (const auto& [parent, experts] : lists) {
      for (const Family* stack : by_members.at(experts[0].members)) {
        if (!similarity_.Meanings(*stack).contains("experts")) continue;
        for (const List& list : experts) {
          if (list.members != experts[0].members) continue;
          add(similarity_.Of(*list.family, *stack), {list.family}, stack, {WithDim(OperationKind::kMergeModulelist, 0)}, list.hole, false);
        }
        ForEachChoice(std::min(experts.size(), kMostSiblings), 2, [&](const std::vector<size_t>& choice) {
          const List& a = experts[choice[0]];
          const List& b = experts[choice[1]];
          std::vector<const Family*> parts{a.family, b.family};
          if (a.hole != b.hole || a.members != b.members || a.members != experts[0].members || !NamedAfter(*stack, parts)) return;
          const bool convention = OrderParts(*stack, &parts);
          const double score = ScoreOfParts(*stack, parts) + 0.3;
          add(score, std::move(parts), stack,
              {WithDim(OperationKind::kMergeModulelist, 0), WithDim(OperationKind::kConcatenate, 1)}, a.hole, convention);
        });
      }
    }
    for (const auto& [parent, families] : siblings) {
      for (const Family* whole : wholes) {
        std::vector<const Family*> pool;
        for (const Family* family : families) {
          if (family->member_set == whole->member_set && ConceptOf(whole->leaf()) == parent.second) pool.push_back(family);
        }
        if (pool.size() < 2 || pool.size() > kMostSiblings) continue;
        for (const size_t count : {2, 3}) {
          ForEachChoice(pool.size(), count, [&](const std::vector<size_t>& choice) {
            std::vector<const Family*> parts;
            for (const size_t i : choice) parts.push_back(pool[i]);
            if (!NamedAfter(*whole, parts)) return;
            const bool convention = OrderParts(*whole, &parts);
            const double score = ScoreOfParts(*whole, parts);
            add(score, std::move(parts), whole, {WithDim(OperationKind::kConcatenate, 0)}, {}, convention);
          });
        }
      }
    }
  }

  // The number of an expert in a name.
  static std::optional<size_t> ExpertHole(const Family& family) {
    size_t hole = 0;
    for (size_t i = 0; i < family.tokens.size(); ++i) {
      if (family.tokens[i] != kNumber) continue;
      if (i > 0 && family.tokens[i - 1].find("expert") != std::string::npos) return hole;
      ++hole;
    }
    return std::nullopt;
  }

  // Whether the whole is called by a list of words of which each part has one: q, k, v or gate, up.
  bool NamedAfter(const Family& whole, const std::vector<const Family*>& parts) const {
    const std::vector<std::vector<std::string>> kLists = {{"q", "k", "v"}, {"k", "v"}, {"gate", "up"}};
    const std::set<std::string>& of_whole = similarity_.Meanings(whole);
    const std::vector<std::set<std::string>> own = OwnMeanings(parts);
    for (const std::vector<std::string>& list : kLists) {
      if (list.size() != parts.size() || (list.size() == 2 && list[0] == "k" && of_whole.contains("q"))) continue;
      const bool all = std::ranges::all_of(list, [&](const std::string& word) {
        return of_whole.contains(word) && std::ranges::count_if(own, [&](const auto& words) { return words.contains(word); }) == 1;
      });
      if (all) return true;
    }
    return false;
  }

  // One tensor with its dimensions in another order, or flattened.
  void Turned(const std::vector<const Family*>& checkpoint, const std::vector<const Family*>& model,
              std::vector<Candidate>* out) const {
    for (const Family* c : checkpoint) {
      for (const Family* m : model) {
        if (c->member_set != m->member_set) continue;
        const Shape& a = tables_.ShapeAt(*c, 0);
        const Shape& b = tables_.ShapeAt(*m, 0);
        std::optional<Operation> operation;
        if (a.size() == b.size() && a != b) {
          for (size_t dim = 0; dim + 1 < a.size(); ++dim) {
            Shape swapped = a;
            std::swap(swapped[dim], swapped[dim + 1]);
            if (swapped == b) operation = TransposeOf(dim, dim + 1);
          }
        } else if (Flattens(a, b) || Flattens(b, a)) {
          const Shape& whole = a.size() == 5 ? a : b;
          operation = MakeOperation(a.size() == 5 ? OperationKind::kConv3dToLinear : OperationKind::kLinearToConv3d);
          operation->in_channels = whole[1];
          operation->kernel_size = {whole[2], whole[3], whole[4]};
        }
        if (operation) out->push_back({similarity_.Of(*c, *m) + 0.2, {{c}, {m}, {*operation}, {}, {}, false}});
      }
    }
  }

  static bool Flattens(const Shape& whole, const Shape& flat) {
    return whole.size() == 5 && flat.size() == 2 && whole[0] == flat[0] &&
           whole[1] * whole[2] * whole[3] * whole[4] == flat[1];
  }

  using Use = std::function<void(std::vector<const Family*> parts, size_t dim, double score, bool convention)>;

  // The families of `many`, siblings with the same members, that add up to `whole`.
  void Fused(const Family& whole, const std::vector<const Family*>& many, const Use& use) const {
    const Shape& total = tables_.ShapeAt(whole, 0);
    std::map<std::pair<std::string, std::string>, std::vector<const Family*>> pools;
    for (const Family* family : many) {
      if (family->member_set != whole.member_set) continue;
      const Shape& shape = tables_.ShapeAt(*family, 0);
      if (shape.size() != total.size() || shape == total) continue;
      size_t different = 0;
      for (size_t d = 0; d < shape.size(); ++d) different += shape[d] != total[d] ? 1 : 0;
      if (different != 1) continue;
      pools[{family->Module(2), ConceptOf(family->leaf())}].push_back(family);
      if (family->tokens.size() >= 2) pools[{family->Module(1), "*"}].push_back(family);
    }
    for (auto& [parent, siblings] : pools) {
      if (siblings.size() > kMostSiblings) {
        std::ranges::stable_sort(siblings, [&](const Family* a, const Family* b) {
          return similarity_.Of(whole, *a) > similarity_.Of(whole, *b);
        });
        siblings.resize(kMostSiblings);
        std::ranges::sort(siblings, {}, &Family::position);
      }
      for (size_t count = 2; count <= kMostParts; ++count) {
        ForEachChoice(siblings.size(), count, [&](const std::vector<size_t>& choice) {
          std::vector<const Family*> parts;
          for (const size_t i : choice) parts.push_back(siblings[i]);
          const std::optional<size_t> dim = DimensionOf(parts, whole);
          if (!dim) return;
          const bool convention = OrderParts(whole, &parts);
          double score = ScoreOfParts(whole, parts);
          for (const Family* part : parts) score += forced_.contains(part) ? 0.05 : 0;
          const auto module = modules_.find(whole.Module());
          if (module != modules_.end() && module->second == ModulesOf(parts)) score += 1;
          use(std::move(parts), *dim, score, convention);
        });
      }
    }
  }

  std::optional<size_t> DimensionOf(const std::vector<const Family*>& parts, const Family& whole) const {
    std::optional<size_t> out;
    for (size_t member = 0; member < whole.members.size(); ++member) {
      if (member > 0 && whole.shapes[member] == whole.shapes[0] &&
          std::ranges::all_of(parts, [&](const Family* p) { return p->shapes[member] == p->shapes[0]; })) {
        continue;
      }
      std::vector<const Shape*> shapes;
      for (const Family* part : parts) shapes.push_back(&tables_.ShapeAt(*part, member));
      const std::optional<size_t> dim = JoinedDimension(shapes, tables_.ShapeAt(whole, member));
      if (!dim || (out && *out != *dim)) return std::nullopt;
      out = dim;
    }
    return out;
  }

  // What only some of the parts mean.
  std::vector<std::set<std::string>> OwnMeanings(const std::vector<const Family*>& parts) const {
    std::vector<std::set<std::string>> out;
    for (const Family* part : parts) {
      out.emplace_back();
      for (const std::string& word : similarity_.Meanings(*part)) {
        if (!std::ranges::all_of(parts, [&](const Family* p) { return similarity_.Meanings(*p).contains(word); })) {
          out.back().insert(word);
        }
      }
    }
    return out;
  }

  // Puts parts in order: as the name of the whole tells, else query, key, value, else gate, up, else as
  // the model defines them. True if its name does not tell.
  bool OrderParts(const Family& whole, std::vector<const Family*>* parts) const {
    const std::vector<std::set<std::string>> own = OwnMeanings(*parts);
    const std::vector<std::string> orders[] = {MeaningsOf(WordsOf(whole.text)), {"q", "k", "v"}, {"gate", "up"}};
    std::vector<size_t> place(parts->size(), 0);
    bool convention = true;
    for (const std::vector<std::string>& order : orders) {
      std::vector<size_t> at(parts->size(), order.size());
      for (size_t i = 0; i < parts->size(); ++i) {
        for (size_t j = 0; j < order.size() && at[i] == order.size(); ++j) {
          if (own[i].contains(order[j])) at[i] = j;
        }
      }
      if (std::ranges::any_of(at, [&](size_t a) { return a == order.size(); })) continue;
      place = at;
      convention = &order != &orders[0];
      break;
    }
    std::vector<size_t> sorted(parts->size());
    std::iota(sorted.begin(), sorted.end(), size_t{0});
    std::ranges::stable_sort(sorted, [&](size_t a, size_t b) {
      if (place[a] != place[b]) return place[a] < place[b];
      return (*parts)[a]->position < (*parts)[b]->position;
    });
    std::vector<const Family*> out;
    for (const size_t i : sorted) out.push_back((*parts)[i]);
    *parts = std::move(out);
    return convention;
  }

  double ScoreOfParts(const Family& whole, const std::vector<const Family*>& parts) const {
    const std::vector<std::set<std::string>> own = OwnMeanings(parts);
    std::set<std::string> tell;
    double score = 0;
    for (size_t i = 0; i < parts.size(); ++i) {
      score += similarity_.Of(whole, *parts[i]) / static_cast<double>(parts.size());
      tell.insert(own[i].begin(), own[i].end());
    }
    const auto tells = [&](std::initializer_list<const char*> words) {
      return std::ranges::all_of(words, [&](const char* word) { return tell.contains(word); });
    };
    if (tells({"q", "k", "v"})) {
      score += parts.size() == 3 ? 0.6 : 0.3;
    } else if (parts.size() == 2 && tells({"k", "v"})) {
      score += 0.3;
    }
    if (parts.size() == 2 && tells({"gate", "up"})) score += 0.5;
    const std::set<std::string>& of_whole = similarity_.Meanings(whole);
    if (!tell.empty() && std::ranges::includes(of_whole, tell)) score += 0.4;
    if (of_whole.contains("norm")) score -= 0.5;
    // The projection of an attention's output is no part of its input.
    if (tell.contains("o") && !of_whole.contains("o")) score -= 0.4;
    return score;
  }

  // A family with one number less on the other side: a list, over the number at `hole`.
  struct List {
    const Family* family;
    size_t hole;
    std::vector<Numbers> members;  // of the stack
    size_t size;
    std::vector<const Shape*> shapes;  // of a tensor of the list, for each member
  };

  void Stacked(const std::vector<const Family*>& many, const std::vector<const Family*>& stacks, bool to_list,
               std::vector<Candidate>* out) const {
    std::map<std::vector<Numbers>, std::vector<const Family*>> by_members;
    for (const Family* stack : stacks) by_members[stack->members].push_back(stack);
    std::vector<List> lists;
    for (const Family* family : many) {
      for (size_t hole = 0; hole < family->holes(); ++hole) {
        if (std::optional<List> list = ListOf(*family, hole); list && by_members.contains(list->members)) {
          lists.push_back(std::move(*list));
        }
      }
    }
    const auto add = [&](double score, std::vector<const Family*> parts, const Family* stack,
                         std::vector<Operation> operations, size_t hole, bool convention) {
      ConverterGroup group;
      group.order_by_convention = convention;
      if (to_list) {
        group = {{stack}, std::move(parts), ReverseOf(operations), {}, hole, convention};
      } else {
        group = {std::move(parts), {stack}, std::move(operations), hole, {}, convention};
      }
      out->push_back({score, std::move(group)});
    };
    for (const List& list : lists) {
      const Shape& shape = *list.shapes[0];
      for (const Family* stack : by_members.at(list.members)) {
        const Shape& whole = tables_.ShapeAt(*stack, 0);
        if (whole.size() != shape.size() + 1) continue;
        const double score = similarity_.Of(*list.family, *stack);
        bool found = false;
        for (size_t dim = 0; dim <= shape.size() && !found; ++dim) {
          Shape stacked = shape;
          stacked.insert(stacked.begin() + static_cast<ptrdiff_t>(dim), static_cast<int64_t>(list.size));
          if (stacked != whole) continue;
          found = true;
          add(score + 0.3, {list.family}, stack, {WithDim(OperationKind::kMergeModulelist, dim)}, list.hole, false);
        }
        const Shape turned(shape.rbegin(), shape.rend());
        if (!found && shape.size() == 2 && whole[0] == static_cast<int64_t>(list.size) &&
            std::equal(turned.begin(), turned.end(), whole.begin() + 1)) {
          add(score + 0.1, {list.family}, stack,
              {WithDim(OperationKind::kMergeModulelist, 0), TransposeOf(1, 2)}, list.hole, false);
        }
      }
    }
    // Several lists, stacked and joined.
    std::map<std::tuple<std::vector<Numbers>, size_t, size_t, std::string>, std::vector<const List*>> siblings;
    for (const List& list : lists) {
      siblings[{list.members, list.hole, list.size, list.family->Module(2) + ' ' + list.family->leaf()}].push_back(&list);
    }
    for (const auto& [key, members] : siblings) {
      if (members.size() < 2 || members.size() > 8) continue;
      for (size_t count = 2; count <= 3; ++count) {
        ForEachChoice(members.size(), count, [&](const std::vector<size_t>& choice) {
          std::vector<const Family*> parts;
          std::vector<const Shape*> shapes;
          for (const size_t i : choice) {
            parts.push_back(members[i]->family);
            shapes.push_back(members[i]->shapes[0]);
          }
          for (const Family* stack : by_members.at(members[0]->members)) {
            const Shape& whole = tables_.ShapeAt(*stack, 0);
            if (whole.size() != shapes[0]->size() + 1 || whole[0] != static_cast<int64_t>(members[0]->size)) continue;
            const Shape each(whole.begin() + 1, whole.end());
            std::vector<Operation> operations{WithDim(OperationKind::kMergeModulelist, 0)};
            double less = 0;
            if (const std::optional<size_t> dim = JoinedDimension(shapes, each)) {
              operations.push_back(WithDim(OperationKind::kConcatenate, *dim + 1));
            } else {
              const std::optional<size_t> turned = JoinedDimension(shapes, Shape(each.rbegin(), each.rend()));
              if (!turned || each.size() != 2) continue;
              operations.push_back(WithDim(OperationKind::kConcatenate, *turned + 1));
              operations.push_back(TransposeOf(1, 2));
              less = 0.2;
            }
            std::vector<const Family*> ordered = parts;
            const bool convention = OrderParts(*stack, &ordered);
            const double score = ScoreOfParts(*stack, ordered) + 0.3 - less;
            add(score, std::move(ordered), stack, std::move(operations),
                members[0]->hole, convention);
          }
        });
      }
    }
  }

  std::optional<List> ListOf(const Family& family, size_t hole) const {
    List list{&family, hole, {}, 0, {}};
    for (const auto& [numbers, inner] : WithoutHole(family, hole)) {
      if (list.size != 0 && list.size != inner.size()) return std::nullopt;
      list.size = inner.size();
      for (size_t i = 0; i < inner.size(); ++i) {
        if (family.members[inner[i]][hole] != i || family.shapes[inner[i]] != family.shapes[inner[0]]) return std::nullopt;
      }
      list.members.push_back(numbers);
      list.shapes.push_back(&tables_.ShapeAt(family, inner[0]));
    }
    return list;
  }

  const std::vector<Family>& checkpoint_;
  const std::vector<Family>& model_;
  const Similarity& similarity_;
  const Tables& tables_;
  bool shapes_;
  std::unordered_set<const Family*> used_;
  std::unordered_set<const Family*> forced_;
  std::set<std::string> model_texts_;
  std::set<std::string> shared_texts_;  // on both sides
  // The module of a joined tensor, and those of its parts: its other tensors go the same way.
  std::map<std::string, std::vector<std::string>> modules_;
};

}  // namespace

Conversions FindConversions(const std::vector<Family>& checkpoint, const std::vector<Family>& model,
                            const Similarity& similarity, const Tables& tables,
                            const std::vector<const Family*>& taken, bool shapes) {
  return Finder(checkpoint, model, similarity, tables, taken, shapes).Run();
}

}  // namespace wcheck::suggest
