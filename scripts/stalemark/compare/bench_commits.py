# SPDX-License-Identifier: Apache-2.0
"""Builds two commits, measures them in turn on this machine, and compares them.

  bench_commits BASE HEAD [options]

Each commit is built in a worktree in a temporary folder; this checkout is not touched. The timed
part runs in pairs, one process a side and the order tossed, so that the machine's drift hits both:
Google Benchmark's hit, miss and write of each strategy in memory, and each workload with one
client over RocksDB. Then the suite of simulated runs runs once on either side and is compared to
the digit. Ends with the table and the exit status of compare.py; docs/comparison.md explains.
"""

import pathlib
import re
import sys

from stalemark.common import child, command, progress
from stalemark.compare import commit_builds, compare, comparison, paired_session


def parser():
    made = command.Parser(__doc__)
    made.add_argument("base", metavar="BASE", help="a commit: branch, tag or number")
    made.add_argument("head", metavar="HEAD")
    made.add_argument("--strategies", default="cache_aside", metavar="NAME,...")
    made.add_argument("--workloads", default="ycsb_b", metavar="NAME,...", help="or none")
    made.add_argument("--suite", default="virtual", metavar="NAME",
                      help="simulated runs to compare exactly (default virtual), or none")
    made.add_argument("--pairs", type=int, default=20, metavar="N",
                      help="of each workload, twice as many of the benchmarks (default 20)")
    made.add_argument("--see", type=float, default=2.0, metavar="PERCENT",
                      help="on a noisy machine more pairs of the benchmarks, until a change of this"
                      " size would show (default 2); 0: none")
    made.add_argument("--minutes", type=float, default=10.0, metavar="M",
                      help="no pair begins later (default 10)")
    made.add_argument("--confirm", action="store_true",
                      help="measure again what regressed; only what does again counts")
    made.add_argument("--seed", type=int, default=1, metavar="N", help="of the tosses")
    made.add_argument("--out", metavar="DIR", type=pathlib.Path,
                      help="keep the results here: base/, head/ (a new or empty folder)")
    compare.add_options(made)
    return made


def jobs_of(options, builds):
    """What to run in pairs."""
    strategies = names_of(options.strategies)
    jobs = []
    if strategies and all(build.bench for build in builds.values()):
        either = "|".join(map(re.escape, strategies))
        jobs.append(paired_session.benchmark(f"^(hit|miss|write)/({either})/"))
    elif strategies:
        say("no micro-benchmarks: a commit has no strategy_bench")
    for workload in names_of(options.workloads):
        jobs += [paired_session.workload(workload, strategy, paired_session.SMALL)
                 for strategy in strategies]  # fmt: skip
    return jobs


def names_of(text):
    return [] if text == "none" else [name for name in text.split(",") if name]


def say(line):
    print(line, file=sys.stderr, flush=True)


def measure(builds, jobs, options, out):
    """Records everything and compares it."""
    suites = names_of(options.suite)
    if jobs:
        session = paired_session.Session(builds, jobs, out / "first", options.seed)
        rounds = record(session, options, "measuring")
        if rounds < options.pairs:
            say(f"measured {rounds} rounds in the time")
    for suite in suites:
        paired_session.simulate(builds, suite, out / "first")
    return compare_in(out / "first", options)


def record(session, options, name):
    with progress.Bar(name, 1) as bar:
        return session.measure(options.pairs, options.see / 100, 60 * options.minutes, bar.reach)


def compare_in(out, options):
    return compare.compare(*[places(out, side) for side in ("base", "head")], options)


def places(out, side):
    return [path for path in (out / side, out / side / "virtual") if any(path.glob("*.json"))]


def confirm(found, runs, builds, jobs, options, out):
    """Measures again what regressed, in a session of its own; only what does so again stays."""
    noisy = [row for row in found.failing if row.mode == "paired"]
    titles = {run.title: run.path.name.rpartition(".p")[0] for run in runs if run.kind != "virtual"}
    names = {name for title, name in titles.items()
             if any(row.case.startswith(title) for row in noisy)}  # fmt: skip
    again = [job for job in jobs if job.name in names]
    if not again:
        return found
    session = paired_session.Session(builds, again, out / "second", options.seed, "confirm")
    record(session, options, f"confirming {len(noisy)} rows")
    second, _, _ = compare_in(out / "second", options)
    return comparison.confirmed(found, second)


def carry_out(builds, options, out):
    jobs = jobs_of(options, builds)
    if not jobs and not names_of(options.suite):
        raise command.Refusal("nothing to run: no strategy, no workload and no suite")
    found, base, head = measure(builds, jobs, options, out)
    if options.confirm:
        found = confirm(found, base, builds, jobs, options, out)
    return compare.report(found, base, head, options)


def check(options):
    if options.pairs < 1 or not options.minutes > 0 or not options.see >= 0:
        raise command.Refusal("--pairs, --minutes and --see: expected more than 0")
    if options.out and options.out.exists() and any(options.out.iterdir()):
        raise command.Refusal(f"--out {options.out}: is not empty; results are never mixed")
    if commit_builds.has_changes(command.REPOSITORY):
        say("uncommitted changes are not measured")


def main():
    child.interrupt_on_termination()
    options = parser().parse_args()
    check(options)
    commits = {side: commit_builds.commit_of(command.REPOSITORY, name)
               for side, name in (("base", options.base), ("head", options.head))}  # fmt: skip
    with commit_builds.folder() as place:
        with commit_builds.worktrees(command.REPOSITORY, commits, place) as builds:
            return carry_out(builds, options, options.out or place / "results")
