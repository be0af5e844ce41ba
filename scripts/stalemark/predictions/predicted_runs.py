# SPDX-License-Identifier: Apache-2.0
"""Which run shows which closed form: its options, what is taken from its result, and what is
predicted for it."""

import math

from stalemark.predictions import closed_forms as forms
from stalemark.predictions.prediction import (
    Form, hit_ratio, loads_an_expiry, seconds, stale_age, stale_fraction, unlike_store,
    writes_a_row,
)  # fmt: skip

MILLISECOND = 0.001
LOAD = 0.0001  # Seconds; --store-latency 100us.


def herd():
    """Without a shield, and with one client per node behind a shared cache, where a node has one
    load under way at most."""
    family = "herd"
    asked = "--reads 1 --store-latency 100us"
    for reads_a_load, ttl, duration in ((1, 2_000, 2_000), (10, 300, 400), (50, 200, 200)):
        yield Form(
            family, f"no shield, lambda delta = {reads_a_load}",
            "1 + lambda delta", forms.herd(reads_a_load),
            f"{asked} --clients 400 --rate {reads_a_load / LOAD:.0f} --ttl {ttl}us "
            f"--duration {duration}ms",
            loads_an_expiry,
        )  # fmt: skip
    for nodes in (4, 16):
        yield Form(
            family, f"one load a node, {nodes} nodes, lambda delta = 10",
            "1 + (M - 1)(1 - e^(-lambda delta / M)), M nodes",
            forms.herd_of_nodes(10, nodes),
            f"{asked} --clients {nodes} --sessions 1600 --nodes {nodes} --shared-cache 10MiB "
            "--shared-latency 0 --rate 100000 --ttl 500us --duration 800ms",
            loads_an_expiry,
        )  # fmt: skip
    locked = f"{asked} --shield lock --clients 400 --rate 100000 --ttl 500us --duration 400ms"
    yield Form(family, "lock", "1", 1, locked, loads_an_expiry)
    yield Form(
        family, "lock, 8 nodes that share a cache", "1 (a lease)", 1,
        locked + " --nodes 8 --shared-cache 10MiB --shared-latency 0", loads_an_expiry,
    )  # fmt: skip
    yield Form(
        family, "readers who join a load", "lambda delta", 10, locked,
        lambda result: result["shield"]["joined"] / result["store"]["reads"],
    )  # fmt: skip
    yield Form(
        family, "their mean wait, in loads", "1/2", 0.5, locked,
        lambda result: result["operations"]["read"]["by_outcome"]["wait"]["latency_ns"]["mean"]
        / (LOAD * 1e9),
    )  # fmt: skip


def early():
    """Times in loads. The shorter the life of an entry, the more expiries; but no gap may be
    longer."""
    family = "early reload"
    for beta, reads_a_load, ttl in ((0.5, 10, 10), (0.5, 50, 10), (1, 20, 15), (1.5, 10, 20),
                                    (2, 8, 25), (4, 5, 50)):  # fmt: skip
        options = (
            f"--shield early --beta {beta:g} --reads 1 --clients 400 --store-latency 100us "
            f"--ttl {100 * ttl}us --rate {reads_a_load / LOAD:.0f} "
            f"--duration {12_000 / reads_a_load:.0f}ms --warmup 100ms"
        )
        is_cut = beta * reads_a_load < 10
        yield Form(
            family, f"loads, beta = {beta:g}, lambda delta = {reads_a_load}",
            "e^(1/beta)" + ", cut short by the expiry" * is_cut,
            forms.early_loads(reads_a_load, beta), options, loads_an_expiry,
        )  # fmt: skip
        if is_cut:
            continue
        yield Form(
            family, f"gap in loads, beta = {beta:g}, lambda delta = {reads_a_load}",
            "beta (ln(lambda beta delta) + 0.5772)",
            forms.early_gap(reads_a_load, beta, 1), options,
            lambda result, beta=beta, ttl=ttl: forms.early_cycle_without_gap(ttl, beta, 1)
            - seconds(result) / LOAD * loads_an_expiry(result) / result["store"]["reads"],
        )  # fmt: skip


def expiry():
    family = "expiry"
    alone = "--invalidate none --clients 1 --duration 100s"
    for reads, ttl in ((500, 1), (500, 4), (500, 40)):
        yield Form(
            family, f"hit ratio, r T = {reads * ttl / 1e3:g}", "r T / (1 + r T)",
            forms.ttl_hits(reads, ttl * MILLISECOND),
            f"{alone} --reads 1 --rate {reads} --ttl {ttl}ms", hit_ratio,
        )  # fmt: skip
    yield Form(
        family, "hit ratio with loads, r T = 4, r delta = 2",
        "1 - (1 + r delta) / (1 + r (delta + spread + T))",
        forms.ttl_hits_with_loads(2 / LOAD, 2 * LOAD, LOAD),
        "--reads 1 --clients 400 --rate 20000 --store-latency 100us --ttl 200us --duration 2s",
        hit_ratio,
    )  # fmt: skip
    for writes in (50, 500):
        options = f"{alone} --reads {500 / (500 + writes):.12f} --rate {500 + writes} --ttl 10ms"
        yield Form(
            family, f"stale reads, r T = 5, w T = {writes / 100:g}",
            "r (T - (1 - e^(-wT)) / w) / (1 + r T)",
            forms.ttl_stale(500, writes, 10 * MILLISECOND), options, stale_fraction,
        )  # fmt: skip
        yield Form(
            family, f"stale age in ms a read, r T = 5, w T = {writes / 100:g}",
            "r (T^2 / 2 - (T - (1 - e^(-wT)) / w) / w) / (1 + r T)",
            1e3 * forms.ttl_stale_age(500, writes, 10 * MILLISECOND), options,
            lambda result: 1e3 * stale_age(result),
        )  # fmt: skip


def writes_that_erase():
    family = "erase on write"
    for reads, writes, ttl in ((500, 500, None), (900, 100, None), (900, 100, 10)):
        yield Form(
            family, f"hit ratio, r / w = {reads / writes:g}"
            + (f", w T = {writes * ttl / 1e3:g}" if ttl else ""),
            "x / (1 + x), x = r (1 - e^(-wT)) / w" if ttl else "r / (r + w)",
            forms.erase_hits(reads, writes, ttl * MILLISECOND if ttl else math.inf),
            f"--invalidate erase --clients 1 --reads {reads / 1e3:g} --rate 1000 "
            f"--ttl {f'{ttl}ms' if ttl else 'none'} --duration 100s", hit_ratio,
        )  # fmt: skip


def events():
    """Nodes that all read and write the key."""
    family = "events"
    for nodes, delay in ((2, 5), (8, 0.5), (8, 5), (8, 20)):
        reads, writes = 800, 100
        yield Form(
            family, f"stale reads, {nodes} nodes, w d = {writes * delay / 1e3:g}",
            "r / (r + w) (1 - e^(-(w + v) d)) v / (w + v), v = w (M - 1) / M: "
            "about (1 - e^(-2wd)) / 2",
            forms.bus_stale(reads, writes, nodes, delay * MILLISECOND),
            f"--invalidate event --event-delay {delay * 1e3:g}us --ttl none --nodes {nodes} "
            f"--clients {nodes} --reads {nodes * reads / (nodes * reads + writes):.12f} "
            f"--rate {nodes * reads + writes} --duration {120_000 // (nodes * reads)}s",
            stale_fraction,
        )  # fmt: skip


def write_behind():
    family = "write-behind"
    behind = "--strategy write_behind --reads 0 --clients 1"
    for delay in (1, 9):
        yield Form(
            family, f"coalescing, w D = {delay}", "1 + w D", forms.coalescing([1_000], delay / 1e3),
            f"{behind} --rate 1000 --flush-delay {delay}ms --duration 100s",
            writes_a_row,
        )  # fmt: skip
    rates = [1_000 * share for share in forms.zipf(1_000, 0.99)]
    many = f"{behind} --keys 1000 --rate 1000 --flush-delay 500ms --flush-batch 1"
    yield Form(
        family, "coalescing of 1,000 keys by Zipf's law", "sum w_i / sum (w_i / (1 + w_i D))",
        forms.coalescing(rates, 0.5), f"{many} --warmup 5s --duration 100s",
        writes_a_row,
    )  # fmt: skip
    yield Form(
        family, "rows of a batch, 100 keys, w D = 1", "1 + (K - 1)(1 - e^(-wD))",
        forms.rows_of_a_batch(100, 10, 0.1),
        f"{behind} --keys 100 --key-skew 0 --rate 1000 --flush-delay 100ms --flush-batch 100 "
        "--duration 100s",
        lambda result: result["store"]["writes"] / result["store"]["batches"],
    )  # fmt: skip
    yield from at_risk(family, f"{behind} --keys 5000 --flush-batch 1 --queue 100000")


def at_risk(family, behind):
    yield Form(
        family, "writes at risk without coalescing", "w D", 5_000,
        f"{behind} --no-coalescing --rate 20000 --flush-delay 250ms --duration 1s",
        lambda result: result["durability"]["exposure_writes_at_stop"],
    )  # fmt: skip
    many = f"{behind} --key-skew 0.3 --rate 20000 --flush-delay 250ms --duration 5s"
    rates = [20_000 * share for share in forms.zipf(5_000, 0.3)]
    yield Form(
        family, "keys at risk with coalescing", "sum w_i D / (1 + w_i D)",
        forms.keys_at_risk(rates, 0.25), many,
        lambda result: result["consistency"]["divergence"]["at_stop"]["store_lost"],
    )  # fmt: skip
    yield Form(
        family, "writes at risk with coalescing", "sum w_i D / (1 + w_i D) (1 + w_i D / 2)",
        forms.writes_at_risk(rates, 0.25), many,
        lambda result: result["durability"]["exposure_writes_at_stop"],
    )  # fmt: skip


def refresh():
    family, ttl = "refresh ahead", 20 * MILLISECOND
    for refresh_at, reads in ((0.5, 500), (0.8, 500), (0.8, 50)):
        options = (
            f"--strategy refresh_ahead --refresh-at {refresh_at:g} --reads 1 --clients 1 "
            f"--rate {reads} --ttl 20ms --duration {50_000 // reads}s"
        )
        setting = f"at {refresh_at:g} of T, r T = {reads * ttl:g}"
        yield Form(
            family, f"extra load, {setting}", "(T + 1/r) / (f T + 1/r): about 1 / f",
            forms.refresh_loads(reads, ttl, refresh_at), options,
            lambda result, reads=reads: result["store"]["reads"] / seconds(result)
            * (ttl + 1 / reads),
        )  # fmt: skip
        yield Form(
            family, f"loads that nobody waits for, {setting}", "1 - e^(-r (1 - f) T)",
            forms.refresh_wins(reads, ttl, refresh_at), options,
            lambda result: 1 - result["operations"]["read"]["by_outcome"]["miss"]["count"]
            / result["store"]["reads"],
        )  # fmt: skip


def queue():
    """Reads without a cache; of the waits for a server those are counted, too, that are 0."""
    family = "queue"
    for name, formula, value, options in (
        ("one server, half busy, equal service", "Pollaczek and Khinchine",
         forms.queue_wait(0.5, 1, 1), "--rate 50000 --store-latency 10us --store-servers 1"),
        ("one server, uniform service", "Pollaczek and Khinchine",
         forms.queue_wait(0.7, 1, 4 / 3),
         "--rate 70000 --store-latency uniform(0,20us) --store-servers 1"),
        ("four servers, equal service", "Crommelin",
         forms.queue_wait_of_servers(3.2, 1, 4),
         "--rate 320000 --store-latency 10us --store-servers 4"),
    ):  # fmt: skip
        rate = int(options.split()[1])
        yield Form(
            family, f"mean wait in services, {name}", formula, value,
            f"--strategy no_cache --reads 1 --clients 2000 {options} "
            f"--duration {60_000_000 // rate}ms",
            lambda result: result["store"]["queue_ns"]["mean"] / 1e4,
        )  # fmt: skip


def arrivals():
    """Reads without a cache, of an open loop with few clients: how long they wait for one."""
    family = "clients"
    for name, formula, value, rate, clients, latency in (
        ("one client, 80% busy, random service", "Erlang", forms.erlang_wait(0.8, 1, 1), 80, 1,
         "exponential(10ms)"),
        ("four clients, 80% busy, random service", "Erlang", forms.erlang_wait(3.2, 1, 4), 320, 4,
         "exponential(10ms)"),
        ("sixteen clients, 80% busy, random service", "Erlang", forms.erlang_wait(12.8, 1, 16),
         1280, 16, "exponential(10ms)"),
        ("one client, 60% busy, equal service", "Pollaczek and Khinchine",
         forms.queue_wait(0.6, 1, 1), 60, 1, "10ms"),
        ("four clients, 80% busy, equal service", "Crommelin",
         forms.queue_wait_of_servers(3.2, 1, 4), 320, 4, "10ms"),
    ):  # fmt: skip
        yield Form(
            family, f"mean wait in services, {name}", formula, value,
            f"--strategy no_cache --reads 1 --clients {clients} --rate {rate} "
            f"--store-latency {latency} --duration {200_000 // rate}s",
            lambda result: result["schedule"]["slip_ns"]["mean"] / 1e7,
        )  # fmt: skip


def races():
    yield Form(
        "races", "keys inverted by two writers, w m = 0.5",
        "1 - P(the last write to the store is the last to the cache): about w m / 6",
        forms.inversions(0.5),
        "--strategy write_through --ttl none --reads 0 --keys 4000 --key-skew 0 --clients 4000 "
        "--rate 400000 --store-latency uniform(0,10ms) --duration 100ms",
        lambda result: unlike_store(result) / 4_000,
    )  # fmt: skip


FAMILIES = (herd, early, expiry, writes_that_erase, events, write_behind, refresh, queue, arrivals,
            races)  # fmt: skip


def table():
    return [form for family in FAMILIES for form in family()]
