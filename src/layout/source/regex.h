// Python's `re` for the evaluator, by wcheck's own patterns.
#pragma once

#include "python/machine/machine.h"

namespace wcheck {

// Adds the module _re, on which stand_ins/re.py stands.
void SetUpRegex(machine::Machine& m);

}  // namespace wcheck
