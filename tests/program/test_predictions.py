# SPDX-License-Identifier: Apache-2.0
"""What the program measures in virtual time is what mathematics predicts, and the page says so."""

import dataclasses
import pathlib
import subprocess
import sys

import pytest

pytestmark = pytest.mark.xdist_group("predictions")  # They share what takes long to make.
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPOSITORY / "scripts"))
from stalemark.common import command  # noqa: E402
import compare_runtimes  # noqa: E402
from stalemark.predictions import predicted_runs  # noqa: E402
from stalemark.predictions import predictions  # noqa: E402
from stalemark.common import svg_pictures  # noqa: E402

TABLE = predicted_runs.table()
NOTICED = 0.15  # An interval that an error of this size fits into would show nothing.


@pytest.fixture(scope="module")
def comparisons():
    return list(predictions.compare(TABLE, predictions.SEEDS, len(TABLE)))


def names_of(wrong):
    return [f"{each.form.family}: {' '.join(predictions.row(each))}" for each in wrong]


def test_each_prediction_lies_inside_its_interval(comparisons):
    outside = [each for each in comparisons if not each.is_in(each.together)]
    assert names_of(outside) == []


def test_no_interval_is_so_wide_that_it_lets_everything_pass(comparisons):
    blind = []
    for each in comparisons:
        wrong = [dataclasses.replace(each.form, value=each.form.value * factor)
                 for factor in (1 - NOTICED, 1 + NOTICED)]  # fmt: skip
        if any(dataclasses.replace(each, form=form).is_in(each.together) for form in wrong):
            blind.append(each)
    assert names_of(blind) == []


def test_the_page_and_its_picture_are_what_the_runs_give(comparisons):
    assert predictions.PAGE.read_text() == predictions.written() + predictions.generated(
        comparisons
    )
    drawn = predictions.picture(comparisons)
    assert svg_pictures.are_alike(predictions.PICTURE.read_text(), drawn)


def first(family, name=""):
    return next(form for form in TABLE if form.family == family and name in form.name)


# Each would go unnoticed if its option, or what is counted, did nothing.
ERRORS = {
    "a longer load": ("herd", "= 10", "--store-latency 100us", "--store-latency 110us"),
    "an earlier reload": ("early reload", "loads, beta = 2", "--beta 2", "--beta 1.5"),
    "a shorter life": ("expiry", "r T = 2", "--ttl 4ms", "--ttl 3800us"),
    "a slower bus": ("events", "8 nodes, w d = 0.5", "--event-delay 5000us", "--event-delay 6ms"),
    "a later flush": ("write-behind", "w D = 9", "--flush-delay 9ms", "--flush-delay 10ms"),
    "a later refresh": ("refresh ahead", "", "--refresh-at 0.5", "--refresh-at 0.55"),
    "a second server": ("queue", "", "--store-servers 1", "--store-servers 2"),
}


@pytest.mark.parametrize(("family", "name", "before", "after"), ERRORS.values(), ids=ERRORS)
def test_a_planted_error_is_noticed(family, name, before, after):
    form = first(family, name)
    assert before in form.options
    planted = dataclasses.replace(form, options=form.options.replace(before, after))
    (outcome,) = predictions.compare([planted], predictions.SEEDS, len(TABLE))
    assert not outcome.is_in(outcome.together)


def test_a_prediction_outside_its_interval_fails_the_check():
    wrong = dataclasses.replace(first("erase on write"), value=0.51)
    compared = list(predictions.compare([wrong], predictions.SEEDS, len(TABLE)))
    with pytest.raises(command.Refusal, match="outside the interval: hit ratio") as refused:
        predictions.check(compared, {})
    assert refused.value.status == 1


def test_a_page_that_is_out_of_date_fails_the_check(tmp_path):
    (tmp_path / "page.md").write_text("old")
    with pytest.raises(command.Refusal, match="out of date") as refused:
        predictions.check([], {tmp_path / "page.md": "new"})
    assert refused.value.status == 1


@pytest.mark.parametrize("words", [["--only", "nonsense"], ["--seeds", "5"],
                                   ["--check", "--seeds", "2-11"]])  # fmt: skip
def test_wrong_usage_is_one_line_and_exits_with_2(words):
    outcome = subprocess.run(
        [REPOSITORY / "scripts/predictions.py", *words], capture_output=True, text=True
    )
    assert (outcome.returncode, len(outcome.stderr.splitlines())) == (2, 1)


def test_real_threads_and_virtual_time_agree():
    outcome = subprocess.run(
        [REPOSITORY / "scripts/studies/compare_runtimes.py"], capture_output=True, text=True
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert len(outcome.stdout.splitlines()) == 2 + 4 * 3


def test_runtimes_that_differ_by_more_than_a_twentieth_do_not_agree():
    assert compare_runtimes.differ(0.80, 0.85)
    assert not compare_runtimes.differ(0.80, 0.83)
    assert compare_runtimes.differ(0, 0.006)
