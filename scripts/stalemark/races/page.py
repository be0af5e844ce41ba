# SPDX-License-Identifier: Apache-2.0
"""docs/races.md, from the table and what is kept of its runs."""

import textwrap

from stalemark.common import figures as numbers
from stalemark.common import markdown
from stalemark.races import figures
from stalemark.races.measuring import CONFIDENCE
from stalemark.races.table import FAMILIES, NOT_MEASURED, table

HEAD = """# Races as stories, with their rates

{count} races of caching protocols. Each has its story, how often it happens in virtual time, how often
mathematics says that it does, and what prevents it at which price.

```console
$ scripts/studies/races.py --check late_delete
```

repeats one: it exits with 1 if the measured rate does not agree with the formula, the cure leaves a case, or
either is not what this page says.

{outcome}
"""

HOW = """## How to read it

- **The rate** is a share of all reads unless the row says otherwise. It is that of the run shown, a key or
  keys of equal popularity whose reads and writes come at random (Poisson); another load has another rate,
  and the formula says which.
- **Measured** is the mean over runs with different seeds, {seeds} unless the story says otherwise. Its
  interval is Student's, with 95%.
- **Predicted** is the formula's value. It is derived from the story and the latencies alone and fits nothing
  to the runs; formulas that are approximations say for which load. r are reads and w writes per second, L is
  the mean trip to the store. The formulas are functions of `scripts/stalemark/races/rates.py`, except for
  three from [predictions](predictions.md). A test measures each with other parameters, too, and rejects each
  formula if it is wrong by 30%.
- **The cure** takes the place of the options that make the race. *0 of n*: of so many reads, keys or writes
  none showed the race. That is no proof; [check](check.md) judges recorded operations.
- **The price** is the mean time of a read and of a write, and the reads of the store for each read, before
  and with the cure. In these runs nothing takes time but what the command says, often the store alone, so a
  cure that costs calls of the cache seems free.
- **The number** is a label. Numbers that are left out belong to races that need what Stalemark does not have:
  transactions, replicas of the store, tags and generations, batches that fail in part.
"""


def generated(kept):
    races = table()
    lines = [HEAD.format(count=len(races), outcome=outcome(kept)).rstrip("\n"), ""]
    lines += summary(races, kept)
    lines += ["", HOW.format(seeds=usual_runs(kept)).rstrip("\n"), ""]
    for family, members in FAMILIES.items():
        lines += [f"## {family}", ""]
        for race in members:
            lines += story(race, kept[race.name])
    return "\n".join([*lines, *others()]) + "\n"


def usual_runs(kept):
    runs = [each["measured"]["race"]["runs"] for each in kept.values()]
    return max(set(runs), key=runs.count)


def outcome(kept):
    alone = sum(not each["is_covered"] for each in kept.values())
    together = sum(not each["is_covered_with_all"] for each in kept.values())
    by_chance = (1 - CONFIDENCE) * len(kept)
    uncured = sum(bool(each["measured"]["cure"]["rate"]) for each in kept.values())
    return (
        f"Formulas outside their own 95% interval: {alone} of {len(kept)}; by chance one expects "
        f"{by_chance:.1f}.\nOutside intervals that all hold at once with 95% (Bonferroni): "
        f"{together}. Cures that leave a case: {uncured}."
    )


def summary(races, kept):
    rows = []
    for race in races:
        measured = kept[race.name]["measured"]["race"]
        rows.append((
            f"[`{race.name}`](#{race.name})", race.number, amount(race, measured["rate"]),
            between(race, measured), amount(race, kept[race.name]["predicted"]), race.cure.words,
        ))  # fmt: skip
    head = ("race", "number", "measured", "95% interval", "predicted", "cured by")
    return markdown.table(head, rows, figures=(2, 3, 4))


def amount(race, value):
    if race.figure == "writes exposed":
        return numbers.short(value, 3)
    return "0" if value == 0 else f"{100 * value:.3g}%"


def between(race, measured):
    return f"{amount(race, measured['low'])} to {amount(race, measured['high'])}"


def story(race, record):
    figure = figures.FIGURES[race.figure]
    measured = record["measured"]
    runs = measured["race"]["runs"]
    known = f"; among `known_races` as `{race.known_as}`" if race.known_as else ""
    lines = [f"### {race.name}", ""]
    lines += paragraph(f"{race.happens} {race.sees} {race.ends}")
    lines += [""]
    lines += paragraph(f"({race.number}{known}; counted by {figure.field}, {runs} runs)")
    lines += [""]
    head = ("", f"rate, {figure.unit}", "95% interval", "read", "write", "store reads per read")
    rows = [("predicted", amount(race, record["predicted"]), "", "", "", ""),
            row("measured", race, measured["race"])]  # fmt: skip
    if race.half:
        rows.append(row(f"half a cure: {race.half.words}", race, measured["half"]))
    rows.append(row(f"cure: {race.cure.words}", race, measured["cure"]))
    lines += markdown.table(head, rows, figures=(1, 2, 3, 4, 5))
    lines += [""]
    lines += paragraph(f"Formula: {race.formula}.")
    lines += paragraph(f"Assumed: {race.assumes}.")
    lines += [""]
    lines += schedule_of(race, record)
    return lines + commands(measured)


def row(name, race, rate):
    price = rate["price"]
    if rate["rate"] == 0:
        value, interval = f"0 of {rate['judged']:,}", ""
    else:
        value, interval = amount(race, rate["rate"]), between(race, rate)
    times = [numbers.duration(price[f"{kind}_ns"]) if price.get(f"{kind}_ns", 0) >= 10
             else "0" if f"{kind}_ns" in price else "" for kind in ("read", "write")]  # fmt: skip
    loads = f"{price['store_reads']:.3g}" if "store_reads" in price else ""
    return (name, value, interval, *times, loads)


def paragraph(text):
    return textwrap.wrap(text, 100, break_long_words=False, break_on_hyphens=False)


def schedule_of(race, record):
    """The shortest schedule that shows it, as the program has found it."""
    if not record["schedule"]:
        return []
    return [f"The shortest schedule (`stalemark explore {race.explore}`):", "", "```text",
            record["schedule"].rstrip("\n"), "```", ""]  # fmt: skip


def commands(measured):
    lines = ["<details><summary>The commands, of the first seed</summary>", "", "```console"]
    for rate in measured.values():
        folded = textwrap.wrap(rate["command"], 94, break_long_words=False,
                               break_on_hyphens=False)  # fmt: skip
        lines.append("$ " + " \\\n    ".join(folded))
    return [*lines, "```", "", "</details>", ""]


def others():
    lines = ["## Not measured", ""]
    for name, why in NOT_MEASURED.items():
        lines += paragraph(f"- `{name}`: {why}.")
    return lines
