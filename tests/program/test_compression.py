# SPDX-License-Identifier: Apache-2.0
"""RocksDB's tables take as much room as `compressibility` and `--compression` say."""

import pytest

KEYS, VALUE_BYTES, HEADER_BYTES = 5_000, 1_000, 16
LOAD = [
    *["--keys", KEYS, "--value-size", VALUE_BYTES, "--strategy", "no_cache", "--reads", 1],
]


@pytest.fixture
def disk_bytes(measure):
    def run(*words):
        result = measure(*LOAD, *words, operations=50, store="rocksdb")
        return result["resources"]["rocksdb"]["disk_bytes_now"]

    return run


@pytest.mark.parametrize("compression", ["snappy", "lz4", "zstd"])
def test_tables_take_what_compressibility_leaves(disk_bytes, compression):
    payload = KEYS * (VALUE_BYTES - HEADER_BYTES)
    plain = disk_bytes("--set", "compressibility=0.5")
    assert plain > KEYS * VALUE_BYTES
    for compressibility in (0, 0.25, 0.5, 0.75):
        words = ["--set", f"compressibility={compressibility}", "--compression", compression]
        saved = (plain - disk_bytes(*words)) / payload
        assert saved == pytest.approx(compressibility, abs=0.06)


def test_without_compression_tables_take_the_same_whatever_the_values(disk_bytes):
    sizes = [disk_bytes("--set", f"compressibility={share}") for share in (0, 0.9)]
    assert sizes[0] == pytest.approx(sizes[1], rel=0.001)


def test_a_folder_with_another_compression_is_loaded_anew(disk_bytes):
    folder = ["--db", "data", "--set", "compressibility=0.8"]
    plain = disk_bytes(*folder)
    small = disk_bytes(*folder, "--compression", "zstd")
    assert small < plain / 2
    assert disk_bytes(*folder, "--compression", "zstd") == small
    assert disk_bytes(*folder) == plain


def test_an_unknown_compression_is_refused(stalemark, tiny):
    ended = stalemark("run", tiny, "--store", "rocksdb", "--compression", "lz5")
    assert ended.status == 2
    assert len(ended.err.splitlines()) == 1
    assert "did you mean 'lz4'" in ended.err
