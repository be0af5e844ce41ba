# SPDX-License-Identifier: Apache-2.0
"""Makes the scripts importable and runnable."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPTS = REPOSITORY / "scripts"
FOLDERS = (SCRIPTS, SCRIPTS / "studies", SCRIPTS / "dev")
sys.path[:0] = map(str, FOLDERS)
sys.path.insert(0, str(pathlib.Path(__file__).parent))
os.environ["STALEMARK_GUARANTEES"] = "none"  # No test depends on the table that is kept.


@pytest.fixture
def call():
    """Runs a script as a user does; answers its exit status and what it printed."""

    def run(name, *arguments, **options):
        script = next(folder / name for folder in FOLDERS if (folder / name).exists())
        command = [script, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, **options)

    return run


@pytest.fixture(scope="session")
def driver():
    """One browser for all tests: it takes a while to start."""
    import browser

    started = browser.start()
    yield started
    started.quit()


@pytest.fixture(scope="session")
def page_file(tmp_path_factory):
    """A report with every picture."""
    import rich_results

    folder = tmp_path_factory.mktemp("browser")
    results = rich_results.folder_of(folder / "results")
    subprocess.run([SCRIPTS / "report.py", results, "--out", folder], check=True)
    return folder / "report.html"


@pytest.fixture(scope="session")
def loaded(driver, page_file):
    """The report in the browser, as a reader meets it."""
    import browser

    return browser.Page(driver, page_file)


@pytest.fixture
def data(page_file):
    """What the page's scripts are given."""
    text = page_file.read_text().partition('id="data">')[2].partition("</script>")[0]
    return json.loads(text)


@pytest.fixture
def join(tmp_path):
    """The merged result of these, as if read from files; and what was left out."""
    from stalemark.merge import merge
    from stalemark.common import results

    def read(data, name):
        (tmp_path / name).write_text(json.dumps(data))
        return results.load([tmp_path / name])

    def run(*datas, in_turn=False):
        loaded = [read(data, f"part{number}.json") for number, data in enumerate(datas)]
        merged, notes = merge.merge([each for some in loaded for each in some], in_turn)
        read(merged, "merged.json")  # It is valid.
        return merged, notes

    return run


@pytest.fixture
def made(call, tmp_path):
    """What matrix.py prints of these plans, and what it writes."""
    import simulated_answer
    import synthetic

    def of(plans=simulated_answer.PLANS, bend=None, **options):
        def bent(data):
            simulated_answer.simulate(data)
            if bend:
                bend(data)

        folder = synthetic.suite(tmp_path / "r", plans, bend=bent, **options)
        outcome = call("matrix.py", folder)
        assert outcome.returncode == 0, outcome.stderr
        return outcome.stdout, json.loads((folder / "matrix.json").read_text()), (
            folder / "matrix.md").read_text()  # fmt: skip

    return of
