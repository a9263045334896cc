// `wcheck plan`: the names of a sharding plan that are no part of the model.
#include <string>
#include <utility>
#include <vector>

#include "analysis/sharding_plan.h"
#include "cli/command_line.h"
#include "cli/output.h"
#include "project/inputs.h"
#include "support/file.h"
#include "support/json.h"
#include "support/limits.h"
#include "support/printable.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

struct PlanReport {
  std::string text;
  bool faults = false;
};

Result<std::vector<std::string>> ReadPlan(const SourceFile& file) {
  const Result<json::Value> root = json::Parse(file);
  if (!root) return root.error();
  constexpr std::string_view kAdvice = "write it as a config's base_model_tp_plan: {\"layers.*.mlp\": \"rowwise\"}";
  if (!root->is_object() || root->members.empty()) {
    return json::WrongType(*root, "an object from names to ways of splitting", kAdvice);
  }
  std::vector<std::string> names;
  for (const auto& [name, value] : root->members) {
    if (!value.is_string()) return json::WrongType(value, "a string", kAdvice);
    names.push_back(name);
  }
  return names;
}

void AddRule(const UnmatchedRule& rule, const std::string& class_name, PlanReport* report) {
  report->faults = true;
  std::string line = "error: `" + rule.name + "` is no module and no parameter of " + class_name +
                     ", so nothing is split by it";
  if (rule.near) line += "; " + DidYouMean(*rule.near);
  report->text += Escaped(line, Medium::kLine) + '\n';
  for (const std::string& parameter : rule.uncovered) {
    report->text +=
        Escaped("  no name of the plan covers `" + parameter + "`", Medium::kLine) + '\n';
  }
}

Result<PlanReport> CheckPlan(const std::string& path, const std::string& layouts_path,
                             const std::vector<std::string>& globs) {
  Result<std::string> text = ReadFile(path, kMaxConfigFile);
  if (!text) return text.error();
  const SourceFile file(path, *std::move(text));
  const Result<std::vector<std::string>> names = ReadPlan(file);
  if (!names) return names.error();
  InputPaths paths;
  paths.layouts = layouts_path;
  paths.engine.engine = &DefaultEngine();
  const Result<Inputs> inputs = OpenInputs(paths);
  if (!inputs) return inputs.error();
  const Result<std::vector<size_t>> classes = SelectClasses(*inputs->layouts, globs);
  if (!classes) return classes.error();
  if (classes->size() != 1) {
    return Error{{path, 0, 0, ""},
                 "a plan is for one class, and " + std::to_string(classes->size()) + " are chosen",
                 "name the class with --model"};
  }
  const Result<Layout> layout = inputs->layouts->Read(classes->front());
  if (!layout) return layout.error();
  PlanReport report;
  for (const UnmatchedRule& rule : UnmatchedRules(*layout, *names)) {
    AddRule(rule, layout->class_name, &report);
  }
  if (!report.faults) {
    report.text = "All " + std::to_string(names->size()) + " names of the plan are in " +
                  Escaped(layout->class_name, Medium::kLine) + '\n';
  }
  return report;
}

}  // namespace

int RunPlan(const Arguments& arguments) {
  cl::opt<std::string> path(cl::Positional, cl::Required, cl::desc("tp_plan.json"),
                            cl::cat(InputOptions()));
  cl::list<std::string> models("model", cl::value_desc("class"),
                               cl::desc("The class that the plan is for"), cl::cat(InputOptions()));
  cl::opt<std::string> layouts(
      "layouts", cl::value_desc("file"), cl::ZeroOrMore,
      cl::desc("Read the models from this .jsonl or .jsonl.xz file (default: the bundled ones)"),
      cl::cat(InputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("Write to this file, completely or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(arguments,
                      "Finds the names of a sharding plan (base_model_tp_plan, as JSON) that are no "
                      "module and no parameter of the model: the library splits nothing by them, "
                      "and says nothing.")) {
    return kBadInput;
  }
  const Result<PlanReport> report = CheckPlan(path, layouts, {models.begin(), models.end()});
  if (!report) return Fail(report.error());
  Output output(out);
  Status status = output.Write(report->text);
  if (status) status = output.Finish();
  if (!status) return Fail(status.error());
  return report->faults ? kFindings : kClean;
}

}  // namespace wcheck::cli
