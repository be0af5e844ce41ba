#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Fails on what a reader of the sources should not meet: lines over 100 columns, files over 300
lines, tabs, trailing space, no newline at the end, marks of unfinished work, headers without
#pragma once, sources that do not name their licence in the first line (in a program the one after
#!), Python functions over 60 lines (of C++ functions clang-tidy takes care), and names that are
banned where they stand.

Prints a line for each violation and exits with 1; otherwise exits with 0. ROOT is the repository
(left out: this one).
"""

import ast
import pathlib
import sys
import re

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from stalemark.common import command
from stalemark.matrix.complexity import without_comments

COLUMNS, FILE_LINES, FUNCTION_LINES = 100, 300, 60
CODE = {".h", ".cc", ".py", ".js", ".css"}
SOURCES = CODE | {".cmake", ".j2"}  # As are programs without a suffix, and CMakeLists.txt.
LICENCE = "SPDX-License-Identifier: Apache-2.0"
LICENSED = re.compile(
    rf"(?:#!.*\n)?(?://|#|/\*|\{{#-?) {re.escape(LICENCE)}(?: \*/| -?#\}})?$", re.MULTILINE
)
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")

PORTABLE_MATH = {("core", "portable_math.h"), ("core", "portable_math.cc")}
OTHERS = {"data", "vendor"}  # Folders of what others wrote.

# What breaks the equality of runs on every platform, wherever it stands.
RANDOMNESS = re.compile(
    r"\bstd::(?:s?rand|random_device|mt19937\w*|minstd_rand\w*|default_random_engine|"
    r"shuffle|sample|\w+_distribution)\b"
)
# What waits, or tells the time, past the runtime: banned in src/ outside runtime/ and core/.
TIME = re.compile(
    r"\bstd::(?:thread|jthread|async|this_thread|condition_variable\w*)\b|\bthread_local\b|"
    r"\b(?:steady_clock|system_clock|high_resolution_clock|clock_gettime|usleep|nanosleep)\b"
)

# Functions of the C library whose last bit depends on the processor, wherever a simulated run
# could come to depend on them: in src/. core/portable_math.h has its own of some.
MATH = re.compile(
    r"(?<![\w.>:])(std::|::|)(exp|exp2|expm1|log|log2|log10|log1p|pow|sin|cos|tan|asin|acos|atan|"
    r"atan2|sinh|cosh|tanh|asinh|acosh|atanh|erf|erfc|tgamma|lgamma|cbrt|hypot)[fl]?\((?!\))"
)


def check(root):
    for path in sorted(_files(root)):
        where, text = path.relative_to(root), path.read_text()
        yield from (f"{where}:{number}: {what}" for number, what in _lines(path, text))
        if path.suffix in CODE and len(text.splitlines()) > FILE_LINES:
            yield f"{where}: {len(text.splitlines())} lines; {FILE_LINES} at most"
        if text and not text.endswith("\n"):
            yield f"{where}: no newline at the end"
        if _is_source(path, text) and not LICENSED.match(text):
            yield f"{where}: does not begin with {LICENCE}"
        if path.suffix == ".h" and "#pragma once" not in text.splitlines():
            yield f"{where}: no #pragma once"
        if path.suffix == ".py":
            yield from (f"{where}:{number}: {what}" for number, what in _functions(text))
        if path.suffix in (".h", ".cc"):
            banned = _banned(where.parts, without_comments(text))
            yield from (f"{where}:{number}: {what}" for number, what in banned)


def _files(root):
    """Sources, and the other texts that people write."""
    for folder in ("src", "tests", "bench", "scripts", "docs", "workloads", ".ci"):
        for path in (root / folder).rglob("*"):
            is_text = path.suffix in CODE | {".md", ".json", ".j2", ".txt", ".cmake", ""}
            if path.is_file() and is_text and not OTHERS & set(path.relative_to(root).parts):
                yield path
    yield from root.glob("*.md")
    yield from root.glob("CMake*")


def _is_source(path, text):
    return path.suffix in SOURCES or path.name == "CMakeLists.txt" or text.startswith("#!")


def _lines(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if path.suffix in CODE and len(line) > COLUMNS:
            yield number, f"{len(line)} columns; {COLUMNS} at most"
        if line != line.rstrip() and path.suffix != ".md":
            yield number, "trailing space"
        if "\t" in line:
            yield number, "a tab"
        if UNFINISHED.search(line):
            yield number, "marked as unfinished"


def _functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield node.lineno, f"{node.name}: {lines} lines; {FUNCTION_LINES} at most"


def _banned(parts, code):
    is_free_to_wait = parts[0] != "src" or parts[1] in ("runtime", "core")
    for number, line in enumerate(code.splitlines(), 1):
        if found := RANDOMNESS.search(line):
            yield number, f"{found[0]}: not the same on every platform; use core/random.h"
        if not is_free_to_wait and (found := TIME.search(line)):
            yield number, f"{found[0]}: only runtime/ and core/ may; everything else asks Runtime"
    if parts[0] == "src" and parts[1:] not in PORTABLE_MATH:
        yield from _unportable(code)


def _unportable(code):
    """Calls of MATH; a name of core/portable_math.h that a file uses is that of no other."""
    for number, line in enumerate(code.splitlines(), 1):
        for found in MATH.finditer(line):
            prefix, name = found.groups()
            if prefix or f"using portable::{name};" not in code:
                yield number, f"{found[0][:-1]}: not the same everywhere; use core/portable_math.h"


def main():
    root = command.Parser(__doc__).parse_root()
    violations = list(check(root))
    print("\n".join(violations) or "text: nothing that a reader should not meet")
    return bool(violations)


if __name__ == "__main__":
    command.run(main)
