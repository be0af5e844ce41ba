// SPDX-License-Identifier: Apache-2.0
// Which protocols the reader has chosen: by name and by parts. Tables and pictures follow.

const choice = { text: "", parts: {} };
const followers = [];

function isChosen(number) {
  const { label, parts } = page.protocols[number];
  return (
    label.toLowerCase().includes(choice.text) &&
    Object.entries(choice.parts).every(([name, value]) => !value || parts[name] === value)
  );
}

/** Offers to choose by those parts in which the protocols differ. */
function offerChoice(form) {
  const label = { strategy: "Strategy", guard: "Guard", shield: "Shield", invalidate: "A write" };
  for (const [name, title] of Object.entries(label)) {
    const values = [...new Set(page.protocols.map((each) => each.parts[name]))];
    if (values.length < 2) continue;
    const select = element("select", { name }, element("option", { value: "" }, "all"));
    for (const value of values) select.append(element("option", { value }, value));
    form.querySelector("button").before(element("label", {}, title, select));
  }
  const choose = () => {
    choice.text = form.elements.text.value.trim().toLowerCase();
    for (const select of form.querySelectorAll("select")) choice.parts[select.name] = select.value;
    const chosen = page.protocols.filter((_, number) => isChosen(number)).length;
    form.querySelector("output").textContent =
      `${chosen} of ${page.protocols.length} protocols chosen`;
    for (const follow of followers) follow();
  };
  form.addEventListener("input", choose);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(choose));
}
