# SPDX-License-Identifier: Apache-2.0
"""In the deployment `service` a protocol with a cache is recommended for every use case that one
can satisfy."""

import json
import subprocess

import pytest
from places import REPOSITORY

pytestmark = pytest.mark.xdist_group("use cases")
SUITE = json.loads((REPOSITORY / "workloads/suites/use_cases.json").read_text())
NEVER_STALE = {"inventory", "session_store"}  # Of each protocol with a cache a race is known.


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """{use case: its recommendation}, after a shorter warm-up than the suite's."""
    from places import BINARY  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("use cases")
    words = ["suite", "use_cases", "--duration", "36s", "--warmup", "10s", "--out", folder]
    subprocess.run([BINARY, *words, "--quiet"], check=True)
    subprocess.run(
        [REPOSITORY / "scripts/recommend.py", folder, "--json", folder / "answers.json"],
        check=True, capture_output=True,
    )  # fmt: skip
    found = json.loads((folder / "answers.json").read_text())
    return {workload: each for each in found for workload in each["workloads"]}


def test_the_suite_has_every_use_case():
    workloads = {each if isinstance(each, str) else each["workload"] for each in SUITE["workloads"]}
    files = {path.stem: json.loads(path.read_text())
             for path in (REPOSITORY / "workloads").glob("*.json")}  # fmt: skip
    assert workloads == {name for name, fields in files.items()
                         if "requirements" in fields and "options" not in fields}  # fmt: skip


def test_a_cache_is_recommended_where_one_qualifies(answers):
    without = {name for name, each in answers.items() if each["best"] == "no_cache"}
    assert without == NEVER_STALE
    assert all(each["best"] for each in answers.values())


def test_old_reads_are_bounded_by_a_ttl_and_not_by_luck(answers):
    assert answers["user_profile"]["best"].endswith("ttl=5s")
    assert answers["url_shortener"]["best"].endswith("ttl=5s")
