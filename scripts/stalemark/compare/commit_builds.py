# SPDX-License-Identifier: Apache-2.0
"""Builds commits of this repository, each in a worktree in a temporary folder of ours.

The user's checkout is not touched, and worktrees and folder are gone when the work is, however it
ends. Where the temporary folder is, is $TMPDIR's to say.
"""

import contextlib
import dataclasses
import os
import pathlib
import shutil
import subprocess
import tempfile

from stalemark.common import child, progress
from stalemark.common.command import Refusal

BENCH = "strategy_bench"


@dataclasses.dataclass(frozen=True)
class Build:
    """Programs of one commit; `bench` is absent where the commit has none."""

    commit: str
    folder: pathlib.Path
    is_dirty: bool = False

    @property
    def stalemark(self):
        return self.folder / "build/release/stalemark"

    @property
    def bench(self):
        path = self.folder / "build/release" / BENCH
        return path if path.exists() else None

    @property
    def workloads(self):
        return self.folder / "workloads"


def commit_of(repository, name):
    """The full number of a commit that is named somehow."""
    found = _git(repository, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    if found.returncode != 0:
        raise Refusal(f"{name}: no commit of {repository}; expected a branch, tag or number")
    return found.stdout.strip()


def has_changes(repository):
    return bool(_git(repository, "status", "--porcelain", "--untracked-files=no").stdout)


def _git(repository, *words):
    return subprocess.run(["git", "-C", repository, *words], capture_output=True, text=True)


@contextlib.contextmanager
def folder(prefix="stalemark-commits-"):
    place = pathlib.Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def worktree(repository, commit, place):
    """A checkout of the commit at `place`, which must not exist yet."""
    made = _git(repository, "worktree", "add", "--quiet", "--detach", place, commit)
    try:
        if made.returncode != 0:
            raise Refusal(f"git worktree add: {made.stderr.strip()}")
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        _git(repository, "worktree", "prune")


def build(source, commit, is_dirty=False):
    """Builds what a comparison needs of the sources there."""
    targets = ["stalemark"]
    if (source / "bench" / f"{BENCH}.cc").exists():
        targets.append(BENCH)
    for words in (
        ["cmake", "--preset", "release"],
        ["cmake", "--build", "--preset", "release", "--target", *targets],
    ):
        with progress.Bar(f"building {commit[:12]}", 1) as bar:
            environment = {**os.environ, "NINJA_STATUS": "[%f/%t] "}
            ended = child.run(words, hear=bar.hear, cwd=source, env=environment)
        if ended.returncode != 0:
            last = "\n".join(ended.stdout.splitlines()[-20:])
            raise Refusal(f"{commit[:12]} does not build: {' '.join(words)}:\n{last}")
    return Build(commit, source, is_dirty)


@contextlib.contextmanager
def worktrees(repository, commits, place):
    """{side: Build} of {side: commit}; one commit on both sides is built once."""
    with contextlib.ExitStack() as stack:
        built = {}
        for commit in dict.fromkeys(commits.values()):
            source = stack.enter_context(worktree(repository, commit, place / commit[:12]))
            built[commit] = build(source, commit)
        yield {side: built[commit] for side, commit in commits.items()}
