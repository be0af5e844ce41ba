# SPDX-License-Identifier: Apache-2.0
"""Runs a command whose standard error is a terminal, and tells what stood there."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import tempfile
import termios
from typing import NamedTuple


class Shown(NamedTuple):
    status: int
    out: str
    drawn: list  # What was drawn over one another, blanks around it left out.
    widest: int  # Columns that were used.
    lines: list  # What stayed above.
    last: str  # What the line of the cursor was left with.


def run(words, columns=100, **options):
    """Standard error goes to a terminal of so many columns, standard output to a file."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with tempfile.TemporaryFile("w+") as out:
        with subprocess.Popen(list(map(str, words)), stdout=out, stderr=theirs,
                              stdin=subprocess.DEVNULL, **options) as process:  # fmt: skip
            os.close(theirs)
            told = b"".join(iter(lambda: _read(ours), b"")).decode()
        os.close(ours)
        out.seek(0)
        return Shown(process.returncode, out.read(), *_seen(told))


def _read(terminal):
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # All who had it open have gone.
        return b""


def _seen(told):
    drawn, lines, line, column, widest = [], [], "", 0, 0
    for part in re.findall(r"[\r\n]|\x1b\[[KA]|[^\r\n\x1b]+", told):
        if part == "\r":
            column = 0
        elif part == "\n":
            lines.append(line.rstrip())
            line = ""
        elif part == "\x1b[K":
            line = line[:column]
        elif part != "\x1b[A":
            line = line[:column].ljust(column) + part + line[column + len(part) :]
            column += len(part)
            widest = max(widest, column)
            if part.strip():
                drawn.append(part.strip())
    return drawn, widest, lines, line.rstrip()
