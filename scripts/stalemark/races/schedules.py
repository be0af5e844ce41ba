# SPDX-License-Identifier: Apache-2.0
"""The shortest schedule that shows a race, from `stalemark explore`."""

import shlex
import subprocess

from stalemark.common import command


def schedule(race, binary):
    """Its table, with the sentence; None: no schedule shows the race alone."""
    if not race.explore:
        return None
    words = ["explore", *shlex.split(race.explore.options)]
    found = subprocess.run([binary, *words], capture_output=True, text=True, check=False)
    shown = section(found.stdout, race.explore.anomaly)
    if not shown:
        why = found.stderr.strip() or f"no {race.explore.anomaly}"
        raise command.Refusal(f"{race.name}: stalemark {shlex.join(words)}: {why}", 1)
    return shown


def section(text, anomaly):
    """Of what is printed, the table of this class."""
    for part in text.split("\n\n"):
        head, _, rest = part.partition("\n")
        if head.startswith(f"{anomaly}:"):
            lines = rest.splitlines()[1:]
            return "\n".join(line.removeprefix("  ") for line in lines) + "\n"
    return ""
