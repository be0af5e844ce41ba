# SPDX-License-Identifier: Apache-2.0
"""The commands that the report names for what its results lack make what it lacks."""

import json
import re
import subprocess

import pytest
from places import REPOSITORY

pytestmark = pytest.mark.xdist_group("virtual suite")  # They share what takes long to make.
SCRIPTS = REPOSITORY / "scripts"
SUITES = REPOSITORY / "workloads/suites"


def page_of(results, out):
    subprocess.run([SCRIPTS / "report.py", results, "--out", out], check=True)
    page = (out / "report.html").read_text()
    missing = re.search(r'aria-labelledby="missing".*?</section>', page, re.DOTALL)
    titles = re.findall(r"<li>([^:]*):", missing[0]) if missing else []
    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    return page, titles, data["charts"]


def test_the_virtual_suite_has_faults_and_herds_and_fits_a_page(virtual_suite, tmp_path):
    page, missing, charts = page_of(virtual_suite, tmp_path)
    assert missing == ["Writes exposed, setting by setting", "Predicted and measured"]
    assert len(page.encode()) < 3e6
    faults = [fault for chart in charts for fault in chart.get("faults", [])]
    assert [25, 28, "store-slow"] in faults
    herds = {chart["where"] for chart in charts if chart["kind"] == "herds"}
    assert {"hot_key_expiry", "cold_start"} <= herds


def test_the_suite_write_behind_has_exposed_writes_by_setting(stalemark, tmp_path):
    brief = ["--duration", "1s", "--warmup", "0", "--keys", "2000", "--repeat", "2"]
    suite = SUITES / "write_behind.json"
    ended = stalemark("suite", suite, "--out", "results", "--quiet", *brief)
    assert ended.status == 0, ended.err
    _, missing, charts = page_of(tmp_path / "results", tmp_path)
    assert "Writes exposed, setting by setting" not in missing
    (exposure,) = [chart for chart in charts if chart["kind"] == "exposure"]
    most = {row["setting"]: row["most"] for row in exposure["rows"]}
    assert len(most) == 12
    for rest in ("batch 16, coalescing no", "batch 1,024, coalescing yes"):
        assert most[f"delay 10 ms, {rest}"] < most[f"delay 100 ms, {rest}"]


def test_predictions_are_written_for_the_page(stalemark, tmp_path):
    run = stalemark("run", "ycsb_c", "--runtime", "virtual", "--store", "memory", "--keys", "100",
                    "--operations", "100", "--out", "one.json", "--quiet")  # fmt: skip
    assert run.status == 0, run.err
    subprocess.run(
        [SCRIPTS / "predictions.py", "--only", "races", "--seeds", "1-3", "--json",
         tmp_path / "predictions.json"],
        check=True, capture_output=True,
    )  # fmt: skip
    _, missing, charts = page_of(tmp_path / "one.json", tmp_path)
    assert "Predicted and measured" not in missing
    (chart,) = [chart for chart in charts if chart["kind"] == "predictions"]
    (row,) = chart["rows"]
    assert chart["seeds"] == 3 and row["family"] == "races"
    assert row["low"] < row["mean"] < row["high"]
    assert row["command"].startswith("stalemark run ycsb_a ")
