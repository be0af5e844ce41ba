# SPDX-License-Identifier: Apache-2.0
"""Whether what was measured on this machine agrees with what was simulated of the same settings.

Shares and counts agree within 5%, or within what chance does to so few; means within 10% once the
lateness of the sleeps that stand for round trips is taken off: a thread that sleeps wakes up a
little late, by what the timer of the arrivals shows (`schedule.timer_slip_ns`), and a round trip is
two sleeps, there and back (src/wire/wire.h).
"""

import collections
import dataclasses
import math

from stalemark.common import command, due_operations
from stalemark.common.markdown import table

SHARES, MEANS = 0.05, 0.10
SLEEPS = 2  # Of a round trip.
SIGMAS = 4  # Of a count that is compared with another.


@dataclasses.dataclass(frozen=True)
class Figure:
    name: str
    simulated: float
    measured: float
    agrees: bool


@dataclasses.dataclass(frozen=True)
class Agreement:
    protocol: str
    figures: list

    @property
    def against(self):
        return [figure for figure in self.figures if not figure.agrees]


def of(results):
    """An Agreement per protocol that was both simulated and measured."""
    by_protocol = collections.defaultdict(lambda: ([], []))
    for result in results:
        by_protocol[_name(result.protocol)][result.is_simulated].append(result.data)
    found = []
    for name, (measured, simulated) in by_protocol.items():
        if simulated and measured:
            _check_same(name, simulated + measured)
            found.append(Agreement(name, _figures(simulated, measured)))
    if not found:
        raise command.Refusal("--here: no protocol was both simulated and measured")
    return found


def _check_same(name, runs):
    """Raises Refusal if they differ in more than the runtime."""
    for field in ("name", "keys", "value_size", "ttl"):
        if len({str(run["configuration"]["workload"].get(field)) for run in runs}) > 1:
            raise command.Refusal(f"--here: {name}: the results differ in their workload's {field}")
    for field in ("store_latency", "store_servers"):  # no_cache says nothing of a cache's.
        if len({str(run["configuration"].get("wires", {}).get(field)) for run in runs}) > 1:
            raise command.Refusal(f"--here: {name}: the results differ in their {field}")
    for field in ("rate", "nodes", "deployment"):
        if len({str(run["configuration"].get(field)) for run in runs}) > 1:
            raise command.Refusal(f"--here: {name}: the results differ in their {field}")


def _name(protocol):
    shield = protocol.get("shield", "none")
    return protocol["strategy"] + (f" {shield}" if shield != "none" else "")


def _figures(simulated, measured):
    found = []
    for name, part, whole in COUNTS:
        pair = [(sum(map(part, runs)), sum(map(whole, runs))) for runs in (simulated, measured)]
        if all(trials for _, trials in pair):
            found.append(_share(name, *pair))
    for kind in ("read", "write"):
        means = [_mean(runs, kind) for runs in (simulated, measured)]
        if None not in means:
            less = means[1] - _lateness(measured, kind)
            agrees = abs(less - means[0]) <= MEANS * means[0]
            found.append(Figure(f"{kind} mean", means[0], less, agrees))
    return found


COUNTS = (
    ("hit ratio", lambda run: run.get("cache", {}).get("hits", 0),
     lambda run: run.get("cache", {}).get("gets", 0)),
    ("stale reads", lambda run: run["consistency"].get("stale_reads", 0),
     lambda run: run["consistency"].get("reads_checked", 0)),
    ("database reads", lambda run: run["store"]["reads"], due_operations.answered),
)  # fmt: skip


def _share(name, simulated, measured):
    first, second = (seen / trials for seen, trials in (simulated, measured))
    # Stale reads come in clusters, so that chance does more to them than to independent counts.
    spread = SIGMAS * math.sqrt(
        sum(max(seen, 1) / trials**2 for seen, trials in (simulated, measured))
    )
    agrees = abs(first - second) <= max(SHARES * first, spread)
    return Figure(name, first, second, agrees)


def _mean(runs, kind):
    dues = [due_operations.Due(run, kind) for run in runs]
    counted = [(due.mean, due.count) for due in dues if due.mean is not None]
    total = sum(count for _, count in counted)
    return sum(mean * count for mean, count in counted) / total if total else None


def _lateness(runs, kind):
    """Of the sleeps of an average operation of this kind, in ns."""
    slips = [run["schedule"]["timer_slip_ns"]["mean"] for run in runs
             if "timer_slip_ns" in run.get("schedule", {})]  # fmt: skip
    slip = sum(slips) / len(slips) if slips else 0.0
    return SLEEPS * slip * _calls(runs, kind)


def _calls(runs, kind):
    """Round trips per operation. A read asks the cache, some twice, and on a miss the store and the
    cache again, to fill it. A write changes the store, and the cache with it unless it leaves that
    alone; or the cache alone where a queue stores it later."""
    has_cache = any(run.get("cache", {}).get("gets") for run in runs)
    if not has_cache:
        return 1.0
    if kind == "write":
        is_queued = any("writes_behind" in run.get("durability", {}) for run in runs)
        leaves_cache = runs[0]["configuration"]["protocol"].get("invalidate") == "none"
        return 1.0 if is_queued or leaves_cache else 2.0
    gets, hits, others = (sum(run["cache"].get(name, 0) for run in runs)
                          for name in ("gets", "hits", "other_looks"))  # fmt: skip
    return 1 + (others + 2 * (gets - hits)) / gets


def sentence(found):
    figures = [figure for each in found for figure in each.figures]
    against = [f"{each.protocol} {figure.name} {_pair(figure)}" for each in found
               for figure in each.against]  # fmt: skip
    if not against:
        return (
            f"Measured here: agrees with the simulation of the same settings in {len(figures)}"
            " figures."
        )
    return (
        f"Measured here: disagrees with the simulation of the same settings in {len(against)} of"
        f" {len(figures)} figures: {'; '.join(against)}."
    )


def _pair(figure):
    if figure.name.endswith("mean"):
        return f"{figure.measured / 1e6:.2f} ms, simulated {figure.simulated / 1e6:.2f} ms"
    return f"{figure.measured:.4g}, simulated {figure.simulated:.4g}"


def markdown(told):
    """The lines of a table of these, as dictionaries."""
    rows = [(f"`{each['protocol']}`", *_row(figure)) for each in told for figure in each["figures"]]
    return table(("protocol", "figure", "simulated", "measured", ""), rows, figures=(2, 3))


def _row(figure):
    unit, scale = (" ms", 1e-6) if figure["name"].endswith("mean") else ("", 1)
    values = [f"{figure[which] * scale:.3g}{unit}" for which in ("simulated", "measured")]
    return figure["name"], *values, "agrees" if figure["agrees"] else "**disagrees**"
