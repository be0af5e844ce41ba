# SPDX-License-Identifier: Apache-2.0
"""How long the measured part is, as the refusal of a fault beyond it tells; and that a run can do
without its workload's faults."""

import json

from test_bad_input import is_refused


def test_a_workload_without_an_end_of_its_own_lasts_ten_seconds(stalemark, tiny):
    is_refused(stalemark("run", tiny, "--fault", "store-down@11s+1s"), "lasts 10s")


def test_phases_with_durations_end_the_measured_part(stalemark, write_json):
    phases = [{"name": "a", "duration": "1s"}, {"name": "b", "duration": "2s"}]
    name = write_json("phased.json", {"caption": "c", "keys": 10, "phases": phases})
    words = ["run", name, "--store", "memory", "--fault"]
    is_refused(stalemark(*words, "store-down@2s+2s"), "lasts 3s")


def test_the_faults_of_a_workload_can_be_switched_off(stalemark, write_json):
    options = {"runtime": "virtual", "fault": "store-fails=0.5"}
    given = {"caption": "c", "keys": 10, "operations": 500, "warmup": "0", "options": options}
    name = write_json("faulty.json", given)
    faulty = json.loads(stalemark("run", name, "--out", "-").out)
    assert faulty["operations"]["read"]["failed"] > 0
    sound = json.loads(stalemark("run", name, "--fault", "none", "--out", "-").out)
    assert sound["operations"]["read"]["failed"] == 0
    assert "faults" not in sound and "faults" not in sound["configuration"]
