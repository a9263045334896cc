#include "mapping/python/python_reader.h"

#include <optional>
#include <string>
#include <utility>

#include "mapping/python/ignore_comments.h"
#include "mapping/python/library.h"
#include "mapping/python/registry_builder.h"
#include "mapping/python/syntax_error.h"
#include "python/encoding.h"
#include "python/parser.h"
#include "support/limits.h"

namespace wcheck {

Result<Registry> ReadPythonRegistry(std::shared_ptr<const SourceFile> file) {
  if (file->text().size() > kMaxPythonFile) {
    return Error{{file->path(), 0, 0, ""},
                 "the file has " + std::to_string(file->text().size()) + " bytes; at most " +
                     std::to_string(kMaxPythonFile) + " are read",
                 "give wcheck the registry as JSON"};
  }
  Result<std::optional<std::string>> decoded = python::DecodeSource(file->text(), file->path());
  if (!decoded) return decoded.error();
  if (*decoded) {
    file = std::make_shared<const SourceFile>(file->path(), **std::move(decoded),
                                              SourceFile::Encoding::kOther);
  }
  Result<python::SyntaxTree> tree = python::ParsePython(*file);
  if (!tree) return tree.error();

  Registry registry;
  registry.ignores = python::FindIgnoreComments(*tree);
  python::Library library;
  python::Interpreter interpreter(*tree, &library);
  if (Status built = python::BuildRegistry(&interpreter, library, &registry); !built) return built.error();
  python::AddSyntaxErrors(*tree, &registry);
  if (registry.extension) registry.extension->file = file;
  if (registry.entries.empty() && registry.aliases.empty()) {
    for (const ReaderRemark& remark : registry.remarks) {
      if (remark.kind == ReaderRemark::Kind::kAssumption) continue;
      return Error{remark.where.place(), remark.message,
                   "no entry of a registry could be read from this file"};
    }
    return Error{{file->path(), 0, 0, ""},
                 "no registry in this file: no dict from names to lists of transforms",
                 "see docs/python-registry.md for what is read"};
  }
  registry.files.push_back(std::move(file));
  return registry;
}

}  // namespace wcheck
