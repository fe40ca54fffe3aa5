// The bar at a phone's foot shows once the button it stands for, data-buybar="its id", has gone by above.
const bars = new Map();

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting, boundingClientRect } of entries) {
    bars.get(target)?.classList.toggle("on", !isIntersecting && boundingClientRect.bottom <= 0);
  }
});

function watch() {
  observer.disconnect();
  bars.clear();
  for (const bar of document.querySelectorAll("[data-buybar]")) {
    const button = document.getElementById(bar.dataset.buybar);
    if (!button) continue;
    bars.set(button, bar);
    observer.observe(button);
  }
}

watch();
document.addEventListener("htmx:after:swap", watch);
