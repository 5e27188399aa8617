"""The pictures that a digest's HTML names: each by `cid:`, as the mail carries it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import unescape
from urllib.parse import unquote

from dispatch.model.editions.picture import Picture

_TAG = re.compile(r"<style\b[^>]*>[^<]*|<[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?P<head>\s(?P<name>src|srcset|background|poster)\s*=\s*(?P<quote>[\"']))(?P<url>(?s:(?!(?P=quote)).)*)(?P=quote)"
    r"|(?P<before>\burl\(\s*)(?:(?P<mark>[\"']|&quot;|&apos;|&\#3[49];)(?P<quoted>(?:(?!(?P=mark)).)*)(?P=mark)"
    r"|(?P<bare>(?:[^\"'()&]|&amp;)*))(?=\s*\))",
    re.IGNORECASE,
)
_OF_SEVERAL = re.compile(r"((?:^|,)\s*)(\S+?)(?=,*(?:\s|$))")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)


def with_pictures(html: str, pictures: Mapping[str, Picture]) -> str:
    """The document with the pictures that its tags and styles name in the place of their names."""
    if not pictures:
        return html

    def found(url: str) -> str:
        picture = pictures.get(file_name(url))
        return picture.address if picture else url

    return replaced(html, found)


def shown_alone(html: str, pictures: Iterable[Picture]) -> str:
    """The document with its pictures inside it, for programs that show it without a mail."""
    inside = {one.address: f"data:{one.kind};base64,{one.data}" for one in pictures}
    return replaced(html, lambda url: inside.get(url, url)) if inside else html


def pictures_in(html: str, pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    """Those that the document shows, each once."""
    found = {one.content_id: one for one in pictures if one.address in html}
    return tuple(found.values())


def relative_addresses(html: str) -> Iterator[str]:
    """Addresses of pictures that lead nowhere from a mail."""
    seen: list[str] = []

    def note(url: str) -> str:
        seen.append(unescape(url).strip())
        return url

    replaced(html, note)
    return (url for url in dict.fromkeys(seen) if url and not _ELSEWHERE.match(url))


def file_name(url: str) -> str:
    """The name of a file in the template's folder, as an address says it.

    >>> file_name("./my%20header.png")
    'my header.png'
    """
    return unquote(unescape(url).strip()).removeprefix("./")


def replaced(html: str, change: Callable[[str], str]) -> str:
    """The document with each address of a picture, as it is written there, changed."""

    def address(match: re.Match[str]) -> str:
        if match["head"] is None:
            mark = match["mark"] or ""
            url = change(match["quoted"] if mark else match["bare"])
            return f"{match['before']}{mark}{url}{mark}"
        if match["name"].lower() == "srcset":
            said = _OF_SEVERAL.sub(lambda one: one[1] + change(one[2]), match["url"])
        else:
            said = change(match["url"])
        return f"{match['head']}{said}{match['quote']}"

    return _TAG.sub(lambda tag: _ADDRESS.sub(address, tag[0]), html)
