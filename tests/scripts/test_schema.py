# SPDX-License-Identifier: Apache-2.0
"""The schema of results, and the page that explains it."""

import copy
import json
import re

import jsonschema
import pytest
from conftest import REPOSITORY
from synthetic import Plan, result, schema_1

SCHEMA = json.loads((REPOSITORY / "results" / "schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def names_in(schema):
    """Every property name that the schema knows."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "properties":
                yield from value
            if key in ("enum",):
                yield from (each for each in value if isinstance(each, str))
            yield from names_in(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from names_in(value)


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", sorted(set(names_in(SCHEMA))))
def test_every_name_is_explained(name):
    page = (REPOSITORY / "docs" / "results.md").read_text()
    assert re.search(rf"`(?:[\w.]+\.)?{re.escape(name)}`", page), f"`{name}` is not in the page"


def test_a_whole_result_is_valid():
    VALIDATOR.validate(result(Plan("cache_aside", stale_reads=2, stale_age_ns=1000)))


def test_an_interrupted_result_may_lack_its_figures():
    data = result(Plan("cache_aside"))
    for name in ("operations", "elapsed_ns", "workload_digest"):
        del data[name]
    assert not VALIDATOR.is_valid(data)
    data["complete"] = False
    VALIDATOR.validate(data)


RACE = {
    "name": "overtaken_fill",
    "story": "A writer overtakes a reader.",
    "breaks": "reads",
    "lasts": "until_ttl",
    "needs": "nothing",
    "clients": 2,
    "steps": 6,
    "test": "Suite.PlaysIt",
}


def test_a_result_may_have_known_races_or_none():
    VALIDATOR.validate(result(Plan("cache_aside")) | {"known_races": []})
    VALIDATOR.validate(result(Plan("cache_aside")) | {"known_races": [RACE]})


BROKEN = {
    "another schema": ("schema", 3),
    "a warm-up that did not end": ("warmup", {"duration_ns": 1, "operations": 1}),
    "an end of the warm-up that is none": (
        "warmup",
        {"duration_ns": 1, "operations": 1, "ended_because": "bored"},
    ),
    "a warm-up that was none and yet stable": (
        "warmup",
        {"duration_ns": 0, "operations": 0, "ended_because": "none", "stable": True},
    ),
    "a share of failures above 1": ("operations", {"read": {"count": 1, "failed_fraction": 2}}),
    "a saturation that is a number": ("schedule", {"completed": 1, "saturated": 1}),
    "an unknown field": ("speed", 1),
    "a negative count": ("store", {"reads": -1}),
    "half a count": ("store", {"reads": 1.5}),
    "a share above 1": ("cache", {"hit_ratio": 1.2}),
    "null for not measured": ("operations_per_second", None),
    "an unknown verdict": ("promise", {"declared": "eventual", "verdict": "perhaps"}),
    "a kept promise with a reason why it was not tested": (
        "promise",
        {"declared": "eventual", "verdict": "kept", "untested_because": "nothing was written"},
    ),
    "a race that breaks what nobody knows": ("known_races", [{**RACE, "breaks": "hopes"}]),
    "a race that lasts as long as nobody knows": ("known_races", [{**RACE, "lasts": "long"}]),
    "a race of no client": ("known_races", [{**RACE, "clients": 0}]),
    "a race without a story": ("known_races", [{**RACE, "story": ""}]),
    "a race whose test has no suite": ("known_races", [{**RACE, "test": "PlaysIt"}]),
    "a race without a name": ("known_races", [{k: v for k, v in RACE.items() if k != "name"}]),
    "an unknown kind of operation": ("operations", {"scan": {"count": 1}}),
    "quantiles without their count": ("schedule", {"slip_ns": {"p50": 1}}),
    "a time without a zone": ("started_at", "2025-01-02T03:04:05"),
    "a visibility without a unit": ("consistency", {"visible_within": {"10": 0.5}}),
    "no strategy": ("configuration", {"workload": {"name": "zipf"}, "protocol": {}}),
}


@pytest.mark.parametrize(("field", "value"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_refused(field, value):
    data = copy.deepcopy(result(Plan("cache_aside")))
    data[field] = value
    assert not VALIDATOR.is_valid(data)


NEW = {
    "warmup": {"duration_ns": 1, "operations": 1, "ended_because": "duration"},
    "operations.read.failed_fraction": 0.0,
    "operations.read.unknown_fraction": 0.0,
    "operations.read.failed_latency_ns": {"count": 0},
    "operations.read.unknown_latency_ns": {"count": 0},
    "schedule.timer_slip_ns": {"count": 0},
    "schedule.clients_busy_max": 4,
    "schedule.saturated": False,
    "consistency.ages_at_least": 0,
    "resources.harness_bytes": 1,
    "known_races": [],
}


@pytest.mark.parametrize(("name", "value"), NEW.items(), ids=NEW)
def test_schema_1_has_no_figure_that_schema_2_added(name, value):
    data = schema_1(result(Plan("cache_aside")))
    data |= {"schedule": {"completed": 1}, "resources": {}}
    VALIDATOR.validate(data)
    *places, last = name.split(".")
    section = data
    for place in places:
        section = section[place]
    section[last] = value
    assert not VALIDATOR.is_valid(data)
    VALIDATOR.validate(data | {"schema": 2})


def test_the_configuration_is_open_for_more_settings():
    data = result(Plan("cache_aside"))
    data["configuration"]["protocol"]["refresh_at"] = 0.8
    data["configuration"]["anything"] = {"else": 1}
    VALIDATOR.validate(data)
