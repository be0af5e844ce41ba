# SPDX-License-Identifier: Apache-2.0
"""Whether a run was measured with a warm cache: its hit ratio had converged, whatever its level."""

SLACK = 0.01  # Points by which the hit ratios of the two halves of a run may differ.


def is_warm(result):
    """By the hits and misses of the two halves of the timeline. Fewer than four intervals tell
    nothing."""
    rows = result.get("timeline", [])
    if len(rows) < 4:
        return False
    half = len(rows) // 2
    first, second = _hits_per_operation(rows[:half]), _hits_per_operation(rows[-half:])
    return first is not None and second is not None and abs(first - second) <= SLACK


def _hits_per_operation(rows):
    operations = sum(row.get("operations", 0) for row in rows)
    return sum(row.get("hits", 0) for row in rows) / operations if operations else None
