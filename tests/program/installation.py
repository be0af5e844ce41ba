# SPDX-License-Identifier: Apache-2.0
"""An installed copy, and what surrounds one that is used far from any clone."""

import os
import pathlib
import subprocess

from places import BINARY

BUILD = BINARY.parent
FORBIDDEN = "#!/bin/sh\necho \"$0\" >>\"$(dirname \"$0\")/asked\"\nexit 127\n"


class Installation:
    """The copy in `prefix`, used in the folder `place`."""

    def __init__(self, prefix, place):
        self.prefix, self.place = prefix, place
        self.program = prefix / "bin/stalemark"
        self.share = prefix / "share/stalemark"
        self.traps = place / "traps"
        self.traps.mkdir(parents=True)
        for name in ("git", "cmake"):
            (self.traps / name).write_text(FORBIDDEN)
            (self.traps / name).chmod(0o755)

    def run(self, *words, status=0):
        """What it prints; of a script the first word is its name."""
        first = words[0]
        if str(first).endswith(".py"):
            first = self.share / "scripts" / first
        environment = {"PATH": f"{self.traps}:/usr/bin:/bin", "HOME": str(self.place)}
        ended = subprocess.run(
            [first, *map(str, words[1:])],
            cwd=self.place, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == status, f"{words}\n{ended.stdout}{ended.stderr}"
        assert not (self.traps / "asked").exists(), (self.traps / "asked").read_text()
        return ended.stdout

    def stalemark(self, *words, status=0):
        return self.run(self.program, *words, status=status)


def installed(prefix, *options):
    subprocess.run(
        ["cmake", "--install", BUILD, "--prefix", prefix, *options], check=True, capture_output=True
    )


def files_in(folder):
    """Of all kinds but folders, relative to it."""
    folder = pathlib.Path(folder)
    return {
        os.path.relpath(os.path.join(where, name), folder)
        for where, _, names in os.walk(folder) for name in names
    }  # fmt: skip
