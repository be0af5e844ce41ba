"""Numbers as people read them: two or three significant digits, with units."""

import decimal
import math

UNITS = [(1, "ns"), (1e3, "µs"), (1e6, "ms"), (1e9, "s")]
NOT_MEASURED = "not measured"


def short(value, digits=2):
    """`value` with so many significant digits, but no fewer than before the point."""
    if value == 0:
        return "0"
    return f"{value:,.{_decimals(value, digits)}f}"


def rounded_up(value, digits):
    """The least number of so many significant digits that is no smaller than `value`."""
    context = decimal.Context(prec=digits, rounding=decimal.ROUND_CEILING)
    return float(context.create_decimal(value))


def duration(ns):
    """Nanoseconds in the largest unit that leaves at least 1."""
    scale, unit = next(pair for pair in reversed(UNITS) if ns >= pair[0] or pair[0] == 1)
    digits = short(ns / scale, 3)
    return f"{digits.rstrip('0').rstrip('.') if '.' in digits else digits} {unit}"


def percent(share):
    return f"{short(100 * share)}%"


def number_of(count, noun):
    """"1 lock", "2 locks": of a noun in the singular."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def out_of(part, whole):
    return f"{part:,}" if whole is None else f"{part:,} of {whole:,}"


def times(estimate):
    """A ratio and its interval: "×0.12 [0.10, 0.14]". A narrow one has equal decimals throughout,
    so that its ends can be told apart; a wide one, two digits each."""
    if estimate is None:
        return NOT_MEASURED
    value, low, high = estimate.value, estimate.low, estimate.high
    if low is None:
        return f"×{short(value, 3 if value >= 1 else 2)} (n={estimate.n})"
    if high > 3 * low:
        return f"×{short(value)} [{short(low)}, {short(high)}]"
    decimals = _decimals(value, 3) if value >= 1 else _decimals(low, 2)
    return f"×{value:,.{decimals}f} [{low:,.{decimals}f}, {high:,.{decimals}f}]"


def _decimals(value, digits):
    rounded = abs(float(f"{value:.{digits}g}"))  # 0.0999 is written as 0.10.
    return max(0, digits - 1 - math.floor(math.log10(rounded)))
