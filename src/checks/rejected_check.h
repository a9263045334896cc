// Checks for transforms that do not construct: the library cannot even be imported with them.
#pragma once

#include "checks/check.h"

namespace wcheck {

class RejectedCheck : public Check {
 public:
  void JudgeClass(const ClassContext& context, FindingSink* sink) const final;
  void JudgeRegistry(const RegistryContext& context, FindingSink* sink) const final;

 private:
  virtual bool Owns(const EngineError& error) const = 0;
  virtual std::string_view advice() const = 0;
  Finding FindingOf(const CompiledRegistry::Rejection& rejection) const;
};

}  // namespace wcheck
