# SPDX-License-Identifier: Apache-2.0
"""The pictures of docs/scenarios.md: one a scenario, from its runs by name."""

import math

from matplotlib import ticker

from scenario_axes import line, milliseconds, note, run_of, seconds, stacked, thousands, title
from stalemark.common import durations, figures
from stalemark.common.chart_style import LIGHT, canvas, label_durations, label_values
from stalemark.common.palette import GREY, PALETTE

BLUE, RED, GREEN, ORANGE, SKY, PINK = PALETTE


def hot_key_expiry(runs):
    shown = {
        "--shield none": ("shield none: every reader who comes in the meantime loads", RED),
        "--shield lock": ("lock: one loads, the others wait for it", BLUE),
        "--shield early": ("early: one or a few reload before the end", GREEN),
        "--shield stale": ("stale: the old value is served while one reloads", ORANGE),
        "--strategy refresh_ahead": ("refresh_ahead: reloads at four fifths of the TTL", PINK),
    }
    drawn, grid = canvas(LIGHT, 5.4, len(shown), sharex=True, sharey=True)
    for axes, (name, (text, colour)) in zip(grid[:, 0], shown.items()):
        run = run_of(runs, name)
        for each in run.timeline:
            if most := each.get("concurrent_reads_max"):
                at = each["at_ns"] / 1e9
                axes.plot([at, at], [0.5, most], color=colour, linewidth=3, clip_on=False)
        title(axes, text, colour)
        axes.set(yscale="log", ylim=(0.5, 400), yticks=(1, 10, 100), xlim=(-0.8, 60))
        axes.yaxis.set_minor_locator(ticker.NullLocator())
        thousands(axes.yaxis)
    stacked(drawn, grid, "most loads of the key under way at once", "time [s]; the TTL is 10 s")
    return drawn


def cold_start(runs):
    shown = {
        "--strategy no_cache": ("no_cache", GREY),
        "--shield none": ("cache_aside", RED),
        "--strategy write_through": ("write_through", GREEN),
        "--shield lock": ("cache_aside with lock", BLUE),
    }
    drawn, (top, bottom) = canvas(LIGHT, 5.0, 2, sharex=True)
    for name, (_, colour) in shown.items():
        run = run_of(runs, name)
        line(top[0], run.rates("store_reads"), colour)
        line(bottom[0], run.response_p99(), colour)
    title(top[0], "store reads per second")
    title(bottom[0], "response p99 of the operations, from when they were due to the answer")
    top[0].set_ylim(bottom=0)
    thousands(top[0].yaxis)
    milliseconds(bottom[0])
    bottom[0].set_ylim(bottom=4)
    seconds(bottom[0])
    for place, x, y, name in (
        (top, 48, 960, "--strategy no_cache"),
        (top, 42.5, 560, "--shield none"),
        (top, 1, 130, "--shield lock"),
        (top, 14.5, 480, "--strategy write_through"),
        (bottom, 48, 15000, "--strategy no_cache"),
        (bottom, 43, 1500, "--shield none"),
        (bottom, 1, 6, "--shield lock"),
        (bottom, 14, 600, "--strategy write_through"),
    ):
        note(place[0], x, y, *shown[name])
    return drawn


def mass_expiry(runs):
    drawn, grid = canvas(LIGHT, 3.4)
    axes = grid[0][0]
    line(axes, run_of(runs, "--jitter 0").rates("store_reads"), RED)
    line(axes, run_of(runs, "--jitter 0.5").rates("store_reads"), BLUE)
    title(axes, "store reads per second")
    note(axes, 325, 11000, "all TTLs are 5 min", RED, ha="right")
    note(axes, 190, 5000, "TTLs from\n2.5 to 5 min", BLUE, ha="right")
    note(axes, 65, 15500, "the cache is loaded", LIGHT.ink)
    seconds(axes, 390)
    axes.set_ylim(bottom=0)
    thousands(axes.yaxis)
    return drawn


def flash_crowd(runs):
    shown = {
        "--strategy no_cache": ("no_cache", GREY),
        "--shield none": ("shield none", RED),
        "--shield stale": ("stale", ORANGE),
        "--shield lock": ("lock", BLUE),
    }
    drawn, grid = canvas(LIGHT, 6.2, 3, sharex=True)
    demand, load, wait = grid[:, 0]
    times, rate = run_of(runs, "--shield lock").rates("operations")
    demand.fill_between(times, rate, color=GREY, alpha=0.5, linewidth=0)
    demand.set_ylim(bottom=0)
    thousands(demand.yaxis)
    for name, (_, colour) in shown.items():
        run = run_of(runs, name)
        if name != "--strategy no_cache":
            line(load, run.rates("store_reads"), colour)
        line(wait, run.response_p99(), colour)
    title(demand, "operations per second")
    title(load, "store reads per second")
    title(wait, "response p99 of the operations, from when they were due to the answer")
    load.set_ylim(bottom=0)
    thousands(load.yaxis)
    milliseconds(wait)
    seconds(wait)
    note(load, 12, 760, "shield none; stale as well: there is nothing old to serve", RED)
    note(load, 12, 480, "lock", BLUE)
    note(wait, 20, 3000, "no_cache", GREY)
    note(wait, 12, 300, "shield none, stale", RED)
    return drawn


def popularity_drift(runs):
    drawn, grid = canvas(LIGHT, 6.2, 3, sharex=True)
    hits, load, stale = grid[:, 0]
    aside = run_of(runs, "--shield none")
    around = run_of(runs, "--strategy write_around")
    line(hits, share(aside, "hits"), BLUE)
    line(load, run_of(runs, "--strategy no_cache").rates("store_reads"), GREY)
    line(load, run_of(runs, "--strategy refresh_ahead").rates("store_reads"), PINK)
    line(load, aside.rates("store_reads"), BLUE)
    line(stale, share(around, "stale_reads"), RED)
    line(stale, share(aside, "stale_reads"), BLUE)
    title(hits, "operations answered by the cache: cache_aside", BLUE)
    title(load, "store reads per second")
    title(stale, "stale reads, share of the operations")
    for axes in (hits, stale):
        axes.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    for axes in grid[:, 0]:
        axes.set_ylim(bottom=0)
    thousands(load.yaxis)
    note(load, 1, 3250, "no_cache", GREY)
    note(load, 1, 1600, "refresh_ahead", PINK)
    note(load, 19, 1900, "cache_aside", BLUE)
    note(stale, 11, 0.16, "write_around", RED)
    note(stale, 19, 0.004, "cache_aside: 0%", BLUE)
    seconds(stale)
    return drawn


def share(run, name):
    times, part = run.rates(name)
    _, whole = run.rates("operations")
    return times, [some / every if every else float("nan") for some, every in zip(part, whole)]


def slow_store(runs):
    shown = {
        "--shield none": ("shield none: never recovers", RED),
        "--shield early": ("early: never recovers", GREEN),
        "--strategy refresh_ahead": ("refresh_ahead: never recovers", PINK),
        "--shield lock": ("lock: recovers", BLUE),
        "--strategy read_through": ("read_through: recovers", SKY),
        "--shield stale": ("stale: does not notice", ORANGE),
    }
    drawn, grid = canvas(LIGHT, 6.4, len(shown), sharex=True, sharey=True)
    top = 8000
    for axes, (name, (text, colour)) in zip(grid[:, 0], shown.items()):
        run = run_of(runs, name)
        times, answered = run.answered()
        edges = [*(at - run.interval_s / 2 for at in times), times[-1] + run.interval_s / 2]
        axes.stairs(answered, edges, fill=True, color=colour, alpha=0.75, linewidth=0)
        demand(axes, run)
        for spell in run.data["faults"]:
            axes.axvspan(
                spell["from_ns"] / 1e9, spell["to_ns"] / 1e9, color="#D8D8D8", zorder=0.5
            )
        title(axes, text, colour)
        axes.set(xlim=(0, 60), ylim=(0, top), yticks=(0, 3000, 6000))
        thousands(axes.yaxis)
        most = max(answered)
        if most > top:
            at = times[answered.index(most)]
            note(axes, at + 1.2, 6700, f"↑ {most:,.0f}: what had waited", LIGHT.ink)
    note(grid[0][0], 25, 8300, "store 20× slower", LIGHT.ink)
    stacked(drawn, grid, "reads answered per second (line: asked for)", "time [s]")
    return drawn


def demand(axes, run):
    """What was asked for, as a line of steps."""
    at, x, y = 0.0, [], []
    for phase in run.workload["phases"]:
        length = durations.seconds(phase["duration"])
        x += [at, at + length]
        y += [phase["rate"]] * 2
        at += length
    axes.plot(x, y, color=LIGHT.ink, linewidth=0.8)


def lost_events(runs):
    shown = {
        "--invalidate none": ("none: until the TTL ends", GREY),
        "--invalidate erase": ("erase: only the writer's node", PINK),
        "--invalidate event": ("event", RED),
        "--invalidate event --event-source log": ("event from the commit log", ORANGE),
        "--invalidate event --on-gap reconcile": ("on-gap reconcile", BLUE),
        "--invalidate event --on-gap clear": ("on-gap clear", GREEN),
    }
    drawn, grid = canvas(LIGHT, 4.4)
    axes = grid[0][0]
    left = {name: invisible(run_of(runs, name)) for name in shown}
    # A log axis has no zero: its end is the next power of ten below all that is more.
    least = min(share for points in left.values() for _, share in points if share > 0)
    exponent = math.ceil(math.log10(least)) - 1
    zero = 10.0**exponent
    for name, points in left.items():
        points = [(time, share or zero) for time, share in points]
        _, colour = shown[name]
        line(axes, tuple(zip(*points)), colour, marker="o", markersize=4, clip_on=False)
    axes.set(xscale="log", yscale="log", xlim=(0.9, 10000), ylim=(zero, 1.3))
    axes.set_xlabel("time since the write was acknowledged")
    axes.set_xticks([1, 10, 100, 1000, 10000])
    axes.set_yticks([10.0**power for power in range(0, exponent - 1, -1)])
    label_values(axes.yaxis, lambda value: "none" if value < 2 * zero else f"{100 * value:g}%")
    label_values(axes.xaxis, lambda value: figures.duration(value * 1e6))
    axes.xaxis.set_minor_locator(ticker.NullLocator())
    axes.yaxis.set_minor_locator(ticker.NullLocator())
    title(axes, "writes that some node's cache does not show yet")
    for x, y, name in (
        (11, 0.6, "--invalidate none"),
        (11, 0.36, "--invalidate erase"),
        (150, 0.0075, "--invalidate event"),
        (11, 0.21, "--invalidate event --event-source log"),
        (70, 0.0024, "--invalidate event --on-gap reconcile"),
        (3, 0.0007, "--invalidate event --on-gap clear"),
    ):
        note(axes, x, y, *shown[name])
    return drawn


def invisible(run):
    """[(milliseconds since the acknowledgement, share of the writes not seen everywhere)]"""
    within = run.data["consistency"]["visible_within"].items()
    points = [(1e3 * durations.seconds(time), 1 - seen) for time, seen in within]
    return [(time, share) for time, share in points if time > 0]


def near_cache_fleet(runs):
    shown = {
        "--invalidate none --layer-ttl restart": ("none, TTL restarts", GREY),
        "--invalidate none": ("none, expiry carried on", GREY),
        "--invalidate none --near-ttl 1s": ("none, near copies 1 s", GREY),
        "--invalidate erase": ("erase", PINK),
        "--invalidate erase --near-ttl 1s": ("erase, near copies 1 s", PINK),
        "--invalidate event --event-source log": ("event, from the log", ORANGE),
        "--invalidate event": ("event", BLUE),
        "--invalidate event --event-order event-first": ("event, event first", BLUE),
        "--invalidate event --event-check version": ("event, by version", BLUE),
        "--strategy write_through --invalidate event": ("write_through, event", GREEN),
    }
    drawn, (both,) = canvas(LIGHT, 3.6, 1, 2, sharey=True)
    shares, ages = both
    for place, (name, (_, colour)) in enumerate(shown.items()):
        told = run_of(runs, name).data["consistency"]
        lollipop(shares, place, told["stale_fraction"], 1e-5, colour)
        lollipop(ages, place, told["stale_age_ns"]["max"], 1e5, colour)
    shares.set_yticks(range(len(shown)), [text for text, _ in shown.values()])
    shares.set_ylim(len(shown) - 0.5, -0.5)
    shares.set(xlim=(1e-5, 1), xticks=(1e-4, 1e-2, 1))
    ages.set(xlim=(1e5, 1e11), xticks=(1e6, 1e8, 1e10))
    label_values(shares.xaxis, lambda value: f"{100 * value:g}%")
    label_durations(ages.xaxis)
    title(shares, "stale reads")
    title(ages, "age of the stalest")
    return drawn


def lollipop(axes, place, value, least, colour):
    axes.plot([least, value], [place, place], color=colour, linewidth=2)
    axes.plot([value], [place], color=colour, marker="o", markersize=6, clip_on=False)
    axes.set_xscale("log")
    axes.xaxis.set_minor_locator(ticker.NullLocator())


CHARTS = {
    draw.__name__: draw
    for draw in (
        hot_key_expiry, cold_start, mass_expiry, flash_crowd,
        popularity_drift, slow_store, lost_events, near_cache_fleet,
    )  # fmt: skip
}
