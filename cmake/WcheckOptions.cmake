# Compiler settings shared by all targets.
option(WCHECK_SANITIZE "Build with the address and undefined-behaviour sanitizers" OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
if(WCHECK_SANITIZE)
  # Optimized a little, so that the whole suite runs in reasonable time; asserts stay on.
  set(CMAKE_C_FLAGS_DEBUG "-O1 -g1")
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -D_GLIBCXX_ASSERTIONS")
endif()

# The version is written once, in project().
configure_file(${PROJECT_SOURCE_DIR}/include/wcheck/version.h.in
               ${PROJECT_BINARY_DIR}/include/wcheck/version.h @ONLY)

add_library(wcheck_options INTERFACE)
target_include_directories(wcheck_options INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
  $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(wcheck_options INTERFACE cxx_std_20)
# Everywhere, or the precompiled headers fit only the half of the files that asks for threads.
target_compile_options(wcheck_options INTERFACE -pthread)
# Warnings are ours; who uses the installed libraries has their own.
set(WCHECK_WARNINGS -Wall -Wextra -Wpedantic -Wno-unused-parameter
                    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 warns of sound concatenations of strings (its bug 105651). It does so in its own headers,
  # where warnings are off, unless those are precompiled.
  list(APPEND WCHECK_WARNINGS -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow
                              -Wno-stringop-overread)
endif()
target_compile_options(wcheck_options INTERFACE "$<BUILD_INTERFACE:${WCHECK_WARNINGS}>")
if(WCHECK_SANITIZE)
  target_compile_options(wcheck_options INTERFACE -fsanitize=address,undefined
                         -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(wcheck_options INTERFACE -fsanitize=address,undefined)
  # Debug information names files as seen from the source folder: what is installed tells of no
  # folder of the machine that built it.
  target_compile_options(wcheck_options INTERFACE
                         "$<BUILD_INTERFACE:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.>")
endif()

find_program(WCHECK_CCACHE ccache)
mark_as_advanced(WCHECK_CCACHE)
if(WCHECK_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${WCHECK_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${WCHECK_CCACHE})
endif()

# The standard headers that nearly every file includes are read once for all of them: a third of the
# processor time of a build went into reading them again. They are no substitute for a file's own
# #includes, which the sanitizer and fuzz builds check by doing without.
option(WCHECK_PRECOMPILED_HEADERS "Precompile the standard headers" ON)
if(WCHECK_SANITIZE OR WCHECK_FUZZ)
  set(WCHECK_PRECOMPILED_HEADERS OFF)
endif()
if(WCHECK_PRECOMPILED_HEADERS)
  add_library(wcheck_standard_headers STATIC ${PROJECT_SOURCE_DIR}/cmake/standard_headers.cc)
  target_link_libraries(wcheck_standard_headers PRIVATE wcheck_options)
  target_precompile_headers(wcheck_standard_headers PRIVATE
    ${PROJECT_SOURCE_DIR}/cmake/standard_headers.h)
endif()

# wcheck_use_precompiled_headers(target)
function(wcheck_use_precompiled_headers target)
  if(WCHECK_PRECOMPILED_HEADERS)
    target_precompile_headers(${target} REUSE_FROM wcheck_standard_headers)
  endif()
endfunction()

# wcheck_add_library(name DEPENDS lib …): one room of the house, made of all sources of the current
# folder. It is installed, as wcheck::name, unless it is INTERNAL (WcheckInstall).
function(wcheck_add_library name)
  cmake_parse_arguments(ARG "INTERNAL" "" "DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  add_library(wcheck_${name} STATIC ${sources})
  target_link_libraries(wcheck_${name} PUBLIC wcheck_options ${ARG_DEPENDS}
                        PRIVATE ${ARG_PRIVATE_DEPENDS})
  wcheck_use_precompiled_headers(wcheck_${name})
  if(NOT ARG_INTERNAL)
    wcheck_install_library(${name})
  endif()
endfunction()
