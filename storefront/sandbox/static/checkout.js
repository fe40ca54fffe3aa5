// The payment page: a chosen test card fills the fields, a typed number unchooses it, and a form goes once.
// Without this script the server does the same with what was chosen and typed.

const form = document.querySelector("[data-payment]");

if (form) {
  const { number, expiry, cvc } = form.elements;
  const card = form.querySelector("[data-card]");
  const choices = [...form.querySelectorAll("input[name=choice]")];
  const digits = (text) => text.replace(/\D/g, "");
  const showCard = () => {
    if (card) card.hidden = choices.some((choice) => choice.checked && choice.value === "bank");
  };

  for (const choice of choices) {
    choice.addEventListener("change", () => {
      showCard();
      if (!choice.dataset.fills) return;
      number.value = choice.dataset.fills;
      expiry.value = expiry.value || "12 / 34";
      cvc.value = cvc.value || "123";
    });
  }
  number?.addEventListener("input", () => {
    for (const choice of choices) choice.checked = choice.value === digits(number.value);
  });
  showCard();
  form.querySelector("[aria-invalid=true]")?.focus();
}

for (const each of document.forms) {
  let sent = false;
  each.addEventListener("submit", (event) => {
    if (sent) return event.preventDefault();
    sent = true;
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // A page that comes back from the browser's memory can be sent again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sent = false;
    for (const button of each.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  });
}
