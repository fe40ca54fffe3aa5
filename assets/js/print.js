// A button with data-print opens the browser's own window for printing, which also saves as PDF.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
