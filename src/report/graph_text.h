// A transform graph, written down.
#pragma once

#include <string>

#include "wcheck/result.h"

#include "analysis/graph.h"

namespace wcheck {

// The graph in the DOT language.
std::string DotText(const TransformGraph& graph);

// The graph laid out, as a standalone SVG document. Graphviz's layout library is loaded on the
// first call; an error if it is not there or fails. Text is measured by built-in tables, not by the
// machine's fonts, so that the same graph gives the same bytes everywhere.
Result<std::string> SvgText(const TransformGraph& graph);

}  // namespace wcheck
