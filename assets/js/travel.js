// The pressed card's print travels to the listing, where it is the first picture; and back again.
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const print = event.target.closest(".work a, a[data-travels]")?.closest(".work, [data-travels]")?.querySelector("img");
  if (!print) return;
  for (const other of document.querySelectorAll(".print-travels, .print-arrives")) {
    other.classList.remove("print-travels", "print-arrives");
  }
  print.classList.add("print-travels");
});
