// How cgraph numbers and writes our graphs.
#pragma once

#include <graphviz/cgraph.h>

namespace wcheck {

// Objects are numbered in the order of their creation, and agwrite's channel is a std::string.
Agdisc_t* CountingDiscipline();

}  // namespace wcheck
