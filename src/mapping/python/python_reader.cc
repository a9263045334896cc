#include "mapping/python/python_reader.h"

#include "mapping/python/ignore_comments.h"
#include "mapping/python/library.h"
#include "mapping/python/reader_limits.h"
#include "mapping/python/registry_builder.h"
#include "mapping/python/syntax_error.h"
#include "python/parser.h"
#include "support/utf8.h"

namespace wcheck {

Result<Registry> ReadPythonRegistry(std::shared_ptr<const SourceFile> file) {
  if (file->text().size() > python::kMaxFileBytes) {
    return Error{{file->path(), 0, 0, ""},
                 "the file has " + std::to_string(file->text().size()) + " bytes; at most " +
                     std::to_string(python::kMaxFileBytes) + " are read",
                 "give wcheck the registry as JSON"};
  }
  if (Status utf8 = CheckUtf8(file->text(), file->path()); !utf8) return utf8.error();
  Result<python::SyntaxTree> tree = python::ParsePython(*file);
  if (!tree) return tree.error();

  Registry registry;
  registry.ignores = python::FindIgnoreComments(*tree);
  python::Library library;
  python::Interpreter interpreter(*tree, &library);
  if (Status built = python::BuildRegistry(&interpreter, &registry); !built) return built.error();
  python::AddSyntaxErrors(*tree, &registry);
  if (registry.entries.empty()) {
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
