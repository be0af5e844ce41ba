# SPDX-License-Identifier: Apache-2.0
"""Sums up simulated results, a line of CSV each: what they came to, and a digest of all else.

    scripts/virtual_summary.py DIR                 prints the lines
    scripts/virtual_summary.py DIR --against FILE  compares with lines that were kept; exit status 1
                                                   and one message a difference if they differ

results/virtual/summary.csv keeps those of `stalemark suite virtual`: simulated results are the same
bytes on every machine, so that a difference is a change of behaviour, for CHANGELOG.md to explain.
"""

import csv
import hashlib
import io
import json
import pathlib
import sys

from stalemark.common import command, results

FIGURES = {
    "operations": lambda data: sum(kind["count"] for kind in data["operations"].values()),
    "hit_ratio": lambda data: _fraction(data["cache"].get("hit_ratio")),
    "store_reads": lambda data: data["store"]["reads"],
    "redundant_reads": lambda data: data["store"]["redundant_reads"],
    "concurrent_reads_max": lambda data: data["store"]["concurrent_reads_max"],
    "read_p99_ns": lambda data: data["operations"]["read"].get("latency_ns", {}).get("p99", ""),
    "stale_reads": lambda data: data["consistency"]["stale_reads"],
    "stale_by_design": lambda data: data["consistency"]["stale_by_design"],
    "left_unlike_store": lambda data: _unlike(data["consistency"]["divergence"]["after_drain"]),
    "promise": lambda data: data["promise"]["verdict"],
}


def _fraction(value):
    """Empty: it was not measured."""
    return "" if value is None else f"{value:.4f}"


def _unlike(divergence):
    return sum(divergence[name] for name in ("cache_stale", "cache_ahead", "cache_other"))


def digest_of(data):
    """Of everything that the run did: neither of the version that wrote it, nor of what is known of
    its protocol beforehand."""
    told = {name: value for name, value in data.items() if name not in ("context", "known_races")}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def lines_of(paths):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["run", *FIGURES, "digest"])
    for result in sorted(results.load(paths), key=lambda result: result.path.name):
        if not result.is_simulated:
            raise command.Refusal(f"{result.path}: was not simulated: it differs by machine")
        figures = [figure(result.data) for figure in FIGURES.values()]
        writer.writerow([result.path.stem, *figures, digest_of(result.data)])
    return out.getvalue()


def differences(kept, made):
    """One message for each run that is not the same, or not there."""
    before = {row["run"]: row for row in csv.DictReader(io.StringIO(kept))}
    after = {row["run"]: row for row in csv.DictReader(io.StringIO(made))}
    for run in sorted(before.keys() | after.keys()):
        if run not in after:
            yield f"{run}: is not there any more"
        elif run not in before:
            yield f"{run}: is new"
        elif before[run] != after[run]:
            changed = [
                f"{name} {before[run].get(name)} -> {value}"
                for name, value in after[run].items()
                if before[run].get(name) != value
            ]
            yield f"{run}: {', '.join(changed)}"


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("results", nargs="+", help="result files or folders of them")
    parser.add_argument("--against", metavar="FILE", help="lines that were kept")
    arguments = parser.parse_args()
    made = lines_of(arguments.results)
    if arguments.against is None:
        sys.stdout.write(made)
        return 0
    try:
        kept = pathlib.Path(arguments.against).read_text()
    except OSError as error:
        raise command.Refusal(f"{arguments.against}: {error.strerror}") from None
    found = list(differences(kept, made))
    for message in found:
        print(message)
    return 1 if found else 0
