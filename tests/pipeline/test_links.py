"""Links that only we can make, and that hold for ever."""

import pytest

from dispatch.errors import NotFound
from dispatch.pipeline.links import Links

LINKS = Links("https://news.example", "a secret of sixteen bytes")
TOKEN = LINKS.unsubscribe_token(7, "readers")


@pytest.mark.parametrize(("number", "audience"), [(0, "readers"), (10**18, "a-b_c"), (5, "é x.y")])
def test_a_link_says_who_leaves_what(number, audience):
    token = LINKS.unsubscribe_token(number, audience)

    assert LINKS.read_unsubscribe(token) == (number, audience)
    assert LINKS.unsubscribe_tokens(audience)(number) == token
    assert LINKS.unsubscribe_url(token) == f"https://news.example/unsubscribe/{token}"


def test_a_link_made_years_ago_still_holds():
    mailed = "7.cmVhZGVycw.NcW8uN172kPcE_gNspwR3NaS"

    assert LINKS.read_unsubscribe(mailed) == (7, "readers")


@pytest.mark.parametrize(
    "forged",
    ["", ".", "..", "7", TOKEN[:-1], TOKEN + "A", "8" + TOKEN[1:], "07" + TOKEN[1:],
     "٧" + TOKEN[1:], " " + TOKEN, TOKEN + "=", TOKEN.replace(".", "=.", 1), TOKEN.swapcase(),
     "é.é.é", "7.é.x", "9" * 5000 + ".cmVhZGVycw.x", "7.cmVhZGVycw.", "\ud800.cmVhZGVycw.x",
     TOKEN + "\n"],
)  # fmt: skip
def test_whatever_else_is_not_ours(forged):
    with pytest.raises(NotFound, match="use the whole link"):
        LINKS.read_unsubscribe(forged)


def test_another_secret_makes_other_links():
    token = Links("https://news.example", "another secret of ours").unsubscribe_token(7, "readers")

    with pytest.raises(NotFound):
        LINKS.read_unsubscribe(token)
