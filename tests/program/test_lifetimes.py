# SPDX-License-Identifier: Apache-2.0
"""A run that cannot go on ends, with one line that says why."""

import resource
import subprocess

from places import BINARY

SAFETY_NET_S = 60


def test_a_client_that_cannot_be_started_is_told_of(tiny, tmp_path):
    words = ["run", tiny, "--store", "memory", "--clients", "1500", "--rate", "100"]
    done = subprocess.run(
        [BINARY, *words, "--warmup", "0", "--duration", "100ms", "--quiet"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SAFETY_NET_S,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (3_000_000 * 1024,) * 2),
    )
    assert done.returncode == 1
    assert done.stderr.startswith("stalemark: client ")
    assert " of 1500 cannot be started: " in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_temporary_folder_that_is_missing_is_named(tmp_path):
    done = subprocess.run(
        [BINARY, "suite", "--out", "results"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SAFETY_NET_S,
        env={"TMPDIR": "/nonexistent"},
    )
    assert done.returncode == 2
    assert "'/nonexistent'" in done.stderr
    assert "standard output" not in done.stderr
