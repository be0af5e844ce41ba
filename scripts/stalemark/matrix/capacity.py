# SPDX-License-Identifier: Apache-2.0
"""How much more traffic the same database bears with each protocol of simulated results.

For each protocol among RESULT... one run in virtual time: the load grows step by step, and the
last rate is found at which 99 of 100 operations are answered within a limit. The cache is warm
when the load begins to grow, and the load begins below what no_cache bears: a cache that is cold
under a load that only a warm one bears never becomes warm. --p99 is the limit; left out, it is
`read_p99_max` of the workload's requirements. FILE is for scripts/matrix.py --capacity.

Exit status: 0 done; 2 wrong usage or input.
"""

import concurrent.futures
import dataclasses
import json
import os
import pathlib
import shlex
import tempfile

from stalemark.common import child, command, durations, files, progress
from stalemark.matrix import bears, matrix, measures

STEPS = 60  # As many as a timeline has intervals.
STEP_MS = 500
ROOM = 1.7  # The load grows up to so many times what the store's account lets expect...
WIDER = 4  # ...and so many times further, if it is borne up to the end.
WIDEST = 20  # That of no_cache grows up to so many times the load of the results.
START = 0.25  # Of what no_cache bears, or of what is expected: safe for a cold cache.
# What the ramp says of the workload instead.
OWN = ("rate", "duration", "operations", "warmup", "clients", "seed", "repeat", "out", "quiet")


@dataclasses.dataclass(frozen=True)
class Borne:
    """Of one protocol: rates in operations per second; `missed` is the first that was not borne,
    None if all were; `met` the last that was, None if none was."""

    protocol: dict
    met: float | None
    missed: float | None
    command: str


def ramp(start, end):
    """[operations per second of each step], each the same factor above the one before."""
    return [start * (end / start) ** (step / (STEPS - 1)) for step in range(STEPS)]


def words_of(result, rates):
    """The command line of a result's protocol under a load that grows."""
    words, kept = shlex.split(result.data["command"])[1:], []
    while words:
        word = words.pop(0)
        name = word.partition("=")[0].removeprefix("--")
        value = [words.pop(0)] if word == f"--{name}" and words and words[0][:2] != "--" else []
        if not word.startswith("--") or name not in OWN:
            kept += [word, *value]
    phases = [{"duration": f"{STEP_MS}ms", "rate": round(rate, 3)} for rate in rates]
    warmup = result.data["configuration"]["workload"].get("warmup", "stable")
    return [*kept, "--warmup", warmup, "--seed", str(result.data["seed"]),
            "--set", f"phases={json.dumps(phases, separators=(',', ':'))}"]  # fmt: skip


def borne(result, limit_ns, start, end):
    """One run, or a second one where the first ends before the load is too much."""
    for widened in (1, WIDER):
        rates = ramp(start, end * widened)
        words = words_of(result, rates)
        ran = _run(words)
        met = [is_met(step, limit_ns) for step in ran["timeline"][:STEPS]]
        if not all(met):
            break
    first = met.index(False) if False in met else None
    return Borne(
        protocol=result.protocol,
        met=rates[-1] if first is None else rates[first - 1] if first else None,
        missed=None if first is None else rates[first],
        command=shlex.join(["stalemark", *words]),
    )


def is_met(step, limit_ns):
    """Whether 99 of 100 operations of an interval of a timeline were answered in time."""
    p99 = step.get("response_p99_ns")
    is_answered = step.get("unanswered", 0) * 100 <= step["operations"]
    return is_answered and p99 is not None and p99 <= limit_ns


def _run(words):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "ramp.json"
        done = child.run([command.program(), *words, "--quiet", "--out", out])
        if done.returncode:
            raise command.Refusal(done.stderr.strip() or "stalemark failed", done.returncode)
        return json.loads(out.read_text())


def calls(result):
    """Of the store, per operation."""
    store, kinds = result.data["store"], result.data["operations"].values()
    done = sum(kind["count"] for kind in kinds)
    return (store["reads"] + store["writes"] + store["deletes"]) / done if done else 0.0


def capacities(group, limit_ns):
    """[Borne] of each protocol of a group, that of no_cache first."""
    first = {label: row[min(row)] for label, row in group.rows.items()}
    baselines = [label for label, result in first.items() if result.is_baseline]
    if not baselines:
        raise command.Refusal(f"{group.title}: no results of {measures.BASELINE} to compare with")
    baseline = first.pop(baselines[0])
    offered = offered_rate(group, baseline)
    base = borne(baseline, limit_ns, offered, offered * WIDEST)
    if not base.met:
        raise command.Refusal(
            f"{group.title}: {measures.BASELINE} misses a p99 of {limit_ns / 1e6:g} ms at the load"
            " of the results already; --p99 takes a longer one"
        )
    jobs = []
    with (
        concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool,
        progress.Bar("raising the load", len(first) + 1) as bar,
    ):
        bar.reach(1)
        for result in first.values():
            expected = base.met * calls(baseline) / max(calls(result), 0.01)
            start = START * min(base.met, expected)
            jobs.append(pool.submit(borne, result, limit_ns, start, ROOM * expected))
        for done, _ in enumerate(concurrent.futures.as_completed(jobs), 2):
            bar.reach(done)
    return [base, *(job.result() for job in jobs)]


def offered_rate(group, result):
    phases = result.data["configuration"]["workload"].get("phases", [])
    rate = result.data["configuration"].get("rate")
    if not result.is_simulated or not rate or len(phases) != 1:
        raise command.Refusal(
            f"{group.title}: expected simulated results of an open loop with one phase"
        )
    return rate


def limit_of(group, typed):
    """In ns."""
    text = typed or group.setting["workload"].get("requirements", {}).get("read_p99_max")
    if not text:
        raise command.Refusal(f"{group.title}: states no read_p99_max; expected --p99 DURATION")
    try:
        limit = durations.nanoseconds(text)
    except ValueError:
        limit = 0
    if not limit:
        raise command.Refusal(f"--p99 '{text}': expected a duration above 0, such as 5ms")
    return limit


def of_group(group, typed):
    limit_ns = limit_of(group, typed)
    return {
        "workload": group.title,
        "demand": bears.demand_of(group),
        "p99_ns": limit_ns,
        "protocols": [dataclasses.asdict(each) for each in capacities(group, limit_ns)],
    }


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("results", nargs="+", metavar="RESULT")
    parser.add_argument("--out", required=True, metavar="FILE")
    parser.add_argument("--p99", metavar="DURATION", help="within which 99 of 100 are answered")
    options = parser.parse_args()
    child.interrupt_on_termination()
    groups, _ = matrix.gather(options.results)
    found = [of_group(group, options.p99) for group in groups]
    files.save(options.out, json.dumps({"capacity": 1, "workloads": found}, indent=2) + "\n")
