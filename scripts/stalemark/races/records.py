# SPDX-License-Identifier: Apache-2.0
"""What is kept of the runs of a race: results/races.json."""

import json

from stalemark.common import command, files
from stalemark.races import measuring
from stalemark.races.race import command_line
from stalemark.races.table import table

PATH = command.REPOSITORY / "results" / "races.json"
SCHEMA = 1


def rounded(value):
    """Six digits: the last bits of a mean depend on the library."""
    return float(f"{value:.6g}")


def of_rate(rate, options):
    interval = rate.interval()
    return {
        "command": f"stalemark {command_line(options)}",
        "rate": rounded(interval.value),
        "low": rounded(interval.low),
        "high": rounded(interval.high),
        "runs": len(rate.values),
        "judged": rate.judged,
        "price": {name: rounded(value) for name, value in rate.price.items()},
    }


def record(race, rates, schedule, tests):
    """`rates` as measuring.measure() has them, once they are there; `tests`: how many races the
    table has."""
    options = {
        "race": race.options(race.page, race.size),
        "cure": race.cured(race.page, race.size),
    }
    if race.partial:
        options["partial"] = race.cured(race.page, race.size, race.partial)
    predicted = race.predicted(race.page)
    return {
        "name": race.name,
        "parameters": race.page,
        "predicted": rounded(predicted),
        "is_covered": measuring.agrees(rates["race"], predicted),
        "is_covered_with_all": measuring.agrees(rates["race"], predicted, tests),
        "measured": {name: of_rate(rates[name], options[name]) for name in rates},
        "schedule": schedule,
    }


def text(kept):
    told = {"schema": SCHEMA, "confidence": measuring.CONFIDENCE, "races": kept}
    return json.dumps(told, indent=2) + "\n"


def read(path=PATH):
    """{name: record}, one of each race of the table."""
    if not path.is_file():
        raise command.Refusal(f"{path}: no such file; run scripts/studies/races.py")
    found = files.parsed(path)
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise command.Refusal(f"{path}: expected what scripts/studies/races.py writes")
    kept = {each["name"]: each for each in found["races"]}
    expected = [race.name for race in table()]
    if list(kept) != expected:
        raise command.Refusal(f"{path}: has other races than the table; run "
                              "scripts/studies/races.py")  # fmt: skip
    return kept
