#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes report.html from results: the decision matrix, its pictures and its evidence, in one file.

RESULT is a result file or a folder of them. The page needs no network, follows the reader's light
or dark theme, fits a phone and prints. What the results do not hold is left out, and the page says
which command would make it. A predictions.json of scripts/predictions.py beside the results is
shown, too. --png also writes the main pictures as PNG files, for READMEs and pull requests.
"""

import itertools
import re

import chart_style
import charts
import command
import matrix
import progress
import report_overview
import report_page
import report_protocols
import report_use_cases


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("results", nargs="+", metavar="RESULT")
    parser.add_argument("--out", metavar="DIR", required=True, help="where report.html goes")
    parser.add_argument("--assumptions", metavar="DIR", help="results with other assumptions")
    parser.add_argument("--capacity", metavar="FILE", help="of scripts/capacity.py")
    parser.add_argument("--png", action="store_true", help="pictures as files, too")
    options = parser.parse_args()
    groups, interrupted = matrix.gather(options.results)
    predictions = report_overview.predictions(options.results)
    folder = matrix.output_folder(options.out, options.results[0])
    answers = matrix.answers_of(groups, options.assumptions, options.capacity)
    built = matrix.build(groups, interrupted, answers)
    page = report_page.render(built, groups, predictions, report_use_cases.recommendations)
    matrix.write(folder / "report.html", page)
    if options.png:
        write_pictures(groups, report_protocols.plainest_first(built["overall"]), folder)
    print(folder / "report.html")


def write_pictures(groups, labels, folder):
    """As many protocols as can be told apart, the plainest of every strategy first."""
    with progress.Bar("drawing", len(groups) * len(charts.CHARTS)) as bar:
        for number, (group, draw) in enumerate(itertools.product(groups, charts.CHARTS)):
            bar.reach(number, f"{group.title}: {draw.__name__}")
            shown = [label for label in labels if label in group.rows][: charts.MOST]
            rows = {label: group.rows[label] for label in shown}
            if drawn := draw(rows, chart_style.styles_of(shown), chart_style.LIGHT):
                name = re.sub(r"[^\w.-]+", "_", group.title)
                drawn.savefig(folder / f"{name}.{draw.__name__}.png", dpi=144)


if __name__ == "__main__":
    command.run(main)
