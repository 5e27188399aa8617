"""What bytes of mails say, whatever is said of them."""

import base64

import pytest

from dispatch.channels.bounces.decoding import body_text, decode, header_text

RUSSIAN, CHINESE = "Пользователь не найден", "邮件无法发送到您指定的地址"


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        (RUSSIAN.encode("koi8-r"), "koi8-r", RUSSIAN),
        (RUSSIAN.encode("koi8-r"), "utf-8", RUSSIAN),
        (RUSSIAN.encode("cp1251"), "iso-8859-1", RUSSIAN),
        (RUSSIAN.encode(), "koi8-r", RUSSIAN),
        (CHINESE.encode("gb2312"), "", CHINESE),
        (CHINESE.encode("gb2312"), "GB2312", CHINESE),
        ("größer für".encode("latin-1"), "", "größer für"),
        ("ユーザー不明".encode("cp932"), "us-ascii", "ユーザー不明"),
        ("ユーザー不明".encode("iso-2022-jp"), "", "ユーザー不明"),
        ("a\0b".encode("utf-16"), "utf-16", "ab"),
        (b"a\xffb", "no-such", "aÿb"),
        (b"abc", "idna", "abc"),
        (b"abc", "zlib", "abc"),
    ],
)
def test_bytes_are_read_by_what_they_are(data: bytes, declared: str, text: str):
    assert decode(data, declared) == text


def _word(data: bytes, charset: str = "utf-8") -> str:
    return f"=?{charset}?B?{base64.b64encode(data).decode()}?="


@pytest.mark.parametrize(
    ("header", "text"),
    [
        (f"{_word(RUSSIAN.encode()[:9])} {_word(RUSSIAN.encode()[9:])}", RUSSIAN),
        (f"Re: {_word(RUSSIAN.encode('koi8-r'), 'utf-8')}", f"Re: {RUSSIAN}"),
        ("=?utf-8*en?Q?a_b?= c", "a b c"),
        ("=?utf-8?Q?a?=\t=?latin-1?Q?=FC?=", "aü"),
        ("=?x?B?!!!?= =?utf-8?Z?a?=", " =?utf-8?Z?a?=".strip()),
        ("a\0\x07b", "ab"),
    ],
)
def test_encoded_words_are_read_as_far_as_they_can_be(header: str, text: str):
    assert header_text(header.encode()) == text


def test_html_is_read_as_lines_without_what_nobody_sees():
    html = "<style>p{}</style><p>To <b>Ada</b> &lt;ada@one.example&gt;<br>550 &amp; more</p><x@y.z>"

    text = body_text(html.encode(), "", "", is_html=True)

    assert text.split("\n") == [" To Ada <ada@one.example>", "550 & more", "x@y.z"]


@pytest.mark.parametrize("broken", [b"QUJDR", b"QU JD", b"QUJD====", b"QUJD!"])
def test_broken_base64_gives_what_is_whole(broken: bytes):
    assert body_text(broken, "base64", "").startswith("ABC")
