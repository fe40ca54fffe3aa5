// Menus are <details data-menu>: they close on a press elsewhere, on Escape, and when another opens.
const OPEN = "details[data-menu][open]";

function closeAll(except) {
  for (const menu of document.querySelectorAll(OPEN)) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeAll(event.target.closest(OPEN)));

document.addEventListener("focusin", (event) => closeAll(event.target.closest(OPEN)));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest(OPEN) ?? document.querySelector(OPEN);
  menu?.querySelector("summary").focus();
  closeAll();
});

// The search that a phone's magnifier opens is there to be typed into.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches(OPEN)) event.target.querySelector("input[type=search]")?.focus();
  },
  true,
);
