# SPDX-License-Identifier: Apache-2.0
"""Reads the JSON files of Google Benchmark: one run a file and benchmark.

The repetitions of one file come from one process, and what one process does differs from the next
by more than its repetitions show (memory layout, the moment); so they count as one value: the
least of them, as what disturbs a fixed piece of work only adds to it, and of those alone that used
the processor for half a millisecond: on a busy machine Google Benchmark takes a first try that was
preempted for a long one, and then measures a handful of iterations. `scripts/bench_commits` adds
`session` and `commit`, by which the runs pair up.
"""

from stalemark.common.command import Refusal

TO_NS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
TIMES = ("cpu_time", "real_time")
PROCESSOR_LEAST_NS = 0.5e6


def is_one(data):
    return isinstance(data, dict) and "benchmarks" in data and "context" in data


def runs(path, data):
    """{name of a benchmark: {metric: value}} of one file; no metrics where none was measured."""
    repeated = {}
    for row in data["benchmarks"]:
        if row.get("run_type", "iteration") != "iteration":
            continue  # An aggregate of those that are there.
        name = row.get("run_name", row.get("name"))
        if row.get("error_occurred"):
            raise Refusal(f"{path}: {name} failed: {row.get('error_message', 'no reason given')}")
        repeated.setdefault(name, []).append(row)
    if not repeated:
        raise Refusal(
            f"{path}: no repetition of any benchmark; was it written with"
            " --benchmark_report_aggregates_only?"
        )
    return {name: _least(path, name, rows) for name, rows in repeated.items()}


def _least(path, name, rows):
    try:
        repetitions = [
            {metric: row[metric] * TO_NS[row.get("time_unit", "ns")] for metric in TIMES}
            for row in rows
            if row["cpu_time"] * TO_NS[row.get("time_unit", "ns")] * row["iterations"]
            >= PROCESSOR_LEAST_NS
        ]
    except (KeyError, TypeError):
        raise Refusal(f"{path}: {name}: no times and iterations as Google Benchmark has") from None
    if not repetitions:
        return {}
    return {metric: min(each[metric] for each in repetitions) for metric in TIMES}


def machine(data):
    context = data["context"]
    return {name: context.get(name) for name in ("num_cpus", "caches")}


def build(data):
    """How the library was built; of the program under test these files say nothing."""
    return {"library_build_type": data["context"].get("library_build_type")}
