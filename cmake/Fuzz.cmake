# WCHECK_FUZZ: a build of the libFuzzer targets of tests/fuzz, and of nothing else that is a test.
# `./bootstrap fuzz` makes one in build-fuzz/ and runs them.
option(WCHECK_FUZZ "Build the fuzz targets (clang only)" OFF)
if(WCHECK_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "WCHECK_FUZZ needs clang (libFuzzer is part of it); the compiler is "
                        "${CMAKE_CXX_COMPILER_ID}. Set CC=clang-14 CXX=clang++-14.")
  endif()
  target_compile_options(wcheck_options INTERFACE -fsanitize=fuzzer-no-link)

  # wcheck_add_fuzz_target(name DEPENDS lib …): name_fuzz from name_fuzz.cc, part of all_fuzz_targets.
  add_custom_target(all_fuzz_targets)
  function(wcheck_add_fuzz_target name)
    cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
    add_executable(${name}_fuzz ${name}_fuzz.cc)
    target_link_libraries(${name}_fuzz PRIVATE ${ARG_DEPENDS})
    target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
    add_dependencies(all_fuzz_targets ${name}_fuzz)
  endfunction()
endif()
