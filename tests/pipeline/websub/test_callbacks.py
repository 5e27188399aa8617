"""Addresses that only those can use who were given them."""

import pytest

from dispatch.errors import NotFound
from dispatch.pipeline.websub.callbacks import Callbacks

OURS = Callbacks("https://news.example/letters", "a secret of sixteen bytes")


def test_an_address_leads_back_to_its_subscription():
    url = OURS.url("abc")

    assert url.startswith("https://news.example/letters/push/abc.")
    assert OURS.read(url.rpartition("/")[2]) == "abc"


@pytest.mark.parametrize("token", ["", ".", "abc", "abc.", "abc.é", "abc." + "A" * 24])
def test_a_made_up_address_leads_nowhere(token):
    with pytest.raises(NotFound):
        OURS.read(token)


def test_an_address_of_another_installation_leads_nowhere():
    others = Callbacks("https://news.example/letters", "another secret of many bytes")

    with pytest.raises(NotFound):
        OURS.read(others.token("abc"))


def test_secrets_differ_by_subscription_and_from_the_address():
    assert len({OURS.secret("a"), OURS.secret("b"), OURS.token("a"), OURS.token("b")}) == 4
    assert OURS.secret("a")[:24] not in OURS.url("a")


def test_without_a_public_address_there_is_none():
    assert not Callbacks("", "a secret of sixteen bytes")
    assert OURS
