# SPDX-License-Identifier: Apache-2.0
"""The generated parts of docs/eighty_percent.md."""

import collections
import statistics

from cluster_runs import PLACES
from stalemark.common import command
from stalemark.common.figures import percent
from stalemark.recommend.recommendation_text import words
from stalemark.recommend.requirements import REQUIREMENTS

PAGE = command.REPOSITORY / "docs" / "eighty_percent.md"
OWN = "its own"  # The profile of a use case.
PLAIN = "plain cache-aside"
KINDS = (PLAIN, "cache-aside with a shield", "cache-aside with events", "another strategy",
         "no cache", "nothing", "not decided")  # fmt: skip
CLAIM = 0.8
CLOSE = 0.05  # Miss ratios that far apart are alike.


def parts(answers, hits, chosen, cases, left_out, profiles):
    """{name of a part: its text}; without what nobody asked for."""
    made = {}
    if chosen and cases:
        made["the answer"] = verdict(answers)
    if chosen:
        of_clusters = [each for each in answers if each.profile != OWN]
        made["clusters"] = summary(of_clusters) + "\n" + exclusions(of_clusters)
        made["profiles"] = profile_list(profiles)
        made["hit ratios"] = accuracy(hits, chosen)
        made["every cluster"] = details(of_clusters, hits, chosen, profiles) + left(left_out)
    if cases:
        made["use cases"] = use_case_table(answers, cases)
    return made


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def asked(answers):
    """[((place, profile), answers)], in the order of the answers."""
    found = {}
    for each in answers:
        found.setdefault((each.place, each.profile), []).append(each)
    order = list(PLACES)
    return sorted(found.items(), key=lambda pair: order.index(pair[0][0]))


def qualifying(answers):
    return sum(not each.plain for each in answers)


def share(part, whole):
    return f"{part} of {whole} ({part / whole:.0%})"


def verdict(answers):
    reached = {key: qualifying(mine) / len(mine) for key, mine in asked(answers)}
    if max(reached.values()) < CLAIM:
        begin = f"No: nowhere in {CLAIM:.0%} of them."
    elif min(reached.values()) >= CLAIM:
        begin = f"Yes: in {CLAIM:.0%} of them at least."
    else:
        begin = "It depends on what one requires, and on where the caches are."
    rows = dict(asked(answers))
    told = [f"in {share(qualifying(rows[key]), len(rows[key]))} {how} ({_whose(*key)})"
            for key, how in ((max(reached, key=reached.get), "at most"),
                             (min(reached, key=reached.get), "at least"))]  # fmt: skip
    counts = collections.Counter(_beside(each) for each in answers)
    return (
        f"**{begin}** Plain cache-aside meets the requirements {' and '.join(told)}. Of all"
        f" {len(answers):,} questions (a cluster or use case, its caches in one of the places, and"
        f" a profile) it is the simplest answer to {counts['simplest']:,}; in"
        f" {counts['too much']:,} it would do, and so would something simpler; in"
        f" {counts['too little']:,} it does not do, and something else does; in"
        f" {counts['none']:,} nothing does{_open(counts['none yet'])}.\n"
    )


def _open(count):
    return f"; in {count:,} these runs do not decide it" if count else ""


def _whose(place, profile):
    whose = "the use cases" if profile == OWN else f"the clusters, {profile} requirements"
    return f"{whose}, {place}"


def _beside(answer):
    """What plain cache-aside is beside what is recommended."""
    if answer.kind == PLAIN:
        return "simplest"
    if not answer.plain:
        return "too much"
    return {"nothing": "none", "not decided": "none yet"}.get(answer.kind, "too little")


def profile_list(profiles):
    return "".join(
        f"- **{name}**: {'; '.join(words(*each) for each in limits.items())}.\n"
        for name, limits in profiles.items()
    )


def summary(answers):
    """In how many which kind of protocol is the simplest that qualifies."""
    rows = []
    for (place, profile), mine in asked(answers):
        count = collections.Counter(each.kind for each in mine)
        rows.append([place, profile, share(qualifying(mine), len(mine)),
                     *(count[kind] for kind in KINDS)])  # fmt: skip
    return table(["caches", "profile", f"{PLAIN} qualifies", *KINDS], rows)


def exclusions(answers):
    """How often which requirement excludes plain cache-aside; several may at once."""
    counts = {key: collections.Counter(name for each in mine for name in failing(each))
              for key, mine in asked(answers)}  # fmt: skip
    names = [name for name in REQUIREMENTS if any(count[name] for count in counts.values())]
    rows = [[*key, *(count[name] for name in names)] for key, count in counts.items()]
    return table(["caches", "profile", *(REQUIREMENTS[name].title for name in names)], rows)


def failing(answer):
    return answer.plain.split(", ") if answer.plain else []


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
    by_key = {(each.case, each.place, each.profile): each for each in answers}
    header = ["cluster", "reads", "theta", "misses there", "misses here"]
    header += [f"{place}, {profile}" for place in PLACES for profile in profiles]
    rows = []
    for cluster in chosen:
        there = "?" if cluster.miss_ratio is None else percent(cluster.miss_ratio)
        row = [cluster.name, f"{cluster.reads:.0%}", f"{cluster.theta:g}", there,
               percent(hits[cluster.name])]  # fmt: skip
        row += [
            by_key[cluster.name, place, profile].simplest or "-"
            for place in PLACES
            for profile in profiles
        ]
        rows.append(row)
    return table(header, rows)


def left(left_out):
    return "\nLeft out: " + "; ".join(f"{name} ({why})" for name, why in left_out.items()) + ".\n"


def use_case_table(answers, cases):
    by_key = {(each.case, each.place): each for each in answers if each.profile == OWN}
    header = ["use case", "requires"]
    for place in PLACES:
        header += [place, "what excludes plain cache-aside"]
    rows = []
    for case in cases:
        row = [case.name, "; ".join(words(*each) for each in case.limits.items())]
        for place in PLACES:
            found = by_key[case.name, place]
            titles = ", ".join(REQUIREMENTS[name].title for name in failing(found))
            row += [found.simplest or "-", titles or "nothing"]
        rows.append(row)
    mine = [each for each in answers if each.profile == OWN]
    return summary(mine) + "\n" + table(header, rows)
