# Embeds text files in the program: writes a C++ file that defines a function
# `std::string_view FUNCTION(std::string_view name)`, which returns the text of the file with that name,
# or "".
#
# As a module: wcheck_embed_files(TARGET FUNCTION HEADER FILES…) adds that file to a target. HEADER
# declares the function. The name of a file is without its folder, and of a page (.md) without its
# ending.
# As a script: cmake -DFUNCTION=… -DHEADER=… -DOUTPUT=… -DLIST=… -P EmbedFiles.cmake writes it, for
# the files that are named in the file LIST.
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  file(STRINGS ${LIST} files)
  set(cases "")
  foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME)
    string(REGEX REPLACE "\\.md$" "" name ${name})
    file(READ ${file} text)
    string(FIND "${text}" ")text\"" end)
    if(NOT end EQUAL -1)
      message(FATAL_ERROR "${file}: holds the characters )text\" that end its text in C++")
    endif()
    string(APPEND cases "  if (name == \"${name}\") return R\"text(${text})text\";\n")
  endforeach()
  file(WRITE ${OUTPUT} "// Made by cmake/EmbedFiles.cmake.
#include \"${HEADER}\"

namespace wcheck {

std::string_view ${FUNCTION}([[maybe_unused]] std::string_view name) {
${cases}  return \"\";
}

}  // namespace wcheck
")
  return()
endif()

set(WCHECK_EMBED_FILES ${CMAKE_CURRENT_LIST_FILE})
function(wcheck_embed_files target function header)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${function}.cc)
  set(list ${CMAKE_CURRENT_BINARY_DIR}/${function}.list)
  list(SORT ARGN)
  list(JOIN ARGN "\n" lines)
  file(CONFIGURE OUTPUT ${list} CONTENT "${lines}\n")
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DFUNCTION=${function} -DHEADER=${header} -DOUTPUT=${output}
            -DLIST=${list} -P ${WCHECK_EMBED_FILES}
    DEPENDS ${ARGN} ${list} ${WCHECK_EMBED_FILES}
    COMMENT "Embedding the files of ${function}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
