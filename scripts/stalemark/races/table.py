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

# Others that Stalemark can show, and why no rate is given.
NOT_MEASURED = {
    "inverted_after_eviction": "as inverted_after_lock, and the second writer's entry is evicted. "
    "Two writes that overlap are in no provable order, so that no read counts as stale, and the "
    "entry is gone again when the run is at rest",
    "going back under a lease (R11)": "with `--guard lease --lease-losers bypass` a reader without "
    "a lease sees a new value in the store before its writer has erased the old one, and then the "
    "holder caches the old one until the erase. `consistency.monotonic_reads_violations` counts "
    "it; it is too rare for an interval that would notice a wrong formula",
}


def table():
    return [race for family in FAMILIES.values() for race in family]


def named(name):
    """None: there is none of that name."""
    return next((race for race in table() if race.name == name), None)
