// The thin line at the top: any HTMX request that takes longer than 100 ms.
const PATIENCE = 100;
const running = new Set();
let timer;

function show() {
  document.getElementById("progress")?.classList.toggle("on", running.size > 0);
}

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (!running.size) timer = setTimeout(show, PATIENCE);
  running.add(ctx);
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  running.delete(ctx);
  if (running.size) return;
  clearTimeout(timer);
  show();
});
