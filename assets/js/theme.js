// Paper or ink: the system's choice until the toggle is pressed, then what was chosen, in every tab.
// A classic script in the head, because the page must not be drawn in the wrong theme first.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // Storage throws where a browser forbids it; the choice then lasts as long as the page.
  let chosen = null;
  const remembered = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return chosen;
    }
  };
  const remember = (theme) => {
    chosen = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {}
  };
  const show = () => {
    root.dataset.theme = remembered() ?? (dark.matches ? "ink" : "paper");
  };

  root.classList.add("js");
  show();
  dark.addEventListener("change", show);
  addEventListener("storage", show);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    remember(root.dataset.theme === "ink" ? "paper" : "ink");
    show();
  });
})();
