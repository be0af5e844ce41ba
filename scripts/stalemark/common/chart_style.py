# SPDX-License-Identifier: Apache-2.0
"""How pictures by Matplotlib look: ink on light ground, and bare axes."""

import dataclasses

import matplotlib
from matplotlib import figure, ticker

from stalemark.common import figures

WIDTH = 6.0  # Inches; at 10 points the text stays readable when a phone shrinks it.


@dataclasses.dataclass(frozen=True)
class Theme:
    name: str
    ink: str
    grid: str
    ground: str


LIGHT = Theme("light", "#222222", "#D8D8D8", "#FFFFFF")


def canvas(theme, height, rows=1, columns=1, **options):
    """A figure and its grid of axes."""
    matplotlib.rcParams.update({"font.size": 10, "svg.hashsalt": "stalemark"})
    drawn = figure.Figure(figsize=(WIDTH, height), layout="constrained", facecolor=theme.ground)
    grid = drawn.subplots(rows, columns, squeeze=False, **options)
    for axes in grid.flat:
        axes.set_facecolor("none")
        axes.tick_params(colors=theme.ink, which="both", length=3)
        axes.grid(color=theme.grid, linewidth=0.6)
        axes.set_axisbelow(True)
        for side, spine in axes.spines.items():
            spine.set_visible(side in ("left", "bottom"))
            spine.set_color(theme.ink)
        for text in (axes.xaxis.label, axes.yaxis.label, axes.title):
            text.set_color(theme.ink)
    return drawn, grid


def label_values(axis, write):
    """Major ticks as `write` puts them, minor ones without text."""
    axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: write(value)))
    axis.set_minor_formatter(ticker.NullFormatter())


def label_durations(axis):
    label_values(axis, figures.duration)
