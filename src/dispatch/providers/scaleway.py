"""Scaleway Transactional Email, through its API v1alpha1: each reader's mail is one call.

Looked at 2026-11-29:
API: https://www.scaleway.com/en/developers/api/transactional-email/emails
Headers: https://www.scaleway.com/en/docs/transactional-email/api-cli/send-emails-with-api/
Limits: https://www.scaleway.com/en/docs/transactional-email/reference-content/tem-capabilities-and-limits/
One region: https://github.com/scaleway/terraform-provider-scaleway/issues/2883 (others: 501)
Terms: https://www.scaleway.com/en/docs/transactional-email/reference-content/anti-spam-policy/

Its terms allow no newsletters. The API has no place for a picture that the HTML shows, so a mail
with one is not handed over. Nor is one for an address with other letters than ASCII before the @:
it takes such a mail and loses it (https://anymail.dev/en/stable/esps/scaleway/). It has no key by
which it would drop a repeat, and counts neither opens nor clicks. The Message-ID is its own; the
delivery goes as a header, which its events repeat.

It tells what came of mails by topics that sign as those of Amazon SNS do, looked at on 2026-11-30:
https://www.scaleway.com/en/docs/transactional-email/api-cli/use-webhooks-with-sns-topics
https://www.scaleway.com/en/docs/transactional-email/reference-content/webhook-events-payloads
https://www.scaleway.com/en/docs/topics-and-events/reference-content/verifying-webhooks/
https://www.scaleway.com/en/docs/topics-and-events/how-to/create-manage-subscriptions/
For how long it repeats a call is said nowhere; Symfony takes what is up to eight hours old
(https://github.com/symfony/symfony/pull/65703), and so do we.
"""

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, ClassVar, Literal
from urllib.parse import urlencode

import httpx
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    Accepted,
    Account,
    Address,
    Api,
    ApiAddress,
    Capabilities,
    Carries,
    Clock,
    CredentialsRefused,
    EmailMessage,
    Event,
    EventKind,
    Extra,
    Hook,
    HookCall,
    NotAllowed,
    Outcome,
    RateLimited,
    Refused,
    Reply,
    SnsNotification,
    SnsService,
    SnsSubscription,
    TopicArns,
    address_at,
    header_value,
    is_gone,
    iso_moment,
    objects_at,
    person,
    text_at,
    value_at,
)

HEADER = "X-Dispatch-Delivery"
"""The header that says which of our deliveries a mail is."""

MARK = HEADER.lower()

LATER = timedelta(hours=1)
"""When to ask again where the quota is used up: it is for a month, or until somebody raises it."""

TERMS = "its terms allow transactional mails only, and no newsletters"


KINDS = {
    "email_blocklisted": EventKind.DROPPED,
    "email_deferred": EventKind.DEFERRED,
    "email_delivered": EventKind.DELIVERED,
    "email_dropped": EventKind.BOUNCED,
    "email_mailbox_not_found": EventKind.BOUNCED,
    "email_spam": EventKind.BOUNCED,  # a filter found so, and not only the reader: no complaint
}

ALWAYS = frozenset({"email_blocklisted", "email_mailbox_not_found"})
"""After these nothing sent there will arrive; of `email_dropped` the server's words tell."""

SNS = SnsService(
    name="scaleway",
    certificate=re.compile(
        r"https://messaging\.s3\.[a-z]{2}-[a-z]{3}\.scw\.cloud/[\w./-]{1,200}\.(?:crt|pem)",
        re.ASCII,
    ),
    confirmation=re.compile(
        r"https://sns\.mnq\.[a-z]{2}-[a-z]{3}\.scaleway\.com/?\?Action=ConfirmSubscription&[!-~]+",
        re.ASCII,
    ),
    issuer="https://messaging.s3.fr-par.scw.cloud/fr-par/sns/sns-trust-chain.pem",
    window=timedelta(hours=8),
)


class ScalewayOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    secret_key: SecretStr = Field(description="the secret of an API key that may send mails")
    project_id: str = Field(
        description="the project that the sender's domain belongs to",
        min_length=1,
        examples=["8d512135-9f5f-42b3-a900-9fdf0195b563"],
    )
    region: Literal["fr-par"] = Field(
        default="fr-par", description="the only region that has the service"
    )
    webhook_topic: TopicArns = Field(
        default="",
        description="the ARN of the topic by which Scaleway tells what came of mails; calls of any"
        " other topic are refused",
        examples=["arn:scw:sns:fr-par:project-8d512135-9f5f-42b3-a900-9fdf0195b563:mails"],
    )
    url: ApiAddress = Field(
        default="https://api.scaleway.com",
        description="the API's address, where it is not the usual one",
    )
    extra: Extra = {}


class Scaleway:
    """Sends from one project."""

    Options: ClassVar[type[BaseModel]] = ScalewayOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        calls_at_once=5,  # it names no limit; as many as mail servers take from one sender
        most_bytes=2_000_000,
        spf_include="_spf.tem.scaleway.com",
        source="https://www.scaleway.com/en/docs/transactional-email/reference-content/tem-capabilities-and-limits/",
        evidence="documented",
    )
    hook: ClassVar[Hook] = Hook(
        option="webhook_topic",
        source="https://www.scaleway.com/en/docs/transactional-email/reference-content/webhook-events-payloads",
    )

    def __init__(self, options: ScalewayOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._api = Api(
            name="scaleway",
            url=f"{options.url}/transactional-email/v1alpha1/regions/{options.region}",
            http=http,
            clock=clock,
            headers={"X-Auth-Token": options.secret_key.get_secret_value()},
            secrets=(options.secret_key,),
            error_keys=("help_message", "message", "error"),
            judge=_judge,
        )
        self._topic = SnsSubscription(SNS, options.webhook_topic, http, clock)

    def send(self, batch: Sequence[EmailMessage]) -> Sequence[Outcome]:
        """Send the one mail to the one recipient."""
        [message] = batch
        if message.pictures:
            raise CredentialsRefused(
                "scaleway: its API has no place for pictures inside a mail - give the template"
                " addresses on the web, or use Scaleway's SMTP server by the provider smtp"
            )
        if not _local_part(message.to).isascii():
            return [Refused("Scaleway loses mails to addresses with such letters before the @")]
        extra = self._options.extra
        theirs = extra.get("additional_headers")
        ours = [*message.headers, (HEADER, message.id)]
        call = {
            **extra,
            "project_id": self._options.project_id,
            "from": person(message.sender),
            "to": [person(message.to)],
            "subject": message.subject,
            "text": message.text,
            "html": message.html,
            "additional_headers": [
                *(theirs if isinstance(theirs, list) else []),
                *({"key": name, "value": header_value(name, value)} for name, value in ours),
            ],
        }
        reply = self._api.call("POST", "/emails", json=call)
        if reply.refused:
            return [_refusal(reply)]
        accepted = Accepted(reply.text("emails.0.id"))
        if reply.read("emails.0.status") in ("failed", "canceled"):
            return [Refused(reply.word("emails.0.status_details") or "failed", sure=False)]
        return [accepted]

    def check(self) -> Account:
        """The project's verified domains; raises CredentialsRefused where it has none."""
        project = urlencode({"project_id": self._options.project_id})
        try:
            reply = self._api.call("GET", f"/domains?{project}&page_size=100")
        except NotAllowed as error:  # a key that may only send is a good key
            return Account(
                f"project {self._options.project_id}",
                notes=(error.note, TERMS),
            )
        ready, others = _domains(reply)
        return Account(", ".join(ready), notes=(*self._used(project), *others, TERMS))

    def verify(self, call: HookCall) -> None:
        """Raise NotGenuine unless the channel's topic signed this."""
        self._topic.verify(call)

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """The one event of a call; a subscription to the topic is confirmed by the way."""
        told = self._topic.read(call)
        return _events(told) if told else []

    def _used(self, project: str) -> Sequence[str]:
        with suppress(NotAllowed):
            reply = self._api.call("GET", f"/project-consumption?{project}")
            if isinstance(sent := reply.read("monthly_emails_count"), int):
                return (f"{sent:,} mails this month",)
        return ()


def _events(told: SnsNotification) -> Sequence[Event]:
    try:
        content: Any = json.loads(told.text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(content, dict):
        return []
    said = text_at(content, "type")
    words = text_at(content, "email_response_message") or text_at(content, "email_error")
    gone = is_gone(text_at(content, "email_response_code"), words) is True
    headers = objects_at(content, "email_headers")
    ours = (text_at(one, "value") for one in headers if text_at(one, "key").lower() == MARK)
    return [
        Event(
            kind=KINDS.get(said, EventKind.OTHER),
            id=text_at(content, "id") or told.id,
            at=iso_moment(value_at(content, "created_at")) or told.at,
            delivery=next(ours, ""),
            provider_id=text_at(content, "email_id"),
            recipient=address_at(content, "email_to"),
            permanent=said in ALWAYS or (said == "email_dropped" and gone),
            said=said,
            reason=words or text_at(content, "blocklist_reason"),
        )
    ]


def _domains(reply: Reply) -> tuple[Sequence[str], Sequence[str]]:
    """Those that are verified, and how it is with the others."""
    reply.needed("domains", list)
    status = {str(one.get("name")): one.get("status") for one in reply.objects("domains")}
    ready = [name for name, said in status.items() if said == "checked"]
    others = [
        f"{name} is {said}" for name, said in status.items() if said not in {"checked", "revoked"}
    ]
    if not ready:
        raise CredentialsRefused(
            f"scaleway: no domain of the project is verified ({', '.join(others) or 'it has none'})"
            " - see its DNS records in the Scaleway console"
        )
    return ready, others


def _judge(reply: Reply) -> None:
    if reply.word("type") == "quotas_exceeded" or "quota exceeded" in reply.words.lower():
        about = _details(reply, "resource", "current", "quota") or reply.words
        raise RateLimited(
            f"scaleway: the quota is used up ({about}) - wait for the next month, or ask Scaleway's"
            " support for more",
            retry_after=LATER,
        )
    if reply.word("type") in {"permissions_denied", "insufficient_permissions"}:
        about = _details(reply, "action", "resource") or reply.words
        raise NotAllowed(
            f"scaleway: the key may not do this ({about}) - allow it in its application's policy"
        )


def _refusal(reply: Reply) -> Refused:
    """What a refused mail means; raises CredentialsRefused where others would be, too."""
    argument = str(reply.read("details.0.argument_name") or "")
    words = _details(reply, "argument_name", "reason", "help_message") or reply.words
    if argument.startswith("to"):
        return Refused(words)
    if argument.startswith(("from", "project_id")) or "domain" in words.lower():
        raise CredentialsRefused(
            f"scaleway: {words} - see that the project has the sender's domain, and it is verified"
        )
    return Refused(words, sure=False)


def _details(reply: Reply, *keys: str) -> str:
    """The first of an answer's details, in one line."""
    return " ".join(filter(None, (reply.word(f"details.0.{key}") for key in keys)))


def _local_part(address: Address) -> str:
    return address.email.rpartition("@")[0]
