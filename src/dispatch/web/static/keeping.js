// Words that were typed and not saved, for the forms with data-keep="KEY": offered in [data-offer].
// data-spent="KEY" begins the keys of new pieces: one that was saved is not offered again.

const valued = (field) => (field.type === "checkbox" ? "checked" : "value");
const named = (field) => (field.type === "checkbox" ? `${field.name} ${field.value}` : field.name);

/** What is saved, or was given up for what others wrote, is not offered: of the form that was left. */
function over(form) {
  const { hash, search } = location;
  return /said=\w+_(saved|theirs)/.test(search) && (!hash || form.querySelector(hash));
}

function keep(form, kept) {
  const key = `words ${form.dataset.keep}`;
  if (over(form))
    for (const name of Object.keys(kept)) if (name === key || name.startsWith(form.dataset.spent ?? "-")) kept.removeItem(name);
  const { at, ...was } = JSON.parse(kept.getItem(key)) ?? {};
  const fields = [...form.elements].filter(({ name, type }) => name && type !== "file" && type !== "submit");
  const found = fields.filter((field) => named(field) in was);
  const offer = form.querySelector("[data-offer]");
  offer.hidden = found.every((field) => field.type === "hidden" || field[valued(field)] === was[named(field)]);
  offer.querySelector("time").textContent = new Date(at).toTimeString().slice(0, 5);
  offer.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if (!button.value) kept.removeItem(key);
    else
      for (const field of found) {
        field[valued(field)] = was[named(field)];
        field.dispatchEvent(new Event("input", { bubbles: true })); // for meters and previews
      }
    offer.hidden = true;
    fields.find((field) => field.type !== "hidden")?.focus();
  });
  form.addEventListener("input", () => {
    const typed = fields.map((field) => [named(field), field[valued(field)]]);
    kept.setItem(key, JSON.stringify(Object.fromEntries([...typed, ["at", Date.now()]])));
  });
}

/** What was done is read out: a live region that is there from the beginning says nothing. */
const said = document.querySelector("main > .notice[role=status] span");
if (said) setTimeout(() => said.replaceChildren(said.textContent), 500);

for (const form of document.querySelectorAll("form[data-keep]"))
  try {
    keep(form, localStorage);
  } catch {} // some browsers keep nothing, and throw
