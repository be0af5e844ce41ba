# SPDX-License-Identifier: Apache-2.0
"""The simulated runs of one scenario: which is which, and what their timelines say."""

import shlex

from stalemark.common import durations, results
from stalemark.common.command import Refusal

SECOND = 1e9
STRATEGIES = ("no_cache", "cache_aside", "read_through", "write_through", "write_around",
              "write_behind", "refresh_ahead")  # fmt: skip
VALUES = ("none", "lock", "early", "stale", "erase", "event")



class Run:
    """One result. Its name is what was typed after `stalemark run SCENARIO`, less the default."""

    def __init__(self, data):
        _, _, self.scenario, *words = shlex.split(data["command"])
        self.data = data
        self.options = dict(zip(words[::2], words[1::2]))
        self.strategy = self.options.get("--strategy", "cache_aside")
        typed = [(name, value) for name, value in self.options.items()
                 if (name, value) != ("--strategy", "cache_aside")]  # fmt: skip
        typed.sort(key=lambda pair: (pair[0] != "--strategy", pair[0] != "--invalidate", pair))
        self.name = " ".join(f"{name} {value}" for name, value in typed)

    @property
    def order(self):
        values = [self.options.get(name, "") for name in ("--invalidate", "--shield")]
        ranks = [VALUES.index(value) if value in VALUES else -1 for value in values]
        return STRATEGIES.index(self.strategy), *ranks, len(self.options), self.name

    @property
    def reads(self):
        return self.data["operations"]["read"]

    @property
    def workload(self):
        return self.data["configuration"]["workload"]

    @property
    def operations(self):
        return sum(kind["count"] for kind in self.data["operations"].values())

    @property
    def dropped(self):
        """Operations that came due and were never sent."""
        return self.data["schedule"]["dropped"]

    @property
    def unanswered(self):
        """Those, and those that were sent in vain."""
        kinds = self.data["operations"].values()
        return self.dropped + sum(kind["failed"] + kind["unknown"] for kind in kinds)

    @property
    def offered(self):
        return self.operations + self.dropped

    @property
    def timeline(self):
        """The intervals up to the end of the demand."""
        end = durations.seconds(self.workload["duration"]) * SECOND
        return [each for each in self.data["timeline"] if each["at_ns"] < end]

    @property
    def interval_s(self):
        return self.data["timeline"][1]["at_ns"] / SECOND

    def during(self, begin_s, end_s=float("inf")):
        """The intervals that begin in this stretch."""
        return [each for each in self.timeline if begin_s <= each["at_ns"] / SECOND < end_s]

    def rates(self, name):
        """(middles of the intervals in seconds, `name` per second in each); of `unanswered`, which
        is left out where there are none, 0, and a gap where anything else was not counted."""
        missing = 0 if name == "unanswered" else float("nan")
        length = self.interval_s
        times = [each["at_ns"] / SECOND + length / 2 for each in self.timeline]
        return times, [each.get(name, missing) / length for each in self.timeline]

    def answered(self):
        times, operations = self.rates("operations")
        _, unanswered = self.rates("unanswered")
        return times, [ended - lost for ended, lost in zip(operations, unanswered)]

    def response_p99(self):
        """Milliseconds by time, of what was answered then; nothing where no operation was."""
        found = [each.get("response_p99_ns", float("nan")) / 1e6 for each in self.timeline]
        return self.rates("operations")[0], found


def load(paths):
    """{scenario: {name of a run: Run}}, of those that were run with a scenario's own setting."""
    found = {}
    for each in sorted((Run(result.data) for result in results.load(paths)), key=lambda x: x.order):
        runs = found.setdefault(each.scenario, {})
        if each.name in runs:
            raise Refusal(f"{each.scenario} {each.name}: there are two results of one command")
        runs[each.name] = each
    return found
