// SPDX-License-Identifier: Apache-2.0
// Colours and shapes: the colours are those of Okabe and Ito (2008), which colour-blind readers can
// tell apart. On paper the page is light, whatever the screen is.

const darkScreen = matchMedia("(prefers-color-scheme: dark)");
let isPrinting = false;
const isDark = () => darkScreen.matches && !isPrinting;

const OUTCOMES = {
  // Colour of the bar, colour of the text in it.
  hit: ["#0072B2", "#fff"],
  stale_hit: ["#E69F00", "#222"],
  wait: ["#56B4E9", "#222"],
  miss: ["#D55E00", "#fff"],
  bypass: ["#8A8A8A", "#222"],
};

/** From the best of a workload to what is many times worse: one hue that grows darker, so that it
 * reads without colour, too; on a dark page it grows lighter. */
const GRADES = ["#fdf3e4", "#fbd9a4", "#f2a65a", "#d9692c", "#a33b0c", "#5f1f00"];
const GRADES_DARK = ["#2b2018", "#54330f", "#8a4f12", "#c0701d", "#eba04e", "#ffdcae"];

/** How points look, drawn in a box of ten by ten around their place. */
const SHAPES = {
  circle: "M0,5A5,5,0,1,1,10,5A5,5,0,1,1,0,5Z",
  square: "M0.5,0.5H9.5V9.5H0.5Z",
  diamond: "M5,-1L11,5L5,11L-1,5Z",
  triangle: "M5,0L10,10H0Z",
  wedge: "M0,0H10L5,10Z",
  plus: "M3,0H7V3H10V7H7V10H3V7H0V3H3Z",
  star: "M5,-1L6.5,3.5H11L7.5,6.3L8.8,11L5,8.2L1.2,11L2.5,6.3L-1,3.5H3.5Z",
  cross: "M2.5,0L5,2.5L7.5,0L10,2.5L7.5,5L10,7.5L7.5,10L5,7.5L2.5,10L0,7.5L2.5,5L0,2.5Z",
};
const symbolOf = (look) => `path://${SHAPES[look.symbol]}`;

/** Dark or light text, whichever is easier to read on a ground of this colour, "#rrggbb". */
function inkOn(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? "#222" : "#fff";
}

/** The colour at `share`, 0 to 1, of the way through these. */
function mixed(colours, share) {
  const place = Math.min(share * (colours.length - 1), colours.length - 1.001);
  const turn = Math.floor(place);
  const parts = [1, 3, 5].map((at) => {
    const [a, b] = [0, 1].map((next) => parseInt(colours[turn + next].slice(at, at + 2), 16));
    return Math.round(a + (b - a) * (place - turn))
      .toString(16)
      .padStart(2, "0");
  });
  return `#${parts.join("")}`;
}

function theme() {
  const dark = isDark();
  return {
    ink: dark ? "#e4e4e4" : "#222",
    soft: dark ? "#a4a8af" : "#5f6368",
    line: dark ? "#3c4048" : "#d8d8d8",
    ground: dark ? "#16181c" : "#fff",
    fault: dark ? "rgba(255, 138, 80, 0.22)" : "rgba(176, 58, 0, 0.13)",
    grades: dark ? GRADES_DARK : GRADES,
    accent: dark ? "#56B4E9" : "#0072B2",
    bad: dark ? "#ff8a50" : "#b03a00",
  };
}
