// SPDX-License-Identifier: Apache-2.0
// Which protocols' curves a picture draws: the first few, until the reader picks others.

const FIRST_CURVES = 3;

class Picks {
  /** `list` has a protocol's number `p` in each part; `redraw` follows every pick. */
  constructor(list, redraw) {
    this.picked = new Map(); // From a protocol's number to whether it is drawn.
    this.redraw = redraw;
    this.boxes = new Map();
    const items = element("ul", {});
    for (const each of list) {
      const box = element("input", { type: "checkbox" });
      box.addEventListener("change", () => {
        this.picked.set(each.p, box.checked);
        redraw();
      });
      this.boxes.set(each.p, box);
      items.append(element("li", {}, element("label", {}, box, nameOf(each))));
    }
    this.place = element(
      "details",
      { class: "picks" },
      element("summary", {}, "Choose what is drawn"),
      this.button("All", () => this.boxes.forEach((_, p) => this.picked.set(p, true))),
      this.button(`The first ${FIRST_CURVES}`, () => this.picked.clear()),
      items,
    );
  }

  button(text, pick) {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", () => {
      pick();
      this.redraw();
    });
    return made;
  }

  /** Ticks what is drawn, and hides what is not chosen above the matrix. */
  show(drawn) {
    const ticked = new Set(drawn.map(({ p }) => p));
    for (const [p, box] of this.boxes) {
      box.checked = ticked.has(p);
      box.closest("li").hidden = !isChosen(p);
    }
  }
}
