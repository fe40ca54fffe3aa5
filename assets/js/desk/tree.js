// The tree: arrow keys go through it, Alt with an arrow moves an item, and a mouse may drag one. What a key or a drag
// asks for goes to the same address as the buttons of the item's menu.
const WAYS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };
const MARKS = ["drop-before", "drop-behind", "drop-into"];
let carried = null;

const outline = () => document.getElementById("works-outline");
const rows = () => [...(outline()?.querySelectorAll("[data-tree] a[href]") ?? [])];
const rowOf = (target) => target.closest?.("[data-tree] a[data-item]");

async function place(key, values) {
  const { place: address, opened } = outline().dataset;
  await htmx.ajax("POST", address.replace("KEY", encodeURIComponent(key)), {
    source: outline(),
    target: "#works-outline",
    swap: "outerHTML",
    values: { ...values, opened },
  });
  outline()?.querySelector(`[data-item="${CSS.escape(key)}"]`)?.focus();
}

// With the focus in the tree keys mean its row; elsewhere, but not while typing, the item that is open.
function meant(target) {
  const row = rowOf(target);
  if (row) return row.dataset.item;
  return target.closest("input, textarea, select, dialog") ? null : outline()?.dataset.opened;
}

function pressDeed(deed, key) {
  if (key === outline()?.dataset.opened) document.querySelector(`[data-deed=${deed}]`)?.click();
}

document.addEventListener("keydown", (event) => {
  const { key, target, altKey } = event;
  if (event.ctrlKey || event.metaKey) return;
  if (!altKey) {
    const at = rows().indexOf(target);
    const next = { ArrowDown: rows()[at + 1], ArrowUp: rows()[at - 1] }[key];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
    return;
  }
  const item = outline()?.dataset.place && meant(target);
  if (!item) return;
  if (WAYS[key]) place(item, { way: WAYS[key] });
  else if (key.toLowerCase() === "d") pressDeed("duplicate", item);
  else if (key === "Backspace" || key === "Delete") pressDeed("delete", item);
  else return;
  event.preventDefault();
});

// Dragging: the upper and lower quarter of a row mean before and behind it, the middle of a page means into it.
function markOf(row, event) {
  const { top, height } = row.getBoundingClientRect();
  const part = (event.clientY - top) / height;
  if ("holds" in row.dataset && part > 0.25 && part < 0.75) return "into";
  return part < 0.5 ? "before" : "behind";
}

function unmark() {
  for (const row of document.querySelectorAll(MARKS.map((mark) => `.${mark}`).join())) row.classList.remove(...MARKS);
}

document.addEventListener("dragstart", (event) => {
  carried = rowOf(event.target);
  if (!carried) return;
  carried.classList.add("carried");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", carried.textContent.trim());
});

document.addEventListener("dragover", (event) => {
  const row = carried && rowOf(event.target);
  unmark();
  if (!row || row === carried) return;
  event.preventDefault();
  row.classList.add(`drop-${markOf(row, event)}`);
});

document.addEventListener("drop", (event) => {
  const row = carried && rowOf(event.target);
  if (!row || row === carried) return;
  event.preventDefault();
  place(carried.dataset.item, { way: markOf(row, event), target: row.dataset.item });
});

document.addEventListener("dragend", () => {
  unmark();
  carried?.classList.remove("carried");
  carried = null;
});
