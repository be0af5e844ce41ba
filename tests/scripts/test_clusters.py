# SPDX-License-Identifier: Apache-2.0
"""The workloads after production clusters ask what the published statistics say."""

import clusters
import pytest

HEADER = (
    "cluster,value_size_bytes,request_rate_kqps,common_ttls,production_miss_ratio,operations,"
    "mean_frequency,zipf_alpha,compulsory_miss_percent\n"
)
ROW = "c1,230,2.5,10m:0.75;1h:0.25,0.04,get:0.80;set:0.10;delete:0.06,20.0,1.1,3.0\n"


@pytest.fixture
def read(tmp_path):
    def load(*rows):
        path = tmp_path / "clusters.csv"
        path.write_text("# A remark.\n" + HEADER + "".join(rows))
        return clusters.load(path)

    return load


def test_shares_rates_and_ttls_are_those_published(read):
    [found], left_out = read(ROW)
    assert left_out == {}
    assert (found.name, found.theta, found.rate, found.miss_ratio) == ("c1", 1.1, 2500, 0.04)
    assert found.value_bytes == 230
    assert found.ttls == ((600, 0.75), (3600, 0.25))
    assert found.mean_ttl_s == 0.75 * 600 + 0.25 * 3600
    assert found.objects == 2500 * 7 * 24 * 3600 / 20


def test_what_the_shares_lack_of_a_whole_is_written(read):
    [found], _ = read(ROW)
    assert found.mix == {"read": 0.8, "write": 0.14, "delete": 0.06}
    assert sum(found.mix.values()) == pytest.approx(1)


def test_adds_are_no_operation_and_counters_are_writes(read):
    [found], _ = read(ROW.replace("get:0.80;set:0.10;delete:0.06", "get:0.6;add:0.2;incr:0.2"))
    assert found.mix == {"read": 0.75, "write": 0.25}


def test_ttls_are_written_as_a_workload_has_them_and_shrink_with_time(read):
    [found], _ = read(ROW)
    assert found.ttl() == "weighted(600000000us:0.75,3600000000us:0.25)"
    assert found.ttl(faster=100) == "weighted(6000000us:0.75,36000000us:0.25)"
    [single], _ = read(ROW.replace("10m:0.75;1h:0.25", "1d:1.0"))
    assert single.ttl() == "86400000000us"


@pytest.mark.parametrize(
    ("field", "why"),
    [("1.1,3.0", "popularity"), ("2.5,", "request rate"), ("10m:0.75;1h:0.25", "TTLs"),
     ("20.0", "operations an object"), ("230", "sizes")],
)  # fmt: skip
def test_a_cluster_without_data_is_left_out_by_name(read, field, why):
    kept = field.removeprefix("1.1")
    absent = {"1.1,3.0": "N/A" + kept, "2.5,": "N/A,"}.get(field, "N/A")
    found, left_out = read(ROW.replace(field, absent, 1))
    assert found == []
    assert left_out == {"c1": f"not published: {why}"}


def test_a_cluster_that_nobody_reads_is_left_out(read):
    found, left_out = read(ROW.replace("get:0.80;set:0.10;delete:0.06", "set:1.00"))
    assert found == []
    assert left_out == {"c1": "no reads among its operations (set:1.00)"}


def test_of_the_54_published_five_are_left_out():
    chosen, left_out = clusters.load()
    assert len(chosen) == 49
    assert sorted(left_out) == ["cluster15", "cluster21", "cluster43", "cluster46", "cluster5"]
    for cluster in chosen:
        assert sum(cluster.mix.values()) == pytest.approx(1, abs=2e-4)
        assert cluster.rate > 0 and cluster.mean_ttl_s > 0
