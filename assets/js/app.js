// Every page's script. Each module listens on the document, so what HTMX swaps in works without being wired.
import "./busy.js";
import "./buybar.js";
import "./copy.js";
import "./dialogs.js";
import "./drawer.js";
import "./menus.js";
import "./print.js";
import "./progress.js";
import "./search_key.js";
import "./toasts.js";
import "./travel.js";
