// SPDX-License-Identifier: Apache-2.0
// A picture: its controls, its drawing, its legend, what it leaves out, and its numbers as a table.

const KINDS = {
  trade_off: tradeOff,
  percentiles,
  outcomes,
  over_time: panels,
  herds: panels,
  heat_map: heatMap,
  exposure,
  predictions,
};
const PAPER = 680; // Pixels between the margins of a printed page.
const CARDS_MOST = 24; // Of more rows, as over time, a phone shows a table that scrolls sideways.

class Figure {
  constructor(chart) {
    this.chart = chart;
    this.kind = KINDS[chart.kind];
    this.place = document.getElementById(chart.id);
    this.box = this.place.closest("figure");
    this.details = this.box.querySelector("details.data");
    this.state = {};
    this.drawing = null;
    this.offerPicks();
    this.offerControls();
    this.place.style.height = `${this.kind.height(this.model(), this.width())}px`;
    this.details.addEventListener("toggle", () => this.tabulate());
  }

  width() {
    return isPrinting ? PAPER : this.place.clientWidth;
  }

  model() {
    const limit = this.state.all === "yes" ? Infinity : (this.kind.limit ?? Infinity);
    return this.kind.model(this.chart, limit, this.state);
  }

  /** What the table shows: of curves every one that is chosen, drawn or not. */
  tabulated() {
    if (!this.kind.curves) return this.model();
    return this.kind.model(this.chart, Infinity, { ...this.state, picked: undefined });
  }

  offerPicks() {
    const curves = this.kind.curves?.(this.chart) ?? [];
    if (curves.length <= FIRST_CURVES) return;
    this.picks = new Picks(curves, () => this.draw());
    this.state.picked = this.picks.picked;
    this.details.before(this.picks.place);
  }

  offerControls() {
    const offered = this.kind.controls?.(this.chart) ?? [];
    const { chosen } = this.model();
    if (!this.picks && chosen > (this.kind.limit ?? Infinity)) {
      offered.push({
        name: "all",
        title: "Draw",
        options: [
          ["no", `the first ${this.kind.limit}`],
          ["yes", "all that are chosen"],
        ],
      });
    }
    const place = this.box.querySelector(".controls");
    for (const { name, title, options } of offered) {
      const select = element("select", {});
      for (const [value, text] of options) select.append(element("option", { value }, text));
      select.addEventListener("change", () => {
        this.state[name] = select.value;
        this.draw();
      });
      place.append(element("label", {}, `${title} `, select));
    }
  }

  /** Draws anew, in the size that there is room for now. */
  draw() {
    const model = this.model(),
      look = theme(),
      width = this.width();
    this.drawing?.dispose();
    this.drawing = null;
    const height = model.drawn.length ? this.kind.height(model, width) : 0;
    this.place.style.height = `${height}px`;
    if (height) {
      this.drawing = echarts.init(this.place, null, { renderer: "svg", width, height });
      const option = this.kind.option(model, look, width);
      option.tooltip = {
        confine: true,
        backgroundColor: look.ground,
        borderColor: look.line,
        textStyle: { color: look.ink, fontSize: TEXT },
        ...option.tooltip,
      };
      this.drawing.setOption({
        animation: false,
        backgroundColor: "transparent",
        textStyle: { fontFamily: "system-ui, sans-serif" },
        aria: { enabled: true, label: { description: this.description(model) } },
        ...option,
      });
    }
    this.place.setAttribute("aria-label", this.description(model));
    this.writeLegend(model);
    this.tellWhatIsLeftOut(model);
    this.picks?.show(model.drawn);
    this.tabulate();
  }

  description({ drawn, all }) {
    const title = this.box.querySelector("h3").textContent;
    return (
      `${title}, ${this.chart.where}: ${drawn.length} of ${all} drawn. ` +
      "The numbers are in the table below the picture."
    );
  }

  writeLegend(model) {
    const entries = model.drawn.length ? this.kind.legend(model) : [];
    this.box
      .querySelector(".legend")
      .replaceChildren(
        ...entries.map(({ label, look, isLine }) => element("li", {}, swatch(look, isLine), label)),
      );
  }

  tellWhatIsLeftOut({ drawn, chosen, all, notes = [], what = "protocols" }) {
    const parts = [];
    if (drawn.length < all) {
      parts.push(`Drawn: ${drawn.length} of ${all} ${what}.`);
      if (chosen < all) parts.push(`Not chosen above the matrix: ${all - chosen}.`);
      const rest = chosen - drawn.length;
      if (rest && this.picks) parts.push(`Not shown: ${rest}; choose them below.`);
      else if (rest) parts.push(`Chosen, but no room: ${rest}.`);
    }
    this.box.querySelector(".left-out").textContent = [...parts, ...notes].join(" ");
  }

  /** The numbers, once the reader opens them. */
  tabulate() {
    this.details.querySelector(".wide")?.remove();
    if (!this.details.open) return;
    const { caption = "", columns, rows } = this.kind.table(this.tabulated());
    const head = element("tr", {}, ...columns.map((name) => element("th", { scope: "col" }, name)));
    const body = rows.map(([first, ...rest]) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, first),
        ...rest.map((text, at) => element("td", { "data-head": columns[at + 1] }, text)),
      ),
    );
    this.details.append(
      element(
        "div",
        { class: "wide", tabindex: "0", role: "region", "aria-label": "Numbers of the picture" },
        element(
          "table",
          rows.length <= CARDS_MOST ? { class: "cards" } : {},
          element("caption", { class: "soft" }, caption),
          element("thead", {}, head),
          element("tbody", {}, ...body),
        ),
      ),
    );
  }
}

/** How a protocol looks, for the legend. */
function swatch({ colour, symbol, stroke }, isLine) {
  const names = "http://www.w3.org/2000/svg";
  const shape = (tag, attributes) => {
    const made = document.createElementNS(names, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const box = shape("svg", { viewBox: "-1 -1 30 14", "aria-hidden": "true" });
  if (isLine) {
    const dashes = Array.isArray(stroke) ? stroke.join(" ") : "none";
    box.append(
      shape("line", {
        x1: 0,
        x2: 28,
        y1: 6,
        y2: 6,
        stroke: colour,
        "stroke-width": 2,
        "stroke-dasharray": dashes,
      }),
    );
  }
  const moved = isLine ? "translate(10.5 2.5) scale(0.7)" : "translate(9 1)";
  box.append(shape("path", { d: SHAPES[symbol], fill: colour, transform: moved }));
  return box;
}
