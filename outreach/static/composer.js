// Writing a post: pictures, places, the list of titles, what is kept by itself. Everything works without.
const composer = document.querySelector(".composer");
const changed = (element) => element.dispatchEvent(new Event("input", { bubbles: true }));
const post = (address, data) => fetch(address, { method: "POST", body: data }).catch(() => null);
const whole = () => {
  const data = new FormData(composer);
  data.delete("new_image");
  return data;
};

// what was refused is said at the field that mends it, and that has the focus
const refused = document.getElementById("wrong");
const mends = refused?.dataset.at && composer.querySelector(`[name="${CSS.escape(refused.dataset.at)}"]`);
if (mends) {
  for (let around = mends.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  (mends.closest("label, .chips, .in-a-row, .pick-row, .dated-row, .choice") ?? mends).after(refused);
  mends.setAttribute("aria-describedby", "wrong");
  mends.setAttribute("aria-invalid", "true");
  mends.focus();
  mends.scrollIntoView({ block: "center" });
}

// and goes once that is filled
const isFilled = (box) => (box.matches("[type=checkbox], [type=radio]") ? box.checked : box.value.trim());
const mended = ({ target: { name } }) => {
  if (name !== refused.dataset.at) return;
  const filled = [...composer.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter(isFilled);
  if (filled.length < (name === "choice" ? 2 : 1)) return;
  mends.removeAttribute("aria-describedby");
  mends.removeAttribute("aria-invalid");
  refused.remove();
  composer.removeEventListener("input", mended);
};
if (mends) composer.addEventListener("input", mended);

// on a narrow screen the preview is far below, and what its checks found stands by the words
const beside = document.getElementById("previews"), narrow = matchMedia("(max-width: 60rem)");
const near = () => {
  if (!narrow.matches) return;
  const found = beside.querySelector(".checks");
  composer.elements.words.parentElement.querySelector(".checks")?.remove();
  if (found) composer.elements.words.after(found);
};
new MutationObserver((seen) => { if (seen.some((one) => one.addedNodes.length)) near(); }).observe(beside, { childList: true });
near();

// pictures: chosen, dropped or pasted, they are there at once; without a connection the form sends them as before
const field = composer.querySelector(".pictures-field"), shown = field.querySelector(".pictures-list");
const wrong = field.querySelector(".picture-wrong"), chooser = field.querySelector("[type=file]");
const told = (words) => {
  wrong.hidden = !words;
  wrong.querySelector("span").textContent = words;
};
const coming = new Set();
const upload = (file) => {
  const one = sent(file).finally(() => coming.delete(one));
  coming.add(one);
  return one;
};
const sent = async (file) => {
  const data = new FormData();
  for (const name of ["csrf_token", "library_id"]) data.append(name, composer.elements[name].value);
  data.append("picture", file);
  const answer = await post(field.dataset.upload, data);
  if (!answer) return false;
  const html = await answer.text();
  const row = new DOMParser().parseFromString(html, "text/html").querySelector(".picture");
  if (!answer.ok || !row) return told(answer.status === 422 ? html : field.dataset.failed), true;
  told("");
  const known = shown.querySelector(`[data-picture="${row.dataset.picture}"]`); // the same picture is there once
  if (!known) shown.append(row);
  (known ?? row).querySelector("textarea").focus();
  changed(composer);
  return true;
};
chooser.addEventListener("change", async () => {
  const kept = await Promise.all([...chooser.files].map(upload));
  if (kept.every(Boolean)) chooser.value = chooser.parentElement.querySelector("[data-chosen]").textContent = "";
  chooser.closest(".new-picture").classList.toggle("chosen", chooser.files.length > 0);
});
composer.addEventListener("paste", (event) => {
  if (event.clipboardData.types.includes("text/plain")) return; // a table or a text brings its picture as well
  const files = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
  if (!files.length) return;
  event.preventDefault();
  files.forEach(upload);
});
for (const name of ["dragover", "drop"]) {
  composer.addEventListener(name, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    if (name === "drop") [...event.dataTransfer.files].forEach(upload);
  });
}
shown.addEventListener("click", (event) => {
  const row = event.target.closest(".earlier")?.closest(".picture");
  if (!row?.previousElementSibling) return;
  row.previousElementSibling.before(row);
  event.target.closest(".earlier").focus();
  changed(composer);
});

// an earlier picture that is chosen stands among the others, where it is described and put in order
for (const box of field.querySelectorAll(".thumb input[type=checkbox]")) {
  box.addEventListener("change", async () => {
    const answer = await fetch(`${field.dataset.upload}/${box.value}`).catch(() => null);
    if (!answer?.ok) return;
    shown.append(new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".picture"));
    box.closest(".thumb").remove();
    shown.lastElementChild.querySelector("textarea").focus();
    changed(composer);
  });
}

// different words only for the places that are chosen; fields only for what is picked
const places = () => {
  for (const box of composer.querySelectorAll("[name=account]")) {
    document.getElementById(`own-${box.value}`)?.classList.toggle("not-chosen", !box.checked);
  }
  for (const part of composer.querySelectorAll("[data-shown-for]")) {
    const [name, value] = part.dataset.shownFor.split("=");
    part.classList.toggle("not-chosen", composer.querySelector(`[name="${name}"]:checked`)?.value !== value);
  }
};

// the second language asks for its words once it is chosen
composer.elements.second_language.addEventListener("change", ({ target }) => {
  const kept = target.closest("details").querySelector("template"), room = target.closest("details").querySelector(".second");
  if (kept && target.value && !room.childElementCount) room.append(kept.content.cloneNode(true));
  paired();
});

// and has each question of the first, beside its day
const oneMore = (row) => {
  const next = row.cloneNode(true), number = row.parentElement.querySelectorAll(".dated-row").length + 1;
  for (const box of next.querySelectorAll("input")) {
    box.setAttribute("aria-label", box.getAttribute("aria-label").replace(/\d+/, number));
    if (box.type === "text") box.value = "";
  }
  row.after(next);
  return next;
};
const paired = () => {
  for (const there of composer.querySelectorAll("[data-second]")) {
    composer.querySelectorAll(`[name=${there.dataset.second}-day]`).forEach((day, n) => {
      const row = there.querySelectorAll(".dated-row")[n] ?? oneMore(there.querySelector(".dated-row:last-child"));
      row.querySelector("[type=date]").value = day.value;
    });
  }
};

// a list of dated questions has room for one more
composer.addEventListener("input", ({ target }) => {
  const row = target.closest("[data-rows] .dated-row");
  if (!row || row.nextElementSibling || target.type === "date" || row.parentElement.children.length > 20) return;
  const day = oneMore(row).querySelector("[type=date]");
  if (day.valueAsDate) day.valueAsDate = new Date(day.valueAsDate.getTime() + 7 * 864e5);
});
composer.addEventListener("input", () => paired());

// the permission list was looked at for the work as it was: for another one it is ticked anew
const tick = composer.elements.permitted;
composer.addEventListener("input", ({ target }) => {
  if (tick?.value !== "before" || target.closest("#when")) return;
  tick.value = "1";
  if (target !== tick) tick.checked = false;
});

// the order of a list of books: what is ticked can be moved up
const list = composer.querySelector(".titles-list");
const rows = () => {
  for (const row of list?.querySelectorAll(".title-row") ?? []) {
    row.classList.toggle("ticked", row.querySelector("input").checked);
  }
};
list?.addEventListener("click", (event) => {
  const row = event.target.closest(".up")?.closest(".title-row");
  let above = row?.previousElementSibling;
  while (above && !above.classList.contains("ticked")) above = above.previousElementSibling;
  if (!row || !above) return;
  above.before(row);
  event.target.focus();
  changed(event.target);
});

// one more title: searched while its words are typed; ticked, it stands below those that are chosen
const finder = composer.querySelector("[data-find]"), found = composer.querySelector(".found");
let asked = 0, typing;
const search = async () => {
  const mine = ++asked, answer = await post(finder.dataset.find, whole());
  if (answer?.ok && mine === asked) found.innerHTML = await answer.text();
};
finder?.addEventListener("input", (event) => {
  event.stopPropagation(); // the post is the same
  clearTimeout(typing);
  typing = setTimeout(search, 200);
});
finder?.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); search(); } });
composer.querySelector("[name=enter]")?.removeAttribute("name"); // Enter in any other field saves
composer.querySelector("[name=then][value=find]")?.addEventListener("click", (event) => { event.preventDefault(); search(); });
found?.addEventListener("change", (event) => {
  const row = event.target.closest(".title-row");
  const known = list.querySelector(`[name=title][value="${event.target.value}"]`)?.closest(".title-row");
  const joins = known ?? row;
  const chosen = [...list.querySelectorAll(".ticked")].filter((other) => other !== joins);
  if (chosen.length) chosen.at(-1).after(joins);
  else list.prepend(joins);
  joins.querySelector("input").checked = true;
  if (known) row.remove();
  joins.scrollIntoView({ block: "nearest" });
  finder.focus();
});

// the day of an answer is named where it is chosen, as the preview has it
const answerDay = () => {
  const told = composer.querySelector("[data-answer-day]"), day = composer.querySelector("#previews [data-at]");
  if (told) told.textContent = composer.elements.answer.value === "auto" ? day?.textContent.trim() ?? "" : "";
};
composer.addEventListener("shown", answerDay);
answerDay();

// the main button says what will happen
const main = composer.querySelector("[data-now] [data-word]");
const word = () => {
  const { now, later } = main.parentElement.dataset;
  main.textContent = composer.elements.timing.value === "now" ? now : later;
};

// a draft keeps itself a moment after the last key; one that somebody else changed meanwhile is left to its writer
const saved = composer.querySelector(".saved");
let edits = 0, pause, flying = null, stopped = !composer.dataset.autosave;
const keep = async () => {
  const mine = edits, answer = await post(composer.dataset.autosave, whole());
  const kept = await answer?.json().catch(() => null);
  if (!answer?.ok || !kept) {
    stopped = answer?.status === 409;
    saved.textContent = kept?.wrong ?? saved.dataset.notSaved;
    return;
  }
  if (!kept.post) return; // nothing to keep yet
  composer.elements.post.value = kept.post;
  composer.elements.revision.value = kept.revision;
  composer.setAttribute("action", kept.address);
  history.replaceState(null, "", kept.address);
  saved.textContent = saved.dataset.saved.replace("{time}", kept.saved);
  if (mine === edits) composer.dispatchEvent(new Event("kept", { bubbles: true }));
};
const soon = () => {
  clearTimeout(pause);
  pause = setTimeout(() => {
    if (stopped) return;
    if (flying) return soon();
    flying = keep().finally(() => { flying = null; });
  }, 1500);
};
composer.addEventListener("input", () => { edits += 1; soon(); });
composer.addEventListener("submit", (event) => {
  clearTimeout(pause);
  stopped = true;
  if (!flying && !coming.size) return;
  event.preventDefault(); // what is being kept has another number when it comes back, and pictures their own
  event.stopPropagation();
  const button = event.submitter;
  Promise.allSettled([flying, ...coming]).then(() => composer.requestSubmit(button));
});

composer.addEventListener("change", () => { places(); rows(); if (main) word(); });
places();
rows();
if (main) word();
composer.querySelector(".ask-now")?.focus();
