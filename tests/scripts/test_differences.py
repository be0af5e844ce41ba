# SPDX-License-Identifier: Apache-2.0
"""What tells configurations apart is said in the words of the options."""

from stalemark.common import differences


def test_a_difference_names_the_setting_and_its_value():
    assert differences.differences([{"a": {"b": 1}}, {"a": {"b": 2}}]) == ["a.b=1", "a.b=2"]
    assert differences.differences([{"ttl_ns": 2_000_000}, {}]) == ["ttl=2ms", "ttl=none"]


def test_what_was_verified_is_not_called_none():
    assert differences.differences([{"verify": "off"}, {}]) == ["verify=off", "verify=checksum"]
