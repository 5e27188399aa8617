"""Messages of Amazon SNS, and of a service whose topics sign as Amazon's do.

Looked at on 2026-11-30:

- what is signed, and to refuse other topics:
  https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html and
  https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html
- confirming a subscription, and that a repeated message has the id that it had:
  https://docs.aws.amazon.com/sns/latest/dg/http-subscription-confirmation-json.html
- it repeats what got no answer or a 5xx, for 3,600 seconds at most, and nothing after a 4xx:
  https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html

Any account may have a topic, and SNS signs what any topic says: so the channel names its own.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx
from pydantic import AfterValidator

from dispatch.channels.hooks.call import HookCall
from dispatch.channels.hooks.certificates import Certificates, get
from dispatch.channels.hooks.proof import NOT_SIGNED, check_configured, check_window, same
from dispatch.channels.hooks.public_key import Hash, check_signed_with
from dispatch.channels.hooks.reading import iso_moment, text_at
from dispatch.clock import Clock
from dispatch.errors import CallUnreadable, NotGenuine, ProviderUnavailable

NOTIFICATION = "Notification"
SUBSCRIPTION = "SubscriptionConfirmation"

_ABOUT_SUBSCRIPTIONS = (
    "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"
)  # fmt: skip
SIGNED: Mapping[str, tuple[str, ...]] = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    SUBSCRIPTION: _ABOUT_SUBSCRIPTIONS,
    "UnsubscribeConfirmation": _ABOUT_SUBSCRIPTIONS,
}
"""What is signed of each type, in this order; `Subject` is there or not."""

HASHES: Mapping[str, Hash] = {"1": "sha1", "2": "sha256"}

WINDOW = timedelta(hours=3)
"""How old a message may be. Its moment is that of the first attempt: SNS repeats for an hour, and
has been an hour late itself (https://github.com/marbot-io/monitoring-jump-start/pull/30). A message
that somebody else repeats does no harm, as each event is kept once."""


def _are_topics(text: str) -> str:
    if not all(one.startswith("arn:") for one in _each(text)):
        raise ValueError("is no topic - write its ARN, which begins with arn: and ends in its name")
    return text


TopicArns = Annotated[str, AfterValidator(_are_topics)]
"""An option: topics by their ARNs, with spaces or commas between, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnsService:
    """A service that has such topics.

    The patterns are of whole addresses, so that nothing can stand around the host; `issuer` is
    where the certificates are that must have made the one that signs.
    """

    name: str
    certificate: re.Pattern[str]
    confirmation: re.Pattern[str]
    issuer: str = ""
    window: timedelta = WINDOW


@dataclass(frozen=True, slots=True)
class SnsNotification:
    """What a topic told: `text` as it is, with the id that it has however often it is told."""

    id: str
    at: datetime | None
    text: str


class SnsSubscription:
    """Messages of the topics that a channel names: those are believed, and no others."""

    def __init__(self, service: SnsService, named: str, http: httpx.Client, clock: Clock) -> None:
        self._service = service
        self._named = named
        self._http = http
        self._clock = clock
        self._certificates = Certificates(http, service.name)

    def verify(self, call: HookCall) -> None:
        """Raise NotGenuine unless one of the topics says this, and lately.

        Raises ProviderUnavailable where the certificate cannot be had now.
        """
        named = _each(check_configured(self._named, "webhook_topic"))
        message = _signed(call)
        topic = message["TopicArn"]
        if not any(same(topic, one) for one in named):
            raise NotGenuine(
                "the call is of another topic than 'webhook_topic' of the channel names"
                " - add it there if it is yours"
            )
        check_window(iso_moment(message["Timestamp"]), self._clock(), self._service.window)
        hashed = HASHES.get(message["SignatureVersion"])
        if hashed is None:
            raise NotGenuine("the call is signed in a way that we do not know")
        url = message["SigningCertURL"]
        if not self._service.certificate.fullmatch(url):
            raise NotGenuine("the call names a certificate that is not the service's")
        key = self._certificates.key_at(url, self._clock(), self._service.issuer)
        check_signed_with(key, message["Signature"], _text_to_sign(message), hashed)

    def read(self, call: HookCall) -> SnsNotification | None:
        """What a call that was verified tells; a subscription is confirmed, and tells nothing.

        Raises ProviderUnavailable where that cannot be done now.
        """
        message = _envelope(call)
        if message is None:
            raise CallUnreadable("the body is no message of a topic")
        kind = message.get("Type")
        if kind == SUBSCRIPTION:
            self._confirm(str(message.get("SubscribeURL")))
        text = message.get("Message")
        if kind != NOTIFICATION or not isinstance(text, str):
            return None
        return SnsNotification(
            text_at(message, "MessageId"), iso_moment(message.get("Timestamp")), text
        )

    def _confirm(self, url: str) -> None:
        if not self._service.confirmation.fullmatch(url):
            raise CallUnreadable("the subscription is to be confirmed where the service is not")
        answer = get(self._http, url, time.monotonic)
        if answer is None:
            raise ProviderUnavailable(
                f"{self._service.name}: {urlsplit(url).hostname} did not confirm the subscription"
                " - it comes again"
            )
        if not answer.good:
            raise CallUnreadable(
                "the service refused to confirm the subscription - request a new confirmation there"
            )


def _each(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _envelope(call: HookCall) -> Mapping[str, Any] | None:
    try:
        found = call.json()
    except CallUnreadable:
        return None
    return found if isinstance(found, dict) else None


def _signed(call: HookCall) -> Mapping[str, str]:
    """All that the proof needs, each of it a text; raises NotGenuine where something is missing."""
    if call.header("x-amz-sns-rawdelivery").lower() == "true":
        raise NotGenuine(
            "the call is not signed - switch off raw message delivery for the subscription",
            unsigned=True,
        )
    message = _envelope(call)
    if message is None or not message.get("Signature"):
        raise NotGenuine(NOT_SIGNED, unsigned=True)
    names = SIGNED.get(str(message.get("Type")))
    if names is None:
        raise NotGenuine("the call is of a type that topics do not have")
    wanted = {*names, "Signature", "SignatureVersion", "SigningCertURL"}
    found = {name: message[name] for name in wanted if message.get(name) is not None}
    if wanted - found.keys() - {"Subject"} or not all(
        isinstance(value, str) for value in found.values()
    ):
        raise NotGenuine("the call lacks something that topics sign")
    return found


def _text_to_sign(message: Mapping[str, str]) -> bytes:
    parts = (f"{name}\n{message[name]}\n" for name in SIGNED[message["Type"]] if name in message)
    return "".join(parts).encode("utf-8", "surrogatepass")
