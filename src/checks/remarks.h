// Checks that report what the reader of a registry remarked: one kind of remark, one row of the
// table.
#pragma once

#include "checks/check.h"

namespace wcheck {

// A finding for each remark of a kind.
void ReportRemarks(ReaderRemark::Kind kind, const RegistryContext& context, FindingSink* sink);

// The same, as a registry function.
template <ReaderRemark::Kind kKind>
void CheckRemarks(const RegistryContext& context, FindingSink* sink) {
  ReportRemarks(kKind, context, sink);
}

}  // namespace wcheck
