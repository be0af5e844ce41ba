# SPDX-License-Identifier: Apache-2.0
"""What .ci/debian13 makes, keeps and leaves alone, with tools that only note their calls."""

import os
import subprocess

import pytest
from conftest import REPOSITORY

TOOLS = {
    "id": "echo 0",
    "apt-get": '[[ $1 != indextargets ]] || echo "http://mirror.example/debian/"',
    "apt-config": """[[ $1 != shell ]] || echo 'http_proxy="http://proxy.example"'
[[ $1 != dump ]] || echo 'Acquire::http::Proxy "http://proxy.example";'""",
    "unshare": """echo "$http_proxy $*" >> "$CALLED"
[[ $* != *debootstrap* ]] || mkdir -p "$STALEMARK_CHROOT/etc/apt/apt.conf.d"
if [[ $* == *debootstrap* && -n $FAILS ]]; then exit 1; fi
[[ $* != *scripts/test ]] || printf '%s\\n' "100% tests passed" "9 passed in 1.0s"
""",
}


@pytest.fixture
def debian13(tmp_path):
    """Runs it; what it printed, how it ended, and the calls that need mounts."""
    for name, body in TOOLS.items():
        (tmp_path / name).write_text(f"#!/bin/bash\n{body}\n")
        (tmp_path / name).chmod(0o755)

    def run(fails=""):
        (tmp_path / "called").write_text("")
        environment = os.environ | {
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "CALLED": str(tmp_path / "called"),
            "STALEMARK_CHROOT": str(tmp_path / "chroot"),
            "FAILS": fails,
        }
        outcome = subprocess.run(
            [REPOSITORY / ".ci/debian13"],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return outcome, (tmp_path / "called").read_text()

    return run


def made(calls):
    return calls.count("debootstrap")


def test_the_machine_is_made_once_from_the_mirror_of_apt_and_kept(debian13, tmp_path):
    outcome, calls = debian13()
    assert outcome.returncode == 0, outcome.stderr
    assert made(calls) == 1
    first = calls.splitlines()[0]
    assert first.startswith("http://proxy.example ")
    assert first.endswith(f"trixie {tmp_path}/chroot http://mirror.example/debian/")
    configured = tmp_path / "chroot/etc/apt/apt.conf.d/90machine"
    assert configured.read_text() == 'Acquire::http::Proxy "http://proxy.example";\n'

    (tmp_path / "chroot/kept").write_text("")
    outcome, calls = debian13()
    assert outcome.returncode == 0 and made(calls) == 0
    assert (tmp_path / "chroot/kept").exists()


def test_both_commands_run_there_and_their_last_lines_are_printed(debian13):
    outcome, calls = debian13()
    assert "STALEMARK_WARNINGS_AS_ERRORS=ON scripts/quickstart\n" in calls
    assert calls.index("scripts/quickstart") < calls.index("scripts/test")
    assert outcome.stdout.endswith("\n100% tests passed\n9 passed in 1.0s\n")


def test_what_was_not_finished_is_made_anew(debian13, tmp_path):
    outcome, calls = debian13(fails="yes")
    assert outcome.returncode != 0 and "scripts/quickstart" not in calls
    (tmp_path / "chroot/half").write_text("")
    outcome, calls = debian13()
    assert outcome.returncode == 0 and made(calls) == 1
    assert not (tmp_path / "chroot/half").exists()


def test_a_folder_that_it_has_not_made_is_left_alone(debian13, tmp_path):
    (tmp_path / "chroot").mkdir()
    (tmp_path / "chroot/mine").write_text("")
    outcome, calls = debian13()
    assert outcome.returncode == 2 and calls == ""
    assert f"{tmp_path}/chroot" in outcome.stderr and outcome.stderr.count("\n") == 1
    assert [path.name for path in (tmp_path / "chroot").iterdir()] == ["mine"]
