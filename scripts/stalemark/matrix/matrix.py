# SPDX-License-Identifier: Apache-2.0
"""Makes the decision matrix from results: a row per protocol, beside the article's grades.

RESULT is a result file or a folder of them. Writes matrix.md and matrix.json to --out (left out:
to the folder of the first RESULT) and prints the matrix: of simulated results the answer per
workload, on one screen; of measured ones every figure, and with --workloads of every workload, too.
--assumptions are results of the suite `assumptions`: a verdict that one of them turns over depends
on it. --capacity says how much more load the database bears with each protocol. --here are results
of one suite in both runtimes: the answer says whether what was measured on this machine agrees with
what was simulated.

Exit status: 0 done; 1 a read was stale where no known race allows it, which is a bug of Stalemark;
2 wrong usage or input; 4 results that are not comparable (of several sessions, builds, machines or
operation streams). docs/matrix.md explains the figures.
"""

import dataclasses
import json
import math
import sys

from stalemark.common import command, files, results
from stalemark.common.figures import NEVER, NOT_COMPARABLE
from stalemark.guarantees import table_file
from stalemark.guarantees.table_file import NOTHING
from stalemark.matrix import (
    agreement, answer, answer_rows, assumptions, bears, caveats, claims, complexity, matrix_text,
    measures, row_known, sightings,
)  # fmt: skip


def gather(paths):
    """The groups of these files and folders, and how many interrupted runs are not in them."""
    found = results.load(paths)
    complete = [each for each in found if each.data["complete"]]
    if not complete:
        raise command.Refusal("no complete result: every run was interrupted")
    return results.group(complete), len(found) - len(complete)


def build(groups, interrupted=0, answers=(), here=(), known=NOTHING):
    """The matrix as matrix.json holds it. `known`: the Guarantees."""
    members = [each for group in groups for row in group.rows.values() for each in row.values()]
    counted = complexity.count()
    by_label = {}
    for group in groups:
        for label in group.rows:
            by_label.setdefault(label, []).append(part_of(group, label))
    notes = [line for group in groups for line in caveats.of_group(group)]
    if interrupted:
        notes.insert(0, f"{interrupted} interrupted runs are left out")
    if known.note:
        notes.append(known.note)
    return {
        "matrix": 1,
        "results": len(members),
        "sessions": sorted({each.session for each in members if each.session}),
        "context": members[0].data["context"],
        "caveats": notes,
        "answers": [answer.as_data(group, rows) for group, rows in answers],
        "here": [dataclasses.asdict(each) for each in here],
        "overall": [_row(label, by_label[label], counted, _told(answers, groups).get(label), known)
                    for label in order(by_label)],  # fmt: skip
        "workloads": [_workload(group, counted, known) for group in groups],
        "claims": claims.CLAIMS,
        "counted": counted,
    }


def _workload(group, counted, known):
    parts = {label: [part_of(group, label)] for label in group.rows}
    rows = [_row(label, parts[label], counted, known=known) for label in order(parts)]
    return {"title": group.title, "setting": group.setting, "rows": rows}


def part_of(group, label):
    baselines = sorted(
        other
        for other, row in group.rows.items()
        if next(iter(row.values())).protocol["strategy"] == measures.BASELINE
    )
    baseline = group.rows[baselines[0]] if baselines else {}
    return measures.Part(group.title, group.rows[label], baseline)


def order(by_label):
    """The baseline, then the graded strategies as the article lists them, then the others."""
    graded = [measures.BASELINE, *claims.CLAIMS["grades"]]

    def rank(label):
        strategy = _protocol(by_label[label])["strategy"]
        return (graded.index(strategy) if strategy in graded else len(graded), label)

    return sorted(by_label, key=rank)


def _protocol(parts):
    return next(iter(parts[0].results.values())).protocol


def _told(answers, groups):
    """{label: claims} as the answer has them, which knows the assumptions; empty where it is one of
    several workloads."""
    if len(groups) > 1:
        return {}
    return {row.full_label: row.claims for _, rows in answers for row in rows}


def _row(label, parts, counted, told=None, known=NOTHING):
    """`told`: the claims, if they are known already."""
    protocol = _protocol(parts)
    return {
        "protocol": label,
        "settings": protocol,
        **measures.figures_of(parts),
        "complexity": complexity.of_protocol(protocol, counted),
        "claims": claims.judge(protocol["strategy"], parts) if told is None else told,
        "known": row_known.of(parts, known),
    }


def as_json(matrix):
    """JSON has no infinite numbers: what takes for ever is "never"."""
    return json.dumps(_plain(matrix), indent=2, allow_nan=False) + "\n"


def _plain(value):
    if dataclasses.is_dataclass(value):
        value = dataclasses.asdict(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return NOT_COMPARABLE if math.isnan(value) else NEVER
    return value


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("results", nargs="+", metavar="RESULT")
    parser.add_argument("--out", metavar="DIR", help="where matrix.md and matrix.json go")
    parser.add_argument("--workloads", action="store_true", help="print every workload's, too")
    parser.add_argument("--assumptions", metavar="DIR", help="results with other assumptions")
    parser.add_argument("--capacity", metavar="FILE", help="of scripts/capacity.py")
    parser.add_argument("--here", metavar="DIR", help="results of both runtimes on this machine")
    options = parser.parse_args()
    known = table_file.chosen()
    groups, interrupted = gather(options.results)
    answers = answers_of(groups, options.assumptions, options.capacity, known)
    here = agreement.of(results.load([options.here])) if options.here else []
    for line in unanswered(groups, answers):
        print(f"matrix.py: {line}", file=sys.stderr)
    matrix = build(groups, interrupted, answers, here, known)
    folder = files.output_folder(options.out, options.results[0])
    files.write(folder / "matrix.md", matrix_text.markdown(matrix))
    files.write(folder / "matrix.json", as_json(matrix))
    if answers:
        print("\n\n".join(
            "\n".join(answer.terminal(group, rows, here, caveats_of(matrix, group)))
            for group, rows in answers
        ))  # fmt: skip
    if not answers or options.workloads:
        print(matrix_text.terminal(matrix, options.workloads))
    sightings.refuse([run for group in groups for row in group.rows.values()
                      for run in row.values()])  # fmt: skip


def unanswered(groups, answers):
    """A line for each simulated group that has no answer, with the reason."""
    answered = [group.title for group, _ in answers]
    for group in groups:
        strategies = {next(iter(row.values())).protocol["strategy"] for row in group.rows.values()}
        if not next(iter(next(iter(group.rows.values())).values())).is_simulated:
            continue
        if group.title not in answered:
            lacks = "a cache" if strategies == {measures.BASELINE} else measures.BASELINE
            yield f"{group.title}: no answer without results of {lacks}"


def caveats_of(matrix, group):
    """Those of all results and of this group."""
    titles = [each["workload"] for each in matrix["answers"]]
    for line in matrix["caveats"]:
        title = next((title for title in titles if line.startswith(f"{title}: ")), None)
        if title in (None, group.title):
            yield line.removeprefix(f"{title}: ")


def answers_of(groups, assumed=None, capacity=None, known=NOTHING):
    """[(group, its rows)] of the simulated groups that have a baseline. `assumed`: a folder of
    results; `capacity`: a file of scripts/capacity.py; `known`: the Guarantees."""
    counted = complexity.count()
    capacities = bears.Capacities(capacity) if capacity else None
    assumed = results.load([assumed]) if assumed else []
    others = assumptions.variants(assumed)
    found = []
    for group in groups:
        parts = {label: part_of(group, label) for label in group.rows}
        first = next(iter(next(iter(parts.values())).results.values()))
        if not first.is_simulated or not all(part.baseline for part in parts.values()):
            continue
        if all(next(iter(part.results.values())).is_baseline for part in parts.values()):
            continue
        ordered = {label: parts[label] for label in order({k: [v] for k, v in parts.items()})}
        graded = answer_rows.graded(ordered)
        for part in graded.values():
            if not next(iter(part.results.values())).is_baseline:
                assumptions.check_same(part, assumed)
        flips = assumptions.flips_of(graded, others)
        found.append((group, answer_rows.rows_of(
            ordered, counted, flips, capacities.of(group) if capacities else None,
            known)))  # fmt: skip
    return found
