#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the pictures of docs/scenarios.md and writes its tables.

RESULT is a result file or a folder of them, as `stalemark suite virtual` leaves them; runs of other
workloads are passed over. Of each scenario the table goes between its two markers in
DIR/scenarios.md, and the picture becomes DIR/images/SCENARIO.svg. The same results give the same
bytes, drawn by the same Matplotlib. With --check nothing is written, and the exit status is 1 if a
file is out of date; pictures that another Matplotlib has drawn are not compared.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import page_parts
import scenario_charts
import scenario_runs
import scenario_tables
from stalemark.common import command, progress, svg_pictures


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("results", nargs="+", metavar="RESULT")
    parser.add_argument("--out", metavar="DIR", type=pathlib.Path,
                        default=command.REPOSITORY / "docs", help="where scenarios.md is"
                        " (left out: docs)")  # fmt: skip
    parser.add_argument("--check", action="store_true", help="compare only")
    options = parser.parse_args()
    made = generated(scenario_runs.load(options.results), options.out)
    differing = [path for path, text in made.items() if content(path) != text]
    if options.check:
        wrong = [path for path in differing if not is_alike(path, made[path])]
        if wrong:
            told = ", ".join(map(str, wrong))
            raise command.Refusal(f"out of date: {told}; run scripts/studies/scenarios.py", 1)
        return
    for path in differing:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path])
        print(path)


def content(path):
    return path.read_text() if path.exists() else None


def is_alike(path, text):
    found = content(path)
    return path.suffix == ".svg" and found is not None and svg_pictures.are_alike(found, text)


def generated(scenarios, folder):
    """{path: what should stand there}."""
    page = folder / "scenarios.md"
    text = content(page)
    if text is None:
        raise command.Refusal(f"{page}: expected the page whose tables are to be written")
    made = {}
    with progress.Bar("drawing", len(scenario_charts.CHARTS)) as bar:
        for name, draw in scenario_charts.CHARTS.items():
            bar.reach(len(made), name)
            if name not in scenarios:
                raise command.Refusal(f"no results of {name}; expected those of `suite virtual`")
            table = scenario_tables.table(name, scenarios[name])
            text = page_parts.with_part(text, name, "scenarios.py", table, page)
            made[folder / "images" / f"{name}.svg"] = svg_pictures.svg(
                draw(scenarios[name])
            )
    return {page: text, **made}


if __name__ == "__main__":
    command.run(main)
