// Editors save by themselves at every pause (their hx-trigger) and say so in the bar: saving, saved at, not saved.
// What could not be sent is sent again after a while, and leaving with something unsaved is asked about.
const AGAIN = 5000;
const unsaved = new Set();
let retry;

const state = () => document.querySelector("[data-save-state]");
const editorOf = (node) => node?.closest?.("form[data-autosave]");

function say(words, bad = false) {
  const line = state();
  if (!line) return;
  const said = document.createElement("span");
  if (bad) said.className = "text-error";
  said.textContent = words;
  line.replaceChildren(said);
}

// A queued request was filled in when it was queued. What counts is what the editor holds when it goes out:
// the revision above all, which the answer before it has changed.
function refill(form, request) {
  const { submitter } = request;
  const body = new URLSearchParams(new FormData(form));
  if (submitter?.name) body.append(submitter.name, submitter.value);
  request.body = body;
}

function clearFaults(form) {
  for (const place of form.querySelectorAll("[data-wrong]")) place.replaceChildren();
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
}

function markFaults(form) {
  for (const place of form.querySelectorAll("[data-wrong]:not(:empty)")) {
    document.getElementById(place.id.replace(/-wrong$/, ""))?.setAttribute("aria-invalid", "true");
  }
}

document.addEventListener("input", (event) => {
  const form = editorOf(event.target);
  if (!form) return;
  unsaved.add(form);
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const form = editorOf(ctx.sourceElement);
  if (!form) return;
  clearTimeout(retry);
  refill(form, ctx.request);
  unsaved.delete(form);
  say("Saving");
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const form = editorOf(ctx.sourceElement);
  if (!form) return;
  clearFaults(form);
  if (ctx.response.status >= 400) {
    unsaved.add(form);
    say("Not saved.", true);
  }
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const form = editorOf(ctx.sourceElement);
  if (!form) return;
  markFaults(form);
  if (ctx.request.submitter?.name === "go") form.querySelector("[aria-invalid]")?.focus();
  const saved = state()?.querySelector("[data-saved]");
  if (!saved) return;
  const time = document.createElement("span");
  time.className = "hidden sm:inline";
  time.textContent = ` ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`;
  saved.append(time);
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  const form = editorOf(ctx?.sourceElement);
  if (!form || ctx.response) return;
  unsaved.add(form);
  say(`Not saved. Trying again in ${AGAIN / 1000} s`, true);
  retry = setTimeout(() => form.dispatchEvent(new Event("input", { bubbles: true })), AGAIN);
});

// A name is one line: Enter goes on to the next field.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-one-line]")) return;
  event.preventDefault();
  const fields = [...event.target.form.querySelectorAll("input:not([type=hidden]), textarea, select")];
  fields[fields.indexOf(event.target) + 1]?.focus();
});

// Leaving by a link waits for what is not saved yet. A conflict's "Take theirs" leaves it on purpose.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-leaves]")) unsaved.clear();
});

addEventListener("submit", (event) => {
  if (!editorOf(event.target)) unsaved.clear();
});

addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
});

// A page that the browser kept shows what was saved before it was left, and would take its own later text for another's.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("form[data-autosave]")) location.reload();
});
