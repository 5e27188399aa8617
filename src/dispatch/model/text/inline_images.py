"""Images in the middle of a sentence, which say a word of it: an emoji, a formula, a sign."""

import re
from html import escape, unescape

SMALL = 100  # pixels of width below which an image is part of its line wherever it stands
LARGE = 300  # from which on it is a picture of its own

_NEAR = 300  # characters on either side in which its line is looked for

_IMG = re.compile(r"<img\s[^<>]*>", re.IGNORECASE)
_ALT = re.compile(r"\salt=\"([^\"]*)\"")
_WIDTH = re.compile(r"\swidth=\"(\d{1,5})\"")
_TAG = re.compile(r"<[^<>]*>")
_LINE_END = re.compile(
    r"</?(?:address|article|blockquote|br|caption|d[dlt]|div|fig(?:ure|caption)|h[1-6r]|li|[ou]l|p|pre"
    r"|section|table|t[bdhr]|tbody|thead)(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)


def with_words_of_images(html: str) -> str:
    """The HTML with the alt text of an image in its place where it stands inside a sentence.

    >>> with_words_of_images('<p>It is <img src="x" alt="5 km"> away.</p>')
    '<p>It is 5 km away.</p>'
    """
    if "<img" not in html:
        return html
    return _IMG.sub(lambda image: _words(image, html), html)


def _words(image: re.Match[str], html: str) -> str:
    found = _ALT.search(image[0])
    alt = unescape(found[1]).strip() if found else ""
    if not alt:
        return image[0]
    before = _LINE_END.split(html[max(0, image.start() - _NEAR) : image.start()])[-1]
    after = _LINE_END.split(html[image.end() : image.end() + _NEAR], maxsplit=1)[0]
    before, after = _TAG.sub("", before), _TAG.sub("", after)
    if not _is_in_sentence(image[0], before.strip(), after.strip()):
        return image[0]
    space_before = " " if before[-1:].isalnum() and alt[0].isalnum() else ""
    space_after = " " if after[:1].isalnum() and alt[-1].isalnum() else ""
    return space_before + escape(alt, quote=False) + space_after


def _is_in_sentence(image: str, before: str, after: str) -> bool:
    said = _WIDTH.search(image)
    if said and int(said[1]) < SMALL:
        return bool(before or after)
    if said and int(said[1]) >= LARGE:
        return False
    # A picture at the beginning of a paragraph, or at its end, is beside the text.
    return bool(before and after)
