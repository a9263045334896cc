# wcheck_llvm: LLVM Support, linked statically so that start-up stays in milliseconds. Imported, so
# that installed targets name it instead of this machine's paths; the package file of the installed
# wcheck includes this one too.
find_package(LLVM 14 REQUIRED CONFIG)
if(NOT TARGET wcheck_llvm)
  add_library(wcheck_llvm INTERFACE IMPORTED)
  target_include_directories(wcheck_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
  llvm_map_components_to_libnames(WCHECK_LLVM_LIBS support)
  # as-needed: the static library names more shared ones than wcheck calls.
  target_link_libraries(wcheck_llvm INTERFACE -Wl,--as-needed ${WCHECK_LLVM_LIBS})
endif()
