# SPDX-License-Identifier: Apache-2.0
"""What the pictures of docs/scenarios.md have in common: runs by name, titles, notes, units."""

from matplotlib import ticker

from stalemark.common import figures
from stalemark.common.chart_style import LIGHT, label_values
from stalemark.common.command import Refusal

SMALL = 9


def run_of(runs, name):
    if name not in runs:
        known = ", ".join(runs)
        raise Refusal(f"no result of these options: {name}; expected it beside: {known}")
    return runs[name]


def title(axes, text, colour=LIGHT.ink):
    axes.set_title(text, fontsize=SMALL, loc="left", pad=3, color=colour)


def note(axes, x, y, text, colour, **options):
    axes.text(x, y, text, color=colour, fontsize=SMALL, **options)


def thousands(axis):
    label_values(axis, lambda value: f"{value:,.0f}")


def seconds(axes, most=60):
    axes.set_xlabel("time [s]")
    axes.set_xlim(0, most)


def milliseconds(axes):
    """A log axis of values in ms."""
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(ticker.LogLocator(numticks=6))
    axes.yaxis.set_minor_locator(ticker.NullLocator())
    label_values(axes.yaxis, lambda value: figures.duration(value * 1e6))


def line(axes, points, colour, **options):
    axes.plot(*points, color=colour, linewidth=1.5, **options)


def stacked(drawn, grid, what, when):
    """One picture below the other: the last has the times, all together what is counted."""
    for axes in grid[:-1, 0]:
        axes.tick_params(axis="x", bottom=False)
        axes.grid(visible=False, axis="x")
    grid[-1][0].set_xlabel(when)
    drawn.supylabel(what, fontsize=10, color=LIGHT.ink)
