# SPDX-License-Identifier: Apache-2.0
"""docs/tutorial.md and docs/tutorial_parts.md, done as they say on one copy of the sources.

Where there is a finished build, only what they change is compiled; otherwise the copy is
built in full, which takes minutes.
"""

import itertools
import json
import os
import re
import shutil
import subprocess

import pages
import pytest

pytestmark = pytest.mark.xdist_group("tutorial")  # They share what takes long to make.
TUTORIALS = [pages.REPOSITORY / f"docs/{name}.md" for name in ("tutorial", "tutorial_parts")]
COPIED = ("src", "tests", "bench", "cmake", "scripts", "docs", "workloads", "results/schema.json")
COPIED += ("CMakeLists.txt", "CMakePresets.json")


def copy_to(folder):
    for name in COPIED:
        source, target = pages.REPOSITORY / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)


def seeded(copy):
    """The environment of a build that takes over objects, if there are any to take."""
    build = pages.binary().parent
    cache = build / "CMakeCache.txt"
    if not cache.is_file() or not re.search(r"^CMAKE_CXX_FLAGS:\w+=$", cache.read_text(), re.M):
        return os.environ
    headers = pages.REPOSITORY.glob("*/**/*.h")
    return {
        **os.environ,
        "CMAKE_CXX_COMPILER_LAUNCHER": str(pages.REPOSITORY / "tests/docs/reuse_object.py"),
        "SEED_BUILD": str(build),
        "SEED_SOURCES": str(pages.REPOSITORY),
        "SEED_COPY": str(copy),
        "SEED_NEWEST": str(max(header.stat().st_mtime for header in headers)),
    }


def apply(kind, file, text):
    """Writes a file, or changes it as a diff without line numbers says."""
    if kind != "diff":
        assert not file.exists(), file
        file.write_text(text)
        return
    assert file.suffix == ".cc", "objects are taken over as if no header in use had changed"
    lines = text.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] in " -")
    after = "".join(line[1:] for line in lines if line[0] in " +")
    old = file.read_text()
    assert old.count(before) == 1, f"{file.name}: expected once:\n{before}"
    file.write_text(old.replace(before, after))


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """What each command printed, and the copy that it was done on."""
    copy = tmp_path_factory.mktemp("tutorial")
    copy_to(copy)
    environment = seeded(copy)

    def run(line, status=0):
        outcome = subprocess.run(
            ["bash", "-c", line], cwd=copy, env=environment, capture_output=True, text=True
        )
        assert outcome.returncode == status, f"{line}\n{outcome.stdout}{outcome.stderr}"
        return outcome.stdout if status == 0 else outcome.stderr

    run("cmake --preset release")
    printed = {}
    for kind, info, text in itertools.chain(*map(pages.blocks, TUTORIALS)):
        if kind == "console" and info == "refused":
            (line,) = pages.commands(text)
            assert run(pages.shortened(line), status=2) in text
        elif kind == "console":
            for line in pages.commands(text):
                printed[line] = run(pages.shortened(line))
        else:
            apply(kind, copy / info.removeprefix("file="), text)
    return printed, copy


def test_the_new_strategy_is_listed(done):
    printed, _ = done
    assert "double_delete" in printed["build/release/stalemark list strategies"]


def test_every_test_that_it_speaks_of_runs_and_passes(done):
    printed, _ = done
    outputs = [text for line, text in printed.items() if "gtest_filter" in line]
    assert len(outputs) == 5
    for output in outputs:
        assert int(re.search(r"\[  PASSED  \] (\d+) tests?", output)[1]) >= 2


def test_the_new_strategy_is_measured_beside_the_others(done):
    printed, _ = done
    summary = next(text for line, text in printed.items() if " run " in line)
    assert "double_delete on ycsb_a" in summary
    matrix = printed["scripts/matrix.py results/double_delete"]
    assert all(name in matrix for name in ("no_cache", "cache_aside", "double_delete"))


def test_what_it_adds_passes_the_checks_of_sources(done):
    _, copy = done
    for name in ("check_text.py", "check_layers.py"):
        outcome = subprocess.run([copy / "scripts" / "dev" / name], capture_output=True, text=True)
        assert outcome.returncode == 0, outcome.stdout


def test_the_page_of_the_strategies_tells_of_it(done):
    _, copy = done
    page = (copy / "docs/strategies.md").read_text()
    assert "## double_delete\n" in page
    assert "`DoubleDeleteKeepsAFillThatAWriteHasOvertaken`" in page


def test_the_new_store_and_cache_are_run(done):
    printed, copy = done
    assert any("store tree" in text for line, text in printed.items() if "--store tree" in line)
    for name in ("lru", "fifo"):
        result = json.loads((copy / f"{name}.json").read_text())
        assert result["configuration"]["cache"]["name"] == name


def test_the_order_of_use_gives_more_hits_than_that_of_the_puts(done):
    _, copy = done
    ratios = {}
    for name in ("lru", "fifo"):
        subprocess.run(
            f"build/release/stalemark run ycsb_b --runtime virtual --keys 2000 --duration 5s "
            f"--cache {name} --out {name}.json",
            shell=True, check=True, cwd=copy, capture_output=True,
        )  # fmt: skip
        ratios[name] = json.loads((copy / f"{name}.json").read_text())["cache"]["hit_ratio"]
    assert ratios["lru"] > ratios["fifo"]
