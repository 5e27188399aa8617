"""Try a channel: it signs in and hangs up, and no message leaves."""

from collections.abc import Callable
from dataclasses import dataclass

from dispatch.channels.open import Channel
from dispatch.channels.provider import Account
from dispatch.clock import Clock
from dispatch.errors import DispatchError
from dispatch.store.delivery.channel_checks import ChannelCheck
from dispatch.store.transactions import Store


@dataclass(frozen=True, slots=True)
class Tried:
    """What trying a channel came to: `account` is who we are there, or `problem` what is wrong."""

    account: Account | None = None
    problem: str = ""


def try_channel(name: str, *, open_channel: Callable[[str], Channel]) -> Tried:
    """Sign in there and hang up."""
    try:
        channel = open_channel(name)
    except DispatchError as error:
        return Tried(problem="; ".join(str(error).splitlines()))
    try:
        return Tried(channel.account())
    except DispatchError as error:
        return Tried(problem=str(error))
    finally:
        channel.close()


def check_channel(
    name: str, *, by: str, open_channel: Callable[[str], Channel], store: Store, clock: Clock
) -> ChannelCheck:
    """Try it, and keep what that came to. A stop that it has is not lifted by that."""
    tried = try_channel(name, open_channel=open_channel)
    account = tried.account or Account("")
    check = ChannelCheck(
        name, account.name, tried.problem, clock(), by, account.quota, account.notes
    )
    with store.begin() as tx:
        tx.channel_checks.keep(check)
        tx.audit.add(
            "channel.check",
            by=by,
            now=check.at,
            kind="channel",
            subject=name,
            fine=not tried.problem,
        )
    return check
