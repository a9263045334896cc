// Which names a body binds, uses, shares with bodies around it and within it.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "python/machine/code.h"

namespace wcheck::machine {

struct Scope {
  Code::Of of = Code::Of::kFunction;
  const Node* node = nullptr;
  Scope* parent = nullptr;
  bool generator = false;
  std::vector<std::string_view> parameters;
  std::vector<std::string_view> bound;  // in order, parameters first
  std::set<std::string_view> local;
  std::set<std::string_view> global;
  std::set<std::string_view> nonlocal;
  std::set<std::string_view> used;
  std::set<std::string_view> cells;  // local names that an inner body uses
  std::vector<std::string_view> frees;
  std::vector<std::unique_ptr<Scope>> children;
  std::map<const Node*, Scope*> by_node;

  bool IsFree(std::string_view name) const {
    for (std::string_view f : frees) {
      if (f == name) return true;
    }
    return false;
  }
};

// The scope of a body that stands in no function; `class_cell`: `__class__` is a free name of it.
std::unique_ptr<Scope> AnalyzeScope(std::string_view source, Code::Of of, const Node& node,
                                    bool class_cell);

}  // namespace wcheck::machine
