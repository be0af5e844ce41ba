# SPDX-License-Identifier: Apache-2.0
"""If you need X, use Y: one protocol for each of the usual needs, from the rows of one matrix.

A protocol meets a need by what is known of it, its races and its promise, and by what was
simulated. Of those that meet it the one with the least code is named that reads faster than
no_cache; where none does, the one that relieves the database; else the answer is no_cache.
"""

import dataclasses
import math

from stalemark.common.figures import coarse, duration, short
from stalemark.guarantees import wording
from stalemark.guarantees.statement import STALE
from stalemark.matrix import claims

TOLERATED = 10**-4.5  # Shares below it are shown as 1 in 100,000, or as none.
RARELY = 0.01  # The share of stale reads in the need of little load.
RELIEF = 2 / 3  # So many of its reads, at most, reach a database that is relieved.
MARGIN = claims.MARGIN  # By so much a protocol must be faster to be called so.


@dataclasses.dataclass(frozen=True)
class Advice:
    need: str
    protocol: str
    because: str


def lines(rows):
    """Requires: a row of no_cache."""
    found = [*_never_stale(rows), _rarely_stale(rows), *_bounded(rows), _least_load(rows),
             _fastest_writes(rows)]  # fmt: skip
    return [each for each in found if each]


def _never_stale(rows):
    """For any reader, and for the client that wrote; in one line where the same hold both."""
    never = [row for row in rows if row.is_never_stale and not row.is_broken(STALE)]
    own = [row for row in rows if row.sees_own_writes]
    if never == own:
        yield _unbroken("never a stale read, own writes always", never, STALE)
    else:
        yield _unbroken("never a stale read", never, STALE)
        yield _unbroken("your own writes, always", own, ("read_your_writes",))


def _unbroken(need, fit, names):
    """`names`: of the classes of anomalies that the need excludes."""
    if not fit:
        return Advice(need, "-", "no protocol here is known to be free of races")
    best = min(fit, key=pace)
    because = "a race is known of every other" if len(fit) == 1 else _reads(best)
    if best.explored and not best.is_baseline:
        because += f"; {wording.proof(best.explored, names)}; price: {_price(best)}"
    return Advice(need, best.label, because)


def _rarely_stale(rows):
    need = "1 in 100,000 reads stale, no loss"
    fit = [row for row in rows if row.is_durable and row.stale_worst < TOLERATED]
    if any(3 / max(row.reads_judged, 1) > TOLERATED for row in fit):
        return Advice(need, "-", f"too few reads to show it; it takes {3 / TOLERATED:,.0f}")
    return _simplest_gain(need, fit, _load)


def _bounded(rows):
    """For every bound that a protocol keeps without losing anything."""
    kept = [row for row in rows if row.bound_ns and row.is_durable
            and not row.is_broken(("permanent_after_ttl",))]  # fmt: skip
    for bound in sorted({row.bound_ns for row in kept}):
        fit = [row for row in kept if row.bound_ns <= bound]
        yield _simplest_gain(f"reads up to {duration(bound)} old, no loss", fit, _load)


def _simplest_gain(need, fit, fact):
    """The simplest that reads faster than no_cache."""
    gain = [row for row in fit if pace(row) < 1 - MARGIN]
    if gain:
        best = min(gain, key=lambda row: (row.complexity.get("lines", 0), pace(row)))
        return Advice(need, best.label, f"{_reads(best)}, {fact(best)}")
    others = [row for row in fit if not row.is_baseline]
    if not others:
        return Advice(need, "no_cache", "no cache meets it")
    relief = [row for row in others if _relieves(row)]
    if relief:
        best = min(relief, key=lambda row: (row.complexity.get("lines", 0), pace(row)))
        return Advice(need, best.label, f"{_load(best)}, though {_reads(best)}")
    best = min(others, key=lambda row: pace(row))
    return Advice(need, "no_cache", f"{best.label}: {_reads(best)}, {_load(best)}")


def _relieves(row):
    """Whether it leaves the database far fewer reads than no_cache. A read that cannot be compared
    is one that was not answered."""
    reads = row.store_reads_ratio
    return reads is not None and reads <= RELIEF and pace(row) < math.inf


def _least_load(rows):
    fit = [row for row in rows if row.is_durable and row.stale_worst <= RARELY]
    fit = fit or [row for row in rows if row.is_baseline]
    best = min(fit, key=lambda row: math.inf if row.store_reads is None else row.store_reads)
    need = f"least database load, {RARELY:.0%} stale, no loss"
    return Advice(need, best.label, _load(best))


def _fastest_writes(rows):
    """None where nothing is written, or cannot be compared."""
    known = [row for row in rows if row.ratio("write") is not None]
    if len(known) < 2:
        return None
    best = min(known, key=lambda row: pace(row, "write"))
    need = "the fastest writes, some loss"
    if pace(best, "write") >= 1 - MARGIN:
        return Advice(need, "no_cache", "no protocol writes faster")
    lost = "acknowledged before they are stored" if best.exposed else "nothing is lost"
    return Advice(need, best.label, f"writes {times(pace(best, 'write'))}, {lost}")


def _reads(row):
    return "reads not comparable" if row.ratio("read") is None else f"reads {times(pace(row))}"


def _price(row):
    """What being free of anomalies costs besides."""
    lines = f"{row.complexity.get('lines', '?')} lines of code"
    return lines if row.ratio("write") is None else f"writes {times(pace(row, 'write'))}, {lines}"


def _load(row):
    if row.bears and row.bears.ratio and not row.is_baseline:
        return f"the database bears {coarse(row.bears.ratio, row.bears.is_least)}"
    if row.store_reads is None:
        return "database reads not counted"
    return f"{short(row.store_reads)} database reads/op"


def pace(row, kind="read"):
    """Relative to no_cache; infinite where it is not comparable."""
    ratio = row.ratio(kind)
    return math.inf if ratio is None else ratio


def times(ratio):
    return "never" if ratio == math.inf else f"×{ratio:.2f}"
