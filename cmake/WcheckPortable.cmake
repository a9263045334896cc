# WCHECK_PORTABLE: a program that is linked with nothing but the C library, and with that of glibc 2.28
# or newer, so that one file runs on every Linux of the last years. `./bootstrap wheel` builds it in
# build-portable/. The value is the folder that tools/portable_dependencies made:
#   libc/    what a program is linked with on Debian 11: an older C library than this machine's
#   lib/     libsimdjson.a, libgraphviz.a (cmake/portable/CMakeLists.txt)
# Objects are compiled as always: what they call of a newer C library is in cmake/portable/newer_libc.c,
# and a call that is not there does not link.
set(WCHECK_PORTABLE "" CACHE PATH "Link statically, with what is in this folder (tools/portable_dependencies)")

# simdjson::simdjson, of which Debian has no static library.
if(WCHECK_PORTABLE)
  add_library(simdjson::simdjson STATIC IMPORTED)
  set_target_properties(simdjson::simdjson PROPERTIES
    IMPORTED_LOCATION ${WCHECK_PORTABLE}/lib/libsimdjson.a)
endif()

# The static library of this name.
function(wcheck_find_archive variable name)
  find_library(WCHECK_ARCHIVE_${name} NAMES lib${name}.a REQUIRED)
  mark_as_advanced(WCHECK_ARCHIVE_${name})
  set(${variable} ${WCHECK_ARCHIVE_${name}} PARENT_SCOPE)
endfunction()

# wcheck_link_statically(): turns the targets of WcheckDependencies into their static libraries.
function(wcheck_link_statically)
  if(NOT WCHECK_PORTABLE)
    return()
  endif()
  foreach(name lzma re2 pcre2-8 z tinfo)
    wcheck_find_archive(${name} ${name})
  endforeach()
  set_target_properties(LibLZMA::LibLZMA PROPERTIES IMPORTED_LOCATION ${lzma})
  set_target_properties(PkgConfig::RE2 PROPERTIES INTERFACE_LINK_LIBRARIES ${re2})
  set_target_properties(PkgConfig::PCRE2 PROPERTIES INTERFACE_LINK_LIBRARIES ${pcre2-8})
  set_target_properties(PkgConfig::CGRAPH PROPERTIES
    INTERFACE_LINK_LIBRARIES "${WCHECK_PORTABLE}/lib/libgraphviz.a;m")
  set_target_properties(LLVMSupport PROPERTIES
    INTERFACE_LINK_LIBRARIES "rt;dl;m;${z};${tinfo};LLVMDemangle")
endfunction()

# wcheck_make_portable(target): links a program so; does nothing in other builds.
function(wcheck_make_portable target)
  if(NOT WCHECK_PORTABLE)
    return()
  endif()
  target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/portable/newer_libc.c)
  # Start files and C library of that folder come before this machine's.
  target_link_options(${target} PRIVATE -B${WCHECK_PORTABLE}/libc -L${WCHECK_PORTABLE}/libc
    -static-libstdc++ -static-libgcc -Wl,--gc-sections -s
    -Wl,--wrap=pow,--wrap=exp,--wrap=log,--wrap=log2,--wrap=exp2)
endfunction()
