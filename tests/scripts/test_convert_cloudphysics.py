# SPDX-License-Identifier: Apache-2.0
"""A block I/O recording becomes a trace whose times, keys and sizes are the recording's."""

import gzip

RECORDING = """version,time,op,size,lbn
1,100,28,4096,77
1,100,2a,8192,78
1,100,35,0,0
1,101,28,512,77
"""

TRACE = """time_ns,operation,key,value_bytes,ttl_ns
100000000000,read,77,,
100500000000,write,78,8192,
101000000000,read,77,,
"""


def recorded(folder, text=RECORDING):
    path = folder / "recording.csv"
    path.write_text(text)
    return path


def test_requests_of_a_second_are_spread_over_it(call, tmp_path):
    done = call("convert_cloudphysics.py", recorded(tmp_path), tmp_path / "trace.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "trace.csv").read_text() == TRACE


def test_a_part_is_taken(call, tmp_path):
    arguments = [recorded(tmp_path), tmp_path / "trace.csv", "--skip", 1, "--requests", 2]
    assert call("convert_cloudphysics.py", *arguments).returncode == 0
    lines = (tmp_path / "trace.csv").read_text().splitlines()
    assert lines[1:] == ["100000000000,write,78,8192,"]


def test_a_gzipped_trace_has_the_same_bytes_whenever_it_is_made(call, tmp_path):
    for name in ("one.csv.gz", "other.csv.gz"):
        assert call("convert_cloudphysics.py", recorded(tmp_path), tmp_path / name).returncode == 0
    assert gzip.decompress((tmp_path / "one.csv.gz").read_bytes()).decode() == TRACE
    assert (tmp_path / "one.csv.gz").read_bytes() == (tmp_path / "other.csv.gz").read_bytes()


def test_a_recording_without_the_columns_is_refused(call, tmp_path):
    done = call("convert_cloudphysics.py", recorded(tmp_path, "a,b\n1,2\n"), tmp_path / "trace.csv")
    assert done.returncode == 2
    assert "KeyError('op')" in done.stderr
