# SPDX-License-Identifier: Apache-2.0
"""Numbers as people read them: two or three significant digits, with units."""

import decimal
import math

UNITS = [(1, "ns"), (1e3, "µs"), (1e6, "ms"), (1e9, "s")]
NOT_MEASURED = "not measured"
NOT_COMPARABLE = "not comparable"
NEVER = "never"  # What takes for ever.


def short(value, digits=2):
    """`value` with so many significant digits, but no fewer than before the point."""
    if value == 0:
        return "0"
    return f"{value:,.{_decimals(value, digits)}f}"


def rounded_up(value, digits):
    """The least number of so many significant digits that is no smaller than `value`."""
    context = decimal.Context(prec=digits, rounding=decimal.ROUND_CEILING)
    return float(context.create_decimal(value))


def duration(ns, digits=3):
    """Nanoseconds in the largest unit that leaves at least 1, by so many significant digits."""
    if ns == math.inf:
        return NEVER
    scale, unit = next(pair for pair in reversed(UNITS) if ns >= pair[0] or pair[0] == 1)
    shown = short(ns / scale, digits)
    return f"{shown.rstrip('0').rstrip('.') if '.' in shown else shown} {unit}"


def percent(share):
    return f"{short(100 * share)}%"


def rough(share):
    """A share from 1% on by one digit, a smaller one by its power of ten."""
    if not share:
        return "none"
    if share >= 0.01:
        return f"{100 * share:.1g}%" if share < 0.095 else f"{round(100 * share, -1):.0f}%"
    return f"1 in {10 ** round(-math.log10(share)):,}"


def coarse(ratio, is_least=False):
    """A ratio by the nearest of few values, each a third or a half above the one before, and marked
    so; but 1 itself. A lower bound by the nearest that is not above it."""
    power = math.floor(math.log10(ratio))  # May be one too large, as the logarithm is rounded.
    steps = [float(f"{step}e{at}") for at in (power - 1, power)
             for step in (1, 1.5, 2, 3, 4, 6, 8, 10)]  # fmt: skip
    if is_least:
        return f"≥×{max(step for step in steps if step <= ratio):g}"
    if ratio == 1:
        return "×1"
    return f"~×{min(steps, key=lambda step: abs(math.log(step / ratio))):g}"


def few(count):
    """A count by its first digit."""
    return str(count) if count < 10 else f"~{round(count, 1 - len(str(count))):,}"


def number_of(count, noun):
    """"1 lock", "2 locks": of a noun in the singular."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def out_of(part, whole):
    return f"{part:,}" if whole is None else f"{part:,} of {whole:,}"


def times(estimate):
    """A ratio and its interval: "×0.12 [0.10, 0.14]". A narrow one has equal decimals throughout,
    so that its ends can be told apart; a wide one, two digits each. "never": the time took for ever
    and no_cache's did not; "×0": the other way round."""
    if estimate is None:
        return NOT_MEASURED
    value, low, high = estimate.value, estimate.low, estimate.high
    if math.isnan(value):
        return NOT_COMPARABLE
    if low is None:
        return f"{times_of(value, 3 if value >= 1 else 2)} (n={estimate.n})"
    if low == high and value in (0, math.inf):
        return times_of(value)
    if high > 3 * low:
        return f"{times_of(value)} [{_end(low)}, {_end(high)}]"
    decimals = _decimals(value, 3) if value >= 1 else _decimals(low, 2)
    return f"×{value:,.{decimals}f} [{low:,.{decimals}f}, {high:,.{decimals}f}]"


def times_of(ratio, digits=2):
    """A ratio alone: "×0.12", "never"."""
    if math.isnan(ratio):
        return NOT_COMPARABLE
    return NEVER if ratio == math.inf else f"×{short(ratio, digits)}"


def _end(ratio):
    return NEVER if ratio == math.inf else short(ratio)


def _decimals(value, digits):
    rounded = abs(float(f"{value:.{digits}g}"))  # 0.0999 is written as 0.10.
    return max(0, digits - 1 - math.floor(math.log10(rounded)))
