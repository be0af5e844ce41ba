# SPDX-License-Identifier: Apache-2.0
"""The workload that most tests run: small enough to be over at once."""

TINY = {
    "caption": "A hundred small rows",
    "keys": 100,
    "value_size": 64,
    "mix": {"read": 0.8, "write": 0.2},
    "cache_size": "100%",
    "warmup": "0",
}
