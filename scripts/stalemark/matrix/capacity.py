# SPDX-License-Identifier: Apache-2.0
"""How much more traffic the same database bears with each protocol of simulated results.

For each protocol among RESULT... a run in virtual time, or a few: the load grows step by step, and
the last step is found in which 99 of 100 operations are answered within a limit. The cache is warm
when the load begins to grow, and the load begins below what no_cache bears: a cache that is cold
under a load that only a warm one bears never becomes warm. --p99 is the limit; left out, it is
`read_p99_max` of the workload's requirements, or else `write_p99_max`. Faults are left out. A
protocol whose p99 is near the limit at the load of the results has no figure. FILE is for
scripts/matrix.py --capacity.

Exit status: 0 done; 2 wrong usage or input.
"""

import concurrent.futures
import dataclasses
import json
import os
import pathlib
import shlex
import sys
import tempfile

from stalemark.common import child, command, due_operations, durations, files, progress
from stalemark.matrix import bears, matrix, measures

STEPS = 60  # As many as a timeline has intervals.
STEP_S = 0.5  # At least, and...
STEP_OPERATIONS = 1_000  # ...so many operations, for a p99, and...
STEP_LIMITS = 50  # ...so many times the limit, beside which the end of a step is short.
FACTOR = 1.1  # Of two steps, at most; otherwise a run follows that ends...
CLOSER = 1.3  # ...so far above the first step that was missed.
ROOM = 1.7  # The load grows up to so many times what the store's account lets expect...
WIDER = 2  # ...and so many times further if it is borne up to the end, so often.
TRIES = 6
OPERATIONS_MOST = 4e6  # Of one run that goes further.
WIDEST = 20  # That of no_cache grows up to so many times the load of the results.
START = 0.25  # Of what no_cache bears, or of what is expected: safe for a cold cache.
CLEAR = 0.9  # Of the limit, at most, is the p99 where the load is that of the results.
# What the ramp says of the workload instead; faults would be measured in place of the load.
OWN = ("rate", "duration", "operations", "warmup", "clients", "seed", "repeat", "out", "quiet",
       "fault", "expect-promise")  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Borne:
    """Of one protocol: `met` are the operations per second in the last step whose p99 is within the
    limit, None if there is none; `is_least`: no step was beyond it."""

    protocol: dict
    met: float | None
    is_least: bool
    is_warm: bool  # The hit ratio was known to be stable when the load began to grow.
    command: str


def ramp(start, end):
    """[operations per second of each step], each the same factor above the one before."""
    return [start * (end / start) ** (step / (STEPS - 1)) for step in range(STEPS)]


def words_of(result, rates, step_s):
    """The command line of a result's protocol under a load that grows."""
    words, kept = shlex.split(result.data["command"])[1:], []
    while words:
        word = words.pop(0)
        name, _, typed = word.partition("=")
        is_option = word.startswith("--")
        value = [words.pop(0)] if is_option and not typed and words and words[0][:2] != "--" else []
        of_phases = name == "--set" and "".join([typed, *value]).startswith("phases")
        if not of_phases and (not is_option or name.removeprefix("--") not in OWN):
            kept += [word, *value]
    workload = result.data["configuration"]["workload"]
    same = {name: value for name, value in workload["phases"][0].items()
            if name in ("mix", "popularity", "arrival")}  # fmt: skip
    phases = [{**same, "duration": f"{step_s * 1e3:.0f}ms", "rate": round(rate, 3)}
              for rate in rates]  # fmt: skip
    return [*kept, "--warmup", workload.get("warmup", "stable"), "--fault", "none",
            "--seed", str(result.data["seed"]),
            "--set", f"phases={json.dumps(phases, separators=(',', ':'))}"]  # fmt: skip


def borne(result, limit_ns, start, end):
    """Runs until the first step that is missed is found, and lies close above one that is met."""
    for _ in range(TRIES):
        rates = ramp(start, end)
        step_s = max(STEP_S, STEP_OPERATIONS / start, STEP_LIMITS * limit_ns / 1e9)
        words = words_of(result, rates, step_s)
        ran = _run(words)
        steps = ran["timeline"][:STEPS]
        first = next((number for number, step in enumerate(steps)
                      if not is_met(step, limit_ns)), None)  # fmt: skip
        if first is None:
            end *= WIDER
            if sum(ramp(start, end)) * step_s > OPERATIONS_MOST:
                break
        elif rates[1] / rates[0] > FACTOR:
            end = CLOSER * rates[first]
        else:
            break
    last = len(steps) if first is None else first
    return Borne(
        protocol=result.protocol,
        met=steps[last - 1]["operations"] / step_s if last else None,
        is_least=first is None,
        is_warm=ran["warmup"].get("stable", False),
        command=shlex.join(["stalemark", *words]),
    )


def is_met(step, limit_ns):
    """Whether 99 of 100 operations of an interval of a timeline were answered in time."""
    p99 = step.get("response_p99_ns")
    is_answered = step.get("unanswered", 0) * 100 <= step["operations"]
    return is_answered and p99 is not None and p99 <= limit_ns


def is_clear(result, limit_ns):
    """Whether at the load of the results the p99 of each kind of operation is so far below the
    limit that only a growing load can pass it."""
    p99s = [due_operations.Due(result.data, kind).quantile("p99")
            for kind, seen in result.data["operations"].items() if seen["count"]]  # fmt: skip
    return all(p99 is None or p99 <= CLEAR * limit_ns for p99 in p99s)


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
    if not is_clear(baseline, limit_ns):
        raise command.Refusal(
            f"{group.title}: at the load of the results the p99 of {measures.BASELINE} is not"
            f" clearly below {limit_ns / 1e6:g} ms; --p99 takes a longer one"
        )
    base = borne(baseline, limit_ns, offered, offered * WIDEST)
    if base.is_least or not base.met:
        raise command.Refusal(f"{group.title}: no load is too much for the database")
    jobs = []
    clear = [result for result in first.values() if is_clear(result, limit_ns)]
    with (
        concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool,
        progress.Bar("raising the load", len(clear) + 1) as bar,
    ):
        bar.reach(1)
        for result in clear:
            expected = base.met * calls(baseline) / max(calls(result), 0.1)
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
    """In ns; None if neither is stated."""
    required = group.setting["workload"].get("requirements", {})
    text = typed or required.get("read_p99_max") or required.get("write_p99_max")
    if not text:
        return None
    try:
        limit = durations.nanoseconds(text)
    except ValueError:
        limit = 0
    if not limit:
        raise command.Refusal(f"--p99 '{text}': expected a duration above 0, such as 5ms")
    return limit


def of_group(group, limit_ns):
    return {
        "workload": group.title,
        "demand": bears.demand_of(group),
        "p99_ns": limit_ns,
        "protocols": [dataclasses.asdict(each) for each in capacities(group, limit_ns)],
    }


def check_out(out):
    """Only what this program made is overwritten, and its folder must be there."""
    path = pathlib.Path(out)
    if not path.parent.is_dir():
        raise command.Refusal(f"--out {out}: {path.parent}: no such folder")
    if path.exists():
        try:
            is_ours = "capacity" in json.loads(path.read_text())
        except (OSError, ValueError, TypeError):
            is_ours = False
        if not is_ours:
            raise command.Refusal(f"--out {out}: holds something else; not overwritten")


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("results", nargs="+", metavar="RESULT")
    parser.add_argument("--out", required=True, metavar="FILE")
    parser.add_argument("--p99", metavar="DURATION", help="within which 99 of 100 are answered")
    options = parser.parse_args()
    check_out(options.out)
    child.interrupt_on_termination()
    groups, _ = matrix.gather(options.results)
    limits = [(group, limit_of(group, options.p99)) for group in groups]
    for group, limit in limits:
        if limit is None:
            print(f"capacity.py: {group.title}: left out, as it states no read_p99_max; --p99"
                  " DURATION states one", file=sys.stderr)  # fmt: skip
    found = [of_group(group, limit) for group, limit in limits if limit]
    if not found:
        raise command.Refusal("no workload states a read_p99_max; expected --p99 DURATION")
    files.save(options.out, json.dumps({"capacity": 1, "workloads": found}, indent=2) + "\n")
