// A hint is mended in one click: the change that the server wrote down, made in the field it belongs to.
const lines = (text) => text.replaceAll("\r\n", "\n");

const put = (field, value) => {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
};

const tick = (box, checked) => {
  box.checked = checked;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new Event("change", { bubbles: true }));
};

const at = (form, moment) => {
  const [day, clock] = moment.split("T"), chosen = form.querySelector("[name=timing][value=at]");
  put(form.elements.day, day);
  put(form.elements.clock, clock);
  if (chosen) tick(chosen, true);
  return form.elements.day;
};

const title = (form, id) => {
  const box = form.querySelector(`[name=title][value="${CSS.escape(id)}"]`);
  if (box) tick(box, false);
  return box;
};

const words = (form, name, old, now) => {
  const field = form.elements[name];
  const text = lines(field.value), start = text.indexOf(old);
  if (old && start < 0) return field; // it was changed meanwhile: the next preview says what is left
  put(field, old ? text.slice(0, start) + now + text.slice(start + old.length) : now);
  return field;
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-mend]"), form = button?.closest("form");
  if (!form) return;
  const { mend, old, new: now } = button.dataset;
  const field = mend === "at" ? at(form, now) : mend === "title" ? title(form, old) : words(form, mend, lines(old), lines(now));
  const around = field?.closest("details");
  if (around) around.open = true;
  field?.focus();
});
