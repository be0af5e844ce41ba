#!/usr/bin/python3
"""Answers "cache-aside handles 80% of use cases" for production workloads, in virtual time.

Simulates every protocol for each production cluster (scripts/clusters.py) with its caches in two
places, judges them by three profiles of requirements, and writes docs/eighty_percent.md from its
marker on, and results/eighty_percent.csv. Takes about fifteen minutes on two processors.

  --only NAME   this cluster alone (may be repeated); prints instead of writing
  --check       exits with 1 if the page is not what results/eighty_percent.csv says

The program is $STALEMARK_BINARY, or else build/release/stalemark.
"""

import csv
import dataclasses
import io

import cluster_runs
import clusters
import command
import eighty_percent_text
import matrix
import measures
import recommendation

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
    """For one cluster, place and profile: the simplest that qualifies, and of what kind it is."""

    cluster: str
    place: str
    profile: str
    kind: str
    simplest: str  # Empty: nothing qualifies.
    plain: str  # What excludes plain cache-aside; empty: nothing does.


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", help="of these clusters alone")
    parser.add_argument("--check", action="store_true", help="compare page and answers only")
    options = parser.parse_args()
    chosen, left_out = clusters.load()
    if options.only:
        known = {each.name: each for each in chosen}
        unknown = [name for name in options.only if name not in known]
        if unknown:
            why = left_out.get(unknown[0], "no such cluster; expected cluster1 to cluster54")
            raise command.Refusal(f"--only {unknown[0]}: {why}")
        chosen = [known[name] for name in options.only]
    if options.check:
        answers, hits = read(ANSWERS)
    else:
        answers, hits = measure(chosen)
    page = eighty_percent_text.page(answers, hits, chosen, left_out, PROFILES)
    if options.only:
        print(page)
    else:
        finish(page, answers, hits, options.check)


def measure(chosen):
    """([Answer], {cluster: simulated miss ratio})."""
    groups = cluster_runs.simulate_places(chosen)
    answers = [
        answer(cluster, place, profile, group)
        for (cluster, place), group in groups.items()
        for profile in PROFILES
    ]
    small = cluster_runs.simulate_miniatures(chosen)
    return answers, {name: miss_ratio(group) for name, group in small.items()}


def answer(cluster, place, profile, group):
    found = recommendation.of_groups([group], PROFILES[profile])
    plain = next(each for each in found.candidates if each.label.split(" ")[0] == PLAIN
                 and each.protocol["invalidate"] == "erase")  # fmt: skip
    best = found.qualified[0] if found.qualified else None
    if best and not plain.failing and plain.size == best.size:
        best = plain  # Of equals, the one that was asked about.
    failing = ", ".join(sorted(plain.failing))
    return Answer(cluster, place, profile, kind_of(best), best.label if best else "", failing)


def kind_of(best):
    if best is None:
        return "nothing"
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


def finish(page, answers, hits, check):
    path = eighty_percent_text.PAGE
    before = path.read_text()
    after = before.partition(eighty_percent_text.MARKER)[0] + eighty_percent_text.MARKER + page
    if not check:
        matrix.save(ANSWERS, written(answers, hits))
        matrix.save(path, after)
    elif before != after:
        what = f"{path} is not what {ANSWERS} says"
        raise command.Refusal(f"{what}; run scripts/eighty_percent.py", 1)


def written(answers, hits):
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([field.name for field in dataclasses.fields(Answer)] + ["simulated_miss_ratio"])
    for each in answers:
        rows.writerow([*dataclasses.astuple(each), f"{hits[each.cluster]:.4f}"])
    return text.getvalue()


def read(path):
    rows = list(csv.DictReader(path.read_text().splitlines()))
    hits = {row["cluster"]: float(row.pop("simulated_miss_ratio")) for row in rows}
    return [Answer(**row) for row in rows], hits


if __name__ == "__main__":
    command.run(main)
