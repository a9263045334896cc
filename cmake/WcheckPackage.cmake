# The Debian packages, made by cpack (`./bootstrap package`): wcheck, the program, and libwcheck-dev,
# the libraries.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME wcheck)
set(CPACK_PACKAGE_VENDOR "the wcheck authors")
set(CPACK_PACKAGE_CONTACT "The wcheck authors <wcheck@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program development)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME wcheck)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
"wcheck reads the conversion mapping of a model library (Hugging Face
transformers above all), simulates loading and saving over every key of every
model class as the library's engine would, and reports what breaks. It needs
neither Python nor the library itself.")
# What the program is linked to, with versions; Graphviz, which only SVG needs, is loaded when used.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "libgvc6")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libwcheck-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
"The libraries that wcheck is made of, static, with their headers and the CMake
package: find_package(wcheck).")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "wcheck (= ${PROJECT_VERSION}), pkg-config, liblzma-dev, libpcre2-dev, libre2-dev, libsimdjson-dev, nlohmann-json3-dev")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_RECOMMENDS "libgraphviz-dev, llvm-14-dev, zlib1g-dev")
include(CPack)
