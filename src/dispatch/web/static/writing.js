// For who writes a piece: signs that write Markdown, and how it looks.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const SOON = 500;
const ADDRESS = /^(https?:\/\/|mailto:)\S+$/i;
const KEYS = { b: "bold", i: "italic", k: "link" };

/** What each sign does: `from` to `to` gives way to `text`, of which `start` to `end` is chosen. */
export const SIGNS = {
  bold: (field) => around(field, "**"),
  italic: (field) => around(field, "*"),
  link: (field) => {
    const { from, to, chosen } = within(field);
    if (ADDRESS.test(chosen)) return { from, to, text: `[](${chosen})`, start: 1, end: 1 };
    const begin = chosen.length + 3;
    return { from, to, text: `[${chosen}](https://)`, start: chosen ? begin : 1, end: chosen ? begin + 8 : 1 };
  },
  list: (field) => before(field, "- "),
  heading: (field) => before(field, "### "),
  quotation: (field) => before(field, "> "),
  name: ({ selectionStart: from, selectionEnd: to }, { friend }) => {
    const text = `{{ subscriber.name or "${friend}" }}`;
    return { from, to, text, start: text.length - friend.length - 4, end: text.length - 4 };
  },
};

/** What is chosen, without the spaces at its ends: Markdown knows no `** bold **`. */
function within({ value, selectionStart: from, selectionEnd: to }) {
  const chosen = value.slice(from, to);
  from += chosen.length - chosen.trimStart().length;
  return { from, to: from + chosen.trim().length, chosen: chosen.trim() };
}

/** The mark on both sides; or not any more. */
function around(field, mark) {
  const { from, to, chosen } = within(field);
  const size = mark.length;
  const marks = (one) => one.match(/^\**/)[0].length;
  const left = marks([...field.value.slice(0, from)].reverse().join(""));
  const right = marks(field.value.slice(to));
  const has = (number) => (size === 1 ? number === 1 || number === 3 : number >= 2);
  if (has(left) && has(right)) return { from: from - size, to: to + size, text: chosen, start: 0, end: chosen.length };
  return { from, to, text: mark + chosen + mark, start: size, end: size + chosen.length };
}

/** The sign before each line; or not any more, where all have it. */
function before({ value, selectionStart, selectionEnd }, sign) {
  const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const next = value.indexOf("\n", Math.max(selectionStart, selectionEnd - 1));
  const to = next < 0 ? value.length : next;
  const lines = value.slice(from, to).split("\n");
  const have = lines.every((line) => line.startsWith(sign));
  const text = lines.map((line) => (have ? line.slice(sign.length) : line.startsWith(sign) ? line : sign + line)).join("\n");
  return { from, to, text, start: lines.length > 1 ? 0 : text.length, end: text.length };
}

/** As if it were typed: the browser can undo it. */
function put(field, { from, to, text, start, end }) {
  field.focus();
  field.setSelectionRange(from, to);
  if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
    field.setRangeText(text, from, to);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(from + start, from + end);
}

/** data-tools="ID": its buttons write into that field. One Tab leads there, arrows go on. */
for (const tools of all("[data-tools]")) {
  const field = document.getElementById(tools.dataset.tools);
  const buttons = all("button", tools);
  const stop = (one) => buttons.forEach((button) => (button.tabIndex = button === one ? 0 : -1));
  const press = (button) => put(field, SIGNS[button.dataset.put](field, button.dataset));
  tools.setAttribute("role", "toolbar");
  tools.setAttribute("aria-controls", field.id);
  tools.hidden = false;
  stop(buttons[0]);
  for (const button of buttons) {
    button.addEventListener("mousedown", (event) => event.preventDefault()); // what is chosen stays so
    button.addEventListener("click", () => (stop(button), press(button)));
  }
  tools.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const rtl = getComputedStyle(tools).direction === "rtl";
    const to = { ArrowRight: at + (rtl ? -1 : 1), ArrowLeft: at + (rtl ? 1 : -1), Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = buttons.at(to % buttons.length);
    stop(next);
    next.focus();
  });
  field.addEventListener("keydown", (event) => {
    const button = buttons.find((one) => one.dataset.put === KEYS[event.key.toLowerCase()]);
    if (!button || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    press(button);
  });
}

/** data-preview="ADDRESS": shows in [data-shown] what becomes of the field. */
for (const field of all("[data-preview]")) {
  const shown = field.form.querySelector("[data-shown]");
  const [place, status] = [shown.querySelector("div"), shown.querySelector("[role=status]")];
  let timer, asked;
  const show = async () => {
    asked?.abort();
    asked = new AbortController();
    const body = new URLSearchParams({ text: field.value });
    const answer = await fetch(field.dataset.preview, { method: "POST", body, signal: asked.signal }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...page.querySelector("div").childNodes); // cleaned by the server
    for (const link of all("a", place)) link.target = "_blank";
    status.textContent = page.querySelector("body > p").textContent;
    shown.hidden = false;
  };
  field.addEventListener("input", () => (clearTimeout(timer), (timer = setTimeout(show, SOON))));
  show();
}
