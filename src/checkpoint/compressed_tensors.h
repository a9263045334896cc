// The modules of the compressed-tensors package (0.20.1: quantization/lifecycle/initialize.py,
// utils/match.py, compressors/): its schemes have targets of their own, and formats that decide
// which tensors a module has.
#pragma once

#include <optional>

#include "checkpoint/quantiser_table.h"

namespace wcheck {

std::optional<QuantisedTensors> CompressedTensorsModule(const QuantisableModule& module,
                                                        const QuantiserSettings& settings);
std::optional<QuantisedTensors> CompressedTensorsExperts(const FusedExperts& experts,
                                                         const QuantiserSettings& settings);

}  // namespace wcheck
