// What a page can do without being loaded again. Without this script it does all the same.
"use strict";

// A form with data-live: what it finds is put in place, and its address into the address bar.
let asked = 0;
async function show(form, address, wanted) {
  const number = ++asked;
  const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  const text = answer?.ok ? await answer.text() : "";
  if (number !== asked) return; // something newer was asked for
  const there = new DOMParser().parseFromString(text, "text/html");
  const found = there.getElementById(form.dataset.live);
  const shown = document.getElementById(form.dataset.live);
  const said = document.getElementById("said");
  shown.classList.toggle("stale", !found);
  if (!found) {
    // What went wrong is a page too; but not while something is still being written.
    if (wanted) location.assign(address);
    said.textContent = said.dataset.stale;
    return;
  }
  shown.replaceChildren(...found.childNodes);
  said.textContent = found.dataset.said || "";
  history.replaceState(null, "", answer.url);
  for (const link of document.querySelectorAll("a.switch")) {
    const other = there.querySelector(`a.switch[hreflang="${link.hreflang}"]`);
    if (other) link.href = other.href;
  }
  ready(shown);
}

function address(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== "") fields.append(name, value);
  const query = fields.toString();
  return form.action.split("?")[0] + (query ? `?${query}` : "");
}

// Something happens on a day, or never: what is chosen last.
function either(field) {
  const others = field.closest("fieldset")?.querySelectorAll("input") || [];
  for (const other of others) {
    if (field.name === "never" && field.checked && other.type === "date") other.value = "";
    if (field.type === "date" && field.value && other.name === "never") other.checked = false;
  }
}

for (const form of document.querySelectorAll("form[data-live]")) {
  let waiting;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    show(form, address(form), true);
  });
  form.addEventListener("input", (event) => {
    either(event.target);
    clearTimeout(waiting);
    waiting = setTimeout(() => show(form, address(form), false), 250);
  });
}

// The picture: the events that one hangs on, and that hang on it, are marked while it is shown. A
// first tap shows them, a second one opens the event.
function related(link, on) {
  const names = new Set((link.dataset.related || "").split(" "));
  for (const other of document.querySelectorAll("a.event"))
    if (names.has(other.dataset.event)) other.classList.toggle("related", on);
}

function shown(link) {
  for (const other of document.querySelectorAll("a.event.shown")) {
    other.classList.remove("shown");
    related(other, false);
  }
  if (link) {
    link.classList.add("shown");
    related(link, true);
  }
}

function ready(part) {
  for (const link of part.querySelectorAll("a.event")) {
    link.addEventListener("pointerenter", () => related(link, true));
    link.addEventListener("pointerleave", () => related(link, false));
    link.addEventListener("focus", () => related(link, true));
    link.addEventListener("blur", () => related(link, false));
    link.addEventListener("click", (event) => {
      if (event.pointerType !== "touch" || link.classList.contains("shown")) return;
      event.preventDefault();
      shown(link);
    });
  }
  for (const button of part.querySelectorAll("button[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = button.dataset.done;
    });
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") shown(null);
});
ready(document);
