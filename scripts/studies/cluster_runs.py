# SPDX-License-Identifier: Apache-2.0
"""Simulated runs of every protocol for many workloads: two ways to place the caches."""

import concurrent.futures
import dataclasses
import json
import math
import os
import pathlib
import subprocess
import tempfile

import clusters
from stalemark.common import command, progress, results
from stalemark.matrix import matrix, measures

KEYS = 20_000
HEADER_BYTES = 16  # Of every value, for the oracle.
VALUE_BYTES_MAX = 4_000  # Caches hold everything: larger values would only take time.
RATE_MAX = 3_000  # Operations per second: fewer than most clusters have, so that runs are short.
CLIENTS = 300
SEEDS = (1, 2, 3)
STORE_MEAN_S = 1.133e-3  # Of lognormal(1ms,0.5), the latency called sql.
READS_TO_STORE = 0.25  # The store has servers for all writes and so many of the reads...
UTILIZATION = 0.7  # ...when they are busy for that part of the time.
DROPPED = ("timeline",)  # Large, and not judged.

SHARED, LAYERED = "one remote cache", "near caches"
PLACES = {
    SHARED: {"cache-latency": "redis"},
    LAYERED: {"nodes": 4, "shared-cache": "100%"},
}
ONE_CACHE = [
    "--strategy no_cache",
    *(f"--strategy cache_aside --shield {shield}" for shield in ("none", "lock", "stale")),
    "--strategy read_through",
    "--strategy write_through",
    "--strategy write_behind",
    "--strategy refresh_ahead",
]
# Near copies hear of other nodes' writes by an event, or end soon.
NEAR = [
    "--strategy no_cache",
    *(f"--strategy cache_aside --near-ttl 500ms --shield {shield}" for shield in ("none", "lock")),
    "--strategy read_through --near-ttl 500ms",
    "--strategy write_through --near-ttl 500ms",
    "--strategy write_behind --near-ttl 500ms",
    "--strategy cache_aside --invalidate event",
    "--strategy cache_aside --invalidate event --near-ttl 500ms",
    "--strategy cache_aside --invalidate event --event-check version",
    "--strategy write_through --invalidate event",
]
PROTOCOLS = {SHARED: ONE_CACHE, LAYERED: NEAR}


LIKE_PRODUCTION = ["--strategy write_through"]
MINIATURE_OPERATIONS = 400_000  # Within one TTL, at most.
MINIATURE_RATE = 1_000  # Operations per second.
MINIATURE_KEYS = (1_000, 100_000)


@dataclasses.dataclass(frozen=True)
class Task:
    key: tuple
    line: str


def workload(cluster, place):
    """Half a minute of it at its own pace, as a file of workloads/ would hold it."""
    fields = {**_asked(cluster), "keys": min(cluster.objects, KEYS)}
    return placed(fields, place, min(cluster.rate, RATE_MAX))


def placed(fields, place, rate, duration_s=30):
    """A workload with its caches in that place, before a store that is busy with its writes; about
    `rate` operations per second."""
    mix = fields["mix"]
    combined = mix.get("read_modify_write", 0)
    writes = mix.get("write", 0) + mix.get("delete", 0) + combined
    to_store = writes + READS_TO_STORE * (mix.get("read", 0) + combined)
    needed = STORE_MEAN_S * rate * to_store / UTILIZATION
    servers = max(1, round(needed))
    return {
        **fields,
        "rate": round(rate * servers / needed, 3),  # Keeps whole servers as busy as they should be.
        "clients": CLIENTS,
        "warmup": "30s",
        "duration": f"{duration_s}s",
        "options": {
            "runtime": "virtual",
            "store-latency": "sql",
            "store-servers": servers,
            **PLACES[place],
        },
    }


def miniature(cluster):
    """Few of its keys over several TTLs, each asked for as often within a TTL as there. Only that
    decides the hit ratio, so time may pass faster: TTLs are shorter as the rate is higher."""
    asked = cluster.frequency * cluster.mean_ttl_s / clusters.WEEK_S  # Of a key, within a TTL.
    fewest, most = MINIATURE_KEYS
    keys = min(cluster.objects, max(fewest, min(most, round(MINIATURE_OPERATIONS / asked))))
    faster = MINIATURE_RATE * clusters.WEEK_S / (keys * cluster.frequency)
    spell = min(cluster.mean_ttl_s / faster, MINIATURE_OPERATIONS / MINIATURE_RATE)
    return {
        **_asked(cluster),
        "keys": keys,
        "ttl": cluster.ttl(faster),
        "rate": MINIATURE_RATE,
        # Each client reckons what is newest from its own writes, of which a TTL must hold some.
        "clients": 20 if cluster.recent is None else 1,
        "warmup": f"{math.ceil(spell)}s",
        "duration": f"{math.ceil(2 * spell)}s",
        "options": {"runtime": "virtual"},
    }


def _asked(cluster):
    return {
        "caption": f"After Twitter's {cluster.name}",
        "value_size": HEADER_BYTES + round(min(cluster.value_bytes, VALUE_BYTES_MAX)),
        "mix": cluster.mix,
        "popularity": cluster.popularity,
        "ttl": cluster.ttl(),
        "cache_size": "100%",
    }


def simulate_clusters(chosen):
    """{(cluster's name, place): group}."""
    made = {each.name: lambda place, each=each: workload(each, place) for each in chosen}
    return simulate_places("clusters", made)


def simulate_places(what, workloads, surroundings=None):
    """`workloads`: {name: function of a place}; `surroundings`: {place: further options}. Answers
    {(name, place): group}."""
    more = surroundings or dict.fromkeys(PLACES, "")
    works = {
        (name, place): (made(place), [f"{words} {more[place]}" for words in PROTOCOLS[place]])
        for name, made in workloads.items()
        for place in PLACES
    }
    return simulate(what, works, SEEDS)


def simulate_miniatures(chosen, seeds):
    """{cluster's name: group}."""
    works = {(cluster.name,): (miniature(cluster), LIKE_PRODUCTION) for cluster in chosen}
    found = simulate("hit ratios", works, seeds)
    return {name: group for (name,), group in found.items()}


def miss_ratio(group):
    """Of write_through."""
    label = next(label for label in group.rows if label.startswith("write_through"))
    figures = measures.figures_of([matrix.part_of(group, label)])
    return 1 - figures["store"]["hit_ratio"]


def simulate(what, works, seeds):
    """`works`: {key: (workload, protocols)}; answers {key: group}. As many at once as there are
    processors. `what`: the name of the bar that shows how far it is."""
    with tempfile.TemporaryDirectory() as folder:
        tasks = []
        for number, (key, (fields, protocols)) in enumerate(works.items()):
            file = pathlib.Path(folder) / f"{number}.json"
            file.write_text(json.dumps({"name": ".".join(key), **fields}))
            tasks += [
                Task(key, f"run {file} {protocol} --seed {seed}")
                for protocol in protocols
                for seed in seeds
            ]
        found = {}
        with (
            progress.Bar(what, len(tasks)) as bar,
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool,
        ):
            for done, (task, result) in enumerate(zip(tasks, pool.map(_run, tasks)), 1):
                found.setdefault(task.key, []).append(result)
                bar.reach(done, f"{done:,} of {len(tasks):,} runs")
    return {key: _only(results.group(members)) for key, members in found.items()}


def _only(groups):
    (group,) = groups
    return group


def _run(task):
    binary = command.program()
    line = [*task.line.split(), "--quiet", "--out", "-"]
    ended = subprocess.run([binary, *line], capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise command.Refusal(f"stalemark {task.line}: {ended.stderr.strip()}", 1)
    data = json.loads(ended.stdout)
    kept = {name: value for name, value in data.items() if name not in DROPPED}
    return results.Result(pathlib.Path(task.line), kept)
