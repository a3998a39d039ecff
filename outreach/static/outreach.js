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

const composer = document.querySelector("form[data-preview]");
if (composer) {
  let timer, newest = 0, changed = false;

  const refresh = async () => {
    const mine = ++newest;
    const data = new FormData(composer);
    for (const file of data.getAll("new_image")) if (file.name) data.append("new_picture", "1"); // not its bytes
    data.delete("new_image");
    const answer = await fetch(composer.dataset.preview, { method: "POST", body: data }).catch(() => null);
    if (answer?.ok && mine === newest) document.getElementById("previews").innerHTML = await answer.text();
  };

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

  composer.addEventListener("input", () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(refresh, 150);
  });
  composer.addEventListener("change", () => { pictures(); places(); });
  composer.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  pictures();
  places();
}
