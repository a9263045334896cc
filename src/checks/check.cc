#include "checks/check.h"

namespace wcheck {

const RegistryContext::Use* RegistryContext::UseOf(const TransformRef& transform) const {
  auto found = uses.find(written.Written(transform).spec);
  return found == uses.end() ? nullptr : &found->second;
}

bool RegistryContext::Reached(std::string_view entry) const {
  return reached.find(entry) != reached.end();
}

}  // namespace wcheck
