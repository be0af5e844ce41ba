# SPDX-License-Identifier: Apache-2.0
"""Fixed work whose speed is the machine's alone: what it tells of a moment, and of a processor."""

import os
import random
import time
import zlib

REGISTERS = bytes(range(256)) * 4096
MEMORY_STRIDE = 4099  # Bytes, and of a prime number of them, so that no line is met twice soon.
MEMORY = bytearray(16 << 20)
CANDIDATES = 4  # Processors to try for each pair: so that trying takes no longer on large machines.
DISTURBED = 1.1  # Times the shortest: neighbours make it 1.3 and more, frequency a few hundredths.
PATIENCE_S, PAUSE_S = 1.0, 0.01


def both():
    """Processor time of fixed work in registers and in memory; the least of three tries each."""
    return {"canary_cpu_ns": in_registers(),
            "canary_memory_ns": _least(lambda: sum(MEMORY[::MEMORY_STRIDE]))}  # fmt: skip


def in_registers():
    """Nanoseconds, a third of a millisecond or so."""
    return _least(lambda: zlib.crc32(REGISTERS))


def _least(work):
    tries = []
    for _ in range(3):
        began = time.process_time_ns()
        work()
        tries.append(time.process_time_ns() - began)
    return max(1, min(tries))


class QuietProcessor:
    """Finds one on which nobody disturbs, for now: neighbours of a virtual machine come and go."""

    def __init__(self, measure=in_registers, clock=time.monotonic, pause=time.sleep):
        self._measure = measure
        self._clock = clock
        self._pause = pause
        self._draw = random.Random()
        self._shortest = float("inf")

    def find(self, processors):
        """Leaves us bound to one of them, as quiet as the quietest moment so far; waits a second
        for one and then takes the least disturbed."""
        began = self._clock()
        while True:
            times = {}
            for number in self._draw.sample(sorted(processors), min(len(processors), CANDIDATES)):
                os.sched_setaffinity(0, {number})
                times[number] = self._measure()
            best = min(times, key=times.get)
            self._shortest = min(self._shortest, times[best])
            is_quiet = times[best] <= DISTURBED * self._shortest
            if is_quiet or self._clock() - began >= PATIENCE_S:
                os.sched_setaffinity(0, {best})
                return
            self._pause(PAUSE_S)
