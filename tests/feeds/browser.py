"""A real browser that judges HTML: does anything in it execute, whatever the reader does?"""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHROMIUM = shutil.which("chromium")
WITHIN = 120  # seconds for everything, the start of the browser included

# In each frame: what scripts like to call is replaced and noted, and so is a script that fails.
_EARS = """<script nonce="ours">
  const note = (what) => parent.postMessage({name: window.name, what: String(what)}, "*");
  for (const name of ["alert", "prompt", "confirm", "print", "open", "fetch", "eval"])
    window[name] = () => note(name);
  document.write = document.writeln = () => note("document.write");
  addEventListener("error", (event) => event.message && note("a script failed: " + event.message));
  addEventListener("unhandledrejection", () => note("a script failed"));
  document.addEventListener("securitypolicyviolation", (event) => note(event.violatedDirective));
</script>"""
# Where scripts are forbidden, the browser tells of each that it was asked to run, whatever it does.
_FORBID = """<meta http-equiv="Content-Security-Policy" content="script-src 'nonce-ours'">"""

_PAGE = """<!doctype html><meta charset="utf-8"><title>no verdict</title><body><script>
const documents = DOCUMENTS;
const noted = {}, shown = {};
addEventListener("message", ({data}) => (noted[data.name] ??= []).push(data.what));
const events = ["load", "error", "mouseover", "mouseenter", "mousemove", "mousedown", "mouseup",
  "mouseout", "mouseleave", "pointerover", "pointerdown", "focus", "focusin", "blur", "keydown",
  "keypress", "keyup", "input", "change", "submit", "reset", "toggle", "beforetoggle", "begin",
  "end", "animationstart", "animationend", "transitionend", "start", "finish", "scroll", "wheel",
  "drag", "drop", "copy", "cut", "paste", "select", "contextmenu", "dblclick", "play", "canplay",
  "resize", "hashchange", "pageshow", "touchstart", "touchend", "beforeunload", "unload"];
function readAsPeopleDo(frame) {
  const inside = frame.contentDocument;
  if (!inside) return;  // it has gone elsewhere by itself
  inside.addEventListener("click", (event) => {
    // To the web is where links may lead; here that would only leave the page.
    const link = event.target.closest?.("[href]");
    if (link && /^(https?|mailto):/i.test(link.href)) event.preventDefault();
  });
  shown[frame.name] = inside.body?.innerText ?? "";
  for (const element of inside.querySelectorAll(":not([nonce])")) {
    const own = [...element.attributes].map(({name}) => name.toLowerCase())
      .filter((name) => name.startsWith("on")).map((name) => name.slice(2));
    // Where scripts are forbidden, a handler is reported without being called.
    const names = frame.name.endsWith("|free") ? new Set([...events, ...own]) : own;
    for (const name of names) element.dispatchEvent(new Event(name));
    element.focus?.();
    element.click?.();
  }
}
function judge(names) {
  const name = names.pop();
  if (name === undefined) {
    const verdict = document.createElement("pre");
    verdict.id = "verdict";
    verdict.textContent = JSON.stringify({noted, shown});
    document.body.replaceChildren(verdict);
    return;
  }
  const frame = document.createElement("iframe");
  frame.name = name;
  frame.srcdoc = documents[name];
  frame.width = 700;
  const done = () => { clearTimeout(patience); frame.remove(); judge(names); };
  const patience = setTimeout(done, 5000);  // some attacks never end to load
  frame.onload = () => {
    frame.onload = null;
    try { readAsPeopleDo(frame); }
    catch (failed) { shown[frame.name] = "could not be read: " + failed; }
    setTimeout(done, 20);  // what it began may still end
  };
  document.body.append(frame);
}
judge(Object.keys(documents).reverse());
</script>"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What each document did, and the text it showed; by its name."""

    executed: Mapping[str, list[str]]
    shown: Mapping[str, str]


def judged(documents: Mapping[str, str], folder: Path) -> Verdict:
    """Show each document in Chromium, twice, and do to every element what a reader could do.

    Once its scripts may run, and once they are forbidden and reported. Nothing is fetched.
    """
    frames = {
        f"{name}|{way}": _with_head(document, head)
        for name, document in documents.items()
        for way, head in (("free", _EARS), ("forbidden", _FORBID + _EARS))
    }
    page = folder / "judge.html"
    # As a part of a script, so that nothing in it may end the script.
    page.write_text(_PAGE.replace("DOCUMENTS", json.dumps(frames).replace("<", "\\u003c")))
    done = subprocess.run(
        [
            *(str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--mute-audio"),
            *("--disable-dev-shm-usage", "--disable-extensions", "--no-first-run"),
            *("--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}"),
            *("--virtual-time-budget=600000", "--dump-dom", page.as_uri()),
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=WITHIN,
        check=False,
    )
    found = re.search(r'<pre id="verdict">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, f"the browser gave no verdict: {done.stderr[-2_000:]}"
    said = json.loads(html.unescape(found[1]))
    executed: dict[str, list[str]] = {}
    for frame, what in said["noted"].items():
        executed.setdefault(frame.rpartition("|")[0], []).extend(what)
    return Verdict(executed, {name: said["shown"].get(f"{name}|free", "") for name in documents})


def _with_head(document: str, head: str) -> str:
    if "<head>" in document:
        return document.replace("<head>", f"<head>{head}", 1)
    return f"<!doctype html><html><head>{head}</head><body>{document}</body></html>"
