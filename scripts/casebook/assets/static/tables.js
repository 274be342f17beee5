// Sorts a table by the column whose heading is pressed, and filters long ones; without it a table is read as it stands.
"use strict";
(() => {
  const LONG = 12;
  const words = new Intl.Collator("en", { numeric: true });
  // A heading says how its column sorts, a cell what it is sorted by where that is not its text.
  const orders = { number: (a, b) => a - b, text: words.compare };
  const value = (cell) => cell.dataset.sort ?? cell.textContent.trim();

  const sortBy = (table, index, heading) => {
    const down = heading.getAttribute("aria-sort") === "ascending";
    table.querySelectorAll("th[aria-sort]").forEach((th) => th.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const compare = orders[heading.dataset.sort];
    const rows = [...table.tBodies[0].rows].map((row) => [value(row.cells[index]), row]);
    // What is not known comes last, either way.
    rows.sort(([a], [b]) => (a === "" || b === "" ? (a === "") - (b === "") : compare(a, b) * (down ? -1 : 1)));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  };

  for (const table of document.querySelectorAll(".casebook-table")) {
    const rows = table.tBodies[0]?.rows ?? [];
    if (rows.length < 2) continue;
    [...table.tHead.rows[0].cells].forEach((heading, index) => {
      if (!(heading.dataset.sort in orders)) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sortBy(table, index, heading));
    });
    if (rows.length < LONG) continue;
    const filter = document.createElement("input");
    filter.type = "search";
    filter.className = "casebook-filter";
    filter.placeholder = `Filter ${rows.length} rows`;
    filter.setAttribute("aria-label", `Filter the rows of: ${table.caption?.textContent ?? "this table"}`);
    filter.addEventListener("input", () => {
      const wanted = filter.value.toLowerCase();
      for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
    table.parentElement.before(filter);
  }
})();
