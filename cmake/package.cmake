# SPDX-License-Identifier: Apache-2.0
# The Debian package: cpack --config build/release/CPackConfig.cmake
#
# It holds what `cmake --install` installs, with the program stripped, and what Debian has
# elsewhere or otherwise: the component `debian` in place of `site`.
install(FILES ${made}/_stalemark COMPONENT debian EXCLUDE_FROM_ALL
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
if(HELP2MAN)
    make_for_installation(stalemark.1.gz gzip -9nc ${made}/stalemark.1 > ${made}/stalemark.1.gz)
    add_custom_command(OUTPUT ${made}/stalemark.1.gz DEPENDS ${made}/stalemark.1 APPEND)
    install(FILES ${made}/stalemark.1.gz COMPONENT debian EXCLUDE_FROM_ALL
        DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()

# Python leaves compiled files beside scripts that root runs; they go before the package does.
set(removal ${CMAKE_BINARY_DIR}/package/prerm)
file(CONFIGURE OUTPUT ${removal} @ONLY CONTENT [[#!/bin/sh
set -e
find "$DPKG_ROOT/usr/@share@/scripts" -name __pycache__ -prune -exec rm -rf {} +
]])
file(CHMOD ${removal} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
    GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME stalemark)
set(CPACK_PACKAGE_CONTACT "Stalemark maintainers <maintainers@stalemark.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "measures what caching strategies cost")
set(CPACK_PACKAGE_DESCRIPTION "The same workload through every caching strategy over RocksDB, or\
 in virtual time: how fast, how stale, how lossy, how much load on the store, how complicated.\
 Scripts make a decision matrix, a report and a recommendation of the results.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR})
set(CPACK_STRIP_FILES TRUE)
set(CPACK_INSTALL_CMAKE_PROJECTS
    "${CMAKE_BINARY_DIR};stalemark;program;/;${CMAKE_BINARY_DIR};stalemark;debian;/")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
    GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS TRUE)  # The libraries, and the versions of them.
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "python3, python3-jinja2, python3-jsonschema,\
 python3-matplotlib, python3-numpy, python3-scipy, python3-tqdm")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${removal})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION TRUE)
include(CPack)
