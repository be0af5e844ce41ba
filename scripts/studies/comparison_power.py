#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures how well bench_commits finds what is there, and how seldom what is not.

Builds HEAD as it is, with a slowdown of the hit path of 5% and of 10%, and with one store read more
for every thousand hits; then compares, in random order: HEAD with itself (--aa times), with each
of the slower ones (--slower times each), and simulated runs with the chattier one (--chatty times
by one client, and as often by as many clients as the workloads have).
How large the slowdowns really are is measured by --truth pairs.

Each begins with --pairs rounds of pairs; as bench_commits does, it goes on until these would show a
change of 2%, but begins no pair after --seconds.

Writes each comparison as a line to --data FILE as soon as it ends. Called again with that file, it
goes on where it stopped. --page writes the tables of docs/comparison_power.md from the file and
runs nothing.
"""

import argparse
import collections
import json
import math
import os
import pathlib
import sys
import platform
import random
import re
import shutil
import statistics
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import planted_changes
import power_page
from stalemark.common import child, command, intervals, progress
from stalemark.compare import commit_builds, compare, paired_session

HIT = "hit/cache_aside/real_time"
SLOWDOWNS = {"5%": 0.05, "10%": 0.10}
FIRST_STEPS = 150  # Times the slowdown: what is tried first.
TRIES = 6
SEE = 0.02  # As bench_commits by default.
JOBS = {
    # As bench_commits by default, and without its workload, whose reads mostly wait for memory.
    "aa": ("benchmarks", "workload"),
    "5%": ("benchmarks",),
    "10%": ("benchmarks",),
}
SIMULATED = {
    "workloads": ["ycsb_b", "user_profile"],
    "protocols": [{"strategy": "cache_aside"}],
}
SIMULATION = {"runtime": "virtual", "keys": 2000, "warmup": "0", "operations": 20000}
# What a single client finds is decided by its own operations alone. Among many clients, a slower
# read meets other writes.
CLIENTS = {"chatty": {"clients": 1}, "crowd": {}}


def jobs(names):
    made = {
        "benchmarks": paired_session.benchmark("^(hit|miss|write)/(cache_aside)/"),
        "workload": paired_session.workload("ycsb_b", "cache_aside", paired_session.SMALL),
    }
    return [made[name] for name in names]


class Campaign:
    def __init__(self, options, place, source, commit):
        self.options = options
        self.place = place
        self.source = source
        self.commit = commit
        self.pristine = (source / planted_changes.STRATEGY).read_text()
        self.builds = {}
        self.lines = read(options.data)

    def note(self, line):
        self.lines.append(line)
        with open(self.options.data, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def note_options(self):
        """What one file holds was measured alike."""
        now = {"kind": "options", "pairs": self.options.pairs, "seconds": self.options.seconds,
               "commit": self.commit[:12], "cpu": processor(), "cores": os.cpu_count()}  # fmt: skip
        before = self.having("options")
        if not before:
            self.note(now)
        elif before[0] != now:
            raise command.Refusal(f"{self.options.data}: was begun with {before[0]}, not {now}")

    def having(self, kind):
        return [line for line in self.lines if line["kind"] == kind]

    def build(self, name, plant=lambda source: None):
        """One worktree serves all, so that little is compiled anew; the programs are copied."""
        (self.source / planted_changes.STRATEGY).write_text(self.pristine)
        plant(self.source)
        built = commit_builds.build(self.source, self.commit)
        folder = self.place / name.strip("%")
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "build/release").mkdir(parents=True)
        for program in (built.stalemark, built.bench):
            shutil.copy2(program, folder / "build/release")
        shutil.copytree(built.workloads, folder / "workloads")
        self.builds[name] = commit_builds.Build(self.commit, folder, is_dirty=name != "aa")

    def build_slower(self, name, steps):
        self.build(name, lambda source: planted_changes.slower(source, steps))

    def calibrate(self):
        """Builds each slowdown; how many steps it takes is found once, by trying."""
        known = {line["name"]: line["steps"] for line in self.having("truth")}
        for name, size in SLOWDOWNS.items():
            if name in known:
                self.build_slower(name, known[name])
            else:
                self.find_steps(name, math.log1p(size))

    def find_steps(self, name, wanted):
        """Tries numbers of steps until the slowdown is what is wanted, or as near as the steps
        come to it. A processor hides the first few behind other work: it is no straight line. What
        was chosen is measured anew, as the choice prefers what noise brought near."""
        tried = {0: 0.0}
        steps = round(FIRST_STEPS * math.expm1(wanted))
        while steps not in tried and len(tried) <= TRIES:
            self.build_slower(name, steps)
            tried[steps] = self.slowdown(name, steps, self.options.truth / 2).value
            steps = next_steps(tried, wanted)
        best = min(tried, key=lambda step: abs(tried[step] - wanted))
        self.build_slower(name, best)
        found = self.slowdown(name, best, self.options.truth)
        value, low, high = map(math.expm1, (found.value, found.low, found.high))
        self.note({"kind": "truth", "name": name, "steps": best, "pairs": self.options.truth,
                   "change": value, "low": low, "high": high})  # fmt: skip

    def slowdown(self, name, steps, pairs):
        """Of the hit path, as a logarithm and its interval."""
        shown = progress.Bar(f"{name} slower by {steps} steps?", 1)
        with commit_builds.folder() as out, shown as bar:
            (job,) = jobs(["benchmarks"])
            sides_of = {"base": self.builds["aa"], "head": self.builds[name]}
            session = paired_session.Session(sides_of, [job], out, 0, f"truth {name}")
            session.record(math.ceil(pairs / job.pairs), math.inf, bar.reach)
        return intervals.walsh(session.logs[HIT])

    def compare(self, name, trial):
        """One comparison of HEAD with itself or with what was planted."""
        began = time.monotonic()
        with commit_builds.folder() as out:
            head = self.builds["chatty" if name in CLIENTS else name]
            sides_of = {"base": self.builds["aa"], "head": head}
            if name in CLIENTS:
                paired_session.simulate(sides_of, self.suite(out, name, trial), out)
            else:
                session = paired_session.Session(sides_of, jobs(JOBS[name]), out, trial, name)
                session.measure(self.options.pairs, SEE, self.options.seconds)
            measured = time.monotonic() - began
            found = judged(out)
        self.note({
            "kind": name, "trial": trial, "seconds": round(measured, 1),
            "pairs": max(case["pairs"] for case in found.cases),
            "contaminated": found.contaminated, "count": found.count,
            "visible": half_intervals(found), "rows": [
                [row.case, row.metric, row.verdict, row.change, row.low, row.high, row.p]
                for row in found.rows if is_worth_a_note(name, row)
            ],
        })  # fmt: skip

    def suite(self, out, name, trial):
        path = out / "suite.json"
        options = {**SIMULATION, **CLIENTS[name], "seed": trial + 1}
        path.write_text(json.dumps({**SIMULATED, "options": options}))
        return path

    def carry_out(self):
        due = [(name, trial) for name, number in self.options.numbers.items()
               for trial in range(number)]  # fmt: skip
        random.Random(1).shuffle(due)
        done = {(line["kind"], line.get("trial")) for line in self.lines}
        due = [each for each in due if each not in done]
        with progress.Bar("comparing", len(due)) as bar:
            for number, (name, trial) in enumerate(due):
                bar.reach(number, f"{number + 1} of {len(due)}: {name} {trial}")
                self.compare(name, trial)


def half_intervals(found):
    """{gated metric: half of its 95% interval, the median over the cases}"""
    halves = collections.defaultdict(list)
    for row in found.rows:
        if row.is_gated and row.low is not None and math.isfinite(row.high):
            halves[row.metric].append((row.high - row.low) / 2)
    return {metric: statistics.median(each) for metric, each in sorted(halves.items())}


def is_worth_a_note(name, row):
    if name in CLIENTS:
        return row.metric == "store.reads"
    return row.verdict in ("regressed", "improved", "missing") or row.case == HIT


def next_steps(tried, wanted):
    """On the straight line through the nearest below and above, or through 0 and the largest."""
    below = max((step for step in tried if tried[step] <= wanted), default=0)
    above = min((step for step in tried if tried[step] > wanted and step > below), default=None)
    if above is None:
        grown = round(below * wanted / tried[below]) if tried[below] > 0 else 2 * below
        return max(below + 1, min(grown, 4 * below + 1))
    part = (wanted - tried[below]) / (tried[above] - tried[below])
    return below + round(part * (above - below))


def processor():
    """As the system names it, or else its kind."""
    facts = pathlib.Path("/proc/cpuinfo").read_text()
    found = re.search(r"^model name\s*:\s*(.*)$", facts, re.MULTILINE)
    return found[1] if found else platform.machine()


def judged(out):
    options = argparse.Namespace(fail_on=[], floor=None, allow_mismatch=False)
    places = [[path for path in (out / side, out / side / "virtual") if path.exists()]
              for side in ("base", "head")]  # fmt: skip
    return compare.compare(*places, options)[0]


def read(path):
    """The lines of a file of comparisons; none of one that is not there yet. A line that an
    interruption cut short is not there either."""
    try:
        lines = path.read_text().splitlines(keepends=True)
    except FileNotFoundError:
        return []
    if lines and not lines[-1].endswith("\n"):
        path.write_text("".join(lines[:-1]))
        lines = lines[:-1]
    try:
        return [json.loads(line) for line in lines]
    except ValueError as error:
        raise command.Refusal(f"{path}: not lines of JSON: {error}") from None


def run(options):
    commit = commit_builds.commit_of(command.REPOSITORY, "HEAD")
    with commit_builds.folder() as place, commit_builds.worktree(
        command.REPOSITORY, commit, place / "source"
    ) as source:
        campaign = Campaign(options, place, source, commit)
        campaign.note_options()
        campaign.build("aa")
        campaign.build("chatty", planted_changes.chattier)
        campaign.calibrate()
        campaign.carry_out()


def main():
    child.interrupt_on_termination()
    parser = command.Parser(__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True, metavar="FILE")
    parser.add_argument("--page", action="store_true")
    for name, usual in (("aa", 200), ("slower", 100), ("chatty", 20), ("truth", 200),
                        ("pairs", 20), ("seconds", 600)):  # fmt: skip
        parser.add_argument(f"--{name}", type=int, default=usual, metavar="N",
                            help=f"(default {usual})")  # fmt: skip
    options = parser.parse_args()
    if options.page:
        return power_page.write(read(options.data), options.data)
    options.numbers = {"aa": options.aa, "5%": options.slower, "10%": options.slower,
                       "chatty": options.chatty, "crowd": options.chatty}  # fmt: skip
    run(options)
    return 0


if __name__ == "__main__":
    command.run(main)
