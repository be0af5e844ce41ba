# SPDX-License-Identifier: Apache-2.0
"""`cmake --install`: the copy stands alone, wherever it is moved to."""

import json
import re
import shutil
import subprocess
import sys

import pytest
from places import BINARY, REPOSITORY
from installation import Installation, files_in, installed
from shells import Shell
from tiny_workload import TINY

sys.path.insert(0, str(REPOSITORY / "scripts"))
from stalemark.matrix import complexity

SHORT = ["--runtime", "virtual", "--operations", 2000, "--keys", 500, "--warmup", 0]
pytestmark = pytest.mark.xdist_group("installation")  # They share what takes long to make.


@pytest.fixture(scope="session")
def copy(tmp_path_factory):
    """Installed, then moved, with a workload that is nowhere else."""
    folder = tmp_path_factory.mktemp("install")
    installed(folder / "first")
    (folder / "first").rename(folder / "moved here")
    moved = Installation(folder / "moved here", folder / "elsewhere")
    (moved.share / "workloads/only_here.json").write_text(json.dumps(TINY))
    return moved


@pytest.fixture(scope="session")
def measured(copy):
    """A folder of results of the copy."""
    for strategy in ("no_cache", "cache_aside"):
        for seed in (1, 2, 3):
            copy.stalemark("run", "user_profile", "--strategy", strategy, "--seed", seed, *SHORT,
                           "--out", f"{strategy}.{seed}.json", "--quiet")  # fmt: skip
    results = copy.place / "results"
    results.mkdir()
    for path in copy.place.glob("*.json"):
        path.rename(results / path.name)
    return results


def test_the_workloads_are_those_that_were_installed(copy):
    listed = json.loads(copy.stalemark("list", "workloads", "--json"))["workloads"]
    ours = {path.stem for path in (REPOSITORY / "workloads").glob("*.json")}
    assert {entry["name"] for entry in listed} == ours | {"only_here"}
    assert "operations" in copy.stalemark("run", "only_here", *SHORT)
    assert "embedded" in copy.stalemark("list", "suites")


def test_nothing_of_the_clone_is_needed(copy, tmp_path):
    """Without its own workloads the program falls back on the clone's: the folder decides."""
    shutil.copytree(copy.prefix, tmp_path / "bare")
    shutil.rmtree(tmp_path / "bare/share/stalemark/workloads")
    bare = Installation(tmp_path / "bare", tmp_path / "place")
    assert "only_here" not in bare.stalemark("list", "workloads")
    (bare.share / "workloads").mkdir()
    assert bare.stalemark("list", "workloads").split() == ["workloads"]


def test_a_run_is_the_same_as_in_the_build_folder(copy, tmp_path):
    line = ["run", "ycsb_a", *map(str, SHORT), "--quiet", "--out", "-"]
    built = subprocess.run(
        [BINARY, *line], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert copy.stalemark(*line) == built.stdout


def test_scripts_work_without_a_clone(copy, measured):
    assert "cache_aside" in copy.run("matrix.py", measured)
    copy.run("report.py", measured, "--out", measured)
    assert "<table" in (measured / "report.html").read_text()
    assert "cache_aside" in copy.run("recommend.py", measured, "--read-p99", "1m")
    copy.run("export.py", measured / "no_cache.1.json", "--hgrm", "plots")
    assert "Value" in (copy.place / "plots/user_profile.no_cache.read.hgrm").read_text()
    assert "NO REGRESSION" in copy.run("compare.py", measured, "--", measured)


def test_scripts_that_run_the_program_find_the_installed_one(copy):
    """There is no other: no build folder, and none on PATH."""
    printed = copy.run("predictions.py", "--only", "no shield, lambda delta = 10", "--seeds", "1-2")
    assert "inside" in printed
    copy.run("predictions.py", "--page", status=2)


def test_complexity_is_counted_as_in_the_clone(copy):
    assert json.loads(copy.run("complexity.py")) == complexity.count(REPOSITORY)
    names = {name for name in files_in(copy.share / "src") if name.startswith("strategies/")}
    ours = (REPOSITORY / "src/strategies").iterdir()
    assert names == {f"strategies/{path.name}" for path in ours}


def test_every_installed_script_starts(copy):
    scripts = copy.share / "scripts"
    started = [path for path in scripts.glob("*.py") if path.stat().st_mode & 0o111]
    names = {path.name for path in started}
    assert {"matrix.py", "report.py", "recommend.py", "compare.py", "export.py"} <= names
    assert not {"check_text.py", "eighty_percent.py", "bench_commits"} & names
    for path in started:
        assert "usage" in copy.run(path.name, "--help")
    for path in scripts.rglob("*.py"):
        for package, names in re.findall(r"^from (stalemark\.\w+) import (.+)", path.read_text(),
                                         re.MULTILINE):  # fmt: skip
            folder = scripts / package.replace(".", "/")
            for name in re.findall(r"\w+", re.sub(r" as \w+|#.*", "", names)):
                assert (folder / f"{name}.py").exists(), (path, name)


def test_the_program_names_no_place_to_load_libraries_from(copy):
    """Neither RPATH nor RUNPATH, which would be the build machine's."""
    told = subprocess.run(
        ["readelf", "-d", copy.program], capture_output=True, text=True, check=True
    ).stdout
    assert "NEEDED" in told
    assert not re.search(r"R(UN)?PATH", told)


def test_installed_completion_and_man_page_are_found(copy, tmp_path):
    share = copy.prefix / "share"
    bash = Shell("bash", copy.program, tmp_path,
                 installed=share / "bash-completion/completions/stalemark")  # fmt: skip
    assert bash.accepted("stalemark run only_h") == ["run", "only_here"]
    zsh = Shell("zsh", copy.program, tmp_path, installed=share / "zsh/site-functions/_stalemark")
    assert zsh.accepted("stalemark run only_h") == ["run", "only_here"]
    shown = subprocess.run(
        ["man", "-M", share / "man", "stalemark"], capture_output=True, text=True, check=True,
        env={"PATH": "/usr/bin:/bin", "MANPAGER": "cat", "MANWIDTH": "80"},
    ).stdout  # fmt: skip
    assert "EXIT STATUS" in shown
    assert (share / "doc/stalemark/docs/install.md").is_file()
    assert "Apache ECharts" in (share / "doc/stalemark/copyright").read_text()
    licence = (share / "doc/stalemark/LICENSE").read_text()
    assert licence == (REPOSITORY / "LICENSE").read_text()


def test_a_stripped_copy_is_smaller_and_works(copy, tmp_path):
    installed(tmp_path / "stripped", "--strip")
    small = Installation(tmp_path / "stripped", tmp_path / "place")
    assert small.program.stat().st_size < copy.program.stat().st_size
    assert small.stalemark("--version") == copy.stalemark("--version")
