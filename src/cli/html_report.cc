#include "cli/html_report.h"

#include <filesystem>

#include "engine/simulation.h"
#include "report/html.h"
#include "support/folder.h"

namespace wcheck::cli {
namespace {

constexpr std::string_view kIndex = "index.html";

// The data for the pages of one run.
class Pages {
 public:
  Pages(const Inputs& inputs, const Engine& engine, const ReportInput& report)
      : inputs_(inputs),
        compiled_(*inputs.registry, engine),
        written_(*inputs.registry),
        run_{report, *inputs.registry, written_, engine.name} {}

  std::string Model(const Layout& layout, std::string_view index) const {
    return HtmlModelPage(run_, Simulate(layout, compiled_, {}), index);
  }

  std::string Index(const std::vector<HtmlClass>& classes) const {
    return HtmlIndexPage(run_, classes);
  }

 private:
  const Inputs& inputs_;
  CompiledRegistry compiled_;
  WrittenTransforms written_;
  HtmlRun run_;
};

HtmlClass LineOf(const Layout& layout, std::string file) {
  return {layout.class_name, layout.model_type, layout.key_count(), layout.families.size(),
          std::move(file)};
}

}  // namespace

bool NamesFolder(const std::string& path) {
  std::error_code ignored;
  return path.ends_with('/') || std::filesystem::is_directory(path, ignored);
}

Result<std::string> HtmlReport(const Inputs& inputs, const std::vector<size_t>& classes,
                               const Engine& engine, const ReportInput& report) {
  const Pages pages(inputs, engine, report);
  std::vector<HtmlClass> lines;
  for (size_t i : classes) {
    const Result<Layout> layout = inputs.layouts->Read(i);
    if (!layout) return layout.error();
    if (classes.size() == 1) return pages.Model(*layout, "");
    lines.push_back(LineOf(*layout, ""));
  }
  return pages.Index(lines);
}

Status WriteHtmlFolder(const std::string& path, const Inputs& inputs,
                       const std::vector<size_t>& classes, const Engine& engine,
                       const ReportInput& report) {
  Result<NewFolder> folder = NewFolder::Create(path, ".html", HtmlGeneratorMark());
  if (!folder) return folder.error();
  std::vector<std::string> names;
  names.reserve(classes.size());
  for (size_t i : classes) names.emplace_back(inputs.layouts->class_name(i));
  const std::vector<std::string> files = HtmlFileNames(names);
  const Pages pages(inputs, engine, report);
  std::vector<HtmlClass> lines;
  for (size_t i = 0; i < classes.size(); ++i) {
    const Result<Layout> layout = inputs.layouts->Read(classes[i]);
    if (!layout) return layout.error();
    lines.push_back(LineOf(*layout, files[i]));
    const std::string page = pages.Model(*layout, kIndex);
    if (Status written = folder->Write(files[i], page); !written) return written.error();
  }
  if (Status written = folder->Write(std::string(kIndex), pages.Index(lines)); !written) return written.error();
  return folder->Finish();
}

}  // namespace wcheck::cli
