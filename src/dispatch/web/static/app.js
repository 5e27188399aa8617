// Makes pages quicker. Each part needs its attribute.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const graphemes = new Intl.Segmenter(document.documentElement.lang, { granularity: "grapheme" });
const LINK = /https?:\/\/\S+/g;
const EMOJI = /\p{Extended_Pictographic}|\p{RI}|\u20e3/u;
const HEAVY = /[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]/gu;
const utf8 = (one) => new TextEncoder().encode(one).length;
const points = (one) => [...one].length;

/** What a grapheme costs by its unit, near enough: the server counts again. */
const COSTS = {
  bytes: utf8,
  characters: points,
  units: (one) => one.length,
  weight: (one) => (EMOJI.test(one) ? 2 : points(one.normalize()) + (one.match(HEAVY)?.length ?? 0)),
  emoji: (one) => (EMOJI.test(one) ? utf8 : points)(one),
};

/** How long a text is for a network; a link costs `link`, if given. */
export function measure(text, { unit, link = 0 } = {}) {
  let sum = 0;
  const rest = link ? text.replace(LINK, () => ((sum += link), "")) : text;
  for (const { segment } of graphemes.segment(rest)) sum += COSTS[unit]?.(segment) ?? 1;
  return sum;
}

/** data-count="ID": shows in #ID how much of data-max is used while one types. */
function counters(root) {
  for (const field of all("[data-count]", root)) {
    const meter = document.getElementById(field.dataset.count);
    const { max, unit, link } = field.dataset;
    const show = () => {
      const used = measure(field.value, { unit, link: Number(link) || 0 });
      meter.querySelector("[data-used]").textContent = used;
      meter.querySelector("rect[data-bar]")?.setAttribute("width", Math.min(100, (100 * used) / max));
      meter.classList.toggle("over", used > Number(max));
    };
    field.addEventListener("input", show);
    if (field.value !== field.defaultValue) show();
  }
}

/** data-swap="ID" on links and forms: loads it. */
async function swap(address, id, { push = true } = {}) {
  const block = document.getElementById(id);
  block.setAttribute("aria-busy", "true");
  const answer = await fetch(address, { headers: { "X-Block": id } }).catch(() => null);
  const fresh = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  if (!fresh) return void (location.href = address); // what failed
  const focused = document.activeElement?.id;
  block.replaceWith(fresh);
  enhance(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  if (push) history.pushState({ id }, "", address);
}

function swaps(root) {
  for (const link of all("a[data-swap]", root))
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      swap(link.href, link.dataset.swap);
    });
  for (const form of all("form[data-swap]", root)) {
    let timer;
    const go = () => swap(`${form.action}?${new URLSearchParams(new FormData(form))}`, form.dataset.swap);
    form.addEventListener("submit", (event) => event.submitter?.formMethod == "post" || (event.preventDefault(), go()));
    form.addEventListener("input", () => (clearTimeout(timer), (timer = setTimeout(go, 250))));
  }
}

/** data-live="ADDRESS": events named after ids carry that block's new HTML. */
function live(root) {
  for (const place of all("[data-live]:not([data-live=''])", root)) {
    const source = new EventSource(place.dataset.live);
    const gone = document.getElementById("live-gone");
    source.onopen = () => gone && (gone.hidden = true);
    source.onerror = () => gone && (gone.hidden = false); // it connects again by itself
    for (const id of place.dataset.blocks.split(" "))
      source.addEventListener(id, (event) => {
        const block = document.getElementById(id);
        if (block) block.innerHTML = event.data; // our own templates have escaped it
      });
    source.addEventListener("end", () => (source.close(), again()));
    addEventListener("pagehide", () => source.close(), { once: true });
  }
}
/** Loads the page again, unless somebody has just pressed something slow, or a file. */
let pressed = 0;
addEventListener("beforeunload", () => (pressed = Date.now()));
const again = () => (Date.now() - pressed < 1e4 ? setTimeout(again, 1e3) : location.replace(location.pathname));

/** data-sort=FORM: parts are dragged; their buttons do the same. */
function sorting(root) {
  for (const list of all("[data-sort]", root)) {
    let dragged = null;
    for (const row of list.children) row.draggable = !row.matches(".open"); // its text can be chosen
    list.addEventListener("dragstart", (event) => {
      dragged = event.target.closest("li");
      dragged.classList.add("drag");
      event.dataTransfer.effectAllowed = "move";
    });
    list.addEventListener("dragover", (event) => {
      event.preventDefault();
      const under = event.target.closest("li");
      for (const one of list.children) one.classList.toggle("over", one === under && one !== dragged);
    });
    list.addEventListener("drop", (event) => {
      event.preventDefault();
      event.target.closest("li")?.before(dragged);
      document.forms[list.dataset.sort].requestSubmit();
    });
    list.addEventListener("dragend", () => {
      for (const one of list.children) one.classList.remove("over", "drag");
    });
  }
}

/** data-copy="ID": copies that field. */
function copying(root) {
  for (const button of all("[data-copy]", root))
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.textContent = button.dataset.done;
    });
}

/** Nothing is posted twice by a double click; data-guard: no words are lost by a slip. */
function forms(root) {
  for (const form of all("form[method=post]", root)) {
    form.addEventListener("input", () => "guard" in form.dataset && (form.dataset.dirty = "yes"));
    form.addEventListener("submit", () => {
      delete form.dataset.dirty;
      if (form.action.endsWith("/sign-out")) store((kept) => kept.clear());
      // Later: the button is posted, too.
      for (const button of form.elements) if (button.matches("button:enabled")) setTimeout(() => ((button.disabled = true), (button.dataset.pressed = "")));
    });
  }
}
// A page that was kept can be used again.
addEventListener("pageshow", () => {
  for (const button of all("button[data-pressed]")) (button.disabled = false), delete button.dataset.pressed;
});
addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-dirty]")) event.preventDefault();
});
addEventListener("popstate", (event) => event.state?.id && swap(location.href, event.state.id, { push: false }));

/** A sheet opens at its heading: nobody confirms by a slip of the Enter key. */
document.addEventListener("toggle", (event) => {
  const heading = event.newState === "open" && event.target.matches?.(".sheet") && event.target.querySelector("h2");
  if (heading) (heading.tabIndex = -1), heading.focus();
}, true);

/** Single keys, unless switched off (<html data-keys="off">) or while typing. */
const PLACES = { h: "home", c: "calendar", e: "editions", p: "posts", s: "subscribers", f: "feeds" };
let before = "";
addEventListener("keydown", (event) => {
  if (!document.querySelector("[data-go]")) return; // a reader's page has none
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (typing || event.metaKey || event.ctrlKey || event.altKey || document.documentElement.dataset.keys === "off") return;
  if (event.key === "/") return void (event.preventDefault(), document.querySelector("input[type=search]")?.focus());
  if (event.key === "?") return void document.getElementById("keys")?.togglePopover?.();
  if (before === "g" && PLACES[event.key]) document.querySelector(`[data-go=${PLACES[event.key]}]`)?.click();
  if (event.key === "j" || event.key === "k") {
    const stops = all("[data-stop]");
    const at = stops.indexOf(document.activeElement) + (event.key === "j" ? 1 : -1);
    stops[Math.max(0, Math.min(stops.length - 1, at))]?.focus();
  }
  before = event.key;
});

/** data-join="FORM" leaves a mark; where it is found, data-confirm="FORM" presses its button:
 *  who filled in the form in this browser has just opened the link in their mail. */
const WEEK = 6048e5;
const mark = (form) => `dispatch joined ${form}`;
function joining(root) {
  for (const form of all("form[data-join]", root)) {
    form.addEventListener("submit", () => store((kept) => kept.setItem(mark(form.dataset.join), Date.now())));
    if (form.dataset.challenge) reckons(form);
  }
  for (const zone of all("select[data-zone]", root))
    if (!zone.value) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  for (const form of all("form[data-confirm]", root))
    store((kept) => {
      const at = Number(kept.getItem(mark(form.dataset.confirm)));
      kept.removeItem(mark(form.dataset.confirm)); // pressed once
      if (at && Date.now() - at < WEEK) form.requestSubmit();
    });
  all("[data-focus]", root)[0]?.focus();
}
/** Some browsers keep nothing, and throw. */
function store(work) {
  try {
    work(localStorage);
  } catch {}
}

/** data-challenge: the browser looks for the number that solves it (ALTCHA 2, PBKDF2) when one types. */
function reckons(form) {
  const button = form.querySelector("button");
  const said = button.textContent;
  let solved = null;
  const begin = () => (solved ??= solve(JSON.parse(form.dataset.challenge)).then((proof) => (form.proof.value = proof)));
  form.addEventListener("input", begin, { once: true });
  form.addEventListener(
    "submit",
    (event) => {
      if (form.proof.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      button.textContent = button.dataset.busy;
      const answer = begin().then(() => form.requestSubmit(), () => form.submit()); // without: the page says why
      answer.finally(() => (button.textContent = said));
    },
    { capture: true },
  );
}
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16));
const hexed = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export async function solve(challenge, subtle = crypto.subtle) {
  const { nonce, salt, cost, keyLength = 32, keyPrefix = "" } = challenge.parameters;
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  const view = new DataView(password.buffer, password.length - 4);
  const rounds = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  for (let counter = 0; ; counter++) {
    view.setUint32(0, counter);
    const key = await subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hexed(await subtle.deriveBits(rounds, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } }));
  }
}

function enhance(root) {
  for (const part of [joining, counters, swaps, live, sorting, copying, forms]) part(root);
}
enhance(document);
