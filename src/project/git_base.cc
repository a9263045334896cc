// Runs git to read a file at a revision. Renames are followed with `git diff --find-renames`
// between the revision and the index.
//
// The files of the work tree are a stranger's. A folder with HEAD, objects/ and refs/ looks like a
// bare repository, whose config may name programs: git must not take one for the repository, and must
// start nothing but itself. See the options below; the work tree's own files are never asked for.
#include "project/git_base.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/SHA1.h>
#include <llvm/Support/SHA256.h>

#include "project/checkout.h"
#include "support/file.h"
#include "support/process.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMappingName = "conversion_mapping.py";

std::string FirstLine(std::string_view text) {
  std::string line(text.substr(0, text.find('\n')));
  for (const std::string_view prefix : {"fatal: ", "error: "}) {
    if (line.starts_with(prefix)) line.erase(0, prefix.size());
  }
  return line;
}

// Before every command. docs/limits.md states them, and tests/sandbox compares.
constexpr const char* kGitOptions[] = {
    "-c", "safe.bareRepository=explicit",  // git 2.38; see CheckTop for older ones
    "-c", "core.fsmonitor=false",           // a program
    "-c", "core.hooksPath=/dev/null",       // programs
    "--no-pager", "--no-optional-locks", "--literal-pathspecs",
};

// The nearest folder, from `folder` upwards, with a .git, which git then finds there without a look
// at the folders below it; `folder` itself if there is none. GIT_CEILING_DIRECTORIES ends the search,
// as it ends git's.
std::string NearestTop(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> ceilings;
  if (const char* value = std::getenv("GIT_CEILING_DIRECTORIES")) {
    for (std::string_view rest = value; !rest.empty();) {
      const size_t end = std::min(rest.find(':'), rest.size());
      if (end > 0) ceilings.push_back(fs::weakly_canonical(rest.substr(0, end), error));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  for (fs::path at = fs::canonical(folder, error); !error; at = at.parent_path()) {
    if (fs::exists(fs::symlink_status(at / ".git", error))) return at.string();
    error.clear();
    const fs::path above = at.parent_path();
    if (above == at || std::find(ceilings.begin(), ceilings.end(), above) != ceilings.end()) break;
  }
  return folder;
}

// Runs `git` in one folder.
class Git {
 public:
  explicit Git(std::string folder) : folder_(std::move(folder)) {}

  Result<ProcessOutput> Run(std::vector<std::string> words) const {
    std::vector<std::string> all = {"git", "-C", folder_};
    all.insert(all.end(), std::begin(kGitOptions), std::end(kGitOptions));
    all.insert(all.end(), words.begin(), words.end());
    // git sets these for hooks, relative to another folder.
    return RunProcess(all, {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"});
  }
  // The first line of a successful command's output.
  Result<std::optional<std::string>> Ask(std::vector<std::string> words) const {
    Result<ProcessOutput> output = Run(std::move(words));
    if (!output) return output.error();
    if (output->status != 0) return std::optional<std::string>();
    return std::optional<std::string>(FirstLine(output->out));
  }

 private:
  std::string folder_;
};

// What git calls a file with this content: SHA-1 with 40 digits, SHA-256 with 64.
std::string ObjectName(const std::string& text, size_t digits) {
  const std::string blob = "blob " + std::to_string(text.size()) + '\0' + text;
  const llvm::ArrayRef<uint8_t> bytes(reinterpret_cast<const uint8_t*>(blob.data()), blob.size());
  return digits == 64 ? llvm::toHex(llvm::SHA256::hash(bytes), /*LowerCase=*/true)
                      : llvm::toHex(llvm::SHA1::hash(bytes), /*LowerCase=*/true);
}

// The package at a revision. Files with the same bytes in the work tree are read there.
class RevisionFiles : public PackageFiles {
 public:
  // `entries` is what `git ls-tree -r -z` says of the folder `package` and of `tests`, if that is not
  // empty.
  RevisionFiles(Git git, const std::string& revision, const std::string& package,
                const std::string& tests, std::string_view entries,
                std::unique_ptr<PackageFiles> now)
      : git_(std::move(git)),
        shown_(revision + ':' + package),
        shown_tests_(revision + ':' + tests),
        now_(std::move(now)) {
    while (!entries.empty()) {
      const std::string_view entry = entries.substr(0, entries.find('\0'));
      entries.remove_prefix(std::min(entry.size() + 1, entries.size()));
      // "100644 blob ID\tpath": links are not followed.
      const size_t tab = entry.find('\t');
      if (tab == std::string_view::npos || !entry.starts_with("100")) continue;
      const std::string_view id = entry.substr(0, tab).substr(entry.rfind(' ', tab) + 1);
      const std::string_view path = entry.substr(tab + 1);
      std::string name;
      if (path.starts_with(package + '/')) {
        name = "transformers" + std::string(path.substr(package.size()));
      } else if (!tests.empty() && path.starts_with(tests + '/')) {
        name = std::string(kTestsRoot) + std::string(path.substr(tests.size()));
      } else {
        continue;
      }
      files_.emplace(name, id);
      for (size_t slash = name.rfind('/'), end = name.size(); slash != std::string::npos;
           end = slash, slash = slash == 0 ? std::string::npos : name.rfind('/', slash - 1)) {
        const std::string below = name.substr(slash + 1, end - slash - 1);
        if (!folders_[name.substr(0, slash)].insert(below).second) break;
      }
    }
  }

  std::optional<std::string> Read(const std::string& path) override {
    const auto found = files_.find(path);
    if (found == files_.end()) return std::nullopt;
    if (std::optional<std::string> now = now_->Read(path); now && ObjectName(*now, found->second.size()) == found->second) {
      return now;
    }
    std::lock_guard lock(mutex_);
    const auto [text, is_new] = texts_.try_emplace(path);
    if (is_new) {
      Result<ProcessOutput> blob = git_.Run({"cat-file", "blob", found->second});
      if (blob && blob->status == 0) text->second = std::move(blob->out);
    }
    return text->second;
  }
  bool Exists(const std::string& path) override { return files_.contains(path); }
  std::vector<std::string> List(const std::string& folder) override {
    const auto found = folders_.find(folder);
    if (found == folders_.end()) return {};
    return {found->second.begin(), found->second.end()};
  }
  std::string Shown(const std::string& path) const override {
    return (IsBelowTests(path) ? shown_tests_ : shown_) + path.substr(path.find('/'));
  }

 private:
  Git git_;
  std::string shown_;
  std::string shown_tests_;
  std::unique_ptr<PackageFiles> now_;
  std::map<std::string, std::string, std::less<>> files_;  // blobs
  std::map<std::string, std::set<std::string>, std::less<>> folders_;
  std::mutex mutex_;
  std::map<std::string, std::optional<std::string>, std::less<>> texts_;
};

class BaseReader {
 public:
  BaseReader(std::string revision, std::string path)
      : revision_(std::move(revision)), path_(std::move(path)), git_(NearestTop(".")) {}

  Result<GitBase> Read() {
    if (Status found = FindRepository(); !found) return found.error();
    if (Status found = FindCommit(); !found) return found.error();
    if (Status found = FindFile(); !found) return found.error();
    Result<std::string> old_path = OldPath();
    if (!old_path) return old_path.error();
    Result<ProcessOutput> blob = git_.Run({"cat-file", "blob", commit_ + ':' + *old_path});
    if (!blob) return blob.error();
    if (blob->status != 0) {
      return Error{{*old_path, 0, 0, ""},
                   "git cannot read it at " + revision_ + ": " + FirstLine(blob->err),
                   ""};
    }
    GitBase base;
    base.old_file = std::make_shared<const SourceFile>(revision_ + ':' + *old_path, blob->out);
    base.new_path = path_;
    base.note = Note();
    if (Status models = ReadModels(*old_path, &base); !models) return models.error();
    return base;
  }

 private:
  std::string StartFolder() const {
    std::string folder = fs::path(path_).parent_path().string();
    std::error_code ignored;
    // The folder of a deleted file may be missing, too.
    while (!folder.empty() && !fs::is_directory(folder, ignored)) {
      folder = fs::path(folder).parent_path().string();
    }
    return folder.empty() ? "." : folder;
  }

  // The work tree of the working directory, or, if the file is not in it, that of the file's folder.
  Status FindRepository() {
    Status here = FindTop();
    if ((here.ok() && Holds(path_)) || path_.empty()) return here;
    const std::string folder = StartFolder();
    if (folder == ".") return here;
    git_ = Git(NearestTop(folder));
    Status there = FindTop();
    if (there && !Holds(path_)) return NotHeld();
    return there;
  }

  Status FindTop() {
    Result<ProcessOutput> top = git_.Run({"rev-parse", "--show-toplevel"});
    if (!top) return top.error();
    if (top->status != 0) {
      return Error{{},
                   "--base needs a git work tree: " + FirstLine(top->err),
                   "run it in a checkout, or compare two files: `wcheck diff OLD NEW`"};
    }
    top_ = FirstLine(top->out);
    const Result<std::optional<std::string>> directory =
        git_.Ask({"rev-parse", "--absolute-git-dir"});
    if (!directory) return directory.error();
    if (Status repository = CheckTop(**directory); !repository) return repository;
    const Result<std::optional<std::string>> shallow =
        git_.Ask({"rev-parse", "--is-shallow-repository"});
    if (!shallow) return shallow.error();
    shallow_ = *shallow == "true";
    git_ = Git(top_);
    return Unit{};
  }

  // A git before 2.38 takes a bare repository among the files of the work tree for the repository.
  // Only .git at the top is one, or what a file .git names there (a submodule, a linked work tree).
  Status CheckTop(const std::string& directory) const {
    std::error_code ignored;
    const fs::path marker = fs::path(top_) / ".git";
    if (fs::is_regular_file(marker, ignored)) return Unit{};
    if (fs::weakly_canonical(marker, ignored) == fs::weakly_canonical(directory, ignored)) {
      return Unit{};
    }
    return Error{{directory, 0, 0, ""},
                 "git takes this folder for the repository, which is not the .git of " + top_,
                 "run it at the top of the checkout"};
  }

  // Whether the file is below the top.
  bool Holds(const std::string& path) const { return !Inside(path).empty(); }
  std::string Inside(const std::string& path) const {
    std::error_code error;
    const fs::path absolute = fs::weakly_canonical(fs::absolute(path, error), error);
    const fs::path inside = absolute.lexically_relative(fs::weakly_canonical(top_, error));
    return inside.empty() || *inside.begin() == ".." ? "" : inside.generic_string();
  }
  Error NotHeld() const {
    return Error{{path_, 0, 0, ""}, "it is not in the git work tree " + top_, ""};
  }

  Status FindCommit() {
    std::string name = revision_;
    parted_ = name.ends_with("...");
    if (parted_) name.resize(name.size() - 3);
    Result<std::optional<std::string>> commit =
        git_.Ask({"rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"});
    if (!commit) return commit.error();
    if (!*commit) return NoRevision(name);
    commit_ = **commit;
    if (!parted_) return Unit{};
    Result<std::optional<std::string>> parted = git_.Ask({"merge-base", commit_, "HEAD"});
    if (!parted) return parted.error();
    if (!*parted) {
      return Error{{}, "git knows no common ancestor of '" + name + "' and HEAD", Advice(name)};
    }
    commit_ = **parted;
    return Unit{};
  }

  Error NoRevision(const std::string& name) const {
    if (!shallow_) {
      return Error{{}, "git knows no revision '" + name + "'", Advice(name)};
    }
    return Error{{}, "git knows no revision '" + name + "'; this is a shallow clone", Advice(name)};
  }

  std::string Advice(const std::string& name) const {
    const size_t slash = name.find('/');
    const std::string fetch = slash == std::string::npos
                                  ? "git fetch origin " + name
                                  : "git fetch " + name.substr(0, slash) + ' ' +
                                        name.substr(slash + 1) + ':' + "refs/remotes/" + name;
    if (shallow_ && parted_) return "fetch its history: `git fetch --unshallow`";
    if (shallow_) {
      return "fetch it: `" + fetch +
             " --depth=1`; with actions/checkout, `fetch-depth: 0` fetches everything";
    }
    return "fetch it (`" + fetch + "`), or name another one";
  }

  // The file in the work tree, and its path in the repository.
  Status FindFile() {
    std::error_code error;
    if (path_.empty()) {
      const Result<std::string> found = FindMapping(top_);
      if (!found) {
        const Result<std::string> old = MappingAtCommit();
        if (!old) return old.error();
        if (!old->empty()) return Deleted(*old);
        return found.error();
      }
      const fs::path shown = fs::proximate(*found, error);
      path_ = error ? *found : shown.string();
    }
    inside_ = Inside(path_);
    if (inside_.empty()) return NotHeld();
    if (!fs::exists(path_, error)) {
      const Result<bool> there = AtCommit(inside_);
      if (!there) return there.error();
      return *there
                 ? Deleted(inside_)
                 : Error{{path_, 0, 0, ""}, "there is no such file, here or at " + revision_, ""};
    }
    return Unit{};
  }

  Error Deleted(const std::string& path) const {
    return Error{{path, 0, 0, ""},
                 "it was deleted since " + revision_ + ", so there is nothing to compare with",
                 "name the file that replaced it: `wcheck diff --base " + revision_ +
                     " FILE`, or compare two files: `wcheck diff OLD NEW`"};
  }

  Result<std::string> MappingAtCommit() const {
    const Result<ProcessOutput> list =
        git_.Run({"ls-tree", "-r", "-z", "--name-only", "--full-tree", commit_});
    if (!list) return list.error();
    std::string_view rest = list->out;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('\0'), rest.size());
      const std::string_view name = rest.substr(0, end);
      if (fs::path(name).filename() == kMappingName) return std::string(name);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return std::string();
  }

  Result<bool> AtCommit(const std::string& path) const {
    const Result<ProcessOutput> found = git_.Run({"cat-file", "-e", commit_ + ':' + path});
    if (!found) return found.error();
    return found->status == 0;
  }

  // Where the file was at the commit: at the same path, or at the one that git says it was renamed
  // from.
  Result<std::string> OldPath() {
    const Result<bool> there = AtCommit(inside_);
    if (!there) return there.error();
    if (*there) return inside_;
    // With the index, not with the work tree: comparing those files may start a filter.
    const Result<ProcessOutput> renames =
        git_.Run({"diff", "--cached", "--name-status", "-z", "--find-renames", "--diff-filter=R",
                  "--no-ext-diff", "--no-textconv", "--ignore-submodules=all", commit_});
    if (!renames) return renames.error();
    // "R097", the old name, the new name, each terminated by a NUL byte.
    std::vector<std::string_view> fields;
    for (std::string_view rest = renames->out; !rest.empty();) {
      const size_t end = std::min(rest.find('\0'), rest.size());
      fields.push_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    for (size_t i = 0; i + 2 < fields.size(); i += 3) {
      if (fields[i + 2] != inside_) continue;
      renamed_from_ = fields[i + 1];
      return renamed_from_;
    }
    return Error{{path_, 0, 0, ""},
                 "it is not in " + revision_ + ", under this name or one that it was renamed from",
                 "a file that git does not track has to be added first (`git add`); or compare two "
                 "files: `wcheck diff OLD NEW`"};
  }

  // The names in a list of git, each terminated by a NUL byte.
  static std::vector<std::string_view> NamesIn(std::string_view list) {
    std::vector<std::string_view> names;
    while (!list.empty()) {
      const size_t end = std::min(list.find('\0'), list.size());
      names.push_back(list.substr(0, end));
      list.remove_prefix(std::min(end + 1, list.size()));
    }
    return names;
  }

  Status ReadModels(const std::string& old_path, GitBase* base) const {
    const auto models_of = [](const std::string& mapping) {
      const std::string folder = fs::path(mapping).parent_path().generic_string();
      return folder + (folder.empty() ? "models/" : "/models/");
    };
    const std::string now = models_of(inside_);
    std::error_code ignored;
    if (!fs::is_directory(fs::path(top_) / now, ignored)) return Unit{};
    const std::string then = models_of(old_path);
    if (Status packages = ReadPackages(old_path, base); !packages) return packages;
    const Result<ProcessOutput> listed =
        git_.Run({"ls-tree", "-r", "-z", "--full-tree", commit_, "--", then});
    if (!listed) return listed.error();
    // The files of models, by folder and name: what git calls their content.
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> old_files;
    for (const std::string_view line : NamesIn(listed->out)) {
      // "100644 blob 8ab686eafeb1f44702738c8b0f24f2567c36da6d\tpath"
      const size_t tab = line.find('\t');
      if (tab == std::string_view::npos || !line.substr(tab + 1).starts_with(then)) continue;
      const std::string_view object = line.substr(0, tab).substr(line.substr(0, tab).rfind(' ') + 1);
      const std::string_view inside = line.substr(tab + 1 + then.size());
      const size_t slash = inside.find('/');
      if (slash == std::string_view::npos) continue;
      const std::string folder(inside.substr(0, slash));
      base->old_models.insert(folder);
      const std::string_view file = inside.substr(slash + 1);
      if (IsModelFile(file)) old_files[folder].emplace(file, object);
    }
    // git is not asked what differs: to compare files of the work tree it may start a filter.
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> left =
        old_files;
    for (const fs::directory_entry& folder : fs::directory_iterator(fs::path(top_) / now, ignored)) {
      const std::string name = folder.path().filename().string();
      // A link may lead anywhere.
      if (!CheckBelow(folder.path().string(), top_)) continue;
      for (const fs::directory_entry& file : fs::directory_iterator(folder.path(), ignored)) {
        const std::string file_name = file.path().filename().string();
        if (!IsModelFile(file_name)) continue;
        std::map<std::string, std::string, std::less<>>& files = left[name];
        const auto old = files.find(file_name);
        if (old == files.end() || !CheckBelow(file.path().string(), top_) ||
            !HasContent(file.path(), old->second)) {
          base->changed_models.insert(name);
        }
        if (old != files.end()) files.erase(old);
      }
    }
    for (const auto& [folder, files] : left) {
      if (!files.empty()) base->changed_models.insert(folder);  // deleted
    }
    for (const std::string& folder : base->changed_models) {
      if (!base->old_models.contains(folder)) continue;
      std::set<std::string, std::less<>>& classes = base->old_classes[folder];
      for (const auto& [file, object] : old_files[folder]) {
        if (!IsModelingFile(file)) continue;
        const Result<ProcessOutput> text = git_.Run({"cat-file", "blob", object});
        if (!text) return text.error();
        classes.merge(DefinedClasses(text->out));
      }
    }
    return Unit{};
  }

  // Whether git would give a file of the work tree this name, as it is or with the line ends that
  // git writes on some systems.
  static bool HasContent(const fs::path& path, const std::string& object) {
    Result<std::string> text = ReadFile(path.string(), kMaxModelFile);
    if (!text) return false;
    if (ObjectName(*text, object.size()) == object) return true;
    if (text->find('\r') == std::string::npos) return false;
    std::string lines;
    for (size_t i = 0; i < text->size(); ++i) {
      if (text->compare(i, 2, "\r\n") != 0) lines += (*text)[i];
    }
    return ObjectName(lines, object.size()) == object;
  }

  Status ReadPackages(const std::string& old_path, GitBase* base) const {
    const std::string then = fs::path(old_path).parent_path().generic_string();
    const std::string now = fs::path(inside_).parent_path().generic_string();
    if (then.empty() || now.empty()) return Unit{};
    const std::string folder = (fs::path(top_) / now).string();
    // The tests of a checkout make configurations for its models.
    constexpr std::string_view kInCheckout = "src/transformers";
    std::string tests;
    if (then.ends_with(kInCheckout) &&
        (then.size() == kInCheckout.size() || then[then.size() - kInCheckout.size() - 1] == '/')) {
      tests = then.substr(0, then.size() - kInCheckout.size()) + std::string(kTestsRoot);
    }
    std::vector<std::string> list = {"ls-tree", "-r", "-z", "--full-tree", commit_, "--", then + '/'};
    if (!tests.empty()) list.push_back(tests + '/');
    const Result<ProcessOutput> listed = git_.Run(std::move(list));
    if (!listed) return listed.error();
    base->old_package = std::make_unique<RevisionFiles>(git_, revision_, then, tests, listed->out,
                                                        OpenPackage(folder));
    return Unit{};
  }

  std::string Note() const {
    if (!renamed_from_.empty()) return path_ + " was " + renamed_from_ + " at " + revision_;
    if (parted_ || shallow_) return "";
    const Result<ProcessOutput> contained =
        git_.Run({"merge-base", "--is-ancestor", commit_, "HEAD"});
    if (!contained || contained->status != 1) return "";
    return "HEAD does not contain " + revision_ + "; `--base " + revision_ +
           "...` compares with their merge base";
  }

  const std::string revision_;
  std::string path_;  // in the work tree, as shown to the user
  Git git_;
  std::string top_;
  std::string commit_;
  std::string inside_;        // path_ relative to top_
  std::string renamed_from_;  // relative to top_
  bool shallow_ = false;
  bool parted_ = false;
};

}  // namespace

Result<GitBase> ReadGitBase(const std::string& revision, const std::string& path) {
  return BaseReader(revision, path).Read();
}

}  // namespace wcheck
