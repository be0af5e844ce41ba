"""Simulated runs of every protocol for each production cluster: two ways to place the caches."""

import concurrent.futures
import dataclasses
import json
import math
import os
import pathlib
import subprocess
import tempfile

import command
import results

KEYS = 20_000
RATE_MAX = 3_000  # Operations per second: fewer than most clusters have, so that runs are short.
CLIENTS = 300
SEEDS = (1, 2, 3)
STORE_MEAN_S = 1.133e-3  # Of lognormal(1ms,0.5), the latency called sql.
READS_TO_STORE = 0.25  # The store has servers for all writes and so many of the reads...
UTILIZATION = 0.7  # ...when they are busy for that part of the time.
DROPPED = ("timeline", "histograms")  # Large, and not judged.

SHARED, LAYERED = "one remote cache", "near caches"
PLACES = {
    SHARED: {"cache-latency": "redis"},
    LAYERED: {"nodes": 4, "shared-cache": "100%"},
}
EVERYWHERE = [
    "--strategy no_cache",
    *(f"--strategy cache_aside --shield {shield}" for shield in ("none", "lock", "early", "stale")),
    "--strategy read_through",
    "--strategy write_through",
    "--strategy write_around",
    "--strategy write_behind",
    "--strategy refresh_ahead",
]
BY_EVENTS = [
    *(f"--strategy cache_aside --invalidate event --shield {shield}"
      for shield in ("none", "lock", "early", "stale")),
    "--strategy cache_aside --invalidate event --event-check version",
    "--strategy cache_aside --invalidate event --event-source log",
    "--strategy write_through --invalidate event",
]  # fmt: skip
PROTOCOLS = {SHARED: EVERYWHERE, LAYERED: EVERYWHERE + BY_EVENTS}


@dataclasses.dataclass(frozen=True)
class Task:
    cluster: str
    place: str
    line: str


def workload(cluster, place):
    """As a file of workloads/ would hold it."""
    rate = min(cluster.rate, RATE_MAX)
    to_store = cluster.writes + cluster.deletes + READS_TO_STORE * cluster.reads
    servers = max(1, math.ceil(STORE_MEAN_S * rate * to_store / UTILIZATION))
    return {
        "caption": f"After Twitter's {cluster.name}, {place}",
        "keys": min(cluster.objects, KEYS),
        "value_size": 100,
        "mix": cluster.mix,
        "popularity": {"kind": "scrambled", "theta": cluster.theta},
        "ttl": cluster.ttl,
        "cache_size": "100%",
        "rate": rate,
        "clients": CLIENTS,
        "warmup": "30s",
        "duration": "30s",
        "options": {
            "runtime": "virtual",
            "store-latency": "sql",
            "store-servers": servers,
            **PLACES[place],
        },
    }


def simulate(clusters, places=tuple(PLACES), seeds=SEEDS, progress=None):
    """{(cluster's name, place): groups of results}, one group each."""
    with tempfile.TemporaryDirectory() as folder:
        tasks = []
        for cluster in clusters:
            for place in places:
                file = pathlib.Path(folder) / f"{cluster.name}.{place.replace(' ', '_')}.json"
                file.write_text(json.dumps(workload(cluster, place)))
                tasks += [
                    Task(cluster.name, place, f"run {file} {protocol} --seed {seed}")
                    for protocol in PROTOCOLS[place]
                    for seed in seeds
                ]
        found = {}
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for done, (task, data) in enumerate(zip(tasks, pool.map(_run, tasks)), 1):
                found.setdefault((task.cluster, task.place), []).append(data)
                if progress:
                    progress(done, len(tasks))
    return {key: results.group(members) for key, members in found.items()}


def _run(task):
    binary = os.environ.get("STALEMARK_BINARY", command.REPOSITORY / "build/release/stalemark")
    line = [*task.line.split(), "--quiet", "--out", "-"]
    ended = subprocess.run([binary, *line], capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise command.Refusal(f"stalemark {task.line}: {ended.stderr.strip()}", 1)
    data = json.loads(ended.stdout)
    return results.Result(
        pathlib.Path(task.line),
        {name: value for name, value in data.items() if name not in DROPPED},
    )
