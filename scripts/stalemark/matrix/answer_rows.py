# SPDX-License-Identifier: Apache-2.0
"""What the answer says of one protocol on one workload: a figure per question."""

import collections
import dataclasses
import math
import statistics

from stalemark.common import due_operations, races
from stalemark.common.differences import canonical
from stalemark.guarantees.statement import Statement
from stalemark.guarantees.table_file import NOTHING
from stalemark.matrix import claims, complexity, measures
from stalemark.matrix.bears import Bears


@dataclasses.dataclass(frozen=True)
class Row:
    label: str
    full_label: str  # As the matrix has it: with the settings that tell it from its neighbours.
    part: measures.Part
    complexity: dict
    claims: dict  # As claims.judge(); empty if the article does not grade it.
    usual_ttl_ns: int | None = None  # Of most protocols beside it.
    bears: Bears | None = None
    explored: Statement | None = None  # What schedules of a small program prove or break.

    @property
    def results(self):
        return [result.data for result in self.part.results.values()]

    @property
    def strategy(self):
        return self.results[0]["configuration"]["protocol"]["strategy"]

    @property
    def is_baseline(self):
        return self.strategy == measures.BASELINE

    @property
    def races(self):
        """Known ones; None where the results name none."""
        return self.results[0].get("known_races")

    @property
    def races_of_reads(self):
        return races.of_reads(self.races)

    @property
    def is_never_stale(self):
        """No race is known after which a read is stale."""
        return self.races is not None and not self.races_of_reads

    def is_broken(self, names):
        """Whether an explored schedule without failures shows one of these classes."""
        return self.explored is not None and self.explored.broken(names) is not None

    @property
    def sees_own_writes(self):
        """No race is known after which a client misses its own write, and no explored schedule
        shows one."""
        return (self.races is not None and not races.of_own_writes(self.races)
                and not self.is_broken(("read_your_writes",)))  # fmt: skip

    @property
    def ttl_ns(self):
        return self.results[0]["configuration"]["protocol"].get("ttl_ns")

    @property
    def reads_judged(self):
        return sum(data["consistency"].get("reads_checked", 0) for data in self.results)

    @property
    def bound_ns(self):
        """How old a read may be; None without a bound."""
        return races.bound_ns(self.results[0])

    @property
    def is_durable(self):
        """By its promise, which no explored schedule breaks."""
        return "durable" in self.declared and not self.is_broken(("store_older",))

    @property
    def declared(self):
        return self.results[0].get("promise", {}).get("declared", "")

    def ratio(self, kind, name="mean"):
        """To no_cache, the geometric mean over the seeds; None where it is not comparable."""
        ratios = claims.ratios_of(self.part, kind, name)
        if not ratios:
            return None
        if any(map(math.isinf, ratios)):
            return math.inf
        if not all(ratios):
            return 0.0  # no_cache alone did not answer.
        return math.exp(statistics.fmean(map(math.log, ratios)))

    def time(self, kind, name="mean"):
        """In ns, the median over the seeds; None where there was none."""
        dues = [due_operations.Due(data, kind) for data in self.results]
        times = [due.mean if name == "mean" else due.quantile(name) for due in dues]
        return None if None in times else statistics.median(times)

    @property
    def hit_ratio(self):
        ratios = [data["cache"]["hit_ratio"] for data in self.results
                  if "hit_ratio" in data.get("cache", {})]  # fmt: skip
        return statistics.fmean(ratios) if ratios else None

    @property
    def store_reads(self):
        """Per operation that was answered; None where none was."""
        shares = [data["store"]["reads"] / done for data in self.results
                  if (done := due_operations.answered(data))]  # fmt: skip
        return statistics.fmean(shares) if shares else None

    @property
    def store_reads_ratio(self):
        """To no_cache's; None where it has none."""
        baseline = dataclasses.replace(self, part=measures.Part("", self.part.baseline, {}))
        theirs = baseline.store_reads if self.part.baseline else None
        return self.store_reads / theirs if theirs and self.store_reads is not None else None

    @property
    def exposed(self):
        """The most acknowledged writes that were not stored at one moment of any run."""
        return max(data.get("durability", {}).get("exposure_writes_max", 0)
                   for data in self.results)  # fmt: skip

    @property
    def stale(self):
        """The share of stale reads, by design or not, over all seeds; None if none was judged."""
        return _share(self.results)

    @property
    def stale_worst(self):
        """The same of the worst seed."""
        return max((_share([data]) or 0 for data in self.results), default=0)

    @property
    def stale_age(self):
        """The oldest stale read, in ns; 0 if there is none of a known age."""
        return max(data.get("consistency", {}).get(name, {}).get("max", 0)
                   for data in self.results
                   for name in ("stale_age_ns", "stale_by_design_age_ns"))  # fmt: skip


def _share(results):
    judged = [data["consistency"] for data in results if "reads_checked" in data["consistency"]]
    checked = sum(each["reads_checked"] for each in judged)
    stale = sum(each.get(name, 0) for each in judged for name in ("stale_reads", "stale_by_design"))
    return stale / checked if checked else None


def rows_of(parts, counted, flips=None, bears=None, known=NOTHING):
    """One per protocol of {label: measures.Part}, in its order. The article's grades are those of
    one protocol per strategy, the first with the usual TTL. `bears`: {canonical protocol: Bears};
    `known`: the Guarantees."""
    usual, chosen = _usual_ttl(parts), graded(parts)
    found = []
    for label, part in parts.items():
        first = next(iter(part.results.values()))
        protocol = first.protocol
        strategy = protocol["strategy"]
        is_graded = strategy in chosen and chosen[strategy] is part
        judged = claims.judge(strategy, [part], (flips or {}).get(strategy)) if is_graded else {}
        name = strategy if is_graded and _is_plain(label, strategy) else label
        facts = complexity.of_protocol(protocol, counted)
        found.append(Row(name, label, part, facts, judged, usual,
                         (bears or {}).get(canonical(protocol)), known.of(first.data)))
    places = {strategy: place for place, strategy in enumerate(dict.fromkeys(
        row.strategy for row in found))}  # fmt: skip
    return sorted(found, key=lambda row: (places[row.strategy], not row.claims))


def graded(parts):
    """{strategy: Part}: of each strategy the first plain protocol with the usual TTL."""
    usual = _usual_ttl(parts)
    found = {}
    for label, part in parts.items():
        protocol = next(iter(part.results.values())).protocol
        strategy = protocol["strategy"]
        has_ttl = strategy == measures.BASELINE or _ttl_of(part) == usual
        if has_ttl and _is_plain(label, strategy) and protocol.get("shield", "none") == "none":
            found.setdefault(strategy, part)
    return found


def _is_plain(label, strategy):
    """Whether nothing but its TTL tells it from the strategy's other protocols."""
    first, *rest = label.split()
    return first == strategy and all(word.startswith("ttl=") for word in rest)


def _usual_ttl(parts):
    """Of most of those with a cache; None: no TTL."""
    ttls = collections.Counter(
        _ttl_of(part) for part in parts.values()
        if next(iter(part.results.values())).protocol["strategy"] != measures.BASELINE
    )  # fmt: skip
    return ttls.most_common(1)[0][0] if ttls else None


def _ttl_of(part):
    return next(iter(part.results.values())).protocol.get("ttl_ns")
