// SPDX-License-Identifier: Apache-2.0
// What the pictures' options have in common: axes with units, whiskers, room for names.

const TEXT = 12; // Pixels.
const LETTER = 7; // Width of a letter of that size, about.

/** Bounds and marks of a log axis: 1, 2, 5, 10 ... where values span little, else powers of ten. */
function logScale(values) {
  const least = Math.min(...values),
    most = Math.max(...values);
  const steps =
    most < 4 * least ? [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8] : most < 30 * least ? [1, 2, 5] : [1];
  const marks = [];
  for (let power = Math.floor(Math.log10(least)) - 1; power <= Math.log10(most) + 1; power++) {
    for (const step of steps) marks.push(step * 10 ** power);
  }
  const first = marks.findLastIndex((mark) => mark <= least * 1.0001);
  const last = marks.findIndex((mark) => mark >= most * 0.9999);
  return {
    min: marks[first],
    max: marks[Math.max(last, first + 1)],
    marks: marks.slice(first, Math.max(last, first + 1) + 1),
  };
}

/** The end of a linear axis from 0, of which half is a round number, too. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value * 0.9999);
}

function axis(look, name, rest = {}) {
  return {
    name,
    nameLocation: "middle",
    nameGap: 30,
    nameTextStyle: { color: look.ink, fontSize: TEXT },
    axisLine: { show: true, lineStyle: { color: look.soft } },
    splitLine: { lineStyle: { color: look.line } },
    minorTick: { show: false },
    ...rest,
    axisTick: { lineStyle: { color: look.soft }, ...rest.axisTick },
    axisLabel: { color: look.ink, fontSize: TEXT, hideOverlap: true, ...rest.axisLabel },
  };
}

function logAxis(look, name, values, write, rest = {}) {
  const { min, max, marks } = logScale(values);
  return axis(look, name, {
    type: "log",
    min,
    max,
    ...rest,
    axisTick: { customValues: marks },
    axisLabel: { customValues: marks, formatter: write, ...rest.axisLabel },
  });
}

/** Names of rows, from the top down; those that are too long for a narrow page are cut. */
function rowAxis(look, names, room) {
  return axis(look, "", {
    type: "category",
    data: names,
    inverse: true,
    splitLine: { show: false },
    axisTick: { show: false },
    axisLabel: { width: room - 10, overflow: "truncate", interval: 0, hideOverlap: false },
  });
}

const roomForNames = (names, width) =>
  Math.min(Math.max(...names.map((name) => name.length)) * LETTER + 14, 0.42 * width, 340);

/** Least and most of the repetitions as a line with ends. `data`: [place, low, high, colour, shift
 * in pixels]; `along`: "x" or "y", the axis that the range lies on. */
function whiskers(data, along, look) {
  const sideways = along === "x";
  return {
    type: "custom",
    silent: true,
    clip: true,
    z: 3,
    data,
    encode: sideways ? { x: [1, 2], y: 0 } : { x: 0, y: [1, 2] },
    renderItem: (_, api) => {
      const [place, low, high] = [0, 1, 2].map((each) => api.value(each));
      const { 3: colour, 4: shift = 0 } = data[_.dataIndex];
      const ends = [low, high].map((each) => api.coord(sideways ? [each, place] : [place, each]));
      const [a, b] = ends.map(([x, y]) => (sideways ? [x, y + shift] : [x + shift, y]));
      const style = { stroke: colour ?? look.ink, lineWidth: 1.5, fill: "none" };
      const stroke = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
      const cap = ([x, y]) => (sideways ? stroke(x, y - 3, x, y + 3) : stroke(x - 3, y, x + 3, y));
      return { type: "group", children: [stroke(...a, ...b), cap(a), cap(b)] };
    },
  };
}

const nameOf = (each) => page.protocols[each.p].label;

/** The chosen ones of `list`, the first `limit` but for those that are picked or not, and how many
 * are left out and why. */
function chosenOf(list, limit, picked = new Map()) {
  const chosen = list.filter((each) => isChosen(each.p));
  const drawn = chosen.filter((each, place) => picked.get(each.p) ?? place < limit);
  return { drawn, chosen: chosen.length, all: list.length };
}
