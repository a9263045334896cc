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
# Warnings are ours; who uses the installed libraries has their own.
set(WCHECK_WARNINGS -Wall -Wextra -Wpedantic -Wno-unused-parameter
                    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # It takes every file of a unity build but one for a header.
  list(APPEND WCHECK_WARNINGS -Wno-subobject-linkage)
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

option(WCHECK_UNITY "Compile several files of a library as one" ON)

# wcheck_add_library(name DEPENDS lib …): one room of the house, made of all sources of the current
# folder. It is installed, as wcheck::name, unless it is INTERNAL (WcheckInstall).
function(wcheck_add_library name)
  cmake_parse_arguments(ARG "INTERNAL" "" "DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  add_library(wcheck_${name} STATIC ${sources})
  target_link_libraries(wcheck_${name} PUBLIC wcheck_options ${ARG_DEPENDS}
                        PRIVATE ${ARG_PRIVATE_DEPENDS})
  # Several files of a room are compiled as one: what they include and instantiate is most of the
  # work, and is then done once. Names in anonymous namespaces must differ within a room.
  if(WCHECK_UNITY)
    set_target_properties(wcheck_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    # GCC stops inlining when a file has grown by 40 %, which eight files in one reach eight times
    # sooner: without this, judging all classes takes 3 % more instructions.
    target_compile_options(wcheck_${name} PRIVATE
                           "$<BUILD_INTERFACE:$<$<CXX_COMPILER_ID:GNU>:--param=inline-unit-growth=120>>")
  endif()
  if(NOT ARG_INTERNAL)
    wcheck_install_library(${name})
  endif()
endfunction()
