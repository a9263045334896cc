// Checks that pass on what a reader of a registry had to say.
#pragma once

#include "checks/check.h"

namespace wcheck {

class RemarkCheck : public Check {
 public:
  void JudgeRegistry(const RegistryContext& context, FindingSink* sink) const final;

 private:
  virtual ReaderRemark::Kind kind() const = 0;
  virtual std::string_view advice() const = 0;
};

}  // namespace wcheck
