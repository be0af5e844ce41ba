# SPDX-License-Identifier: Apache-2.0
"""Sorting, choosing, keys and links of the page in a browser, and names that try to be markup."""

import pytest
import rich_results

pytestmark = pytest.mark.xdist_group("browser")  # They share what takes long to make.


@pytest.fixture(scope="module", autouse=True)
def anew(loaded):
    """As other tests have not touched it."""
    loaded.show()


def order(page):
    return page.run("""return [...document.querySelector("table.matrix").tBodies[0].rows]
      .filter((row) => !row.hidden).map((row) => row.cells[0].querySelector("a").textContent)""")


def press(page, title):
    page.run("""[...document.querySelector("table.matrix").tHead.querySelectorAll("button")]
      .find((each) => each.textContent === arguments[0]).click()""", title)  # fmt: skip


def test_a_click_on_a_column_sorts_by_it_best_first_then_worst_first(loaded):
    press(loaded, "Read p50")
    first = order(loaded)
    assert first[:2] == ["write_behind flush_delay=100ms", "write_behind flush_delay=1ms"]
    assert first[2:] == ["cache_aside", "write_through", "cache_aside+lock", rich_results.HOSTILE,
                         "no_cache"]  # fmt: skip
    press(loaded, "Read p50")
    assert order(loaded) == first[::-1]
    press(loaded, "Throughput")  # Of which more is better.
    assert order(loaded)[-1] == "no_cache" and order(loaded)[0].startswith("write_behind")
    states = loaded.run("""return [...document.querySelector("table.matrix").tHead.rows[0].cells]
      .map((each) => each.getAttribute("aria-sort")).filter(Boolean)""")
    assert states == ["descending"]


def choose(page, **values):
    page.run("""const form = document.getElementById("choice");
      for (const [name, value] of Object.entries(arguments[0])) form.elements[name].value = value;
      form.dispatchEvent(new Event("input", { bubbles: true }));""", values)  # fmt: skip


def test_the_choice_is_followed_by_tables_and_pictures(loaded):
    choose(loaded, text="BEHIND")
    assert len(order(loaded)) == 2 and all("write_behind" in each for each in order(loaded))
    points = """return echarts.getInstanceByDom(document.getElementById("w0-outcomes"))
      .getOption().yAxis[0].data"""
    assert len(loaded.run(points)) == 2
    assert "2 of 7" in loaded.run(
        "return document.querySelector('#w0-outcomes-figure .left-out').textContent")
    choose(loaded, text="", shield="lock")
    assert order(loaded) == ["cache_aside+lock"]
    choose(loaded, text="nothing has this name")
    assert order(loaded) == []
    loaded.run("document.getElementById('choice').reset()")
    loaded.run("return new Promise((done) => setTimeout(done, 300))")
    assert len(order(loaded)) == 7


def curves(page, name):
    """The names of those that a picture draws."""
    return page.run("""const place = document.getElementById(arguments[0]);
      const { series } = echarts.getInstanceByDom(place).getOption();
      return series.filter((each) => each.type === "line").map(({ name }) => name)""", name)


def note_of(page, name):
    (note,) = page.texts(f"#{name}-figure .left-out")
    return note


def pick(page, name, label):
    """Presses what has this label below the picture; answers whether it keeps the focus."""
    return page.run("""const box = document.querySelector(`#${arguments[0]}-figure .picks`);
      box.open = true;
      const found = [...box.querySelectorAll("button, label")].find(
        (each) => each.textContent === arguments[1]);
      const pressed = found.querySelector("input") ?? found;
      pressed.focus();
      pressed.click();
      return document.activeElement === pressed""", name, label)


@pytest.mark.parametrize("name", ["w0-percentiles", "w0-over_time"])
def test_three_curves_are_drawn_at_first_and_the_others_by_choice(loaded, name):
    loaded.show()
    first = ["no_cache", "cache_aside", "write_through"]
    assert curves(loaded, name) == first
    assert "Drawn: 3 of 7 protocols. Not shown: 4;" in note_of(loaded, name)
    assert pick(loaded, name, "write_behind flush_delay=1ms")
    assert curves(loaded, name) == [*first, "write_behind flush_delay=1ms"]
    assert pick(loaded, name, "cache_aside")
    assert "cache_aside" not in curves(loaded, name)
    pick(loaded, name, "All")
    assert len(curves(loaded, name)) == 7 and note_of(loaded, name) == ""
    pick(loaded, name, "The first 3")
    assert curves(loaded, name) == first
    choose(loaded, text="behind")
    assert len(curves(loaded, name)) == 2
    loaded.show()


def test_the_table_of_curves_holds_those_that_are_not_drawn_too(loaded):
    names = loaded.run("""const figure = document.getElementById("w0-percentiles-figure");
      figure.querySelector("details.data").open = true;
      return new Promise((done) => setTimeout(() => done(
        [...figure.querySelectorAll(".data tbody th")].map((each) => each.textContent)), 300))""")
    assert len(names) == 7 and rich_results.HOSTILE in names


def test_names_that_try_to_be_markup_are_text(loaded):
    assert loaded.run("return document.querySelectorAll('b, img').length") == 0
    assert any(rich_results.HOSTILE in text for text in loaded.texts("table.matrix th"))
    assert rich_results.WORKLOADS[1] in loaded.texts("h2")
    shown = loaded.run("""const place = document.getElementById("heat_map");
      const chart = echarts.getInstanceByDom(place);
      chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: 12 });
      return [...place.querySelectorAll(":scope > div")].map((each) => each.textContent).join()""")
    assert rich_results.WORKLOADS[1] in shown
    assert loaded.run("return document.querySelectorAll('b, img').length") == 0
    assert loaded.complaints() == []


def test_the_policy_stops_what_is_not_the_pages_own_script(loaded):
    done = loaded.run("""const added = document.createElement("script");
      added.textContent = "window.intruded = true";
      document.body.append(added);
      document.body.setAttribute("onclick", "window.intruded = true");
      document.body.click();
      return window.intruded ?? false""")
    assert done is False
    assert loaded.complaints() != []


def test_keys_reach_every_control_and_a_cell_leads_to_its_evidence(driver, loaded):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    loaded.run("document.activeElement.blur(); window.scrollTo(0, 0)")
    seen = []
    for _ in range(45):
        ActionChains(driver).send_keys(Keys.TAB).perform()
        seen.append(loaded.run("""const at = document.activeElement;
          return at.tagName + " " + (at.name || at.textContent).trim().slice(0, 30)"""))
    for wanted in ("A To the decision matrix", "INPUT text", "SELECT strategy", "SELECT shield",
                   "BUTTON All protocols", "BUTTON Stale reads", "BUTTON Complexity"):  # fmt: skip
        assert wanted in seen
    loaded.run("document.querySelector('table.matrix tr:nth-child(2) td a:not(.grade)').focus()")
    ActionChains(driver).send_keys(Keys.ENTER).perform()
    loaded.run("return new Promise((done) => setTimeout(done, 300))")
    found = loaded.run("""const at = document.querySelector(":target");
      const box = at.getBoundingClientRect();
      return { id: at.id, open: at.closest("details").open, top: box.top, height: box.height,
        text: at.textContent, hash: location.hash }""")
    assert found["hash"] == f"#{found['id']}" and found["id"].endswith("-stale")
    assert found["open"] and found["height"] > 0 and 0 <= found["top"] < 900
    assert "Stale reads" in found["text"]


CONTRAST = """
const parts = (text) => text.match(/[\\d.]+/g).slice(0, 3).map((part) => {
  const share = Number(part) / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});
const weights = [0.2126, 0.7152, 0.0722];
const light = (text) => parts(text).reduce((sum, part, at) => sum + part * weights[at], 0);
const ground = (each) => {
  const found = getComputedStyle(each).backgroundColor;
  return /, 0\\)$/.test(found) ? ground(each.parentElement) : found;
};
return [...document.querySelectorAll(arguments[0])].map((each) => {
  const [a, b] = [getComputedStyle(each).color, ground(each)].map(light);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
});"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_look_like_text_until_they_have_the_focus(loaded, scheme):
    loaded.show(scheme=scheme)
    style = """const link = document.querySelector("table.matrix td a:not(.grade):not(.missing)");
      if (arguments[0]) link.focus();
      const { color, textDecorationStyle, outlineStyle } = getComputedStyle(link);
      return [color === getComputedStyle(document.body).color, textDecorationStyle, outlineStyle]"""
    assert loaded.run(style, False) == [True, "dotted", "none"]
    assert loaded.run(style, True) == [True, "solid", "solid"]
    shown = loaded.run(CONTRAST, ".matrix a, .matrix small, .matrix .grade, .trust dd")
    assert len(shown) > 100 and min(shown) >= 4.5
    loaded.run("location.hash = document.querySelector('.evidence tr[id]').id")
    assert min(loaded.run(CONTRAST, "tr:target td, tr:target th, tr:target .soft")) >= 4.5
    loaded.show()


def test_every_link_leads_somewhere_on_the_page(loaded):
    assert loaded.run("""return [...document.querySelectorAll("a[href^='#']")].map((each) =>
      each.getAttribute("href").slice(1)).filter((id) => !document.getElementById(id))""") == []
