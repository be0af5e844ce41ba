# SPDX-License-Identifier: Apache-2.0
"""The answer of answer.as_data() as Markdown and as cells of the page: a row per protocol, the
verdicts, the races, the advice."""

from stalemark.common.figures import duration, few, rough
from stalemark.common.markdown import table as markdown_table
from stalemark.guarantees.statement import NOT_EXPLORED
from stalemark.matrix import claims
from stalemark.matrix.answer import bears_text, ratio_text

EXPLORED = "known: explored"  # The column that is left out where nothing was.
HEADINGS = (
    "protocol", "known: stale", EXPLORED, "simulated: stale", "read mean", "read p99", "write mean",
    "write p99", "database reads per op", "the database bears", "unpersisted writes (max)", "lines",
    "the article",
)  # fmt: skip


def headings(told):
    """Of shown()."""
    return _kept(told, HEADINGS)


def shown(told):
    """The cells of each row of as_data(), under headings()."""
    return (_kept(told, cells) for cells in _all_cells(told))


def _kept(told, cells):
    if any(row.get("explored") for row in told["rows"]):
        return tuple(cells)
    place = HEADINGS.index(EXPLORED)
    return (*cells[:place], *cells[place + 1 :])


def _all_cells(told):
    for row in told["rows"]:
        numbers = "".join(f" [{number}]" for number in row["races"])
        stale = row["stale_fraction"]
        seen = "-" if stale is None else rough(stale)
        times = [
            _time_of(row[kind], name) for kind in ("read", "write") for name in ("mean", "p99")
        ]
        grades = ", ".join(f"{each['grade']} {claims.MARKS[each['verdict']]}".strip()
                           for each in row["claims"].values())  # fmt: skip
        reads, lines = row["store_reads_per_operation"], row["lines"]
        yield (row["protocol"], row["known"] + numbers, row.get("explored") or NOT_EXPLORED, seen,
               *times,
               "-" if reads is None else f"{reads:.2f}",
               bears_text(row.get("bears"), row.get("bears_at_least")),
               few(row["exposure_writes_max"]),
               "-" if lines is None else str(lines), grades or "-")  # fmt: skip


def _time_of(measured, name):
    """As a ratio; of the baseline as a time."""
    if f"{name}_ns" in measured:
        return duration(measured[f"{name}_ns"])
    return ratio_text(measured[name], name)


def markdown(told):
    """The lines of an answer of as_data()."""
    lines = [f"{told['setting']}.", "", *markdown_table(headings(told), shown(told))]
    lines += ["", told["verdicts"], ""]
    reasons = [*told["because"], *told.get("known_by_exploring", [])]
    lines += [f"- {text}" for text in reasons] + [""] * bool(reasons)
    lines += [f"{number}. {story}" for number, story in enumerate(told["races"], 1)]
    advised = [(each["need"], f"`{each['protocol']}`", each["because"]) for each in told["advice"]]
    lines += ["", *markdown_table(("if you need", "use", "because"), advised)]
    return lines
