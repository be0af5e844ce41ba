# SPDX-License-Identifier: Apache-2.0
"""What of a verdict depends on an assumption: half or twice of it turns the verdict over.

Results of the suite `assumptions` are those of the suite `service` with one assumption changed. A
result says by its configuration which one that is, and by what factor.
"""

import collections
import dataclasses
import math

from stalemark.common import command, durations
from stalemark.matrix import claims, measures


# As finely as few seeds agree on where a verdict turns over.
STEPS = (0.5, 0.6, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2)


@dataclasses.dataclass(frozen=True)
class Flip:
    """Where the verdict turns over: near `factor` times the assumption, on the way to `tried`."""

    assumption: str
    factor: float
    tried: float

    def __str__(self):
        near = min(STEPS, key=lambda step: abs(math.log(step / self.factor)))
        return f"{self.assumption} near ×{near:g}"


def _phase(configuration):
    return configuration["workload"]["phases"][0]


# {name: what it is in the configuration of a result}
ASSUMPTIONS = {
    "cache latency": lambda c: durations.first(c["wires"].get("cache_latency", "0")),
    "database latency": lambda c: durations.first(c["wires"].get("store_latency", "0")),
    "share of writes": lambda c: 1 - _phase(c)["mix"]["read"],
    "skew": lambda c: _phase(c)["popularity"].get("theta", 0),
    "TTL": lambda c: c["protocol"].get("ttl_ns", 0),
    "load": lambda c: c.get("rate") or 0,
}


UNREAD_BY_BASELINE = ("cache latency", "TTL")


def values_of(part):
    """{assumption: value} of a protocol's results."""
    return _values(next(iter(part.results.values())))


def _values(result):
    configuration = result.data["configuration"]
    return {name: read(configuration) for name, read in ASSUMPTIONS.items()}


def variants(found):
    """Simulated results as a list of {strategy: Part}, an entry per set of assumptions. Runs of
    no_cache say nothing of caches, and serve all variants that differ in those alone."""
    by_values = collections.defaultdict(lambda: collections.defaultdict(dict))
    baselines = collections.defaultdict(dict)
    for result in found:
        if result.is_baseline:
            baselines[_demand(result)][result.repetition] = result
        elif result.protocol.get("shield", "none") == "none":
            by_strategy = by_values[tuple(_values(result).items())]
            by_strategy[result.protocol["strategy"]][result.repetition] = result
    return [
        {strategy: measures.Part("", results, baselines[_demand(next(iter(results.values())))])
         for strategy, results in by_strategy.items()}
        for by_strategy in by_values.values()
    ]  # fmt: skip


def _demand(result):
    """What no_cache reads of it, its warm-up included."""
    values = [value for name, value in _values(result).items() if name not in UNREAD_BY_BASELINE]
    return (*values, result.data["configuration"]["workload"].get("warmup"))


def _fixed(result):
    """What no variant changes."""
    configuration = result.data["configuration"]
    workload = configuration["workload"]
    return {
        **{name: workload.get(name) for name in ("name", "keys", "value_size")},
        **{name: configuration.get(name) for name in ("deployment", "nodes", "cache", "store")},
    }


def check_same(base, found):
    """Raises Refusal if these results vary another system than that of `base`, a Part."""
    wanted = _fixed(next(iter(base.results.values())))
    for result in found:
        if not result.is_baseline and _fixed(result) != wanted:
            other = _fixed(result)
            name = next(name for name in wanted if wanted[name] != other[name])
            raise command.Refusal(f"{result.path}: its {name} is not that of the other results")


def changed(base, other):
    """(assumption, factor): the one in which two sets of values differ; None if none does. Raises
    Refusal if several do."""
    found = [(name, other[name] / base[name]) for name in base
             if base[name] and not math.isclose(base[name], other[name], rel_tol=1e-6)]  # fmt: skip
    if len(found) > 1:
        names = ", ".join(name for name, _ in found)
        raise command.Refusal(f"results that differ in several assumptions: {names}")
    return found[0] if found else None


def flips_of(base, others):
    """{strategy: {aspect: [Flip]}}: `base`: {strategy: Part}; `others`: lists of the same, a list
    entry per variant."""
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for variant in others:
        for strategy, part in variant.items():
            if strategy not in base or strategy == measures.BASELINE:
                continue
            change = changed(values_of(base[strategy]), values_of(part))
            if change is None:
                continue
            for aspect, grade in claims.CLAIMS["grades"].get(strategy, {}).items():
                if grade not in claims.CLAIMS["thresholds"]:
                    continue
                flip = _flip(grade, aspect, base[strategy], part, change)
                if flip:
                    found[strategy][aspect].append(flip)
    return {strategy: {aspect: _nearest(flips) for aspect, flips in aspects.items()}
            for strategy, aspects in found.items()}  # fmt: skip


def _nearest(flips):
    """Of each assumption the change that is smallest, in the order of ASSUMPTIONS: two that are
    about as near must not change places with the seeds."""
    ordered = sorted(flips, key=lambda flip: -abs(math.log(flip.factor)))
    nearest = {flip.assumption: flip for flip in ordered}
    return [nearest[name] for name in ASSUMPTIONS if name in nearest]


def _flip(grade, aspect, base, part, change):
    """By the mean ratios without a margin; where several limits turn over, the nearest."""
    name, tried = change
    factors = []
    limits = claims.CLAIMS["thresholds"][grade]["limits"]
    before = {each: _centre(base, aspect, each) for each in limits}
    after = {each: _centre(part, aspect, each) for each in limits}
    if None in before.values() or None in after.values():
        return None
    was, now = (all(_holds(limits[each], values[each]) for each in limits)
                for values in (before, after))  # fmt: skip
    if was == now:
        return None
    for each, limit in limits.items():
        for bound in limit:
            if bound is not None and (before[each] <= bound) != (after[each] <= bound):
                reached = math.log(bound / before[each]) / math.log(after[each] / before[each])
                factors.append(tried**reached)
    # What holds breaks with the first limit that is passed; what is refuted holds with the last.
    pick = min if was else max
    return Flip(name, pick(factors, key=lambda factor: abs(math.log(factor))), tried)


def _centre(part, aspect, name):
    ratios = claims.ratios_of(part, aspect, name)
    if not ratios or any(math.isinf(ratio) or not ratio for ratio in ratios):
        return None
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def _holds(limit, value):
    low, high = limit
    return (low is None or value >= low) and (high is None or value <= high)
