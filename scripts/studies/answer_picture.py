#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the answer of a matrix.json as a table of cells: green is better than without a cache, red
is worse; below a figure stands the article's grade with its mark. OUT is an SVG file."""

import json
import math
import pathlib
import sys

import matplotlib
from matplotlib import figure
from matplotlib.patches import Rectangle

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from stalemark.common import command
from stalemark.common.figures import duration, few, rough
from stalemark.matrix import answer, claims

HEADS = ("a read can be stale", "stale reads,\nsimulated", "reads,\nmean", "reads,\np99",
         "writes,\nmean", "writes,\np99", "database\nreads", "database\nbears",
         "unpersisted\nwrites")  # fmt: skip
GRADED = {0: "consistency", 2: "read", 4: "write"}
WIDTHS = (1.9, 1.4, 1.35, 1.0, 1.25, 1.0, 1.1, 0.9, 1.1)
LABEL, ROW = 1.8, 0.55
GOOD, BAD, PLAIN = "#009E73", "#D55E00", "#F2F2F2"


def draw(told):
    """The figure of one answer, as answer.as_data() has it."""
    matplotlib.rcParams.update({"font.size": 10, "svg.hashsalt": "stalemark"})
    rows = told["rows"]
    width, height = LABEL + sum(WIDTHS), ROW * (len(rows) + 1.3)
    drawn = figure.Figure(figsize=(width * 0.95, height * 0.95))
    axes = drawn.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    left = LABEL
    for column, (head, wide) in enumerate(zip(HEADS, WIDTHS)):
        axes.text(left + wide / 2, ROW * 0.65, head, ha="center", va="center", fontsize=9)
        for number, row in enumerate(rows):
            _cell(axes, left, ROW * (number + 1.2), wide, cell_of(row, column), _grade(row, column))
        left += wide
    for number, row in enumerate(rows):
        axes.text(0.1, ROW * (number + 1.7), row["protocol"], va="center", family="monospace",
                  fontsize=9)  # fmt: skip
    return drawn


def cell_of(row, column):
    """(text, how much better than without a cache, as a logarithm; None: neither)."""
    if column == 0:
        return row["known"], {"never": 0.7, "for ever": -0.7}.get(row["known"], -0.3)
    if column == 1:
        stale = row["stale_fraction"]
        if not stale:
            return "none", 0.7
        return rough(stale), -min(0.7, 0.1 + 2 * stale)
    if column < 6:
        measured, name = row[("read", "write")[column > 3]], ("mean", "p99")[column % 2]
        if f"{name}_ns" in measured:
            return duration(measured[f"{name}_ns"]), None
        ratio = measured[name]
        shown = answer.ratio_text(ratio, name)
        return shown, _better(ratio)
    if column == 6:
        reads = row["store_reads_per_operation"]
        return ("-", None) if reads is None else (f"{reads:.2f}/op", 0.7 * (1 - reads) - 0.1)
    if column == 7:
        ratio = row.get("bears")
        shown = answer.bears_text(ratio, row.get("bears_at_least"))
        return shown, _better(None if ratio is None else 1 / max(ratio, 0.01))
    lost = row["exposure_writes_max"]
    return (f"{few(lost)} writes", -0.7) if lost else ("none", 0.7)


def _better(ratio):
    """A ratio as a logarithm, above 0 where it is better; None where there is none."""
    if ratio is None:
        return None
    return -math.log(min(max(ratio, 0.01), 100))  # 0 and infinity are that much, too.


def _grade(row, column):
    told = row["claims"].get(GRADED.get(column))
    return f"{told['grade']} {claims.MARKS[told['verdict']]}" if told else ""


def _cell(axes, left, top, wide, shown, grade):
    text, better = shown
    strength = 0 if better is None else min(0.6, abs(better) * 0.8)
    colour = PLAIN if better is None else GOOD if better > 0 else BAD
    alpha = 1 if better is None else strength
    axes.add_patch(Rectangle((left + 0.03, top + 0.03), wide - 0.06, ROW - 0.06, linewidth=0,
                             facecolor=colour, alpha=alpha))  # fmt: skip
    middle = left + wide / 2
    axes.text(middle, top + ROW * (0.35 if grade else 0.5), text, ha="center", va="center",
              fontsize=9)  # fmt: skip
    axes.text(middle, top + ROW * 0.75, grade, ha="center", va="center", fontsize=7.5)


def read(path):
    """The first answer of a matrix.json."""
    try:
        answers = json.loads(pathlib.Path(path).read_text())["answers"]
    except OSError as error:
        raise command.Refusal(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise command.Refusal(f"{path}: no matrix.json; scripts/matrix.py makes one") from None
    if not answers:
        raise command.Refusal(f"{path}: holds no answer; its results are not simulated")
    return answers[0]


def save(told, path):
    try:
        draw(told).savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    except OSError as error:
        raise command.Refusal(f"{path}: {error.strerror}") from None


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("matrix", metavar="MATRIX.json")
    parser.add_argument("out", metavar="OUT")
    options = parser.parse_args()
    save(read(options.matrix), options.out)


if __name__ == "__main__":
    command.run(main)
