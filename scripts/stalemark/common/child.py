# SPDX-License-Identifier: Apache-2.0
"""Children that end when we do: each leads a process group, which is ended as a whole."""

import contextlib
import os
import signal
import subprocess
import sys

PATIENCE_S = 5.0  # Of one that was asked to end, before it is made to.


def run(words, hear=None, shows_progress=False, **options):
    """Runs a program to its end; answers it as subprocess.run does, its output captured. Whatever
    ends us meanwhile ends it, and all that it started.

    `hear`: called with each line of its output as it comes, standard error's among them.
    `shows_progress`: it does so itself, so on a terminal its standard error is ours.
    """
    err_to = subprocess.STDOUT if hear else subprocess.PIPE
    if shows_progress and sys.stderr.isatty():
        err_to = None
    with subprocess.Popen(
        list(map(str, words)), stdout=subprocess.PIPE, stderr=err_to, text=True,
        stdin=subprocess.DEVNULL, start_new_session=True, **options,
    ) as process:  # fmt: skip
        try:
            out, err = _heard(process, hear) if hear else process.communicate()
        except BaseException:
            end(process)
            raise
    return subprocess.CompletedProcess(words, process.returncode, out, err or "")


def _heard(process, hear):
    lines = []
    for line in process.stdout:
        lines.append(line)
        hear(line)
    process.wait()
    return "".join(lines), ""


def end(process):
    """Asks the group of a process to end, and makes it if it does not."""
    for number, patience_s in ((signal.SIGTERM, PATIENCE_S), (signal.SIGKILL, None)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=patience_s)
            break
    with contextlib.suppress(ProcessLookupError):  # Those whose leader has gone before them.
        os.killpg(process.pid, signal.SIGKILL)


def interrupt_on_termination():
    """Makes SIGTERM unwind the stack as SIGINT does, so that everything is cleaned up."""

    def interrupted(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupted)
