"""Children that end when we do: each leads a process group, which is ended as a whole."""

import contextlib
import os
import signal
import subprocess

PATIENCE_S = 5.0  # Of one that was asked to end, before it is made to.


def run(words, **options):
    """Runs a program to its end; answers it as subprocess.run does, its output captured. Whatever
    ends us meanwhile ends it, and all that it started."""
    with subprocess.Popen(
        list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        stdin=subprocess.DEVNULL, start_new_session=True, **options,
    ) as process:  # fmt: skip
        try:
            out, err = process.communicate()
        except BaseException:
            end(process)
            raise
    return subprocess.CompletedProcess(words, process.returncode, out, err)


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
