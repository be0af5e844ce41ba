# SPDX-License-Identifier: Apache-2.0
"""Writes results in the formats of other tools.

RESULT is a result file or a folder of them; interrupted runs are left out. With --csv FILE every
figure of every result becomes a line of a long table: workload, protocol, session, repetition,
seed, figure, value; a yes is 1 and a no 0, and figures that are lists are left out. With --hgrm DIR
each operation of each protocol gets a file in the percentile text of HdrHistogram, in milliseconds,
its repetitions merged: what HdrHistogram's plotters read. It is of the operations that succeeded;
those that failed or whose outcome is unknown have files of their own, NAME.failed and NAME.unknown.
In an open loop there is one more, NAME.since_due, from when each operation was due: with the wait
for a free client.
"""

import collections
import csv
import io
import re
import sys

from stalemark.common import command, differences, due_operations, files, results
from stalemark.export import hgrm

COLUMNS = ("workload", "protocol", "session", "repetition", "seed", "figure", "value")
APART = ("schema", "complete", "seed", "configuration", "context", "histograms", "timeline",
         "command", "merged")  # No figures.  # fmt: skip

# Of files, by the part of a histogram's name.
NAMES = {"": "", "response_ns": ".since_due", "failed": ".failed", "unknown": ".unknown"}


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("results", nargs="+", metavar="RESULT")
    parser.add_argument("--csv", metavar="FILE", help="every figure as a line of a table")
    parser.add_argument("--hgrm", metavar="DIR", help="percentile text, a file an operation")
    options = parser.parse_args()
    if not options.csv and not options.hgrm:
        parser.error("say what to write: --csv FILE, --hgrm DIR or both")
    groups, interrupted = gather(options.results)
    if interrupted:
        runs = "run is" if interrupted == 1 else "runs are"
        print(f"{interrupted} interrupted {runs} left out", file=sys.stderr)
    if options.csv:
        files.save(options.csv, table(groups))
        print(options.csv)
    if options.hgrm:
        folder = files.output_folder(options.hgrm, options.results[0])
        for name, text in percentile_files(groups).items():
            files.save(folder / name, text)
            print(folder / name)


def gather(paths):
    """The groups of each session: nothing is compared here, so several may be in one table."""
    found = results.load(paths)
    sessions = collections.defaultdict(list)
    for each in found:
        if each.data["complete"]:
            sessions[each.session].append(each)
    if not sessions:
        raise command.Refusal("no complete result: every run was interrupted")
    groups = [group for members in sessions.values() for group in results.group(members)]
    return groups, sum(not each.data["complete"] for each in found)


def table(groups):
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for group in groups:
        for label, row in group.rows.items():
            for repetition in sorted(row):
                result = row[repetition]
                place = (group.title, label, result.session or "", repetition, result.data["seed"])
                rows.writerows((*place, name, value) for name, value in figures_of(result.data))
    return text.getvalue()


def figures_of(data):
    """(name, number) of each measured figure, nested as "operations.read.count"; a yes is 1."""
    measured = {name: value for name, value in data.items() if name not in APART}
    if "operations_per_second" in measured:
        measured["operations_per_second"] = due_operations.per_second(data)
    for name, value in differences.flatten(measured).items():
        if isinstance(value, bool):
            yield name, int(value)
        elif isinstance(value, (int, float)):
            yield name, value


def percentile_files(groups):
    """{file name: text}."""
    files = {}
    for group in groups:
        for label, row in group.rows.items():
            texts = collections.defaultdict(list)
            for result in row.values():
                for name, text in result.data.get("histograms", {}).items():
                    operation, _, rest = name.partition(".")
                    is_asked = operation in result.data["operations"] and rest in NAMES
                    if is_asked and text.strip():  # An empty one has nothing to write.
                        texts[operation + NAMES[rest]].append(text)
            for operation, parts in texts.items():
                name = f"{_plain(group.title)}.{_plain(label)}.{_plain(operation)}.hgrm"
                if name in files:
                    raise command.Refusal(f"{name}: two of these results would be in it")
                files[name] = hgrm.text(parts)
    return files


def _plain(text):
    return re.sub(r"[^\w.+=-]+", "_", text)
