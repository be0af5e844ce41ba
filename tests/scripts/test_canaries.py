# SPDX-License-Identifier: Apache-2.0
"""Which processor a pair of benchmarks runs on, on a machine whose disturbances are made up."""

import os

import pytest
from stalemark.compare import canaries


class Machine:
    """Of two processors: `busy(now)` are those whose neighbours are at work. Work takes no time."""

    def __init__(self, monkeypatch, busy):
        self.now = 0.0
        self.bound = set()
        self.busy = busy
        monkeypatch.setattr(os, "sched_setaffinity", lambda _, to: setattr(self, "bound", to))
        self.quiet = canaries.QuietProcessor(self.measure, lambda: self.now, self.pause)

    def measure(self):
        (processor,) = self.bound
        return 150 if processor in self.busy(self.now) else 100

    def pause(self, seconds):
        self.now += seconds

    def find(self):
        self.quiet.find([0, 1])
        return self.bound


@pytest.mark.parametrize("busy", [0, 1])
def test_the_processor_that_nobody_disturbs_is_taken(monkeypatch, busy):
    machine = Machine(monkeypatch, lambda now: {busy})
    assert all(machine.find() == {1 - busy} for _ in range(20))
    assert machine.now == 0


def test_both_are_used_where_both_are_quiet(monkeypatch):
    machine = Machine(monkeypatch, lambda now: set())
    assert {tuple(machine.find()) for _ in range(60)} == {(0,), (1,)}


def test_a_quiet_moment_is_waited_for(monkeypatch):
    machine = Machine(monkeypatch, lambda now: {0, 1} if 0 < now < 0.3 else {0})
    machine.find()
    machine.now = 0.1
    assert machine.find() == {1}
    assert machine.now == pytest.approx(0.3, abs=canaries.PAUSE_S)


def test_if_none_comes_the_wait_ends(monkeypatch):
    machine = Machine(monkeypatch, lambda now: {0, 1} if now else set())
    machine.find()
    machine.now = 1.0
    machine.find()
    assert machine.now == pytest.approx(1.0 + canaries.PATIENCE_S, abs=2 * canaries.PAUSE_S)


def test_a_machine_that_is_always_busy_is_measured_as_it_is(monkeypatch):
    machine = Machine(monkeypatch, lambda now: {0, 1})
    machine.find()
    assert machine.now == 0
