# SPDX-License-Identifier: Apache-2.0
"""Each race of docs/races.md happens as often as its formula says, and its cure prevents it."""

import json
import re
import stat
import subprocess

import pytest

from stalemark.common import command
from stalemark.races import figures, measuring, page, records, schedules
from stalemark.races.race import command_line, options_of, time
from stalemark.races.table import NOT_MEASURED, named, table

pytestmark = pytest.mark.xdist_group("races")  # They share what takes long to make.
TABLE = table()
EACH = pytest.mark.parametrize("race", TABLE, ids=[race.name for race in TABLE])
SEEDS, CURE_SEEDS = range(1, 11), range(1, 4)
WRONG = (0.7, 1.3)


@pytest.fixture(scope="module")
def runner():
    with measuring.Runner() as made:
        yield made


@pytest.fixture(scope="module")
def measured(runner):
    """{name: rate}, of other parameters than the page's."""
    pending = {
        race.name: runner.start(
            race.figure, race.options(race.other, race.size), measuring.seeds_of(race, SEEDS)
        )
        for race in TABLE
    }
    return {name: rate() for name, rate in pending.items()}


@EACH
def test_a_race_happens_as_often_as_its_formula_says(race, measured):
    rate = measured[race.name]
    assert race.other != race.page
    assert not rate.is_zero
    assert measuring.agrees(rate, race.predicted(race.other), len(TABLE)), rate.interval()


@EACH
def test_a_formula_that_is_wrong_by_30_percent_is_rejected(race, measured):
    right = race.predicted(race.other)
    agreeing = [factor for factor in WRONG
                if measuring.agrees(measured[race.name], factor * right, len(TABLE))]  # fmt: skip
    assert agreeing == [], measured[race.name].interval(len(TABLE))


@EACH
def test_the_cure_leaves_no_case(race, runner):
    cured = runner.start(race.figure, race.cured(race.other, race.size), CURE_SEEDS)()
    assert cured.judged > 100
    assert cured.is_zero, cured.values


# Each would go unnoticed if its option, or what is counted, did nothing.
ERRORS = {
    "a faster store": ("overtaken_fill", "exponential(10ms)", "exponential(7ms)"),
    "a longer lock": ("fill_after_lock", "--lock-ttl 5s", "--lock-ttl 20s"),
    "an earlier delete": ("late_delete", "--delete-delay 20ms", "--delete-delay 18ms"),
    "a shorter spell": ("lost_erase", "+200ms", "+150ms"),
    "a slower bus": ("late_event", "--event-delay 30ms", "--event-delay 33ms"),
}


@pytest.mark.parametrize(("name", "before", "after"), ERRORS.values(), ids=ERRORS)
def test_a_planted_error_is_noticed(name, before, after, runner):
    race = named(name)
    options = race.options(race.other, race.size)
    assert before in options
    rate = runner.start(race.figure, options.replace(before, after), SEEDS)()
    assert not measuring.agrees(rate, race.predicted(race.other), len(TABLE))


@EACH
def test_a_result_names_the_race_among_those_known(race):
    """In a run of a moment: it is a fact of the protocol."""
    options = re.sub(r" --fault \S+", "", race.options(race.page, race.size))
    words = command_line(f"{options} --duration 1ms").split()
    ran = subprocess.run([command.program(), *words, "--quiet", "--out", "-"],
                         capture_output=True, text=True, check=True)  # fmt: skip
    names = {known["name"] for known in json.loads(ran.stdout)["known_races"]}
    assert race.known_as is None or race.known_as in names


def test_every_known_race_is_on_the_page():
    text = (command.REPOSITORY / "docs/strategies.md").read_text()
    listed = text.partition("| known race |")[2].partition("\n\n")[0]
    names = set(re.findall(r"^\| `(\w+)`", listed, re.MULTILINE))
    assert len(names) > 15
    assert names - {race.known_as for race in TABLE} == names & set(NOT_MEASURED)


def test_the_page_is_what_the_kept_runs_give():
    assert (command.REPOSITORY / "docs/races.md").read_text() == page.generated(records.read())


@EACH
def test_the_kept_runs_are_those_of_the_table(race):
    kept = records.read()[race.name]
    assert kept["parameters"] == race.page
    assert kept["predicted"] == pytest.approx(race.predicted(race.page), rel=1e-5)
    line = f"stalemark {command_line(race.options(race.page, race.size))}"
    assert kept["measured"]["race"]["command"] == line
    cured = f"stalemark {command_line(race.cured(race.page, race.size))}"
    assert kept["measured"]["cure"]["command"] == cured


def test_kept_runs_agree_with_their_formulas_and_cures():
    for record in records.read().values():
        assert record["is_covered_with_all"], record["name"]
        assert record["measured"]["race"]["rate"] > 0, record["name"]
        assert record["measured"]["cure"]["rate"] == 0, record["name"]


@EACH
def test_a_story_has_three_sentences(race):
    for sentence in (race.happens, race.sees, race.ends):
        assert sentence.endswith(".") and ". " not in sentence


def test_of_an_option_that_is_given_twice_the_last_one_holds():
    line = command_line("--ttl 5s --set mix.read=0.5 --ttl none --set mix.write=0.5")
    assert "--ttl none" in line and "--ttl 5s" not in line
    assert "--set mix.read=0.5 --set mix.write=0.5" in line
    assert options_of("--no-coalescing --ttl 5s") == ["--no-coalescing", "--ttl 5s"]


@pytest.mark.parametrize(("seconds", "text"), [(10, "10s"), (0.5, "500ms"), (1.5, "1500ms"),
                                               (0.0005, "500us"), (1e-9, "1ns")])  # fmt: skip
def test_times_are_written_as_options_have_them(seconds, text):
    assert time(seconds) == text


def test_an_interval_covers_what_lies_in_it():
    rate = measuring.Rate(values=(1.0, 2.0, 3.0), judged=3, price={})
    assert measuring.agrees(rate, 2.0) and not measuring.agrees(rate, 5.0)
    assert measuring.agrees(rate, 5.0, tests=20)


def test_a_price_is_of_what_was_done():
    read = {"count": 4, "latency_ns": {"mean": 7}}
    result = {"operations": {"read": read, "write": {"count": 0}}, "store": {"reads": 2}}
    assert figures.price(result) == {"read_ns": 7, "store_reads": 0.5}


EXPLORED = [race.name for race in table() if race.explore]


@pytest.mark.parametrize("name", EXPLORED)
def test_the_schedule_of_the_page_is_what_the_program_finds(name):
    assert records.read()[name]["schedule"] == schedules.schedule(named(name), command.program())


def test_almost_every_race_has_a_schedule():
    assert len(table()) - len(EXPLORED) == 4


def test_a_schedule_that_the_program_does_not_find_is_an_error(tmp_path):
    race = named("overtaken_fill")
    for prints, why in (("echo no such option >&2; exit 2", "no such option"),
                        ("echo No anomaly.", "no permanent_after_ttl")):  # fmt: skip
        path = tmp_path / "stalemark"
        path.write_text(f"#!/bin/sh\n{prints}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        with pytest.raises(command.Refusal, match=f"overtaken_fill: .*{why}"):
            schedules.schedule(race, path)


def test_a_schedule_stands_on_the_page():
    kept = records.read()
    kept["late_delete"] = kept["late_delete"] | {"schedule": "step 1\nstep 2\n"}
    assert "```text\nstep 1\nstep 2\n```" in page.generated(kept)


@pytest.mark.parametrize(
    ("text", "says"),
    [(None, "no such file"), ("[]", "expected what"),
     ('{"schema": 1, "races": []}', "other races")],
)  # fmt: skip
def test_kept_runs_that_are_not_there_or_not_these_are_refused(tmp_path, text, says):
    path = tmp_path / "races.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(command.Refusal, match=says):
        records.read(path)


def test_a_race_may_be_repeated_and_an_unknown_one_is_refused(call):
    repeated = call("races.py", "--check", "late_delete")
    assert repeated.returncode == 0, repeated.stderr
    unknown = call("races.py", "--check", "late_fill")
    assert (unknown.returncode, len(unknown.stderr.splitlines())) == (2, 1)
    assert "known: overtaken_fill, " in unknown.stderr


def test_what_takes_too_long_is_given_up(call):
    ended = call("races.py", "--only", "late_batch", "--limit", "0.05")
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert "longer than 0.05 s" in ended.stderr


def test_a_check_complains_about_each_thing_that_is_wrong():
    import races

    record = records.read()["late_delete"]
    assert list(races.faults_of(record)) == []
    rates = record["measured"]
    broken = record | {
        "is_covered_with_all": False,
        "measured": {"race": rates["race"] | {"rate": 0}, "cure": rates["cure"] | {"rate": 1}},
    }
    assert len(list(races.faults_of(broken))) == 4
