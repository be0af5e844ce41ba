# SPDX-License-Identifier: Apache-2.0
"""What the report shows of a recommendation. Whoever recommends answers these; the page has the
section if it is given a function that does.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Exclusion:
    protocol: str
    why: str  # The requirement that it misses, and by how much.


@dataclasses.dataclass(frozen=True)
class Recommendation:
    """For one use case."""

    workload: str  # The title of its group.
    requirements: list[str]  # In words, one each.
    best: str | None  # The label of a protocol; None: none qualifies.
    because: str  # Why this one; where there is none, what comes nearest.
    excluded: list[Exclusion]
    not_measured: list[str] = dataclasses.field(default_factory=list)  # With what would.
