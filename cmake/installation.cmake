# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` and CPack put where. The target `installation` makes what is to be
# installed: the program, and what it says of itself for shells and for man.
include(GNUInstallDirs)

set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY TRUE)  # Tests are no part of it.
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME program)
set(share ${CMAKE_INSTALL_DATADIR}/stalemark)
set(made ${CMAKE_BINARY_DIR}/installation)
file(MAKE_DIRECTORY ${made})

# Adds to what is made: installation/FILE, by the command.
add_custom_target(installation ALL DEPENDS stalemark)
function(make_for_installation file)
    add_custom_command(OUTPUT ${made}/${file} DEPENDS stalemark COMMAND ${ARGN} VERBATIM)
    add_custom_target(make_${file} DEPENDS ${made}/${file})
    add_dependencies(installation make_${file})
endfunction()

make_for_installation(stalemark.bash stalemark completion bash > ${made}/stalemark.bash)
make_for_installation(_stalemark stalemark completion zsh > ${made}/_stalemark)
install(TARGETS stalemark)
install(FILES ${made}/stalemark.bash RENAME stalemark
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
# Debian's zsh looks elsewhere for what packages bring: cmake/package.cmake.
install(FILES ${made}/_stalemark COMPONENT site
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)

find_program(HELP2MAN help2man)
if(HELP2MAN)
    set(more ${CMAKE_SOURCE_DIR}/docs/man/stalemark.h2m)
    make_for_installation(stalemark.1 ${HELP2MAN} --no-info --help-option --help-all
        --version-string ${PROJECT_VERSION} --source "Stalemark ${PROJECT_VERSION}"
        --name "measure what caching strategies cost" --include ${more}
        --output ${made}/stalemark.1 $<TARGET_FILE:stalemark>)
    add_custom_command(OUTPUT ${made}/stalemark.1 DEPENDS ${more} APPEND)
    install(FILES ${made}/stalemark.1 COMPONENT site DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
else()
    message(STATUS "There will be no man page: help2man was not found")
endif()

set(installed_programs capacity.py compare.py complexity.py convert_cloudphysics.py export.py matrix.py
    merge.py noise_floor.py predictions.py recommend.py report.py
    schedule_picture.py virtual_summary.py)

# Workloads, and the scripts that read results with what they read besides: the schemas, and the
# sources whose lines and locks they count.
install(DIRECTORY workloads deployments DESTINATION ${share})
list(TRANSFORM installed_programs PREPEND scripts/)
install(PROGRAMS ${installed_programs} DESTINATION ${share}/scripts)
install(DIRECTORY scripts/stalemark DESTINATION ${share}/scripts PATTERN __pycache__ EXCLUDE)
install(FILES results/schema.json results/comparison.schema.json DESTINATION ${share}/results)
install(FILES results/guarantees.json DESTINATION ${share}/results OPTIONAL)
install(FILES src/options/options.cc DESTINATION ${share}/src/options)
install(DIRECTORY src/events src/guards src/shields src/strategies DESTINATION ${share}/src
    FILES_MATCHING PATTERN *.h PATTERN *.cc)

install(FILES README.md CHANGELOG.md CONTRIBUTING.md LICENSE NOTICE docs/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR}
    FILES_MATCHING PATTERN *.md PATTERN *.svg)
