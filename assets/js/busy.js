// A pressed button shows that it works and cannot be pressed twice; data-busy="Getting" is its word meanwhile.
// What HTMX sends is released when the answer is in; a plain form stays busy until the next page, unless it says
// data-stays because its answer is a file.
const SPINNER = '<span class="spin" aria-hidden="true"></span>';
const held = new Map();
const requests = new WeakMap();

// A button that nobody sees, such as the one that Enter presses, has nothing to show; and it must not swallow the press
// of one that people do see.
function hold(button) {
  if (!button?.checkVisibility() || held.has(button)) return;
  held.set(button, [...button.childNodes]);
  button.style.minWidth = `${button.getBoundingClientRect().width}px`;
  button.setAttribute("aria-busy", "true");
  const word = document.createElement("span");
  word.textContent = button.dataset.busy || button.textContent.trim();
  button.replaceChildren(word);
  button.insertAdjacentHTML("afterbegin", SPINNER);
}

function release(button) {
  const content = held.get(button);
  if (!content) return;
  held.delete(button);
  button.replaceChildren(...content);
  button.removeAttribute("aria-busy");
  button.style.minWidth = "";
}

function submitterOf(form, event) {
  return event?.submitter ?? form.querySelector("button:not([type=button])");
}

document.addEventListener(
  "submit",
  (event) => {
    const busy = [...held.keys()].some((button) => button.form === event.target && button.isConnected);
    if (!busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

document.addEventListener("submit", (event) => {
  const form = event.target;
  const leaves = !event.defaultPrevented && form.method === "post" && !form.target && !("stays" in form.dataset);
  if (leaves) hold(submitterOf(form, event));
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const { sourceElement: source, sourceEvent } = ctx;
  const sent = source.matches("form") && sourceEvent?.type === "submit";
  const button = sent ? submitterOf(source, sourceEvent) : source.closest("button.btn, a.btn");
  if (!button) return;
  requests.set(ctx, button);
  hold(button);
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (!ctx.keepIndicators) release(requests.get(ctx));
});

// A page that comes back from the back-forward cache was left in the middle of a press.
addEventListener("pageshow", (event) => {
  if (event.persisted) [...held.keys()].forEach(release);
});
