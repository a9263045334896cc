// What a judged checkpoint means to its owner, as findings: checkpoint-missing,
// checkpoint-unexpected, checkpoint-shape and checkpoint-drift.
#pragma once

#include <vector>

#include "wcheck/checks/finding.h"
#include "wcheck/engine/checkpoint.h"

namespace wcheck {

// The findings in the order in which they should be read: what the checkpoint is compared with
// (counts and sizes that a config sets, notes), then what is wrong. Each kind comes once, with the
// most telling families as evidence. Empty for a checkpoint that is clean and has the layout's
// numbers.
//
// Severities: a key that stays uninitialised, a name that does not come back and an operation that
// raises are errors; keys that go nowhere are a warning, since a class may ignore them by design,
// and so are missing keys and odd shapes when the layout had to be fitted, because what another
// config leaves out is not known.
std::vector<Finding> CheckpointFindings(const CheckpointJudgement& judgement);

}  // namespace wcheck
