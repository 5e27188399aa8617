"""A workspace of somebody's own: the files for one feed, one campaign and one reader."""

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import date

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError
from dispatch.config.values.simple import line_of_text
from dispatch.model.delivery.message import Address

CAMPAIGN = "weekly"
AUDIENCE = "readers"
BACKFILL = 5
"""Posts for the first letter: enough to see how it looks, few enough to read."""

LOCAL_URL = "http://localhost:8025"
"""Where `dispatch up` listens unless it is told otherwise."""

_HERE = frozenset({"localhost", "127.0.0.1"})
_TLS = 465
_SENDER = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_LABEL = re.compile(r"\w(?:[\w-]*\w)?")
"""A part of a server's name. Underscores are not for the web, but machines are called so."""

_CONSENT = "own address, given to dispatch init"


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server by its name, and its port where that is not the usual one."""

    host: str
    port: int | None = None

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine, as servers to try things with do."""
        return self.host in _HERE


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWorkspace:
    """What is to be in it. `title` is what readers call the letter."""

    feed: str
    url: str
    title: str
    sender: Address
    reader: str
    locale: str = "en"
    timezone: str = "UTC"
    smtp: MailServer | None = None

    def files(self, *, today: date) -> dict[str, str]:
        """Path to text, for what differs from the sample workspace."""
        return {
            "schedules.yaml": self._schedules(),
            f"subscribers/{AUDIENCE}.csv": self._people(today),
        }

    def _schedules(self) -> str:
        channels = _CHANNEL if self.smtp else _NO_CHANNEL
        return _SCHEDULES.format(
            timezone=self.timezone,
            locale=self.locale,
            sender=f"{{name: {_text(self.sender.name)}, email: {_text(self.sender.email)}}}",
            public_url=LOCAL_URL,
            backfill=BACKFILL,
            feed=self.feed,
            url=_text(self.url),
            channels=channels.format(options=_options(self.smtp or MailServer("smtp.example.org"))),
            networks=_NETWORKS,
            campaign=CAMPAIGN,
            title=_text(self.title),
            audience=AUDIENCE,
            via=", via: mail" if self.smtp else "",
        )

    def _people(self, today: date) -> str:
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(["email", "name", "locale", "consented_at", "consent_source"])
        rows.writerow([self.reader, "", self.locale, today.isoformat(), _CONSENT])
        return text.getvalue()


def sender_of(text: str) -> Address:
    """A sender as people write one; its name may be left out. Raises InvalidValueError.

    >>> sender_of("Acme News <news@example.org>")
    Address(email='news@example.org', name='Acme News')
    """
    name, bracket, rest = text.strip().rpartition("<")
    if not bracket:
        return Address(checked_address(text))
    if not rest.endswith(">"):
        advice = "write a name and the address: Acme News <news@example.org>"
        raise InvalidValueError("the closing > is missing", advice)
    if _SENDER.search(name):
        raise InvalidValueError("names several senders", "write one of them")
    plain = re.sub(r'\\(["\\])', r"\1", name.strip().strip('"')).strip()
    return Address(checked_address(rest[:-1]), line_of_text(plain) if plain else "")


def mail_server_of(text: str) -> MailServer:
    """A mail server's name, with its port behind a colon or without. Raises InvalidValueError.

    >>> mail_server_of("smtp.example.org:465")
    MailServer(host='smtp.example.org', port=465)
    """
    host, colon, port = text.strip().partition(":")
    named = all(map(_LABEL.fullmatch, host.removesuffix(".").split(".")))
    numbered = not colon or (port.isascii() and port.isdigit() and 0 < int(port) <= 65_535)
    if not named or not numbered:
        problem = "is not the name of a mail server"
        raise InvalidValueError(
            problem, "write it such as smtp.example.org, or with :465 behind it"
        )
    return MailServer(host, int(port) if port else None)


def _options(server: MailServer) -> str:
    options = [f"host: {_text(server.host)}"]
    if server.port is not None:
        options.append(f"port: {server.port}")
    if server.port == _TLS or server.is_here:
        options.append(f"security: {'tls' if server.port == _TLS else 'none'}")
    if not server.is_here:
        options.append("username: env:SMTP_USER, password: env:SMTP_PASSWORD")
    return f"{{{', '.join(options)}}}"


def _text(text: str) -> str:
    # A text of JSON is one of YAML too, where its characters can be printed.
    return json.dumps(text, ensure_ascii=False)


_NO_CHANNEL = """\
# As long as no channel is named, mail goes to the channel `outbox`: files in the folder outbox/.
# For real mail name your server here, take away the signs # before these four lines, and write
# `via: mail` into the email of the campaign, behind its template and a comma.
# In the place of smtp, a mail service that you pay for may stand, such as brevo, postmark or ses:
# `dispatch schema` has all providers and their options.
#
# channels:
#   mail:
#     provider: smtp
#     options: {options}
"""

_CHANNEL = """\
# Secrets are named here and never written: env:NAME is a variable of your shell.
channels:
  mail:
    provider: smtp
    options: {options}
"""

_NETWORKS = """\
# Accounts at networks are channels, too. Take away the signs # here, and before `social:` below.
#   mastodon:
#     provider: mastodon
#     options: {server: "https://social.example", token: env:MASTODON_TOKEN}
#   bluesky:
#     provider: bluesky
#     options: {handle: news.example.org, password: env:BLUESKY_PASSWORD}
"""

_SCHEDULES = """\
# What this workspace publishes. `dispatch check` says whether it is in order, and when campaigns
# run next. `dispatch schema` prints all that may be written here.
timezone: {timezone}  # of the times below: write yours, such as Europe/Paris
locale: {locale}
sender: {sender}

# Where readers reach `dispatch up`, to unsubscribe. This address leads to your own machine only:
# write a public one before you write to others.
public_url: {public_url}

feeds:
  # The newest {backfill} posts are news on the first run, so that there is something to send.
  {feed}: {{url: {url}, backfill: {backfill}}}

{channels}{networks}
campaigns:
  {campaign}:
    title: {title}
    feeds: [{feed}]
    schedule: {{every: tuesday, at: "09:00"}}  # when it runs by itself, while `dispatch up` runs
    email: {{audience: {audience}, template: weekly{via}}}  # who reads: subscribers/{audience}.csv
    # Each new post on your accounts, too, once they stand below `channels:`:
    # social:
    #   - {{via: mastodon, template: weekly, each: post, every: 20m, hours: "08:00-20:00"}}
    #   - {{via: bluesky, template: weekly, each: post}}
"""
