# SPDX-License-Identifier: Apache-2.0
"""What comparisons with other programs over RocksDB share: rates, measured in turn, and ratios."""

import json
import os
import random

from stalemark.common import child, command

KEYS, VALUE_BYTES = 100_000, 1_000  # Of the workloads that are named after YCSB.


def require_program(path, advice=""):
    if not (os.path.isfile(path) and os.access(path, os.X_OK)):
        raise command.Refusal(f"{path}: no such program{advice}")


def output_of(words):
    """What a program prints. It has to succeed."""
    ended = child.run(words)
    if ended.returncode != 0:
        said = (ended.stderr or ended.stdout).strip().splitlines() or ["nothing"]
        raise command.Refusal(f"{words[0]}: ended with {ended.returncode} and said: {said[-1]}")
    return ended.stdout


def no_cache_rate(binary, folder, workload, clients, operations, *more):
    """Operations per second that succeeded, of a data set in `folder`, loaded if it is not."""
    told = output_of([
        binary, "run", workload, "--strategy", "no_cache", "--runtime", "threads",
        "--clients", clients, "--operations", operations, "--warmup", "0", "--db", folder,
        "--quiet", "--out", "-", *more,
    ])  # fmt: skip
    return json.loads(told)["operations_per_second"]


def measure(sides, rates, bar):
    """Calls each side once, in random order, and adds what it answers to its list of `rates`."""
    for name in random.sample(list(sides), len(sides)):
        bar.reach(bar.n, name)
        rates[name].append(sides[name]())
        bar.reach(bar.n + 1)


def ratios(measured, base):
    """Of pairs that were measured in turn."""
    return [rate / of_base for rate, of_base in zip(measured, base, strict=True)]
