# What `cmake --install` puts where: the program with its snapshot, manual page and completions
# (component "program"), and the libraries with their headers and CMake package ("development").
# Folders are those of GNUInstallDirs.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# The registries and layouts that come with the program (tools/make_bundle). The program looks for the
# file relative to itself, so that a prefix can be moved.
set(WCHECK_SNAPSHOT_NAME bundled.wcs)
set(WCHECK_SNAPSHOT ${PROJECT_SOURCE_DIR}/fixtures/${WCHECK_SNAPSHOT_NAME})
# Published names and the models that they are of (tools/make_published.py), beside it.
set(WCHECK_PUBLISHED ${PROJECT_SOURCE_DIR}/fixtures/published.wcp
                     ${PROJECT_SOURCE_DIR}/fixtures/published.wcs)

set(WCHECK_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/wcheck)
set(WCHECK_DATA_DIR ${CMAKE_INSTALL_DATADIR}/wcheck)
file(RELATIVE_PATH WCHECK_DATA_FROM_PROGRAM ${CMAKE_INSTALL_FULL_BINDIR}
     ${CMAKE_INSTALL_FULL_DATADIR}/wcheck)

# The report library needs Graphviz, the others do not: it is a CMake component of its own.
set(WCHECK_REPORT_LIBRARIES report)

# wcheck_install_library(name): installs wcheck_<name> as wcheck::<name>.
function(wcheck_install_library name)
  set(set core)
  if(name IN_LIST WCHECK_REPORT_LIBRARIES)
    set(set report)
  endif()
  set_target_properties(wcheck_${name} PROPERTIES EXPORT_NAME ${name})
  install(TARGETS wcheck_${name} EXPORT wcheck-${set}
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
endfunction()

# Makes the manual page and the completions, from the --help of the program.
function(wcheck_make_help_files)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  set(folder ${PROJECT_BINARY_DIR}/help)
  set(script ${PROJECT_SOURCE_DIR}/tools/make_help_files.py)
  set(files ${folder}/wcheck.1 ${folder}/wcheck.bash ${folder}/_wcheck ${folder}/wcheck.fish)
  add_custom_command(OUTPUT ${files}
    COMMAND Python3::Interpreter ${script} $<TARGET_FILE:wcheck> ${folder}
    DEPENDS wcheck ${script} COMMENT "Making the manual page and the completions" VERBATIM)
  add_custom_target(wcheck_help_files ALL DEPENDS ${files})
  install(FILES ${folder}/wcheck.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
  install(FILES ${folder}/wcheck.bash RENAME wcheck COMPONENT program
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${folder}/_wcheck COMPONENT program
          DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
  install(FILES ${folder}/wcheck.fish COMPONENT program
          DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endfunction()

# What a wheel has in other places (python/pyproject.toml): the program among the environment's
# scripts, the exporter in the Python package, and the licences of all that is linked in.
function(wcheck_install_wheel)
  install(TARGETS wcheck RUNTIME DESTINATION ${SKBUILD_SCRIPTS_DIR} COMPONENT program)
  install(FILES ${PROJECT_SOURCE_DIR}/tools/wcheck_export.py RENAME export.py
          DESTINATION ${SKBUILD_PLATLIB_DIR}/wcheck COMPONENT program)
  set(licences ${SKBUILD_METADATA_DIR}/licenses)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE
          DESTINATION ${licences} COMPONENT program)
  foreach(package libgraphviz-dev libkainjow-mustache-dev liblzma-dev libncurses-dev libpcre2-dev libre2-dev
                  libsimdjson-dev libstdc++-12-dev libtomlplusplus-dev llvm-14-dev nlohmann-json3-dev
                  zlib1g-dev)
    install(FILES /usr/share/doc/${package}/copyright RENAME ${package}.txt
            DESTINATION ${licences} COMPONENT program)
  endforeach()
endfunction()

# wcheck_install(): everything else; to be called when all targets are there.
function(wcheck_install)
  wcheck_make_help_files()
  if(SKBUILD)
    wcheck_install_wheel()
  else()
    install(TARGETS wcheck RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
  endif()
  install(FILES ${WCHECK_SNAPSHOT} ${WCHECK_PUBLISHED}
          DESTINATION ${WCHECK_DATA_DIR} COMPONENT program)
  # Debian's name for the licence; other systems do not mind.
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE RENAME copyright
          DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
  install(FILES ${PROJECT_SOURCE_DIR}/NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)

  # Libraries.
  wcheck_install_library(options)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/wcheck ${PROJECT_BINARY_DIR}/include/wcheck
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development
          FILES_MATCHING PATTERN "*.h" PATTERN "*.def")
  foreach(set core report)
    install(EXPORT wcheck-${set} NAMESPACE wcheck:: DESTINATION ${WCHECK_PACKAGE_DIR}
            COMPONENT development)
  endforeach()
  configure_package_config_file(
    ${PROJECT_SOURCE_DIR}/cmake/wcheck-config.cmake.in ${PROJECT_BINARY_DIR}/wcheck-config.cmake
    INSTALL_DESTINATION ${WCHECK_PACKAGE_DIR} PATH_VARS WCHECK_DATA_DIR)
  # Before 1.0 a minor version may change the interface.
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/wcheck-config-version.cmake
                                   COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/wcheck-config.cmake
                ${PROJECT_BINARY_DIR}/wcheck-config-version.cmake
                ${PROJECT_SOURCE_DIR}/cmake/WcheckLlvm.cmake
          DESTINATION ${WCHECK_PACKAGE_DIR} COMPONENT development)
endfunction()
