"""The tables of docs/eighty_percent.md."""

import collections
import statistics

import cluster_runs
import command
from figures import percent
from recommendation_text import words

PAGE = command.REPOSITORY / "docs" / "eighty_percent.md"
MARKER = "<!-- From here on scripts/eighty_percent.py writes. -->\n"
KINDS = ("no cache", "plain cache-aside", "cache-aside with a shield", "cache-aside with events",
         "another strategy", "nothing")  # fmt: skip
CLOSE = 0.05  # Miss ratios that far apart are alike.


def page(answers, hits, chosen, left_out, profiles):
    parts = [
        *(f"- **{name}**: {'; '.join(words(*each) for each in limits.items())}."
          for name, limits in profiles.items()),
        "",
        summary(answers, profiles),
        "## How well the model's hit ratio is",
        "",
        accuracy(hits, chosen),
        "## Every cluster",
        "",
        details(answers, hits, chosen, profiles),
        "Left out: " + "; ".join(f"{name} ({why})" for name, why in left_out.items()) + ".",
    ]  # fmt: skip
    return "\n" + "\n".join(parts) + "\n"


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


def summary(answers, profiles):
    rows = []
    for place in cluster_runs.PLACES:
        for profile in profiles:
            mine = [each for each in answers if (each.place, each.profile) == (place, profile)]
            count = collections.Counter(each.kind for each in mine)
            plain = sum(not each.plain for each in mine)
            rows.append([place, profile, *(count[kind] for kind in KINDS),
                         f"{plain} of {len(mine)} ({plain / len(mine):.0%})"])  # fmt: skip
    return table(["caches", "profile", *KINDS, "plain cache-aside qualifies"], rows)


def accuracy(hits, chosen):
    known = [each for each in chosen if each.miss_ratio is not None]
    off = {each.name: hits[each.name] - each.miss_ratio for each in known}
    close = [name for name, value in off.items() if abs(value) <= CLOSE]
    far = sorted((name for name in off if name not in close), key=lambda name: -abs(off[name]))
    median = statistics.median(abs(value) for value in off.values())
    named = ", ".join(f"{name} ({100 * off[name]:+.0f})" for name in far)
    return (
        f"Within {100 * CLOSE:.0f} points of the published miss ratio in {len(close)} of"
        f" {len(off)} clusters; the median distance is {100 * median:.1f} points. Off by more, in"
        f" points: {named or 'none'}.\n"
    )


def details(answers, hits, chosen, profiles):
    by_key = {(each.cluster, each.place, each.profile): each for each in answers}
    header = ["cluster", "reads", "theta", "misses there", "here"]
    header += [f"{place}, {profile}" for place in cluster_runs.PLACES for profile in profiles]
    rows = []
    for cluster in chosen:
        there = "?" if cluster.miss_ratio is None else percent(cluster.miss_ratio)
        row = [cluster.name, f"{cluster.reads:.0%}", f"{cluster.theta:g}", there,
               percent(hits[cluster.name])]  # fmt: skip
        row += [
            by_key[cluster.name, place, profile].simplest or "-"
            for place in cluster_runs.PLACES
            for profile in profiles
        ]
        rows.append(row)
    return table(header, rows)
