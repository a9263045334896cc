# wcheck_tree_sitter_python: the tree-sitter runtime (Debian's libtree-sitter-dev) with the Python
# grammar. The grammar is the npm package of tools/grammar/package.json; ./bootstrap installs it.
set(WCHECK_GRAMMAR_DIR "${CMAKE_SOURCE_DIR}/build/deps/node_modules/tree-sitter-python"
    CACHE PATH "The unpacked npm package tree-sitter-python")

if(NOT TARGET wcheck_tree_sitter_python)
  if(NOT EXISTS "${WCHECK_GRAMMAR_DIR}/src/parser.c")
    message(FATAL_ERROR
      "The Python grammar of tree-sitter is not at ${WCHECK_GRAMMAR_DIR} (no src/parser.c there).\n"
      "Run ./bootstrap, which installs it, or set WCHECK_GRAMMAR_DIR to an unpacked copy of the npm "
      "package tree-sitter-python.")
  endif()
  pkg_check_modules(TREE_SITTER REQUIRED IMPORTED_TARGET tree-sitter)

  # Somebody else's C: no warnings of ours, always optimised, and without debug information or names
  # of files, which would tell of this machine.
  add_library(wcheck_tree_sitter_python STATIC
    "${WCHECK_GRAMMAR_DIR}/src/parser.c" "${WCHECK_GRAMMAR_DIR}/src/scanner.c")
  target_include_directories(wcheck_tree_sitter_python PRIVATE "${WCHECK_GRAMMAR_DIR}/src")
  target_compile_options(wcheck_tree_sitter_python PRIVATE
    -w -O2 -g0 "-ffile-prefix-map=${WCHECK_GRAMMAR_DIR}=.")
  target_link_libraries(wcheck_tree_sitter_python PUBLIC PkgConfig::TREE_SITTER)
  wcheck_install_library(tree_sitter_python)
endif()
