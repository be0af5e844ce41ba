# SPDX-License-Identifier: Apache-2.0
"""Durations as the command line and the results of `stalemark` have them: 250us, 1.5s, 2m."""

import re

UNITS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9}
DURATION = rf"(\d+(?:\.\d+)?)({'|'.join(UNITS)})"


def nanoseconds(text):
    """Raises ValueError."""
    found = re.fullmatch(rf"{DURATION}|0", str(text).strip())
    if not found:
        raise ValueError(f"expected a duration such as 250us, 1.5s or 0, got '{text}'")
    return float(found[1]) * UNITS[found[2]] if found[1] else 0.0


def seconds(text):
    return nanoseconds(text) / 1e9


def first(text):
    """The first duration in a text, in ns, 0 if there is none: of a latency its median or least, as
    in lognormal(420us,0.48) and uniform(1ms,3ms)."""
    found = re.search(rf"{DURATION}(?![a-z])", text)
    return nanoseconds(found[0]) if found else 0.0
