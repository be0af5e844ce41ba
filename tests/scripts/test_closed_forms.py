# SPDX-License-Identifier: Apache-2.0
"""The closed forms at their limits, where simpler formulas hold."""

import math
import numpy as np
import pytest

from stalemark.predictions import closed_forms as forms

MANY = 10_000_000


def close(value):
    return pytest.approx(value, rel=1e-4)


def test_the_wait_of_random_service_is_that_of_the_textbook():
    assert forms.erlang_wait(0.8, 1, 1) == close(4)  # rho / (mu - lambda)
    assert forms.erlang_wait(1.5, 1, 2) == close(0.5625 / (1 - 0.5625))  # rho^2 / (1 - rho^2)
    assert forms.erlang_wait(1e-6, 1, 3) == pytest.approx(0, abs=1e-12)
    assert forms.erlang_wait(80, 0.01, 1) == close(0.04)


def test_a_herd_of_many_nodes_is_one_and_those_that_come_during_the_load():
    assert forms.herd(10) == close(11)
    assert forms.herd_of_nodes(10, MANY) == close(11)
    assert forms.herd_of_nodes(1e9, 4) == close(4)


@pytest.mark.parametrize("beta", [1, 1.5, 2, 4])
def test_early_reloads_are_e_to_the_inverse_of_beta(beta):
    assert forms.early_loads(100, beta) == close(math.exp(1 / beta))


def test_early_reloads_that_expiry_cuts_short_are_fewer():
    assert forms.early_loads(1_000, 0.5) == close(math.exp(2))
    assert 5 < forms.early_loads(10, 0.5) < 6


def test_without_early_reloads_the_herd_is_left():
    assert forms.early_loads(10, 0.002) == pytest.approx(11, rel=0.01)


def test_loads_of_no_length_leave_the_hit_ratio_alone():
    assert forms.ttl_hits_with_loads(5, 1, 1e-9) == close(forms.ttl_hits(5, 1))


def test_with_writes_all_the_time_every_hit_is_stale():
    assert forms.ttl_stale(5, 1e9, 1) == close(forms.ttl_hits(5, 1))
    assert forms.ttl_stale_age(5, 1e9, 1) == close(forms.ttl_hits(5, 1) / 2)


def test_erasing_writes_share_the_reads():
    assert forms.erase_hits(9, 1) == close(0.9)
    assert forms.erase_hits(5, 1e-9, 1) == close(forms.ttl_hits(5, 1))


def test_a_bus_of_many_nodes_and_reads():
    w, d = 2, 0.1
    assert forms.bus_stale(MANY, w, MANY, d) == close((1 - math.exp(-2 * w * d)) / 2)
    assert forms.bus_stale(MANY, w, 1, d) == 0


def test_zipf_shares_sum_to_one():
    shares = forms.zipf(100, 0.99)
    assert math.fsum(shares) == close(1)
    assert shares[0] / shares[9] == close(10**0.99)


def test_coalescing_of_one_key():
    assert forms.coalescing([5], 2) == close(11)
    assert forms.keys_at_risk([5], 2) == close(10 / 11)
    assert forms.writes_at_risk([1e-6], 2) == close(2e-6)


def test_the_refresh_of_a_hot_key_costs_the_inverse_of_its_point():
    assert forms.refresh_loads(MANY, 1, 0.8) == close(1.25)
    assert forms.refresh_loads(3, 1, 1) == close(1)


def test_one_server_by_two_formulas():
    both = forms.queue_wait(0.8, 1, 1), forms.queue_wait_of_servers(0.8, 1, 1)
    assert both == close((2, 2))


def test_two_servers_as_tabled():
    """E[W] / E[W of M/M/2] -> 1/2 in heavy traffic; that is rho^2 / (1 - rho^2)."""
    assert forms.queue_wait_of_servers(2 * 0.9, 1, 2) == pytest.approx(
        0.9**2 / (1 - 0.9**2) / 2, rel=0.02
    )


def test_inversions_as_counted():
    generator = np.random.default_rng(1)
    began = -generator.random((200_000, 30)) * 60  # 0.5 a unit of time.
    trip = generator.random((200_000, 30))
    inverted = (began + trip).argmax(axis=1) != (began + 2 * trip).argmax(axis=1)
    assert forms.inversions(0.5) == pytest.approx(inverted.mean(), abs=4 * 0.25 / 200_000**0.5)
