// How much the names of two families say that they are the same tensors.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "suggest/family.h"

namespace wcheck::suggest {

// Compares families of a checkpoint with families of a model. What words mean counts most, weighted by
// how seldom they are; the letters of the names, the last part, and numbers in names count a little.
class Similarity {
 public:
  // Keeps references to the families.
  Similarity(const std::vector<Family>& checkpoint, const std::vector<Family>& model);

  // From about -0.5 to 2.5: above 1 only for nearly equal names. Either argument may be of either side.
  double Of(const Family& a, const Family& b) const;
  // What the words of a family mean (suggest/words.h).
  const std::set<std::string>& Meanings(const Family& family) const;

 private:
  struct Rank {
    size_t place;
    size_t of;
  };
  struct Facts {
    std::set<std::string> meanings;
    std::vector<std::pair<uint32_t, int>> concepts;  // counts, by ascending number
    std::vector<uint16_t> pairs;                     // of letters, ascending
    std::string leaf;                                // what the last part means
    bool checkpoint = false;
    const Rank* numbered = nullptr;  // among names that differ in a number
    const Rank* placed = nullptr;    // among siblings of one shape
  };

  Facts FactsOf(const Family& family);
  void FindPostNorms(const std::vector<Family>& families);
  void RankNumbered(const std::vector<Family>& families);
  double Compute(const Facts& a, const Facts& b, bool equal, bool same_leaf) const;

  std::unordered_map<const Family*, Facts> facts_;
  std::unordered_map<std::string, uint32_t> concept_numbers_;
  std::vector<double> weights_;
  std::set<std::string> three_;  // beginnings of names of three numbered linear layers
  std::set<std::string> post_norms_;  // blocks whose norms come after what they belong to
  std::map<const Family*, Rank> numbered_;
  std::map<const Family*, Rank> placed_;
  mutable std::unordered_map<uint64_t, double> known_;
  std::unordered_map<const Family*, uint32_t> index_;
};

}  // namespace wcheck::suggest
