// What a page can do without being loaded again. Without this script it does all the same.
"use strict";

// A form with data-live: what it finds is put in place, and its address into the address bar.
let asked = 0;
let shownAddress = location.pathname + location.search;
let typedIn = null;
async function show(form, address, wanted, field = null) {
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
  // Each choice is a step that Back undoes; what is typed into one field is one step.
  const goesOn = (field && field === typedIn) || answer.url === location.href.split("#")[0];
  history[goesOn ? "replaceState" : "pushState"](null, "", answer.url);
  shownAddress = location.pathname + location.search;
  typedIn = field?.matches("[type=search], [type=date]") ? field : null;
  follow(there);
  ready(shown);
  return there;
}

// What stands around it leads on with what was chosen.
function follow(there) {
  const links = "header.site a, .views a, footer a";
  const others = there.querySelectorAll(links);
  const own = document.querySelectorAll(links);
  if (own.length === others.length)
    own.forEach((link, at) => link.setAttribute("href", others[at].getAttribute("href")));
  const name = document.getElementById("filter-name");
  if (name) name.textContent = there.getElementById("filter-name").textContent;
}

// Back and forward: the page is as it was, and so is the form.
addEventListener("popstate", async () => {
  if (location.pathname + location.search === shownAddress) return; // another part of the page
  const form = document.querySelector("form[data-live]");
  const field = form?.contains(document.activeElement) && document.activeElement.name;
  const there = form && (await show(form, location.href.split("#")[0], true));
  if (!there) return;
  form.replaceChildren(...there.querySelector("form[data-live]").childNodes);
  if (field) form.querySelector(`[name="${CSS.escape(field)}"]`)?.focus();
  typedIn = null;
});

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
    waiting = setTimeout(() => show(form, address(form), false, event.target), 250);
  });
}

// A line that is being typed: what it comes to, or what is wrong with it, stands below it.
for (const form of document.querySelectorAll("form[data-lines]")) {
  let waiting;
  let typed = 0;
  const answer = async (field) => {
    const number = ++typed;
    const query = new URLSearchParams({ key: field.dataset.line });
    if (form.dataset.event) query.set("event", form.dataset.event);
    else query.set("agreement", form.elements.agreement.value);
    for (const line of form.querySelectorAll("[data-line]"))
      if (line.value.trim()) query.set(line.dataset.line, line.value);
    const [path, kept] = form.dataset.lines.split("?");
    for (const [name, value] of new URLSearchParams(kept)) query.set(name, value);
    const got = await fetch(`${path}?${query}`).catch(() => null);
    const text = got?.ok ? await got.text() : "";
    if (number !== typed) return;
    const there = new DOMParser().parseFromString(text, "text/html");
    document.getElementById(`live.${field.dataset.line}`).replaceChildren(...there.body.childNodes);
  };
  form.addEventListener("input", ({ target }) => {
    if (!target.dataset.line) return;
    clearTimeout(waiting);
    waiting = setTimeout(answer, 120, target);
  });
  form.addEventListener("click", ({ target }) => {
    const write = target.dataset.write;
    if (write === undefined) return;
    const field = target.closest(".live").id.slice(5);
    const input = form.querySelector(`[data-line="${field}"]`);
    input.value = write;
    input.focus();
    answer(input);
  });
}

// The picture: the chain of events that one hangs on, and of those that hang on it, is marked while
// it is shown, and what is said of it stands below. A first tap shows it, a second one opens it.
let dependsOn = new Map();
let dependents = new Map();
function readChains() {
  dependsOn = new Map();
  dependents = new Map();
  for (const link of document.querySelectorAll("a.event[data-on]")) {
    const names = link.dataset.on.split(" ");
    dependsOn.set(link.dataset.event, names);
    for (const name of names)
      dependents.set(name, (dependents.get(name) || new Set()).add(link.dataset.event));
  }
}

function reach(begin, next, names = new Set()) {
  const open = [begin];
  while (open.length)
    for (const name of next.get(open.pop()) || [])
      if (!names.has(name)) open.push(name), names.add(name);
  return names;
}

function related(link, on) {
  const name = link.dataset.event;
  const names = reach(name, dependents, reach(name, dependsOn));
  for (const other of document.querySelectorAll("a.event"))
    if (names.has(other.dataset.event)) other.classList.toggle("related", on);
  const why = document.getElementById("why");
  if (why) why.textContent = on ? link.querySelector("title").textContent : "";
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

// Instants, by the clock of this browser: the page has them by the agreement's.
const clock = JSON.parse(document.body.dataset.clock || "null");
// Browsers go on with the names that some zones had first (CLDR); people know the later ones.
const RENAMED = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Godthab": "America/Nuuk",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
};
const named = Intl.DateTimeFormat().resolvedOptions().timeZone?.replace(/^Etc\/(UTC|GMT)$/, "UTC");
const zone = RENAMED[named] || named;
const knowsZone = clock && zone && zone !== "Etc/Unknown";
const two = (number) => String(number).padStart(2, "0");
const fill = (text, values) => text.replace(/{(\w+)[^}]*}/g, (_, name) => values[name]);
const dayOf = (moment) => Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / 864e5;
const dayText = (moment) => {
  const [year, number] = [moment.getFullYear(), moment.getMonth() + 1];
  return fill(clock.day, { year, number, month: clock.months[number - 1], day: moment.getDate() });
};
const isInstant = (time) => time.dateTime.includes("T");

// Today is this browser's, unless the page is of another day, or old.
const asOf = document.querySelector("header .day time");
const pageDay = asOf && Date.parse(asOf.dateTime) / 864e5;
const isNow = asOf?.matches("[data-live]") && Math.abs(dayOf(new Date()) - pageDay) <= 2;
const today = isNow ? dayOf(new Date()) : pageDay;

function localize(time, own) {
  const there = new Date(time.dateTime);
  const [year, month, day] = [there.getFullYear(), there.getMonth() + 1, there.getDate()];
  const hours = `${two(there.getHours())}:${two(there.getMinutes())}`;
  const date = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
  if (time.dateTime.startsWith(`${date}T${hours}`)) {
    own.textContent = ""; // it shows what is stated
  } else {
    const weekday = clock.weekdays[(there.getDay() + 6) % 7];
    const values = { zone, clock: hours, weekday, day: dayText(there) };
    const text = fill(time.dateTime.startsWith(date) ? clock.same : clock.own, values);
    own.textContent = own.matches(".alone") ? text : fill(clock.behind, { own: text });
  }
}

// The day on which something is for who reads, counted as today is.
const shownDay = (time) =>
  isInstant(time) ? dayOf(new Date(time.dateTime)) : Date.parse(time.dateTime) / 864e5;

function countDown(away) {
  const days = shownDay(away.parentElement.querySelector("time")) - today;
  away.textContent = JSON.parse(away.dataset.texts)[3 + days - away.dataset.days] ?? away.textContent;
}

// Rows by the day that is read there, the instants of a day before the day itself.
function sort(rows) {
  if (!rows.querySelector("time + .own")) return;
  const keyed = [...rows.children].map((row) => {
    const time = row.querySelector(":scope > .when > time, :scope > td:nth-of-type(1) > time");
    const instant = time && isInstant(time) ? Date.parse(time.dateTime) : Infinity;
    return [time ? shownDay(time) : Infinity, instant, row];
  });
  const way = rows.dataset.order === "rising" ? 1 : -1;
  const compare = (a, b) => (a === b ? 0 : a < b ? -way : way);
  keyed.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
  rows.append(...keyed.map(([, , row]) => row));
}

function ready(part) {
  if (knowsZone) {
    for (const own of part.querySelectorAll("time + .own")) localize(own.previousElementSibling, own);
    for (const away of part.querySelectorAll(".countdown[data-days]")) countDown(away);
    for (const rows of part.querySelectorAll("[data-order]")) sort(rows);
  }
  readChains();
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
if (knowsZone && isNow && today !== pageDay)
  asOf.insertAdjacentText("afterend", fill(clock.today, { zone, day: dayText(new Date()) }));
ready(document);
