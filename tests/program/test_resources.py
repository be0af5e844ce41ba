# SPDX-License-Identifier: Apache-2.0
"""What a run costs its process, over real threads."""

import json
import os
import subprocess

from places import BINARY

WORDS = ["--store", "memory", "--operations", "2000", "--clients", "1", "--warmup", "0",
         "--quiet"]  # fmt: skip


def run_and_account(tmp_path, *words):
    """The result, and what the operating system says of the process."""
    command = [BINARY, "run", "ycsb_a", *WORDS, *map(str, words), "--out", tmp_path / "r.json"]
    with subprocess.Popen(command) as program:
        _, status, usage = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
    assert program.returncode == 0
    return json.loads((tmp_path / "r.json").read_text()), usage


def test_the_process_uses_no_more_than_the_operating_system_says(tmp_path):
    result, usage = run_and_account(tmp_path, "--keys", 1_000)
    resources = result["resources"]
    assert 0 < resources["cpu_user_ns"] + resources["cpu_system_ns"]
    assert resources["cpu_user_ns"] <= usage.ru_utime * 1e9
    assert resources["cpu_system_ns"] <= usage.ru_stime * 1e9
    most = usage.ru_maxrss * 1_024
    assert most / 4 < resources["resident_bytes_max"] <= most


def test_the_judges_memory_is_the_harnesss_and_grows_with_the_keys(tmp_path):
    small, large = (
        run_and_account(tmp_path, "--keys", keys)[0]["resources"]["harness_bytes"]
        for keys in (1_000, 101_000)
    )
    # Of each key at least 8 bytes tell which write the store has, and 4 where its history is.
    assert large - small >= 12 * 100_000
