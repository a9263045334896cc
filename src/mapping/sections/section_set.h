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
  std::vector<Declaration> declarations;  // an overriding one takes the place of the overridden one
};

class SectionSet {
 public:
  // From the object under "sections". Errors: an unknown or circular `extends`, a null for a key
  // that is not declared, an invalid declaration, and a declaration that names an unknown section.
  static Result<SectionSet> Read(const json::Value& sections);

  const Section* Find(std::string_view name) const;
  // "no section 'x'; there are …", at the place that named it.
  Error Unknown(std::string_view name, const SourceRange& where) const;

 private:
  std::map<std::string, Section, std::less<>> sections_;
};

}  // namespace wcheck::sections
