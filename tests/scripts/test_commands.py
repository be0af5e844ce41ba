# SPDX-License-Identifier: Apache-2.0
"""The shell scripts: usage, and that a second call finds nothing to do."""

import itertools
import os
import re
import shutil
import subprocess

import pytest
from conftest import REPOSITORY, SCRIPTS

SHELL = [SCRIPTS / name for name in ("install", "quickstart", "test")]
SHELL += [REPOSITORY / ".ci" / name for name in ("run", "debian13")]
WITH_HELP = [SCRIPTS / name for name in ("bench", "quickstart", "test")]
WITH_HELP += [REPOSITORY / ".ci/debian13"]


@pytest.mark.parametrize("path", SHELL, ids=lambda path: path.name)
def test_it_parses_stops_at_the_first_failure_and_can_be_run(path):
    subprocess.run(["bash", "-n", path], check=True)
    assert "set -euo pipefail" in path.read_text()
    assert path.stat().st_mode & 0o111


@pytest.mark.parametrize("path", SHELL, ids=lambda path: path.name)
def test_a_wrong_argument_is_refused_in_one_line_from_any_directory(path, tmp_path):
    outcome = subprocess.run(
        [path, "--no-such"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 2
    assert len(outcome.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", WITH_HELP, ids=lambda path: path.name)
def test_help_is_the_comment_at_the_head(path):
    printed = subprocess.run([path, "--help"], capture_output=True, text=True, check=True).stdout
    _, _, *head = itertools.takewhile(lambda line: line[0] == "#", path.read_text().splitlines())
    assert printed.splitlines() == [line[2:] for line in head]


def packages():
    return re.findall(r"^([a-z0-9+.-]+) +#", (SCRIPTS / "packages.txt").read_text(), re.MULTILINE)


def test_every_package_says_what_it_saves():
    lines = (SCRIPTS / "packages.txt").read_text().splitlines()
    named = [line for line in lines if line and line[0] not in "#["]
    assert len(packages()) == len(named) == len(set(packages()))


@pytest.fixture
def fake_machine(tmp_path):
    """A copy of scripts/install on a machine whose package tools only write down what they do."""
    shutil.copy(SCRIPTS / "install", tmp_path)
    shutil.copy(SCRIPTS / "packages.txt", tmp_path)
    tools = tmp_path / "bin"
    tools.mkdir()
    present = tmp_path / "present"
    present.write_text("")
    log = tmp_path / "log"
    for name, body in {
        "dpkg-query": f'grep -qxF -- "${{@: -1}}" {present} && echo -n "install ok installed"',
        "apt-get": f'echo "$@" >> {log}',
        "id": "echo 0",
    }.items():
        (tools / name).write_text(f"#!/bin/bash\n{body}\n")
        (tools / name).chmod(0o755)

    def install(section):
        log.write_text("")
        environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
        subprocess.run([tmp_path / "install", section], env=environment, check=True)
        return log.read_text()

    return install, present


def test_what_is_missing_is_installed_and_nothing_else(fake_machine):
    install, present = fake_machine
    everything = install("ci")
    assert everything.startswith("update")
    for package in packages():
        assert f" {package}" in everything

    present.write_text("\n".join(packages()) + "\n")
    assert install("ci") == ""

    present.write_text("\n".join(set(packages()) - {"ninja-build"}) + "\n")
    assert install("quickstart").splitlines()[1].split()[-1] == "ninja-build"


def test_a_section_needs_those_above_it_and_no_others(fake_machine):
    install, _ = fake_machine
    few, more, all_of_them = (install(section) for section in ("quickstart", "test", "ci"))
    assert "librocksdb-dev" in few and "python3-pytest" not in few and "clang-19" not in few
    assert "librocksdb-dev" in more and "python3-pytest" in more and "clang-19" not in more
    assert "clang-19" in all_of_them


def test_the_tests_of_a_change_include_all_that_scripts_test_runs():
    assert "scripts/test" in (REPOSITORY / ".ci" / "run").read_text()
    for name in ("check_layers.py", "check_text.py", "check_headers.py", "ctest", "pytest"):
        assert name in (SCRIPTS / "test").read_text()


@pytest.fixture
def quickstart(tmp_path):
    """A copy of scripts/quickstart whose parts only write down how they were called."""
    scripts, program = tmp_path / "scripts", tmp_path / "build" / "release"
    scripts.mkdir()
    program.mkdir(parents=True)
    for name in ("quickstart", "progress.py"):
        shutil.copy(SCRIPTS / name, scripts)
    shutil.copytree(SCRIPTS / "stalemark", scripts / "stalemark")
    log = tmp_path / "log"
    note = f'#!/bin/bash\necho "${{0##*/}} $*" >> {log}\n'
    for path in (scripts / "install", scripts / "capacity.py", scripts / "matrix.py",
                 scripts / "report.py", tmp_path / "cmake"):  # fmt: skip
        path.write_text(note)
        path.chmod(0o755)
    with open(tmp_path / "cmake", "a") as builds:
        builds.write('[[ $1 != --build ]] || printf "[1/2] a\\nwarning: b\\n[2/2] c\\n"\n')
    makes = 'for out; do :; done; mkdir -p "$out"; echo new > "$out/new.json"\n'
    (program / "stalemark").write_text(note + makes)
    (program / "stalemark").chmod(0o755)

    def run(*arguments, cwd=tmp_path):
        environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
        log.write_text("")
        outcome = subprocess.run(
            [scripts / "quickstart", *arguments],
            cwd=cwd, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert outcome.stderr.count("\n") <= 1  # Where earlier results have gone.
        return outcome.stdout, log.read_text()

    return run


def test_quickstart_ends_with_the_paths_of_what_it_made(quickstart, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    printed, log = quickstart("--out", "here", cwd=tmp_path / "elsewhere")
    out = tmp_path / "elsewhere" / "here"
    assert printed.splitlines()[-2:] == [f"{out}/matrix.md", f"{out}/report.html"]
    for suite, folder in (("service", out), ("assumptions", out / "assumptions"),
                          ("here", out / "here")):  # fmt: skip
        assert f"stalemark suite {suite} --out {folder}\n" in log
    assert f"capacity.py {out} --out {out}/capacity.json\n" in log
    given = f"--assumptions {out}/assumptions --capacity {out}/capacity.json"
    assert f"matrix.py {out} {given} --here {out}/here --out {out}\n" in log
    assert f"report.py {out} {given}" in log
    assert log.splitlines()[0] == "install quickstart"
    assert printed.splitlines()[0] == "warning: b"
    assert "[1/2]" not in printed


def test_quickstart_never_deletes_earlier_results(quickstart, tmp_path):
    results = tmp_path / "results" / "quickstart"
    quickstart()
    (results / "old.json").write_text("old")
    quickstart()
    assert sorted(path.name for path in results.iterdir()) == ["assumptions", "here", "new.json"]
    kept = [path for path in results.parent.iterdir() if path != results]
    assert len(kept) == 1
    assert (kept[0] / "old.json").read_text() == "old"
