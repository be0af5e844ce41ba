# SPDX-License-Identifier: Apache-2.0
"""A suite session in which every figure is as the article says, and its matrix."""

import json

from stalemark.matrix import matrix, matrix_text
from synthetic import Plan

AGREEING = [
    Plan("cache_aside", read=0.25, write=1.0, throughput=2, jitter=0.02),
    Plan("write_through", read=0.2, write=1.5, throughput=1.5, jitter=0.02),
    Plan("write_behind", read=0.2, write=0.25, throughput=4, jitter=0.02, exposure=100),
    Plan("read_through", read=0.25, write=1.05, throughput=2, jitter=0.02),
    Plan("refresh_ahead", read=0.5, write=1.25, throughput=2, jitter=0.02),
]


def matrix_of(folder):
    """What scripts/matrix.py writes, as read back, and what it prints."""
    built = matrix.build(*matrix.gather([folder]))
    return json.loads(matrix.as_json(built)), matrix_text.terminal(built)


def row_of(built, protocol):
    return next(row for row in built["overall"] if row["protocol"] == protocol)
