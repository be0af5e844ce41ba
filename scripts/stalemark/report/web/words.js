// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them, written as common/figures.py writes them, and elements of text.

const UNITS = [
  [1e9, "s"],
  [1e6, "ms"],
  [1e3, "µs"],
  [1, "ns"],
];

/** `value` with so many significant digits, but no fewer than before the point. */
function short(value, digits = 2) {
  if (value === 0) return "0";
  const rounded = Math.abs(Number(value.toPrecision(digits)));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(rounded)));
  return value.toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** Nanoseconds in the largest unit that leaves at least 1. */
function duration(ns) {
  const [scale, unit] = UNITS.find(([each]) => ns >= each) ?? UNITS.at(-1);
  const digits = short(ns / scale, 3);
  return `${digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits} ${unit}`;
}

const percent = (share) => `${short(100 * share)}%`;
const whole = (value) => value.toLocaleString("en-US");
const rate = (value) =>
  value >= 1e6
    ? `${short(value / 1e6)} M`
    : value >= 1e4
      ? `${short(value / 1e3)} k`
      : short(value, 3);

const count = (value) => (value < 1e4 ? whole(value) : rate(value));

/** " (1 to 2)" for the range of a figure over the repetitions, and of how many it is where some
 * lack the figure: " (1 to 2, of 3 of 4 repetitions)". */
function between(holder, name, write) {
  const range = holder[`${name}_range`],
    of = holder[`${name}_of`];
  const told = [
    range && `${write(range[0])} to ${write(range[1])}`,
    of && `of ${of[0]} of ${of[1]} repetitions`,
  ].filter(Boolean);
  return told.length ? ` (${told.join(", ")})` : "";
}

/** An element; what stands in it is text and never markup. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Lines of a tooltip, the first in bold. */
function tip(first, ...lines) {
  const box = element("div", {}, element("strong", {}, first));
  for (const line of lines) box.append(element("br"), line);
  return box;
}
