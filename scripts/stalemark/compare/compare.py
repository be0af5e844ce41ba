# SPDX-License-Identifier: Apache-2.0
"""Compares two builds: has anything become worse?

  compare.py BASE... -- HEAD... [options]

Each side is result files of `stalemark` or of Google Benchmark, or folders of them. Simulated runs
are compared to the digit, real ones by the pairs that scripts/bench_commits records. Prints a
table, worst first; each figure improved, regressed, is the same or inconclusive. A simulated figure
that differs is changed, and improved or regressed only in a run of one client or where all seeds
agree, if they are too many for chance.

Exit status: 0 nothing regressed, though figures may have changed; 1 something did, or is missing;
2 wrong usage or input; 3 something is undecided or changed, with --inconclusive=fail, or changed,
with --changed=fail; 4 not comparable (another configuration, build or machine). docs/comparison.md
explains the procedure.
"""

import os
import pathlib
import sys

from stalemark.common import command, files
from stalemark.compare import (
    compared_metrics, comparison, comparison_exports, comparison_text, noise_floor, sides,
)  # fmt: skip

USAGE = "%(prog)s BASE... -- HEAD... [options]"


def parser():
    made = command.Parser(__doc__)
    made.usage = USAGE
    made.add_argument("results", nargs="*", metavar="RESULT")
    add_options(made)
    return made


def add_options(made):
    """Those that scripts/bench_commits takes, too."""
    made.add_argument(
        "--fail-on", action="append", default=[], metavar="METRIC:PERCENT",
        help="METRIC fails if it becomes worse by PERCENT; may be repeated",
    )  # fmt: skip
    made.add_argument(
        "--inconclusive", choices=("pass", "fail"), default="pass",
        help="fail: exit with 3 if something is undecided or changed",
    )  # fmt: skip
    made.add_argument(
        "--changed", choices=("pass", "fail"), default="pass",
        help="fail: exit with 3 if an exact figure changed, be it neither better nor worse",
    )  # fmt: skip
    made.add_argument("--floor", metavar="FILE", help="what sessions of one build differ by")
    made.add_argument(
        "--allow-mismatch", action="store_true",
        help="compare what was configured or built otherwise, and say so",
    )  # fmt: skip
    for name in ("markdown", "junit", "json"):
        made.add_argument(f"--{name}", metavar="FILE", type=pathlib.Path)
    made.add_argument(
        "--github", action="store_true", help="annotations, and the table in $GITHUB_STEP_SUMMARY"
    )


def parse(words):
    """The options, and the paths of either side. Options may stand on both sides of the `--`."""
    made = parser()
    if "--" not in words:
        made.parse_args([word for word in words if word in ("-h", "--help")])
        raise command.Refusal("expected BASE... -- HEAD...: the sides with a `--` between them")
    cut = words.index("--")
    options = made.parse_args(words[:cut])
    base = options.results
    options = made.parse_args(words[cut + 1 :], options)
    for name, paths in (("BASE", base), ("HEAD", options.results)):
        if not paths:
            raise command.Refusal(f"no results of {name}; expected BASE... -- HEAD...")
    return options, base, options.results


def margins(texts, known):
    """{metric: share} of --fail-on."""
    found = {}
    for text in texts:
        metric, colon, percent = text.rpartition(":")
        try:
            share = float(percent.removesuffix("%")) / 100
        except ValueError:
            share = -1.0
        if not colon or not 0 <= share < 10:
            raise command.Refusal(f"--fail-on {text}: expected METRIC:PERCENT, as in read.p99:10")
        if metric not in known:
            near = compared_metrics.nearest(metric, known)
            hint = f"; did you mean {near}?" if near else ""
            raise command.Refusal(f"--fail-on {text}: no metric '{metric}'{hint}")
        if compared_metrics.better_of(metric) == "none":
            raise command.Refusal(
                f"--fail-on {text}: more of {metric} is neither better nor worse: it cannot fail"
            )
        found[metric] = share
    return found


def compare(base_paths, head_paths, options):
    """The comparison, and the runs of either side."""
    base, head = sides.load(base_paths), sides.load(head_paths)
    known = comparison.metric_names(base + head)
    floor = noise_floor.load(options.floor) if options.floor else None
    settings = comparison.Settings(margins(options.fail_on, known), floor)
    doubts = sides.check(base, head, options.allow_mismatch)
    if floor:
        floor.check(base + head)
    matched, more = sides.match(base, head, options.allow_mismatch)
    return comparison.compare(matched, settings, doubts + more), base, head


def status_of(found, options):
    if found.failing:
        return 1
    is_left = options.inconclusive == "fail" and found.undecided
    may_change = "fail" not in (options.inconclusive, options.changed)
    return 3 if is_left or (found.changed and not may_change) else 0


def report(found, base, head, options):
    """Prints and writes it; the exit status."""
    status = status_of(found, options)
    text = comparison_text.markdown(found, base, head)
    for path, content in (
        (options.markdown, text),
        (options.junit, comparison_exports.junit(found)),
        (options.json, comparison_exports.as_json(found, status)),
    ):
        if path:
            files.save(path, content)
    print(comparison_text.terminal(found, base, head), flush=True)
    if options.github:
        for line in comparison_exports.annotations(found):
            print(line)
        if place := os.environ.get("GITHUB_STEP_SUMMARY"):
            with open(place, "a", encoding="utf-8") as file:
                file.write(comparison_exports.summary(text))
    return status


def main():
    options, base, head = parse(sys.argv[1:])
    return report(*compare(base, head, options), options)
