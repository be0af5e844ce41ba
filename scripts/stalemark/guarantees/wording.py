# SPDX-License-Identifier: Apache-2.0
"""A Statement in words, from seven letters to a sentence. None is a protocol that was not
explored."""

from stalemark.common.figures import number_of
from stalemark.guarantees.statement import (
    CLASSES, EVERYDAY, FAULTS, GRAVEST_FIRST, NOT_EXPLORED, STALE, TITLES, WHEN,
)  # fmt: skip

NOT_EXPLORED_HERE = (
    "Known by exploring schedules: not explored (results/guarantees.json has none of these)."
)
BREAKS = {  # What a consistency that was promised excludes.
    "linearizable": STALE,
    "bounded_staleness": ("permanent_after_ttl",),
    "eventual": ("permanent_after_ttl",),  # Without a TTL "permanent", too.
    "none": (),
}


def legend(program):
    """Of the columns."""
    return (
        f"Known by exploring schedules of the program {program} on one key: the steps of the"
        " shortest that shows an anomaly, without faults or with an eviction, or a proof that none"
        " does. On the terminal they follow a colon, without which a protocol was not explored."
        " docs/guarantees.md has them."
    )


def compact(statement):
    """The steps of the shortest schedule that breaks linearizability, in seven letters."""
    broken = statement.broken(STALE)
    if broken:
        return str(broken.steps) if broken.fault == "none" else f"evict {broken.steps}"
    return "proved" if statement.is_proved() else "in part"


def short(statement, has_ttl=False):
    """The gravest that is broken, or what is proved."""
    if statement is None:
        return NOT_EXPLORED
    worst = statement.gravest()
    if worst:
        return f"{title(worst.name, has_ttl)}: {number_of(worst.steps, 'step')}"
    text = "linearizable: proved" if statement.is_proved(faults=("none",)) else (
        f"linearizable: none against it in {number_of(statement.schedules(('none',)), 'schedule')}")
    evicted = statement.gravest("eviction")
    if evicted:
        text += f"; if evicted, {title(evicted.name, has_ttl)}: {number_of(evicted.steps, 'step')}"
    return text


def title(name, has_ttl=False):
    if name == "permanent":
        return "stale until TTL" if has_ttl else "stale for ever"
    return "stale for ever" if name == "permanent_after_ttl" else TITLES[name]


def sentence(verdict):
    """Of one that is broken: in how many steps, when, and what the reader sees."""
    when = f" {WHEN[verdict.fault]}" if WHEN[verdict.fault] else ""
    return f"{TITLES[verdict.name]}{when} in {verdict.length}: {verdict.witness}"


def excluded(declared, has_ttl=False):
    """The classes that a promise of a result excludes."""
    promised = declared.split(",")[0].split("(")[0]
    names = BREAKS.get(promised, ())
    if promised == "eventual" and not has_ttl:
        names = (*names, "permanent")
    return names + ("store_older",) * ("durable" in declared)


def broken_promise(statement, declared, has_ttl=False):
    """The verdict that breaks what a result's protocol declares; None if none does."""
    return statement.broken(excluded(declared or statement.declared, has_ttl))


def proof(statement, names=STALE):
    """How much was tried without finding any of these, and what a failure does: for what meets a
    requirement. "" if one of them is broken."""
    if statement.broken(names):
        return ""
    count = number_of(statement.schedules(), "schedule")
    how = "exhaustive" if statement.is_proved(names) else "not exhaustive"
    text = f"no anomaly in {count} of the small program, {how}"
    if statement.broken():  # Of others.
        titles = ", ".join(TITLES[name] for name in CLASSES if name in names)
        text = f"none in {count} of the small program, {how}, of: {titles}"
    failing = statement.broken(names, [each for each in FAULTS if each not in EVERYDAY])
    if failing:
        text += f"; {WHEN[failing.fault]} {TITLES[failing.name]} in {failing.length}"
    return text


def as_data(statement):
    """For matrix.json."""
    if statement is None:
        return None
    return {
        "protocol": statement.protocol,
        "declared": statement.declared,
        "program": statement.program,
        "link": statement.link,
        "without_faults": {name: _as_data(statement.verdict(name)) for name in CLASSES},
        "with_faults": {
            fault: {name: _as_data(each) for name in GRAVEST_FIRST
                    if (each := statement.verdict(name, fault)).is_broken}
            for fault in FAULTS[1:] if statement.schedules((fault,))
        },
    }  # fmt: skip


def _as_data(verdict):
    found = {
        "text": verdict.text,
        "verdict": "broken" if verdict.is_broken else "proved" if verdict.is_proved
                   else "none seen",
        "schedules": verdict.schedules,
        "exhaustive": verdict.is_exhaustive,
    }  # fmt: skip
    if verdict.is_broken:
        found |= {"steps": verdict.steps, "preemptions": verdict.preemptions,
                  "witness": verdict.witness}  # fmt: skip
    return found
