# SPDX-License-Identifier: Apache-2.0
"""The pictures that are written as files show what the results say."""

import json
import struct
import warnings

import pytest
import synthetic
from synthetic import Plan

import chart_style
import charts
import results

PLANS = [
    Plan("cache_aside", read=0.2, throughput=3, jitter=0.02, stale_reads=2, stale_age_ns=10**6),
    Plan("write_behind", read=0.2, write=0.3, throughput=4, jitter=0.02, exposure=100),
]
PICTURES = ["percentiles", "throughput", "trade_off", "outcomes", "timeline"]


def test_they_lie_beside_the_page_if_they_are_asked_for(call, tmp_path):
    folder = synthetic.suite(tmp_path / "results", PLANS, repetitions=3)
    assert call("report.py", folder, "--out", tmp_path / "out").returncode == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["report.html"]
    assert call("report.py", folder, "--out", tmp_path / "out", "--png").returncode == 0
    for name in PICTURES:
        data = (tmp_path / "out" / f"zipf.{name}.png").read_bytes()
        width, height = struct.unpack(">II", data[16:24])
        assert width == 864 and height > 200


def test_pictures_without_data_are_left_out(call, tmp_path):
    def forget(data):
        for name in ("timeline", "histograms", "consistency"):
            del data[name]
        del data["operations"]["read"]["by_outcome"]

    folder = synthetic.suite(tmp_path / "results", PLANS[:1], repetitions=3, bend=forget)
    outcome = call("report.py", folder, "--out", tmp_path / "out", "--png")
    assert outcome.returncode == 0, outcome.stderr
    assert [path.name for path in (tmp_path / "out").glob("*.png")] == ["zipf.throughput.png"]


def test_of_many_protocols_as_many_are_drawn_as_can_be_told_apart(tmp_path, monkeypatch):
    import report

    plans = [Plan("cache_aside", protocol={"knob": number}) for number in range(20)]
    folder = synthetic.suite(tmp_path / "results", plans, repetitions=1)
    (group,) = results.group(results.load([folder]))
    shown = []
    monkeypatch.setattr(charts, "CHARTS", [lambda rows, *_: shown.append(list(rows))])
    report.write_pictures([group], list(group.rows), tmp_path)
    assert [len(labels) for labels in shown] == [charts.MOST]


def test_a_picture_shows_the_planted_values(tmp_path):
    folder = synthetic.suite(tmp_path / "results", PLANS, repetitions=3)
    (group,) = results.group(results.load([folder]))
    styles = chart_style.styles_of(group.rows)

    drawn = charts.throughput(group.rows, styles, chart_style.LIGHT)
    markers = [line for line in drawn.axes[0].lines if line.get_marker() != "None"]
    centres = [float(line.get_xdata()[0]) for line in markers]
    assert centres == pytest.approx([3, 4], rel=0.01)

    drawn = charts.trade_off(group.rows, styles, chart_style.LIGHT)
    shown = {line.get_label(): float(line.get_ydata()[0]) for line in drawn.axes[0].lines}
    assert shown["cache_aside"] == pytest.approx(0.002)
    assert shown["write_behind"] == shown["no_cache"] < 0.001  # Zeros: below all that is seen.

    drawn = charts.outcomes(group.rows, styles, chart_style.LIGHT)
    widths = [bar.get_width() for bar in drawn.axes[0].patches]
    assert sorted(widths) == pytest.approx(sorted([0, 0, 1, 0.8, 0.8, 0, 0.2, 0.2, 0]))


def test_an_age_that_nobody_measured_is_not_drawn(tmp_path):
    def forget(data):
        data["consistency"].pop("stale_age_ns", None)

    folder = synthetic.suite(tmp_path / "results", PLANS, repetitions=1, bend=forget)
    (group,) = results.group(results.load([folder]))
    styles = chart_style.styles_of(group.rows)
    shares, ages = charts.trade_off(group.rows, styles, chart_style.LIGHT).axes
    assert {line.get_label() for line in shares.lines} == {*group.rows}
    assert {line.get_label() for line in ages.lines} == {"no_cache", "write_behind"}


def test_lines_show_the_planted_values(tmp_path):
    folder = synthetic.suite(tmp_path / "results", PLANS[:1], repetitions=2)
    first = folder / "zipf.cache_aside.0.json"
    data = json.loads(first.read_text())
    data["timeline"] = [{"at_ns": at * 10**8, "operations": 100 + at} for at in range(3)]
    data["histograms"]["read"] = "100:9000 120:980 130:15 140:5"
    first.write_text(json.dumps(data))
    (folder / "zipf.cache_aside.1.json").unlink()
    (group,) = results.group(results.load([folder]))
    styles = chart_style.styles_of(group.rows)

    drawn = charts.timeline(group.rows, styles, chart_style.LIGHT)
    assert list(drawn.axes[1].lines[0].get_ydata()) == [1000, 1010, 1020]
    assert list(drawn.axes[1].lines[0].get_xdata()) == pytest.approx([0, 0.1, 0.2])

    # A last interval that the run's end cut short is not drawn as a drop.
    data["elapsed_ns"] = 2 * 10**8 + 10**6
    first.write_text(json.dumps(data))
    (group,) = results.group(results.load([folder]))
    drawn = charts.timeline(group.rows, styles, chart_style.LIGHT)
    assert list(drawn.axes[1].lines[0].get_ydata()) == [1000, 1010]

    drawn = charts.percentiles(group.rows, styles, chart_style.LIGHT)
    line = next(each for each in drawn.axes[0].lines if each.get_label() == "cache_aside")
    assert list(line.get_xdata()) == pytest.approx([10, 500])  # 90% and 99.8%.
    assert list(line.get_ydata()) == [100, 120]


def test_no_two_protocols_look_alike():
    styles = chart_style.styles_of(["no_cache", *(f"protocol {number}" for number in range(20))])
    looks = {(style.colour, style.stroke) for style in styles.values()}
    assert len(looks) == 21


def test_a_legend_of_many_lines_leaves_the_picture_its_room():
    drawn, grid = chart_style.canvas(chart_style.LIGHT, 4.2)
    for number in range(80):
        grid[0][0].plot([0, 1], [number, number], label=f"refresh_ahead+lock number={number}")
    chart_style.legend(drawn, grid[0][0], chart_style.LIGHT)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn.draw_without_rendering()
    assert grid[0][0].get_position().height * drawn.get_figheight() > 2
    box = drawn.legends[0].get_window_extent()
    assert box.x0 >= 0 and box.x1 <= drawn.bbox.x1
