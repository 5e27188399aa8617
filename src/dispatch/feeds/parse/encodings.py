"""Bytes in the encoding they are really in, where their label surely lies about it."""

import codecs
import re

# With one byte a character almost any bytes can be read, so that such a label proves nothing.
_PROVES_NOTHING = re.compile(
    r"|utf-?8|(?:us-)?ascii|cp\d+|iso[-_]?8859.*|koi8.*|latin.*|(?:x-)?mac.*|windows-?125\d",
    re.IGNORECASE,
)
_HEADER = re.compile(r";\s*charset\s*=\s*[\"']?([^\"'\s;]*)", re.IGNORECASE)
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"'>]*)[\"']")
_BOMS = (  # the longer ones first: one of UTF-32 begins like one of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASCII = bytes(range(0x80))
_SOUND = 3  # whole characters to one that is damaged: with fewer it is another encoding
_UTF_8 = "application/xml; charset=utf-8"


def settle_encoding(body: bytes, content_type: str) -> tuple[bytes, str]:
    """The bytes and the content type by which feedparser reads them rightly.

    It goes by header, prolog and byte order mark (RFC 3023), and tries others where these fail.
    What it does not know: a byte order mark of UTF-16 is not there by chance. What can be read as
    UTF-8 and is more than ASCII is UTF-8, whatever a label says of windows-1252; and it still is
    with a damaged byte, or when it is cut off within a character.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").encode(), _UTF_8
    if b"\x00" in body[:1_000] or body.isascii():  # UTF-16 unmarked, or nothing to settle
        return body, content_type
    header, prolog = _HEADER.search(content_type), _PROLOG.match(body[:500])
    labels = (
        header.group(1) if header else "",
        prolog.group(1).decode("latin-1") if prolog else "",
    )
    if not all(map(_PROVES_NOTHING.fullmatch, labels)):
        return body, content_type
    try:
        body.decode()
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        damaged = text.count("\ufffd")
        # Each character beyond ASCII takes two bytes or more.
        sound = len(body.translate(None, _ASCII)) // 2 - damaged
        return (text.encode(), _UTF_8) if sound > damaged * _SOUND else (body, content_type)
    return body, _UTF_8
