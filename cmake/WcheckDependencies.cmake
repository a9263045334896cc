# The libraries that wcheck stands on, all from Debian; ./bootstrap installs them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(LibLZMA REQUIRED)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(CGRAPH REQUIRED IMPORTED_TARGET libcgraph)
find_package(LLVM 14 REQUIRED CONFIG)

# LLVM Support, linked statically so that start-up stays in milliseconds.
add_library(wcheck_llvm INTERFACE)
target_include_directories(wcheck_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
llvm_map_components_to_libnames(WCHECK_LLVM_LIBS support)
# as-needed: the static library names more shared ones than wcheck calls.
target_link_libraries(wcheck_llvm INTERFACE -Wl,--as-needed ${WCHECK_LLVM_LIBS})
