#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Answers "cache-aside handles 80% of use cases", in virtual time.

Simulates every protocol with its caches in two places: for the production clusters (clusters.py),
which are judged by four profiles of requirements, and for the use cases of workloads/, by their
own. Writes results/eighty_percent.csv and, between their markers, the tables of
docs/eighty_percent.md. Takes about a quarter of an hour on two processors.

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

import cluster_models
import cluster_runs
import clusters
import eighty_percent_picture
import eighty_percent_text
import page_parts
import use_cases
from eighty_percent_text import OWN, PAGE
from stalemark.common import command, files, svg_pictures
from stalemark.recommend import recommendation, recommendation_text

ANSWERS = command.REPOSITORY / "results" / "eighty_percent.csv"
PICTURE = command.REPOSITORY / "docs" / "images" / "eighty_percent.svg"
MODELS = command.REPOSITORY / "results" / "eighty_percent_models.csv"
MILLISECOND = 1e6
PROFILES = {
    "relaxed": {
        "stale_fraction_max": 0.01,
        "writes_lost_max": 1000,
        "read_p99_max": 50 * MILLISECOND,
    },
    "ordinary": {
        "stale_fraction_max": 0.001,
        "writes_lost_max": 0,
        "read_p99_max": 20 * MILLISECOND,
    },
    "strict": {
        "stale_fraction_max": 0.0002,
        "writes_lost_max": 0,
        "read_p99_max": 20 * MILLISECOND,
    },
    "never stale": {
        "stale_age_max": 0,
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
    models, answers = read_all(chosen, cases) if known else measure(chosen, cases)
    parts = eighty_percent_text.parts(answers, models, chosen, cases, left_out, PROFILES)
    if options.only:
        print("\n".join(parts.values()))
    else:
        finish(parts, answers, models, options.check)


def check_names(names, chosen, cases, left_out):
    known = [each.name for each in (*chosen, *cases)]
    for name in names:
        if name not in known:
            why = left_out.get(name, f"no such cluster or use case; expected {', '.join(known)}")
            raise command.Refusal(f"--only {name}: {why}")


def measure(chosen, cases):
    """([Model], [Answer])."""
    models = cluster_models.find(chosen)
    groups = cluster_runs.simulate_clusters(modelled(models, chosen))
    answers = [
        answer(name, place, profile, group, PROFILES[profile])
        for (name, place), group in groups.items()
        for profile in PROFILES
    ]
    works = {each.name: each.workload for each in cases}
    groups = cluster_runs.simulate_places("use cases", works, use_cases.SURROUNDINGS)
    limits = {each.name: each.limits for each in cases}
    answers += [
        answer(name, place, OWN, group, limits[name]) for (name, place), group in groups.items()
    ]
    return models, answers


def modelled(models, chosen):
    """The clusters that a model speaks for, as it has them."""
    by_name = {each.name: each for each in chosen}
    return [each.of(by_name[each.cluster]) for each in models if each.kind != cluster_models.NONE]


def answer(case, place, profile, group, limits):
    found = recommendation.of_groups([group], limits)
    plain = next(each for each in found.candidates if is_plain(each.protocol))
    best = found.qualified[0] if found.qualified else None
    if best and not plain.failing and plain.size == best.size:
        best = plain  # Of equals, the one that was asked about.
    failing = ", ".join(sorted(plain.failing))
    return Answer(case, place, profile, kind_of(best, found), best.label if best else "", failing)


def is_plain(protocol):
    """Cache-aside without a shield and events."""
    is_aside = protocol["strategy"] == PLAIN and protocol["invalidate"] == "erase"
    return is_aside and protocol["shield"] == "none"


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


def finish(parts, answers, models, check):
    before = after = PAGE.read_text()
    for name, part in parts.items():
        after = page_parts.with_part(after, name, "eighty_percent.py", part, PAGE)
    drawn = svg_pictures.svg(eighty_percent_picture.draw(answers))
    if not check:
        files.save(ANSWERS, written(answers))
        files.save(MODELS, cluster_models.written(models))
        files.save(PICTURE, drawn)
        files.save(PAGE, after)
    elif before != after or not svg_pictures.are_alike(PICTURE.read_text(), drawn):
        what = f"{PAGE} is not what {ANSWERS} says"
        raise command.Refusal(f"{what}; run scripts/studies/eighty_percent.py", 1)


def written(answers):
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([field.name for field in dataclasses.fields(Answer)])
    rows.writerows(dataclasses.astuple(each) for each in answers)
    return text.getvalue()


def read_all(chosen, cases):
    """What ANSWERS and MODELS hold, if they answer every question."""
    try:
        answers, models = read(ANSWERS), cluster_models.read(MODELS)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise command.Refusal(f"{ANSWERS}: not what this script writes ({error!r})") from None
    asked = [(each.name, profile) for each in modelled(models, chosen) for profile in PROFILES]
    asked += [(each.name, OWN) for each in cases]
    missing = {(*each, place) for each in asked for place in cluster_runs.PLACES}
    missing -= {(each.case, each.profile, each.place) for each in answers}
    missing |= {(each.name, "model") for each in chosen
                if each.miss_ratio is not None and each.name not in {m.cluster for m in models}}
    if missing:
        raise command.Refusal(f"{ANSWERS}: no answer for {', '.join(min(missing))}")
    return models, answers


def read(path):
    return [Answer(**row) for row in csv.DictReader(path.read_text().splitlines())]


if __name__ == "__main__":
    command.run(main)
