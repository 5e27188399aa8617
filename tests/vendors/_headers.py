"""Headers as a reader's mail program shows them."""

from email.header import decode_header, make_header


def decoded(value):
    """The value without encoded words."""
    return str(make_header(decode_header(value)))
