# SPDX-License-Identifier: Apache-2.0
"""The generated parts of docs/eighty_percent.md."""

import collections
import statistics

import cluster_models
from cluster_runs import PLACES, SHARED
from stalemark.common import command, markdown
from stalemark.common.figures import percent
from stalemark.recommend.recommendation_text import words
from stalemark.recommend.requirements import REQUIREMENTS

PAGE = command.REPOSITORY / "docs" / "eighty_percent.md"
OWN = "its own"  # The profile of a use case.
PLAIN = "plain cache-aside"
KINDS = (PLAIN, "cache-aside with a shield", "cache-aside with events", "another strategy",
         "no cache", "nothing", "not decided")  # fmt: skip
CLAIM = 0.8
NEVER = "never stale"  # The profile without tolerance.


def parts(answers, models, chosen, cases, left_out, profiles):
    """{name of a part: its text}; without what nobody asked for."""
    made = {}
    of_clusters = [each for each in answers if each.profile != OWN]
    if chosen and cases:
        made["the answer"] = verdict(answers, models)
    if chosen:
        made["clusters"] = summary(of_clusters) + "\n" + exclusions(of_clusters)
        made["profiles"] = profile_list(profiles)
        made["models"] = accuracy(models, chosen)
        made["every cluster"] = details(of_clusters, models, chosen, profiles) + left(left_out)
    if cases:
        made["use cases"] = use_case_table(answers, cases)
    return made


def table(header, rows):
    return "\n".join(markdown.table(header, rows)) + "\n"


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


def verdict(answers, models):
    """The first sentence is the answer, for one shared cache."""
    rows = dict(asked([each for each in answers if each.profile != OWN]))
    shared = {profile: mine for (place, profile), mine in rows.items() if place == SHARED}
    near = {profile: mine for (place, profile), mine in rows.items() if place != SHARED}
    reached = {profile: qualifying(mine) / len(mine) >= CLAIM
               for profile, mine in shared.items() if profile != NEVER}  # fmt: skip
    yes, no = ([profile for profile, is_so in reached.items() if is_so == wanted]
               for wanted in (True, False))  # fmt: skip
    if not no:
        begin = "Yes, with one shared cache and some tolerance for stale reads"
    elif not yes:
        begin = "No"
    else:
        begin = f"Yes with {' or '.join(yes)} requirements and one shared cache, no with"
        begin += f" {' or '.join(no)} ones"
    told = ", ".join(f"{share(qualifying(mine), len(mine))} with {profile} requirements"
                     for profile, mine in shared.items())  # fmt: skip
    far = ", ".join(f"{share(qualifying(mine), len(mine))} {profile}"
                    for profile, mine in near.items())  # fmt: skip
    own = [each for each in answers if each.profile == OWN and each.place == SHARED]
    counts = collections.Counter(each.kind for mine in shared.values() for each in mine)
    return (
        f"**{begin}: plain cache-aside meets the requirements of {told}** of the production"
        f" clusters whose model has the published miss ratio ({len(fitting(models))} of"
        f" {len(models)}), and of {share(qualifying(own), len(own))} of the use cases. With near"
        f" copies that live for half a second: {far}. Of the {sum(counts.values())} questions about"
        f" one shared cache it is the simplest answer to {counts[PLAIN]}; the others take"
        f" {_others(counts)}.\n"
    )


def fitting(models):
    return [each for each in models if each.kind != cluster_models.NONE]


def _others(counts):
    found = [f"{kind} ({counts[kind]})" for kind in KINDS if kind != PLAIN and counts[kind]]
    return ", ".join(found) or "nothing else"


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


def accuracy(models, chosen):
    published = {each.name: each.miss_ratio for each in chosen}
    of_kind = collections.defaultdict(list)
    for each in models:
        of_kind[each.kind].append(each)
    count = {kind: len(found) for kind, found in of_kind.items()}
    distances = [abs(each.miss_ratio - published[each.cluster]) for each in fitting(models)]
    out = ", ".join(
        f"{each.cluster} ({percent(published[each.cluster])} there,"
        f" {percent(each.independent)} here)" for each in of_kind[cluster_models.NONE]
    )  # fmt: skip
    return (
        f"{count[cluster_models.INDEPENDENT]} of {len(models)} clusters have the published miss"
        f" ratio, within {100 * cluster_models.CLOSE:.0f} points, with independent draws;"
        f" {count.get(cluster_models.RECENT, 0)} more with reads of what was written last. The"
        f" median distance of these is {100 * statistics.median(distances):.1f} points. Left out:"
        f" {out or 'none'}.\n"
    )


def details(answers, models, chosen, profiles):
    by_key = {(each.case, each.place, each.profile): each for each in answers}
    clusters = {each.name: each for each in chosen}
    header = ["cluster", "reads", "keys drawn", "misses there", "misses here"]
    header += [f"{place}, {profile}" for place in PLACES for profile in profiles]
    rows = []
    for model in fitting(models):
        cluster = clusters[model.cluster]
        drawn = f"Zipf {cluster.theta:g}"
        if model.exponent is not None:
            drawn = f"latest {model.exponent:.2g}"
        row = [model.cluster, f"{cluster.reads:.0%}", drawn, percent(cluster.miss_ratio),
               percent(model.miss_ratio)]  # fmt: skip
        row += [
            by_key[model.cluster, place, profile].simplest or "-"
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
