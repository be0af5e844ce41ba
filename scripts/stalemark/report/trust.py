# SPDX-License-Identifier: Apache-2.0
"""Whether the report's figures can be trusted: how stale reads were checked, how often each run was
repeated, whether the machine was steady, and every caveat."""

import dataclasses

from stalemark.common import intervals
from stalemark.common.figures import number_of, percent, short
from stalemark.matrix import caveats
from stalemark.matrix.measures import BASELINE


@dataclasses.dataclass(frozen=True)
class Fact:
    title: str
    text: str
    is_bad: bool = False


@dataclasses.dataclass(frozen=True)
class Trust:
    conclusion: str
    facts: list[Fact]
    caveats: list[tuple[str, str]]  # As gathered_caveats() answers them.


def of(built, groups):
    facts = [_judge(built), _repetitions(built, groups), _machine(groups)]
    found = gathered_caveats(built)
    return Trust(_conclusion(facts, found), facts, found)


def _conclusion(facts, found):
    if facts[0].is_bad:
        return f"No: {BASELINE} has no cache, so a stale read of it is an error of the measurement."
    if found:
        return f"Only with {'this caveat' if len(found) == 1 else f'these {len(found)} caveats'}."
    return "Nothing was found that speaks against them."


def _judge(built):
    """The reads of the baseline, of which none can be stale."""
    title = "Check of stale reads"
    baseline = [row for row in built["overall"] if row["settings"]["strategy"] == BASELINE]
    checked = sum(row["consistency"].get("reads_checked", 0) for row in baseline)
    stale = sum(row["consistency"].get("stale_reads", 0) for row in baseline)
    if not checked:
        return Fact(title, f"There is none: no read of {BASELINE} was checked.")
    scored = f"{BASELINE} scored {stale:,} stale of {checked:,} reads, and must score 0."
    return Fact(title, scored, stale > 0)


def _repetitions(built, groups):
    is_simulated = _is_simulated(groups)
    fewest, *more = sorted({row["repetitions"] for row in built["overall"]})
    count = number_of(more[-1] if more else fewest, "seed" if is_simulated else "repetition")
    text = f"{f'{fewest} to ' if more else ''}{count} per protocol"
    if fewest < intervals.PAIRS_FOR_STUDENT:
        text += f", and no intervals: they need {intervals.PAIRS_FOR_STUDENT}"
    return Fact("Seeds" if is_simulated else "Repetitions", f"{text}.")


def _is_simulated(groups):
    return all(result.is_simulated for group in groups for row in group.rows.values()
               for result in row.values())  # fmt: skip


def _machine(groups):
    title = "Machine"
    if _is_simulated(groups):
        return Fact(title, "The results are simulated. No machine's speed or load enters them.")
    seen = [caveats.machine_of([result.data for row in group.rows.values()
                                for result in row.values()]) for group in groups]  # fmt: skip
    parts = []
    if canary := _worst(seen, "canary"):
        parts.append(f"its speed changed by up to {percent(canary - 1)} (CPU canary)")
    if (steal := _worst(seen, "steal")) is not None:
        parts.append(f"up to {percent(steal)} of a run's processor time went to others")
    if factor := _worst(seen, "baseline"):
        parts.append(f"{BASELINE} was up to ×{short(factor)} as fast in one repetition as in"
                     " another")  # fmt: skip
    is_steady = all(each.is_steady for each in seen)
    if not is_steady:
        begin = "It was not steady"
    elif all(each.is_recorded for each in seen):
        begin = "It was steady"
    else:
        begin = "Whether it was steady was not recorded for every run"
    return Fact(title, f"{begin}{': ' if parts else ''}{'; '.join(parts)}.", not is_steady)


def _worst(seen, name):
    return max((value for each in seen if (value := getattr(each, name)) is not None), default=None)


def gathered_caveats(built):
    """[(line, for which workloads it holds)]: what several have in common is told once."""
    titles = [workload["title"] for workload in built["workloads"]]
    by_line = {}
    for caveat in built["caveats"]:
        title = next((title for title in titles if caveat.startswith(f"{title}: ")), "")
        by_line.setdefault(caveat.removeprefix(f"{title}: "), []).append(title)
    return [
        (line, "all workloads" if is_everywhere else ", ".join(filter(None, where)))
        for line, where in by_line.items()
        for is_everywhere in [1 < len(titles) == len(where)]
    ]
