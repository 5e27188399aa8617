"""Bytes of a mail as text, whatever it says of itself: charsets in mails lie."""

import base64
import binascii
import codecs
import html
import re

from dispatch.model.text.plain_text import one_line

MOST_TEXT = 64 * 1024
"""How much of one part is read as text: reports say what they say at once."""

# Others are no charsets of mail, and some take time that grows with the square of the text.
_CHARSET = re.compile(
    r"(x-)?(us-)?(ascii|iso|utf|unicode|cp|windows|koi8|gb|hz|big5|euc|shift|sjis|s-?jis|ms|ks|mac"
    r"|latin|tis|johab)[a-z0-9_:-]{0,30}"
)
_NAMES = {
    "unicode-1-1-utf-7": "utf-7",
    "ks_c_5601-1987": "cp949",
    **dict.fromkeys(("shift_jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("iso-8859-1", "us-ascii"), "cp1252"),
    "iso-2022-jp": "iso2022_jp_ext",
}
"""What programs mean by a name."""
_OF_ESCAPES = re.compile(rb"\x1b(\$[@AB(]|\([BIJ])")
_JAPANESE = re.compile("[\u3041-\u30fe]")
_SMALL_CYRILLIC = re.compile("[\u0430-\u044f]")

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bq])\?([^?]{0,1000})\?=", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_LINE_ENDS = re.compile(r"<(br|/p|/div|/tr|/li|/td|/h\d)\b[^<>]{0,500}>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(/?)(?:style|script)\b[^<>]{0,500}>", re.IGNORECASE)
_TAG = re.compile(r"<[a-z/!?][^<>]{0,2000}>", re.IGNORECASE)
_ADDRESS_IN_TAG = re.compile(r"<([^\s<>@\"']{1,100}@[^\s<>@\"']{1,255})>")


def decode(data: bytes, declared: str = "") -> str:
    r"""The text of some bytes: by what they are, then by the charset that is declared.

    >>> decode("Отправить не удалось".encode("koi8-r"), "us-ascii")
    'Отправить не удалось'
    >>> decode("宛先不明".encode("iso-2022-jp"), "utf-8")
    '宛先不明'
    """
    charset = _known(declared)
    if _OF_ESCAPES.search(data):
        return _clean(data.decode("iso2022_jp_ext", "replace"))
    if not charset.startswith(("utf-16", "utf-32", "utf-7", "hz")):
        try:
            return _clean(data.decode("utf-8"))
        except UnicodeDecodeError:
            pass
    if charset and not charset.startswith(("utf-8", "cp1252")):
        try:
            return _clean(data.decode(charset))
        except UnicodeError:
            pass
    return _clean(_guessed(data))


def body_text(data: bytes, encoding: str, charset: str, *, is_html: bool = False) -> str:
    """What a part says, its transfer encoding undone, and tags of HTML taken away."""
    text = decode(undone(data, encoding), charset).replace("\r\n", "\n").replace("\r", "\n")
    return _without_tags(text) if is_html else text


def undone(data: bytes, encoding: str) -> bytes:
    """What stands behind a transfer encoding, as far as it can be read."""
    if encoding == "base64":
        letters = _NO_BASE64.sub(b"", data)
        whole = letters[:-1] if len(letters) % 4 == 1 else letters
        return base64.b64decode(whole + b"=" * (-len(whole) % 4))
    return binascii.a2b_qp(data) if encoding == "quoted-printable" else data


def header_text(data: bytes) -> str:
    """A header's value in one line, its encoded words as people read them (RFC 2047)."""
    raw = decode(data)
    if "=?" in raw:
        raw = _WORD.sub(_word, _BETWEEN_WORDS.sub(r"\1", raw))
    return one_line(raw)


def _word(found: re.Match[str]) -> str:
    charset, kind, letters = found.groups()
    data = letters.encode("ascii", "replace")
    if kind in "bB":
        return decode(undone(data, "base64"), charset.partition("*")[0])
    return decode(binascii.a2b_qp(data, header=True), charset.partition("*")[0])


def _known(declared: str) -> str:
    """The codec of a charset; empty where there is none, or it is no charset."""
    name = declared.strip().strip("\"'").lower()
    if not _CHARSET.fullmatch(name):
        return ""
    try:
        return codecs.lookup(_NAMES.get(name, name)).name
    except LookupError:
        return ""


def _guessed(data: bytes) -> str:
    """Bytes of which nothing true is known: what looks like a language, or else each by itself."""
    for charset in ("euc_jp", "cp932"):
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            continue
        if len(_JAPANESE.findall(text)) * 8 > len(text) - sum(map(str.isascii, text)):
            return text
    for charset in ("koi8-r", "cp1251"):
        text = data.decode(charset, "replace")
        if len(_SMALL_CYRILLIC.findall(text)) * 4 > 3 * (len(text) - sum(map(str.isascii, text))):
            return text
    return data.decode("cp1252", "replace")


def _clean(text: str) -> str:
    """Without what no database keeps."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _without_tags(text: str) -> str:
    first, *rest = _UNSEEN.split(text)
    shown = [first, *(piece for slash, piece in zip(rest[::2], rest[1::2], strict=True) if slash)]
    ended = _LINE_ENDS.sub("\n", _ADDRESS_IN_TAG.sub(r"\1", " ".join(shown)))
    return html.unescape(_TAG.sub("", ended)).replace("\xa0", " ")
