# SPDX-License-Identifier: Apache-2.0
"""Which protocol stands where in the report, and how it looks in the pictures of a workload."""

from stalemark.common.palette import GREY, PALETTE
from stalemark.matrix import measures

PARTS = ("strategy", "guard", "shield", "invalidate")  # What the page can filter by.
SYMBOLS = ("circle", "square", "diamond", "triangle", "wedge", "plus", "star")
STROKES = ("solid", [7, 3], [2, 3], [8, 3, 2, 3])  # Dashes and gaps.


def plainest_first(rows):
    """Labels of these rows of a matrix: the baseline, then by turns the plainest protocol of each
    strategy, the next plainest of each, and so on. A picture that has no room for all of them then
    still shows every strategy."""
    by_strategy = {}
    for row in rows:
        by_strategy.setdefault(row["settings"]["strategy"], []).append(row["protocol"])
    turns = []
    for place, (strategy, labels) in enumerate(by_strategy.items()):
        is_other = strategy != measures.BASELINE
        for turn, label in enumerate(sorted(labels, key=lambda label: (_words(label), label))):
            turns.append((is_other and turn + 1, place, label))
    return [label for _, _, label in sorted(turns)]


def _words(label):
    return label.count(" ") + label.count("+")


def described(labels, settings):
    """What the page must know of each: its name, and its parts to filter by."""
    return [
        {
            "label": label,
            "parts": {name: str(settings[label].get(name, "none")) for name in PARTS},
        }
        for label in labels
    ]


def looks(labels):
    """[{colour, symbol, stroke}], the baseline in grey; six colours, then the same with another
    stroke."""
    others = [label for label in labels if not label.startswith(measures.BASELINE)]
    places = {label: place for place, label in enumerate(others)}
    return [_look(places.get(label)) for label in labels]


def _look(place):
    if place is None:
        return {"colour": GREY, "symbol": "cross", "stroke": "solid"}
    return {
        "colour": PALETTE[place % len(PALETTE)],
        "symbol": SYMBOLS[place % len(SYMBOLS)],
        "stroke": STROKES[place // len(PALETTE) % len(STROKES)],
    }
