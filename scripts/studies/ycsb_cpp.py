# SPDX-License-Identifier: Apache-2.0
"""YCSB-cpp (github.com/ls4154/YCSB-cpp) over RocksDB, set up as Stalemark's store is."""

import os
import re
import shutil

import rates_in_turn
from rates_in_turn import KEYS, VALUE_BYTES
from stalemark.common import command

# As settings() in src/stores/rocks_store.cc; the rest is RocksDB's default on both sides.
ROCKSDB_OPTIONS = f"""
[Version]
  rocksdb_version=7.8.3
  options_file_version=1.1
[DBOptions]
  create_if_missing=true
  max_background_jobs=2
  stats_dump_period_sec=0
  stats_persist_period_sec=0
[CFOptions "default"]
  compression=kNoCompression
  level_compaction_dynamic_level_bytes=true
[TableOptions/BlockBasedTable "default"]
  block_cache={{capacity={8 << 20}}}
  filter_policy=bloomfilter:10:false
"""
READ_SHARE = {"A": 0.5, "C": 1}


def _run(binary, folder, phase, operations, *properties):
    """What `ycsb` prints of a load or a run, all of whose operations have succeeded."""
    words = [binary, phase, "-db", "rocksdb", "-s"]
    for name in (
        f"rocksdb.dbname={folder}", f"rocksdb.optionsfile={folder.parent}/options.ini",
        f"recordcount={KEYS}", "fieldcount=1", f"fieldlength={VALUE_BYTES}",
        "requestdistribution=latest", "status.interval=3600", *properties,
    ):  # fmt: skip
        words += ["-p", name]
    told = rates_in_turn.output_of(words)
    status = re.findall(r"^.* operations;.*$", told, re.MULTILINE) or [""]
    counts = re.findall(r"\[([A-Z-]+): Count=(\d+)", status[-1])
    succeeded = sum(int(count) for name, count in counts if not name.endswith("-FAILED"))
    if succeeded != operations:
        raise command.Refusal(f"{binary}: {succeeded} of {operations} operations succeeded")
    return told


def load(binary, place):
    """The folder of a database that is loaded and, as Stalemark's, compacted."""
    (place / "options.ini").write_text(ROCKSDB_OPTIONS)
    _run(binary, place / "ycsb", "-load", KEYS)
    rates_in_turn.output_of(["ldb", f"--db={place / 'ycsb'}", "--try_load_options", "compact"])
    return place / "ycsb"


def _link_tables(source, target):
    """Tables never change, so that links do for them: docs/decisions/0007-hard-link-copies.md."""
    (os.link if source.endswith(".sst") else shutil.copy2)(source, target)


def _seconds(binary, loaded, workload, clients, operations):
    copy = loaded.parent / "ycsb-run"
    shutil.copytree(loaded, copy, copy_function=_link_tables)
    told = _run(
        binary, copy, "-run", operations, f"operationcount={operations}",
        f"threadcount={clients}", f"readproportion={READ_SHARE[workload]}",
        f"updateproportion={1 - READ_SHARE[workload]}",
    )  # fmt: skip
    shutil.rmtree(copy)
    return float(re.search(r"^Run runtime\(sec\): (\S+)$", told, re.MULTILINE)[1])


def rate(binary, loaded, workload, clients, operations):
    """Operations per second. The time that YCSB-cpp gives includes opening and closing the
    database, which is all that a run without operations does. One client opens it for all; of
    several that do nothing else, one may close it before another opens it, which crashes."""
    opening = _seconds(binary, loaded, workload, 1, 0)
    return operations / (_seconds(binary, loaded, workload, clients, operations) - opening)
