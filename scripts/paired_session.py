"""Measures two builds in pairs: one process a repetition, the order in each pair tossed.

Drift of the machine then hits both sides, and what is left is theirs or the toss's. Each process
gets an environment of random length, which shifts its stack, and is preceded by canaries: fixed
work, the same for both sides, whose speed is the machine's alone.
"""

import dataclasses
import json
import os
import pathlib
import random
import time
import zlib

import child
import google_benchmark
import matrix
from command import Refusal

PADDING_MOST = 4096  # Bytes: a page, of which the stack's place can differ.
TRIES = 5  # For a benchmark that was preempted in its first try, and so measured nothing.
# Of a workload. Few keys, so that loading takes no longer than reading; a warm-up would end by the
# clock, and counts would not repeat.
SMALL = ("--clients", "1", "--keys", "2000", "--warmup", "0", "--operations", "20000")
CANARY = bytes(range(256)) * 4096
MEMORY_STRIDE = 4099  # Bytes, and of a prime number of them, so that no line is met twice soon.
MEMORY = bytearray(16 << 20)


@dataclasses.dataclass(frozen=True)
class Job:
    """What is run on both sides. `words` may hold {out}, where the result goes: Google Benchmark's
    if `is_benchmark`, else the program's own."""

    name: str
    program: str  # An attribute of a Build: "stalemark" or "bench"
    words: tuple
    is_benchmark: bool = False
    pairs: int = 1  # In each round of a session.


def benchmark(pattern, seconds=0.004, repetitions=8):
    return Job("benchmark", "bench", (
        f"--benchmark_filter={pattern}", f"--benchmark_min_time={seconds}",
        f"--benchmark_repetitions={repetitions}", "--benchmark_out={out}",
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
        self.id = f"{name}-{seed}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.getpid()}"

    def record(self, rounds, seconds_most, say=lambda line: None):
        """So many rounds of all jobs, or as many as can be begun in this time; how many."""
        for side in self.builds:
            (self.out / side).mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        for done in range(rounds):
            spent = time.monotonic() - began
            if done and spent >= seconds_most:
                return done
            left = min(spent / max(1, done) * (rounds - done), seconds_most - spent)
            say(f"round {done + 1} of {rounds}" + (f", {left:.0f} s left" if done else ""))
            for job in self.jobs:
                for turn in range(1, job.pairs + 1):
                    self._pair(job, done * job.pairs + turn)
        return rounds

    def _pair(self, job, number):
        sides = ["base", "head"]
        self.toss.shuffle(sides)
        for position, side in enumerate(sides, 1):
            self._run(job, side, number, position)

    def _run(self, job, side, pair, position):
        build = self.builds[side]
        path = self.out / side / f"{job.name}.p{pair:04}.json"
        session = {"id": self.id, "repetition": pair, "pair": pair, "position": position}
        for _ in range(TRIES):
            data = self._result(job, build, path, {**session, **canaries()})
            if not job.is_benchmark or all(google_benchmark.runs(path, data).values()):
                break

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
        matrix.write(path, json.dumps(data, indent=1) + "\n")
        return data


def canaries():
    """Processor time of fixed work in registers and in memory; the least of three tries each."""
    return {"canary_cpu_ns": _least(lambda: zlib.crc32(CANARY)),
            "canary_memory_ns": _least(lambda: sum(MEMORY[::MEMORY_STRIDE]))}  # fmt: skip


def _least(work):
    tries = []
    for _ in range(3):
        began = time.process_time_ns()
        work()
        tries.append(time.process_time_ns() - began)
    return max(1, min(tries))


def simulate(builds, suite, out, say):
    """The simulated runs of a suite, once on each side."""
    for side, build in builds.items():
        say(f"simulating on {side}")
        place = pathlib.Path(out) / side / "virtual"
        words = [build.stalemark, "suite", suite, "--quiet", "--out", place]
        environment = {**os.environ, "STALEMARK_WORKLOADS": str(build.workloads)}
        ended = child.run(words, env=environment)
        if ended.returncode != 0:
            raise Refusal(f"{build.commit[:12]}: suite {suite}: {ended.stderr.strip()}")
