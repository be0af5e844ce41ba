# SPDX-License-Identifier: Apache-2.0
"""What a race consists of: its story, the run that shows it, its rate and its cure."""

import dataclasses
import re
from collections.abc import Callable

# Nothing takes time but what a row says, which wins over this.
COMMON = (
    "--runtime virtual --store memory --keys 1 --value-size 16 --cache-size 10MiB "
    "--cache-latency 0 --store-latency 0 --store-servers none --operation-cost 1ns --warmup 0"
)
NAMED_BY_VALUE = ("--set", "--fault")  # May be repeated for another field or fault.


@dataclasses.dataclass(frozen=True)
class Remedy:
    """`options` take the place of the race's own; `words` say what they do."""

    words: str
    options: str


@dataclasses.dataclass(frozen=True)
class Explored:
    """What `stalemark explore` shows of it."""

    anomaly: str  # Of its classes.
    options: str


@dataclasses.dataclass(frozen=True)
class Race:
    """`run` gives the options that race and cure share, `hazard` those that make the race, of the
    parameters; `rate` is what mathematics says of them."""

    name: str
    number: str  # A label by which reports refer to the race.
    known_as: str | None  # Its name among the known_races of a result.
    happens: str
    sees: str
    ends: str
    run: Callable[..., str]
    figure: str  # Of figures.FIGURES.
    rate: Callable[..., float]
    formula: str
    assumes: str
    page: dict  # The parameters of the page,
    other: dict  # and others, of the test.
    size: int  # Operations of each seed; where the figure is of keys at rest, keys.
    cure: Remedy
    hazard: Callable[..., str] = lambda **_: ""
    partial: Remedy | None = None  # What is often done, and makes the race rarer only.
    source: str = "derived for this page"  # Of the formula.
    explore: Explored | None = None  # None: no schedule of the program shows it alone.

    def options(self, parameters, size):
        return f"{self.run(size=size, **parameters)} {self.hazard(**parameters)}".strip()

    def cured(self, parameters, size, remedy=None):
        return f"{self.run(size=size, **parameters)} {(remedy or self.cure).options}".strip()

    def predicted(self, parameters):
        return self.rate(**parameters)


def options_of(text):
    """Each with its value."""
    return re.findall(r"--\S+(?: (?!--)\S+)?", text)


def command_line(options):
    """The words after `stalemark`; of an option that is given twice the last one holds."""
    chosen = {}
    for option in options_of(f"{COMMON} {options}"):
        name = option.split()[0]
        chosen[option.split("=")[0] if name in NAMED_BY_VALUE else name] = option
    return "run ycsb_a " + " ".join(chosen.values())


def time(seconds):
    """As an option has it."""
    for unit, factor in (("s", 1), ("ms", 1e3), ("us", 1e6)):
        amount = round(seconds * factor, 6)
        if amount >= 1 and amount == int(amount):
            return f"{int(amount)}{unit}"
    return f"{round(seconds * 1e9)}ns"


def trips(mean):
    return f"--store-latency exponential({time(mean)})"


def traffic(reads, writes, size):
    """A key that is read and written at these rates; `size` operations in all."""
    rate = reads + writes
    return (
        f"--reads {reads / rate:.12g} --rate {rate:.12g} --clients 64 "
        f"--duration {round(size / rate)}s"
    )


def writers(writes, keys, trip=0):
    """So many keys, each written ten times, in a time of many trips."""
    lasts = max(10 / writes, 15 * trip)
    return (
        f"--reads 0 --keys {keys} --key-skew 0 --rate {writes * keys:.12g} "
        f"--duration {round(1e3 * lasts)}ms"
    )
