"""Try a channel: it signs in and hangs up, and no message leaves."""

from collections.abc import Callable

from dispatch.channels.open import Channel
from dispatch.clock import Clock
from dispatch.errors import DispatchError
from dispatch.store.delivery.channel_checks import ChannelCheck
from dispatch.store.transactions import Store


def try_channel(name: str, *, open_channel: Callable[[str], Channel]) -> tuple[str, str]:
    """Who we are there, and what is wrong; one of them is empty."""
    try:
        channel = open_channel(name)
    except DispatchError as error:
        return "", "; ".join(str(error).splitlines())
    try:
        return str(channel.provider.check()), ""
    except DispatchError as error:
        return "", str(error)
    finally:
        channel.close()


def check_channel(
    name: str, *, by: str, open_channel: Callable[[str], Channel], store: Store, clock: Clock
) -> ChannelCheck:
    """Try it, and keep what that came to. A stop that it has is not lifted by that."""
    account, problem = try_channel(name, open_channel=open_channel)
    check = ChannelCheck(name, account, problem, clock(), by)
    with store.begin() as tx:
        tx.channel_checks.keep(check)
        tx.audit.add(
            "channel.check", by=by, now=check.at, kind="channel", subject=name, fine=not problem
        )
    return check
