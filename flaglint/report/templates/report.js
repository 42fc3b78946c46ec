"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const table = byId("table");

  // The cards are folded; a link to one, and print, unfold them.
  const unfold = () => {
    const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") {
      target.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", unfold);
  unfold();
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])").filter((item) => item.offsetParent !== null);
    if (folded.length <= 150) folded.forEach((item) => { item.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((item) => { item.open = false; }));

  for (const button of all(".copy")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(button.previousElementSibling.textContent).then(
        () => { button.textContent = "copied"; setTimeout(() => { button.textContent = "copy"; }, 1200); },
        () => { button.hidden = true; },
      );
    });
  }
  if (!table) return;

  const rows = all("tbody tr", table);
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent.trim() : cell.dataset.v;
  };
  all("thead th", table).forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.append(button);
    button.addEventListener("click", () => {
      const isNumber = head.dataset.type === "number";
      const before = head.getAttribute("aria-sort");
      // Most is asked for first where there are numbers; the rank is the exception.
      const first = isNumber && column > 0 ? "descending" : "ascending";
      const order = before === null ? first : before === "ascending" ? "descending" : "ascending";
      all("th", table).forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", order);
      const sign = order === "ascending" ? 1 : -1;
      const compare = isNumber
        ? (a, b) => value(a, column) - value(b, column)
        : (a, b) => value(a, column).localeCompare(value(b, column));
      rows.sort((a, b) => sign * compare(a, b) || value(a, 0) - value(b, 0));
      table.tBodies[0].append(...rows);
    });
  });

  const owner = byId("owner"), readiness = byId("readiness"), kind = byId("kind"), find = byId("find");
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const filter = () => {
    const text = find.value.trim().toLowerCase();
    const isKind = (name) => kind.value === "*" || kind.value === name || (kind.value === "temporary" && name === "due");
    let shown = 0;
    for (const row of rows) {
      const data = row.dataset;
      row.hidden = !((owner.value === "*" || data.owner === owner.value)
        && (readiness.value === "*" || data.level === readiness.value)
        && isKind(data.kind) && words.get(row).includes(text));
      shown += row.hidden ? 0 : 1;
    }
    const ranks = new Set(rows.filter((row) => !row.hidden).map((row) => row.cells[0].textContent));
    for (const card of all(".card")) card.hidden = !ranks.has(card.dataset.rank);
    for (const team of all(".team")) team.hidden = !all(".card", team).some((card) => !card.hidden);
    for (const item of all("li[data-owner]")) item.hidden = owner.value !== "*" && item.dataset.owner !== owner.value;
    byId("shown").textContent = shown === rows.length ? `${shown} flags` : `${shown} of ${rows.length} flags`;
  };
  byId("filter").hidden = false;
  byId("filter").addEventListener("submit", (event) => event.preventDefault());
  for (const input of [owner, readiness, kind]) input.addEventListener("change", filter);
  find.addEventListener("input", filter);
  filter();
})();
