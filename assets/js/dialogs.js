// Buttons with command="show-modal" open their dialog by themselves; this does it for browsers that cannot yet.
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("button[command='show-modal']");
    if (opener) document.getElementById(opener.getAttribute("commandfor"))?.showModal();
  });
}

// A link to a page that says the same as a dialog on this one opens the dialog instead.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  document.getElementById(link.dataset.dialog).showModal();
});
