// A form with data-upload sends each chosen or dropped file by itself, with its picture and how far it is. XHR,
// because fetch does not tell of progress. When all are there, the form tells of it by the event "uploaded", or leads on
// to where data-onward says. A file that is pasted is taken by the form of the section where it happens.
const REFUSED = "It did not arrive. Check the connection, then try again.";

class Upload {
  constructor(form) {
    this.form = form;
    this.field = form.querySelector("input[type=file]");
    this.list = form.querySelector(".uploads");
    this.queue = [];
    this.busy = false;
    form.querySelector(".without-js").disabled = true;
    this.field.addEventListener("change", () => {
      for (const file of this.field.files) this.take(file);
      this.field.value = "";
    });
    for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
      this.field.addEventListener(type, () => {
        this.field.parentElement.classList.toggle("over", type === "dragenter" || type === "dragover");
      });
    }
  }

  take(file) {
    if (!this.field.multiple) for (const row of this.list.querySelectorAll("[data-state=refused]")) row.remove();
    const row = this.newRow(file);
    const accepted = this.field.accept.split(",").filter(Boolean);
    if (accepted.length && !accepted.includes(file.type)) return refuse(row, this.form.dataset.wrongKind);
    if (file.size > Number(this.form.dataset.limit)) return refuse(row, this.form.dataset.tooLarge);
    row.querySelector("[data-again]").hidden = false;
    row.querySelector("[data-again]").addEventListener("click", () => this.line(row, file));
    this.line(row, file);
  }

  newRow(file) {
    const row = this.form.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-name]").textContent = file.name;
    row.querySelector("progress").setAttribute("aria-label", file.name);
    row.querySelector("[data-again]").hidden = true;
    const away = row.querySelector("[data-away]");
    away.setAttribute("aria-label", `Take ${file.name} off the list`);
    away.addEventListener("click", () => {
      row.sending?.abort();
      row.remove();
      this.field.focus();
    });
    this.list.append(row);
    show(file, row.querySelector("[data-picture]"));
    return row;
  }

  line(row, file) {
    row.dataset.state = "sending";
    progress(row, 0);
    this.queue.push([row, file]);
    if (!this.busy) this.next();
  }

  next() {
    const [row, file] = this.queue.shift() ?? [];
    this.busy = Boolean(row);
    if (!row) return this.end();
    if (row.isConnected) this.send(row, file);
    else this.next();
  }

  end() {
    this.form.dispatchEvent(new Event("uploaded", { bubbles: true }));
    const { onward } = this.form.dataset;
    if (!onward || this.list.querySelector("[data-state=refused]")) return;
    const there = new URL(onward, location.href);
    const isHere = there.pathname + there.search === location.pathname + location.search;
    location.assign(there);
    if (isHere && there.hash) location.reload(); // another place on the same page is no visit
  }

  send(row, file) {
    const body = new FormData(this.form);
    body.set(this.field.name, file);
    const request = new XMLHttpRequest();
    row.sending = request;
    request.open("POST", this.form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => progress(row, (event.loaded / event.total) * 100));
    request.addEventListener("loadend", () => {
      row.sending = null;
      if (request.status >= 200 && request.status < 400) this.keep(row, file);
      else refuse(row, request.response?.detail ?? REFUSED);
      this.next();
    });
    request.send(body);
  }

  keep(row, file) {
    row.dataset.state = "kept";
    this.form.querySelector("[role=status]").textContent = `${file.name} is kept.`;
  }
}

function progress(row, percent) {
  row.querySelector("progress").value = percent;
  row.querySelector("[data-percent]").textContent = `${Math.round(percent)}%`;
}

function refuse(row, sentence) {
  row.dataset.state = "refused";
  row.querySelector("[data-refusal]").textContent = sentence;
  row.closest("form").querySelector("[role=status]").textContent = sentence;
}

// Drawn, because a picture from a blob: address is against the content security policy.
async function show(file, place) {
  if (!file.type.startsWith("image/") || file.type === "image/svg+xml") return;
  const canvas = Object.assign(document.createElement("canvas"), { width: 128, height: 80, className: "upload-picture" });
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.max(canvas.width / picture.width, canvas.height / picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    canvas.getContext("2d").drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
    picture.close();
    place.replaceWith(canvas);
  } catch {
    // Not a picture after all: the sign of a file stays, and the server says so.
  }
}

// Text that was copied may bring a picture of itself along: then it is the text that is meant.
document.addEventListener("paste", (event) => {
  const files = event.clipboardData?.files ?? [];
  if (!files.length || event.clipboardData.types.includes("text/plain")) return;
  const all = document.querySelectorAll("[data-upload]");
  const form = event.target.closest?.("section")?.querySelector("[data-upload]") ?? (all.length === 1 ? all[0] : null);
  if (!form?.upload) return;
  event.preventDefault();
  for (const file of files) form.upload.take(file);
});

// What was kept is on the page once a list has been loaded anew.
function clear() {
  for (const row of document.querySelectorAll(".upload-row[data-state=kept]")) {
    if (row.closest("[data-upload][data-wired]")) row.remove();
  }
}

function wire() {
  for (const form of document.querySelectorAll("[data-upload]:not([data-wired])")) {
    form.dataset.wired = "";
    form.upload = new Upload(form);
  }
}

wire();
document.addEventListener("htmx:after:swap", () => {
  clear();
  wire();
});
