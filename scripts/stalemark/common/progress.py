# SPDX-License-Identifier: Apache-2.0
"""Shows a bar with the share done and the time left while a command works, on standard error.

  COMMAND | progress.py NAME

COMMAND tells how far it is by lines like those of ninja, "[12/80] what it does"; they become the
bar, and every other line is passed on. Where standard error is no terminal there is no bar.
"""

import re
import sys

import tqdm

from stalemark.common import command

LAYOUT = "{desc} {percentage:3.0f}%, {remaining} left [{bar:30}] {note}"
STEP = re.compile(r"\[(\d+)/(\d+)\]")


class Bar(tqdm.tqdm):
    """Of work that is known to be `total`; use it in a `with`, which leaves a clean line behind.

    Time left is what the rest takes at the speed of all that is done. A line that is too long for
    the terminal is cut.
    """

    note = ""
    monitor_interval = 0  # No thread that looks whether we have fallen asleep.

    def __init__(self, name, total):
        super().__init__(
            desc=name, total=total, disable=None, leave=False, smoothing=0, miniters=0,
            ascii=" #", dynamic_ncols=True, bar_format=LAYOUT, file=sys.stderr,
        )  # fmt: skip

    @property
    def format_dict(self):
        return super().format_dict | {"note": self.note}

    def reach(self, done, note=""):
        """So much is done by now. `note` stands behind the bar."""
        if not self.disable:
            self.note = note
            self.update(done - self.n)

    def hear(self, line):
        """Whether this is one of the lines by which ninja tells how far it is. Then we are."""
        step = STEP.match(line)
        if step:
            self.total = int(step[2])
            self.reach(int(step[1]))
        return bool(step)


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("name", metavar="NAME", help="what the bar is of")
    options = parser.parse_args()
    with Bar(options.name, 1) as bar:
        for line in sys.stdin:
            if not bar.hear(line):
                bar.clear()
                print(line, end="", flush=True)
                bar.refresh()
