"""Numbers as people read them: two or three significant digits, with units."""

import math

UNITS = [(1, "ns"), (1e3, "µs"), (1e6, "ms"), (1e9, "s")]
NOT_MEASURED = "not measured"


def short(value, digits=2):
    """`value` with so many significant digits, but no fewer than before the point."""
    if value == 0:
        return "0"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    return f"{value:,.{max(0, decimals)}f}"


def duration(ns):
    """Nanoseconds in the largest unit that leaves at least 1."""
    scale, unit = next(pair for pair in reversed(UNITS) if ns >= pair[0] or pair[0] == 1)
    digits = short(ns / scale, 3)
    return f"{digits.rstrip('0').rstrip('.') if '.' in digits else digits} {unit}"


def percent(share):
    return f"{short(100 * share)}%"


def of(part, whole):
    """How many of how many, with the share if that says more."""
    if whole is None:
        return f"{part:,}"
    if not part or not whole:
        return f"{part:,} of {whole:,}"
    return f"{percent(part / whole)} ({part:,} of {whole:,})"


def times(estimate):
    """A ratio and its interval: "×0.12 [0.10, 0.14]"."""
    if estimate is None:
        return NOT_MEASURED
    if estimate.low is None:
        return f"×{_factor(estimate.value)} (n={estimate.n})"
    return f"×{_factor(estimate.value)} [{_factor(estimate.low)}, {_factor(estimate.high)}]"


def _factor(value):
    return short(value, 3 if value >= 1 else 2)
