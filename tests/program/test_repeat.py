# SPDX-License-Identifier: Apache-2.0
"""Several runs with one command: --repeat."""

import json
import subprocess

from places import REPOSITORY
from tiny_workload import TINY


def test_repeated_runs_write_a_file_each(stalemark, tiny, tmp_path, schema):
    words = ["run", tiny, "--store", "memory", "--operations", 500, "--quiet", "--repeat", 3]
    assert stalemark(*words, "--out", "result.json").status == 0
    files = sorted(path.name for path in tmp_path.glob("result*"))
    assert files == ["result.1.json", "result.2.json", "result.3.json"]
    for name in files:
        schema.validate(json.loads((tmp_path / name).read_text()))


def test_simulated_repetitions_are_those_of_other_seeds(stalemark, tiny, tmp_path):
    words = ["run", tiny, "--runtime", "virtual", "--operations", 500, "--quiet"]
    repeated = stalemark(*words, "--seed=7", "--repeat", 3, "--out", "result.json")
    assert repeated.status == 0
    for number, seed in ((1, 7), (2, 8), (3, 9)):
        alone = tmp_path / f"alone{number}.json"
        assert stalemark(*words, "--seed", seed, "--out", alone).status == 0
        found = json.loads((tmp_path / f"result.{number}.json").read_text())
        assert found["virtual"] == json.loads(alone.read_text())["virtual"]
        assert found["seed"] == seed
        assert found["command"].endswith("--seed=7" if number == 1 else f"--seed {seed}")
        assert "--repeat" not in found["command"]


def test_so_are_those_of_a_workload_that_is_simulated_by_its_own_words(
    stalemark, write_json, tmp_path
):
    name = write_json("simulated.json", {**TINY, "options": {"runtime": "virtual"}})
    words = ["run", name, "--operations", 500, "--seed", 7, "--quiet", "--repeat", 3]
    assert stalemark(*words, "--out", "result.json").status == 0
    found = [json.loads((tmp_path / f"result.{number}.json").read_text()) for number in (1, 2, 3)]
    assert [each["seed"] for each in found] == [7, 8, 9]
    assert len({each["virtual"]["trace_hash"] for each in found}) == 3


def test_real_repetitions_are_of_one_seed(stalemark, tiny, tmp_path):
    words = ["run", tiny, "--store", "memory", "--operations", 500, "--quiet", "--repeat=2"]
    assert stalemark(*words, "--out", "result.json").status == 0
    found = [json.loads((tmp_path / f"result.{number}.json").read_text()) for number in (1, 2)]
    assert found[0]["seed"] == found[1]["seed"]
    assert found[0]["workload_digest"] == found[1]["workload_digest"]
    assert "--repeat" not in found[1]["command"]


def test_real_repetitions_are_a_session_that_scripts_read(stalemark, tiny, tmp_path):
    words = ["run", tiny, "--store", "memory", "--operations", 500, "--quiet"]
    assert stalemark(*words, "--repeat", 3, "--out", "many/result.json").status == 2  # No folder.
    (tmp_path / "many").mkdir()
    assert stalemark(*words, "--repeat", 3, "--out", "many/result.json").status == 0
    found = [json.loads(path.read_text())["session"] for path in sorted(tmp_path.glob("many/*"))]
    assert [each["repetition"] for each in found] == [1, 2, 3]
    assert len({each["id"] for each in found}) == 1
    asked = [REPOSITORY / "scripts/recommend.py", tmp_path / "many", "--lose-at-most", "0"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "take      cache_aside" in answer.stdout
    assert stalemark(*words, "--out", "one.json").status == 0
    assert "session" not in json.loads((tmp_path / "one.json").read_text())
