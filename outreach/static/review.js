// Review by keyboard, and how many are ticked in the list. Everything works without.
const use = document.getElementById("use-keys"), keys = document.querySelector(".keys");
const NAMES = { arrowright: "j", arrowleft: "k" };

if (use) {
  const store = { get: () => null, set: () => {} }; // where a browser keeps nothing
  try {
    localStorage.getItem("review-keys");
    Object.assign(store, { get: () => localStorage.getItem("review-keys"), set: (how) => localStorage.setItem("review-keys", how) });
  } catch { /* it forgets */ }
  use.checked = store.get() !== "off";
  const tell = () => document.documentElement.classList.toggle("keys-off", !use.checked);
  use.addEventListener("change", () => {
    store.set(use.checked ? "on" : "off");
    tell();
  });
  tell();
}

// a key does what its button does, and nothing while somebody types or chooses
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !use) return;
  if (document.activeElement?.matches("input, textarea, select, [contenteditable]")) return;
  if (!use.checked) return;
  if (event.key === "?") {
    keys.open = !keys.open;
    if (keys.open) keys.querySelector("summary").focus();
    return event.preventDefault();
  }
  const name = event.key.toLowerCase();
  const pressed = document.querySelector(`[data-key="${NAMES[name] ?? name}"]`);
  if (!pressed?.getClientRects().length || /\W/.test(name)) return; // what is not to be seen is not pressed
  event.preventDefault();
  if (pressed.matches("summary")) open(pressed.parentElement); // at once: the next key is the first of the note
  else pressed.click();
});

// who sends back begins to write at once
const open = (details) => {
  details.open = true;
  details.querySelector("textarea").focus();
};
const back = document.querySelector(".thumbs > details");
back?.addEventListener("toggle", () => { if (back.open) open(back); });

const approve = document.getElementById("approve-ticked");
if (approve) {
  const boxes = [...document.querySelectorAll("[name=seen]")], told = approve.querySelector("[data-told]");
  const none = told.textContent;
  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    told.textContent = ticked ? approve.dataset.word.replace("{count}", ticked) : none;
  };
  for (const box of boxes) box.addEventListener("change", count);
  document.getElementById("tick-all").addEventListener("click", () => {
    const on = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = on;
    count();
  });
  addEventListener("pageshow", count);
}
