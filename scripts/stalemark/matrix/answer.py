# SPDX-License-Identifier: Apache-2.0
"""The answer on one screen: a line per protocol, a column per question, the article's grades with
their marks, and what to use for which need. It fits 100 columns."""

import dataclasses
import math
import textwrap

from stalemark.common import races
from stalemark.common.figures import coarse, duration, few, number_of, percent, rough
from stalemark.matrix import advice, agreement, claims, explored

WIDTH = 100
HEADS = (
    ("", "can a read be stale?", "", "reads", "", "writes", "", "database", "", "unsaved", ""),
    ("", "known", "simulated", "mean", "p99", "mean", "p99", "reads", "bears", "max", "lines"),
)
PLACES = {"consistency": 1, "read": 3, "write": 5, "complexity": 10}  # Of the grades: columns.
BEARS = 8  # The column that is left out where nothing is known of it.
ARTICLE = "  the article"
ADVICE_WIDTHS = (40, 20)


def terminal(group, rows, here=(), caveats=()):
    """Its lines. `here`: agreement.Agreement of what was measured on this machine."""
    numbers = numbered_races(rows)
    table, heads = [cells(row, numbers) for row in rows], HEADS
    if not any(row.bears for row in rows):
        table = [_without(shown, BEARS) for shown in table]
        heads = [_without(head, BEARS) for head in HEADS]
    starts = _starts([heads[1], *table])  # The first head may run on.
    lines = textwrap.wrap(setting_of(group, rows), WIDTH)
    for text in caveats:
        lines += textwrap.wrap(f"! {text}", WIDTH, subsequent_indent="  ")
    lines += [""]
    lines += [_placed(head, starts) for head in heads]
    for row, shown in zip(rows, table):
        lines.append(_placed(shown, starts))
        if row.claims:
            lines.append(_placed(_grades(row), starts))
    lines += ["", *textwrap.wrap(verdicts(rows), WIDTH)]
    for text in [*because(rows), *explored.lines(rows)]:
        lines += textwrap.wrap(text, WIDTH, subsequent_indent="  ")
    for story, number in numbers.items():
        lines += textwrap.wrap(f"[{number}] {story}", WIDTH, subsequent_indent="    ")
    if here:
        lines += textwrap.wrap(agreement.sentence(here), WIDTH, subsequent_indent="  ")
    return lines + ["", *_advice(rows)]


def _advice(rows):
    found = advice.lines(rows)
    first = ADVICE_WIDTHS[0]
    second = max(ADVICE_WIDTHS[1], *(len(each.protocol) for each in found))
    yield f"{'If you need':{first}} {'use':{second}} because"
    for each in found:
        head = f"  {each.need:{first - 2}} {each.protocol:{second}} "
        yield from textwrap.wrap(each.because, WIDTH, initial_indent=head,
                                 subsequent_indent=" " * (first + second + 2))  # fmt: skip
    workload = rows[0].results[0]["configuration"]["workload"]["name"]
    yield f"Another TTL or mix: stalemark suite {workload} --ttl 2s --reads 0.9 --out DIR,"
    yield "then scripts/matrix.py DIR."


def setting_of(group, rows):
    """The system in one sentence."""
    configuration = group.setting
    workload, wires = configuration["workload"], _wires(rows)
    phase = workload.get("phases", [{}])[0]
    facts = [f"{percent(phase['mix']['read'])} reads"] if "mix" in phase else []
    if phase.get("popularity", {}).get("theta"):
        facts.append(f"Zipf {phase['popularity']['theta']:g}")
    if configuration.get("rate"):
        facts.append(f"{configuration['rate']:,.0f} op/s")
    ttl = rows[-1].usual_ttl_ns
    facts.append(f"TTL {duration(ttl)}" if ttl else "no TTL")
    where = f" in deployment {configuration['deployment']}" if "deployment" in configuration else ""
    text = f"{workload['name']}{where}: {', '.join(facts)}"
    if wires.get("cache_latency") or wires.get("store_latency"):
        text += f"; cache {wires.get('cache_latency', '0')} away"
        text += f", database {wires.get('store_latency', '0')}"
        if wires.get("store_servers"):
            text += f", {number_of(wires['store_servers'], 'call')} at once"
    limits = {row.bears.limit_ns for row in rows if row.bears}
    if limits:
        text += "; bears: the load, relative to no_cache, at which the p99 passes"
        text += f" {duration(max(limits))}"
    seeds = {len(row.results) for row in rows}
    return f"{text}; {number_of(min(seeds), 'seed')}"


def _wires(rows):
    """Of a protocol with a cache, if there is one: no_cache says nothing of the cache's."""
    cached = [row for row in rows if not row.is_baseline] or rows
    configuration = cached[0].results[0]["configuration"]
    return configuration.get("wires", {})


def cells(row, numbered):
    numbers = ",".join(str(numbered[story]) for story in _stories(row))
    if row.is_baseline:
        shown = ["-" if (value := row.time(kind, name)) is None
                 else duration(value, digits).replace(" ", "")
                 for kind in ("read", "write") for name, digits in (("mean", 3), ("p99", 2))]
    else:
        shown = [ratio_text(row.ratio(kind, name), name) for kind in ("read", "write")
                 for name in ("mean", "p99")]  # fmt: skip
    reads = row.store_reads
    told = explored.beside(known(row), row)
    return (row.label, told + (f" [{numbers}]" if numbers else ""), simulated(row), *shown,
            "-" if reads is None else f"{reads:.2f}",
            bears_text(row.bears and row.bears.ratio, row.bears and row.bears.is_least),
            few(row.exposed),
            str(row.complexity.get("lines", "-")))  # fmt: skip


def ratio_text(ratio, name):
    """A ratio to no_cache: the mean by two decimals, the p99 as finely as ten seeds agree on it."""
    if ratio is None:
        return "-"
    is_fine = name == "mean" or ratio == math.inf or ratio < 0.1
    return advice.times(ratio) if is_fine else f"×{ratio:.1f}"


def bears_text(ratio, is_least=False):
    """The load that the database bears, relative to no_cache, as finely as seeds agree on it."""
    if ratio is None:
        return "-"
    return coarse(ratio, is_least) if ratio else "less"


def known(row):
    """How long a read may be stale by the races that are known."""
    if row.races is None:
        return "not recorded"
    if row.is_never_stale:
        return "never"
    if races.endless(row.races, row.ttl_ns is not None):
        return "for ever"
    bound = row.bound_ns
    return "up to TTL" if bound in (None, row.ttl_ns) else f"up to {duration(bound)}"


def simulated(row):
    """The share of stale reads, as finely as ten seeds agree on it: races come in clusters."""
    return "-" if row.stale is None else rough(row.stale)


def _starts(table):
    """Where each column begins; an empty one takes no place."""
    found, start = [], 0
    for column in zip(*table):
        found.append(start)
        width = max(map(len, column))
        start += width + 1 if width else 0
    return found


def _without(cells, place):
    return (*cells[:place], "", *cells[place + 1 :])


def _placed(cells, starts):
    line = ""
    for cell, start in zip(cells, starts):
        if cell:
            line = line.ljust(start) + (" " if line and len(line) >= start else "") + cell
    return line


def _grades(row):
    found = [ARTICLE] + [""] * 10
    for aspect, place in PLACES.items():
        if told := row.claims.get(aspect):
            found[place] = f"{told['grade']} {claims.MARKS[told['verdict']]}".strip()
    return found


def verdicts(rows):
    found = [told["verdict"] for row in rows for told in row.claims.values()]
    words = {claims.HOLDS: ("holds ✓", "hold ✓"), claims.REFUTED: ("is refuted ✗", "are refuted ✗"),
             claims.DEPENDS: ("depends ~", "depend ~"),
             claims.UNDECIDED: ("is undecided ?", "are undecided ?"),
             claims.NOT_TESTED: ("is not tested -", "are not tested -"),
             claims.FACT: ("of complexity is a fact", "of complexity are facts")}  # fmt: skip
    counts = [f"{count} {texts[count > 1]}" for verdict, texts in words.items()
              if (count := found.count(verdict))]  # fmt: skip
    told = f"{number_of(len(found), 'grade')}, {', '.join(counts)}"
    return f"The article: {told}." if found else ""


def because(rows):
    """Of each grade that depends on something or is not decided: on what, or why; protocols of
    which the same is true together."""
    found = {}
    for row in rows:
        for aspect, told in row.claims.items():
            if told["verdict"] in (claims.DEPENDS, claims.UNDECIDED, claims.NOT_TESTED):
                mark = claims.MARKS[told["verdict"]]
                found.setdefault((mark, told["grade"], told["because"]), []).append(row.label)
    for (mark, grade, text), labels in found.items():
        yield f"{mark} {grade}, {' and '.join(labels)}: {text}"


def _stories(row):
    return [race["story"] for race in row.races_of_reads]


def numbered_races(rows):
    stories = [story for row in rows for story in _stories(row)]
    return {story: number for number, story in enumerate(dict.fromkeys(stories), 1)}


def as_data(group, rows):
    """As matrix.json holds it."""
    numbered = numbered_races(rows)
    return {
        "workload": group.title,
        "setting": setting_of(group, rows),
        "races": list(numbered),
        "rows": [
            {
                "protocol": row.label,
                "known": known(row),
                "races": [numbered[story] for story in _stories(row)],
                "explored": explored.cell(row),
                "stale_fraction": row.stale,
                "stale_age_max_ns": row.stale_age,
                "read": _measured(row, "read"),
                "write": _measured(row, "write"),
                "store_reads_per_operation": row.store_reads,
                "bears": row.bears and row.bears.ratio,
                "bears_at_least": bool(row.bears and row.bears.is_least),
                "exposure_writes_max": row.exposed,
                "lines": row.complexity.get("lines"),
                "claims": row.claims,
            }
            for row in rows
        ],
        "verdicts": verdicts(rows),
        "because": list(because(rows)),
        "known_by_exploring": list(explored.lines(rows)),
        "advice": [dataclasses.asdict(each) for each in advice.lines(rows)],
    }


def _measured(row, kind):
    """Mean and p99 relative to no_cache; of no_cache itself in ns."""
    if not row.is_baseline:
        return {name: row.ratio(kind, name) for name in ("mean", "p99")}
    found = {f"{name}_ns": row.time(kind, name) for name in ("mean", "p99")}
    known = {name: time for name, time in found.items() if time is not None}
    return known or {"mean": None, "p99": None}
