# SPDX-License-Identifier: Apache-2.0
"""Puts the report's page together: one file that holds its data, its pictures and their scripts."""

import base64
import hashlib
import pathlib

import jinja2

from stalemark.common import command
from stalemark.matrix import answer_markdown, matrix_text
from stalemark.report import all_workloads, appearance, curves, in_short, promises, table, trust

HERE = pathlib.Path(__file__).resolve().parent
PARTS = HERE / "web"
LIBRARY = command.REPOSITORY / "scripts/stalemark/report/vendor/echarts.min.js"
# Of Apache ECharts 6.1.0, dist/echarts.min.js of the package on the npm registry.
LIBRARY_SHA256 = "b66b25aeb4df84e33199dc21694014d336d222cbd9deb0e5a7c14bd6aa0d0fd0"
SCRIPTS = ("words.js", "theme.js", "choice.js", "matrix.js", "axes.js", "picks.js", "trade_off.js",
           "percentiles.js", "outcomes.js", "panels.js", "heat_map.js", "ranges.js", "figure.js",
           "page.js")  # fmt: skip
STYLES = ("style.css", "cards.css", "pictures.css")
PICTURES = {  # Of one workload, by kind: the heading, and what a reader should know.
    "trade_off": (
        "Stale age against read p99",
        "How far out of date the worst read was, against the time that 99% of the reads did not"
        " exceed: down and to the left is better, and nothing beats what the line joins. Hollow: no"
        " read was stale. Whiskers: least and most of the repetitions.",
    ),
    "percentiles": (
        "Read latency by percentile",
        "All repetitions together; a line ends where fewer than ten reads are left, or those that"
        " were never answered. Whiskers: least and most of the repetitions at that percentile.",
    ),
    "outcomes": (
        "Hit, miss, wait",
        "Where reads were answered from. wait: from another read's load; bypass: from the store,"
        " with no cache in between. Whiskers: least and most hits of the repetitions.",
    ),
    "over_time": (
        "Over time",
        "The first repetition as it went, all on the same axes. Shaded: what went wrong on"
        " purpose.",
    ),
    "herds": (
        "The herd, shield by shield",
        "How many reads of one key were under way at the store at once, in each interval of the"
        " first repetition. A shield is there to keep it at 1.",
    ),
}
BUILDERS = {
    "trade_off": curves.trade_off,
    "percentiles": curves.percentiles,
    "outcomes": curves.outcomes,
    "over_time": curves.over_time,
    "herds": curves.herds,
}


def render(built, groups, predictions=None, recommend=None):
    """The page. `recommend` answers report_recommendations.Recommendation objects for these groups;
    without it the page has no such section."""
    labels = appearance.plainest_first(built["overall"])
    numbers = {label: number for number, label in enumerate(labels)}
    overview, workloads = _pictures(groups, built, numbers, predictions)
    settings = {row["protocol"]: row["settings"] for row in built["overall"]}
    notes = []
    script = _script()
    context = {
        "built": {**built, "answers": list(map(_answer, built["answers"]))},
        "origin": matrix_text.origin(built),
        "answer": in_short.lines(built),
        "trust": trust.of(built, groups),
        "columns": table.COLUMNS,
        "overall": table.rows_of(built["overall"], numbers, notes),
        "promises": promises.rows_of(built["overall"], numbers),
        "promises_lead": promises.lead(built["overall"]),
        "notes": notes,
        "nothing": matrix_text.NOTHING,
        "unanswered": matrix_text.unanswered(built),
        "method": matrix_text.METHOD,
        "thresholds": list(matrix_text.thresholds(built)),
        "counting": matrix_text.counting(),
        "recommendations": list(recommend(groups)) if recommend else [],
        "overview": overview,
        "workloads": [
            {
                "title": told["title"],
                "setting": told["setting"],
                "rows": table.rows_of(told["rows"], numbers),
                "pictures": pictures,
            }
            for told, pictures in zip(built["workloads"], workloads)
        ],
        "evidence": table.evidence(groups, built, numbers),
        "missing": all_workloads.missing(overview, workloads),
        "numbers": numbers,
        "data": {
            "protocols": appearance.described(labels, settings),
            "charts": _data(overview, workloads, groups),
        },
        "style": "".join((PARTS / name).read_text() for name in STYLES),
        "library": _library(),
        "script": script,
    }
    context["hashes"] = [_csp_hash(context["library"]), _csp_hash(script)]
    return _environment().get_template("page.html.j2").render(context)


def _answer(told):
    """With its cells. What was explored has a section of its own, as there is no room for it."""
    rows = [{**row, "explored": None} for row in told["rows"]]
    narrow = {**told, "rows": rows}
    return {**told, "heads": answer_markdown.headings(narrow),
            "shown": list(answer_markdown.shown(narrow))}  # fmt: skip


def _environment():
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PARTS),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}  # The order is ours.
    return environment


def _pictures(groups, built, numbers, predictions):
    """(of all workloads together, of each): [{id, kind, title, caption, found, looks}]. Looks are
    dealt out anew in each workload, so that few protocols look alike."""
    overview = [
        {"id": kind, "kind": kind, "title": title, "caption": caption, "found": found}
        for kind, title, caption, found in all_workloads.pictures(groups, numbers, predictions)
        if found
    ]
    workloads = []
    for place, (group, told) in enumerate(zip(groups, built["workloads"])):
        labels = appearance.plainest_first(told["rows"])
        present = {label: numbers[label] for label in labels}
        looks = dict(zip(present.values(), appearance.looks(labels)))
        pictures = []
        for kind, build in BUILDERS.items():
            if found := build(group, present):
                title, caption = PICTURES[kind]
                pictures.append({"id": f"w{place}-{kind}", "kind": kind, "title": title,
                                 "caption": caption, "found": found, "looks": looks})  # fmt: skip
        workloads.append(pictures)
    return overview, workloads


def _data(overview, workloads, groups):
    """The pictures for the page's scripts."""
    charts = [{**each["found"], "id": each["id"], "kind": each["kind"], "where": "all workloads"}
              for each in overview]  # fmt: skip
    for group, pictures in zip(groups, workloads):
        charts += [{**each["found"], "id": each["id"], "kind": each["kind"], "looks": each["looks"],
                    "where": group.title} for each in pictures]  # fmt: skip
    return charts


def _library():
    """A changed file is refused: what runs in the reader's browser is what was looked at."""
    code = LIBRARY.read_bytes()
    found = hashlib.sha256(code).hexdigest()
    if found != LIBRARY_SHA256:
        raise command.Refusal(f"{LIBRARY}: sha256 {found[:12]}, expected {LIBRARY_SHA256[:12]}")
    return _inline(code.decode())


def _script():
    parts = "\n".join((PARTS / name).read_text() for name in SCRIPTS)
    return _inline(f'(() => {{\n"use strict";\n{parts}}})();\n')


def _inline(code):
    if "</script" in code.lower() or "<!--" in code:
        raise ValueError("a script that would end the element it stands in")
    return code


def _csp_hash(code):
    digest = hashlib.sha256(code.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
