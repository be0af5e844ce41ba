"""What every script's command line has in common: its help and how it ends.

Exit status: 0 done; 2 wrong usage or input, 4 results that are not comparable, each with one line
on standard error; 70 an internal error; 130 interrupted.
"""

import argparse
import pathlib
import signal
import sys
import traceback

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent


class Refusal(Exception):
    """Ends the script with one line for the user."""

    def __init__(self, line, status=2):
        super().__init__(line)
        self.status = status


class Parser(argparse.ArgumentParser):
    """A command line whose help is the script's docstring and whose errors are one line."""

    def __init__(self, docstring):
        super().__init__(
            description=docstring, formatter_class=argparse.RawDescriptionHelpFormatter
        )

    def error(self, message):
        raise Refusal(f"{message}; see {self.prog} --help")


def run(main):
    """Calls main() as the program and exits as it says. An uncaught exception of Python's would
    exit with 1, which elsewhere means that a check found something."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    name = pathlib.Path(sys.argv[0]).name
    try:
        sys.exit(main())
    except Refusal as refusal:
        print(f"{name}: {refusal}", file=sys.stderr)
        sys.exit(refusal.status)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception:
        traceback.print_exc()
        print(f"{name}: internal error", file=sys.stderr)
        sys.exit(70)
