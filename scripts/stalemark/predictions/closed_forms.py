# SPDX-License-Identifier: Apache-2.0
"""What mathematics says of a cache: the closed forms that the instrument is held against.

Rates are per second and durations seconds, or both in any other unit. Reads and writes of a key
come at random (Poisson) in all.
"""

import math

from scipy import integrate, stats

EULER = 0.5772156649015329


def herd(reads_a_load):
    """Loads per expiry without a shield: the first, and each other read that comes before it is
    over."""
    return 1 + reads_a_load


def herd_of_nodes(reads_a_load, nodes):
    """Loads per expiry where each node has one load under way at most."""
    return 1 + (nodes - 1) * -math.expm1(-reads_a_load / nodes)


def early_loads(reads_a_load, beta):
    """Loads per expiry with early reloads (XFetch): e^(1/beta), where the first is certain to come
    a load's time or more before the expiry.

    The number of loads that a first one at gap g before the expiry would have been expected to
    have before it is exponential with mean 1; `more` is that of those to come while it loads."""
    x = reads_a_load

    def early(before):
        return math.exp(-before) * before * math.expm1(1 / beta)

    def late(before):  # The expiry comes while it loads; then every read loads.
        gap = beta * math.log(x * beta / before)
        return math.exp(-before) * (x * beta - before + x * (1 - gap))

    border = x * beta * math.exp(-1 / beta)
    return (1 + integrate.quad(early, 0, border)[0] + integrate.quad(late, border, x * beta)[0]
            + math.exp(-x * beta) * x)  # fmt: skip


def early_gap(reads_a_load, beta, load):
    """Mean time from the first early reload to the expiry (XFetch): the mean of a Gumbel."""
    return beta * load * (math.log(reads_a_load * beta) + EULER)


def early_cycle_without_gap(ttl, beta, load):
    """Mean time between two first reloads, and the gap. The entry's life begins with the last of
    the loads, which begins tanh(1/(2 beta)) loads after the first, on average."""
    return ttl + load * (1 + math.tanh(1 / (2 * beta)))


def ttl_hits(reads, ttl):
    """Hit ratio where only the TTL ends an entry, and loads take no time."""
    return reads * ttl / (1 + reads * ttl)


def ttl_hits_with_loads(reads, ttl, load):
    """...and where they take `load`, and each read that misses loads. The life begins with the
    last load; its begin after the first is `spread`, on average."""
    spread = load + math.expm1(-reads * load) / reads
    return 1 - herd(reads * load) / (1 + reads * (load + spread + ttl))


def ttl_stale(reads, writes, ttl):
    """Share of reads that are stale where only the TTL ends an entry."""
    fresh = -math.expm1(-writes * ttl) / writes
    return reads * (ttl - fresh) / (1 + reads * ttl)


def ttl_stale_age(reads, writes, ttl):
    """Mean over all reads of how long their value has been replaced, likewise."""
    fresh = -math.expm1(-writes * ttl) / writes
    return reads * (ttl * ttl / 2 - (ttl - fresh) / writes) / (1 + reads * ttl)


def erase_hits(reads, writes, ttl=math.inf):
    """Hit ratio where each write erases the entry."""
    hits = reads * -math.expm1(-writes * ttl) / writes
    return hits / (1 + hits)


def bus_stale(reads, writes, nodes, delay):
    """Share of stale reads where a node's own writes drop its copy at once, those of others after
    `delay`, and the next read reloads it; `reads` are a node's, `writes` those of all. Of many
    nodes and reads it is (1 - e^(-2 w d)) / 2."""
    others = writes * (nodes - 1) / nodes
    both = writes + others
    return reads / (reads + writes) * others / both * -math.expm1(-both * delay)


def zipf(keys, theta):
    """Shares of the keys."""
    weights = [rank**-theta for rank in range(1, keys + 1)]
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def coalescing(rates, delay):
    """Writes for each row stored, where a key's change waits for `delay` and later ones replace it
    meanwhile: for one key 1 + w D."""
    return math.fsum(rates) / math.fsum(w / (1 + w * delay) for w in rates)


def rows_of_a_batch(keys, writes, delay):
    """Keys in a batch that takes along all that waits when the oldest has waited for `delay`;
    `writes` are those of a key."""
    return 1 + (keys - 1) * -math.expm1(-writes * delay)


def keys_at_risk(rates, delay):
    """Keys whose newest acknowledged value the store lacks, of changes that are coalesced."""
    return math.fsum(w * delay / (1 + w * delay) for w in rates)


def writes_at_risk(rates, delay):
    """Acknowledged writes that the store lacks, of changes that are coalesced."""
    return math.fsum(w * delay / (1 + w * delay) * (1 + w * delay / 2) for w in rates)


def refresh_loads(reads, ttl, refresh_at):
    """Loads of a refreshed entry for each that its TTL alone would cost: 1 / refresh_at where
    there are many reads."""
    return (ttl + 1 / reads) / (refresh_at * ttl + 1 / reads)


def refresh_wins(reads, ttl, refresh_at):
    """Share of the loads that no reader waited for."""
    return -math.expm1(-reads * (1 - refresh_at) * ttl)


def queue_wait(arrivals, service, service_squared):
    """Mean wait for one server (Pollaczek, Khinchine); of the service its mean and mean square."""
    return arrivals * service_squared / (2 * (1 - arrivals * service))


def erlang_wait(arrivals, service, servers):
    """Mean wait for one of `servers` whose times are exponential, of mean `service` (Erlang
    1917)."""
    load = arrivals * service
    terms = [load**k / math.factorial(k) for k in range(servers)]
    all_busy = load**servers / math.factorial(servers) * servers / (servers - load)
    return all_busy / (sum(terms) + all_busy) * service / (servers - load)


def queue_wait_of_servers(arrivals, service, servers):
    """Mean wait for one of `servers` that take equally long (Crommelin 1932)."""
    load, total = arrivals * service, 0.0
    for lap in range(1, 10_000):
        first = lap * servers
        term = stats.poisson.sf(first - 1, lap * load) - servers / load * stats.poisson.sf(
            first, lap * load
        )
        total += term
        if term < 1e-15:
            break
    return service * total


def inversions(writes):
    """Share of the keys that are cached wrongly when the writers have stopped, where each write
    takes a uniform time of up to 1 to the store and the same time again to the cache; `writes`
    are those of a key per 1. About writes / 6.

    A write that begins `age` before the stop and takes x, 2x is the last to reach the store, and
    the cache, if no other one is later in either: `rivals` are expected to be."""

    def chance(age, x):
        stored, cached = x - age, 2 * x - age
        border = max(0, stored)
        rivals = ((x - stored) ** 2 - (border - stored) ** 2) / 2
        border = max(x, cached / 2)
        rivals += ((2 - cached) ** 2 - (2 * border - cached) ** 2) / 4
        return writes * math.exp(-writes * rivals)

    return 1 - integrate.dblquad(chance, 0, 1, 0, 2 + 30 / writes)[0]
