#include "project/configuration.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "checks/check.h"
#include "project/suggestions.h"
#include "support/file.h"
#include "support/json.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kConfigName = ".wcheck.json";

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

Result<Severity> ReadSeverity(std::string_view word, const Place& place) {
  if (std::optional<Severity> severity = ParseSeverity(word)) return *severity;
  return Error{place, "'" + std::string(word) + "' is not a severity",
               "it can be note, warning or error"};
}

Status SeveritySettings::Set(std::string_view name, Severity severity, const Place& place) {
  Result<std::vector<std::string>> checks = ChecksOf(name, place);
  if (!checks) return checks.error();
  auto& into = FindCheck(name) == nullptr ? by_family_ : by_check_;
  for (const std::string& check : *checks) into[check] = severity;
  return Unit{};
}

void SeveritySettings::ApplyTo(JudgeOptions* options) const {
  for (const auto& [check, severity] : by_family_) options->severity[check] = severity;
  for (const auto& [check, severity] : by_check_) options->severity[check] = severity;
}

std::string FindConfiguration() {
  std::error_code error;
  for (fs::path folder = fs::current_path(error); !error && !folder.empty();
       folder = folder.parent_path()) {
    const fs::path path = folder / kConfigName;
    if (fs::exists(path, error)) return path.string();
    if (folder == folder.parent_path()) break;
  }
  return "";
}

Status ReadConfiguration(const std::string& path, JudgeOptions* options, std::string* baseline) {
  Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  const SourceFile file(path, std::move(*text));
  const Result<json::Value> root = json::Parse(file);
  if (!root) return root.error();
  if (!root->is_object()) return json::WrongType(*root, "an object");
  for (const auto& [key, value] : root->members) {
    Status status = Unit{};
    if (key == "select") {
      status = AddNames(value, &options->select);
    } else if (key == "ignore") {
      status = AddNames(value, &options->ignore);
    } else if (key == "severity") {
      if (!value.is_object()) return json::WrongType(value, "an object: check to severity");
      SeveritySettings severities;
      for (const auto& [name, level] : value.members) {
        if (!level.is_string()) return json::WrongType(level, "note, warning or error");
        const Result<Severity> severity = ReadSeverity(level.string, level.where.place());
        if (!severity) return severity.error();
        status = severities.Set(name, *severity, level.name_where.place());
        if (!status) return status;
      }
      severities.ApplyTo(options);
    } else if (key == "baseline") {
      if (!value.is_string()) return json::WrongType(value, "the path of a baseline");
      // Relative to the file that names it.
      if (baseline != nullptr) *baseline = (fs::path(path).parent_path() / value.string).string();
    } else {
      return Error{value.where.place(), "unknown key \"" + key + "\"",
                   "the keys are select, ignore, severity and baseline"};
    }
    if (!status) return status;
  }
  return Unit{};
}

}  // namespace wcheck
