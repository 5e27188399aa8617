"""A digest as part of a web page: without styles in attributes, scripts, or anybody's links.

A page whose policy allows no inline style allows a style sheet that it names by its hash. So each
`style` attribute becomes a class, stronger than any rule that it was stronger than.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from html.parser import HTMLParser

from dispatch.model.editions.edition import EditionContent
from dispatch.model.editions.picture import Picture
from dispatch.render.digests.digest import DigestRenderer
from dispatch.render.digests.neutral import OF_A_READER, neutral_draft
from dispatch.render.digests.pictures import pictures_in, replaced
from dispatch.render.digests.style_sheet import closed, fit_sheet

_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"})
_LEFT_OUT = frozenset({"base", "head", "html", "link", "meta"})
"""Tags that are left out, what is in them stays."""

_DROPPED = frozenset({"script", "title", "iframe", "object", "embed", "form", "noscript", "xml"})
"""Elements that are left out with all that is in them."""

_OF_MAIL = frozenset({"aria-roledescription"})
"""Attributes by which a digest says that it is a mail."""

_UNSAFE = re.compile(r"[{}<]|/\*|\*/")
"""What could end the rule that an attribute becomes, or the sheet."""

_SEPARATORS = r"[\s\xa0]*(?:&nbsp;|[·•|/,–—-])[\s\xa0]*"
_AFTER = re.compile(rf"\A{_SEPARATORS}")
_BEFORE = re.compile(rf"{_SEPARATORS}\Z")

_KINDS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}


@dataclass(frozen=True, slots=True)
class WebPage:
    """A digest for a page around it.

    `styles` are whole sheets, `body` is HTML for `<body class="{body_class}">`. `has_heading` says
    whether there is an `h1` in it.
    """

    subject: str
    lang: str
    direction: str
    styles: str
    body: str
    body_class: str
    has_heading: bool
    pictures: tuple[Picture, ...] = ()


def web_page(renderer: DigestRenderer, content: EditionContent, pictures_at: str) -> WebPage:
    """The digest for nobody in particular; its own pictures are under that address.

    Raises TemplateFailed, where the template cannot do without knowing the reader.
    """
    draft = neutral_draft(renderer, content)
    html = renderer.html(draft.mjml)
    pictures = pictures_in(html, content.pictures.values())
    found = {one.address: f"{pictures_at}/{file_of(one)}" for one in pictures}
    page = _Page()
    page.feed(replaced(html, lambda url: found.get(url, url)))
    page.close()
    locale = renderer.locale(content.publisher.locale)
    return replace(
        page.made,
        subject=draft.subject,
        lang=page.made.lang if page.made.lang not in {"", "und"} else locale,
        pictures=pictures,
    )


def file_of(picture: Picture) -> str:
    """What a picture is called on the web: the same for the same bytes."""
    return f"{picture.content_id.partition('@')[0]}.{_KINDS.get(picture.kind, 'bin')}"


class _Page(HTMLParser):
    """Writes the body of a document anew."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._out: list[str] = []
        self._sheets: list[str] = []
        self._rules: dict[str, str] = {}
        self._in_style = False
        self._dropping: list[str] = []
        self._open_sheet = ""
        self._lost_link = False
        self._attributes: dict[str, str] = {}
        self._document: dict[str, str] = {}
        self._has_heading = False

    @property
    def made(self) -> WebPage:
        rules = "\n".join(f".{name}:not(#_){{{css}}}" for css, name in self._rules.items())
        return WebPage(
            subject="",
            lang=self._document.get("lang", ""),
            direction=self._document.get("dir", "") or "ltr",
            styles="\n".join([*self._sheets, rules]),
            body="".join(self._out).strip(),
            body_class=self._attributes.get("class", ""),
            has_heading=self._has_heading,
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = self._checked(attrs)
        if self._dropping:
            if tag == self._dropping[-1]:
                self._dropping.append(tag)
        elif tag == "style":
            self._in_style = True
        elif tag in _DROPPED:
            self._drop(tag)
        elif values is None:
            self._leave_out(tag)
        elif tag in {"html", "body"}:
            self._note(tag, values)
        elif tag not in _LEFT_OUT:
            self._has_heading = self._has_heading or tag == "h1"
            written = "".join(
                f' {name}="{escape(value)}"' for name, value in values.items() if name != "style"
            )
            self._out.append(f"<{tag}{written}>")

    def handle_endtag(self, tag: str) -> None:
        if self._dropping:
            if tag == self._dropping[-1]:
                self._dropping.pop()
        elif tag == "style":
            self._in_style = False
            self._sheets.append(fit_sheet(self._open_sheet))
            self._open_sheet = ""
        elif tag not in _LEFT_OUT | _VOID | {"body"}:
            self._out.append(f"</{tag}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self._open_sheet += data
        elif not self._dropping and "body" in self._document:
            data = OF_A_READER.sub("", data)
            if self._lost_link and data.strip():
                data = self._without_separator(data)
            self._out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _note(self, tag: str, values: dict[str, str]) -> None:
        self._document |= {name: values[name] for name in ("lang", "dir") if values.get(name)}
        if tag == "body":
            self._document["body"] = tag
            self._attributes = values

    def _checked(self, attrs: list[tuple[str, str | None]]) -> dict[str, str] | None:
        """The attributes with a class for the style; None for a link of a reader."""
        values: dict[str, str] = {}
        for name, value in attrs:
            said = value or ""
            if OF_A_READER.search(said):
                return None
            if name.startswith("on") or name in _OF_MAIL or _leads_to_script(name, said):
                continue
            values.setdefault(name, said)
        css = closed(values.pop("style", "").strip().rstrip(";"))
        if css and not _UNSAFE.search(css):
            name = self._rules.setdefault(css, f"_d{len(self._rules)}")
            values["class"] = f"{values.get('class', '')} {name}".strip()
        return values

    def _leave_out(self, tag: str) -> None:
        if tag not in _VOID:
            self._dropping.append(tag)
        self._lost_link = True

    def _drop(self, tag: str) -> None:
        if tag not in _VOID:
            self._dropping.append(tag)

    def _without_separator(self, data: str) -> str:
        """The text after a link that is gone; the sign between goes, too."""
        self._lost_link = False
        shorter = _AFTER.sub(" ", data)
        if shorter == data and self._out:
            self._out[-1] = _BEFORE.sub(" ", self._out[-1])
        return shorter


def _leads_to_script(name: str, value: str) -> bool:
    said = "".join(sign for sign in value.lower() if sign > " ")  # as browsers leave out the others
    leads = name in {"href", "src", "action", "formaction", "xlink:href"}
    return leads and said.startswith(("javascript:", "vbscript:"))


def names_of(pictures: Iterable[Picture]) -> dict[str, Picture]:
    """Pictures by what they are called on the web."""
    return {file_of(one): one for one in pictures}
