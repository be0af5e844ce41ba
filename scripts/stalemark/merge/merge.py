# SPDX-License-Identifier: Apache-2.0
"""Makes one result of the results of several processes or machines, without loss.

RESULTs are runs of one question: of one build, their configurations equal but for the seed. The
merged result goes to --out FILE and is read wherever a result is. Counts are added up, quantiles
are those of the added histograms, ratios are formed anew; what cannot be told exactly is left out,
and a line on standard error names it. `merged` in it says what the parts were.

The parts are taken to have run side by side: the rate of operations is the sum of theirs, and the
time elapsed the longest. With --in-turn one ran after another: the time is the sum, the rate all
operations by it, and there is no timeline. Merged results can be merged further, with the same
answer as all at once.
"""

import json
import math
import pathlib
import sys

from stalemark.common import command, due_operations, files, results
from stalemark.common.command import Refusal
from stalemark.merge import merged_figures, merged_parts


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("results", nargs="+", metavar="RESULT", help="files, or folders of them")
    parser.add_argument("--out", required=True, metavar="FILE", help="the merged result")
    parser.add_argument("--in-turn", action="store_true", help="the parts ran one after another")
    options = parser.parse_args()
    loaded = results.load(options.results)
    out = pathlib.Path(options.out)
    _check_out(out, [each.path for each in loaded])
    merged, notes = merge(loaded, options.in_turn)
    files.save(out, json.dumps(merged, indent=2) + "\n")
    for name, why in notes.items():
        print(f"left out: {name}: {why}", file=sys.stderr)


def merge(loaded, in_turn=False):
    """The merged result of these, and {figure left out: why}. Raises Refusal."""
    ran = "in_turn" if in_turn else "side_by_side"
    parts = merged_parts.of(loaded, ran)
    merger = merged_figures.Merger({str(each.path): each.data for each in loaded}, in_turn)
    figures = merger.figures(but=merged_parts.NAMES)
    merged = merged_parts.head(loaded, parts)
    merged |= {name: figures.pop(name) for name in ("context", "elapsed_ns") if name in figures}
    rates = [part.get("operations_per_second") for part in parts]
    if None in rates or "elapsed_ns" not in merged or "operations" not in figures:
        merger.leave_out("operations_per_second", "not in every part")
    else:
        rate = math.fsum(rates) if not in_turn else _rate({**merged, **figures})
        merged["operations_per_second"] = rate
    return {**merged, **figures, "merged": {"ran": ran, "parts": parts}}, merger.notes


def _rate(merged):
    """Of what the schema counts."""
    of_schema_1 = merged["schema"] == 1
    counted = (due_operations.ended if of_schema_1 else due_operations.answered)(merged)
    return counted / (merged["elapsed_ns"] / 1e9) if merged["elapsed_ns"] else 0.0


def _check_out(out, inputs):
    """Only what this script made is overwritten, and no part."""
    if not out.exists():
        return
    if out.is_dir():
        raise Refusal(f"--out {out}: is a folder; expected a file name")
    if any(out.samefile(path) for path in inputs):
        raise Refusal(f"--out {out}: is one of the results to be merged; give it another name")
    try:
        found = json.loads(out.read_text())
    except (OSError, ValueError):
        found = None
    if not (isinstance(found, dict) and "schema" in found and "merged" in found):
        raise Refusal(f"--out {out}: holds something else than a merged result; not overwritten")
