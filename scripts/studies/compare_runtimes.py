#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the suite workloads/suites/two_runtimes.json in virtual time and over real threads and
prints what each measured, as a table in Markdown.

Exits with 1 if hit ratio, store reads per operation or stale fraction differ by more than 5% (or,
of shares near 0, by more than 0.005) in each of three tries of the real threads, which a busy
machine delays: a thread that waits for a processor between the store and the cache leaves more
stale. The program is $STALEMARK_BINARY, or else
build/release/stalemark.
"""

import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from stalemark.common import child, command, markdown

SUITE = command.REPOSITORY / "workloads/suites/two_runtimes.json"
TOLERANCE, LEAST = 0.05, 0.005
TRIES = 3


def figures(result):
    read, write = (result["operations"][kind] for kind in ("read", "write"))
    return {
        "hit ratio": result["cache"].get("hit_ratio", 0),
        "store reads per operation": result["store"]["reads"] / (read["count"] + write["count"]),
        "stale fraction": result["consistency"].get("stale_fraction", 0),
    }


def protocol_of(result):
    protocol = result["configuration"]["protocol"]
    return f"`{protocol['strategy']}`, `--invalidate {protocol['invalidate']}`"


def carry_out(runtime, folder):
    """{protocol: result}"""
    words = [command.program(), "suite", SUITE, "--runtime", runtime, "--out", folder]
    ended = child.run(words, shows_progress=True)
    if ended.returncode != 0:
        raise command.Refusal(f"stalemark suite: {ended.stderr.strip()}", 1)
    results = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    return {protocol_of(result): result for result in results}


def differ(virtual, real):
    return abs(virtual - real) > max(TOLERANCE * virtual, LEAST)


def main():
    command.Parser(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        virtual = carry_out("virtual", folder / "virtual")
        for number in range(TRIES):
            real = carry_out("threads", folder / f"threads{number}")
            rows = [(protocol, name, value, figures(real[protocol])[name])
                    for protocol, result in virtual.items()
                    for name, value in figures(result).items()]  # fmt: skip
            wrong = sum(differ(value, measured) for _, _, value, measured in rows)
            if not wrong:
                break
    head = ("protocol", "figure", "virtual time", "real threads")
    shown = [(*names, f"{value:.4f}", f"{measured:.4f}") for *names, value, measured in rows]
    print("\n".join(markdown.table(head, shown, figures=(2, 3))))
    if wrong:
        raise command.Refusal(f"{wrong} figures differ in each of {TRIES} tries", 1)


if __name__ == "__main__":
    command.run(main)
