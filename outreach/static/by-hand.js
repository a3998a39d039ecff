// Posting by hand: the system's share sheet where there is one, and pictures into the clipboard. Both want https.
const pictures = [...document.querySelectorAll("[data-picture]")];
const type = (image) => image.dataset.picture;

const fileOf = async (image, n) => {
  const data = await (await fetch(image.src)).blob();
  return new File([data], `picture-${n + 1}.${type(image).split("/")[1]}`, { type: type(image) });
};

// a share must follow the press at once, so the pictures are fetched before it
const share = document.querySelector("[data-share]");
if (share && navigator.share) {
  const text = document.getElementById(share.dataset.share).textContent;
  const files = await Promise.all(pictures.map(fileOf)).catch(() => []);
  const sent = files.length && navigator.canShare?.({ files }) ? { text, files } : { text };
  share.hidden = pictures.length > 0 && !sent.files; // without the pictures it would be half of it
  share.addEventListener("click", () => navigator.share(sent).catch(() => {})); // she closed it: nothing happened
}

// clipboards take PNG alone
const asPng = async (image) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext("2d").drawImage(image, 0, 0);
  return new Promise((made) => { canvas.toBlob(made, "image/png"); });
};
if (window.ClipboardItem && navigator.clipboard?.write) {
  for (const button of document.querySelectorAll("[data-copy-picture]")) {
    const image = button.closest(".picture").querySelector("img");
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.write([new ClipboardItem({ "image/png": asPng(image) })]);
        button.classList.add("main");
        button.querySelector("[data-word]").textContent = button.dataset.done;
      } catch {
        button.hidden = true; // this browser does not; the picture can be saved
      }
    });
  }
}
