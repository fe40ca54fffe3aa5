// The filters' drawer opens and closes by itself; it also closes when its form is sent and when focus leaves it,
// so that what has the focus is never behind it.
function close(drawer) {
  if (drawer?.matches(":popover-open")) drawer.hidePopover();
}

document.addEventListener("submit", (event) => close(event.target.closest("[data-drawer]")));

document.addEventListener("focusin", (event) => {
  for (const drawer of document.querySelectorAll("[data-drawer]:popover-open")) {
    if (!drawer.contains(event.target)) close(drawer);
  }
});
