"""How long the measured part is, as the refusal of a fault beyond it tells."""

from test_bad_input import is_refused


def test_a_workload_without_an_end_of_its_own_lasts_ten_seconds(stalemark, tiny):
    is_refused(stalemark("run", tiny, "--fault", "store-down@11s+1s"), "lasts 10s")


def test_phases_with_durations_end_the_measured_part(stalemark, write_json):
    phases = [{"name": "a", "duration": "1s"}, {"name": "b", "duration": "2s"}]
    name = write_json("phased.json", {"caption": "c", "keys": 10, "phases": phases})
    words = ["run", name, "--store", "memory", "--fault"]
    is_refused(stalemark(*words, "store-down@2s+2s"), "lasts 3s")
