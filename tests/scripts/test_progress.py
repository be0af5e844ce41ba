# SPDX-License-Identifier: Apache-2.0
"""Bars: what they say, where they are seen, and that they leave nothing behind."""

import io
import os
import re
import subprocess
import sys

import pytest
import terminal
import tqdm.std
from conftest import SCRIPTS
from stalemark.common import progress
from stalemark.compare import paired_session

LINES = "".join(f"[{done}/4] step {done}\n" for done in range(1, 5))
TOLD = "warning: of the compiler\n"
FOLLOW = ["bash", "-c", f'printf "%s" "$LINES" | {SCRIPTS}/progress.py building']
SEEN = re.compile(r"(\w+) +(\d+)%, (\?|[\d:]+) left \[([# ]{30})\](?:, (.*))?$")


class Terminal(io.StringIO):
    """Keeps what is written to it."""

    def isatty(self):
        return True

    def texts(self):
        return [text.strip() for text in self.getvalue().split("\r") if text.strip()]


@pytest.fixture
def watch(monkeypatch):
    """Makes standard error a terminal, and time stand still until it is set. To be called in the
    test: until then pytest puts standard error where it wants it."""

    def begin():
        seen, now = Terminal(), [1000.0]
        monkeypatch.setattr(tqdm.std, "time", lambda: now[0])
        monkeypatch.setattr(tqdm.std, "_screen_shape_wrapper", lambda: lambda file: (100, 24))
        monkeypatch.setattr(sys, "stderr", seen)
        return (lambda seconds: now.__setitem__(0, 1000.0 + seconds)), seen

    return begin


def test_time_left_is_what_the_rest_takes_at_the_same_speed(watch):
    set_to, seen = watch()
    with progress.Bar("measuring", 20) as bar:
        set_to(30)
        bar.reach(5, "fifth")
        set_to(100)
        bar.reach(10)
        set_to(7200)
        bar.reach(10.000001, "slow")
    assert seen.texts() == [
        "measuring   0%, ? left [" + " " * 30 + "]",
        "measuring  25%, 01:30 left [" + "#" * 7 + " " * 23 + "] fifth",
        "measuring  50%, 01:40 left [" + "#" * 15 + " " * 15 + "]",
        "measuring  50%, 1:59:59 left [" + "#" * 15 + " " * 15 + "] slow",
    ]


def test_a_share_may_fall_when_more_turns_out_to_be_due(watch):
    set_to, seen = watch()
    with progress.Bar("measuring", 1) as bar:
        set_to(30)
        bar.reach(0.75)
        set_to(40)
        bar.reach(0.5)
    assert [SEEN.match(text)[3] for text in seen.texts()] == ["?", "00:10", "00:40"]


def test_a_bar_is_drawn_ten_times_a_second_at_most(watch):
    set_to, seen = watch()
    with progress.Bar("measuring", 1000) as bar:
        for step in range(1000):
            set_to(step / 1000)
            bar.reach(step)
    assert 9 <= len(seen.texts()) <= 11


def test_lines_like_ninjas_become_a_bar_and_others_pass():
    shown = terminal.run(FOLLOW, env={**os.environ, "LINES": LINES + TOLD})
    assert (shown.status, shown.out, shown.lines, shown.last) == (0, TOLD, [], "")
    assert all(SEEN.match(text) for text in shown.drawn), shown.drawn
    assert {SEEN.match(text)[1] for text in shown.drawn} == {"building"}


def test_without_a_terminal_there_is_nothing_but_the_other_lines():
    ended = subprocess.run(
        FOLLOW, env={**os.environ, "LINES": LINES + TOLD}, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, TOLD, "")


@pytest.mark.parametrize("columns", [80, 40, 12])
def test_a_bar_is_cut_to_the_terminal(columns):
    code = (
        "from stalemark.common import progress\n"
        "with progress.Bar('measuring', 2) as bar: bar.reach(1, 'x' * 99)"
    )
    shown = terminal.run([sys.executable, "-c", code], columns, cwd=SCRIPTS)
    assert shown.drawn and shown.widest <= columns
    assert shown.last == "" and shown.lines == []


def test_a_bar_leaves_a_clean_line_when_work_fails():
    code = (
        "from stalemark.common import command, progress\n"
        "with progress.Bar('a', 2): raise command.Refusal('no')"
    )
    run = f"from stalemark.common import command\ndef main(): exec({code!r})\ncommand.run(main)"
    shown = terminal.run([sys.executable, "-c", run], cwd=SCRIPTS)
    assert shown.status == 2
    assert shown.lines == ["-c: no"] and shown.last == ""
    assert any(SEEN.match(text) for text in shown.drawn)


class Session(paired_session.Session):
    """Whose processes take no time of their own: each moves the clock by a second."""

    def __init__(self, out, width, jobs):
        super().__init__({}, jobs, out, seed=1)
        self.now = 0.0
        self.width = width
        self.done = 0

    def spent(self):
        return self.now

    def _pair(self, job, number):
        self.now += 1
        self.done += 1

    def visible(self):
        return self.width / self.done**0.5


@pytest.fixture
def told(tmp_path):
    """What a session tells, as (share, note)."""

    def run(rounds, see, seconds, width=0.0):
        said = []
        session = Session(tmp_path, width, [paired_session.benchmark("x")])
        session.measure(rounds, see, seconds, lambda share, note: said.append((share, note)))
        return said

    return run


def test_a_session_tells_its_share_of_the_rounds(told):
    assert told(4, 0, 100) == [(n / 4, f"round {n + 1} of 4") for n in range(4)]


def test_a_session_that_time_will_end_tells_its_share_of_the_time(told):
    assert [share for share, _ in told(100, 0, 8)] == [0, 2 / 8, 4 / 8, 6 / 8]


def test_a_noisy_session_tells_its_share_of_the_pairs_that_it_needs(told):
    """After n pairs 20% by the root of n shows, so that 5% needs 16."""
    more = told(4, 0.05, 1000, width=0.2)[4:]
    assert [share for share, _ in more] == pytest.approx([8 / 16, 10 / 16, 12 / 16, 14 / 16])
    assert more[0][1] == "noisy: 7.1% would show, and 5.0% is wanted"
