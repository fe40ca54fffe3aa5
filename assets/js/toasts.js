// Toasts leave after 6 seconds, not while the pointer or the focus is on them; errors stay until they are closed.
const STAY = 6000;

function arrive(toast) {
  toast.dataset.seen = "";
  if (toast.dataset.toast === "bad") return;
  let timer;
  const leave = () => {
    timer = setTimeout(() => toast.remove(), STAY);
  };
  const stay = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stay);
  toast.addEventListener("pointerleave", leave);
  toast.addEventListener("focusin", stay);
  toast.addEventListener("focusout", leave);
  leave();
}

function arriveAll() {
  document.querySelectorAll("#toasts > [data-toast]:not([data-seen])").forEach(arrive);
}

function announce(toast) {
  document.getElementById("toasts")?.append(toast);
  arriveAll();
}

// What the page was sent with is put in once more: screen readers tell only of what is new in the region.
for (const toast of document.querySelectorAll("#toasts > [data-toast]")) setTimeout(announce, 100, toast);

document.addEventListener("htmx:after:swap", arriveAll);

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  const offline = document.getElementById("offline");
  if (ctx && !ctx.response && offline) announce(offline.content.firstElementChild.cloneNode(true));
});

document.addEventListener("click", (event) => {
  event.target.closest("[data-close]")?.closest("[data-toast]")?.remove();
});
