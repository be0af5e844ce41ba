# SPDX-License-Identifier: Apache-2.0
"""Where the commands of a page are run."""

import os
import shutil
import subprocess

import pages
import pytest

SUITE = """{
  "caption": "Something to read for the scripts", "repetitions": 2,
  "workloads": ["ycsb_a", "user_profile"],
  "options": {"duration": "50ms", "warmup": "0", "keys": 2000},
  "protocols": [{"strategy": "no_cache"}, {"strategy": "cache_aside"}]
}"""


@pytest.fixture
def place(tmp_path):
    """A folder that looks like the top of a built clone, and the environment to run there."""
    for name in ("scripts", "src", ".ci"):
        (tmp_path / name).symlink_to(pages.REPOSITORY / name)
    shutil.copytree(pages.REPOSITORY / "workloads", tmp_path / "workloads")
    for workload in (tmp_path / "workloads").glob("*.json"):
        workload.write_text(pages.brief_faults(workload.read_text()))
    program = tmp_path / "build/release/stalemark"
    program.parent.mkdir(parents=True)
    program.symlink_to(pages.binary())
    changes = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "STALEMARK_WORKLOADS": str(tmp_path / "workloads"),
    }
    return tmp_path, os.environ | changes


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    """A folder of results, as a suite leaves it."""
    folder = tmp_path_factory.mktemp("suite")
    (folder / "small.json").write_text(SUITE)
    subprocess.run(
        [pages.binary(), "suite", "small.json", "--out", "results", "--quiet"],
        cwd=folder, check=True,
    )  # fmt: skip
    return folder / "results"
