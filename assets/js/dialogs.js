// Buttons with command="show-modal" open their dialog by themselves; this does it for browsers that cannot yet.
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("button[command='show-modal']");
    if (opener) document.getElementById(opener.getAttribute("commandfor"))?.showModal();
  });
}
