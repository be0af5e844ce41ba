# SPDX-License-Identifier: Apache-2.0
"""docs/races.md, from the table and what is kept of its runs."""

import shlex
import textwrap

from stalemark.common import figures as numbers
from stalemark.common import markdown
from stalemark.races import figures
from stalemark.races.measuring import CONFIDENCE
from stalemark.races.table import FAMILIES, NOT_MEASURED, table

HEAD = """# Races as stories, with their rates

{count} races of caching protocols. Each has its story, how often it happens in virtual time, how
often mathematics says that it does, and what prevents it at which price.

```console
$ scripts/studies/races.py --check late_delete
```

repeats one. It exits with 1 if the measured rate does not agree with the formula, if the cure
leaves a case, or if the result is not what this page says.

{outcome}
"""

HOW = """## How to read it

- **The rate** is a share of all reads unless the table says otherwise. It is that of the command
  shown, whose reads and writes come at random (Poisson); another load has another rate, and the
  formula says which.
- **Measured** is the mean over runs with different seeds. Its interval is Student's, with 95%.
- **Predicted** is the formula's value. Nothing in it is fitted to the runs. r are the reads of a
  key and w its writes, per second. The formulas are functions of
  `scripts/stalemark/races/rates.py` and `scripts/stalemark/predictions/closed_forms.py`. A test
  measures each with other parameters, too, and finds each formula that is wrong by 30%.
- **The cure** takes the place of the options that make the race. *0 of n*: n reads, keys or writes
  could have shown the race, and none did. That is no proof.
- **A partial cure** is in use and leaves some cases.
- **The price** is the mean time of a read and of a write, and the reads of the store for each read,
  without and with the cure. In these runs little takes time, often the store alone, so that a cure
  which costs calls of the cache seems free.
- **The number** is a label. The numbers R9, R10 and R22 to R24 are left out: they belong to races
  that need transactions, replicas of the store, tags or generations, batches that fail in part, or
  writers that pass the cache by. R15 needs a queue that forgets by key, which Stalemark's does not.
"""


def generated(kept):
    races = table()
    lines = [HEAD.format(count=len(races), outcome=outcome(kept)).rstrip("\n"), ""]
    lines += summary(races, kept)
    lines += ["", HOW.rstrip("\n"), ""]
    for family, members in FAMILIES.items():
        lines += [f"## {family}", ""]
        for race in members:
            lines += story(race, kept[race.name])
    return "\n".join([*lines, *others()]) + "\n"


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
    if race.partial:
        rows.append(row(f"partial cure: {race.partial.words}", race, measured["partial"]))
    rows.append(row(f"cure: {race.cure.words}", race, measured["cure"]))
    lines += markdown.table(head, rows, figures=(1, 2, 3, 4, 5))
    lines += [""]
    lines += paragraph(f"- Formula: {race.formula}.")
    lines += paragraph(f"- Source: {race.source}.")
    lines += paragraph(f"- Assumed: {race.assumes}.")
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
    rest = "  " if text.startswith("- ") else ""
    return textwrap.wrap(text, 100, subsequent_indent=rest, break_long_words=False,
                         break_on_hyphens=False)  # fmt: skip


def schedule_of(race, record):
    """The shortest schedule that shows it, as the program has found it."""
    if not record["schedule"]:
        return []
    return [f"The shortest schedule (`stalemark explore {race.explore.options}`):", "", "```text",
            record["schedule"].rstrip("\n"), "```", ""]  # fmt: skip


def commands(measured):
    lines = ["<details><summary>The commands, each with the seeds from 1 on</summary>", "",
             "```console"]  # fmt: skip
    lines += [line for rate in measured.values() for line in folded(rate["command"])]
    return [*lines, "```", "", "</details>", ""]


def folded(command):
    """A command for a shell over several lines, in which an option stands beside its value."""
    first, *options = command.split(" --")
    lines = [f"$ {first}"]
    for option in options:
        quoted = " ".join(map(shlex.quote, option.split()))
        if len(lines[-1]) + len(quoted) > 93:
            lines[-1] += " \\"
            lines.append("   ")
        lines[-1] += f" --{quoted}"
    return lines


def others():
    lines = ["## Not measured", ""]
    for name, why in NOT_MEASURED.items():
        lines += paragraph(f"- {name}: {why}.")
    return lines
