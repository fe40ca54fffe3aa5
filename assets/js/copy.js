// A button with data-copy="an id" copies that element's text, and says so for a moment.
const A_MOMENT = 2000;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || button.dataset.copied) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
  const content = [...button.childNodes];
  button.dataset.copied = "true";
  button.style.minWidth = `${button.getBoundingClientRect().width}px`;
  button.replaceChildren("Copied");
  setTimeout(() => {
    delete button.dataset.copied;
    button.style.minWidth = "";
    button.replaceChildren(...content);
  }, A_MOMENT);
});
