# Writes the part of the exporter that chooses configurations, which is between its headings
# "--- Configurations" and "--- Classes": cmake -DINPUT=… -DOUTPUT=… -P Recipes.cmake
file(READ ${INPUT} text)
string(FIND "${text}" "# --- Configurations" begin)
string(FIND "${text}" "# --- Classes" end)
if(begin EQUAL -1 OR end EQUAL -1)
  message(FATAL_ERROR "${INPUT}: no configurations between its headings")
endif()
math(EXPR length "${end} - ${begin}")
string(SUBSTRING "${text}" ${begin} ${length} section)
file(WRITE ${OUTPUT} "import dataclasses
from _recipes import fnmatchcase as _fnmatchcase


class fnmatch:
    fnmatchcase = staticmethod(_fnmatchcase)


${section}")
