# SPDX-License-Identifier: Apache-2.0
"""A comparison for machines: JSON, JUnit XML, and the annotations of GitHub Actions."""

import json
import math
import xml.etree.ElementTree as xml

from stalemark.common.figures import NEVER
from stalemark.compare import comparison_text

ANNOTATIONS = 10  # GitHub shows no more of a kind.
SUMMARY_BYTES = 1 << 20  # GitHub takes no more from a step.
SKIPPED = ("inconclusive", "changed")  # In JUnit's words.
NOT_OF_XML = {number: "?" for number in range(32) if chr(number) not in "\t\n\r"}


def as_json(comparison, status):
    """docs/comparison.md lists the fields; results/comparison.schema.json is that for machines."""
    rows = []
    for row in comparison.rows:
        fields = {name: _finite(name, value) for name, value in vars(row).items()
                  if name != "reach" and value is not None and value != ""}  # fmt: skip
        fields = {name: value for name, value in fields.items() if value is not None}
        rows.append({**fields, "fails": row.fails})
    document = {
        "comparison": 2,
        "status": status,
        "verdict": comparison_text.verdict_line(comparison),
        "alpha": comparison.settings.alpha,
        "count": comparison.count,
        "visible": {metric: _finite(metric, change)
                    for metric, change in comparison.visible().items()},
        "contaminated": comparison.contaminated,
        "notes": comparison.doubts,
        "cases": comparison.cases,
        "rows": rows,
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _finite(name, value):
    """JSON has no infinite numbers: a figure is "never", and a change by it is absent."""
    if isinstance(value, float) and math.isinf(value):
        return NEVER if name in ("base", "head") else None
    return value


def junit(comparison):
    """A test case a gated row, and one a case all of whose figures are equal to the digit."""
    tests = [(row.case, row.metric or "is there", row) for row in comparison.rows if row.is_gated]
    with_rows = {row.case for row in comparison.rows if row.verdict != "new"}
    tests += [(case["case"], "all figures", None) for case in comparison.cases
              if case["case"] not in with_rows]  # fmt: skip
    failures = sum(row is not None and row.fails for _, _, row in tests)
    skipped = sum(row is not None and row.verdict in SKIPPED for _, _, row in tests)
    counts = {"tests": str(len(tests)), "failures": str(failures), "skipped": str(skipped),
              "errors": "0"}  # fmt: skip
    root = xml.Element("testsuites", counts)
    suite = xml.SubElement(root, "testsuite", {"name": "comparison", **counts})
    for case, metric, row in tests:
        names = {"classname": _clean(case), "name": _clean(metric)}
        test = xml.SubElement(suite, "testcase", names)
        if row is not None and row.fails:
            xml.SubElement(test, "failure", {"message": _clean(sentence(row))})
        elif row is not None and row.verdict in SKIPPED:
            xml.SubElement(test, "skipped", {"message": _clean(sentence(row))})
    xml.indent(root)
    return xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _clean(text):
    return text.translate(NOT_OF_XML)


def sentence(row):
    """A row in one line."""
    told = f"{row.verdict}: {row.case}"
    if row.metric:
        told += f", {row.metric}"
    if row.base is not None:
        values = (comparison_text.value(row.metric, value) for value in (row.base, row.head))
        told += f" {' -> '.join(values)}"
    if row.change is not None:
        told += f" ({_percent(row.change)}"
        if row.low is not None:
            told += f", 95% interval {_percent(row.low)} to {_percent(row.high)}"
        told += ")"
    return f"{told}: {row.note}" if row.note else told


def _percent(share):
    return NEVER if share == math.inf else f"{100 * share:+.2f}%"


def annotations(comparison):
    """Lines that GitHub Actions shows beside a change: errors, then warnings, worst first."""
    warned = comparison.undecided + comparison.changed
    for kind, rows in (("error", comparison.failing), ("warning", warned)):
        shown = rows if len(rows) <= ANNOTATIONS else rows[: ANNOTATIONS - 1]
        for row in shown:
            yield f"::{kind} title={_property(row.metric or row.case)}::{_message(sentence(row))}"
        if len(rows) > len(shown):
            yield f"::{kind} title=comparison::and {len(rows) - len(shown)} more"


def _message(text):
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text):
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def summary(text):
    """As much of a Markdown text as a step's summary takes, cut at a line."""
    whole = text.encode()
    if len(whole) <= SUMMARY_BYTES:
        return text
    return whole[:SUMMARY_BYTES].rpartition(b"\n")[0].decode() + "\n"
