"""A channel that was opened: one configured account, ready to send.

Whoever only sends imports this, and nothing of what reads and checks options.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from dispatch.channels.provider import Account, Capabilities, Closing, Wired
from dispatch.errors import DispatchError, ProviderUnavailable, SampleRecipient
from dispatch.model.campaigns.pace import Pace
from dispatch.model.people.sample import is_sample
from dispatch.model.text.cutting import cut
from dispatch.model.text.plain_text import printable

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.channels.mail.dkim import Signer
    from dispatch.channels.provider import Provider
    from dispatch.model.delivery.tokens import Tokens

log = structlog.get_logger()

WIRED_CONNECTIONS = 5
"""Where nothing else is configured: many mail servers take no more from one sender."""

MOST_OF_ACCOUNT = 500
"""Characters of an account's name, and of each note."""


class TokenSource(Protocol):
    """Gives a channel's provider the tokens that its network gave us."""

    def __call__(self) -> "Tokens":
        """Those that hold now; raises a ProviderError where there are none."""
        ...

    def ends(self) -> "datetime | None":
        """When only a person can get another access; None: never, or not told."""
        ...


@dataclass(frozen=True, slots=True)
class Channel:
    """One configured account, ready to send; for one thread at a time.

    `account_mark` is the same for all channels that lead to the account, `posts_per_month` its
    budget.
    """

    name: str
    provider_name: str
    provider: "Provider[Any]"
    capabilities: Capabilities
    signer: "Signer | None" = None
    pace: Pace = field(default_factory=Pace)
    account_mark: str = ""
    posts_per_month: int | None = None
    tokens: TokenSource | None = None

    @property
    def connections(self) -> int:
        """How many of its connections all workers together may have open."""
        return most_at_once(self.pace, self.capabilities, wired=isinstance(self.provider, Wired))

    def account(self) -> Account:
        """Who we are there, after really talking to the service; raises a ProviderError."""
        try:
            found = self.provider.check()
        except DispatchError:
            raise
        except Exception as caught:  # such as an answer of a shape that nobody thought of
            log.exception("channel.crashed", channel=self.name)
            raise ProviderUnavailable(
                f"{self.name}: {type(caught).__name__} inside the provider, while it was checked"
                " - see whether the answers are the service's own"
            ) from caught
        account = _readable(found if isinstance(found, Account) else Account(str(found)))
        return replace(account, ends=self.tokens.ends()) if self.tokens else account

    def check_recipient(self, address: str) -> None:
        """Raise SampleRecipient where it is a sample person's, and a mail would leave for it."""
        if is_sample(address) and not self.capabilities.stays_here:
            raise SampleRecipient(
                f"{address}: a sample person, so channel {self.name} sends nothing there - "
                "write to an address of your own; only an outbox takes mail for sample people"
            )

    def close(self) -> None:
        """Let go of what the provider keeps open; called once."""
        if isinstance(self.provider, Closing):
            self.provider.close()


def _readable(account: Account) -> Account:
    """What a service says of itself, as far as anybody can read it."""
    quota = account.quota
    told = (quota.left, quota.most) if quota else ()
    if not all(one is None or isinstance(one, int) for one in told):
        quota = None
    name, *notes = (cut(printable(one), MOST_OF_ACCOUNT) for one in (account.name, *account.notes))
    can = tuple(cut(printable(one), MOST_OF_ACCOUNT) for one in account.can)
    return replace(account, name=name, quota=quota, notes=tuple(notes), can=can)


def most_at_once(pace: Pace, declared: Capabilities, *, wired: bool) -> int:
    """How many calls or connections a channel may have under way, all workers together."""
    if pace.connections is not None:
        return pace.connections
    return WIRED_CONNECTIONS if wired else declared.calls_at_once
