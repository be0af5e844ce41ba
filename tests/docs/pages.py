# SPDX-License-Identifier: Apache-2.0
"""The pages of the project, and what stands in their code blocks."""

import os
import pathlib
import re

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
PAGES = [
    page
    for place in ("*.md", "docs/**/*.md", "results/*.md")
    for page in sorted(REPOSITORY.glob(place))
]
BLOCK = re.compile(r"^```(\w*) ?(.*)\n((?:.*\n)*?)```$", re.MULTILINE)


def binary():
    """The program under test. It must have been built: a test that skips shows nothing."""
    path = os.environ.get("STALEMARK_BINARY", REPOSITORY / "build/release/stalemark")
    return pathlib.Path(path).resolve(strict=True)


def blocks(page):
    """(language, rest of the info string, text) of each code block."""
    return BLOCK.findall(page.read_text())


def commands(text):
    """The lines of a console block that a user types, without their '$ '."""
    joined = text.replace("\\\n", " ")
    return [line[2:].strip() for line in joined.splitlines() if line.startswith("$ ")]


def brief_faults(text):
    """The same with spells that are over when a shortened run is."""
    return re.sub(r"@\d\w*(\+\d\w*)?", lambda spell: "@10ms" + ("+20ms" if spell[1] else ""), text)


def shortened(line):
    """The same command with runs that last moments, over few keys, and so do their faults; but for
    a simulated minute with a fault of its own, which is over in a second."""
    if not re.search(r"\bstalemark (run|suite)\b", line) or "stalemark run slow_store" in line:
        return line
    line = re.sub(r"--(duration|warmup|keys|operations|repeat)[ =]\S+", "", line)
    line = brief_faults(line)
    short = " --duration 50ms --warmup 0 --keys 2000"
    if " suite" in line:
        short += " --repeat 1"
    return re.sub(r"(\bstalemark (?:run|suite)\b[^|;&>]*)", rf"\1{short} ", line)
