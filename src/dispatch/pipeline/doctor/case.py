"""What a check-up looks at: a channel, who its mails are from, and what is known of it here."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.channels.dns.lookups import Lookups
from dispatch.channels.dns.names import domain_of, is_below
from dispatch.channels.feedback import hook_address
from dispatch.channels.opened import Channel
from dispatch.channels.provider import Capabilities, Hook
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.pipeline.delivery.check_channel import Tried
from dispatch.store.delivery.channels import Stop
from dispatch.store.events.hooks import HookCounts
from dispatch.store.events.later import Reputation

MOST_SHOWN = 300
"""Characters of a record, or of what is wrong with one: anybody may publish anything."""

RELAYS = (
    "amazonaws.com", "brevo.com", "elasticemail.com", "mailersend.net", "mailgun.org",
    "mailjet.com", "mandrillapp.com", "mtasv.net", "postmarkapp.com", "resend.com",
    "scaleway.com", "sendgrid.net", "sendinblue.com", "smtp2go.com", "sparkpostmail.com",
)  # fmt: skip
"""Services that take mail by SMTP and put a return address of their own into its envelope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All of it, so that what follows reads no file and no database.

    `readers` is how many get the largest of the editions that go out over the channel.
    `hook` is what its service needs to call us back, where it can. `mailbox` is the address to
    which its mails come back, where there is one of ours; `mailbox_read` when that was last read.
    """

    plan: ChannelPlan
    capabilities: Capabilities
    channel: Channel | None
    tried: Tried
    stop: Stop | None
    sender: str
    public_url: str
    readers: int
    hook: Hook | None
    heard: HookCounts
    reputation: Reputation
    lookups: Lookups
    now: datetime
    mailbox: str = ""
    mailbox_read: datetime | None = None
    mailbox_problem: str = ""
    posts: int = 0  # that it has made this month
    is_ours: bool = False  # a mail server that we talk to, and no service with an account

    @property
    def name(self) -> str:
        """The channel's name."""
        return self.plan.name

    @property
    def domain(self) -> str:
        """The domain of the address in From, as the DNS has it; empty where it is none."""
        try:
            return domain_of(self.sender) if self.sender else ""
        except ValueError:
            return ""

    @property
    def returns_to(self) -> str:
        """The domain to which mails come back, and for which SPF is asked; empty if not known."""
        if self.relay:
            return ""
        if self.mailbox:
            return domain_of(self.mailbox)
        told = {name: str(value) for name, value in self.plan.options.items()}
        try:
            place = self.capabilities.returns_to.format_map({**told, "sender": self.domain})
            return domain_of(place) if place else ""
        except (KeyError, ValueError):
            return ""

    @property
    def relay(self) -> str:
        """The mail server, where it is that of a service."""
        host = self.host.lower().rstrip(".")
        return host if any(is_below(host, one) for one in RELAYS) else ""

    @property
    def service(self) -> str:
        """Who the service is, as people know it: its provider, or its server."""
        return self.relay or self.plan.provider

    @property
    def hook_address(self) -> str:
        """Where its service is to call us back."""
        return hook_address(self.public_url, self.name)

    @property
    def host(self) -> str:
        """The mail server that we hand over to, where that is what the channel is."""
        return str(self.plan.options.get("host", "")) if self.is_ours else ""
