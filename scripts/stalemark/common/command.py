# SPDX-License-Identifier: Apache-2.0
"""What every script's command line has in common: its help and how it ends.

Exit status: 0 done; 2 wrong usage or input, 4 results that are not comparable, each with one line
on standard error; 70 an internal error; 130 interrupted.
"""

import argparse
import os
import pathlib
import signal
import sys
import traceback

# A clone; of an installed copy share/stalemark, which has of a clone what the scripts read.
REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


class Refusal(Exception):
    """Ends the script with one line for the user."""

    def __init__(self, line, status=2):
        super().__init__(line)
        self.status = status


def program():
    """The path of stalemark: $STALEMARK_BINARY, or what was built in this clone, or what was
    installed with this script."""
    chosen = os.environ.get("STALEMARK_BINARY")
    if chosen and not (os.path.isfile(chosen) and os.access(chosen, os.X_OK)):
        raise Refusal(f"STALEMARK_BINARY: {chosen}: no such program")
    places = [REPOSITORY / "build/release/stalemark", REPOSITORY.parent.parent / "bin/stalemark"]
    found = [chosen] if chosen else [place for place in places if place.is_file()]
    if not found:
        raise Refusal(f"{places[0]}: no such program; build it, or set STALEMARK_BINARY")
    return found[0]


class Parser(argparse.ArgumentParser):
    """A command line whose help is the script's docstring and whose errors are one line."""

    def __init__(self, docstring):
        super().__init__(
            description=docstring, formatter_class=argparse.RawDescriptionHelpFormatter
        )

    def parse_root(self):
        """ROOT, the only argument: the repository whose sources are looked at; this one if it is
        left out."""
        self.add_argument("root", nargs="?", type=pathlib.Path, default=REPOSITORY)
        root = self.parse_args().root
        if not (root / "src").is_dir():
            raise Refusal(f"{root}: no folder src; expected the root of the repository")
        return root

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
