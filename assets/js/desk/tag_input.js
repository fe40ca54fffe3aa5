// A line of tags with commas becomes chips. What is sent stays that line, in a hidden field of the same name; it
// tells of each change as a typed one would, so that autosave and htmx hear it.
const SEPARATOR = /[,;\n]/;
const A_MOMENT = 600;

const split = (text) => text.split(SEPARATOR).map((tag) => tag.trim()).filter(Boolean);
const folded = (tag) => tag.toLowerCase();

class TagBox {
  constructor(box) {
    this.box = box;
    this.field = box.closest(".field");
    this.most = Number(box.dataset.most);
    this.typed = box.querySelector("input");
    this.sent = Object.assign(document.createElement("input"), { type: "hidden", name: this.typed.name });
    this.typed.removeAttribute("name");
    this.typed.before(this.sent);
    this.take(this.typed.value);
    this.listen();
  }

  get chips() {
    return [...this.box.querySelectorAll(".chip")];
  }

  get tags() {
    return this.chips.map((chip) => chip.querySelector("[data-name]").textContent);
  }

  listen() {
    this.box.addEventListener("click", (event) => {
      const remove = event.target.closest("[data-remove]");
      if (remove) this.drop(remove.closest(".chip"));
      if (remove || event.target === this.box) this.typed.focus();
    });
    this.typed.addEventListener("keydown", (event) => this.onKey(event));
    this.typed.addEventListener("input", (event) => {
      event.stopPropagation();
      const chosen = event.inputType === "insertReplacementText" || !event.inputType;
      if (chosen || SEPARATOR.test(this.typed.value)) this.take(this.typed.value);
      this.tell();
    });
    this.typed.addEventListener("change", (event) => event.stopPropagation());
    this.typed.addEventListener("blur", () => {
      if (!this.typed.value.trim()) return;
      this.take(this.typed.value);
      this.tell();
    });
    this.typed.form?.addEventListener("reset", () => {
      this.chips.forEach((chip) => chip.remove());
      setTimeout(() => this.show());
    });
  }

  onKey(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && this.typed.value.trim()) {
      event.preventDefault();
      this.take(this.typed.value);
      this.tell();
    }
    if (event.key === "Backspace" && !this.typed.value && this.chips.length) this.drop(this.chips.at(-1));
  }

  take(text) {
    const left = [];
    for (const tag of split(text)) {
      if (this.isThere(tag)) continue;
      if (this.chips.length < this.most) this.add(tag);
      else left.push(tag);
    }
    this.typed.value = left.join(", ");
    if (left.length) this.say(`${this.most} is the most. Take one away first.`);
    this.show();
  }

  isThere(tag) {
    const same = this.chips.find((chip) => folded(chip.querySelector("[data-name]").textContent) === folded(tag));
    same?.classList.add("again");
    setTimeout(() => same?.classList.remove("again"), A_MOMENT);
    return Boolean(same);
  }

  add(tag) {
    const chip = this.box.querySelector("template").content.firstElementChild.cloneNode(true);
    chip.querySelector("[data-name]").textContent = tag;
    chip.querySelector("[data-remove]").setAttribute("aria-label", `Remove ${tag}`);
    this.typed.before(chip);
    this.say(`${tag} added. ${this.chips.length} of ${this.most}.`);
  }

  drop(chip) {
    const tag = chip.querySelector("[data-name]").textContent;
    chip.remove();
    this.say(`${tag} removed. ${this.chips.length} of ${this.most}.`);
    this.show();
    this.tell();
  }

  show() {
    this.sent.value = [...this.tags, ...split(this.typed.value)].join(", ");
    const count = this.field.querySelector("[data-tag-count]");
    count.textContent = `${this.chips.length} of ${this.most}`;
  }

  tell() {
    this.show();
    for (const type of ["input", "change"]) this.sent.dispatchEvent(new Event(type, { bubbles: true }));
  }

  say(sentence) {
    this.field.querySelector("[data-tag-news]").textContent = sentence;
  }
}

function wire() {
  for (const box of document.querySelectorAll("[data-tag-input]:not([data-wired])")) {
    box.dataset.wired = "";
    new TagBox(box);
  }
}

wire();
document.addEventListener("htmx:after:swap", wire);
