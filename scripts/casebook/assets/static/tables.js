// Sorts a table by the column whose heading is pressed, and filters long ones; without it a table is read as it stands.
"use strict";
(() => {
  const LONG = 12;
  const number = /^[−-]?[^\d\s]{0,4}[\d][\d,]*(\.\d+)?/;
  const scale = { tn: 1e12, bn: 1e9, m: 1e6, million: 1e6, "%": 0.01 };
  const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

  // What a cell is sorted by: a date, an amount with its scale ($44bn), or its text.
  const value = (cell) => {
    const text = cell.textContent.trim();
    const day = text.match(/^(\d{1,2}) ([A-Z][a-z]+) (\d{4})$/);
    if (day && months.includes(day[2])) return Date.UTC(+day[3], months.indexOf(day[2]), +day[1]);
    if (/^\d{4}-\d{2}/.test(text) || !number.test(text)) return text.toLowerCase();
    const unit = text.match(/[\d.,]+ ?(tn|bn|million|m|%)/);
    return parseFloat(text.replace("−", "-").replace(/[^\d.-]/g, "")) * (unit ? scale[unit[1]] : 1);
  };

  const compare = (a, b) => {
    if (a === "" || b === "") return (a === "") - (b === ""); // what is not known comes last
    if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
    return a < b ? -1 : a > b ? 1 : 0;
  };

  const sortBy = (table, index, heading) => {
    const down = heading.getAttribute("aria-sort") === "ascending";
    table.querySelectorAll("th[aria-sort]").forEach((th) => th.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...table.tBodies[0].rows].map((row) => [value(row.cells[index]), row]);
    rows.sort(([a], [b]) => (a === "" || b === "" ? compare(a, b) : compare(a, b) * (down ? -1 : 1)));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  };

  for (const table of document.querySelectorAll(".casebook-table")) {
    const rows = table.tBodies[0]?.rows ?? [];
    if (rows.length < 2) continue;
    [...table.tHead.rows[0].cells].forEach((heading, index) => {
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
