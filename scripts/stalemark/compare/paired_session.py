# SPDX-License-Identifier: Apache-2.0
"""Measures two builds in pairs: one process a repetition, the order in each pair tossed.

Drift of the machine then hits both sides, and what is left is theirs or the toss's. A pair of
benchmarks runs on one processor, a quiet one if there is any. Each process gets an environment of
random length, which shifts its stack, and is preceded by canaries, the same work for both sides.
"""

import contextlib
import dataclasses
import json
import math
import os
import pathlib
import random
import time

from stalemark.common import child, files
from stalemark.common.command import Refusal
from stalemark.compare import canaries, google_benchmark
from stalemark.compare.visible_change import visible_change

PADDING_MOST = 4096  # Bytes: a page, of which the stack's place can differ.
TRIES = 5  # For a benchmark that was preempted in its first try, and so measured nothing.
# Of a workload. Few keys, so that loading takes no longer than reading; a warm-up would end by the
# clock, and counts would not repeat.
SMALL = ("--clients", "1", "--keys", "2000", "--warmup", "0", "--operations", "20000")


@dataclasses.dataclass(frozen=True)
class Job:
    """What is run on both sides. `words` may hold {out}, where the result goes: Google Benchmark's
    if `is_benchmark`, else the program's own."""

    name: str
    program: str  # An attribute of a Build: "stalemark" or "bench"
    words: tuple
    is_benchmark: bool = False
    pairs: int = 1  # In each round of a session.


def benchmark(pattern, seconds=0.001, repetitions=6):
    """Repetitions are short and mixed, so that each benchmark's are all over the process's time: a
    neighbour that slows the processor down for some milliseconds leaves some of each alone."""
    return Job("benchmark", "bench", (
        f"--benchmark_filter={pattern}", f"--benchmark_min_time={seconds}",
        f"--benchmark_repetitions={repetitions}", "--benchmark_enable_random_interleaving=true",
        "--benchmark_out={out}",
        "--benchmark_out_format=json",
    ), is_benchmark=True, pairs=2)  # fmt: skip


def workload(name, strategy, options):
    words = ("run", name, "--strategy", strategy, *options, "--quiet", "--out", "{out}")
    return Job(f"{name}.{strategy}", "stalemark", words)


class Session:
    """Records pairs of two builds, {"base": Build, "head": Build}, into folders of these names."""

    def __init__(self, builds, jobs, out, seed, name="bench"):
        self.builds = builds
        self.jobs = jobs
        self.out = pathlib.Path(out)
        self.seed = seed
        self.toss = random.Random(f"{seed} {name}")
        self.quiet = canaries.QuietProcessor()
        self.began = time.monotonic()
        self.logs = {}  # {benchmark: logarithms of the pairs' ratios}
        self.id = f"{name}-{seed}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.getpid()}"

    def measure(self, rounds, see, seconds_most, tell=lambda share, note: None):
        """So many rounds of all jobs, then more pairs of the benchmarks until a change by the share
        `see` of each would show; or as many as can be begun in this time. How many rounds.

        `tell` is told how far we are, as a share of the work or of the time, and in words.
        """
        done = self.record(rounds, seconds_most, tell)
        number = done
        while self.visible() > see > 0 and self.spent() < seconds_most:
            seen = self.visible()
            # Four times the pairs halve what would show.
            share = max((see / seen) ** 2, self.spent() / seconds_most)
            shows = f"{100 * seen:.1f}%" if seen < math.inf else "nothing"
            tell(share, f"noisy: {shows} would show, and {100 * see:.1f}% is wanted")
            for job in self.jobs:
                for turn in range(1, job.pairs + 1) if job.is_benchmark else ():
                    self._pair(job, number * job.pairs + turn)
            number += 1
        return done

    def visible(self):
        """The smallest change of any benchmark that would show by now."""
        return max(map(visible_change, self.logs.values()), default=0.0)

    def spent(self):
        """Seconds."""
        return time.monotonic() - self.began

    def record(self, rounds, seconds_most, tell=lambda share, note: None):
        """So many rounds of all jobs, or as many as can be begun in this time; how many."""
        for side in self.builds:
            (self.out / side).mkdir(parents=True, exist_ok=True)
        for done in range(rounds):
            spent = self.spent()
            if done and spent >= seconds_most:
                return done
            tell(max(done / rounds, spent / seconds_most), f"round {done + 1} of {rounds}")
            for job in self.jobs:
                for turn in range(1, job.pairs + 1):
                    self._pair(job, done * job.pairs + turn)
        return rounds

    def _pair(self, job, number):
        sides = ["base", "head"]
        self.toss.shuffle(sides)
        with self._processors(job):
            results = {side: self._run(job, side, number, position)
                       for position, side in enumerate(sides, 1)}  # fmt: skip
        if job.is_benchmark:
            self._note(results["base"], results["head"])

    @contextlib.contextmanager
    def _processors(self, job):
        """For a pair of a job: of a benchmark, a quiet one. A workload's threads get them all."""
        ours = os.sched_getaffinity(0)
        if job.is_benchmark:
            self.quiet.find(ours)
        try:
            yield
        finally:
            os.sched_setaffinity(0, ours)

    def _note(self, base, head):
        for name in base.keys() & head.keys():
            if base[name] and head[name]:
                ratio = head[name]["cpu_time"] / base[name]["cpu_time"]
                self.logs.setdefault(name, []).append(math.log(ratio))

    def _run(self, job, side, pair, position):
        build = self.builds[side]
        path = self.out / side / f"{job.name}.p{pair:04}.json"
        session = {"id": self.id, "repetition": pair, "pair": pair, "position": position}
        for _ in range(TRIES):
            data = self._result(job, build, path, {**session, **canaries.both()})
            found = google_benchmark.runs(path, data) if job.is_benchmark else {}
            if all(found.values()):
                break
        return found

    def _result(self, job, build, path, session):
        words = [getattr(build, job.program), *(word.replace("{out}", str(path))
                                                for word in job.words)]  # fmt: skip
        environment = {name: value for name, value in os.environ.items()
                       if name != "STALEMARK_SESSION"}  # fmt: skip
        environment |= {"STALEMARK_WORKLOADS": str(build.workloads),
                        "PADDING": "x" * self.toss.randrange(PADDING_MOST)}  # fmt: skip
        ended = child.run(words, env=environment)
        if ended.returncode != 0 or not path.exists():
            told = (ended.stderr.strip() or ended.stdout.strip() or "no result").splitlines()[-1]
            raise Refusal(f"{build.commit[:12]}: {' '.join(map(str, words[1:]))}: {told}")
        data = json.loads(path.read_text())
        data["session"] = session
        if job.is_benchmark:
            data["context"] |= {"commit": build.commit[:12], "dirty": build.is_dirty}
            data["context"].pop("host_name", None)
            data["context"]["executable"] = words[0].name
        files.write(path, json.dumps(data, indent=1) + "\n")
        return data


def simulate(builds, suite, out):
    """The simulated runs of a suite, once on each side."""
    for side, build in builds.items():
        place = pathlib.Path(out) / side / "virtual"
        words = [build.stalemark, "suite", suite, "--out", place]
        environment = {**os.environ, "STALEMARK_WORKLOADS": str(build.workloads)}
        ended = child.run(words, shows_progress=True, env=environment)
        if ended.returncode != 0:
            told = (ended.stderr.splitlines() or [f"ended with status {ended.returncode}"])[-1]
            raise Refusal(f"{build.commit[:12]}: suite {suite} on {side}: {told}")
