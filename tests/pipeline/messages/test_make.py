"""The form that many readers share, filled, says what is rendered for each of them alone."""

import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.channels.mail.mime import to_mime
from dispatch.errors import DispatchError, MessageUnusable, TextTooLong
from dispatch.model.campaigns.campaign import NoAlt, Shows, SocialPlan
from dispatch.model.delivery.message import EmailMessage, FilledEmail, Mail
from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.editions.edition import Edition, EditionState, OwnSnippet
from dispatch.model.editions.picture import read_picture
from dispatch.model.intake.feed import Image
from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.make import MessageMaker, ready_for
from dispatch.testing.fakes import RecordingProvider
from dispatch.testing.samples import SUBSCRIBERS, a_png, a_post, an_email
from pipeline_samples import channel
from render.render_samples import OURS, PLAIN, an_edition
from templates_and_readers import BODY, ODD_TEXTS, READERS, TEXTS, own, templates

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LINKS = SignedLinks("https://news.example.org", "a secret of sixteen bytes")
ADA = Subscriber(1, "ada@example.org", "Ada", "fr")


def a_maker(template="weekly") -> MessageMaker:
    content = an_edition(template, [a_post(number) for number in range(1, 4)])
    edition = Edition("e1", "weekly", "slot", EditionState.SENDING, content, "f", NOW)
    return MessageMaker(edition, channel(RecordingProvider()), LINKS, date=NOW)


def delivery_to(reader: Subscriber, number: int = 1) -> Delivery:
    state = DeliveryState.SENDING
    return Delivery(number, "e1", "mail", reader.email, "", reader.id, state, 1, 1, NOW)


def oracle(maker: MessageMaker, reader: Subscriber) -> bytes:
    return to_mime(maker.digest(delivery_to(reader), reader), date=NOW)


def said(data: bytes):
    """What a mail says: its headers but for the boundary, and its parts decoded."""
    message = email.message_from_bytes(data, policy=policy.default)
    parts = [(part.get_content_type(), part.get_content()) for part in message.iter_parts()]
    headers = [(name, str(value)) for name, value in message.items() if name != "Content-Type"]
    return headers, parts


def assert_fit_for_the_wire(data: bytes) -> None:
    lines = data.split(b"\r\n")
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", data)
    assert not any(line.startswith(b".") for line in lines)
    assert max(map(len, lines)) <= 998
    assert max(map(len, data.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76


@pytest.mark.parametrize("template", OURS)
def test_our_templates_need_one_form_for_each_language_with_and_without_a_name(template):
    maker = a_maker(template)
    readers = [
        replace(one, locale=locale, name=name, topics=(one.email,), cadence=str(one.id))
        for one in SUBSCRIBERS
        for locale in ("fr", "fr-CA", "en", "de")
        for name in (one.name, "")
    ]

    mails = [maker.mail(delivery_to(one), one) for one in readers]

    assert maker.forms == (2 if template == "letter" else 4)  # that one greets by its pieces
    for reader, mail in zip(readers, mails, strict=True):
        assert said(mail.data) == said(oracle(maker, reader))
        assert_fit_for_the_wire(mail.data)


def test_a_form_carries_the_pictures_as_a_mail_written_alone_does():
    header, unused = (
        read_picture(name, a_png(width)) for name, width in (("h.png", 9), ("u.png", 8))
    )
    mjml = BODY.format('<mj-image src="h.png" alt="{{ subscriber.name }}" />')
    content = replace(
        an_edition(PLAIN | {"digest.mjml": mjml, "digest.txt": "Hi {{ subscriber.name }}"}),
        pictures={"h.png": header, "u.png": unused},
    )
    edition = Edition("e1", "weekly", "slot", EditionState.SENDING, content, "f", NOW)
    maker = MessageMaker(edition, channel(RecordingProvider()), LINKS, date=NOW)
    readers = (ADA, replace(ADA, id=2, email="bob@example.org", name="Bob"))

    mails = [maker.mail(delivery_to(one), one) for one in readers]

    assert maker.forms == 1
    for reader, mail in zip(readers, mails, strict=True):
        assert tree(mail.data) == tree(oracle(maker, reader))
        assert_fit_for_the_wire(mail.data)
        kinds = [kind for kind, _, _ in tree(mail.data)]
        assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html",
                         "image/png"]  # fmt: skip
        assert tree(mail.data)[-1][1:] == (f"<{header.content_id}>", a_png(9))
    shared = [{id(part) for part in mail.parts} for mail in mails]
    assert sum(len(part) for part in mails[0].parts if id(part) in shared[1]) > len(header.data)


def tree(data: bytes):
    """Kind, name and content of each part of a mail, from the outside in."""
    return [
        (
            part.get_content_type(),
            part["Content-ID"],
            None if part.is_multipart() else part.get_content(),
        )
        for part in email.message_from_bytes(data, policy=policy.default).walk()
    ]


@pytest.mark.parametrize(
    "value",
    ["", " ", "Ada", "a " * 400, "x" * 3000, ".", "..", "=", "=41", "a=\r\n.b", "\n\nx ", "<&>'\"",
     "\xa0a\xa0b", "a\u2028b", "\u202eevil", "\ud800", "\x00", "ليلى", "e\u0301", "🏳️‍🌈", "&nbsp;",
     "\\u{e9}"],
)  # fmt: skip
def test_any_value_reads_like_one_that_was_rendered(value):
    template = own(
        subject_txt="To {{ subscriber.fields.x }}",
        preheader_txt="{{ subscriber.fields.x }} first",
        mjml="<mj-text><a href='{{ links.unsubscribe }}' title=\"{{ subscriber.fields.x }}\">"
        "{{ subscriber.fields.x }}</a> {{ subject }} {{ preheader }}</mj-text>",
        digest_txt="{{ subscriber.fields.x }}\n.{{ subscriber.fields.x }}.\n\nx",
    )
    maker = a_maker(template)
    maker.mail(delivery_to(ADA), replace(ADA, fields={"x": "another"}))
    reader = replace(ADA, fields={"x": value})

    mail = maker.mail(delivery_to(ADA), reader)

    assert maker.forms >= 1
    assert said(mail.data) == said(oracle(maker, reader))


@settings(max_examples=30)
@given(
    template=st.one_of(templates(TEXTS), templates(ODD_TEXTS)),
    readers=st.lists(READERS, min_size=1, max_size=4),
)
def test_whatever_a_template_does_every_reader_gets_what_would_be_rendered_for_them(
    template, readers
):
    maker = a_maker(template)
    for reader in readers:
        try:
            rendered = oracle(maker, reader)
        except DispatchError as error:
            with pytest.raises(type(error)):
                maker.mail(delivery_to(reader), reader)
            continue

        mail = maker.mail(delivery_to(reader), reader)

        assert said(mail.data) == said(rendered)
        if mail.data != rendered:  # it came from a form
            assert_fit_for_the_wire(mail.data)
        filled = maker.filled(delivery_to(reader), reader)
        assert said(to_mime(filled.email, date=NOW)) == said(rendered)
    assert not maker.digests()._mail_forms._off


@pytest.mark.parametrize("template", OURS)
def test_every_digest_leads_to_all_that_its_reader_may_choose(template):
    maker = a_maker(template)
    readers = [replace(ADA, public_id=f"{number:032}", link_version=number) for number in (0, 7)]

    for reader in readers:
        for data in (maker.mail(delivery_to(reader), reader).data, oracle(maker, reader)):
            _, parts = said(data)
            for _, text in parts:
                [token] = set(re.findall(r"https://news\.example\.org/preferences/(\w+)", text))
                bearer = LINKS.read_preferences(token)
                assert (bearer.public_id, bearer.version) == (reader.public_id, reader.link_version)
    assert maker.forms == 1


def test_a_mail_says_for_whose_envelope_it_is():
    maker = a_maker()
    reader = replace(ADA, email="bücher@bücher.example")

    mails = [
        maker.mail(delivery_to(ADA), ADA),
        maker.mail(delivery_to(reader), reader),
        maker.mail(delivery_to(reader), replace(reader, name="\n")),
    ]

    assert [mail.sender for mail in mails] == ["lettre@example.org"] * 3
    assert [mail.recipient for mail in mails] == [
        "ada@example.org",
        "bücher@xn--bcher-kva.example",
        "bücher@xn--bcher-kva.example",
    ]
    assert [mail.utf8 for mail in mails] == [False, True, True]
    assert {mail.id for mail in mails} == {"e1.1"}


def test_a_subject_that_would_be_shortened_is_rendered_for_its_reader_alone():
    maker = a_maker(own(subject_txt="{{ subscriber.name }} and more"))

    short = maker.mail(delivery_to(ADA), ADA)
    reader = replace(ADA, name="mot " * 80)
    long = maker.mail(delivery_to(reader), reader)

    assert dict(said(short.data)[0])["Subject"] == "Ada and more"
    assert dict(said(long.data)[0])["Subject"].endswith("mot…")


def test_a_form_that_would_say_something_else_is_not_used(monkeypatch):
    monkeypatch.setattr(
        "dispatch.render.digests.compile_variant.filled", lambda *_: ("another", "text", "!")
    )
    maker = a_maker()

    mail = maker.mail(delivery_to(ADA), ADA)

    assert maker.forms == 0
    assert mail.data == oracle(maker, ADA)


def test_providers_that_take_forms_get_one_for_all_readers_and_the_values_of_each():
    maker = a_maker()
    readers = [replace(one, locale="fr", name=one.name or "Ada") for one in SUBSCRIBERS]

    filled = [maker.filled(delivery_to(one), one) for one in readers]

    assert len({id(one.form) for one in filled}) == 1
    for reader, one in zip(readers, filled, strict=True):
        letter = maker.digest(delivery_to(reader), reader)
        assert said(to_mime(one.email, date=NOW)) == said(oracle(maker, reader))
        assert one.email.headers == letter.headers
        assert (one.id, one.message_id) == (letter.id, letter.message_id)
        assert "\n" not in one.to.name


def test_what_has_no_form_is_a_form_of_its_own():
    maker = a_maker(own(mjml="<mj-text>{{ subscriber.name.upper() }}</mj-text>"))

    filled = maker.filled(delivery_to(ADA), ADA)

    assert filled.form.placeholders == ()
    assert filled.email.html == maker.digest(delivery_to(ADA), ADA).html


def test_an_impossible_address_is_none_for_a_form_either():
    maker = a_maker()

    with pytest.raises(MessageUnusable):
        maker.filled(delivery_to(replace(ADA, email="no address")), ADA)


@pytest.mark.parametrize(
    ("takes", "kind"),
    [({"takes_mail": True}, Mail), ({"takes_form": True}, FilledEmail), ({}, EmailMessage)],
)
def test_a_provider_gets_what_it_declares(takes, kind):
    declared = replace(RecordingProvider.capabilities, takes_mail=False)
    there = replace(channel(RecordingProvider()), capabilities=replace(declared, **takes))

    ready = ready_for(there, an_email(), date=NOW)

    assert type(ready) is kind


class Envelopes(RecordingProvider):
    capabilities = replace(RecordingProvider.capabilities, takes_mail=True, keeps_envelope=True)


def a_returning_maker(provider) -> MessageMaker:
    content = an_edition("weekly", [a_post(1)])
    edition = Edition("e1", "weekly", "slot", EditionState.SENDING, content, "f", NOW)
    links = SignedLinks("https://news.example.org", ["a secret of sixteen bytes"], "b@example.net")
    return MessageMaker(edition, channel(provider), links, date=NOW)


def test_what_comes_back_comes_to_the_address_of_each_delivery_of_its_own():
    maker = a_returning_maker(Envelopes())

    mails = [maker.mail(delivery_to(ADA, number), ADA) for number in (1, 2, 2)]
    alone = maker.message(delivery_to(ADA, 2), replace(ADA, name="\N{BELL}"))

    assert re.fullmatch(r"b\+a1[0-9a-z]{20}@example\.net", mails[0].sender)
    assert mails[0].sender != mails[1].sender == mails[2].sender == alone.sender
    assert b"<mailto:b@example.net?subject=unsubscribe%20" in mails[0].data
    assert mails[0].data.index(b"<https://news.example.org/unsubscribe") < mails[0].data.index(
        b"<mailto:"
    )


def test_a_service_that_has_an_envelope_of_its_own_gets_ours_as_before():
    mail = a_returning_maker(RecordingProvider()).mail(delivery_to(ADA), ADA)

    assert mail.sender == "lettre@example.org"


SOCIAL = SocialPlan("toots", "plain", warning="Politics", mentions=True)


def snippet_of(text, *, max_text=20, warnings=True):
    """What is handed over of a text that somebody wrote, on a network with threads."""
    content = replace(
        an_edition(PLAIN, [a_post(1)]), social=(SOCIAL,), snippets=(OwnSnippet("toots", "1", text),)
    )
    content = replace(content, templates={"plain": PLAIN})
    edition = Edition("e1", "weekly", "slot", EditionState.SENDING, content, "f", NOW)
    via = channel(RecordingProvider(), "toots")
    via = replace(
        via,
        capabilities=replace(via.capabilities, max_text=max_text, threads=True, warnings=warnings),
    )
    delivery = Delivery(7, "e1", "toots", "", "1", None, DeliveryState.SENDING, 1, 1, NOW)
    return MessageMaker(edition, via, LINKS).snippet(delivery)


def test_a_snippet_says_what_its_plan_and_its_author_want():
    message = snippet_of("First\n---\nSecond\n---\nThird")

    assert (message.text, message.thread) == ("First", ("Second", "Third"))
    assert (message.warning, message.mentions) == ("Politics", True)
    assert message.language == "fr"


def test_a_warning_begins_the_text_where_the_network_has_no_place_for_it():
    message = snippet_of("First\n---\nSecond", max_text=30, warnings=False)

    assert (message.text, message.thread) == ("CW: Politics\n\nFirst", ("Second",))
    assert message.warning == ""
    with pytest.raises(TextTooLong, match="2 characters too many"):
        snippet_of("x" * 18, max_text=30, warnings=False)


def test_a_snippet_that_is_too_long_is_not_handed_over():
    with pytest.raises(TextTooLong, match="toots, post 1: 4 characters too many - shorten it"):
        snippet_of("First\n---\n" + "x" * 24)


@pytest.mark.parametrize(
    ("shows", "no_alt", "alt", "is_seen"),
    [
        (Shows.TEXT, NoAlt.TITLE, "A harbour", False),
        (Shows.CARD, NoAlt.LEAVE_OUT, "", True),
        (Shows.PICTURE, NoAlt.TITLE, "", True),
        (Shows.PICTURE, NoAlt.LEAVE_OUT, "", False),
        (Shows.PICTURE, NoAlt.LEAVE_OUT, "A harbour", True),
    ],
)
def test_a_picture_that_a_network_fetches_follows_the_plan_too(shows, no_alt, alt, is_seen):
    post = a_post(1, image=Image("https://blog.example.org/a.jpg", alt))
    plan = replace(SOCIAL, shows=shows, no_alt=no_alt, warning="")
    content = replace(an_edition(PLAIN, [post]), social=(plan,), templates={"plain": PLAIN})
    edition = Edition("e1", "weekly", "slot", EditionState.SENDING, content, "f", NOW)
    delivery = Delivery(7, "e1", "toots", "", "1", None, DeliveryState.SENDING, 1, 1, NOW)

    message = MessageMaker(edition, channel(RecordingProvider(), "toots"), LINKS).snippet(delivery)

    assert bool(message.image) is is_seen
