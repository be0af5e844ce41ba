"""The page holds the matrix and its pictures, and nothing from outside itself."""

import base64
import html.parser
import json
import re
import struct
import warnings

import pytest
import synthetic
from synthetic import Plan

PLANS = [
    Plan("cache_aside", read=0.2, throughput=3, jitter=0.02, stale_reads=2, stale_age_ns=10**6),
    Plan("write_behind", read=0.2, write=0.3, throughput=4, jitter=0.02, exposure=100),
]
PICTURES = ["percentiles", "throughput", "trade_off", "outcomes", "timeline"]


class Tags(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, name):
        return [attributes for tag, attributes in self.found if tag == name]


def report_of(call, folder, out):
    outcome = call("report.py", folder, "--out", out)
    assert outcome.returncode == 0, outcome.stderr
    return (out / "report.html").read_text()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A report, made once: {page, its tags, its folder}."""
    import subprocess

    from conftest import SCRIPTS

    folder = tmp_path_factory.mktemp("report")
    synthetic.suite(folder / "results", PLANS, repetitions=3)
    subprocess.run([SCRIPTS / "report.py", folder / "results", "--out", folder / "out"], check=True)
    page = (folder / "out" / "report.html").read_text()
    return page, Tags(page), folder / "out"


def test_nothing_is_asked_of_a_network(built):
    page, tags, _ = built
    sources = [attributes.get("src", attributes.get("srcset")) for attributes in tags.of("img")]
    sources += [attributes["srcset"] for attributes in tags.of("source")]
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert not tags.of("script") and not tags.of("link")
    assert "http://" not in page and "https://" not in page
    assert "default-src 'none'" in page


def test_every_picture_has_words_and_a_dark_twin(built):
    _, tags, _ = built
    assert len(tags.of("img")) == len(tags.of("source")) == len(PICTURES)
    for light, dark in zip(tags.of("img"), tags.of("source")):
        assert len(light["alt"]) > 20
        assert dark["media"] == "(prefers-color-scheme: dark)"
        light_svg, dark_svg = (
            base64.b64decode(uri.split(",")[1]).decode() for uri in (light["src"], dark["srcset"])
        )
        assert "#16181c" in dark_svg and "#16181c" not in light_svg


def test_the_pictures_lie_beside_the_page_as_files(built):
    _, _, out = built
    for name in PICTURES:
        data = (out / f"zipf.{name}.png").read_bytes()
        width, height = struct.unpack(">II", data[16:24])
        assert width == 864 and height > 200


def test_the_matrix_is_a_table_with_a_row_a_protocol(built):
    page, tags, _ = built
    rows = [attributes for attributes in tags.of("th") if attributes.get("scope") == "row"]
    assert len(rows) == 2 * 3  # Over all workloads, and for the one there is.
    assert "&#34;Eventual (TTL)&#34;" in page


def test_the_command_that_repeats_a_run_is_there(built):
    assert "stalemark run zipf --strategy write_behind" in built[0]


def test_the_same_results_give_the_same_page(call, tmp_path):
    folder = synthetic.suite(tmp_path / "results", PLANS[:1], repetitions=1)
    pages = [report_of(call, folder, tmp_path / name) for name in ("a", "b")]
    assert pages[0] == pages[1]


def test_pictures_without_data_are_left_out(call, tmp_path):
    def forget(data):
        for name in ("timeline", "histograms", "consistency"):
            del data[name]
        del data["operations"]["read"]["by_outcome"]

    folder = synthetic.suite(tmp_path / "results", PLANS[:1], repetitions=3, bend=forget)
    report_of(call, folder, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").glob("*.png")] == ["zipf.throughput.png"]


def test_names_are_text_and_never_markup(call, tmp_path):
    def rename(data):
        data["configuration"]["workload"]["name"] = "</pre><script>alert(1)</script>"

    folder = synthetic.suite(tmp_path / "results", PLANS[:1], repetitions=1, bend=rename)
    page = report_of(call, folder, tmp_path / "out")
    assert not Tags(page).of("script")
    assert "&lt;script&gt;" in page


def test_a_picture_shows_the_planted_values(tmp_path):
    import chart_style
    import charts
    import results

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
    import chart_style
    import charts
    import results

    def forget(data):
        data["consistency"].pop("stale_age_ns", None)

    folder = synthetic.suite(tmp_path / "results", PLANS, repetitions=1, bend=forget)
    (group,) = results.group(results.load([folder]))
    styles = chart_style.styles_of(group.rows)
    shares, ages = charts.trade_off(group.rows, styles, chart_style.LIGHT).axes
    assert {line.get_label() for line in shares.lines} == {*group.rows}
    assert {line.get_label() for line in ages.lines} == {"no_cache", "write_behind"}


def test_lines_show_the_planted_values(tmp_path):
    import chart_style
    import charts
    import results

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
    import chart_style

    styles = chart_style.styles_of(["no_cache", *(f"protocol {number}" for number in range(20))])
    looks = {(style.colour, style.stroke) for style in styles.values()}
    assert len(looks) == 21


def test_the_embedded_setting_is_that_of_the_results(built):
    setting = re.findall(r"<pre>(\{.*?\})</pre>", built[0], re.DOTALL)[0]
    assert json.loads(setting.replace("&#34;", '"'))["clients"] == 4


def test_a_legend_of_many_lines_leaves_the_picture_its_room():
    import chart_style

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
