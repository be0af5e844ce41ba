# SPDX-License-Identifier: Apache-2.0
# Writes OUT, a source file with the facts of report/build_facts.h, if they have changed. Run at each
# build: the commit changes without a new configuration.
execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD OUTPUT_VARIABLE commit
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
    set(commit unknown)
endif()
execute_process(COMMAND git -C ${SOURCE} status --porcelain --untracked-files=no
    OUTPUT_VARIABLE changes ERROR_QUIET)
if(changes)
    set(dirty true)
else()
    set(dirty false)
endif()
file(CONFIGURE OUTPUT ${OUT} CONTENT [[
#include "report/build_facts.h"

namespace stalemark::build_facts {

const std::string_view version = "@VERSION@";
const std::string_view commit = "@commit@";
const bool is_dirty = @dirty@;
const std::string_view compiler = "@COMPILER@";
const std::string_view flags = "@FLAGS@";
const std::string_view build_type = "@BUILD_TYPE@";

}  // namespace stalemark::build_facts
]] @ONLY)
