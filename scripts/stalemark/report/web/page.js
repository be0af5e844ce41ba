// SPDX-License-Identifier: Apache-2.0
// Starts the page: tables first, then each picture as it comes into view.

const page = JSON.parse(document.getElementById("data").textContent);
document.documentElement.classList.add("js");

offerChoice(document.getElementById("choice"));
for (const table of document.querySelectorAll("table.matrix")) new Matrix(table);

const figures = page.charts.map((chart) => new Figure(chart));
const byPlace = new Map(figures.map((figure) => [figure.place, figure]));
const drawn = new Set();
const draw = (figure) => {
  drawn.add(figure);
  figure.draw();
};
const drawAll = () => figures.forEach(draw);
const redraw = () => drawn.forEach((figure) => figure.draw());

const watch = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      draw(byPlace.get(target));
    }
  },
  { rootMargin: "800px" },
);
for (const { place } of figures) watch.observe(place);

followers.push(redraw);
darkScreen.addEventListener("change", redraw);
addEventListener("hashchange", openTarget);
openTarget();

let lastWidth = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === lastWidth) return; // A phone's address bar comes and goes.
  lastWidth = innerWidth;
  redraw();
});
addEventListener("beforeprint", () => {
  isPrinting = true;
  drawAll();
});
addEventListener("afterprint", () => {
  isPrinting = false;
  redraw();
});
