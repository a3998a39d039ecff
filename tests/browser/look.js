// What is looked at on every page, as functions that name the elements that are not as they should be.
(() => {
  const named = (e) => `${e.tagName.toLowerCase()}${e.id && "#" + e.id}${[...e.classList].map((c) => "." + c).join("")}` +
    ` “${(e.getAttribute("aria-label") || e.innerText || e.value || e.outerHTML).trim().slice(0, 60)}”`;
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 1;
  const all = (what) => [...document.querySelectorAll(what)].filter(shown);
  const style = (e) => getComputedStyle(e);

  window.look = {
    // all that is said, seen or heard
    said() {
      const said = [document.title];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) said.push(walker.currentNode.data);
      for (const e of document.querySelectorAll("*"))
        for (const name of ["aria-label", "placeholder", "title", "alt"]) said.push(e.getAttribute(name) ?? "");
      return said.join("\n");
    },

    // one h1, first; no level left out on the way down
    headings() {
      const found = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((e) => e.checkVisibility()), level = (e) => Number(e.tagName[1]);
      const wrong = found.filter((e, n) => level(e) > (n ? level(found[n - 1]) + 1 : 1));
      return [...wrong.map(named), ...(found.filter((e) => level(e) === 1).length === 1 ? [] : ["not one h1"])];
    },

    // read aloud, and seen by nobody: only what is meant so
    unseen: () => all("main *").filter((e) => e.getBoundingClientRect().right < 0 && e.innerText?.trim()
      && !e.closest(".whisper, .month b")).map(named),

    // counts that change while one writes are said by a screen reader as well
    silent: () => all("form .count").filter((e) => !e.closest("[aria-live], [role=status]")
      && !(e.closest("[data-shown]") && document.querySelector("form [data-status][role=status]"))).map(named), // told as a sum

    inline: () => all("[style], style, script:not([src])").map(named),

    // sideways: what stands beyond the edge, unless it scrolls inside a box of its own
    wide() {
      const edge = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= edge) return [];
      const beyond = all("body *").filter((e) => e.getBoundingClientRect().right > edge + 1);
      return beyond.length ? beyond.slice(0, 4).map(named) : ["the page"];
    },

    // text whose end cannot be seen: cut on purpose is what ends in "…", or has its whole elsewhere
    cut: () => all("body *").filter((e) => {
      const s = style(e);
      if (!/hidden|clip/.test(s.overflowX) || s.textOverflow === "ellipsis" || !e.innerText?.trim()) return false;
      return e.scrollWidth > e.clientWidth + 1 || (s.webkitLineClamp === "none" && e.scrollHeight > e.clientHeight + 1);
    }).map(named),

    // each element that takes the keyboard shows it, and nothing lies over it (WCAG 2.4.7, 2.4.11) but what Escape takes away
    focus() {
      const wrong = [];
      const takes = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
      const outlined = (e) => e && style(e).outlineStyle !== "none" && parseFloat(style(e).outlineWidth) >= 2;
      for (const e of all(takes)) {
        if (e.disabled) continue;
        e.focus();
        if (document.activeElement !== e) continue; // one of several radio buttons, perhaps
        if (![e, e.closest("label")].some(outlined)) wrong.push(`not seen: ${named(e)}`);
        const box = e.getBoundingClientRect(), points = [0.1, 0.5, 0.9];
        const free = points.some((x) => points.some((y) => {
          const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
          return top && (top.closest(".move-panel") || e.contains(top) || top.contains(e) || top.closest("label")?.contains(e));
        }));
        if (!free) wrong.push(`covered: ${named(e)}`);
      }
      document.activeElement?.blur();
      scrollTo(0, 0);
      return wrong;
    },

    // for those who prefer none
    motion: () => all("body *").filter((e) => {
      const s = style(e), takes = (times) => times.split(",").some((time) => parseFloat(time) > 0.01);
      return takes(s.transitionDuration) || (s.animationName !== "none" && takes(s.animationDuration));
    }).map(named),
  };
})();
