# SPDX-License-Identifier: Apache-2.0
"""The page in a browser: it draws what it should where it should, and its controls work.

Presence proves little: three wrong pictures of a prototype were all there. So these tests go by
geometry - the boxes of what is drawn, in the drawing's own colours - and by colour.
"""

import base64

import browser
import pytest
import rich_results
from conftest import REPOSITORY

from stalemark.common import figures, palette
from stalemark.report import table

pytestmark = pytest.mark.xdist_group("browser")  # They share what takes long to make.
KINDS = {"heat_map", "exposure", "predictions", "trade_off", "percentiles", "outcomes", "over_time",
         "herds"}  # fmt: skip
COLOURS = {colour.lower() for colour in (*palette.PALETTE, palette.GREY)} | {"#b03a00"}

# The boxes of all that is drawn in the colours of data, and of the grids, of every picture.
GEOMETRY = """
const colours = new Set(arguments[0]);
const plain = (text) => {
  const parts = (text ?? "").match(/^rgba?\\((\\d+), ?(\\d+), ?(\\d+)/);
  return parts ? "#" + parts.slice(1).map((n) => Number(n).toString(16).padStart(2, "0")).join("")
    : (text ?? "").toLowerCase();
};
const box = (rect) => [rect.left, rect.top, rect.right, rect.bottom];
return [...document.querySelectorAll(".chart")].map((place) => {
  const chart = echarts.getInstanceByDom(place), model = chart.getModel();
  const frame = place.querySelector("svg").getBoundingClientRect();
  const grids = model.queryComponents({ mainType: "grid" }).map((grid) => {
    const r = grid.coordinateSystem.getRect();
    return [frame.left + r.x, frame.top + r.y,
      frame.left + r.x + r.width, frame.top + r.y + r.height];
  });
  const all = [...place.querySelectorAll("svg path, svg circle, svg rect, svg line, svg polyline")]
    .filter((each) => !each.closest("defs"));
  const marks = all.filter((each) => ["fill", "stroke"].some((name) =>
    colours.has(plain(each.getAttribute(name))))).map((each) => box(each.getBoundingClientRect()));
  const fills = all.filter((each) => each.getBoundingClientRect().width > 20).map((each) =>
    [plain(each.getAttribute("fill")), box(each.getBoundingClientRect())]);
  const texts = [...place.querySelectorAll("svg text")].map((each) =>
    [each.textContent, box(each.getBoundingClientRect()), getComputedStyle(each).fill]);
  return { id: place.id, frame: box(frame), grids, marks, fills, texts,
    legend: box(place.closest("figure").querySelector(".legend").getBoundingClientRect()) };
});
"""


@pytest.fixture(scope="module", autouse=True)
def anew(loaded):
    """As other tests have not touched it."""
    loaded.show()


@pytest.fixture(scope="module")
def drawn(anew, loaded):
    return {each["id"]: each for each in loaded.run(GEOMETRY, sorted(COLOURS))}


def inside(box, frame, margin=1.0):
    return (frame[0] - margin <= box[0] and frame[1] - margin <= box[1]
            and box[2] <= frame[2] + margin and box[3] <= frame[3] + margin)  # fmt: skip


def overlap(one, other):
    return (one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3])


def test_it_loads_without_a_complaint_and_asks_nobody_for_anything(loaded, page_file):
    assert loaded.complaints() == []
    assert list(loaded.requests()) == [f"file://{page_file}"]


def test_there_is_a_picture_of_each_kind(drawn, data):
    assert {chart["kind"] for chart in data["charts"]} == KINDS
    assert set(drawn) == {chart["id"] for chart in data["charts"]}


def test_all_that_is_drawn_lies_in_its_grid(drawn):
    for name, picture in drawn.items():
        if name == "heat_map":
            continue  # Its colours are others; see below.
        assert len(picture["marks"]) >= 3, name
        outside = [
            mark for mark in picture["marks"]
            if not any(inside(mark, grid, margin=9) for grid in picture["grids"])
        ]  # fmt: skip
        assert outside == [], name


def test_an_axis_is_about_as_long_as_what_it_shows(drawn):
    """A wrong encoding stretches it: 0 to 180 for values to 8."""
    for name, picture in drawn.items():
        for grid in picture["grids"]:
            within = [mark for mark in picture["marks"] if inside(mark, grid, margin=9)]
            boxes = within or [box for _, box in picture["fills"] if inside(box, grid, margin=2)]
            wide = max(box[2] for box in boxes) - min(box[0] for box in boxes)
            high = max(box[3] for box in boxes) - min(box[1] for box in boxes)
            assert wide > 0.3 * (grid[2] - grid[0]), name
            assert high > 0.3 * (grid[3] - grid[1]) or name.endswith("herds"), name


def test_the_heat_map_tells_good_from_bad(drawn):
    picture = drawn["heat_map"]
    cells = [fill for fill, box in picture["fills"] if inside(box, picture["grids"][0], margin=2)]
    assert len(cells) == 2 * (1 + len(rich_results.PLANS))
    assert len(set(cells)) >= 3


def test_legends_and_scales_cover_no_picture(drawn):
    for name, picture in drawn.items():
        assert not overlap(picture["legend"], picture["frame"]), name
    heat = drawn["heat_map"]
    scale = [box for text, box, _ in heat["texts"] if text in ("best", "×32 or worse")]
    assert len(scale) == 2
    assert not any(overlap(box, heat["grids"][0]) for box in scale)


def test_axes_have_units(drawn):
    words = {"trade_off": ["read p99", "ms"], "percentiles": ["read latency", "99%", "µs"],
             "outcomes": ["share of the reads", "100%"], "over_time": ["time [s]"],
             "herds": ["time [s]"], "exposure": ["acknowledged writes in danger at once"],
             "predictions": ["measured / predicted"]}  # fmt: skip
    for name, picture in drawn.items():
        text = " ".join(text for text, _, _ in picture["texts"])
        for word in words.get(name.partition("-")[2] or name, []):
            assert word in text, name


def test_faults_are_shaded_where_they_were(loaded, drawn):
    grid = drawn["w0-over_time"]["grids"][0]
    band = next(box for fill, box in drawn["w0-over_time"]["fills"]
                if fill == "#b03a00" and inside(box, grid))  # fmt: skip
    share = [(edge - grid[0]) / (grid[2] - grid[0]) for edge in (band[0], band[2])]
    assert share == pytest.approx([0.3, 0.5], abs=0.03)
    assert "store-slow" in [text for text, _, _ in drawn["w0-over_time"]["texts"]]


def tables(page):
    return page.run("""
      for (const each of document.querySelectorAll("details.data")) each.open = true;
      return new Promise((done) => setTimeout(() => done(Object.fromEntries(
        [...document.querySelectorAll(".chart")].map((place) => [place.id,
          [...place.closest("figure").querySelectorAll("details.data tbody tr")].map((row) =>
            [...row.cells].map((cell) => cell.textContent))]))), 300));""")


def test_every_picture_has_a_table_with_the_same_numbers(loaded, data):
    found = tables(loaded)
    names = [protocol["label"] for protocol in data["protocols"]]
    for chart in data["charts"]:
        rows = found[chart["id"]]
        assert rows, chart["id"]
        by_name = {row[0]: row for row in rows}
        if chart["kind"] == "trade_off":
            for point in chart["points"]:
                shown = by_name[names[point["p"]]][1]
                assert shown.startswith(figures.duration(point["p99"]) + " (")
        if chart["kind"] == "percentiles":
            for line in chart["lines"]:
                shown = [cell.partition(" (")[0] for cell in by_name[names[line["p"]]][1:]]
                assert shown[: len(line["stops"])] == [
                    figures.duration(stop["ns"]) for stop in line["stops"]
                ]
        if chart["kind"] == "outcomes":
            for bar in chart["bars"]:
                texts = [figures.percent(bar["shares"][name]) for name in chart["outcomes"]]
                shown = by_name[names[bar["p"]]][1:]
                assert [cell.partition(" (")[0] for cell in shown] == texts
        if chart["kind"] in ("over_time", "herds"):
            kind = next(iter(chart["kinds"]))
            panels = chart["panels"]
            assert [float(row[0]) for row in rows] == panels[0]["at"]
            last = [float(cell.replace(",", "")) for cell in rows[-1][1:]]
            assert last == pytest.approx([each[kind][-1] for each in panels], rel=1e-3)
        if chart["kind"] == "exposure":
            assert [row[3].partition(" (")[0] for row in rows] == [
                f"{row['most']:,}" for row in chart["rows"]
            ]
        if chart["kind"] == "predictions":
            assert [float(row[3]) for row in rows] == [row["mean"] for row in chart["rows"]]
        if chart["kind"] == "heat_map":
            cells = {(cell[1], cell[0]): cell[2] for cell in chart["cells"]["read_p99"]}
            shown = {
                (names.index(row[0]), place): cell.partition(" (")[0]
                for row in rows for place, cell in enumerate(row[1:])
            }  # fmt: skip
            assert shown == {at: figures.duration(value) for at, value in cells.items()}


def test_what_is_drawn_is_what_the_data_says(loaded, data):
    """Asked of the drawing itself, not of the data that it was made from."""
    series = loaded.run("""const place = document.getElementById("w0-trade_off");
      const { series } = echarts.getInstanceByDom(place).getOption();
      return series.find((each) => each.type === "scatter").data.map(({ value }) => value)"""
    )
    points = next(c for c in data["charts"] if c["id"] == "w0-trade_off")["points"]
    assert [x for x, _ in series] == [point["p99"] for point in points]
    assert [y for _, y in series if y > 10**5] == [point["age"] for point in points if point["age"]]


def test_a_dark_screen_gets_dark_pictures(loaded):
    loaded.show(scheme="dark")
    ground = loaded.run("return getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(22, 24, 28)"
    for picture in loaded.run(GEOMETRY, sorted(COLOURS)):
        inks = {fill for text, _, fill in picture["texts"] if text in ("99%", "time [s]")}
        assert inks <= {"rgb(228, 228, 228)"}
    assert loaded.complaints() == []


def test_a_phone_shows_it_without_scrolling_sideways(loaded):
    loaded.show(width=browser.PHONE)
    assert loaded.run("return document.documentElement.scrollWidth") <= browser.PHONE
    for picture in loaded.run(GEOMETRY, sorted(COLOURS)):
        assert inside(picture["frame"], [0, -1e9, browser.PHONE, 1e9]), picture["id"]
        for grid in picture["grids"]:
            assert grid[2] - grid[0] > 120, picture["id"]
        for text, box, _ in picture["texts"]:
            assert inside(box, picture["frame"], margin=6), (picture["id"], text)


@pytest.mark.parametrize("width", [browser.PHONE, 768, 960])
def test_tables_that_have_no_room_are_cards(loaded, width):
    loaded.show(width=width)
    assert loaded.run("return document.documentElement.scrollWidth") <= width
    tables(loaded)  # Opens the numbers of the pictures.
    wide = loaded.run("""for (const each of document.querySelectorAll("details")) each.open = true;
      return [...document.querySelectorAll(".wide, pre")].filter((each) => each.offsetParent &&
        each.scrollWidth > each.clientWidth).map((each) =>
        each.closest("figure")?.id ?? each.getAttribute("aria-label") ?? each.tagName)""")
    assert wide == []
    heads = loaded.run("""const row = document.querySelector("table.matrix tbody tr");
      return [...row.querySelectorAll("td")].map((each) => each.dataset.head)""")
    assert heads == [column.title for column in table.COLUMNS]
    assert loaded.run("""return [...document.querySelectorAll("table.matrix tbody tr")]
      .filter((each) => each.hidden && each.offsetParent).length""") == 0


def test_paper_is_as_wide_as_the_matrix(loaded):
    loaded.show(width=718)  # A4 less its margins.
    loaded.command("Emulation.setEmulatedMedia", media="print", features=[])
    try:
        widths = loaded.run("""return [...document.querySelectorAll("table.matrix")].map((each) =>
          each.getBoundingClientRect().right)""")
    finally:
        loaded.command("Emulation.setEmulatedMedia", media="", features=[])
    assert widths and max(widths) <= 718


def test_paper_is_light_and_has_every_picture(driver, loaded):
    loaded.show(scheme="dark")
    loaded.run("""window.onpaper = [];
      addEventListener("beforeprint", () => {
        for (const each of document.querySelectorAll(".chart svg"))
          window.onpaper.push([each.getBoundingClientRect().width,
            getComputedStyle(each.querySelector("text")).fill]);
      });""")
    printed = base64.b64decode(loaded.command("Page.printToPDF", printBackground=False)["data"])
    assert printed.startswith(b"%PDF") and printed.count(b"/Type /Page\n") >= 3
    sizes = loaded.run("return window.onpaper")
    assert len(sizes) == len(loaded.run("return [...document.querySelectorAll('.chart')]"))
    assert all(width <= 680 for width, _ in sizes)
    assert {ink for _, ink in sizes} <= {"rgb(34, 34, 34)", "rgb(255, 255, 255)"}


def test_a_range_says_of_how_many_repetitions_it_is(loaded):
    words = (REPOSITORY / "scripts/stalemark/report/web/words.js").read_text()
    told = loaded.run(words + """
        const points = [{ age_range: [0, 2e6], age_of: [3, 4] }, { age_of: [1, 4] }, {}];
        return points.map((each) => between(each, "age", duration)).join("|");
    """)
    assert told == " (0 ns to 2 ms, of 3 of 4 repetitions)| (of 1 of 4 repetitions)|"
