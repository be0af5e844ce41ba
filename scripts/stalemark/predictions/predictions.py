# SPDX-License-Identifier: Apache-2.0
"""Holds what the program measures in virtual time against what mathematics predicts.

Each form of predicted_runs.py is run with ten seeds; Student's interval about the mean of
the ten is compared with the prediction. Prints a table.

  --check   exits with 1 if a prediction lies outside, or docs/predictions.md is not what this
            run gives
  --page    writes docs/predictions.md from its marker on, and its picture
  --only    forms whose family or name has this text
  --seeds   other seeds, to look into a form that misses
  --json    writes the table to FILE as well; scripts/report.py shows a predictions.json that lies
            in the folder of its results

The program is $STALEMARK_BINARY, or else build/release/stalemark.
"""

import concurrent.futures
import dataclasses
import itertools
import json
import os
import pathlib
import subprocess

from stalemark.common import (
    chart_style, command, files, intervals, markdown, palette,
    progress, svg_pictures,
)  # fmt: skip
from stalemark.predictions import predicted_runs, prediction

MARKER = "<!-- From here on scripts/predictions.py writes. -->\n"
PAGE = command.REPOSITORY / "docs/predictions.md"
PICTURE = command.REPOSITORY / "docs/images/predictions.svg"
SEEDS = range(1, 11)
CONFIDENCE = 0.99


@dataclasses.dataclass(frozen=True)
class Comparison:
    form: prediction.Form
    alone: intervals.Estimate  # 99 % for this form by itself.
    together: intervals.Estimate  # So wide that 99 % holds for all forms of the table at once.

    @property
    def off(self):
        """Of the prediction from the mean, in half-widths; nothing if no two runs differ."""
        half = self.alone.high - self.alone.value
        return (self.alone.value - self.form.value) / half if half else None

    def is_in(self, interval):
        rounding = 1e-9 * abs(self.form.value)
        return interval.low - rounding <= self.form.value <= interval.high + rounding


def measure(forms, seeds):
    """{options: results by seed}; forms that share a run share its results."""
    binary = command.program()

    def run(options, seed):
        line = f"{prediction.command_line(options)} --seed {seed} --quiet --out -"
        ended = subprocess.run([binary, *line.split()], capture_output=True, text=True)
        if ended.returncode != 0:
            raise command.Refusal(f"stalemark {line}: {ended.stderr.strip()}", 1)
        return json.loads(ended.stdout)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        pending = {options: [pool.submit(run, options, seed) for seed in seeds]
                   for options in dict.fromkeys(form.options for form in forms)}  # fmt: skip
        runs = list(itertools.chain.from_iterable(pending.values()))
        with progress.Bar("predictions", len(runs)) as bar:
            for done, _ in enumerate(concurrent.futures.as_completed(runs), 1):
                bar.reach(done, f"{done} of {len(runs)} runs")
        return {options: [one.result() for one in runs] for options, runs in pending.items()}


def compare(forms, seeds, tests):
    """`tests`: how many forms the table has; the error of 1 % is dealt out to them alike
    (Bonferroni), which holds however they depend on each other."""
    results = measure(forms, seeds)
    for form in forms:
        values = [form.measured(result) for result in results[form.options]]
        yield Comparison(
            form,
            intervals.student(values, CONFIDENCE),
            intervals.student(values, 1 - (1 - CONFIDENCE) / tests),
        )


def row(comparison):
    alone, off = comparison.alone, comparison.off
    verdict = "inside" if comparison.is_in(comparison.together) else "OUTSIDE"
    return (
        comparison.form.name, comparison.form.formula, f"{comparison.form.value:.5g}",
        f"{alone.value:.5g}", f"{alone.low:.5g} to {alone.high:.5g}",
        "exact" if off is None else f"{off:+.2f}", verdict,
    )  # fmt: skip


def by_family(comparisons):
    families = {}
    for comparison in comparisons:
        families.setdefault(comparison.form.family, []).append(comparison)
    return families


def generated(comparisons):
    outside = sum(not each.is_in(each.alone) for each in comparisons)
    lines = [
        f"\nPredictions: {len(comparisons)}. Outside their own 99% interval: {outside}; by chance "
        f"one expects {(1 - CONFIDENCE) * len(comparisons):.1f}.",
        "",
        "![Measured against predicted, a panel a family](images/predictions.svg)",
        "",
    ]
    heading = ("form", "formula", "predicted", "measured", "99% interval", "off", "verdict")
    for family, members in by_family(comparisons).items():
        lines += [f"### {family.capitalize()}", ""]
        lines += markdown.table(heading, map(row, members), figures=(2, 3, 4, 5))
        lines += ["", "<details><summary>The runs</summary>", ""]
        for options in dict.fromkeys(member.form.options for member in members):
            lines.append(f"    {options}")
        lines += ["", "</details>", ""]
    return "\n".join(lines)


def picture(comparisons):
    """Measured over predicted with its interval, one panel a family."""
    families, theme = by_family(comparisons), chart_style.LIGHT
    columns = 3
    rows = -(-len(families) // columns)
    drawn, grid = chart_style.canvas(theme, 2.1 * rows, rows, columns)
    for axes in grid.flat[len(families) :]:
        axes.set_visible(False)
    for axes, (family, members) in zip(grid.flat, families.items()):
        axes.axhline(1, color=palette.GREY, linewidth=1)
        for place, each in enumerate(members, 1):
            value = each.form.value
            mean = each.alone.value / value
            half = (each.alone.high - each.alone.value) / value
            axes.errorbar(
                place, mean, half, color=palette.PALETTE[0], marker="o", markersize=3,
                linewidth=1, capsize=2,
            )  # fmt: skip
        low, high = axes.get_ylim()
        reach = max(1 - low, high - 1, 0.005)
        axes.set_ylim(1 - reach, 1 + reach)
        axes.set_xlim(0.4, len(members) + 0.6)
        axes.set_xticks(range(1, len(members) + 1))
        axes.set_title(family, fontsize=9, color=theme.ink)
        axes.tick_params(labelsize=7)
    drawn.supxlabel("row of its table", fontsize=9, color=theme.ink)
    drawn.supylabel("measured / predicted", fontsize=9, color=theme.ink)
    return svg_pictures.svg(drawn)


def written():
    """The part of the page that people write."""
    return PAGE.read_text().partition(MARKER)[0] + MARKER


def check(comparisons, pages):
    wrong = [each.form.name for each in comparisons if not each.is_in(each.together)]
    if wrong:
        raise command.Refusal(f"outside the interval: {'; '.join(wrong)}", 1)
    for path, text in pages.items():
        found = path.read_text() if path.exists() else ""
        if found != text and not (path == PICTURE and svg_pictures.are_alike(found, text)):
            raise command.Refusal(f"{path} is out of date; run scripts/predictions.py --page", 1)


def as_json(comparisons, seeds):
    forms = [
        {
            "family": each.form.family,
            "name": each.form.name,
            "formula": each.form.formula,
            "predicted": each.form.value,
            "mean": each.alone.value,
            "low": each.alone.low,
            "high": each.alone.high,
            "inside": each.is_in(each.together),
            "command": f"stalemark {prediction.command_line(each.form.options)}",
        }
        for each in comparisons
    ]
    told = {"predictions": 1, "confidence": CONFIDENCE, "seeds": len(seeds), "forms": forms}
    return json.dumps(told, indent=2) + "\n"


def seeds_of(text):
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and int(first) < int(last)):
        raise command.Refusal(f'--seeds {text}: expected "first-last", as in 11-110')
    return range(int(first), int(last) + 1)


def main():
    parser = command.Parser(__doc__)
    task = parser.add_mutually_exclusive_group()
    task.add_argument("--check", action="store_true")
    task.add_argument("--page", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--seeds", type=seeds_of, default=SEEDS, metavar="FIRST-LAST")
    arguments = parser.parse_args()
    table = predicted_runs.table()
    chosen = [form for form in table if arguments.only in f"{form.family} {form.name}"]
    if not chosen:
        raise command.Refusal(f"--only {arguments.only}: no form has that in its name")
    if (arguments.check or arguments.page) and (len(chosen) < len(table) or
                                                arguments.seeds != SEEDS):  # fmt: skip
        raise command.Refusal("--check and --page take all forms and the seeds 1 to 10")
    if arguments.json and not arguments.json.parent.is_dir():
        raise command.Refusal(f"--json {arguments.json}: no such folder")
    if (arguments.check or arguments.page) and not PAGE.is_file():
        raise command.Refusal(f"{PAGE}: no such page; --check and --page are for a clone")
    comparisons = list(compare(chosen, arguments.seeds, len(table)))
    if arguments.json:
        files.write(arguments.json, as_json(comparisons, arguments.seeds))
    if not (arguments.check or arguments.page):
        for each in comparisons:
            name, _, *figures = row(each)
            print(f"{each.form.family}: {name:<55}", *figures, sep="  ")
        return
    pages = {PAGE: written() + generated(comparisons), PICTURE: picture(comparisons)}
    if arguments.check:
        return check(comparisons, pages)
    PICTURE.parent.mkdir(exist_ok=True)
    for path, text in pages.items():
        path.write_text(text)
