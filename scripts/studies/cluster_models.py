# SPDX-License-Identifier: Apache-2.0
"""Which model of a cluster has the miss ratio that was published, and so speaks for it.

A model that has only what is published draws keys independently, by Zipf's law. Where its miss
ratio is not the published one, keys may be asked for soon after they were written, which
independent draws do not know: then reads are drawn from the keys that were written last (the
popularity `latest`, as in YCSB's workload D), with the exponent at which the miss ratio is the
published one. A cluster that neither model fits is left out.
"""

import csv
import dataclasses
import io

import cluster_runs

CLOSE = 0.05  # Miss ratios that far apart are alike.
INDEPENDENT, RECENT, NONE = "independent draws", "recent writes", "none"
EXPONENTS = (0.0, 3.0)
HALVINGS = 6
SEEDS = (1,)  # A seed moves a miss ratio by less than a point.


@dataclasses.dataclass(frozen=True)
class Model:
    """Of one cluster. `miss_ratio`: simulated with it; `independent`: with independent draws;
    `exponent`: of recent writes, None if the model is another."""

    cluster: str
    kind: str
    independent: float
    miss_ratio: float
    exponent: float | None = None

    def of(self, cluster):
        """The cluster with this model's popularity."""
        return dataclasses.replace(cluster, recent=self.exponent)


def find(chosen):
    """[Model] of those clusters whose miss ratio is published."""
    known = [each for each in chosen if each.miss_ratio is not None]
    plain = miss_ratios(known)
    found = {}
    for each in known:
        is_close = abs(plain[each.name] - each.miss_ratio) <= CLOSE
        kind = INDEPENDENT if is_close else NONE
        found[each.name] = Model(each.name, kind, plain[each.name], plain[each.name])
    far = [each for each in known if found[each.name].kind == NONE and each.writes]
    for each, exponent, ratio in bisected(far):
        if abs(ratio - each.miss_ratio) <= CLOSE:
            found[each.name] = Model(each.name, RECENT, plain[each.name], ratio, exponent)
    return list(found.values())


def bisected(far):
    """(cluster, exponent of recent writes, miss ratio) of each: the higher the exponent, the fewer
    misses."""
    bounds = {each.name: EXPONENTS for each in far}
    for _ in range(HALVINGS):
        tried = {name: sum(pair) / 2 for name, pair in bounds.items()}
        seen = miss_ratios([dataclasses.replace(each, recent=tried[each.name]) for each in far])
        for each in far:
            low, high = bounds[each.name]
            middle = tried[each.name]
            is_too_high = seen[each.name] < each.miss_ratio
            bounds[each.name] = (low, middle) if is_too_high else (middle, high)
    for each in far:
        yield each, tried[each.name], seen[each.name]


def miss_ratios(chosen):
    """{name: miss ratio} of write_through, where what is set is cached, as in the clusters."""
    if not chosen:
        return {}
    groups = cluster_runs.simulate_miniatures(chosen, SEEDS)
    return {name: cluster_runs.miss_ratio(group) for name, group in groups.items()}


def written(models):
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([field.name for field in dataclasses.fields(Model)])
    for each in models:
        exponent = "" if each.exponent is None else f"{each.exponent:g}"
        rows.writerow([each.cluster, each.kind, f"{each.independent:.4f}",
                       f"{each.miss_ratio:.4f}", exponent])  # fmt: skip
    return text.getvalue()


def read(path):
    return [
        Model(row["cluster"], row["kind"], float(row["independent"]), float(row["miss_ratio"]),
              float(row["exponent"]) if row["exponent"] else None)
        for row in csv.DictReader(path.read_text().splitlines())
    ]  # fmt: skip
