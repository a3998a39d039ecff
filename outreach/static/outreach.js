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
    } catch {
      getSelection().selectAllChildren(source); // no clipboard without https: the words are marked, to be copied by hand
    }
  });
}

const composer = document.querySelector("form[data-preview]");
if (composer) {
  let timer, newest = 0;
  const refresh = async () => {
    const mine = ++newest;
    const data = new FormData(composer);
    data.delete("new_image");
    const answer = await fetch(composer.dataset.preview, { method: "POST", body: data }).catch(() => null);
    if (answer?.ok && mine === newest) document.getElementById("previews").innerHTML = await answer.text();
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(refresh, 150); };
  composer.addEventListener("input", soon);
  composer.addEventListener("change", soon);
  let changed = false;
  composer.addEventListener("input", () => { changed = true; });
  composer.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
