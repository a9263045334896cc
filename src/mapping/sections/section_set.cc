#include "mapping/sections/section_set.h"

#include <algorithm>
#include <utility>

#include "support/json_fields.h"

namespace wcheck::sections {
namespace {

using json::Fields;
using json::Value;

// A section as written, before derivation.
struct Written {
  std::string extends;
  SourceRange extends_where;
  const Value* declarations = nullptr;
};

class Deriver {
 public:
  explicit Deriver(std::map<std::string, Written, std::less<>> written)
      : written_(std::move(written)) {}

  // The section after everything that it extends.
  Result<const Section*> Derive(const std::string& name, const SourceRange& named_at) {
    if (auto done = done_.find(name); done != done_.end()) return &done->second;
    if (std::find(open_.begin(), open_.end(), name) != open_.end()) {
      return Error{named_at.place(),
                   "section \"" + name + "\" extends itself, by way of \"" + open_.back() + '"',
                   ""};
    }
    const Written& written = written_.find(name)->second;
    Section section{name, {}};
    if (!written.extends.empty()) {
      if (written_.find(written.extends) == written_.end()) {
        return Error{
            written.extends_where.place(),
            "section \"" + name + "\" extends \"" + written.extends + "\", which is not there", ""};
      }
      open_.push_back(name);
      Result<const Section*> parent = Derive(written.extends, written.extends_where);
      open_.pop_back();
      if (!parent) return parent.error();
      section.declarations = (*parent)->declarations;
    }
    if (Status applied = Apply(*written.declarations, &section); !applied) return applied.error();
    return &done_.emplace(name, std::move(section)).first->second;
  }

  std::map<std::string, Section, std::less<>> Take() && { return std::move(done_); }

 private:
  static Status Apply(const Value& declarations, Section* section) {
    for (const auto& [key, value] : declarations.members) {
      auto same = [&name = key](const Declaration& d) { return d.key == name; };
      auto& list = section->declarations;
      auto inherited = std::find_if(list.begin(), list.end(), same);
      if (value.is_null()) {
        if (inherited == list.end()) {
          return Error{value.where.place(),
                       "nothing to drop: \"" + section->name + "\" inherits no \"" + key + '"', ""};
        }
        list.erase(inherited);
        continue;
      }
      if (!value.is_object()) return json::WrongType(value, "a declaration (an object), or null");
      Result<Declaration> declaration = ReadDeclaration(key, value);
      if (!declaration) return declaration.error();
      if (inherited != list.end()) {
        *inherited = *std::move(declaration);
      } else {
        list.push_back(*std::move(declaration));
      }
    }
    return Unit{};
  }

  std::map<std::string, Written, std::less<>> written_;
  std::map<std::string, Section, std::less<>> done_;
  std::vector<std::string> open_;  // being derived, the outermost first
};

}  // namespace

Result<SectionSet> SectionSet::Read(const Value& sections) {
  std::map<std::string, Written, std::less<>> written;
  for (const auto& [name, value] : sections.members) {
    Fields fields(value, "section \"" + name + '"');
    Written section;
    section.extends = fields.OptionalString("extends").value_or("");
    if (const Value* extends = value.Find("extends")) section.extends_where = extends->where;
    section.declarations = fields.Object("declarations");
    if (Status done = fields.Done(); !done) return done.error();
    written.emplace(name, section);
  }
  Deriver deriver(std::move(written));
  for (const auto& [name, value] : sections.members) {
    Result<const Section*> derived = deriver.Derive(name, value.name_where);
    if (!derived) return derived.error();
  }
  SectionSet set;
  set.sections_ = std::move(deriver).Take();
  for (const auto& [name, section] : set.sections_) {
    for (const Declaration& declaration : section.declarations) {
      if (!declaration.section.empty() && set.Find(declaration.section) == nullptr) {
        return set.Unknown(declaration.section, declaration.section_where);
      }
      for (const auto& [type, choice] : declaration.registry) {
        if (set.Find(choice.section) == nullptr) return set.Unknown(choice.section, choice.where);
      }
    }
  }
  return set;
}

const Section* SectionSet::Find(std::string_view name) const {
  auto found = sections_.find(name);
  return found == sections_.end() ? nullptr : &found->second;
}

Error SectionSet::Unknown(std::string_view name, const SourceRange& where) const {
  std::string known;
  for (const auto& [other, section] : sections_) known += (known.empty() ? "" : ", ") + other;
  return {where.place(), "there is no section \"" + std::string(name) + '"', "there are " + known};
}

}  // namespace wcheck::sections
