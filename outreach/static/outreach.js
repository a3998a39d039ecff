// What pages do beyond HTML: previews while writing, the browser's time zone, copying. Everything works without.
document.documentElement.classList.add("js");

for (const field of document.querySelectorAll("[data-timezone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.classList.add("main");
      button.querySelector("[data-word]").textContent = button.dataset.done;
    } catch {
      getSelection().selectAllChildren(source); // no clipboard without https: the words are marked, to be copied by hand
    }
  });
}

// the preview beside a form, from the server's one function, a moment after the last key
for (const form of document.querySelectorAll("form[data-preview]")) {
  let timer, newest = 0;
  const shown = document.getElementById(form.dataset.shows) ?? form.querySelector("[data-shown]");
  const refresh = async () => {
    const mine = ++newest;
    const data = new FormData(form);
    for (const file of data.getAll("new_image")) if (file.name) data.append("new_picture", "1"); // not its bytes
    data.delete("new_image");
    const answer = await fetch(form.dataset.preview, { method: "POST", body: data }).catch(() => null);
    if (answer?.ok && mine === newest) shown.innerHTML = await answer.text();
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(refresh, 150); });
}

// a list that is being read: the page follows it, as long as somebody looks
const followed = document.querySelector("[data-refresh]");
const follow = async () => {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return setTimeout(follow, 5000);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-refresh]");
  if (!page) return location.reload(); // it is in
  followed.innerHTML = page.innerHTML;
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

const composer = document.querySelector(".composer");
if (composer) {
  let changed = false;

  // a picture that was chosen asks what it shows, and makes room for another one
  const pictures = () => {
    const blocks = [...composer.querySelectorAll(".new-picture")];
    for (const block of blocks) block.classList.toggle("chosen", block.querySelector("[type=file]").files.length > 0);
    if (blocks.length < 4 && blocks.every((block) => block.classList.contains("chosen"))) {
      const next = blocks[0].cloneNode(true);
      next.classList.remove("chosen");
      for (const field of next.querySelectorAll("input, textarea")) field.value = "";
      blocks.at(-1).after(next);
    }
  };

  // different words only for the places that are chosen
  const places = () => {
    for (const box of composer.querySelectorAll("[name=account]")) {
      document.getElementById(`own-${box.value}`)?.classList.toggle("not-chosen", !box.checked);
    }
  };

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
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });

  composer.addEventListener("input", () => { changed = true; });
  composer.addEventListener("change", () => { pictures(); places(); rows(); });
  composer.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  pictures();
  places();
  rows();
}
