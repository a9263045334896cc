#include "cli/jobs_flag.h"

#include "cli/command_line.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

}  // namespace

JobsFlag::JobsFlag()
    : jobs_("jobs", cl::value_desc("n"), cl::ZeroOrMore, cl::init(0),
            cl::desc("Use this many threads (default: one per core)"), cl::cat(OutputOptions())) {}

}  // namespace wcheck::cli
