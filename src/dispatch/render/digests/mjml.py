"""MJML to HTML that mail programs understand, with its styles inlined and nothing fetched."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

import css_inline
import mrml

from dispatch.errors import TemplateFailed
from dispatch.model.text.nesting import is_deeper
from dispatch.render.templates.files import DIGEST_MJML, place

# Comments stay: those that mrml writes are Outlook's conditions. Without fonts here nothing is
# fetched for a font name that mrml happens to know.
_OPTIONS = mrml.RenderOptions(disable_comments=False, fonts={})
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)

_RESETS = re.compile(r"<style type=\"text/css\">\s*#outlook.*?</style>", re.DOTALL)

# mrml writes attributes as Rust shows strings to programmers: an accent, a joiner or a backslash
# would come out as \u{301}, \u{200d} or two backslashes. As references they come through.
_ATTRIBUTES = re.compile(r"<[A-Za-z][^<>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*)+>")
_FRAGILE = re.compile(r"[^ !#-\[\]-~]")

DEEPEST = 300
"""Elements in elements: mrml and css-inline overflow the stack at some thousands, and the process
is gone with them."""

# The line for inboxes is hidden, which is enough. As mrml writes it, it is white and a pixel high,
# too, and that is how spam filters know words that only they are to see.
_HIDDEN_LINE = re.compile(
    r"(?<=<div style=\"display:none;)font-size:1px;color:#ffffff;line-height:1px;"
)

_LEFT_OVER = re.compile(r"<(mj-[\w-]*)")
_BETWEEN = re.compile(r">\s+(?=</?mj)")
_POSITION = re.compile(r"position (\d+):(\d+)")
_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_UNQUOTED = re.compile(r"=\s*[^\s']")
_VOID = frozenset(
    {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


class MrmlGaveUp(TemplateFailed):
    """It ended in a panic, for what it was given or for want of memory."""


def html_of_mjml(
    mjml: str, *, template: str, sources: Mapping[str, str], file: str = DIGEST_MJML
) -> str:
    """The HTML document for a rendered MJML document.

    `template`, `sources` and `file` are where it came from: a failure is told with the line there,
    as far as it can be found. Raises TemplateFailed.
    """
    if is_deeper(mjml, DEEPEST, xml=True):
        where = place(template, file)
        raise TemplateFailed(f"{where}: more than {DEEPEST} elements in one another - nest fewer")
    mjml = _ATTRIBUTES.sub(_refer, mjml)
    mjml = _BETWEEN.sub(">\n", mjml)  # in mj-head, mrml takes a space for content, a line end not
    try:
        html: str = mrml.to_html(mjml, None, _OPTIONS).content
    except Exception as error:
        raise TemplateFailed(_explain(str(error), mjml, template, sources, file)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a panic in Rust is not an Exception
            raise
        raise MrmlGaveUp(_explain("mrml gave up", mjml, template, sources, file)) from error
    html = _HIDDEN_LINE.sub("mso-hide:all;", html, count=1)
    if left := _LEFT_OVER.search(html):
        where = find_source(f"<{left[1]}", template, sources, file)
        raise TemplateFailed(f"{where}: <{left[1]}> is no MJML element here - see its spelling")
    try:
        return _inline(html)
    except css_inline.InlineError as error:
        where = place(template, file)
        raise TemplateFailed(f"{where}: the styles cannot be read ({error})") from error


def _refer(tag: re.Match[str]) -> str:
    return _QUOTED.sub(
        lambda quoted: quoted[0][0] + _FRAGILE.sub(_reference, quoted[0][1:-1]) + quoted[0][-1],
        tag[0],
    )


def _reference(char: re.Match[str]) -> str:
    return " " if char[0].isspace() and char[0].isascii() else f"&#{ord(char[0])};"


def _inline(html: str) -> str:
    # mrml's own resets are for programs that read <style>. They stay there: inlined into each
    # table they would make a fifth of the digest.
    resets = _RESETS.search(html)
    if resets is None:
        return _INLINER.inline(html)
    inlined = _INLINER.inline(html[: resets.start()] + html[resets.end() :])
    return inlined.replace("<head>", f"<head>{resets[0]}", 1)


def _explain(message: str, mjml: str, template: str, sources: Mapping[str, str], file: str) -> str:
    for name, source in sources.items():
        if name.endswith(".mjml") and (fault := _unbalanced(source)):
            line, problem = fault
            return f"{place(template, name, line)}: {problem}"
    if at := _POSITION.search(message):
        start, end = map(int, at.groups())
        near = mjml.encode()[max(start - 20, 0) : end + 20].decode(errors="ignore").split("\n")
        part = max(near, key=len).strip()
        return f"{find_source(part, template, sources, file)}: not MJML near '{part}' ({message})"
    where = place(template, file)
    return f"{where}: not MJML ({message}) - close every tag, quote every attribute"


def find_source(
    part: str, template: str, sources: Mapping[str, str], file: str = DIGEST_MJML
) -> str:
    """Where a part of the document stands in the sources; if not found, the document itself."""
    for name, source in sources.items():
        if name.endswith(".mjml") and (index := source.find(part)) >= 0:
            return place(template, name, source.count("\n", 0, index) + 1)
    return place(template, file)


def _unbalanced(source: str) -> tuple[int, str] | None:
    """The first tag that is not closed, or closes nothing: its line and the problem."""
    tags = _Tags()
    tags.feed(_JINJA.sub(_stand_in, source))
    tags.close()
    if tags.fault is None and tags.open:
        name, line = tags.open[-1]
        return line, f"<{name}> is never closed - add </{name}>"
    return tags.fault


def _stand_in(part: re.Match[str]) -> str:
    printed = "x" if part[0].startswith("{{") else ""
    return printed + "\n" * part[0].count("\n")


class _Tags(HTMLParser):
    """Keeps the tags that are open, and the first fault."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, int]] = []
        self.fault: tuple[int, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in _VOID:
            self.open.append((tag, self.getpos()[0]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        bare = _QUOTED.sub("''", self.get_starttag_text() or "")
        if _UNQUOTED.search(bare) and self.fault is None:
            self.fault = (self.getpos()[0], f"<{tag}> has a value without quotes - add them")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or self.fault:
            return
        if not self.open:
            self.fault = (self.getpos()[0], f"</{tag}> closes nothing - remove it")
        elif self.open[-1][0] == tag:
            self.open.pop()
        else:
            name, line = self.open[-1]
            self.fault = (line, f"<{name}> is not closed before </{tag}> - add </{name}>")
