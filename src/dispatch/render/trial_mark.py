"""What tells a test from a letter that readers get."""

from html import escape

from dispatch.render.around import around_body
from dispatch.words.catalogues import Words

_LOOK = (
    "max-width:600px;margin:0 auto;padding:12px 20px;box-sizing:border-box;background:#ffffff;"
    "border-top:6px solid #b44d12;font-family:Helvetica,Arial,sans-serif;font-size:14px;"
    "line-height:20px;color:#1f2933;"
)


def marked_html(html: str, words: Words, *, address: str) -> str:
    """The document with a line at its end that says what it is."""
    said = escape(words("test_mail.footer", address=address))
    mark = f'<div lang="{words.tag}" dir="{words.direction}" style="{_LOOK}">{said}</div>'
    return around_body(html, "", mark)


def marked_text(text: str, words: Words, *, address: str) -> str:
    """The text with the same line."""
    return f"{text}\n-- \n{words('test_mail.footer', address=address)}\n"
