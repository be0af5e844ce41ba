#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures how often each race happens and whether its cure prevents it, in virtual time.

Writes results/races.json and docs/races.md. Takes about two minutes on two processors.

  --only NAME   this race alone (may be repeated); prints instead of writing
  --check NAME  this race alone; exits with 1 if the measured rate does not agree with its formula,
                if the cure leaves a case, or if results/races.json says something else
  --page        simulates nothing; explores the schedules anew, and writes the page
  --limit S     gives up after so many seconds (default 480)

The program is $STALEMARK_BINARY, or else build/release/stalemark.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from stalemark.common import command, files, progress
from stalemark.races import measuring, page, records, schedules
from stalemark.races.table import named, table

PAGE = command.REPOSITORY / "docs" / "races.md"
LIMIT = 480


def measured(races, limit):
    """A record of each."""
    kept, tests = [], len(table())
    with measuring.Runner(limit) as runner, progress.Bar("races", len(races)) as bar:
        pending = [(race, measuring.measure(race, runner)) for race in races]
        for done, (race, rates) in enumerate(pending, 1):
            schedule = schedules.schedule(race, command.program())
            there = {name: rate() for name, rate in rates.items()}
            kept.append(records.record(race, there, schedule, tests))
            bar.reach(done, race.name)
    return kept


def faults_of(record):
    """What a check complains about."""
    rates = record["measured"]
    if not rates["race"]["rate"]:
        yield "it does not happen"
    if not record["is_covered_with_all"]:
        yield f"measured {rates['race']['rate']:.3g}, predicted {record['predicted']:.3g}"
    if rates["cure"]["rate"]:
        yield f"with its cure the rate is {rates['cure']['rate']:.3g}"
    kept = records.read()[record["name"]]
    if {**kept, "schedule": None} != {**record, "schedule": None}:
        yield "results/races.json says something else; run scripts/studies/races.py"


def show(record):
    rates = record["measured"]
    each = "  ".join(f"{name} {rate['rate']:.4g} [{rate['low']:.4g}, {rate['high']:.4g}]"
                     for name, rate in rates.items())  # fmt: skip
    print(f"{record['name']:<28} predicted {record['predicted']:.4g}  {each}")


def chosen(names):
    unknown = [name for name in names if not named(name)]
    if unknown:
        known = ", ".join(race.name for race in table())
        raise command.Refusal(f"{unknown[0]}: no such race; known: {known}")
    return [named(name) for name in names]


def main():
    parser = command.Parser(__doc__)
    task = parser.add_mutually_exclusive_group()
    task.add_argument("--only", metavar="NAME", action="append")
    task.add_argument("--check", metavar="NAME")
    task.add_argument("--page", action="store_true")
    parser.add_argument("--limit", metavar="S", type=float, default=LIMIT)
    arguments = parser.parse_args()
    if not arguments.limit > 0:
        raise command.Refusal(f"--limit {arguments.limit:g}: expected seconds above 0")
    if arguments.only:
        for record in measured(chosen(arguments.only), arguments.limit):
            show(record)
    elif arguments.check:
        (record,) = measured(chosen([arguments.check]), arguments.limit)
        show(record)
        wrong = "; ".join(faults_of(record))
        if wrong:
            raise command.Refusal(f"{record['name']}: {wrong}", 1)
    else:
        if arguments.page:
            kept = [{**records.read()[race.name],
                     "schedule": schedules.schedule(race, command.program())} for race in table()]
        else:
            kept = measured(table(), arguments.limit)
        files.write(records.PATH, records.text(kept))
        files.write(PAGE, page.generated(records.read()))


if __name__ == "__main__":
    command.run(main)
