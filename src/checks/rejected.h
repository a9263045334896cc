// Checks for transforms that do not construct: the library cannot even be imported with them.
#pragma once

#include "checks/check.h"

namespace wcheck {

// What the engine's constructor rejects: a pattern, or how a transform is put together.
enum class Rejected : uint8_t { kPattern, kTransform };

// A finding for each rejected transform that the class reaches, or that the registry has. A mapping
// with one cannot be imported, so a checkpoint is not loaded by it either.
void ReportRejected(Rejected what, const ClassContext& context, FindingSink* sink);
void ReportRejected(Rejected what, const RegistryContext& context, FindingSink* sink);
void ReportRejected(Rejected what, const CheckpointOutcome& outcome, FindingSink* sink);

// The same, as a class function and a registry function.
template <Rejected kWhat>
void CheckRejected(const ClassContext& context, FindingSink* sink) {
  ReportRejected(kWhat, context, sink);
}
template <Rejected kWhat>
void CheckRejected(const RegistryContext& context, FindingSink* sink) {
  ReportRejected(kWhat, context, sink);
}
template <Rejected kWhat>
void CheckRejected(const CheckpointOutcome& outcome, FindingSink* sink) {
  ReportRejected(kWhat, outcome, sink);
}

}  // namespace wcheck
