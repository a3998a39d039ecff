// The screen in the hallway: one post after the other, for as long as there is power. What is new comes by itself; when
// the network is gone, the last ones stay. Televisions have old browsers: no newer words of the language than 2017's.
const { zone, each, paused } = document.body.dataset;
const LOOK = 30e3, DAY = 864e5, born = Date.now();
const room = document.getElementById("slides"), count = document.getElementById("count"), clock = document.getElementById("clock");
let known = room.innerHTML; // as the server told it
let timer, still = false, ahead = 0; // of the television's clock, which nobody sets

const slides = () => [...room.children];
const shown = () => Math.max(0, slides().findIndex((slide) => !slide.hidden));

// the words as large as they fit, none of them broken: a list has more lines than its letters say
const fit = (slide) => {
  const words = slide.querySelector(".words"), below = innerHeight > innerWidth && slide.querySelector(".picture");
  const high = room.clientHeight * (below ? 0.4 : 0.86);
  words.style.overflowWrap = "normal";
  for (let size = 150; size >= 40; size -= 5) {
    words.style.fontSize = `${size}%`;
    if (words.scrollHeight <= high && words.scrollWidth <= words.clientWidth) break;
  }
  words.style.overflowWrap = "";
};

const turn = (to) => {
  const all = slides(), next = (to + all.length) % all.length;
  all.forEach((slide, n) => { slide.hidden = n !== next; });
  fit(all[next]);
  count.textContent = all.length > 1 ? `${next + 1} / ${all.length}${still ? ` · ${paused}` : ""}` : "";
  clearTimeout(timer);
  if (!still && all.length > 1) timer = setTimeout(() => turn(next + 1), each * 1000);
};

const tick = () => {
  const now = new Date(Date.now() + ahead), how = { hour: "numeric", minute: "2-digit", timeZone: zone };
  clock.textContent = now.toLocaleTimeString(document.documentElement.lang, how);
};

const loaded = (address) => new Promise((done) => {
  const picture = new Image();
  picture.onload = picture.onerror = done;
  picture.src = address;
});

const take = async (text) => {
  const page = new DOMParser().parseFromString(text, "text/html"), fresh = page.getElementById("slides");
  if (!fresh || fresh.innerHTML === known) return;
  await Promise.all([...fresh.querySelectorAll("img")].map((image) => loaded(image.getAttribute("src"))));
  const mine = slides()[shown()].id;
  known = room.innerHTML = fresh.innerHTML;
  turn(Math.max(0, slides().findIndex((slide) => slide.id === mine)));
};

const look = async () => {
  try {
    const answer = await fetch(location.pathname, { cache: "no-cache", credentials: "omit" });
    if (answer.status === 404) return location.reload(); // the library took it away
    if (answer.ok) {
      ahead = Date.parse(answer.headers.get("Date")) - Date.now() || 0;
      tick();
      await take(await answer.text());
      if (Date.now() - born > DAY) return location.reload(); // once a day: a newer version of this page
    }
  } catch (gone) { /* no network: what is here stays */ }
  setTimeout(look, LOOK);
};

// by number, since remote controls of old televisions have no names for their keys
const STEPS = { 37: -1, 38: -1, 39: 1, 40: 1 }, STOP = [13, 32, 19, 415];
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (STOP.indexOf(event.keyCode) >= 0) still = !still;
  else if (!STEPS[event.keyCode]) return;
  event.preventDefault();
  turn(shown() + (STEPS[event.keyCode] || 0));
});
addEventListener("resize", () => fit(slides()[shown()]));

turn(shown());
tick();
setInterval(tick, 5e3);
look();
