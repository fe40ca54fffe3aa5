// The keys of the studio. The list of them is the dialog that "?" opens.
const TYPING = "input, textarea, select, [contenteditable], dialog";

function press(selector) {
  const found = document.querySelector(selector);
  found?.click();
  return Boolean(found);
}

const ALONE = {
  "?": () => document.getElementById("works-keys")?.showModal() ?? true,
  j: () => press("#works-beside [data-key=j]"),
  k: () => press("#works-beside [data-key=k]"),
  n: () => {
    const add = document.querySelector("details[data-add]");
    if (!add) return false;
    add.open = true;
    add.querySelector("button")?.focus();
    return true;
  },
};

function saveNow(target) {
  const form = target.closest("form[data-autosave]") ?? document.querySelector("form[data-autosave]");
  form?.requestSubmit();
  return Boolean(form);
}

document.addEventListener("keydown", (event) => {
  const { key, target, altKey, ctrlKey, metaKey } = event;
  const isSave = key.toLowerCase() === "s" && (ctrlKey || metaKey) && !altKey;
  if (isSave && document.querySelector("form[data-autosave]")) {
    event.preventDefault();
    saveNow(target);
    return;
  }
  if (altKey || ctrlKey || metaKey || target.closest(TYPING)) return;
  if (ALONE[key.toLowerCase()]?.()) event.preventDefault();
});
