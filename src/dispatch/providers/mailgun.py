"""Mailgun, through its messages API (https://documentation.mailgun.com/docs/mailgun/api-reference).

Looked at on 2026-11-29, with batches
(https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/batch-sending) and its
OpenAPI description: 1,000 recipients a call, 25 MB a message, 16 KB for all options of a call.
`GET /v3/domains/{name}` is no longer described; `/v4/domains/{name}` is.

One text goes out for all of a call, with a recipient variable where each reader has their own. Its
pages do not say in so many words that Mailgun fills these in headers and in `v:` options, too.
Ghost sends its newsletters with such a List-Unsubscribe
(https://github.com/TryGhost/Ghost/pull/19032), Mailgun's own Ruby client offers it
(https://github.com/mailgun/mailgun-ruby/pull/97), and django-anymail has headers and metadata of
this kind (https://anymail.dev/en/stable/esps/mailgun/).

It tells what came of mails by webhooks: see `channels/hooks/mailgun_events.py`.
"""

import base64
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal
from urllib.parse import quote

import httpx
from pydantic import BaseModel, Field, SecretStr, field_validator

from dispatch.channels.hooks import mailgun_events
from dispatch.plugin import (
    Accepted,
    Account,
    Address,
    Api,
    ApiAddress,
    BatchRefused,
    Capabilities,
    Carries,
    Clock,
    CredentialsRefused,
    EmailForm,
    Event,
    Extra,
    FieldSyntax,
    FilledEmail,
    Hook,
    HookCall,
    Outcome,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    Reply,
    encoded,
    header_value,
    mail_address,
    mailbox,
    retry_after,
    write_form,
)

REGIONS = {"us": "https://api.mailgun.net", "eu": "https://api.eu.mailgun.net"}

_NAME = r"(?:recipient[^% \t\r\n]*|(?![0-9a-f]{2})[a-z](?=[\w.]*_)[\w.]*)"
_SIGN = r"[^ \t\r\n]"
READS = re.compile(
    rf"(?<!{_SIGN})(?:(?={_SIGN}*?%{_NAME}%)|(?=[^% \t\r\n]*%)(?={_SIGN}*\Z)){_SIGN}+"
    rf"|\A{_NAME}(?:%|\Z)",
    re.IGNORECASE,
)
"""Signs without a space that hold what Mailgun reads, such as %recipient.name% or
%unsubscribe_url%, or a percent sign that could make a pair with one of our own fields: `%20` in
front of a field could be read as the variable 20."""

OWN = re.compile(
    r"%(?=(?:recipient(?:_[a-z]+)?|(?:[a-z]+_)*unsubscribe_(?:url|email)|list_(?:name|address))%)",
    re.IGNORECASE,
)
"""What Mailgun fills in by itself, maybe after our own variables: the beginning of it."""

field = "%recipient.{}%".format

ADDRESS = re.compile(r"[^\s\"'<>,;:()\[\]]+@[^\s\"'<>,;:()\[\]]*[^\s\"'<>,;:()\[\].]")

FROM = re.compile(r"\W?from\W? parameter is not", re.IGNORECASE)
LIMIT = re.compile(r"\blimit exceeded\b", re.IGNORECASE)
TRY_AFTER = re.compile(r"try again after (\d+(?= seconds)|[A-Z][a-z]{2}, .{10,40})")

Part = tuple[str, tuple[str | None, str | bytes] | tuple[str, bytes, str]]


class MailgunOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    domain: str = Field(
        description="the domain as it is called at Mailgun", examples=["mg.example.org"]
    )
    api_key: SecretStr = Field(description="a sending key of the domain, or a key of the account")
    region: Literal["us", "eu"] = Field(
        default="us", description="where Mailgun keeps the domain: us or eu"
    )
    webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="the HTTP webhook signing key of the account, with which Mailgun signs what it"
        " tells of mails",
    )
    url: ApiAddress | None = Field(
        default=None, description="the API's address, where it is not the usual one of the region"
    )
    extra: Extra = {}

    @field_validator("domain")
    @classmethod
    def _is_a_domain(cls, domain: str) -> str:
        if not re.fullmatch(r"[^\s/@%:]+\.[^\s/@%:]+", domain):
            raise ValueError("is no domain - write it as Mailgun does, such as mg.example.org")
        return domain


class Mailgun:
    """Sends mails from one domain, up to 1,000 by one call."""

    Options: ClassVar[type[BaseModel]] = MailgunOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        takes_form=True,
        batch=1000,
        most_bytes=25_000_000,
        most_call_bytes=25_000_000,
        tracking="off",
        returns_to="{domain}",
        spf_include="mailgun.org",
        source="https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/batch-sending",
        evidence="documented",
    )
    hook: ClassVar[Hook] = Hook(
        option="webhook_secret",
        source="https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-payloads",
        taken=200,  # any other answer but 406 has it come again
    )

    def __init__(self, options: MailgunOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        # Nobody knows whether Mailgun reads what it has filled in.
        key = options.api_key.get_secret_value()
        self._syntax = FieldSyntax(field, READS, "%", key.encode(), _header)
        self._domain = quote(options.domain, safe="")
        login = base64.b64encode(f"api:{key}".encode()).decode()
        self._api = Api(
            name="mailgun",
            url=options.url or REGIONS[options.region],
            http=http,
            clock=clock,
            headers={"Authorization": f"Basic {login}"},
            secrets=(options.api_key,),
            error_keys=("message", "error"),
            judge=self._judge,
        )

    def send(self, batch: Sequence[FilledEmail]) -> Sequence[Outcome]:
        """Hand over mails by one call; Mailgun takes all of them, or none."""
        if len({_address(one) for one in batch}) < len(batch):
            # Its variables go by address, and it ignores an address that comes again.
            raise BatchRefused("mailgun: takes one mail a call for each address")
        try:
            reply = self._api.call("POST", self._path("messages"), files=self._parts(batch))
        except RateLimited as limit:
            if len(batch) > 1 and "recipient limit" in str(limit):
                # An account on probation may send to 100 an hour: fewer can go out now.
                raise BatchRefused(str(limit)) from limit
            raise
        if reply.refused:
            raise BatchRefused(reply.words, named=_named(batch, reply.words))
        if reply.body == b"Mailgun Magnificent API":
            raise CredentialsRefused(
                "mailgun: knows no such address - check the options 'domain' and 'url'"
            )
        return [Accepted(reply.text("id"))] * len(batch)

    def check(self) -> Account:
        """The domain, if it may send, and what Mailgun would add to mails."""
        try:
            reply = self._api.call("GET", f"/v4/domains/{self._domain}")
        except CredentialsRefused:
            return self._check_by_sending_nothing()
        state = reply.needed("domain.state", str)
        name = self._options.domain
        if state == "unverified":
            raise CredentialsRefused(
                f"mailgun: {name} is not verified - set its DNS records, and verify them there"
            )
        if state != "active" or reply.read("domain.is_disabled") is True:
            why = reply.word("domain.disabled.reason") or reply.word("domain.state")
            raise CredentialsRefused(f"mailgun: {name} is disabled ({why}) - ask Mailgun for help")
        return Account(f"{name} at Mailgun", notes=tuple(self._notes(reply)))

    def verify(self, call: HookCall) -> None:
        """Raise NotGenuine unless this has a token that Mailgun signed with the account's key."""
        mailgun_events.check(call, self._options.webhook_secret, self._clock())

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """The one event of a call; nothing where it is of a mail that came in."""
        return mailgun_events.events_in(call)

    def _check_by_sending_nothing(self) -> Account:
        """A key that may only send may look at nothing; a call without a mail tells if it may."""
        try:
            reply = self._api.call("POST", self._path("messages"), files=_options({"to": ""}))
        except OutcomeUnknown as lost:
            raise ProviderUnavailable("mailgun: gave no answer - try again later") from lost
        if reply.status != 400:
            raise ProviderUnavailable(
                f"mailgun: another service answers there ({reply.words}) - check the option 'url'"
            )
        note = "the key may only send, so that nobody knows whether the domain is verified"
        return Account(f"{self._options.domain} at Mailgun", notes=(note,))

    def _notes(self, reply: Reply) -> Iterator[str]:
        if reply.read("domain.type") == "sandbox":
            yield "a sandbox: mails go only to recipients whom Mailgun knows as authorized"
        tracking = self._api.call("GET", f"/v3/domains/{self._domain}/tracking")
        if str(tracking.read("tracking.unsubscribe.active")).lower() in {"true", "yes"}:
            yield (
                "Mailgun adds a link of its own for leaving, of which dispatch knows nothing:"
                " switch off Unsubscribes for the domain"
            )

    def _path(self, what: str) -> str:
        return f"/v3/{self._domain}/{what}"

    def _parts(self, batch: Sequence[FilledEmail]) -> list[Part]:
        form = batch[0].form
        written = write_form(form, self._syntax)
        constants = _parted(written.constants)
        variables = {
            mail_address(one.to.email): {
                **constants,
                **_parted(values),
                written.delivery_key: one.id,
            }
            for one, values in zip(batch, written.values_of(batch), strict=True)
        }
        ours = {
            "from": _mailbox(form.sender),
            "to": [_mailbox(one.to) for one in batch],
            "subject": written.subject,
            "text": written.text,
            "html": written.html,
            **{f"h:{name}": value for name, value in written.headers},
            "v:delivery": field(written.delivery_key),
            "o:tracking": "no",
            "o:tracking-clicks": "no",
            "o:tracking-opens": "no",
            "recipient-variables": json.dumps(variables, ensure_ascii=False, separators=(",", ":")),
        }
        fields = {name: value for name, value in ours.items() if value}
        return [*_options({**self._options.extra, **fields}), *_pictures(form)]

    def _judge(self, reply: Reply) -> None:
        words = reply.words.rstrip(".")
        if reply.status >= 500:
            return
        if LIMIT.search(words) or reply.status in {420, 429}:
            asked = TRY_AFTER.search(words)
            said = {"Retry-After": asked[1]} if asked else reply.headers
            raise RateLimited(
                f"mailgun: {words} - sending goes on later",
                retry_after=retry_after(said, now=self._clock()),
            )
        if reply.status == 401:
            raise CredentialsRefused(
                f"mailgun: account not accepted ({words}) - check the key, and the region:"
                f" 'region' is {self._options.region}"
            )
        if reply.status == 404:
            raise CredentialsRefused(
                f"mailgun: {self._options.domain} is not known there ({words})"
                f" - check the domain, and the region: 'region' is {self._options.region}"
            )
        if "test purposes only" in words:
            raise CredentialsRefused(
                f"mailgun: {words} - send from a domain of your own, or authorize the recipients"
            )
        if "not allowed to send" in words or reply.status == 403:
            raise CredentialsRefused(f"mailgun: {words} - see the state of the account there")
        if FROM.match(words):
            raise CredentialsRefused(f"mailgun: {words} - correct the sender")


def _options(fields: dict[str, Any]) -> list[Part]:
    """Fields as Mailgun describes them: parts of a form, several of one name for a list."""
    return [
        (name, (None, one if isinstance(one, str) else json.dumps(one)))
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    ]


def _parted(values: dict[str, str]) -> dict[str, str]:
    """Values in which what Mailgun fills in by itself is parted by what nobody sees."""
    return {
        key: OWN.sub("%\u2060", value) if "%" in value else value for key, value in values.items()
    }


def _pictures(form: EmailForm) -> list[Part]:
    """Pictures for the HTML: their file name is what Mailgun makes their content id."""
    return [
        ("inline", (one.content_id, base64.b64decode(one.data), one.kind)) for one in form.pictures
    ]


def _mailbox(address: Address) -> str:
    """A person, whose name Mailgun does not read."""
    if not READS.search(address.name):
        return mailbox(address)
    return f"{encoded(address.name)} <{mail_address(address.email)}>"


def _header(name: str, value: str) -> str:
    """A header that is the same for all; the title of a list is a name, too."""
    title, _, rest = value.rpartition("<")
    if name.lower() == "list-id" and READS.search(title):
        return f"{encoded(title)} <{rest}"
    return header_value(name, value)


def _address(email: FilledEmail) -> str:
    return mail_address(email.to.email).casefold()


def _named(batch: Sequence[FilledEmail], words: str) -> dict[int, str]:
    """Whom the words are about, by the addresses in them."""
    said = set(ADDRESS.findall(words.casefold()))
    return {at: words for at, one in enumerate(batch) if _address(one) in said}
