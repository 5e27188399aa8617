"""What readers get by a vendor, beside what is rendered for each of them alone."""

import email
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email import policy

import httpx
from pydantic import SecretStr

from dispatch.channels.mail.headers import mail_address
from dispatch.channels.mail.mime import to_mime
from dispatch.channels.provider import Capabilities
from dispatch.errors import DispatchError
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, EmailMessage, Message, Refused
from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.editions.edition import Edition, EditionContent, EditionState
from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.make import MessageMaker
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import SECRET
from dispatch.testing.contract.handing_over import hand_over
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import channel
from vendors.every import EVERY, NO_LIST_ID
from vendors.vendor import Received

NOW = FakeClock().now
NOBODY = new_client(transport=httpx.MockTransport(lambda _: httpx.Response(500)))
"""Nobody is asked by it; a client of one's own reads the certificates of all authorities."""
LINKS = SignedLinks("https://news.example.org", "a secret of sixteen bytes")


@dataclass(frozen=True)
class Reading:
    """What one reader is told, however it came to them."""

    to: str
    name: str
    subject: str
    text: str
    html: str
    leave: str
    list_id: str
    one_click: str
    pictures: tuple[str, ...]


def readings(
    name: str, content: EditionContent, readers: Sequence[Subscriber]
) -> tuple[dict[str, Reading], dict[str, Reading]]:
    """By delivery: what each reader gets by the vendor, and what is rendered for them.

    Readers for whom nothing can be rendered are left out; they must get nothing by the vendor.
    So are those whose address has letters before the @ that a vendor does not take.
    """
    declared = EVERY[name].provider(NOBODY, SecretStr(SECRET)).capabilities
    maker = a_maker(content, declared)
    messages, rendered = [], {}
    for number, reader in enumerate(readers, start=1):
        delivery = delivery_to(reader, number)
        try:
            digest = maker.digest(delivery, reader)
            to_mime(digest, date=NOW)
        except DispatchError:
            continue
        rendered[_key(digest.id)] = reading_of(digest, finished=declared.takes_mail)
        messages.append(maker.message(delivery, reader))
    if name in NO_LIST_ID:
        rendered = {key: replace(one, list_id="") for key, one in rendered.items()}
    received, refused = sent_by(name, messages)
    for one in refused:
        assert not rendered.pop(_key(one)).to.isascii()
    got = {_key(one.id): reading_of(one) for one in received}
    assert len(got) == len(received)  # nobody gets it twice
    return got, rendered


def a_maker(content: EditionContent, declared: Capabilities) -> MessageMaker:
    edition = Edition("e1", "weekly", "slot", EditionState.SENDING, content, "f", NOW)
    over = replace(channel(RecordingProvider()), capabilities=declared)
    return MessageMaker(edition, over, LINKS, date=NOW)


def delivery_to(reader: Subscriber, number: int) -> Delivery:
    state = DeliveryState.SENDING
    return Delivery(number, "e1", "mail", reader.email, "", reader.id, state, 1, 1, NOW)


def sent_by(name: str, messages: Sequence[Message]) -> tuple[list[Received], list[str]]:
    """What readers get when a provider has handed over all messages, and which it refused."""
    vendor, received, refused = EVERY[name], [], []

    def service(request: httpx.Request) -> httpx.Response:
        received.extend(vendor.mails(request))
        return vendor.answer(request)

    with new_client(transport=httpx.MockTransport(service)) as http:
        provider = vendor.provider(http, SecretStr(SECRET))
        outcomes = hand_over(provider, messages)
    for message, outcome in zip(messages, outcomes, strict=True):
        assert isinstance(outcome, Accepted | Refused), outcome
        if isinstance(outcome, Refused):
            refused.append(message.id)
    return received, refused


def _key(number: str) -> str:
    """Our name of a delivery, however a vendor lets it be written."""
    return "-".join(re.findall("[a-z0-9]+", number))


def reading_of(one: EmailMessage | Received, *, finished: bool = False) -> Reading:
    """What a mail says, without what no reader sees: line ends, and how a brace is written."""
    if isinstance(one, EmailMessage):
        pictures = tuple(picture.content_id for picture in one.pictures)
        to, name = mail_address(one.to.email), one.to.name
        headers = {key.lower(): value for key, value in one.headers}
        subject, text, html = as_written(one) if finished else (one.subject, one.text, one.html)
    else:
        pictures, to, name, headers = one.pictures, one.to, one.name, one.headers
        subject, text, html = one.subject, one.text, one.html
    return Reading(
        to=to,
        name=_name(name),
        subject=_unseen(" ".join(subject.split())),
        text=_unseen(_lines(text)),
        html=re.sub(r"&#(\d+);", _brace, _unseen(_lines(html))),
        leave=_https(headers.get("list-unsubscribe", "")),
        list_id=headers.get("list-id", "").rpartition("<")[2],
        one_click=headers.get("list-unsubscribe-post", ""),
        pictures=pictures,
    )


def as_written(digest: EmailMessage) -> tuple[str, str, str]:
    """Its texts as a mail program reads them."""
    mail = email.message_from_bytes(to_mime(digest, date=NOW), policy=policy.default)
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    return str(mail["Subject"]), text.get_content(), html.get_content()


def _name(name: str) -> str:
    """Its first letters, as some take no commas, and Brevo 70 characters.

    A name that a vendor would read may be left out.
    """
    return "" if re.search("[%{]", name) else "".join(re.findall(r"\w", name))[:20]


def _lines(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text).rstrip("\n")


def _unseen(text: str) -> str:
    """Without the word joiners by which some adapters part what a vendor would read."""
    return text.replace("\u2060", "")


def _brace(reference: re.Match[str]) -> str:
    """A brace or percent sign as itself, where an adapter has written its number."""
    sign = chr(int(reference[1])) if len(reference[1]) < 4 else ""
    return sign if sign in set("{}%[]*|$-") else reference[0]


def _https(header: str) -> str:
    """The address for one click (RFC 8058); a vendor may add or leave out one for mails."""
    return next(iter(re.findall(r"<(https://[^>]+)>", "".join(header.split()))), "")
