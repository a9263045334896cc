#include <array>

#include "report/comparison_report.h"

namespace wcheck {

std::span<const ComparisonFormat> ComparisonFormats() {
  static constexpr std::array kFormats = {
      ComparisonFormat{"text", WriteComparisonText},
      ComparisonFormat{"json", WriteComparisonJson},
      ComparisonFormat{"markdown", WriteComparisonMarkdown},
      ComparisonFormat{"github", WriteComparisonGithub},
      ComparisonFormat{"html", WriteComparisonHtml},
  };
  return kFormats;
}

}  // namespace wcheck
