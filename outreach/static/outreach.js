// What pages do beyond HTML: previews while writing, the browser's time zone, copying. Everything works without.
document.documentElement.classList.add("js");

for (const field of document.querySelectorAll("[data-timezone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}

// without https there is no clipboard, but a marked field can be copied
const copied = async (text, beside) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, className: "visually-hidden" });
    beside.after(field);
    field.select();
    field.setSelectionRange(0, text.length); // iPhones mark nothing else
    const done = document.execCommand("copy");
    field.remove();
    beside.focus({ preventScroll: true });
    return done;
  }
};
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    if (!(await copied(source.textContent, button))) return getSelection().selectAllChildren(source); // by her own hand
    button.classList.add("main");
    button.querySelector("[data-word]").textContent = button.dataset.done;
  });
}

// which file was chosen; the composer shows its pictures, and forgets the file
const chosen = (input) => {
  const told = input.parentElement.querySelector("[data-chosen]");
  if (told) told.textContent = [...input.files].map((file) => file.name).join(", ");
};
for (const input of document.querySelectorAll(".chooser [type=file]")) {
  input.addEventListener("change", () => chosen(input));
  addEventListener("pageshow", () => chosen(input));
}

// the preview beside a form, from the server's one function, a moment after the last key
for (const form of document.querySelectorAll("form[data-preview]")) {
  let timer, quiet, newest = 0;
  const shown = document.getElementById(form.dataset.shows) ?? form.querySelector("[data-shown]");
  const refresh = async () => {
    const mine = ++newest;
    const data = new FormData(form);
    for (const file of data.getAll("new_image")) if (file.name) data.append("new_picture", "1"); // not its bytes
    data.delete("new_image");
    const answer = await fetch(form.dataset.preview, { method: "POST", body: data }).catch(() => null);
    if (!answer?.ok || mine !== newest) return;
    shown.innerHTML = await answer.text();
    for (const part of shown.querySelectorAll("template[data-for]")) {
      const room = document.getElementById(part.dataset.for);
      if (room && room.innerHTML !== part.innerHTML) room.innerHTML = part.innerHTML;
    }
    form.dispatchEvent(new Event("shown"));
    const status = form.querySelector("[data-status]"), summary = shown.querySelector("[data-summary]");
    clearTimeout(quiet);
    if (status && summary) quiet = setTimeout(() => { status.textContent = summary.textContent; }, 1000);
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(refresh, 150); });
  addEventListener("submit", () => clearTimeout(timer)); // an answer after that of the form would take its message away
}

// a list that is being read: the page follows it, as long as somebody looks, and nothing that was typed is lost
const followed = document.querySelector("[data-refresh]");
const follow = async () => {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return setTimeout(follow, 5000);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-refresh]");
  const open = typed.size || document.querySelector("main details[open] form");
  if (!page && !open) return location.reload(); // it is in
  if (page) followed.innerHTML = page.innerHTML;
  setTimeout(follow, 1500);
};
if (followed) setTimeout(follow, 1000);

// a second click on a button says nothing new
addEventListener("submit", (event) => {
  const sent = event.target.dataset;
  if (sent.sent) event.preventDefault();
  else setTimeout(() => { delete sent.sent; }, 2000);
  sent.sent = "1";
});

// titles that are chosen for a post stand in the bar at the foot, where they can be unticked as well
const bar = document.querySelector(".chosen-titles");
if (bar) {
  const told = bar.querySelector("[data-told]"), most = Number(bar.dataset.most);
  const boxes = [...document.querySelectorAll(".shelf [name=title]")];
  const chip = (box) => {
    const made = document.createElement("label"), small = document.createElement("input"), name = document.createElement("span");
    made.className = "chip";
    Object.assign(small, { type: "checkbox", checked: true });
    small.dataset.of = box.value; // no name: the box itself is what is sent
    name.textContent = box.closest("li").querySelector("strong").textContent;
    made.append(small, " ", name);
    return made;
  };
  const tell = () => {
    for (const box of boxes) {
      const mine = bar.querySelector(`[data-of="${box.value}"]`)?.closest(".chip");
      if (box.checked && !mine) bar.append(chip(box));
      if (!box.checked) mine?.remove();
    }
    const count = bar.querySelectorAll(".chip").length, full = count >= most;
    told.textContent = (count ? (full ? bar.dataset.full : bar.dataset.chosen) : told.dataset.none).replace("{count}", count);
    for (const box of boxes) box.disabled = full && !box.checked;
  };
  bar.addEventListener("change", (event) => {
    const box = boxes.find((one) => one.value === event.target.dataset.of);
    if (box) {
      box.checked = false;
      box.focus({ preventScroll: true });
    }
    event.target.closest(".chip").remove();
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  addEventListener("pageshow", tell); // also where the browser has ticked them again
}

// what was typed and not sent is not lost without a question; sending one form asks about the others
const typed = new Set();
document.addEventListener("input", ({ target: { form } }) => {
  if (form?.method === "post" && !form.querySelector("[type=password]")) typed.add(form);
});
document.addEventListener("submit", (event) => typed.delete(event.target));
document.addEventListener("kept", (event) => typed.delete(event.target)); // by itself
addEventListener("beforeunload", (event) => { if (typed.size) event.preventDefault(); });
