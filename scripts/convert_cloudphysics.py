#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Turns a CloudPhysics block I/O recording into a trace that Stalemark replays.

RECORDING is a CSV with the columns version, time, op, size and lbn, as libCacheSim distributes it:
time in whole seconds, op 28 for a read and 2a for a write (SCSI operation codes in hexadecimal;
others are left out), size in bytes, lbn the number of the block. TRACE is the CSV to write. Either
is gzipped if its name ends in .gz.

The recording has no finer time than seconds; the requests of a second are spread evenly over it.
"""

import csv
import gzip
import io
import itertools
import pathlib

from stalemark.common import command

COLUMNS = ["time_ns", "operation", "key", "value_bytes", "ttl_ns"]
OPERATIONS = {"28": "read", "2a": "write"}
SECOND_NS = 1_000_000_000


def main():
    parser = command.Parser(__doc__)
    parser.add_argument("recording", metavar="RECORDING")
    parser.add_argument("trace", metavar="TRACE")
    parser.add_argument("--skip", type=int, metavar="N", default=0, help="leave out the first N")
    parser.add_argument("--requests", type=int, metavar="N", help="then take only N")
    options = parser.parse_args()
    try:
        trace = converted(options.recording, options.skip, options.requests)
        write(options.trace, trace.encode())
    except (OSError, KeyError, ValueError) as error:
        raise command.Refusal(f"{options.recording}: {error!r}") from error


def converted(path, skip, requests):
    trace = io.StringIO()
    writer = csv.writer(trace, lineterminator="\n")
    writer.writerow(COLUMNS)
    open_file = gzip.open if path.endswith(".gz") else open
    with open_file(path, "rt", newline="") as recording:
        rows = itertools.islice(csv.DictReader(recording), skip, None)
        writer.writerows(records(itertools.islice(rows, requests)))
    return trace.getvalue()


def records(rows):
    """The rows of the trace, a second of the recording at a time."""
    wanted = (row for row in rows if row["op"] in OPERATIONS)
    for second, group in itertools.groupby(wanted, key=lambda row: int(row["time"])):
        requests = list(group)
        for i, request in enumerate(requests):
            time_ns = second * SECOND_NS + i * SECOND_NS // len(requests)
            operation = OPERATIONS[request["op"]]
            value_bytes = request["size"] if operation == "write" else ""
            yield [time_ns, operation, request["lbn"], value_bytes, ""]


def write(path, data):
    # Without the time of packing inside, equal traces give equal files.
    packed = gzip.compress(data, mtime=0) if path.endswith(".gz") else data
    pathlib.Path(path).write_bytes(packed)


if __name__ == "__main__":
    command.run(main)
