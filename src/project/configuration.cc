#include "project/configuration.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

#include "checks/check.h"
#include "judge/baseline.h"
#include "project/mixed_layouts.h"
#include "project/suggestions.h"
#include "project/toml.h"
#include "support/file.h"
#include "support/json.h"
#include "support/json_fields.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kConfigName = ".wcheck.json";
constexpr std::string_view kTomlName = "pyproject.toml";

// "round trip" is written round-trip on a command line.
bool IsFamily(std::string_view family, std::string_view name) {
  return std::equal(family.begin(), family.end(), name.begin(), name.end(),
                    [](char a, char b) { return a == b || (a == ' ' && b == '-'); });
}

// The check of this name, or those of the family of this name.
Result<std::vector<std::string>> ChecksOf(std::string_view name, const Place& place) {
  if (FindCheck(name) != nullptr) return std::vector<std::string>{std::string(name)};
  std::vector<std::string> checks;
  std::vector<std::string_view> names;
  for (const Check& check : AllChecks()) {
    names.push_back(check.info.name);
    if (IsFamily(check.info.family, name)) checks.emplace_back(check.info.name);
  }
  if (!checks.empty()) return checks;
  std::string advice = DidYouMean(Nearest(name, names));
  if (advice.empty()) advice = "`wcheck rules` lists the checks and their families";
  return Error{place, "there is no check '" + std::string(name) + "'", advice};
}

Status AddNames(const json::Value& list, CheckNames* out) {
  if (!list.is_array()) return json::WrongType(list, "a list of names of checks");
  for (const json::Value& name : list.items) {
    if (!name.is_string()) return json::WrongType(name, "the name of a check");
    if (Status added = AddChecks(name.string, name.where.place(), out); !added) return added;
  }
  return Unit{};
}

}  // namespace

Status AddChecks(std::string_view name, const Place& place, CheckNames* out) {
  Result<std::vector<std::string>> checks = ChecksOf(name, place);
  if (!checks) return checks.error();
  out->insert(checks->begin(), checks->end());
  return Unit{};
}

Result<std::optional<Severity>> ReadSeverity(std::string_view word, const Place& place) {
  if (word == "off") return std::optional<Severity>();
  if (std::optional<Severity> severity = ParseSeverity(word)) return severity;
  return Error{place, "'" + std::string(word) + "' is not a severity",
               "it can be note, warning, error or off"};
}

Status SeveritySettings::Set(std::string_view name, std::optional<Severity> severity,
                             const Place& place) {
  Result<std::vector<std::string>> checks = ChecksOf(name, place);
  if (!checks) return checks.error();
  auto& into = FindCheck(name) == nullptr ? by_family_ : by_check_;
  for (const std::string& check : *checks) into[check] = severity;
  return Unit{};
}

void SeveritySettings::ApplyTo(JudgeOptions* options) const {
  for (const auto* settings : {&by_family_, &by_check_}) {
    for (const auto& [check, severity] : *settings) {
      if (severity) {
        options->severity[check] = *severity;
        options->ignore.erase(check);
      } else {
        options->ignore.insert(check);
      }
    }
  }
}

void Configuration::ApplyTo(JudgeOptions* options) const {
  severity.ApplyTo(options);
  options->select.insert(select.begin(), select.end());
  options->ignore.insert(ignore.begin(), ignore.end());
}

void IgnoreInEntries(const Configuration& configuration, std::vector<Finding>* findings) {
  if (configuration.ignore_in.empty()) return;
  std::erase_if(*findings, [&](const Finding& finding) {
    const std::string& entry = finding.transform ? finding.transform->entry : finding.subject;
    const auto found = configuration.ignore_in.find(entry);
    return found != configuration.ignore_in.end() && found->second.contains(finding.check);
  });
}

namespace {

// Reads the members of one file. Paths in it are relative to its folder.
class ConfigurationReader {
 public:
  explicit ConfigurationReader(std::string path) { out_.path = std::move(path); }

  Result<Configuration> Read(const json::Value& root) {
    if (!root.is_object()) return json::WrongType(root, "an object");
    for (const auto& [key, value] : root.members) {
      const auto reader = std::ranges::find(kReaders, key, &Reader::key);
      if (reader == std::end(kReaders)) return UnknownKey(key, value);
      if (Status read = (this->*reader->read)(value); !read) return read.error();
    }
    return std::move(out_);
  }

 private:
  struct Reader {
    std::string_view key;
    Status (ConfigurationReader::*read)(const json::Value& value);
  };

  static Error UnknownKey(const std::string& key, const json::Value& value) {
    std::vector<std::string_view> keys;
    std::string all;
    for (const Reader& reader : kReaders) {
      keys.push_back(reader.key);
      all += (all.empty() ? "" : ", ") + std::string(reader.key);
    }
    const std::string near = DidYouMean(Nearest(key, keys, 1));
    return Error{value.where.place(), "unknown key \"" + key + "\"",
                 near.empty() ? "the keys are " + all : near};
  }

  std::string Seen(const std::string& path) const {
    const fs::path seen = fs::path(out_.path).parent_path() / path;
    return seen.lexically_normal().string();
  }

  Status ReadSetting(const json::Value& value, std::string_view what, bool path, Setting* out) {
    if (!value.is_string() || value.string.empty()) return json::WrongType(value, what);
    if (path) {
      // Who opens a pull request may write this file.
      const std::string seen = Seen(value.string);
      const Status below = CheckBelow(seen, fs::path(out_.path).parent_path().string());
      if (!below) {
        return Error{value.where.place(), seen + ": " + below.error().message,
                     below.error().advice + "; a path on the command line may be anywhere"};
      }
    }
    *out = {path ? Seen(value.string) : value.string, value.where.place()};
    return Unit{};
  }
  Status ReadPath(const json::Value& value, std::string_view what, std::string* out) {
    Setting setting;
    Status read = ReadSetting(value, what, /*path=*/true, &setting);
    *out = std::move(setting.text);
    return read;
  }
  static Status ReadList(const json::Value& value, std::vector<std::string>* out) {
    if (!value.is_array()) return json::WrongType(value, "a list of strings");
    Result<std::vector<std::string>> strings = json::Strings(value);
    if (!strings) return strings.error();
    *out = *std::move(strings);
    return Unit{};
  }

  Status Mapping(const json::Value& value) {
    return ReadSetting(value, "the path of a mapping", /*path=*/true, &out_.mapping);
  }
  Status Layouts(const json::Value& value) {
    // Words, as for --layouts, or a path.
    const bool word = value.is_string() && LayoutChoiceOf(value.string);
    return ReadSetting(value, "the path of layouts", /*path=*/!word, &out_.layouts);
  }
  Status ReadEngine(const json::Value& value) {
    return ReadSetting(value, "the name of a release", /*path=*/false, &out_.engine);
  }
  Status ReadEngines(const json::Value& value) {
    if (!value.is_array()) return json::WrongType(value, "a list of releases");
    for (const json::Value& one : value.items) {
      Setting engine;
      Status read = ReadSetting(one, "the name of a release", /*path=*/false, &engine);
      if (!read) return read;
      out_.engines.push_back(std::move(engine));
    }
    return Unit{};
  }
  Status Models(const json::Value& value) { return ReadList(value, &out_.models); }
  Status AllowDrift(const json::Value& value) { return ReadList(value, &out_.allow_drift); }
  Status Accepted(const json::Value& value) {
    return ReadPath(value, "the path of accepted changes", &out_.accepted);
  }
  Status BaselinePath(const json::Value& value) {
    if (value.is_string() && value.string == kBundledBaseline) {
      out_.baseline = value.string;
      return Unit{};
    }
    return ReadPath(value, "the path of a baseline, or \"bundled\"", &out_.baseline);
  }
  Status Select(const json::Value& value) { return AddNames(value, &out_.select); }
  Status Ignore(const json::Value& value) { return AddNames(value, &out_.ignore); }
  Status FailOn(const json::Value& value) {
    return ReadSetting(value, "error, warning, note or never", /*path=*/false, &out_.fail_on);
  }
  Status FailOnVerdict(const json::Value& value) {
    return ReadSetting(value, "compatible, breaking or never", /*path=*/false,
                       &out_.fail_on_verdict);
  }
  Status Format(const json::Value& value) {
    return ReadSetting(value, "the name of a format", /*path=*/false, &out_.format);
  }
  Status ExpectedKeys(const json::Value& value) { return ReadList(value, &out_.expected_keys); }
  Status AllowUnjudged(const json::Value& value) {
    if (!value.is_bool()) return json::WrongType(value, "true or false");
    out_.allow_unjudged = value.boolean;
    return Unit{};
  }
  Status Severities(const json::Value& value) {
    if (!value.is_object()) return json::WrongType(value, "an object: check to severity");
    for (const auto& [name, level] : value.members) {
      if (!level.is_string()) return json::WrongType(level, "note, warning, error or off");
      const auto severity = ReadSeverity(level.string, level.where.place());
      if (!severity) return severity.error();
      Status set = out_.severity.Set(name, *severity, level.name_where.place());
      if (!set) return set;
    }
    return Unit{};
  }
  Status IgnoreIn(const json::Value& value) {
    if (!value.is_object()) return json::WrongType(value, "an object: entry to checks");
    for (const auto& [entry, checks] : value.members) {
      if (Status added = AddNames(checks, &out_.ignore_in[entry]); !added) return added;
    }
    return Unit{};
  }

  using Self = ConfigurationReader;
  static constexpr Reader kReaders[] = {
      {"mapping", &Self::Mapping},
      {"layouts", &Self::Layouts},
      {"engine", &Self::ReadEngine},
      {"engines", &Self::ReadEngines},
      {"models", &Self::Models},
      {"select", &Self::Select},
      {"ignore", &Self::Ignore},
      {"ignore-in", &Self::IgnoreIn},
      {"severity", &Self::Severities},
      {"baseline", &Self::BaselinePath},
      {"accepted", &Self::Accepted},
      {"fail-on", &Self::FailOn},
      {"fail-on-verdict", &Self::FailOnVerdict},
      {"format", &Self::Format},
      {"allow-drift", &Self::AllowDrift},
      {"allow-unjudged", &Self::AllowUnjudged},
      {"expected-keys", &Self::ExpectedKeys},
  };

  Configuration out_;
};

// Whether there is something of this name, even if it cannot be read. A folder that cannot be
// searched is an error: nobody knows what it has.
Result<bool> Exists(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (status.type() == fs::file_type::not_found) return false;
  if (error) return Error{{path.string(), 0, 0, ""}, "it cannot be read: " + error.message(), ""};
  return true;
}

// As seen from the working directory.
std::string Shown(const fs::path& path) {
  std::error_code error;
  const fs::path near = fs::proximate(path, error);
  return error || near.empty() ? path.string() : near.string();
}

Result<std::optional<Configuration>> ReadIn(const fs::path& folder) {
  const fs::path json_path = folder / kConfigName;
  const fs::path toml_path = folder / kTomlName;
  const Result<bool> has_json = Exists(json_path);
  if (!has_json) return has_json.error();
  const Result<bool> has_toml = *has_json ? Result<bool>(false) : Exists(toml_path);
  if (!has_toml) return has_toml.error();
  if (!*has_json && !*has_toml) return std::optional<Configuration>();
  const std::string path = Shown(*has_json ? json_path : toml_path);
  // Found by its name, so it must not be a link to something else.
  if (Status below = CheckBelow(path, folder.string()); !below) return below.error();
  Result<std::string> text = ReadFile(path, kMaxSettingsFile);
  if (!text) return text.error();
  const SourceFile file(path, std::move(*text));
  std::optional<json::Value> root;
  if (*has_json) {
    Result<json::Value> parsed = json::Parse(file);
    if (!parsed) return parsed.error();
    root = *std::move(parsed);
  } else {
    Result<std::optional<json::Value>> table = ReadTomlTable(file, {"tool", "wcheck"});
    if (!table) return table.error();
    root = *std::move(table);
    if (!root) return std::optional<Configuration>();
  }
  Result<Configuration> read = ConfigurationReader(path).Read(*root);
  if (!read) return read.error();
  return std::optional(*std::move(read));
}

}  // namespace

Result<Configuration> FindConfiguration(const std::string& folder) {
  std::error_code error;
  for (fs::path at = fs::weakly_canonical(fs::absolute(folder, error), error); !at.empty();
       at = at.parent_path()) {
    Result<std::optional<Configuration>> read = ReadIn(at);
    if (!read) return read.error();
    if (*read) return **std::move(read);
    // What lies around a repository is not of the project.
    const Result<bool> is_repository = Exists(at / ".git");
    if (!is_repository) return is_repository.error();
    if (*is_repository || at == at.parent_path()) break;
  }
  return Configuration{};
}

}  // namespace wcheck
