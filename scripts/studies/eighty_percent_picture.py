# SPDX-License-Identifier: Apache-2.0
"""The picture of docs/eighty_percent.md: for how many clusters plain cache-aside qualifies, and
what else is the simplest that does."""

import collections

from eighty_percent_text import CLAIM, KINDS, OWN, PLAIN, asked, qualifying
from stalemark.common import chart_style, palette

COLOURS = dict(zip(KINDS, (*palette.PALETTE[:5], palette.GREY, "#DDDDDD")))


def draw(answers):
    """A bar for each place and profile: the simplest answers by kind, as shares; a line where the
    claim is."""
    rows = asked([each for each in answers if each.profile != OWN])
    drawn, grid = chart_style.canvas(chart_style.LIGHT, 0.8 + 0.34 * len(rows))
    axes = grid[0][0]
    labels = []
    for number, ((place, profile), mine) in enumerate(rows):
        counts = collections.Counter(each.kind for each in mine)
        left = 0.0
        for kind in KINDS:
            width = counts[kind] / len(mine)
            axes.barh(number, width, left=left, height=0.7, color=COLOURS[kind])
            left += width
        met = qualifying(mine) / len(mine)
        axes.plot([met, met], [number - 0.42, number + 0.42], color="black", linewidth=2)
        labels.append(f"{place}, {profile}")
    axes.axvline(CLAIM, color=chart_style.LIGHT.ink, linewidth=1, linestyle=":")
    axes.set_yticks(range(len(rows)), labels)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    shown = [kind for kind in KINDS if any(each.kind == kind for _, mine in rows for each in mine)]
    handles = [axes.barh(0, 0, color=COLOURS[kind], label=kind) for kind in shown]
    axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.35, -0.18), ncols=3,
                frameon=False, fontsize=8)  # fmt: skip
    axes.set_xlabel(f"share of clusters; black mark: {PLAIN} qualifies", fontsize=9)
    return drawn
