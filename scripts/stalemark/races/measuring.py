# SPDX-License-Identifier: Apache-2.0
"""Runs a race with several seeds and says how often it happens."""

import concurrent.futures
import dataclasses
import json
import math
import os
import statistics
import subprocess
import time

from stalemark.common import command, intervals
from stalemark.races import figures
from stalemark.races.race import command_line

CONFIDENCE = 0.95
SEEDS = range(1, 21)
# So many times the seeds: all keys of a run share two queues; many flushers cost much.
MORE_SEEDS = {"unordered_queues": 6, "unordered_flush": 3}


@dataclasses.dataclass(frozen=True)
class Rate:
    """Of one command over its seeds."""

    values: tuple[float, ...]
    judged: int  # Of all runs together: what could have shown the race.
    price: dict

    def interval(self, tests=1):
        """Student's. With several `tests` so wide that all of them hold at once (Bonferroni)."""
        return intervals.student(self.values, 1 - (1 - CONFIDENCE) / tests)

    @property
    def is_zero(self):
        return not any(self.values)


def agrees(rate, predicted, tests=1):
    """Whether the interval of the measured rate covers the predicted one."""
    interval = rate.interval(tests)
    return interval.low <= predicted <= interval.high


def seeds_of(race, seeds):
    return range(seeds.start, seeds.start + len(seeds) * MORE_SEEDS.get(race.name, 1))


class Runner:
    """Runs commands side by side, and no longer than `limit` seconds in all."""

    def __init__(self, limit=math.inf, jobs=None):
        self._ends = time.monotonic() + limit
        self._limit = limit
        self._pool = concurrent.futures.ThreadPoolExecutor(jobs or os.cpu_count())
        self._binary = command.program()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._pool.shutdown(cancel_futures=True)

    def start(self, figure, options, seeds):
        """A function that waits for the runs and gives their Rate."""
        pending = [self._pool.submit(self._one, options, seed) for seed in seeds]
        return lambda: rate_of(figures.FIGURES[figure], [one.result() for one in pending])

    def _one(self, options, seed):
        line = f"{command_line(options)} --seed {seed} --quiet --out -"
        left = self._ends - time.monotonic()
        try:
            ended = subprocess.run(
                [self._binary, *line.split()], capture_output=True, text=True,
                timeout=None if math.isinf(left) else max(left, 0),
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise command.Refusal(f"the runs take longer than {self._limit:g} s", 1) from None
        if ended.returncode != 0:
            raise command.Refusal(f"stalemark {line}: {ended.stderr.strip()}", 1)
        return json.loads(ended.stdout)


def rate_of(figure, results):
    paid = [figures.price(result) for result in results]
    return Rate(
        values=tuple(figure.of(result) for result in results),
        judged=sum(figure.judged(result) for result in results),
        price={name: statistics.fmean(each[name] for each in paid) for name in paid[0]},
    )


def measure(race, runner, seeds=SEEDS, parameters=None):
    """{"race", "cure" and perhaps "partial": a function that gives its Rate}."""
    chosen, seeds = parameters or race.page, seeds_of(race, seeds)
    asked = {"race": race.options(chosen, race.size), "cure": race.cured(chosen, race.size)}
    if race.partial:
        asked["partial"] = race.cured(chosen, race.size, race.partial)
    return {name: runner.start(race.figure, options, seeds) for name, options in asked.items()}
