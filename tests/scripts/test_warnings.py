# SPDX-License-Identifier: Apache-2.0
"""A compiler's warning is an error under .ci/run, and elsewhere only on request."""

import json
import os
import shutil
import subprocess

import pytest
from conftest import REPOSITORY

ASKS = "STALEMARK_WARNINGS_AS_ERRORS"


def environment(**more):
    return {name: value for name, value in os.environ.items() if name != ASKS} | more


def compiled_with(folder, **more):
    """How the preset of scripts/quickstart and scripts/test compiles each source."""
    subprocess.run(
        ["cmake", "--preset", "release", "-B", folder],
        cwd=REPOSITORY, env=environment(**more), capture_output=True, check=True,
    )  # fmt: skip
    return [unit["command"] for unit in json.loads((folder / "compile_commands.json").read_text())]


def test_a_warning_stops_a_build_only_where_that_was_asked_for(tmp_path):
    asked, not_asked = compiled_with(tmp_path, **{ASKS: "ON"}), compiled_with(tmp_path)
    assert len(asked) == len(not_asked) > 100
    assert all("-Wall" in command and " -Werror" in command for command in asked)
    assert all("-Wall" in command and " -Werror" not in command for command in not_asked)


@pytest.fixture
def empty_repository(tmp_path):
    """.ci/run with scripts that only print whether warnings shall be errors."""
    (tmp_path / ".ci").mkdir()
    (tmp_path / "scripts").mkdir()
    shutil.copy(REPOSITORY / ".ci/run", tmp_path / ".ci")
    for name in ("install", "test"):
        script = tmp_path / "scripts" / name
        script.write_text(f'#!/bin/bash\necho "{name}: ${ASKS}"\n')
        script.chmod(0o755)
    return tmp_path


def test_continuous_integration_asks_for_it(empty_repository):
    outcome = subprocess.run(
        [empty_repository / ".ci/run", "test"],
        env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "test: ON\n" in outcome.stdout
