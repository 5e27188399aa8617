"""SignedLinks that only we can make, and that hold for ever."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import NotFound
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.tokens import Bearer

SECRET = "a secret of sixteen bytes"
LINKS = SignedLinks("https://news.example", [SECRET])
ADA = "8d4e9526d502452db560b4314aaece91"
TOKEN = LINKS.unsubscribe_token(ADA, "readers")
MAILED = "b18d4e9526d502452db560b4314aaece914PJt6OhUMQojOo4xi1x3G7HKojswczdfojzq"
OLD = "7.cmVhZGVycw.NcW8uN172kPcE_gNspwR3NaS"


@pytest.mark.parametrize("audience", ["readers", "a-b_c", "é x.y", "", "読者"])
def test_a_link_says_who_leaves_what(audience):
    token = LINKS.unsubscribe_token(ADA, audience)

    assert LINKS.read_unsubscribe(token) == Bearer(audience, ADA)
    assert LINKS.unsubscribe_tokens(audience)(ADA) == token
    assert LINKS.unsubscribe_url(token) == f"https://news.example/unsubscribe/{token}"


def test_the_page_where_a_reader_chooses_ends_with_the_token():
    token = LINKS.cadence_token(ADA, "readers")

    assert LINKS.cadence_url(token) == f"https://news.example/cadence/{token}"
    assert LINKS.cadence_tokens("readers")(ADA) == token


@given(st.text(max_size=60), st.uuids())
def test_nothing_in_a_token_ends_a_line_or_a_sentence(audience, number):
    token = LINKS.cadence_token(number.hex, audience)

    assert re.fullmatch(r"[a-zA-Z0-9]+", token)
    assert LINKS.read_cadence(token) == Bearer(audience, number.hex)


def test_a_link_made_years_ago_still_holds():
    assert LINKS.read_unsubscribe(MAILED) == Bearer("readers", ADA)
    assert LINKS.read_unsubscribe(OLD) == Bearer("readers", number=7)


@pytest.mark.parametrize("token", [MAILED, OLD])
@pytest.mark.parametrize(
    "around",
    ["{}.", "{})", "{}>", "<{}>", "({}).", "{},", "«{}»", '"{}";', "{}…", "*{}*", "„{}“",
     "（{}）。", "{}؟", "{}&gt;.", "{}&quot;&gt;"],
)  # fmt: skip
def test_what_stands_around_a_link_is_no_part_of_it(token, around):
    assert LINKS.read_unsubscribe(around.format(token)).audience == "readers"


@pytest.mark.parametrize(
    "forged",
    ["", "b", "b1", "b1" + ADA, TOKEN[:-1], TOKEN + "a", TOKEN[1:], " " + TOKEN, TOKEN + "=",
     TOKEN + "\n", TOKEN.swapcase(), TOKEN.upper(), "b2" + TOKEN[2:], "c1" + TOKEN[2:],
     "b1" + "9" + TOKEN[3:], TOKEN[:40] + "x" + TOKEN[41:], "b0" + TOKEN[2:], "bé" + TOKEN[2:],
     "\ud800" + TOKEN, "b1" + "é" * 60, "b1" * 5000],
)  # fmt: skip
def test_whatever_else_is_not_ours(forged):
    with pytest.raises(NotFound, match="use the whole link"):
        LINKS.read_unsubscribe(forged)


@pytest.mark.parametrize(
    "forged",
    [".", "..", OLD[:-1], OLD + "A", "8" + OLD[1:], "07" + OLD[1:], "٧" + OLD[1:], " " + OLD,
     OLD + "=", OLD.replace(".", "=.", 1), OLD.swapcase(), "é.é.é", "7.é.x",
     "9" * 5000 + ".cmVhZGVycw.x", "7.cmVhZGVycw.", "\ud800.cmVhZGVycw.x", OLD + "\n"],
)  # fmt: skip
def test_nor_is_what_looks_like_an_old_one(forged):
    with pytest.raises(NotFound, match="use the whole link"):
        LINKS.read_unsubscribe(forged)


def test_a_link_is_good_for_what_it_was_made_for_alone():
    for token in (LINKS.cadence_token(ADA, "readers"), OLD):
        with pytest.raises(NotFound):
            (LINKS.read_cadence if token == OLD else LINKS.read_unsubscribe)(token)


def test_another_secret_makes_other_links():
    token = SignedLinks("https://news.example", ["another secret of ours"]).unsubscribe_token(
        ADA, "a"
    )

    with pytest.raises(NotFound):
        LINKS.read_unsubscribe(token)


def test_links_of_old_keys_hold_and_new_ones_are_made_with_the_newest():
    changed = SignedLinks("https://news.example", [SECRET, "another secret of ours"])

    new = changed.unsubscribe_token(ADA, "readers")

    assert (
        changed.read_unsubscribe(TOKEN) == changed.read_unsubscribe(new) == Bearer("readers", ADA)
    )
    assert changed.read_unsubscribe(OLD) == Bearer("readers", number=7)
    assert (TOKEN[1], new[1]) == ("1", "2")
    with pytest.raises(NotFound):
        LINKS.read_unsubscribe(new)


def test_all_tokens_of_an_audience_have_the_same_length():
    make = LINKS.unsubscribe_tokens("readers")

    assert len(make(ADA)) == len(make("0" * 32))


@pytest.mark.parametrize(
    "keys", [(1,), (1, 2), (0, 1, 2), (9, 0, 1), (2, 3, 1), tuple(range(60, -1, -1))]
)
def test_a_link_holds_while_its_key_is_listed_wherever_that_is(keys):
    secrets = [f"secret number {number:03} long" for number in range(61)]
    token = SignedLinks("", secrets[:2]).unsubscribe_token("a" * 32, "readers")

    bearer = SignedLinks("", [secrets[key] for key in keys]).read_unsubscribe(token)

    assert (bearer.public_id, bearer.audience) == ("a" * 32, "readers")


def test_a_link_ends_with_its_key():
    token = SignedLinks("", ["the first key of ours", "the second key of ours"]).unsubscribe_token(
        "a" * 32, "readers"
    )

    with pytest.raises(NotFound):
        SignedLinks("", ["the first key of ours", "the third key of ours"]).read_unsubscribe(token)


OTHERS = [
    (LINKS.read_preferences, LINKS.preferences_tokens("readers", 7)(ADA)),
    (LINKS.read_undo, LINKS.undo_token(ADA, '[1764000000000000,[["readers",0]]]')),
    (LINKS.read_new_address, LINKS.new_address_url(ADA).rpartition("/")[2]),
]


@given(st.sampled_from(OTHERS), st.data())
def test_no_bit_of_a_token_can_be_flipped(made, data):
    read, token = made
    place = data.draw(st.integers(0, len(token) - 1))
    flipped = chr(ord(token[place]) ^ 1 << data.draw(st.integers(0, 6)))

    assert read(token).public_id == ADA
    with pytest.raises(NotFound):
        read(f"{token[:place]}{flipped}{token[place + 1 :]}")


def test_no_token_passes_for_one_of_another_kind():
    for read, token in OTHERS:
        for other, _ in OTHERS:
            if other is not read:
                with pytest.raises(NotFound):
                    other(token)


@pytest.mark.parametrize("version", [0, 1, 35, 36, 1295])
def test_a_link_to_choices_says_of_which_version_it_is(version):
    token = LINKS.preferences_tokens("readers", version)(ADA)

    assert LINKS.read_preferences(token) == Bearer("readers", ADA, version=version)
    assert len(token) == len(LINKS.preferences_tokens("readers")(ADA))
