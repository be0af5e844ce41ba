# SPDX-License-Identifier: Apache-2.0
"""Runs the program as a user does: $STALEMARK_BINARY, or else build/release/stalemark."""

import json
import os
import subprocess
from typing import NamedTuple

import jsonschema
import pytest
from places import BINARY, REPOSITORY
from tiny_workload import TINY

SAFETY_NET_S = 120  # No test depends on it: it ends what hangs.


class Ended(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture(scope="session")
def schema():
    text = (REPOSITORY / "results" / "schema.json").read_text()
    return jsonschema.Draft202012Validator(json.loads(text))


@pytest.fixture(scope="session")
def virtual_suite(tmp_path_factory):
    """The results of `stalemark suite virtual`."""
    out = tmp_path_factory.mktemp("suite") / "virtual"
    subprocess.run([BINARY, "suite", "virtual", "--quiet", "--out", out], check=True)
    return out


@pytest.fixture
def start(tmp_path):
    """Starts the program in the test's folder; answers the process."""

    def start_program(*words, stdout=subprocess.PIPE):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("STALEMARK_")}
        return subprocess.Popen(
            [BINARY, *map(str, words)],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=environment,
        )

    return start_program


@pytest.fixture
def stalemark(start):
    """Runs the program to its end."""

    def run(*words):
        with start(*words) as program:
            out, err = program.communicate(timeout=SAFETY_NET_S)
        return Ended(program.returncode, out, err)

    return run


@pytest.fixture
def write_json(tmp_path):
    """Writes a file into the test's folder; answers its name."""

    def write(name, content):
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / name).write_text(text)
        return name

    return write


@pytest.fixture
def tiny(write_json):
    return write_json("tiny.json", TINY)


@pytest.fixture
def measure(stalemark, tiny, schema):
    """The result of a short run of the tiny workload over the memory store, checked."""

    def run(*words, operations=2_000, store="memory"):
        limit = [] if operations is None else ["--operations", operations]
        ended = stalemark("run", tiny, "--store", store, *limit, "--out", "-", *words)
        assert (ended.status, ended.err) == (0, "")
        result = json.loads(ended.out)
        schema.validate(result)
        return result

    return run


@pytest.fixture
def paced(measure):
    """A simulated run of 10,000 operations in two seconds, nobody in haste."""
    pace = ["--runtime", "virtual", "--rate", 5000, "--duration", "2s", "--cache-size", "1MiB"]

    def run(*words, store="memory"):
        return measure(*pace, *words, operations=None, store=store)

    return run


@pytest.fixture
def small_workloads(write_json):
    """Two of them, one.json and two.json."""
    for name in ("one", "two"):
        mix = {"read": 0.5, "write": 0.5}
        write_json(f"{name}.json", {"caption": name, "keys": 20, "value_size": 32, "mix": mix})


@pytest.fixture
def suite(write_json, small_workloads):
    """Writes a suite of small simulated runs, with changes; answers its name."""

    def write(**changes):
        content = {
            "workloads": ["./one.json"],
            "options": {"runtime": "virtual", "operations": 100, "warmup": "0"},
            "protocols": [{"strategy": "no_cache"}],
            **changes,
        }
        return write_json("suite.json", {k: v for k, v in content.items() if v is not None})

    return write


@pytest.fixture
def refuse(stalemark, tmp_path):
    """Checks that a suite is refused before its first run, with one line."""

    def run(name, *parts):
        ended = stalemark("suite", name, "--out", "results")
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.count("\n") == 1
        assert all(part in ended.err for part in parts), ended.err
        assert not (tmp_path / "results").exists()
        return ended.err

    return run


@pytest.fixture
def carry_out(stalemark, tmp_path):
    """The results of a suite by the names of their files, less the ending, and its messages."""

    def run(name, *words):
        ended = stalemark("suite", name, "--out", "results", *words)
        assert (ended.status, ended.out) == (0, ""), ended.err
        files = sorted((tmp_path / "results").iterdir())
        return {f.name.removesuffix(".json"): json.loads(f.read_text()) for f in files}, ended.err

    return run
