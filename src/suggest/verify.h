// Whether lines do what they are to do, by the engine itself.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/simulation.h"
#include "suggest/assignment.h"
#include "suggest/converters.h"

namespace wcheck::suggest {

// A transform, and the sub-model whose entry it is in.
struct Line {
  TransformSpec transform;
  std::string scope;  // the path of the sub-model; "" for the root
  uint64_t keys = 0;  // of the checkpoint, that it moves
};

// What the lines are to do.
struct Goal {
  std::vector<Pairing> pairs;
  std::vector<ConverterGroup> groups;
  std::vector<const Family*> left_checkpoint;  // keys without a place
  std::vector<const Family*> left_model;
};

// A key that does not go where it should, and what happens instead.
struct Fault {
  std::string key;  // of the checkpoint; "" if it is about none
  std::string what;
};

// The entries' names: of the root, its model_type or else its class; of a sub-model likewise, unless the
// name is the root's.
std::string EntryName(const Layout& model, const std::string& scope);
// The lines as the entries of a registry.
Registry AsRegistry(const Layout& model, const std::vector<Line>& lines);

class Verifier {
 public:
  // With `sample`, of the first number of each name only some values, the last included. Without `shapes`
  // those of the checkpoint are what a save of the model gives.
  Verifier(const Layout& model, const Goal& goal, const Tables& tables, bool shapes, bool sample);

  // Loads the checkpoint and saves the fresh model. Faults: a key that goes elsewhere, a tensor with
  // another shape, a name that does not come back. Fills `keys` of the lines, if they are given.
  std::vector<Fault> Check(const std::vector<Line>& lines, const Engine& engine,
                           std::vector<Line>* counted = nullptr) const;

  // Where a key of the checkpoint is to go, if no converter takes it.
  const std::string* PlaceOf(const std::string& key) const;
  uint64_t loaded_keys() const { return places_.size(); }

 private:
  struct Place {
    std::string model;     // if no converter takes it
    size_t bucket = 0;     // else the one of buckets_ that it belongs to
    size_t source = 0;     // and the source of the converter
    bool converted = false;
  };
  struct Bucket {
    std::vector<std::string> targets;
    bool list = false;  // the targets are not written out in the converter
  };
  // The checkpoint with the shapes that a save of the model gives it.
  Layout Shaped(const CompiledRegistry& compiled) const;
  void AddToModel(const std::string& key, const Shape& shape);
  void AddPair(const Pairing& pair, const Tables& tables, bool sample);
  void AddGroup(const ConverterGroup& group, const Tables& tables, bool sample);

  Layout layout_;
  std::vector<LayoutFamily> checkpoint_;
  std::shared_ptr<const void> storage_;
  bool shapes_;
  std::unordered_map<std::string, Place> places_;
  std::vector<Bucket> buckets_;
  std::unordered_map<std::string, Shape> checkpoint_shapes_;
  std::unordered_map<std::string, Shape> model_shapes_;  // of the keys that are to be filled
  std::unordered_map<std::string, std::string> saved_as_;
  std::unordered_map<std::string, Shape> whole_shapes_;  // of the model, without `shapes`
  LayoutBuilder* builders_[2] = {nullptr, nullptr};  // checkpoint, model; while constructing
};

}  // namespace wcheck::suggest
