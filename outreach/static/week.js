// Another time for a post by drag, by keyboard and by "Move". Without a script "Move" leads to the same form on its page.
const panel = document.getElementById("move"), said = document.getElementById("said");
const form = panel?.querySelector("form"), chooser = panel?.querySelector("[role=spinbutton]");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let lifted = null; // the tile that is moved

const placed = (event) => event.target.closest?.(".placed");
const shift = (day, days) => new Date((Date.parse(day) || Date.now()) + days * 864e5).toISOString().slice(0, 10);
const named = (day) => new Intl.DateTimeFormat(document.documentElement.lang,
  { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }).format(new Date(day));
const say = (words, shown = false) => {
  said.classList.toggle("shown", shown);
  said.textContent = words;
  if (shown) setTimeout(() => said.classList.remove("shown"), 6000);
};
const mark = (zone) => {
  for (const old of document.querySelectorAll(".over")) old.classList.remove("over");
  zone?.classList.add("over");
};
const put = () => {
  lifted?.classList.remove("lifted");
  document.body.classList.remove("moving");
  mark(null);
  lifted = null;
};

// the same form, whichever way: the answer is the page again, or why it did nothing
const send = async (address, post, data, from) => {
  const answer = await fetch(address, { method: "POST", body: data }).catch(() => null);
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  const board = page?.getElementById("board");
  if (!board) {
    const why = page?.querySelector(".flash.warning");
    return why ? say(why.textContent.trim(), true) : location.reload();
  }
  document.getElementById("board").replaceWith(board);
  const moved = board.querySelector(`[data-post="${post}"]`), told = board.querySelector(".moved");
  const stale = page.querySelector(".flashes .warning"); // it was not moved: somebody else has, or wrote
  say((stale ?? told?.querySelector("span"))?.textContent.trim() ?? "", Boolean(stale));
  (moved?.querySelector("a") ?? told?.querySelector("button"))?.focus({ preventScroll: !moved });
  if (!moved || stale || !from || calm.matches) return;
  const to = moved.getBoundingClientRect();
  moved.animate({ transform: [`translate(${from.x - to.x}px, ${from.y - to.y}px)`, "none"] }, { duration: 150, easing: "ease-out" });
};
const fields = (values) => {
  const data = new FormData(form);
  for (const name of ["day", "clock"]) data.delete(name);
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
};

// by drag: on a day it keeps its time, on a usual time it takes that
document.addEventListener("dragstart", (event) => {
  const tile = placed(event);
  if (!tile || !form) return;
  if (!tile.dataset.move) {
    event.preventDefault();
    return tile.querySelector(".mover") ? null : say(said.dataset.stays, true);
  }
  lifted = tile;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", tile.dataset.post);
  tile.classList.add("lifted");
  document.body.classList.add("moving");
});
const zone = (event) => (lifted ? event.target.closest?.("[data-drop-at], [data-drop]") : null);
document.addEventListener("dragover", (event) => {
  const over = zone(event);
  if (over) event.preventDefault();
  if (lifted) mark(over);
});
document.addEventListener("drop", (event) => {
  const over = zone(event), tile = lifted;
  if (!over) return;
  event.preventDefault();
  const { dropAt, drop } = over.dataset, { day, clock = "", move, post, revision } = tile.dataset;
  const from = new DOMRect(event.clientX - tile.offsetWidth / 2, event.clientY - 16);
  put();
  if (dropAt) send(move, post, fields({ at: dropAt, revision }), from);
  else if (drop !== day) send(move, post, fields({ day: drop, clock, revision }), from);
});
document.addEventListener("dragend", put);

// by keyboard, and by "Move": the day by arrows, or a day and a time as typed
const choose = (day) => {
  const wanted = day < form.day.min ? form.day.min : day;
  form.day.value = wanted;
  chooser.setAttribute("aria-valuetext", named(wanted));
  chooser.setAttribute("aria-valuenow", Math.round((Date.parse(wanted) - Date.parse(form.day.min)) / 864e5));
  chooser.firstElementChild.textContent = named(wanted);
  mark(document.querySelector(`[data-drop="${wanted}"]`));
  say(named(wanted));
};
const open = (tile) => {
  put();
  lifted = tile;
  tile.classList.add("lifted");
  form.action = tile.dataset.move;
  form.revision.value = tile.dataset.revision;
  form.clock.value = tile.dataset.clock ?? "09:00";
  document.getElementById("move-what").textContent = `“${tile.querySelector(".first").textContent.trim()}”`;
  panel.show();
  choose(tile.dataset.day ?? form.day.min);
  chooser.focus();
};
const close = () => {
  const tile = lifted;
  panel.close();
  put();
  tile?.querySelector("a")?.focus();
};
document.addEventListener("keydown", (event) => {
  const tile = placed(event);
  if (!tile || !form || event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  if (tile.dataset.move) open(tile);
  else say(said.dataset.stays, true);
});
document.addEventListener("click", (event) => {
  if (!form || !event.target.closest?.(".mover") || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  open(placed(event));
});
if (form) {
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  chooser.addEventListener("keydown", (event) => {
    if (event.key in steps) choose(shift(form.day.value, steps[event.key]));
    else if (event.key === "Enter") form.requestSubmit(form.querySelector(".main"));
    else return;
    event.preventDefault();
  });
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  panel.querySelector("[data-leave]").addEventListener("click", close);
  panel.addEventListener("input", (event) => event.stopPropagation()); // nothing is lost by leaving it
  form.day.addEventListener("change", () => { if (form.day.value) choose(form.day.value); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const tile = lifted;
    if (!tile) return;
    const data = new FormData(form, event.submitter);
    panel.close();
    put();
    send(tile.dataset.move, tile.dataset.post, data, tile.getBoundingClientRect());
  });
}
