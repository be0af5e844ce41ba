# SPDX-License-Identifier: Apache-2.0
"""The answer on one screen: who is where, the article's marks, and what to use for which need."""

import json

import answer
import claims
import figures
import pytest
import synthetic
from synthetic import FILL, Plan

WRITERS = {**FILL, "name": "inverted_writers", "story": "Two writers are inverted."}
QUEUES = {**FILL, "name": "unordered_queues", "story": "Queues are not ordered.",
          "breaks": "store", "lasts": "until_next_write"}  # fmt: skip
RACES = {"no_cache": [], "write_through": [FILL, WRITERS], "write_behind": [FILL, QUEUES]}
TTL = {"ttl_ns": 60 * 10**9}
PLANS = [
    Plan("cache_aside", read=0.8, write=1.4, stale_reads=2, stale_age_ns=3 * 10**9, protocol=TTL),
    Plan("cache_aside", read=1.2, write=1.4, protocol={"ttl_ns": 5 * 10**9}),
    Plan("write_through", read=0.4, write=1.4, protocol=TTL),
    Plan("write_behind", read=0.7, write=0.3, exposure=38, protocol=TTL),
    Plan("read_through", read=0.85, write=1.2, protocol=TTL),
]
CONFIGURED = {
    "deployment": "service", "rate": 4000.0,
    "wires": {"cache_latency": "lognormal(420us,0.48)", "store_latency": "lognormal(1ms,0.5)",
              "store_servers": 32},
}  # fmt: skip


def simulate(data):
    data.pop("session")
    data["context"] = {"version": "1.0"}
    configuration = data["configuration"]
    configuration |= {"runtime": "virtual", **CONFIGURED}
    if configuration["protocol"]["strategy"] == "no_cache":  # Which asks no cache.
        configuration["wires"] = {**CONFIGURED["wires"], "cache_latency": "uniform(1ns,3ns)"}
    strategy = configuration["protocol"]["strategy"]
    ttl = configuration["protocol"].get("ttl_ns", 0) // 10**9
    configuration["workload"] |= {
        "ttl": f"{ttl}s",
        "phases": [{"mix": {"read": 0.95, "write": 0.05},
                    "popularity": {"kind": "scrambled", "theta": 0.9}}],
    }  # fmt: skip
    data["virtual"] = {"events": 5000, "trace_hash": "00ff", "final_random": "00aa"}
    for name in ("reads_checked", "stale_reads"):
        data["consistency"][name] *= 100
    data["known_races"] = RACES.get(strategy, [FILL])
    bound = f"bounded_staleness({ttl}s), durable"
    declared = {"no_cache": "linearizable, durable", "write_through": "linearizable, durable",
                "write_behind": "none"}  # fmt: skip
    data["promise"] = {"declared": declared.get(strategy, bound), "verdict": "kept",
                       "broken_by": []}  # fmt: skip


@pytest.fixture
def made(call, tmp_path):
    """What matrix.py prints of these plans, and what it writes."""

    def of(plans=PLANS, bend=None, **options):
        def bent(data):
            simulate(data)
            if bend:
                bend(data)

        folder = synthetic.suite(tmp_path / "r", plans, bend=bent, **options)
        outcome = call("matrix.py", folder)
        assert outcome.returncode == 0, outcome.stderr
        return outcome.stdout, json.loads((folder / "matrix.json").read_text()), (
            folder / "matrix.md").read_text()  # fmt: skip

    return of


def line_of(printed, label):
    return next(line.split() for line in printed.splitlines() if line.startswith(label + "  "))


def test_it_fits_100_columns_and_a_screen(made):
    printed, _, _ = made()
    lines = printed.splitlines()
    assert max(map(len, lines)) <= 100
    assert len(lines) <= 40


def test_it_says_which_system_this_is(made):
    printed, _, _ = made()
    head = " ".join(printed.split("can a read")[0].split())
    assert head == ("zipf in deployment service: 95% reads, Zipf 0.9, 4,000 op/s, TTL 60 s; cache"
                    " lognormal(420us,0.48) away, database lognormal(1ms,0.5), 32 calls at once;"
                    " 8 seeds")  # fmt: skip


def test_a_line_holds_the_figures_of_one_protocol(made):
    printed, _, _ = made()
    # Known, simulated, reads and writes relative to no_cache, its reads of the store, exposure.
    assert line_of(printed, "no_cache")[1:3] == ["never", "none"]
    cells = line_of(printed, "cache_aside")
    assert cells[1:9] == ["up", "to", "the", "TTL", "[1]", "1", "in", "1,000"]
    assert cells[9:15] == ["×0.80", "×0.8", "×1.40", "×1.4", "0.18", "0"]
    assert line_of(printed, "write_behind")[1:4] == ["for", "ever", "[1,3]"]
    assert line_of(printed, "write_behind")[-2:] == ["~40", str(complexity_of("write_behind"))]
    assert "[2] Two writers are inverted." in printed


def complexity_of(strategy):
    import complexity  # noqa: PLC0415

    return complexity.count()["strategies"][strategy]["lines"]


def test_each_of_the_articles_grades_stands_once_with_its_mark(made):
    printed, _, _ = made()
    graded = [line for line in printed.splitlines() if line.startswith("  the article")]
    assert len(graded) == 4  # Not of the second TTL of cache_aside.
    assert [line.split()[2:] for line in graded][1] == [
        "Strong", "✗", "Excellent", "✓", "Slower", "✓", "Medium"
    ]  # fmt: skip
    told = " ".join(printed.split())
    counts = {verdict: sum(line.count(claims.MARKS[verdict]) for line in graded)
              for verdict in (claims.HOLDS, claims.REFUTED)}  # fmt: skip
    expected = f"16 grades, {counts[claims.HOLDS]} hold ✓, {counts[claims.REFUTED]} are refuted"
    assert f"The article: {expected}" in told


@pytest.mark.parametrize("share, shown", [
    (0, "none"), (2e-4, "1 in 10,000"), (1.2e-4, "1 in 10,000"), (8e-6, "1 in 100,000"),
    (0.004, "1 in 100"), (0.012, "1%"), (0.41, "40%"), (0.96, "100%"), (0.07, "7%"),
])  # fmt: skip
def test_a_share_is_as_fine_as_seeds_agree_on(share, shown):
    assert figures.rough(share) == shown


@pytest.mark.parametrize("count, shown", [(0, "0"), (9, "9"), (38, "~40"), (1234, "~1,000")])
def test_a_largest_count_is_shown_by_its_first_digit(count, shown):
    assert figures.few(count) == shown


def advice(data):
    return {each["need"]: each["protocol"] for each in data["answers"][0]["advice"]}


def test_each_need_has_the_simplest_protocol_that_meets_it(made):
    _, data, _ = made()
    assert advice(data) == {
        "never a stale read": "no_cache",
        "1 in 100,000 reads stale, no loss": "write_through",
        "reads up to 5 s old, no loss": "no_cache",
        "reads up to 60 s old, no loss": "write_through",
        "least database load, 1% stale, no loss": "cache_aside",  # All alike.
        "the fastest writes, some loss": "write_behind",
    }


def test_no_cache_with_a_known_race_is_named_for_never_stale(made):
    _, data, _ = made(bend=lambda data: data.update(known_races=[FILL]))
    assert advice(data)["never a stale read"] == "-"


def test_a_protocol_that_may_lose_writes_is_no_answer_where_nothing_may_be_lost(made):
    plans = [Plan("write_behind", read=0.1, write=0.1, exposure=9, protocol=TTL)]
    _, data, _ = made(plans)
    found = advice(data)
    assert found.pop("the fastest writes, some loss") == "write_behind"
    assert set(found.values()) == {"no_cache"}


def test_a_worst_seed_that_is_too_stale_is_seen(made):
    def once(data):
        if data["configuration"]["protocol"]["strategy"] == "write_through" and data["seed"] == 9:
            data["consistency"].update(stale_reads=9, stale_age_ns=synthetic.quantiles(9, 9))

    _, data, _ = made(bend=once)
    assert advice(data)["1 in 100,000 reads stale, no loss"] == "read_through"


def test_markdown_json_and_terminal_hold_the_same(made):
    printed, data, written = made()
    (told,) = data["answers"]
    assert " ".join(told["verdicts"].split()) in " ".join(printed.split())
    assert "\n".join(answer.markdown(told)) in written
    assert "| `no_cache` |" in written.split("if you need")[1]
    assert [row["protocol"] for row in told["rows"]][:2] == ["no_cache", "cache_aside"]
    assert told["rows"][0]["read"]["mean_ns"] > 0


def test_measured_results_get_no_answer(call, tmp_path):
    folder = synthetic.suite(tmp_path / "r", PLANS, repetitions=3)
    assert "If you need" not in call("matrix.py", folder).stdout
    assert json.loads((folder / "matrix.json").read_text())["answers"] == []


def test_the_page_begins_with_it(call, tmp_path):
    folder = synthetic.suite(tmp_path / "r", PLANS, bend=simulate)
    assert call("report.py", folder, "--out", tmp_path).returncode == 0
    page = (tmp_path / "report.html").read_text()
    assert page.index("zipf: what to use") < page.index("Decision matrix")
    assert '<td data-head="known: stale">up to the TTL [1]</td>' in page


def test_a_shield_stays_in_the_name_and_its_protocol_is_not_graded(made):
    lock = Plan("cache_aside", read=0.8, protocol={"shield": "lock", **TTL})
    _, data, _ = made([*PLANS, lock])
    rows = {row["protocol"]: row for row in data["answers"][0]["rows"]}
    (shielded,) = [label for label in rows if "lock" in label]
    assert rows[shielded]["claims"] == {}
    assert rows["cache_aside"]["claims"]


def test_a_grace_is_part_of_how_long_a_read_may_be_stale(made):
    plan = Plan("write_through", read=0.4, protocol={"grace_ns": 10 * 10**9, **TTL})
    printed, data, _ = made([plan])
    assert "up to 70 s" in printed
    assert advice(data)["reads up to 70 s old, no loss"] == "write_through"


def test_a_copy_that_begins_its_ttl_anew_doubles_it(made):
    def restart(data):
        if data["configuration"]["protocol"]["strategy"] != "no_cache":
            layers = {"capacity_bytes": 9, "latency": "1ms", "layer_ttl": "restart"}
            data["configuration"]["shared_cache"] = layers

    plan = Plan("write_through", read=0.4, protocol=TTL)
    printed, data, _ = made([plan], bend=restart)
    assert "up to 120 s" in printed
    assert "reads up to 120 s old, no loss" in advice(data)


def test_without_a_ttl_nothing_ends_a_stale_entry(made):
    printed, data, _ = made([Plan("write_through", read=0.4)])
    assert "no TTL" in printed and "for ever [" in printed
    assert not any(need.startswith("reads up to") for need in advice(data))


def test_where_no_cache_cannot_bear_the_load_a_cache_wins(made):
    def overload(data):
        if data["configuration"]["protocol"]["strategy"] == "no_cache":
            for kind in ("read", "write"):
                synthetic.fail(data, kind, failed=data["operations"][kind]["count"] // 5)

    _, data, _ = made(bend=overload)
    found = advice(data)
    assert found["reads up to 60 s old, no loss"] == "cache_aside"
    assert found["the fastest writes, some loss"] != "no_cache"


def test_too_few_reads_show_no_rare_staleness(made):
    def shorten(data):
        data["consistency"]["reads_checked"] = 1_000

    _, data, _ = made(bend=shorten)
    assert advice(data)["1 in 100,000 reads stale, no loss"] == "-"


def test_a_group_without_an_answer_is_named(call, tmp_path):
    folder = synthetic.suite(tmp_path / "r", PLANS[:1], bend=simulate)
    for path in folder.glob("zipf.no_cache.*"):
        path.unlink()
    outcome = call("matrix.py", folder)
    assert outcome.returncode == 0
    assert outcome.stderr == "matrix.py: zipf: no answer without results of no_cache\n"


def test_two_workloads_get_an_answer_each(made):
    printed, data, written = made(workloads=["calm", "hot"])
    assert [each["workload"] for each in data["answers"]] == ["calm", "hot"]
    assert printed.count("If you need") == 2
    assert "## calm: the answer" in written


def test_the_simplest_goes_before_the_fastest(made):
    plans = [Plan("read_through", read=0.3, protocol=TTL), Plan("cache_aside", read=0.6,
             protocol=TTL)]  # fmt: skip
    _, data, _ = made(plans)
    assert advice(data)["reads up to 60 s old, no loss"] == "cache_aside"


def test_a_bound_that_may_lose_writes_is_no_answer_where_nothing_may_be_lost(made):
    def weaken(data):
        if data["configuration"]["protocol"]["strategy"] == "cache_aside":
            data["promise"]["declared"] = "bounded_staleness(60s)"

    plans = [Plan("cache_aside", read=0.3, protocol=TTL), Plan("read_through", read=0.6,
             protocol=TTL)]  # fmt: skip
    _, data, _ = made(plans, bend=weaken)
    assert advice(data)["reads up to 60 s old, no loss"] == "read_through"


def test_little_load_is_no_answer_where_many_reads_are_stale(made):
    def relieve(data):
        if data["configuration"]["protocol"]["strategy"] == "cache_aside":
            data["store"]["reads"] = 1
            data["consistency"]["stale_reads"] = 2_000  # Of 100,000.

    _, data, _ = made(PLANS[2:] + PLANS[:1], bend=relieve)
    assert advice(data)["least database load, 1% stale, no loss"] != "cache_aside"


@pytest.mark.parametrize("write, exposure, told", [
    (0.99, 0, ("no_cache", "no protocol writes faster")),  # Within the margin.
    (0.5, 0, ("cache_aside", "writes ×0.50, nothing is lost")),
    (0.5, 4, ("cache_aside", "writes ×0.50, a crash loses what waits")),
])  # fmt: skip
def test_the_fastest_writes_are_faster_by_the_margin_and_say_what_they_cost(
    made, write, exposure, told
):
    _, data, _ = made([Plan("cache_aside", write=write, exposure=exposure, protocol=TTL)])
    (found,) = (each for each in data["answers"][0]["advice"] if "fastest" in each["need"])
    assert (found["protocol"], found["because"]) == told
