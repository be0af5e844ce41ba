# SPDX-License-Identifier: Apache-2.0
"""Two sides of a comparison that never took place: result files with known changes, in pairs."""

import json
import pathlib
import random
import tempfile

import synthetic
from stalemark.compare import comparison, sides
from stalemark.compare.sides import Run

DATA = pathlib.Path(__file__).parent / "data"


def recorded():
    """The noise of a real, busy machine: two series of one benchmark of one build, a value a
    process, in the order of their recording; data/README.md tells how. {name: values}"""
    return json.loads((DATA / "recorded_noise.json").read_text())


def benchmark_runs(values, session="s", name="hit", metric="cpu_time", first=1):
    """A side of one benchmark, numbered as pairs of a session; session=None: of none."""
    runs = []
    for number, value in enumerate(values, first):
        told = {} if session is None else {"id": session, "repetition": number, "pair": number}
        runs.append(Run(
            path=pathlib.Path(f"{name}.{number}.json"), kind="benchmark", title=name,
            configuration={}, noisy={} if value is None else {metric: value}, exact={},
            session=told,
        ))  # fmt: skip
    return runs


def write_pairs(folder, pairs=12, change=1.0, bend=None, bend_head=None, seed=1, spread=0.01):
    """Writes base/ and head/ under the folder: a workload of one strategy in so many pairs. HEAD's
    times are `change` of BASE's, but for noise; answers the two folders."""
    random_of = random.Random(seed)
    for number in range(1, pairs + 1):
        order = random_of.sample((1, 2), 2)
        for side, position in zip(("base", "head"), order):
            noise = random_of.lognormvariate(0, spread)
            factor = noise * (change if side == "head" else 1.0)
            plan = synthetic.Plan("cache_aside", read=factor, throughput=1 / factor)
            data = synthetic.result(plan, repetition=0)
            data["seed"] = data["configuration"]["seed"] = 7
            data["session"] = {"id": "s1", "repetition": number, "pair": number,
                               "position": position, "canary_cpu_ns": 1_000_000}  # fmt: skip
            data["resources"] = {"cpu_user_ns": round(11_000_000 * factor), "cpu_system_ns": 0,
                                 "resident_bytes_max": 50_000_000}  # fmt: skip
            data["context"]["commit"] = side * 3
            for change_it in (bend, bend_head if side == "head" else None):
                if change_it:
                    change_it(data)
            write(folder / side / f"run.p{number:03}.json", data)
    return folder / "base", folder / "head"


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data))
    return path


def simulated(seed=7, **figures):
    """The result of a simulated run; figures are changed by dotted names."""
    data = synthetic.result(synthetic.Plan("cache_aside"))
    del data["session"]
    data["seed"] = data["configuration"]["seed"] = seed
    data["context"] = {"version": "0.1.0"}
    data["configuration"]["runtime"] = "virtual"
    data["virtual"] = {"events": 5000, "trace_hash": "00ff", "final_random": "00aa"}
    for name, value in figures.items():
        *places, last = name.split(".")
        section = data
        for place in places:
            section = section[place]
        section[last] = value
    return data


def steady(data):
    """One client, a number of operations, and nothing that the clock decides."""
    data["configuration"]["clients"] = 1
    data["configuration"]["workload"] |= {"operations": 1100, "warmup": "0"}


def one_client(seed=7, **figures):
    """As simulated(), of a run with one schedule."""
    data = simulated(seed, **figures)
    steady(data)
    return data


def judged(folder, base, head, margins=None):
    """The comparison of two lists of results."""
    loaded = []
    for side, results in (("base", base), ("head", head)):
        place = pathlib.Path(tempfile.mkdtemp(prefix=side, dir=folder))
        for number, data in enumerate(results):
            write(place / f"{number}.json", data)
        loaded.append(sides.load([place]))
    matched, doubts = sides.match(*loaded, False)
    return comparison.compare(matched, comparison.Settings(margins or {}), doubts)


def benchmark_file(times, name="hit/cache_aside/real_time", session=None, **context):
    """A file of Google Benchmark with these processor times as repetitions of one process."""
    rows = [
        {"name": name, "run_name": name, "run_type": "iteration", "iterations": 1_000_000,
         "cpu_time": value, "real_time": 1.1 * value, "time_unit": "ns"}
        for value in times
    ]  # fmt: skip
    data = {"context": {"num_cpus": 2, "library_build_type": "debug", **context},
            "benchmarks": rows}  # fmt: skip
    return {**data, "session": session} if session else data
