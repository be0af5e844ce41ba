# SPDX-License-Identifier: Apache-2.0
"""Measures what sessions of one build differ by, for compare.py --floor.

RESULT is result files, or folders of them, of ten sessions at least of one build on one machine:
`stalemark suite` ten times, or Google Benchmark. Writes to --out FILE the spread of each metric's
medians between the sessions. It is what a comparison of results that were not recorded together
cannot see below: record both sides together with scripts/bench_commits where that is possible.
"""

import dataclasses
import hashlib
import json
import math
import pathlib
import statistics

from scipy import stats
from stalemark.common import command, files
from stalemark.common.results import NOT_COMPARABLE
from stalemark.compare import sides

SESSIONS_LEAST = 10


@dataclasses.dataclass(frozen=True)
class Spread:
    deviation: float  # Of the logarithms of the sessions' medians.
    sessions: int


@dataclasses.dataclass(frozen=True)
class Floor:
    path: str
    machine: dict  # By kind of run.
    spreads: dict  # {digest of a case: {metric: Spread}}

    def spread(self, run, metric):
        """Nothing where the floor does not know the case or the metric."""
        return self.spreads.get(digest(run), {}).get(metric)

    def check(self, runs):
        for run in runs:
            if run.machine and self.machine.get(run.kind, run.machine) != run.machine:
                raise command.Refusal(f"{self.path}: is of another machine", NOT_COMPARABLE)


def digest(run):
    return hashlib.sha256(run.case.encode()).hexdigest()[:16]


def measure(runs):
    """The floor as its file holds it."""
    by_case = {}
    for run in runs:
        if run.kind != "virtual":
            by_case.setdefault(digest(run), []).append(run)
    if not by_case:
        raise command.Refusal("simulated results have no noise; give real ones")
    cases = {}
    for key, members in sorted(by_case.items()):
        sessions = {}
        for run in members:
            sessions.setdefault(run.session.get("id", str(run.path)), []).append(run)
        if len(sessions) < SESSIONS_LEAST:
            raise command.Refusal(
                f"{members[0].title}: {len(sessions)} sessions; expected {SESSIONS_LEAST} at least"
            )
        metrics = {name for run in members for name in run.noisy}
        cases[key] = {
            "title": members[0].title,
            "sessions": len(sessions),
            "deviations": {
                name: deviation
                for name in sorted(metrics)
                if (deviation := _deviation(sessions.values(), name)) is not None
            },
        }
    machine = {run.kind: run.machine for run in runs if run.machine}
    return {"noise_floor": 1, "machine": machine, "cases": cases}


def _deviation(sessions, metric):
    medians = []
    for runs in sessions:
        values = [run.noisy[metric] for run in runs if metric in run.noisy]
        if not values or not all(0 < value < math.inf for value in values):
            return None
        medians.append(math.log(statistics.median(values)))
    return statistics.stdev(medians)


def load(path):
    try:
        data = json.loads(pathlib.Path(path).read_text())
        if data["noise_floor"] != 1:
            raise command.Refusal(f"{path}: noise_floor {data['noise_floor']!r}; expected 1")
        spreads = {
            key: {name: Spread(float(value), int(case["sessions"]))
                  for name, value in case["deviations"].items()}
            for key, case in data["cases"].items()
        }  # fmt: skip
        return Floor(str(path), dict(data["machine"]), spreads)
    except OSError as error:
        raise command.Refusal(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise command.Refusal(f"{path}: no noise floor; scripts/noise_floor.py makes one") from None


def apart(deviation, sessions):
    """By how much two sessions of one build differ in 19 of 20 cases, as a share. The deviation is
    itself an estimate, so the quantile is Student's."""
    return math.expm1(stats.t.ppf(0.975, sessions - 1) * math.sqrt(2) * deviation)


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("results", nargs="+", metavar="RESULT")
    parser.add_argument("--out", metavar="FILE", type=pathlib.Path, required=True)
    options = parser.parse_args()
    runs = sides.load(options.results)
    sides.check(runs, [], False)
    found = measure(runs)
    files.save(options.out, json.dumps(found, indent=2) + "\n")
    for case in found["cases"].values():
        for metric, deviation in case["deviations"].items():
            seen = apart(deviation, case["sessions"])
            print(f"{case['title']:<40} {metric:<24} ±{seen:.1%}")
    print(options.out)
