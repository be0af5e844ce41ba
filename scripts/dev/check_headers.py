#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Fails if a header of src/ does not compile alone, that is, does not include what it uses.

Prints the compiler's messages and exits with 1; otherwise exits with 0. ROOT is the repository
(left out: this one).
"""

import concurrent.futures
import os
import pathlib
import sys
import subprocess

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from stalemark.common import command

COMPILER = ("g++", "-std=c++23", "-fsyntax-only", "-x", "c++")


def check(root, header):
    """The compiler's complaints about a file that includes this header alone."""
    name = header.relative_to(root / "src")
    return subprocess.run(
        [*COMPILER, f"-I{root / 'src'}", "-"],
        input=f'#include "{name}"\n',
        capture_output=True,
        text=True,
        check=False,
    )


def main():
    root = command.Parser(__doc__).parse_root()
    headers = sorted((root / "src").rglob("*.h"))
    if not headers:
        raise command.Refusal(f"{root}: no headers in src; expected the root of the repository")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(lambda header: check(root, header), headers))
    failed = 0
    for header, outcome in zip(headers, outcomes):
        if outcome.returncode:
            failed += 1
            print(f"{header.relative_to(root)} does not compile alone:\n{outcome.stderr}")
    if not failed:
        print(f"headers: each of {len(headers)} compiles alone")
    return bool(failed)


if __name__ == "__main__":
    command.run(main)
