// The families of one model as the HTML page shows them: rows for people, and the data that the
// page's script needs to show their steps and to filter them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/round_table.h"
#include "report/html_page.h"

namespace wcheck {

// Sets "rows", and "has_same" if some row says "same name".
void AddRows(const Simulation& simulation, const RoundTable& table, HtmlData* data);

// The ways of a row's keys, step by step:
//   [[load way, …], [save way, …]], a way being
//   [key, [[transform, scope end, match begin, match end, replaced begin, replaced end, inserted],
//    …], from, to, operations, remark]
// with positions in UTF-16 units of the printable key. One element per row of `table`.
std::string RowWaysJson(const Simulation& simulation, const RoundTable& table);

// By family name, at the model's side and at the checkpoint's: the rows that contain it.
struct RowIndex {
  std::map<std::string, std::vector<size_t>> model;
  std::map<std::string, std::vector<size_t>> checkpoint;
};
RowIndex IndexRows(const RoundTable& table);

}  // namespace wcheck
