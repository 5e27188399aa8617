"""What readers get by a vendor, beside what is rendered for each of them alone."""

import email
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email import policy

import httpx
from pydantic import SecretStr

from dispatch.channels.calling import batches
from dispatch.channels.mail.headers import mail_address
from dispatch.channels.mail.mime import to_mime
from dispatch.channels.open import Channel
from dispatch.errors import DispatchError
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, EmailMessage
from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.editions.edition import Edition, EditionContent, EditionState
from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.make import MessageMaker
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import SECRET
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import channel
from vendors.every import EVERY
from vendors.vendor import Received

NOW = FakeClock().now
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
    """
    maker = a_maker(name, content)
    messages, rendered = [], {}
    for number, reader in enumerate(readers, start=1):
        delivery = delivery_to(reader, number)
        try:
            digest = maker.digest(delivery, reader)
            to_mime(digest, date=NOW)
        except DispatchError:
            continue
        rendered[digest.id] = reading_of(digest, finished=maker.takes_mail)
        messages.append(maker.message(delivery, reader))
    received = {}
    for one in sent_by(name, messages):
        assert one.id not in received  # nobody gets it twice
        received[one.id] = reading_of(one)
    return received, rendered


class Maker(MessageMaker):
    """One that knows whether its provider takes finished mails."""

    takes_mail = False


def a_maker(name: str, content: EditionContent) -> Maker:
    provider = EVERY[name].provider(httpx.Client(), SecretStr(SECRET))
    over: Channel = replace(channel(RecordingProvider()), capabilities=provider.capabilities)
    edition = Edition("e1", "weekly", "slot", EditionState.SENDING, content, "f", NOW)
    maker = Maker(edition, over, LINKS, date=NOW)
    maker.takes_mail = provider.capabilities.takes_mail
    return maker


def delivery_to(reader: Subscriber, number: int) -> Delivery:
    state = DeliveryState.SENDING
    return Delivery(number, "e1", "mail", reader.email, "", reader.id, state, 1, 1, NOW)


def sent_by(name: str, messages: Sequence) -> list[Received]:
    """What readers get when a provider has handed over all messages."""
    vendor, received = EVERY[name], []

    def service(request: httpx.Request) -> httpx.Response:
        received.extend(vendor.mails(request))
        return vendor.answer(request)

    with new_client(transport=httpx.MockTransport(service)) as http:
        provider = vendor.provider(http, SecretStr(SECRET))
        for batch in batches(messages, provider.capabilities):
            assert all(isinstance(one, Accepted) for one in provider.send(batch))
    return received


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
        name="".join(re.findall(r"\w", name)),
        subject=_unseen(" ".join(subject.split())),
        text=_unseen(_lines(text)),
        html=re.sub(r"&#(\d+);", _brace, _unseen(_lines(html))),
        leave=_https(headers.get("list-unsubscribe", "")),
        list_id=" ".join(headers.get("list-id", "").split()),
        one_click=headers.get("list-unsubscribe-post", ""),
        pictures=pictures,
    )


def as_written(digest: EmailMessage) -> tuple[str, str, str]:
    """Its texts as a mail program reads them."""
    mail = email.message_from_bytes(to_mime(digest, date=NOW), policy=policy.default)
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    return str(mail["Subject"]), text.get_content(), html.get_content()


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
