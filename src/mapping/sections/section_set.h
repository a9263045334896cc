// All sections of a file, with what each derives from the one that it extends.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/sections/declaration.h"

namespace wcheck::sections {

struct Section {
  std::string name;
  std::vector<Declaration> declarations;  // an overridden one stands where the first one stood
};

class SectionSet {
 public:
  // From the object under "sections". Errors: an unknown or circular `extends`, a null for a key
  // that nothing declares, a faulty declaration, and a declaration that names a section that is not
  // there.
  static Result<SectionSet> Read(const json::Value& sections);

  const Section* Find(std::string_view name) const;
  // "no section 'x'; there are …", at the place that named it.
  Error Unknown(std::string_view name, const SourceRange& where) const;

 private:
  std::map<std::string, Section, std::less<>> sections_;
};

}  // namespace wcheck::sections
