# SPDX-License-Identifier: Apache-2.0
"""The jobs of docs/ci.md do what the page says. tests/docs/ci_machine.py tells what is real."""

import json
import re
import xml.etree.ElementTree

import ci_machine
import pytest
import services
import yaml

GITHUB = ".github/workflows/stalemark.yml"
GITLAB = ".gitlab-ci.yml"
OWN = ".github/workflows/cache.yml"
FILES = ci_machine.files_of_page()
OWN_FILES = ci_machine.files_of_page(own=True)
JOBS = {name: yaml.safe_load(text) for name, text in FILES.items() if name.endswith(".yml")}
OWN_JOBS = {name: yaml.safe_load(text) for name, text in OWN_FILES.items() if name.endswith(".yml")}
ACTIONS = {"actions/checkout@v4", "actions/cache@v4", "actions/upload-artifact@v4"}
pytestmark = pytest.mark.xdist_group("ci page")  # They share what takes long to make.


def refused(name, document):
    return (services.github_refuses if "github" in name else services.gitlab_refuses)(document)


def test_the_services_would_take_every_file():
    for jobs in (JOBS, OWN_JOBS):
        assert set(map(bool, jobs)) == {True} and len(jobs) == 2
        assert {name: refused(name, document) for name, document in jobs.items()} == dict.fromkeys(
            jobs, []
        )


WRONG = {
    "an unknown key": (GITHUB, "runs-on:", "run-on:"),
    "a job without a machine": (GITHUB, "    runs-on: ubuntu-latest\n", ""),
    "an event that there is not": (GITHUB, "  pull_request:", "  pull_requests:"),
    "a wrong kind of value": (GITHUB, "timeout-minutes: 60", "timeout-minutes: an hour"),
    "a wrong permission": (GITHUB, "contents: read", "contents: all"),
    "an unknown key of GitLab": (GITLAB, "  rules:", "  rule:"),
    "an artifact that is no list": (
        GITLAB, "    paths:\n      - nightly/\n", "    paths: nightly/\n"),
    "a wrong moment": (GITLAB, "when: always", "when: ever"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "before", "after"), WRONG.values(), ids=WRONG)
def test_a_mistake_in_a_file_is_found(name, before, after):
    assert before in FILES[name]
    assert refused(name, yaml.safe_load(FILES[name].replace(before, after, 1)))


@pytest.fixture(scope="session")
def origin(tmp_path_factory):
    return ci_machine.stalemark(tmp_path_factory.mktemp("origin") / "stalemark")


@pytest.fixture(scope="session")
def project(origin, tmp_path_factory):
    """A project of one's own with what the page adds, and the submodule."""
    folder = tmp_path_factory.mktemp("project") / "shop"
    ci_machine.save(folder, OWN_FILES)
    ci_machine.git(folder, "init", "--quiet", "--initial-branch", "main")
    ci_machine.git(folder, "submodule", "--quiet", "add", str(origin), "stalemark")
    ci_machine.commit(folder, "start")
    return folder


class Outcome:
    """What a job left: its status (of the first command that failed), and its checkout."""

    def __init__(self, status, text, checkout, place):
        self.status = status
        self.text = text
        self.checkout = checkout
        self.place = place
        summary = place / "summary.md"
        self.summary = summary.read_text() if summary.exists() else ""

    def files(self, folder):
        return {path.name for path in (self.checkout / folder).iterdir()}


def clone(origin, place, commit, depth, submodules):
    more = ["--recurse-submodules"] if submodules else []
    more += ["--branch", commit, *depth] if depth else []
    ci_machine.git(place, "clone", "--quiet", *more, f"file://{origin}", "checkout")
    ci_machine.git(place / "checkout", "checkout", "--quiet", "--detach", commit)
    return place / "checkout"


def on_github(document, job, origin, place, commit="main"):
    """Runs a job as GitHub would: of a pull request the commit as it would be merged."""
    steps = document["jobs"][job]["steps"]
    variables = ci_machine.environment(
        place, GITHUB_BASE_REF="main", GITHUB_STEP_SUMMARY=str(place / "summary.md"),
        GIT_TEST_ASSUME_DIFFERENT_OWNER="1",
        **{name: str(value) for name, value in document.get("env", {}).items()},
    )  # fmt: skip
    checkout, status, told = place, 0, ""
    for step in steps:
        assert "run" in step or step["uses"] in ACTIONS
        if step.get("uses", "").startswith("actions/checkout"):
            given = step.get("with", {})
            depth = [] if given.get("fetch-depth") == 0 else ["--depth=1"]
            checkout = clone(origin, place, commit, depth, given.get("submodules"))
        if "run" in step and (status == 0 or step.get("if") == "always()"):
            assert "${{" not in step["run"]  # Somebody else's text would be a command.
            ended = ci_machine.run(step["run"], checkout, variables)
            told += ended.stdout + ended.stderr
            status = status or ended.returncode
    return Outcome(status, told, checkout, place)


def on_gitlab(document, job, origin, place, commit="main", base=""):
    """Runs a job as GitLab would: of a merge request the commit that is proposed."""
    made = {name: str(value) for each in (document, document[job])
            for name, value in each.get("variables", {}).items()}  # fmt: skip
    checkout = clone(origin, place, commit, [] if made.get("GIT_DEPTH") == "0" else ["--depth=1"],
                     made.get("GIT_SUBMODULE_STRATEGY"))  # fmt: skip
    variables = ci_machine.environment(
        place, CI_MERGE_REQUEST_DIFF_BASE_SHA=base, CI_PROJECT_DIR=str(checkout),
        GIT_TEST_ASSUME_DIFFERENT_OWNER="1", **made,
    )  # fmt: skip
    ended = ci_machine.run("\n".join(document[job]["script"]), checkout, variables)
    return Outcome(ended.returncode, ended.stdout + ended.stderr, checkout, place)


@pytest.fixture(scope="session")
def on_pull_request(origin, tmp_path_factory):
    """What GitHub's job says of a harmless proposal."""
    place = tmp_path_factory.mktemp("github")
    return on_github(JOBS[GITHUB], "compare", origin, place, "merged")


@pytest.fixture(scope="session")
def on_merge_request(origin, tmp_path_factory):
    """What GitLab's job says of a proposal that reads the store once more."""
    place, base = tmp_path_factory.mktemp("gitlab"), ci_machine.git(origin, "rev-parse", "start")
    return on_gitlab(JOBS[GITLAB], "compare", origin, place, "planted", base)


def test_a_harmless_proposal_passes(on_pull_request):
    assert on_pull_request.status == 0, on_pull_request.text
    assert "NO REGRESSION" in on_pull_request.text
    told = json.loads((on_pull_request.checkout / "comparison/comparison.json").read_text())
    assert told["status"] == 0
    kinds = {case["kind"] for case in told["cases"]}
    assert kinds == {"virtual", "real", "benchmark"}


def test_the_summary_of_the_pull_request_is_the_table(on_pull_request):
    assert "NO REGRESSION" in on_pull_request.summary


def test_one_more_store_read_fails_the_job_with_1(on_merge_request):
    assert on_merge_request.status == 1, on_merge_request.text
    assert "store.reads" in (on_merge_request.checkout / "comparison/comparison.md").read_text()
    report = on_merge_request.checkout / "comparison/junit.xml"
    failing = xml.etree.ElementTree.parse(report).findall(".//testcase[failure]")
    assert any("store.reads" in case.get("name") for case in failing)


def test_what_the_jobs_keep_exists_afterwards(on_pull_request, on_merge_request):
    steps = {step.get("uses"): step for step in JOBS[GITHUB]["jobs"]["compare"]["steps"]}
    kept = steps["actions/upload-artifact@v4"]
    assert kept["if"] == "always()"
    assert on_pull_request.files(kept["with"]["path"]) == {
        "comparison.md", "comparison.json", "junit.xml"
    }  # fmt: skip
    artifacts = JOBS[GITLAB]["compare"]["artifacts"]
    assert artifacts["when"] == "always"
    for path in [*artifacts["paths"], artifacts["reports"]["junit"]]:
        assert (on_merge_request.checkout / path).exists(), path


def test_the_build_uses_the_cache_that_the_service_keeps(on_pull_request, on_merge_request):
    steps = {step.get("uses"): step for step in JOBS[GITHUB]["jobs"]["compare"]["steps"]}
    kept = {on_pull_request: steps["actions/cache@v4"]["with"]["path"],
            on_merge_request: JOBS[GITLAB]["compare"]["cache"]["paths"][0]}  # fmt: skip
    for outcome, path in kept.items():
        builds = [line for line in ci_machine.called(outcome.place) if "ccache /" in line]
        assert builds == 2 * [f"ccache {outcome.checkout / path.rstrip('/')}"]


def test_a_job_installs_what_it_calls_before_it_does(on_pull_request):
    steps = JOBS[GITHUB]["jobs"]["compare"]["steps"]
    assert re.search(r"install -y .*\bgit\b", steps[0]["run"])  # Else checkout brings no history.
    assert ci_machine.called(on_pull_request.place)[:2] == [
        "apt-get update", "apt-get install -y git ccache"
    ]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [("fetch-depth: 0", "fetch-depth: 1"),
                                               ('"*"', '"/nowhere"')])  # fmt: skip
def test_without_history_or_trust_the_job_fails(origin, tmp_path, before, after):
    assert before in FILES[GITHUB]
    document = yaml.safe_load(FILES[GITHUB].replace(before, after))
    assert on_github(document, "compare", origin, tmp_path, "merged").status == 2


def test_by_hand_simulated_runs_alone_tell_the_same(origin, tmp_path):
    script = FILES["ci/compare"]
    option = "--fail-on processor_time:10"
    instead = re.search(r"`(--strategies none --workloads none)` instead of `([^`]+)`",
                        ci_machine.PAGE.read_text())  # fmt: skip
    assert instead[2] == option and option in script
    found = {}
    for commit in ("harmless", "planted"):
        (tmp_path / commit).mkdir()
        checkout = clone(origin, tmp_path / commit, commit, [], None)
        ci_machine.save(checkout, {"ci/compare": script.replace(option, instead[1])})
        variables = ci_machine.environment(tmp_path / commit)
        ended = ci_machine.run("ci/compare origin/main", checkout, variables)
        found[commit] = ended.returncode
    assert found == {"harmless": 0, "planted": 1}


def test_the_nightly_job_keeps_matrix_and_report(origin, tmp_path):
    outcome = on_github(JOBS[GITHUB], "nightly", origin, tmp_path)
    assert outcome.status == 0, outcome.text
    assert "cache_aside" in outcome.summary
    kept = JOBS[GITHUB]["jobs"]["nightly"]["steps"][-1]["with"]["path"]
    assert {"matrix.md", "report.html", "assumptions", "here"} <= outcome.files(kept)


def test_gitlabs_nightly_job_runs_the_same_and_keeps_the_same():
    runs = [step.get("run") for step in JOBS[GITHUB]["jobs"]["nightly"]["steps"]]
    assert set(JOBS[GITLAB]["nightly"]["script"]) < set(runs)
    kept = JOBS[GITHUB]["jobs"]["nightly"]["steps"][-1]["with"]["path"]
    assert JOBS[GITLAB]["nightly"]["artifacts"]["paths"] == [kept]


def test_each_job_runs_when_the_page_says():
    jobs = JOBS[GITHUB]["jobs"]
    assert set(JOBS[GITHUB][True]) == {"pull_request", "schedule"}
    assert jobs["compare"]["if"] == "github.event_name == 'pull_request'"
    assert jobs["nightly"]["if"] == "github.event_name == 'schedule'"
    jobs = JOBS[GITLAB]
    assert jobs["compare"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    assert jobs["nightly"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}]


def test_a_requirement_that_is_met_passes_on_either_service(project, tmp_path):
    places = [tmp_path / name for name in ("github", "gitlab")]
    for place in places:
        place.mkdir()
    first = on_github(OWN_JOBS[OWN], "requirement", project, places[0])
    assert first.status == 0, first.text
    assert "cache_aside" in first.summary
    second = on_gitlab(OWN_JOBS[GITLAB], "requirement", project, places[1])
    assert second.status == 0, second.text
    (path,) = OWN_JOBS[GITLAB]["requirement"]["artifacts"]["paths"]
    assert "recommendation.md" in second.files(path)


BROKEN = {
    "a TTL beyond the stale age": (
        {"ci/requirement": ("--ttl 2s", "--ttl 8s")}, "stale age"),
    "a broken promise": (
        {"ci/requirement": ("cache_aside --invalidate none --ttl 2s", "write_through --ttl none"),
         "ci/shop.json": ('"keys": 20000,\n  "mix": { "read": 0.95, "write": 0.05 }',
                          '"keys": 50,\n  "mix": { "read": 0.5, "write": 0.5 }')}, ""),
    "more requests than the store can take": (
        {"ci/shop.json": ('"read_p99_max": "20ms"', '"read_p99_max": "1ms"')}, "read p99"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "told"), BROKEN.values(), ids=BROKEN)
def test_a_requirement_that_is_not_met_fails_with_1(project, tmp_path, changes, told):
    checkout = clone(project, tmp_path, "main", [], True)
    for name, (before, after) in changes.items():
        assert before in OWN_FILES[name]
        ci_machine.save(checkout, {name: OWN_FILES[name].replace(before, after)})
    ended = ci_machine.run("ci/requirement", checkout, ci_machine.environment(tmp_path))
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert told in ended.stdout
