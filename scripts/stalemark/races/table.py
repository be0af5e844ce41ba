# SPDX-License-Identifier: Apache-2.0
"""All races that are told on docs/races.md, and the known ones that are not."""

from stalemark.races.copies import COPIES
from stalemark.races.fills import FILLS
from stalemark.races.other_fills import OTHER_FILLS
from stalemark.races.other_queues import OTHER_QUEUES
from stalemark.races.queues import QUEUES
from stalemark.races.writers import WRITERS

FAMILIES = {
    "Fills": FILLS + OTHER_FILLS,
    "Writers": WRITERS,
    "Copies that a write does not reach": COPIES,
    "Queues": QUEUES + OTHER_QUEUES,
}

# Known races of some protocol, and why no rate is given.
NOT_MEASURED = {
    "inverted_after_eviction": "not measured: two overlapping writes are in no provable order, so "
    "that no read counts as stale, and the entry is gone again when the run is at rest",
}


def table():
    return [race for family in FAMILIES.values() for race in family]


def named(name):
    """None: there is none of that name."""
    return next((race for race in table() if race.name == name), None)
