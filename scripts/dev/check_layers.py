#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Fails if a room of src/ includes, or is linked by CMakeLists.txt to, a room it must not know.

Prints a line for each violation and exits with 1; otherwise exits with 0. ROOT is the repository
(left out: this one).
"""

import pathlib
import sys
import re

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from stalemark.common import command

# Who may know whom; everyone knows itself.
MAY_KNOW = {
    "core": "",
    "runtime": "core",
    "caches": "core runtime",
    "stores": "core runtime",
    "wire": "core runtime caches stores",
    "events": "core runtime",
    "strategies": "core runtime caches stores events guards shields",
    "guards": "core runtime caches",
    "shields": "core runtime caches",
    "workload": "core",
    "measure": "core",
    "history": "core measure",
    "driver": "core runtime strategies workload measure history",
}
# Each of these knows all before it, but for the rooms that are named.
for room, but_not in [
    ("assembly", "workload driver"),
    ("explore", "workload driver"),
    ("experiment", "explore"),
    ("report", "runtime explore"),
    ("options", "runtime report explore"),
    (
        "suite",
        "caches stores wire events shields strategies measure history driver assembly explore",
    ),
    ("cli", ""),
]:
    MAY_KNOW[room] = " ".join(known for known in MAY_KNOW if known not in but_not.split())


def check_includes(root):
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in (".h", ".cc"):
            continue
        where, room = path.relative_to(root), path.relative_to(root / "src").parts[0]
        if room not in MAY_KNOW:
            yield f"{where}: {room} is not a room; the rooms are {' '.join(MAY_KNOW)}"
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            included = re.match(r'\s*#\s*include\s*"([^"]*)"', line)
            if included:
                yield from _check_include(f"{where}:{number}", room, included[1])


def _check_include(where, room, included):
    other, slash, _ = included.partition("/")
    if not slash or other not in MAY_KNOW:
        yield f'{where}: "{included}": expected "room/file.h"'
    elif other != room and other not in MAY_KNOW[room].split():
        yield f"{where}: {room}/ must not know {other}/"


def check_links(root):
    listing = root / "CMakeLists.txt"
    for number, line in enumerate(listing.read_text().splitlines(), 1):
        call = re.match(r"room\(([^)]*)\)", line)
        if not call:
            continue
        room, *links = call[1].split()
        for other in links:
            if other in MAY_KNOW and other not in MAY_KNOW.get(room, "").split():
                yield f"{listing.name}:{number}: {room} must not link {other}"


def main():
    root = command.Parser(__doc__).parse_root()
    if not (root / "CMakeLists.txt").is_file():
        raise command.Refusal(f"{root}: no CMakeLists.txt; expected the root of the repository")
    violations = [*check_includes(root), *check_links(root)]
    print("\n".join(violations) or "layers: no room knows what it must not")
    return bool(violations)


if __name__ == "__main__":
    command.run(main)
