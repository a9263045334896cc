// The faults of a class's round trip, each with the transform that causes it.
//
// Save, then load: every key must come back, alone. If one does not, the traces of both ways show
// which transform is to blame. Each fault is determined once, here, and belongs to exactly one
// check, so that one cause is not reported under several names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/evidence.h"

#include "engine/simulation.h"

namespace wcheck {

struct Fault {
  enum class Kind : uint8_t {
    kReverse,        // the reverse cannot be built, or raises when it is used
    kOperation,      // an operation raises
    kSaveCollision,  // several model keys are saved under one name
    kLoadCollision,  // several checkpoint keys are loaded into one model key
    kLostKey,        // saved, but not loaded back, or loaded into nothing
    kReload,         // the model's own keys are renamed on load
    // One renaming alone does any of the last three but kReload: it gives different keys one name,
    // or drops what it cannot put back.
    kNotBijective,
  };
  Kind kind;
  // What is wrong, and what tells it from other faults of the same transform: see Finding.
  std::string_view cause;
  std::string subject;
  // The plan's transform to blame; absent if there is none (then the message says why).
  std::optional<uint32_t> transform;
  Blame blame;
  std::string message;
  std::string advice;
  std::vector<KeyEvidence> keys;
  struct Other {
    uint32_t transform;
    std::string message;
  };
  std::vector<Other> related;
};

class RoundTrip {
 public:
  explicit RoundTrip(const Simulation& simulation);
  const std::vector<Fault>& faults() const { return faults_; }
  // True if save and load give every key back, and a load of the model's own keys keeps them.
  bool clean() const { return faults_.empty(); }

 private:
  std::vector<Fault> faults_;
};

// The transform `index` of a plan as findings name it.
TransformRef RefOf(const Plan& plan, uint32_t index);

}  // namespace wcheck
