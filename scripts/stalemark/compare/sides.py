# SPDX-License-Identifier: Apache-2.0
"""The two sides of a comparison: runs, read from result files, and whether they may be compared."""

import dataclasses
import functools
import pathlib

from stalemark.common import differences, due_operations, files, results
from stalemark.common.command import Refusal
from stalemark.common.differences import canonical
from stalemark.common.results import NOT_COMPARABLE
from stalemark.compare import compared_metrics, google_benchmark
from stalemark.matrix import caveats

BUILD = ("compiler", "flags", "build_type")
MACHINE = ("cpu", "cores", "memory_bytes", "kernel", "governor")
SEED = " seed="  # Ends the title of a simulated run.
FROM_SESSION = ("canary_cpu_ns", "canary_memory_ns")


@dataclasses.dataclass(frozen=True)
class Run:
    """What one process measured of one case."""

    path: pathlib.Path
    kind: str  # "virtual", "real" or "benchmark"
    title: str  # What was run, in a few words: runs of one title are meant to be alike.
    configuration: dict
    noisy: dict
    exact: dict  # Empty where nothing can be expected to repeat.
    session: dict
    commit: str | None = None
    is_dirty: bool = False
    build: dict = dataclasses.field(default_factory=dict)
    machine: dict = dataclasses.field(default_factory=dict)
    libraries: dict = dataclasses.field(default_factory=dict)
    digest: str | None = None
    promise: str | None = None  # Verdict of a real run.
    wrong: dict = dataclasses.field(default_factory=dict)  # Counts that a bug alone explains.
    caveats: tuple = ()  # As caveats.conditions() has them.
    unanswered: tuple = (0, 0)  # Operations that were not answered, of how many.
    has_one_schedule: bool = False  # Of a simulated run.

    @functools.cached_property
    def case(self):
        """Equal for runs that one configuration explains."""
        return canonical([self.kind, self.title, self.configuration])

    @property
    def name(self):
        """The title, without a seed."""
        return self.title.rpartition(SEED)[0] or self.title

    @functools.cached_property
    def family(self):
        """Equal for simulated runs that differ in nothing but their seeds."""
        return canonical([self.kind, self.name, {**self.configuration, "seed": None}])

    @property
    def pair(self):
        """Equal for the two runs of a pair; nothing for one that was not recorded in pairs."""
        if "id" not in self.session or "pair" not in self.session:
            return None
        return self.session["id"], self.session["pair"]

    @property
    def canaries(self):
        """Times of work that no commit changes; none where the run did not take them."""
        return {name: self.session[name] for name in FROM_SESSION if self.session.get(name)}


def load(paths):
    """The runs of these files and folders. In a folder, other JSON files are passed over."""
    ours, runs = [], []
    for path in map(pathlib.Path, paths):
        for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
            data = files.parsed(file)
            if google_benchmark.is_one(data):
                runs += _benchmark_runs(file, data)
            elif not path.is_dir() or (isinstance(data, dict) and "schema" in data):
                ours.append(file)
    if not ours and not runs:
        raise Refusal(
            f"no results in {', '.join(map(str, paths)) or 'nothing'}; expected files of"
            " `stalemark` or Google Benchmark"
        )
    return [_run(each) for each in (results.load(ours) if ours else [])] + runs


def _run(result):
    data = result.data
    if not data["complete"]:
        raise Refusal(f"{result.path}: the run was interrupted; expected complete ones")
    context = data["context"]
    judged = data.get("consistency", {})
    virtual = result.is_simulated
    exact = compared_metrics.exact_of if virtual else compared_metrics.counts_of
    return Run(
        path=result.path,
        kind="virtual" if virtual else "real",
        title=_title(result),
        configuration=data["configuration"],
        noisy={} if virtual else compared_metrics.noisy_of(data),
        exact=exact(data),
        session=data.get("session", {}),
        commit=context.get("commit"),
        is_dirty=context.get("dirty", False),
        build={name: context.get(name) for name in BUILD if not virtual},
        machine={name: context.get(name) for name in MACHINE if not virtual},
        libraries={"rocksdb": context.get("rocksdb"), **context.get("libraries", {})},
        digest=data["workload_digest"],
        promise=None if virtual else data.get("promise", {}).get("verdict"),
        wrong={name: judged[name] for name in ("values_corrupt", "phantom_reads")
               if name in judged},
        caveats=tuple(caveats.conditions(data)),
        unanswered=(due_operations.unanswered(data), due_operations.due(data)),
        has_one_schedule=virtual and compared_metrics.has_one_schedule(data),
    )


def _title(result):
    """Workload, protocol as far as it is unusual, and of a simulated run the seed."""
    protocol = result.protocol
    words = [protocol["strategy"]]
    extras = (protocol.get(name, "none") for name in ("guard", "shield"))
    words += [name for name in extras if name != "none"]
    words += [f"invalidate={protocol['invalidate']}"] if "invalidate" in protocol else []
    name = f"{result.data['configuration']['workload']['name']} {'+'.join(words)}"
    return f"{name}{SEED}{result.data['seed']}" if result.is_simulated else name


def _benchmark_runs(file, data):
    session, context = data.get("session", {}), data["context"]
    for name, values in google_benchmark.runs(file, data).items():
        yield Run(
            path=file,
            kind="benchmark",
            title=name,
            configuration={},
            noisy=values,
            exact={},
            session=session,
            commit=context.get("commit"),
            is_dirty=context.get("dirty") in (True, "true"),
            build=google_benchmark.build(data),
            machine=google_benchmark.machine(data),
        )


def check(base, head, allow_mismatch):
    """Refuses what must not be compared; the doubts that are left, as lines for people."""
    doubts = [*_dirty("BASE", base), *_dirty("HEAD", head)]
    for name, side in (("BASE", base), ("HEAD", head)):
        doubts += _unanswered(name, side)
    named = [(f"{run.title} of {name}", run.caveats)
             for name, side in (("BASE", base), ("HEAD", head)) for run in side]  # fmt: skip
    doubts += caveats.sentences(named)
    for name, side in (("BASE", base), ("HEAD", head)):
        commits = {(run.commit, run.is_dirty) for run in side if run.commit}
        if len(commits) > 1:
            told = ", ".join(sorted(str(commit) for commit, _ in commits))
            raise Refusal(f"{name} holds results of several builds ({told})", NOT_COMPARABLE)
    for what in ("build", "machine"):
        _check_alike(what, base + head, allow_mismatch, doubts)
    for run in base + head:
        if why := _not_for_the_clock(run):
            raise Refusal(f"{run.path}: {why}: its times say nothing of a release", NOT_COMPARABLE)
    if difference := _first_difference([run.libraries for run in base + head if run.libraries]):
        doubts.append(f"libraries differ: {difference}")
    return doubts


def _dirty(name, side):
    if any(run.is_dirty for run in side):
        yield f"{name} was built from sources with uncommitted changes"


def _unanswered(name, side):
    unanswered, due = (sum(run.unanswered[part] for run in side) for part in (0, 1))
    if unanswered:
        yield (f"{name}: {unanswered:,} of {due:,} operations were not answered, and count as"
               " slower than all others")  # fmt: skip


def _check_alike(what, runs, allow_mismatch, doubts):
    for kind in ("real", "benchmark"):
        different = _first_difference([getattr(run, what) for run in runs if run.kind == kind])
        if not different:
            continue
        if not allow_mismatch:
            raise Refusal(f"not of one {what}: {different}", NOT_COMPARABLE)
        doubts.append(f"not of one {what}: {different}")


def _first_difference(objects):
    """Two of them that differ, as "name=value against name=value"; nothing if all agree."""
    unlike = next((each for each in objects if each != objects[0]), None)
    return " against ".join(differences.differences([objects[0], unlike])) if unlike else None


def _not_for_the_clock(run):
    flags = run.build.get("flags") or ""
    if "-fsanitize" in flags:
        return "a build with a sanitizer"
    if run.build.get("build_type") == "Debug" or "-O0" in flags.split():
        return "a debug build"
    return None


def match(base, head, allow_mismatch):
    """Cases of both sides as (title, runs of BASE, runs of HEAD), one of the two lists empty where
    the other side lacks the case; and doubts, where unlike configurations were allowed."""
    doubts, found = [], []
    base, head = _by_case(base), _by_case(head)
    both = [case for case in base if case in head]
    for case in both:
        found.append((base[case], head[case]))
    only_base = [case for case in base if case not in head]
    only_head = [case for case in head if case not in base]
    for case in list(only_base):
        title = base[case][0].title
        partner = next((other for other in only_head if head[other][0].title == title), None)
        if partner is None:
            continue
        told = f"{title}: configurations differ: " + _first_difference(
            [base[case][0].configuration, head[partner][0].configuration]
        )
        if not allow_mismatch:
            raise Refusal(told, NOT_COMPARABLE)
        doubts.append(told)
        found.append((base[case], head[partner]))
        only_base.remove(case)
        only_head.remove(partner)
    for runs, others in found:
        _check_digests(runs, others, allow_mismatch, doubts)
    found += [(base[case], []) for case in only_base] + [([], head[case]) for case in only_head]
    return found, doubts


def _by_case(runs):
    found = {}
    for run in runs:
        found.setdefault(run.case, []).append(run)
    return found


def _check_digests(base, head, allow_mismatch, doubts):
    digests = {run.digest for run in base + head}
    if len(digests) > 1:
        told = f"{base[0].title}: workload_digest differs: they were not given the same operations"
        if not allow_mismatch:
            raise Refusal(told, NOT_COMPARABLE)
        doubts.append(told)
