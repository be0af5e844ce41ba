# SPDX-License-Identifier: Apache-2.0
"""The tables of docs/scenarios.md: of each scenario the figures that tell its story."""

from stalemark.common import durations, figures, markdown

NOTHING = "-"
LOADED = 65  # [s] Where the first interval without a load of mass_expiry begins.


def table(name, runs):
    """One line a run, each of which its command repeats."""
    columns = COLUMNS[name]
    head = [f"`stalemark run {name}` ...", *columns]
    rows = [[f"`{run.name}`", *(figure(run) for figure in columns.values())]
            for run in runs.values()]  # fmt: skip
    return "\n".join(markdown.table(head, rows)) + "\n"


def loads_waited_for(run):
    """Share of the reads that no copy answered, however old."""
    return figures.percent(1 - run.data["cache"].get("hit_ratio", 0))


def near_hits(run):
    """A read may look twice: with the shield lock these are looks that hit, not reads."""
    return figures.percent(run.data["cache"]["hits"] / run.reads["count"])


def hits(run):
    """Share of the reads that a copy answered, near or shared, however old."""
    return figures.percent(run.data["cache"].get("hit_ratio", 0))


def store_reads(run):
    return figures.short(run.data["store"]["reads"] / run.operations)


def redundant(run):
    """Share of the store's reads of a key that another read was already on its way for."""
    store = run.data["store"]
    return figures.percent(store["redundant_reads"] / store["reads"])


def concurrent(run):
    return f"{run.data['store']['concurrent_reads_max']:,}"


def quantile(kind, name):
    def figure(run):
        return figures.duration(run.reads[kind][name])

    return figure


def peak(name, begin_s, end_s=float("inf")):
    """The most in any interval of the stretch."""

    def figure(run):
        return f"{max(each.get(name, 0) for each in run.during(begin_s, end_s)):,}"

    return figure


def peak_rate(name, begin_s=0.0):
    def figure(run):
        most = max(each.get(name, 0) for each in run.during(begin_s))
        return f"{most / run.interval_s:,.0f}"

    return figure


def store_reads_from(begin_s):
    """All but those before; the last intervals may hold none, as nobody counted in time."""

    def figure(run):
        before = sum(each["store_reads"] for each in run.during(0, begin_s))
        return f"{run.data['store']['reads'] - before:,}"

    return figure


def response_p99_at(second):
    def figure(run):
        return figures.duration(run.during(second)[0]["response_p99_ns"])

    return figure


def usual_from(run):
    """From when on the response p99 of every interval is what the application needs."""
    most = durations.seconds(run.workload["requirements"]["read_p99_max"]) * 1e9
    late = [each["at_ns"] for each in run.timeline if each.get("response_p99_ns", most) >= most]
    end = (max(late) / 1e9 + run.interval_s) if late else 0
    return f"{end:.0f} s" if max(late, default=-1) < run.timeline[-1]["at_ns"] else "never"


def not_answered(run):
    """Share of what came due: dropped or failed."""
    return figures.percent(run.unanswered / run.offered)


def not_sent(run):
    """Share of what came due: no response time tells of it."""
    return figures.percent(run.dropped / run.offered)


def answered_at_the_end(run):
    """Reads per second over the last ten seconds."""
    end = run.timeline[-1]["at_ns"] / 1e9 + run.interval_s
    last = [rate for at, rate in zip(*run.answered()) if at > end - 10]
    return f"{sum(last) / len(last):,.0f}"


def stale_share(run):
    return figures.percent(run.data["consistency"]["stale_fraction"])


def stalest(run):
    told = run.data["consistency"].get("stale_age_ns", {})
    return figures.duration(told["max"]) if told.get("count") else NOTHING


def missed(run):
    return f"{run.data['consistency']['read_your_writes_violations']:,}"


def left_stale(run):
    return f"{run.data['consistency']['divergence']['after_drain']['cache_stale']:,}"


def invisible_after(time):
    def figure(run):
        return figures.percent(1 - run.data["consistency"]["visible_within"][time])

    return figure


def lowest_hits(run):
    shares = ((each["hits"] + each.get("stale_hits", 0)) / each["operations"]
              for each in run.timeline)  # fmt: skip
    return figures.percent(min(shares))


COLUMNS = {
    "hot_key_expiry": {
        "reads that waited for a load": loads_waited_for,
        "loads at once, first second": peak("concurrent_reads_max", 0, 1),
        "loads at once, later": peak("concurrent_reads_max", 1),
        "store reads after the first second": store_reads_from(1),
        "read p99.9": quantile("latency_ns", "p999"),
    },
    "cold_start": {
        "hits": hits,
        "store reads per operation": store_reads,
        "of these already under way": redundant,
        "loads of one key at once": concurrent,
        "response p99": quantile("response_ns", "p99"),
        "not sent": not_sent,
        "response p99 below 50 ms from": usual_from,
        "stale reads": stale_share,
    },
    "mass_expiry": {
        "hits": hits,
        "store reads after the load": store_reads_from(LOADED),
        "most per second": peak_rate("store_reads", LOADED),
        "read p99": quantile("latency_ns", "p99"),
    },
    "flash_crowd": {
        "hits": hits,
        "store reads in the crowd's first second": peak("store_reads", 10, 11),
        "response p99 in it": response_p99_at(10),
        "loads of one key at once": concurrent,
        "store reads ten seconds later": peak("store_reads", 20, 21),
        "response p99": quantile("response_ns", "p99"),
        "not sent": not_sent,
    },
    "popularity_drift": {
        "hits": hits,
        "per operation in the worst second": lowest_hits,
        "store reads per operation": store_reads,
        "most store reads per second": peak_rate("store_reads"),
        "response p99": quantile("response_ns", "p99"),
        "stale reads": stale_share,
    },
    "slow_store": {
        "reads answered per second at the end": answered_at_the_end,
        "not answered": not_answered,
        "response p99 of the answered": quantile("response_ns", "p99"),
        "loads of one key at once": concurrent,
        "store reads per read": store_reads,
    },
    "lost_events": {
        "not yet visible after 1 ms": invisible_after("1ms"),
        "10 ms": invisible_after("10ms"),
        "100 ms": invisible_after("100ms"),
        "1 s": invisible_after("1s"),
        "stale reads": stale_share,
        "age of the stalest": stalest,
        "own writes missed": missed,
        "left stale": left_stale,
        "store reads per operation": store_reads,
    },
    "near_cache_fleet": {
        "stale reads": stale_share,
        "age of the stalest": stalest,
        "own writes missed": missed,
        "left stale": left_stale,
        "near hits per read": near_hits,
        "hits near or shared": hits,
        "store reads per operation": store_reads,
        "response p99": quantile("response_ns", "p99"),
    },
}
