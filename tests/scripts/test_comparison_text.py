# SPDX-License-Identifier: Apache-2.0
"""What people read of a comparison."""

import pytest
from stalemark.compare import comparison, comparison_text
from stalemark.compare.comparison import Row


def compared(*rows):
    return comparison.Comparison(list(rows), [], [], [], comparison.Settings())


def row(verdict, **more):
    return Row("case", "store.reads", "exact", verdict, **more)


@pytest.mark.parametrize(
    ("verdicts", "line"),
    [
        (["regressed", "missing", "missing"], "REGRESSED: 1 figure, 2 missing"),
        (["regressed", "regressed"], "REGRESSED: 2 figures"),
        (["missing", "new"], "MISSING: 1 of what BASE has"),
        (["inconclusive"], "NOT SHOWN TO REGRESS, and 1 figure undecided"),
        (["changed", "changed"], "NOT SHOWN TO REGRESS, and 2 figures changed"),
        (["inconclusive", "changed"], "NOT SHOWN TO REGRESS, and 1 figure undecided, 1 changed"),
        (["improved", "same"], "NO REGRESSION"),
    ],
)
def test_the_first_line_is_the_verdict(verdicts, line):
    found = compared(*map(row, verdicts))
    assert comparison_text.verdict_line(found) == line
    assert comparison_text.markdown(found, [], []).startswith(f"**{line}**\n")
    assert comparison_text.terminal(found, [], []).splitlines()[0] == line


def test_a_column_without_a_cell_is_left_out():
    exact = row("regressed", base=1, head=2, change=1.0, n=1)
    noisy = Row("case", "cpu_time", "paired", "same", change=0.0, low=-0.01, high=0.01, p=1.0, n=40)
    alone = comparison_text.terminal(compared(exact), [], [])
    assert "change" in alone and "interval" not in alone and " p " not in alone
    both = comparison_text.markdown(compared(exact, noisy), [], [])
    assert "| 95% interval | p | n |" in both
    table = [line for line in both.splitlines() if line.startswith("|")]
    assert len(table) == 4 and len({line.count("|") for line in table}) == 1
