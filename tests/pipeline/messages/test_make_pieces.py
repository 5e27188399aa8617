"""Digests with pieces: the form that many readers share says what is rendered for each of them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.channels.mail.mime import to_mime
from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.make import MessageMaker
from dispatch.testing.fakes import RecordingProvider
from dispatch.testing.samples import SUBSCRIBERS, a_post
from pipeline_samples import channel
from render.piece_samples import heading, link, picture, text
from render.render_samples import OURS, an_edition
from templates_and_readers import READERS, VALUES

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LINKS = SignedLinks("https://news.example.org", "a secret of sixteen bytes")
NAME = "{{ subscriber.name }}"
OR_FRIEND = '{{ subscriber.name or "friend & <co>" }}'

SAYING = st.sampled_from(
    ["**{}**", "*{}* ", "- {}\n- {}", "> {}\n\n", "[{}](https://example.org/{})", "`{}`",
     "# {}\n", "{}{}", "\\{} ", "<b>{}</b>", "1. {}\n   > {}", "word " * 14 + "{} " + "word " * 9,
     "\u202f{}?", "مرحبا {} ", "{}  \nnext", "[", "*", "_{}", "&amp;{}"]
)  # fmt: skip
WRITTEN = st.lists(
    st.tuples(SAYING, st.sampled_from(["x", NAME, OR_FRIEND, "{{ name }}"])), max_size=5
).map(lambda parts: "".join(saying.replace("{}", said) for saying, said in parts))
PIECES = st.lists(
    st.one_of(
        st.builds(lambda said, at: text(said, after=at), WRITTEN, st.integers(0, 3)),
        st.builds(lambda said, at: heading(said, after=at), WRITTEN, st.integers(0, 3)),
        st.builds(lambda said, at: link(said, after=at), WRITTEN, st.integers(0, 3)),
        st.builds(lambda at: picture(after=at), st.integers(0, 3)),
    ),
    max_size=4,
).map(lambda pieces: tuple(replace(one, id=f"i{n}") for n, one in enumerate(pieces)))


def a_maker(template, *pieces, posts=2) -> MessageMaker:
    content = an_edition(template, [a_post(number) for number in range(1, 4)])
    content = replace(content, posts=content.posts[:posts], pieces=pieces)
    edition = Edition("e1", "weekly", "slot", EditionState.SENDING, content, "f", NOW)
    return MessageMaker(edition, channel(RecordingProvider()), LINKS, date=NOW)


def delivery_to(reader: Subscriber) -> Delivery:
    state = DeliveryState.SENDING
    return Delivery(1, "e1", "mail", reader.email, "", reader.id, state, 1, 1, NOW)


def parts_of(data: bytes) -> list[object]:
    import email
    from email import policy

    message = email.message_from_bytes(data, policy=policy.default)
    return [str(message["Subject"]), *(part.get_content() for part in message.iter_parts())]


def assert_says_what_is_rendered(maker, reader):
    delivery = delivery_to(reader)
    rendered = to_mime(maker.digest(delivery, reader), date=NOW)
    assert parts_of(maker.mail(delivery, reader).data) == parts_of(rendered)


@pytest.mark.parametrize("template", OURS)
def test_a_name_in_pieces_makes_two_forms_for_each_language(template):
    pieces = (heading(f"For {OR_FRIEND}"), text(f"Dear **{NAME}**"), link(NAME, after=1), picture())
    maker = a_maker(template, *pieces)
    readers = [
        replace(one, locale=locale, name=name)
        for one in SUBSCRIBERS[:2]
        for locale in ("fr", "en")
        for name in (one.name or "Ada", "")
    ]

    for reader in readers:
        assert_says_what_is_rendered(maker, reader)

    assert maker.forms == 4


def test_pieces_without_a_name_make_no_further_form():
    maker = a_maker("letter", heading(), text(), link(), picture(), posts=0)

    for reader in SUBSCRIBERS:
        assert_says_what_is_rendered(maker, replace(reader, locale="fr"))

    assert maker.forms == 1


@settings(max_examples=12)
@given(
    template=st.sampled_from(OURS),
    pieces=PIECES,
    posts=st.integers(1, 2),
    readers=st.lists(READERS, min_size=1, max_size=2),
    name=VALUES,
)
def test_whatever_is_written_every_reader_gets_what_would_be_rendered_for_them(
    template, pieces, posts, readers, name
):
    maker = a_maker(template, *pieces, posts=posts)
    for reader in (*readers, replace(readers[0], name=name)):
        assert_says_what_is_rendered(maker, reader)
    assert not maker.digests()._mail_forms._off


HOSTILE = (
    "<script>alert(1)</script>", "{{ subscriber.email }}", "{% raw %}", "{# x #}", "*|FNAME|*",
    "%recipient.name%", "[[name]]", "-name-", "\ufdd00\ufdd1", "</p></mj-text><mj-raw>",
    "&amp;&#0;", '" onmouseover="x', "[a](javascript:b)", "a\r\n.\r\nBcc: b@c.d",
    "a\x00\u202e\ud800", "a\u2028b",
)  # fmt: skip


@pytest.mark.parametrize("template", OURS)
def test_whatever_readers_call_themselves_it_is_a_name_and_nothing_else(template):
    post, every = a_post(2), f"{NAME}, {OR_FRIEND}"
    pieces = (heading(every), text(f"*{every}* [{every}]({post.link})\n\n- {every}\n\n> {every}"),
              picture(alt=every), link(every, after=1))  # fmt: skip
    maker = a_maker(template, *pieces)

    for name in HOSTILE:
        assert_says_what_is_rendered(maker, replace(SUBSCRIBERS[0], locale="fr", name=name))

    assert maker.forms == 1
    assert not maker.digests()._mail_forms._off
