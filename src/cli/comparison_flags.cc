#include "cli/comparison_flags.h"

#include <algorithm>
#include <filesystem>

#include <llvm/Support/raw_ostream.h>

#include "wcheck/version.h"

#include "cli/command_line.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

constexpr std::pair<std::string_view, std::optional<Compatibility>> kFailOnVerdicts[] = {
    {"compatible", Compatibility::kCompatible},
    {"breaking", Compatibility::kBreaking},
    {"never", std::nullopt},
};

// LLVM keeps a reference to the text.
const std::string& ComparisonFormatHelp() {
  static const std::string kText = [] {
    std::string names;
    for (const ComparisonFormat& format : ComparisonFormats()) {
      names += (names.empty() ? "" : ", ") + std::string(format.name);
    }
    return "How to report: " + names +
           " (default: " + std::string(ComparisonFormats().front().name) + ')';
  }();
  return kText;
}

}  // namespace

std::vector<std::pair<std::string_view, const ComparisonFormat*>> ComparisonFormatsByName() {
  std::vector<std::pair<std::string_view, const ComparisonFormat*>> formats;
  for (const ComparisonFormat& format : ComparisonFormats()) {
    formats.emplace_back(format.name, &format);
  }
  return formats;
}

ComparisonFlags::ComparisonFlags()
    : format_name_("format", cl::value_desc("name"), cl::ZeroOrMore,
                   cl::init(std::string(ComparisonFormats().front().name)),
                   cl::desc(ComparisonFormatHelp()), cl::cat(OutputOptions())),
      fail_on_name_("fail-on", cl::value_desc("verdict"), cl::ZeroOrMore, cl::init("compatible"),
                    cl::desc("Exit with status 1 from this verdict on, or on a new error: "
                             "compatible, breaking, or never (default: compatible)"),
                    cl::cat(OutputOptions())),
      all_("all", cl::ZeroOrMore, cl::desc("Show everything (text; default: what fits a screen)"),
           cl::cat(OutputOptions())),
      allow_unjudged_("allow-unjudged", cl::ZeroOrMore, cl::desc(kAllowUnjudgedHelp),
                      cl::cat(OutputOptions())),
      out_("o", cl::value_desc("file"), cl::ZeroOrMore,
           cl::desc("Write to this file, completely or not at all"), cl::cat(OutputOptions())) {}

Status ComparisonFlags::Parse(const Configuration& configuration) {
  const auto format = ChooseFormat<const ComparisonFormat*>(
      format_name_, out_, configuration.format, ComparisonFormatsByName());
  if (!format) return format.error();
  format_ = *format;
  const bool configured =
      fail_on_name_.getNumOccurrences() == 0 && !configuration.fail_on_verdict.empty();
  const auto fail_on = ParseChoice<std::optional<Compatibility>>(
      "fail-on", configured ? configuration.fail_on_verdict.text : fail_on_name_.getValue(),
      kFailOnVerdicts);
  if (!fail_on) {
    return configured ? Error{configuration.fail_on_verdict.place, fail_on.error().message, ""}
                      : fail_on.error();
  }
  fail_on_ = *fail_on;
  accepts_unjudged_ = allow_unjudged_ || configuration.allow_unjudged;
  return Unit{};
}

Outcome ComparisonFlags::OutcomeOf(const Comparison& comparison) const {
  if (!fail_on_) return Outcome::kClean;
  const bool drifts = *fail_on_ <= Compatibility::kCompatible &&
                      comparison.compatible > comparison.allowed;
  const bool breaks = comparison.breaking > comparison.accepted;
  const bool new_error = std::ranges::any_of(comparison.new_findings, [](const Finding& finding) {
    return finding.severity == Severity::kError;
  });
  if (breaks || drifts || new_error) return Outcome::kFindings;
  return comparison.not_judged.empty() || accepts_unjudged_ ? Outcome::kClean : Outcome::kNotJudged;
}

Result<ExitStatus> ComparisonFlags::Report(const Comparison& comparison,
                                           const Scope& before, const Scope& after,
                                           bool hints) const {
  const Outcome outcome = OutcomeOf(comparison);
  const bool text_report = format_ == &ComparisonFormats().front();
  if (Quiet() && text_report && outcome == Outcome::kClean) return kClean;
  Output output(out_);
  std::error_code ignored;
  const std::string folder = std::filesystem::current_path(ignored);
  std::string text;
  llvm::raw_string_ostream stream(text);
  format_->write({.comparison = comparison,
                  .version = kVersion,
                  .before = before,
                  .after = after,
                  .outcome = outcome,
                  .hints = hints,
                  .all = all_,
                  .color = output.standard() && StandardOutputHasColors(),
                  .folder = folder},
                 &stream);
  stream.flush();
  if (Status written = output.Write(text); !written) return written.error();
  if (Status finished = output.Finish(); !finished) return finished.error();
  return StatusOf(outcome);
}

}  // namespace wcheck::cli
