# SPDX-License-Identifier: Apache-2.0
"""How often a race happens, by mathematics.

Rates are per second and times are seconds. Reads and writes of a key come at random (Poisson).
The trip of a call of the store is exponential with mean `load`, and half of it lies before the
instant at which the store acts: a value is `load` / 2 old when its reader has it, on average, and
a writer needs as long from its change to its next step.
"""

import math

from scipy import integrate

from stalemark.predictions import closed_forms


def overtaken(rate, load):
    """Chance that somebody else acts and is done within one half-trip, where others begin at
    `rate` and need a half-trip themselves: 1 - E e^(-rate (s - m (1 - e^(-s/m)))), m = load / 2,
    s exponential of mean m. About rate * load / 4."""
    mean = load / 2

    def none(s):
        return math.exp(-s - rate * mean * (s + math.expm1(-s)))

    return 1 - integrate.quad(none, 0, math.inf)[0]


def overtaken_fill(reads, writes, load):
    """Stale reads: a miss leaves an old copy with overtaken(), and the next write ends it."""
    return reads / (reads + writes) * overtaken(writes, load)


def early_fill(reads, writes, load):
    """...where the copy is erased first. A reader comes after the erase and asks the store before
    its change; or it missed already, asks before the change and fills after the erase."""
    missing = reads / (reads + writes)
    return missing * (overtaken(reads, load) + 3 * writes * load / 4)


def inverted_stores(writes, load):
    """Keys wrong at rest where writers set the copy at once and the store a half-trip later: the
    last to begin is not the last to be stored. Exact."""
    x = writes * load / 2
    return 1 + math.expm1(-x) / x


def inverted_writers(writes, half):
    """...where they go to the store and then to the cache; trips uniform up to 2 * `half`."""
    return closed_forms.inversions(writes * half)


def lost_erase(reads, writes, spell):
    """Keys wrong at rest: their copy is there when the spell begins, and they are written in it.
    Exact."""
    return reads / (reads + writes) * -math.expm1(-writes * spell)


def fill_after_tombstone(reads, writes, load, tombstone):
    """As overtaken_fill(), of a half-trip longer than the other and `tombstone` together."""
    return overtaken_fill(reads, writes, load) * math.exp(-2 * tombstone / load)


def fill_after_forgetting(reads, writes, load, keys):
    """...than the other and the time until another key is noted, which is exponential."""
    notes = (keys - 1) * writes * load / 2
    return overtaken_fill(reads, writes, load) * notes / (1 + notes)


def after_lock(writes, load, lock):
    """Chance that a writer who had to wait for the lock, or came after its end, is done before
    the first holder, and reaches the store after it. For few writes."""
    end = math.exp(-lock / load)
    waited = lock / 2 * (end - end * end)
    came_later = load / 2 * end - load / 4 * end * end
    return writes * (waited + came_later)


def fill_after_lock(reads, writes, load, lock):
    return reads / (reads + writes) * after_lock(writes, load, lock)


def evicted_from_queue(reads, writes, delay, ttl, blind=1.0):
    """Stale reads where the copy ends before the flush, which is at most two TTLs after the write.
    `blind`: the share of readers who cannot look into the queue. For few writes."""
    loads = -math.expm1(-reads * blind * (delay - ttl))
    return writes / reads * loads * (1 + reads * ttl)


def slow_fill(reads, writes, load, ttl):
    """Stale reads where a miss is only after an expiry, and a write reaches the cache at once:
    one that comes in the whole trip is hidden, until the next or the end of the entry."""
    overtaking = writes * load / (1 + writes * load)
    lasts = -math.expm1(-writes * ttl) / writes
    alive = math.expm1(writes * ttl) / writes
    cycle = load + (reads + writes) / reads * alive + 1 / reads
    return overtaking * (1 + reads * load) * lasts / cycle


def overtaken_reload(reads, writes, load, ttl, refresh_at):
    """Stale reads of an entry that is reloaded from refresh_at * ttl on, of trips that are all
    equal and shorter than what is left of the TTL then. A write replaces the value for sure if it
    began after the value's own was acknowledged: a trip after its change."""
    period = load + refresh_at * ttl + 1 / reads

    def stale(hidden):  # In a period: any write from `hidden` after the store was asked on.
        left = period - hidden
        return left + math.expm1(-writes * left) / writes

    def young(hidden):  # The value itself was written so that others overlap until then.
        return writes * math.exp(-writes * (load - hidden)) * stale(hidden)

    old = math.exp(-writes * load) * stale(0)
    return (old + integrate.quad(young, 0, load)[0]) / period


def near_refill(reads, writes, trip, nodes):
    """Stale reads where the event comes before the erase in the shared cache: `reads` are a
    node's, `writes` those of all. Others' writes race, and any write ends it."""
    return (nodes - 1) / nodes * overtaken(reads, trip)


def lost_event(reads, writes, nodes, lost):
    """Stale reads where an event takes no time and is lost with this chance. Exact."""
    others = writes * (nodes - 1) / nodes * lost
    dropping = writes - others
    return reads / (reads + dropping) * others / writes


def unseen_write_of_a_node(reads, writes, nodes, ttl):
    """Stale reads of a node's copy, which its own writes and the TTL end. Exact."""
    own = writes / nodes
    hits = reads * -math.expm1(-own * ttl) / own
    fresh = reads * -math.expm1(-writes * ttl) / writes
    return (hits - fresh) / (1 + hits)


def restarted_ttl(reads, writes, near, **_):
    """Stale reads of a node that keeps a copy near for `near`, fetches it once more from a shared
    entry that lives one and a half times as long, and begins its life anew."""
    fresh = -math.expm1(-writes * near) / writes
    later = reads / (reads + writes) * math.exp(-writes * near)  # Fresh yet when it is fetched.
    first = reads * (near - fresh)
    second = 1 - later + reads * (near - later * fresh)
    return (first + second) / (2 + 2 * reads * near)


def late_delete(reads, writes, delay):
    """Stale reads where the copy is deleted so long after the acknowledgement. Exact."""
    return reads / (reads + writes) * -math.expm1(-2 * writes * delay) / 2


def negative_entry(reads, inserts, deletes, load):
    """Stale reads of an absence that only a write or a delete ends; rows are never cached."""
    changes = inserts + deletes
    absent = deletes * reads / (reads + changes)
    return absent * inserts * load / 4 / changes


def keys_behind(writes, delay, trip):
    """Keys whose newest acknowledged value is not in the store: of a change that waits for
    `delay` and takes along what comes meanwhile, then half a trip that is always equal. Exact."""
    return 1 - math.exp(-writes * trip / 2) / (1 + writes * delay)


def writes_lost(writes, delay, trip):
    """Acknowledged writes that only the queue has, each for `delay` and half a trip (Little's
    law). Exact."""
    return writes * (delay + trip / 2)


def late_batch(writes, load, timeout, pause):
    """Stale reads of the store, and not of a cache: a call that was left at `timeout` is sent
    again after `pause` and succeeds, a newer value is stored, and then the first call lands; the
    next write ends it. Where calls that are left twice in a row are few."""
    left = math.exp(-timeout / load)
    trip = 2 / load

    def taken(x):  # The second call takes x; the newer write is waiting then, or comes after it.
        waited = math.exp(-writes * (timeout + pause + x))
        return math.exp(-x / load - trip * x) / load * (1 - waited * trip / (writes + trip))

    first_is_later = math.exp(-trip * (timeout + pause)) * integrate.quad(taken, 0, timeout)[0]
    third_is_faster = 1 / (2 + writes * load / 2)  # And no other write comes before it lands,
    none_after = 1 / (1 + writes * load / 2)  # nor before the first does.
    sent = -math.expm1(-timeout / load - writes * timeout) / (1 + writes * load)
    none_meanwhile = sent / (1 - left * math.exp(-writes * (timeout + pause)))
    batches = 1 / (load + left * pause / (1 - left) + none_meanwhile / writes)
    harmed = batches / (1 - left) * first_is_later * third_is_faster * none_after
    return harmed / writes


def unordered_queues(writes, load, nodes=2):
    """Keys wrong in the store at rest, of two nodes whose flushers are always busy: a change waits
    for an exponential time, then for a half-trip. The other node's write before the last, which is
    exponential ago, must be stored later. Exact."""
    other = writes / nodes
    first = other * load / (1 + other * load)
    second = other * load / (2 + other * load)
    return 2 / 3 * first - second / 6


def joined_load(reads, writes, load):
    """Stale reads for each read of the store: those that come after a write was acknowledged and
    join a load that asked before it. About reads * writes * load^2 / 8."""
    mean = load / 2

    def reached(z):  # Density of the reads that come z after the load has asked the store.
        return math.exp(-z) * -math.expm1(-writes * mean * (z + math.expm1(-z)))

    return reads * mean * integrate.quad(reached, 0, math.inf)[0]
