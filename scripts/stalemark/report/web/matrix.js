// SPDX-License-Identifier: Apache-2.0
// Sorting and choosing rows of the matrices, and opening the evidence that a cell links to.

const FIRST_ROWS = matchMedia("(max-width: 600px)").matches ? 6 : 20; // A phone shows cards.

class Matrix {
  constructor(table) {
    this.body = table.tBodies[0];
    this.heads = [...table.tHead.rows[0].cells];
    this.status = element("p", { class: "left-out", "aria-live": "polite" });
    this.more = element("button", { type: "button" });
    this.shows_all = false;
    this.order = "";
    table.parentElement.after(this.status);
    if (this.body.rows.length > FIRST_ROWS) this.status.after(this.more);
    this.more.addEventListener("click", () => {
      this.shows_all = !this.shows_all;
      this.choose();
    });
    this.heads.forEach((head, column) => {
      const button = element("button", { type: "button" }, head.textContent);
      head.replaceChildren(button);
      button.addEventListener("click", () => this.sort(head, column));
    });
    followers.push(() => this.choose());
    this.choose();
  }

  /** The better first; asked again, the worse. What was not measured comes last either way. */
  sort(head, column) {
    const better = head.dataset.better;
    const first = better === "more" ? "descending" : "ascending";
    const second = better === "more" ? "ascending" : "descending";
    const direction = head.getAttribute("aria-sort") === first ? second : first;
    for (const each of this.heads) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", direction);
    const sign = direction === "ascending" ? 1 : -1;
    const rows = [...this.body.rows];
    const key = (row) =>
      better === "text" ? row.cells[column].textContent : row.cells[column].dataset.key;
    const compare =
      better === "text" ? (a, b) => a.localeCompare(b) : (a, b) => Number(a) - Number(b);
    rows.sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      if (x === "" || y === "") return (x === "") - (y === "");
      return sign * compare(x, y);
    });
    this.body.append(...rows);
    this.order = ` Sorted by ${head.textContent}, ${direction}.`;
    this.choose();
  }

  choose() {
    const rows = [...this.body.rows];
    const chosen = rows.filter((row) => isChosen(Number(row.dataset.protocol)));
    const shown = new Set(this.shows_all ? chosen : chosen.slice(0, FIRST_ROWS));
    for (const row of rows) row.hidden = !shown.has(row);
    this.status.textContent = `${shown.size} of ${rows.length} protocols shown.${this.order}`;
    this.more.hidden = chosen.length <= FIRST_ROWS;
    this.more.textContent = this.shows_all
      ? `Show the first ${FIRST_ROWS}`
      : `Show all ${chosen.length}`;
  }
}

/** Evidence lies in closed parts of the page: a link to it opens them. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let each = target; each; each = each.parentElement) {
    if (each.tagName === "DETAILS") each.open = true;
  }
  target.scrollIntoView();
  target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
}
