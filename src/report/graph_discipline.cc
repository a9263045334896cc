// cgraph's own discipline numbers objects by the addresses of their names, and keeps subgraphs in
// the order of these numbers: the same graph would be written, and laid out, in a different order
// each time. This discipline counts.
#include "report/graph_discipline.h"

#include <map>
#include <string>
#include <string_view>

namespace wcheck {
namespace {

// Names are stored as cgraph's own strings, because it prints them as such.
struct Names {
  Agraph_t* graph = nullptr;
  std::map<std::string, IDTYPE, std::less<>> ids;
  std::map<IDTYPE, char*> names;
  IDTYPE last = 0;
};

void* Open(Agraph_t* graph, Agdisc_t*) { return new Names{graph, {}, {}, 0}; }

void Close(void* state) {
  auto* names = static_cast<Names*>(state);
  for (const auto& [id, name] : names->names) agstrfree(names->graph, name);
  delete names;
}

// The number of a name, or a new one for an object without a name; 0 if it must not be created.
long Map(void* state, int, char* name, IDTYPE* id, int create) {
  auto& names = *static_cast<Names*>(state);
  if (name != nullptr) {
    if (auto found = names.ids.find(std::string_view(name)); found != names.ids.end()) {
      *id = found->second;
      return 1;
    }
  }
  if (create == 0) return 0;
  *id = ++names.last;
  if (name != nullptr) {
    names.ids.emplace(name, *id);
    names.names[*id] = agstrdup(names.graph, name);
  }
  return 1;
}

long Allocate(void*, int, IDTYPE) { return 0; }  // numbers cannot be chosen by others

void Free(void*, int, IDTYPE) {}

char* Print(void* state, int, IDTYPE id) {
  const auto& names = static_cast<Names*>(state)->names;
  auto found = names.find(id);
  return found == names.end() ? nullptr : found->second;
}

void Register(void*, int, void*) {}

int Append(void* channel, const char* text) {
  static_cast<std::string*>(channel)->append(text);
  return 0;
}

int Flush(void*) { return 0; }

}  // namespace

Agdisc_t* CountingDiscipline() {
  static Agiddisc_t ids{Open, Map, Allocate, Free, Print, Close, Register};
  static Agiodisc_t to_string{nullptr, Append, Flush};
  static Agdisc_t discipline{&AgMemDisc, &ids, &to_string};
  return &discipline;
}

}  // namespace wcheck
