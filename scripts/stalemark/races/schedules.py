# SPDX-License-Identifier: Apache-2.0
"""The schedule that shows a race, from `stalemark explore` where the program has that command."""

import shlex
import subprocess

from stalemark.common import command


def can_explore(binary):
    asked = subprocess.run([binary, "--help"], capture_output=True, text=True, check=False)
    return any(line.split()[:1] == ["explore"] for line in asked.stdout.splitlines())


def schedule(race, binary):
    """Its text, or None: the program does not explore, or the race has no options for it."""
    if not race.explore or not can_explore(binary):
        return None
    words = ["explore", *shlex.split(race.explore), "--json", "-"]
    found = subprocess.run([binary, *words], capture_output=True, text=True, check=False)
    if not found.stdout.strip():
        line = f"stalemark {shlex.join(words)}"
        raise command.Refusal(f"{race.name}: {line}: {found.stderr.strip()}", 1)
    return found.stdout
