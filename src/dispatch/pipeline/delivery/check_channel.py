"""Try a channel: it signs in and hangs up, and no message leaves."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.channels.opened import Channel
from dispatch.channels.provider import Account
from dispatch.clock import Clock
from dispatch.errors import DispatchError
from dispatch.store.delivery.channel_checks import ChannelCheck
from dispatch.store.transactions import Store, Transaction


@dataclass(frozen=True, slots=True)
class Tried:
    """What trying a channel came to: `account` is who we are there, or `problem` what is wrong."""

    account: Account | None = None
    problem: str = ""


def try_channel(name: str, *, open_channel: Callable[[str], Channel]) -> Tried:
    """Sign in there and hang up."""
    channel, tried = open_and_try(name, open_channel=open_channel)
    if channel is not None:
        channel.close()
    return tried


def open_and_try(
    name: str, *, open_channel: Callable[[str], Channel]
) -> tuple[Channel | None, Tried]:
    """Sign in there and stay, for who has more to look at, and closes it; None: it cannot be."""
    try:
        channel = open_channel(name)
    except DispatchError as error:
        return None, Tried(problem="; ".join(str(error).splitlines()))
    try:
        return channel, Tried(channel.account())
    except DispatchError as error:
        return channel, Tried(problem=str(error))
    except BaseException:
        channel.close()
        raise


def check_channel(
    name: str, *, by: str, open_channel: Callable[[str], Channel], store: Store, clock: Clock
) -> ChannelCheck:
    """Try it, and keep what that came to. A stop that it has is not lifted by that."""
    tried = try_channel(name, open_channel=open_channel)
    with store.begin() as tx:
        check = _keep(name, tried, by=by, tx=tx, now=clock())
        tx.audit.add(
            "channel.check",
            by=by,
            now=check.at,
            kind="channel",
            subject=name,
            fine=not check.problem,
        )
    return check


def keep_tried(name: str, tried: Tried, *, by: str, store: Store, clock: Clock) -> None:
    """Keep what trying a channel came to where nobody asked for it, or before it was saved."""
    with store.begin() as tx:
        _keep(name, tried, by=by, tx=tx, now=clock())


def _keep(name: str, tried: Tried, *, by: str, tx: Transaction, now: datetime) -> ChannelCheck:
    """Keep it. What the service told of our access and its limits counts until it tells anew."""
    if tried.account is None:
        before = tx.channel_checks.all().get(name) or ChannelCheck(name, "", "", now, by)
        check = replace(
            before, account="", problem=tried.problem, at=now, by=by, quota=None, notes=()
        )
    else:
        account = tried.account
        check = ChannelCheck(
            channel=name,
            account=account.name,
            problem=tried.problem,
            at=now,
            by=by,
            quota=account.quota,
            notes=account.notes,
            can=account.can,
            ends=account.ends,
            max_text=account.max_text,
        )
    tx.channel_checks.keep(check)
    return check
