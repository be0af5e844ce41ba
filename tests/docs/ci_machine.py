# SPDX-License-Identifier: Apache-2.0
"""A machine on which the jobs of docs/ci.md run without network, compiler and patience.

Real: git, the scripts of the page and of the project, the simulated runs and those of
`stalemark suite`. Replaced: apt-get, which only notes that it was called; the build, which puts the
program under test in place; suites, which are small; micro-benchmarks and paired runs, which answer
with the same times every time, so that no test depends on the speed of a machine.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pages

FOLDERS = ("scripts", "scripts/dev", "tests/scripts")
sys.path += [str(pages.REPOSITORY / folder) for folder in FOLDERS]
import two_sides  # noqa: E402

PAGE = pages.REPOSITORY / "docs/ci.md"
MORE = "more_reads"  # A file: so much more often than it does a commit reads the store.
SMALL = {
    "caption": "small", "repetitions": 1, "workloads": ["user_profile"],
    "options": {"keys": 2000, "warmup": "0"},
    "protocols": [{"strategy": "no_cache"}, {"strategy": "cache_aside"}],
}  # fmt: skip
SUITES = {
    # One client and no TTL: then nothing but a change moves a count (docs/comparison.md).
    "virtual": {"runtime": "virtual", "operations": 2000, "clients": 1, "ttl": "none"},
    "quickstart": {"duration": "50ms"},
}
STALEMARK = '''#!/usr/bin/python3 -IS
import json, os, pathlib, subprocess, sys
here, words = pathlib.Path(__file__).resolve().parent.parent.parent, sys.argv[1:]
if words[:2] == ["run", "ycsb_b"]:
    pathlib.Path(words[words.index("--out") + 1]).write_text((here / "real.json").read_text())
    sys.exit()
os.environ.setdefault("STALEMARK_WORKLOADS", str(here / "workloads"))
status = subprocess.run(["{binary}", *words]).returncode
if words[0] == "suite":
    for path in pathlib.Path(words[words.index("--out") + 1]).glob("*.json"):
        data = json.loads(path.read_text())
        data["store"]["reads"] += int((here / "{more}").read_text())
        path.write_text(json.dumps(data))
sys.exit(status)
'''
BENCH = '''#!/bin/bash
for word; do [[ $word == --benchmark_out=* ]] && out=${word#*=}; done
cp "$(dirname "$(realpath "$0")")/../../benchmark.json" "$out"
'''
TOOLS = {
    "apt-get": 'echo "apt-get $*" >> "$CALLED"',
    "ccache": "",
    "cmake": """[[ $1 == --build ]] || exit 0
echo "$CMAKE_CXX_COMPILER_LAUNCHER $CCACHE_DIR" >> "$CALLED"
mkdir -p build/release
cp stalemark.py build/release/stalemark && cp bench.sh build/release/strategy_bench
chmod +x build/release/*""",
}


def files_of_page(*, own=False):
    """{path: text} of what the page tells to save: in Stalemark's repository, or in one's own."""
    found = {}
    for _, info, text in pages.blocks(PAGE):
        path = info.removeprefix("file=")
        is_own = path in ("ci/shop.json", "ci/requirement") or "ci/requirement" in text
        if is_own == own:
            assert path not in found, path
            found[path] = text
    return found


def git(folder, *words):
    who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always"]
    done = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True,
                          text=True)  # fmt: skip
    return done.stdout.strip()


def save(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if text.startswith("#!"):
            path.chmod(0o755)


def commit(folder, tag):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", tag)
    git(folder, "tag", tag)


def stalemark(folder):
    """A repository like Stalemark's, with what the page adds: `start`, and of that two proposals,
    `harmless` and `planted`, which reads the store once more. On main others have saved a read
    meanwhile, which is no fault of a proposal; `merged` is the harmless one with theirs."""
    folder.mkdir()
    for part in ("scripts", "src", "workloads"):
        shutil.copytree(pages.REPOSITORY / part, folder / part,
                        ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
    real = two_sides.simulated()
    del real["virtual"]
    real["configuration"]["runtime"] = "threads"
    real["context"] = {"build_type": "RelWithDebInfo", "cpu": "none"}
    real["resources"] = {"cpu_user_ns": 10_000_000, "cpu_system_ns": 0}
    suites = {
        f"workloads/suites/{name}.json": {**SMALL, "options": SMALL["options"] | options}
        for name, options in SUITES.items()
    }
    data = {**suites, "real.json": real, "benchmark.json": two_sides.benchmark_file([50.0])}
    save(folder, {name: json.dumps(each) for name, each in data.items()})
    save(folder, {
        "results/schema.json": (pages.REPOSITORY / "results/schema.json").read_text(),
        "bench/strategy_bench.cc": "", ".gitignore": "build\n",
        "stalemark.py": STALEMARK.format(binary=pages.binary(), more=MORE), MORE: "1\n",
        "bench.sh": BENCH, **files_of_page(),
    })  # fmt: skip
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "start")
    for name in ("harmless", "planted"):
        git(folder, "checkout", "--quiet", "-b", f"proposal-{name}", "start")
        save(folder, {MORE if name == "planted" else "notes.md": "2\n"})
        commit(folder, name)
    git(folder, "checkout", "--quiet", "main")
    save(folder, {MORE: "0\n"})
    commit(folder, "meanwhile")
    git(folder, "checkout", "--quiet", "--detach", "main")
    git(folder, "merge", "--quiet", "--no-ff", "--message", "merge", "harmless")
    git(folder, "tag", "merged")
    git(folder, "checkout", "--quiet", "main")
    return folder


def environment(folder, **more):
    """Of a job, with the tools that are replaced. Whoever owns the checkout, it is another."""
    tools = folder / "tools"
    if not tools.exists():
        save(tools, {name: f"#!/bin/bash\n{text}\n" for name, text in TOOLS.items()})
    home = folder / "home"
    home.mkdir(exist_ok=True)
    others = ("GIT_", "GITHUB_", "CI_", "STALEMARK_", "CCACHE_", "CMAKE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return {**kept, "PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(home), "CI": "true",
            "CALLED": str(folder / "called"), "PYTHONDONTWRITEBYTECODE": "1", **more}  # fmt: skip


def called(folder):
    path = pathlib.Path(folder / "called")
    return path.read_text().splitlines() if path.exists() else []


def run(script, checkout, variables):
    """As both services do: bash, which ends at the first command that fails."""
    return subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=checkout,
                          env=variables, capture_output=True, text=True)  # fmt: skip
