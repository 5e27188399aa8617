"""Amazon SES, through its API v2: each reader's finished mail is one call.

Looked at 2026-11-29:
SendEmail: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
GetAccount: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetAccount.html
GetEmailIdentity: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetEmailIdentity.html
40 MB for a mail: https://docs.aws.amazon.com/ses/latest/dg/quotas.html
Errors at the limits: https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html

SES has no key by which it would drop a repeat. It writes a Message-ID and a Date of its own over
ours (https://docs.aws.amazon.com/ses/latest/dg/header-fields.html), so the delivery is told by a
tag. `FromEmailAddress` is left out, as it would replace the sender's name.

It tells what came of mails by SNS topics: see `channels/hooks/ses_events.py`.
"""

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import timedelta
from math import isfinite
from typing import Any, ClassVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, Field, SecretStr, field_validator

from dispatch.channels.hooks.ses_events import events_in
from dispatch.channels.http.amazon import AmazonApi, error_kind, judge_account
from dispatch.channels.http.sigv4 import AwsKeys
from dispatch.plugin import (
    Accepted,
    Account,
    Api,
    ApiAddress,
    Capabilities,
    Carries,
    Clock,
    CredentialsRefused,
    Event,
    Extra,
    Hook,
    HookCall,
    Mail,
    NotAllowed,
    Outcome,
    Quota,
    RateLimited,
    Refused,
    Reply,
    SnsService,
    SnsSubscription,
    TopicArns,
)

TAG = "delivery"
"""The name of the tag that says which of our deliveries a mail is."""

NOT_IN_TAGS = re.compile(r"[^A-Za-z0-9_-]")
MOST_IN_TAG = 256

SOON = timedelta(seconds=1)
LATER = timedelta(hours=1)
"""When to ask again: the rate is for each second, the quota for 24 hours that go along."""

THROTTLED = frozenset({"TooManyRequestsException", "ThrottlingException", "Throttling"})
DAILY = "LimitExceededException"

SENDING = {
    "AccountSuspendedException": "the account is suspended ({}) - ask AWS support to lift it",
    "SendingPausedException": "sending is paused ({}) - see the account and the configuration set"
    " in the SES console",
    "MailFromDomainNotVerifiedException": "the sender's domain is not verified ({}) - verify it in"
    " the SES console, in the channel's region",
}

UNVERIFIED = re.compile(r"not verified.*?region [^:]*:(?P<who>.*)", re.IGNORECASE | re.DOTALL)
"""Whom "The following identities failed the check in region EU-WEST-1: a@b.example" is about."""

OF_AN_ADDRESS = re.compile(
    r"illegal address|(local address|domain) (contains|starts|ends|is )"
    r"|missing (final|local|domain)|user name|invalid domain|blacklisted",
    re.IGNORECASE,
)

REGIONS = (
    "af-south-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 "
    "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 "
    "ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 "
    "eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 "
    "mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2"
)
"""Those in AWS's own description of SES (botocore 1.44.8). A newer one is taken, too."""

_OF_A_REGION = r"https://sns\.[a-z]{2,4}(?:-[a-z]{2,10}){1,2}-[0-9]{1,2}\.amazonaws\.com(?:\.cn)?/"
"""No looser: `sns.s3.amazonaws.com` is whatever the owner of a bucket named `sns` puts there."""

SNS = SnsService(
    name="ses",
    certificate=re.compile(_OF_A_REGION + r"[0-9A-Za-z._-]{1,200}\.pem", re.ASCII),
    confirmation=re.compile(_OF_A_REGION + r"\?Action=ConfirmSubscription&[!-~]+", re.ASCII),
)


class SesOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    region: str = Field(
        description="the AWS region that the sender is verified in",
        examples=["eu-west-1", *REGIONS.split()],
    )
    identity: str = Field(
        default="",
        description="the domain or address that mails are from, as it is verified at SES;"
        " checks look at it",
        examples=["example.org"],
    )
    access_key_id: str = Field(description="the id of the access key", min_length=1)
    secret_access_key: SecretStr = Field(description="the secret of that key")
    session_token: SecretStr = Field(
        default=SecretStr(""), description="goes with keys that expire, and with no others"
    )
    configuration_set: str = Field(
        default="", description="the configuration set that mails are sent with"
    )
    webhook_topic: TopicArns = Field(
        default="",
        description="the ARN of the SNS topic by which SES tells what came of mails, or several"
        " with spaces between; calls of any other topic are refused",
        examples=["arn:aws:sns:eu-west-1:123456789012:mails"],
    )
    url: ApiAddress | None = Field(
        default=None, description="the API's address, where it is not the usual one of the region"
    )
    extra: Extra = {}

    @field_validator("region")
    @classmethod
    def _is_a_region(cls, region: str) -> str:
        if not re.fullmatch(
            r"[a-z]{2,5}(-[a-z]+)?-(central|(north|south)?(east|west)|north|south)-\d{1,2}", region
        ):
            raise ValueError("is no AWS region - write it like eu-west-1")
        return region


class Ses:
    """Sends from one account in one region."""

    Options: ClassVar[type[BaseModel]] = SesOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        takes_mail=True,
        keeps_headers=False,
        # One call at a time stays below the rate of most new accounts. Whoever goes over it waits a
        # minute, so only somebody who knows the rate should make more, with a pace.
        calls_at_once=1,
        most_bytes=40_000_000,
        tracking="account",
        source="https://docs.aws.amazon.com/ses/latest/dg/quotas.html",
        evidence="recorded",
    )
    hook: ClassVar[Hook] = Hook(
        option="webhook_topic",
        source="https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html",
    )

    def __init__(self, options: SesOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        secrets = (options.secret_access_key, options.session_token)
        keys = AwsKeys(options.access_key_id, *(one.get_secret_value() for one in secrets))
        url = options.url or f"https://email.{options.region}.amazonaws.com"
        api = Api(
            name="ses",
            url=f"{url}/v2/email",
            http=http,
            clock=clock,
            secrets=secrets,
            error_keys=("message", "Message"),
            judge=_judge,
        )
        self._api = AmazonApi(api, keys, options.region, "ses")
        self._topic = SnsSubscription(SNS, options.webhook_topic, http, clock)

    def send(self, batch: Sequence[Mail]) -> Sequence[Outcome]:
        """Send the one mail to the one recipient."""
        [mail] = batch
        extra = self._options.extra
        body = {
            **extra,
            "Destination": {"ToAddresses": [mail.recipient]},
            "Content": {"Raw": {"Data": b64encode(mail.data).decode()}},
            "EmailTags": [*_further(extra.get("EmailTags")), _tag(mail)],
        }
        if self._options.configuration_set:
            body["ConfigurationSetName"] = self._options.configuration_set
        reply = self._api.call("POST", "/outbound-emails", json.dumps(body).encode())
        if reply.refused:
            return [self._refusal(reply, mail)]
        return [Accepted(reply.text("MessageId"))]

    def check(self) -> Account:
        """The key and its region, with what is left of the quota and what keeps mails back."""
        name = f"key {self._options.access_key_id} in {self._options.region}"
        try:
            account = self._api.call("GET", "/account")
            account.needed("", dict)
            notes = _notes(account)
            quota = _quota(account)
        except NotAllowed as error:  # a key that may only send is a good key
            notes, quota = [error.note], None
        try:
            notes.append(self._identity())
        except NotAllowed as error:
            notes.append(error.note)
        return Account(name, quota, tuple(dict.fromkeys(notes)))

    def verify(self, call: HookCall) -> None:
        """Raise NotGenuine unless SNS signed this for the channel's topic."""
        self._topic.verify(call)

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """One event for each recipient; a subscription to the topic is confirmed by the way."""
        told = self._topic.read(call)
        return list(events_in(told, TAG)) if told else []

    def _identity(self) -> str:
        """What is known of the identity; raises CredentialsRefused where it sends nothing."""
        identity = self._options.identity
        if not identity:
            return "name the sender's domain as the option 'identity', and it is looked at, too"
        reply = self._api.call("GET", f"/identities/{quote(identity, safe='')}")
        status = "not known"
        if error_kind(reply) != "NotFoundException":
            reply.needed("", dict)
            if reply.read("VerifiedForSendingStatus") is True:
                return f"{identity} is verified"
            status = reply.word("VerificationStatus") or "?"
        raise CredentialsRefused(
            f"ses: {identity} is not verified in {self._options.region} ({status})"
            " - finish that in the SES console, or correct the option 'identity'"
        )

    def _refusal(self, reply: Reply, mail: Mail) -> Refused:
        """What a refused mail means; raises CredentialsRefused where others would be, too."""
        words = reply.words
        if error_kind(reply) == "NotFoundException" or "configuration set" in words.lower():
            raise CredentialsRefused(
                f"ses: {words} - correct the options 'configuration_set' and 'extra'"
            )
        if unverified := UNVERIFIED.search(words):
            raise CredentialsRefused(f"ses: {self._unverified(mail.sender, unverified['who'])}")
        if re.search(r"\b(suspended|paused)\b", words, re.IGNORECASE):
            raise CredentialsRefused(f"ses: {words} - see the account in the SES console")
        return Refused(words, sure=bool(OF_AN_ADDRESS.search(words)))

    def _unverified(self, sender: str, who: str) -> str:
        where = f"in {self._options.region}"
        if _is_about(sender, who):
            return f"{sender} is not verified {where} - verify its domain in the SES console"
        return (
            f"the account is in the sandbox {where}: only verified addresses get mails, which"
            f" {who.strip()} is not - request production access in the SES console"
        )


def _judge(reply: Reply) -> None:
    kind = error_kind(reply)
    words = reply.words
    if kind == DAILY or (kind in THROTTLED and "daily" in words.lower()):
        raise RateLimited(
            f"ses: the quota of 24 hours is used up ({words}) - sending goes on as it becomes free;"
            " AWS raises it on request",
            retry_after=LATER,
        )
    if kind in THROTTLED and "Retry-After" not in reply.headers:
        raise RateLimited(
            f"ses: faster than the account may send ({words}) - give the channel a pace with its"
            " rate as per_second",
            retry_after=SOON,
        )
    if problem := SENDING.get(kind):
        raise CredentialsRefused(f"ses: {problem.format(words)}")
    judge_account(reply)


def _tag(mail: Mail) -> dict[str, str]:
    return {"Name": TAG, "Value": NOT_IN_TAGS.sub("_", mail.id)[:MOST_IN_TAG]}


def _further(tags: Any) -> list[Any]:
    """The tags of the option `extra`, without one of the name that ours has: it stands once."""
    theirs = tags if isinstance(tags, list) else []
    return [one for one in theirs if not (isinstance(one, dict) and one.get("Name") == TAG)]


def _is_about(address: str, who: str) -> bool:
    """Whether the address, or the domain that it is at, is among these."""
    listed = {one.strip(" .<>").lower() for one in re.split(r"[,\s]+", who)}
    email = address.lower()
    return bool({email, email.rpartition("@")[2]} & listed)


def _notes(account: Reply) -> list[str]:
    """What to know of the account; raises CredentialsRefused where it can send nothing."""
    if account.read("EnforcementStatus") == "SHUTDOWN":
        raise CredentialsRefused(
            "ses: the account is suspended for its reputation - answer AWS support's case"
        )
    if account.read("SendingEnabled") is False:
        raise CredentialsRefused(
            "ses: sending is switched off for the account - enable it in the SES console"
        )
    notes = []
    if account.read("ProductionAccessEnabled") is False:
        notes.append(
            "in the sandbox: only verified addresses get mails until AWS grants production access"
        )
    if account.read("EnforcementStatus") == "PROBATION":
        notes.append("AWS reviews the account for its reputation")
    rate = account.read("SendQuota.MaxSendRate")
    if isinstance(rate, int | float) and rate > 0:
        notes.append(f"at most {rate:g} a second")
    return notes


def _quota(account: Reply) -> Quota | None:
    most, sent = (account.read(f"SendQuota.{key}") for key in ("Max24HourSend", "SentLast24Hours"))
    told = isinstance(most, int | float) and isinstance(sent, int | float)
    if not (told and isfinite(most - sent) and most >= 0):  # below zero: there is no limit
        return None
    return Quota(max(int(most - sent), 0), int(most), "24 hours")
