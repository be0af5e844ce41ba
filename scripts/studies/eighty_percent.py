#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Answers "cache-aside handles 80% of use cases", in virtual time.

Simulates every protocol with its caches in two places: for the production clusters (clusters.py),
which are judged by three profiles of requirements, and for the use cases of workloads/, by their
own. Writes results/eighty_percent.csv and, between their markers, the tables of
docs/eighty_percent.md. Takes about twenty-five minutes on two processors.

  --only NAME   this cluster or use case alone (may be repeated); prints instead of writing
  --page        simulates nothing, and writes the page from results/eighty_percent.csv
  --check       exits with 1 if the page is not what that file says

The program is $STALEMARK_BINARY, or else build/release/stalemark.
"""

import pathlib
import sys
import csv
import dataclasses
import io

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import cluster_runs
import clusters
import eighty_percent_text
import page_parts
import use_cases
from eighty_percent_text import OWN, PAGE
from stalemark.common import command, files
from stalemark.matrix import matrix, measures
from stalemark.recommend import recommendation, recommendation_text

ANSWERS = command.REPOSITORY / "results" / "eighty_percent.csv"
SECOND, MILLISECOND = 1e9, 1e6
PROFILES = {
    "relaxed": {
        "stale_age_max": 10 * SECOND,
        "writes_lost_max": 1000,
        "read_p99_max": 50 * MILLISECOND,
    },
    "ordinary": {
        "stale_age_max": 1 * SECOND,
        "read_your_writes": True,
        "writes_lost_max": 0,
        "read_p99_max": 20 * MILLISECOND,
    },
    "strict": {
        "stale_age_max": 0,
        "read_your_writes": True,
        "monotonic_reads": True,
        "writes_lost_max": 0,
        "read_p99_max": 20 * MILLISECOND,
    },
}
PLAIN = "cache_aside"


@dataclasses.dataclass(frozen=True)
class Answer:
    """For one cluster or use case, place and profile: the simplest that qualifies."""

    case: str
    place: str
    profile: str
    kind: str
    simplest: str  # Empty: nothing qualifies.
    plain: str  # What excludes plain cache-aside; empty: nothing does.


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", help="of these alone")
    parser.add_argument("--page", action="store_true", help="write the page only")
    parser.add_argument("--check", action="store_true", help="compare page and answers only")
    options = parser.parse_args()
    chosen, left_out = clusters.load()
    cases = use_cases.load()
    if options.only:
        check_names(options.only, chosen, cases, left_out)
        chosen, cases = ([each for each in known if each.name in options.only]
                         for known in (chosen, cases))  # fmt: skip
    known = options.check or options.page
    answers, hits = read_all(chosen, cases) if known else measure(chosen, cases)
    parts = eighty_percent_text.parts(answers, hits, chosen, cases, left_out, PROFILES)
    if options.only:
        print("\n".join(parts.values()))
    else:
        finish(parts, answers, hits, options.check)


def check_names(names, chosen, cases, left_out):
    known = [each.name for each in (*chosen, *cases)]
    for name in names:
        if name not in known:
            why = left_out.get(name, f"no such cluster or use case; expected {', '.join(known)}")
            raise command.Refusal(f"--only {name}: {why}")


def measure(chosen, cases):
    """([Answer], {cluster: simulated miss ratio})."""
    groups = cluster_runs.simulate_clusters(chosen)
    answers = [
        answer(name, place, profile, group, PROFILES[profile])
        for (name, place), group in groups.items()
        for profile in PROFILES
    ]
    groups = cluster_runs.simulate_places("use cases", {each.name: each.workload for each in cases})
    limits = {each.name: each.limits for each in cases}
    answers += [
        answer(name, place, OWN, group, limits[name]) for (name, place), group in groups.items()
    ]
    small = cluster_runs.simulate_miniatures(chosen)
    return answers, {name: miss_ratio(group) for name, group in small.items()}


def answer(case, place, profile, group, limits):
    found = recommendation.of_groups([group], limits)
    plain = next(each for each in found.candidates if each.label.split(" ")[0] == PLAIN
                 and each.protocol["invalidate"] == "erase")  # fmt: skip
    best = found.qualified[0] if found.qualified else None
    if best and not plain.failing and plain.size == best.size:
        best = plain  # Of equals, the one that was asked about.
    failing = ", ".join(sorted(plain.failing))
    return Answer(case, place, profile, kind_of(best, found), best.label if best else "", failing)


def kind_of(best, found):
    if best is None:
        return "not decided" if recommendation_text.run_missing(found) else "nothing"
    protocol = best.protocol
    if protocol["strategy"] == "no_cache":
        return "no cache"
    if protocol["strategy"] != PLAIN:
        return "another strategy"
    if protocol["invalidate"] == "event":
        return "cache-aside with events"
    return "plain cache-aside" if protocol["shield"] == "none" else "cache-aside with a shield"


def miss_ratio(group):
    """Of write_through, where what is set is cached, as in the clusters."""
    label = next(label for label in group.rows if label.startswith("write_through"))
    figures = measures.figures_of([matrix.part_of(group, label)])
    return 1 - figures["store"]["hit_ratio"]


def finish(parts, answers, hits, check):
    before = after = PAGE.read_text()
    for name, part in parts.items():
        after = page_parts.with_part(after, name, "eighty_percent.py", part, PAGE)
    if not check:
        files.save(ANSWERS, written(answers, hits))
        files.save(PAGE, after)
    elif before != after:
        what = f"{PAGE} is not what {ANSWERS} says"
        raise command.Refusal(f"{what}; run scripts/studies/eighty_percent.py", 1)


def written(answers, hits):
    """Without a miss ratio where there is none to compare with."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([field.name for field in dataclasses.fields(Answer)] + ["simulated_miss_ratio"])
    for each in answers:
        hit = f"{hits[each.case]:.4f}" if each.case in hits else ""
        rows.writerow([*dataclasses.astuple(each), hit])
    return text.getvalue()


def read_all(chosen, cases):
    """What ANSWERS holds, if it answers every question."""
    try:
        answers, hits = read(ANSWERS)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise command.Refusal(f"{ANSWERS}: not what this script writes ({error!r})") from None
    asked = [(each.name, profile) for each in chosen for profile in PROFILES]
    asked += [(each.name, OWN) for each in cases]
    missing = {(*each, place) for each in asked for place in cluster_runs.PLACES}
    missing -= {(each.case, each.profile, each.place) for each in answers}
    missing |= {(each.name, "miss ratio") for each in chosen if each.name not in hits}
    if missing:
        raise command.Refusal(f"{ANSWERS}: no answer for {', '.join(min(missing))}")
    return answers, hits


def read(path):
    rows = list(csv.DictReader(path.read_text().splitlines()))
    hits = {row["case"]: float(told) for row in rows if (told := row.pop("simulated_miss_ratio"))}
    return [Answer(**row) for row in rows], hits


if __name__ == "__main__":
    command.run(main)
