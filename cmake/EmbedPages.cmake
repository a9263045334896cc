# Makes the pages of docs/checks part of the program: writes a C++ file that defines CheckPage
# (wcheck/report/check_page.h).
#
# As a module: wcheck_embed_pages(TARGET FOLDER) adds that file to a target.
# As a script: cmake -DFOLDER=… -DOUTPUT=… -P EmbedPages.cmake writes it.
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  file(GLOB pages ${FOLDER}/*.md)
  list(SORT pages)
  set(functions "")
  foreach(page IN LISTS pages)
    get_filename_component(name ${page} NAME_WE)
    file(READ ${page} text)
    string(FIND "${text}" ")page\"" end)
    if(NOT end EQUAL -1)
      message(FATAL_ERROR "${page}: holds the characters )page\" that end its text in C++")
    endif()
    string(APPEND functions "  if (check == \"${name}\") return R\"page(${text})page\";\n")
  endforeach()
  file(WRITE ${OUTPUT} "// Made from docs/checks by cmake/EmbedPages.cmake.
#include \"wcheck/report/check_page.h\"

namespace wcheck {

std::string_view CheckPage([[maybe_unused]] std::string_view check) {
${functions}  return \"\";
}

}  // namespace wcheck
")
  return()
endif()

set(WCHECK_EMBED_PAGES ${CMAKE_CURRENT_LIST_FILE})
function(wcheck_embed_pages target folder)
  file(GLOB pages CONFIGURE_DEPENDS ${folder}/*.md)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/check_pages.cc)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DOUTPUT=${output} -P ${WCHECK_EMBED_PAGES}
    DEPENDS ${pages} ${WCHECK_EMBED_PAGES}
    COMMENT "Embedding the pages of the checks"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
