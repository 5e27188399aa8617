"""How networks let the channels of an opened workspace in, by OAuth 2."""

from collections.abc import Mapping
from secrets import token_urlsafe
from threading import Lock
from typing import TYPE_CHECKING

import structlog

from dispatch.app.tools import Tools
from dispatch.errors import Conflict, DispatchError, LinkOver

if TYPE_CHECKING:
    from dispatch.app.channels import Channels
    from dispatch.channels.opened import Channel
    from dispatch.channels.provider import Connects
    from dispatch.model.campaigns.campaign import ChannelPlan
    from dispatch.pipeline.access.consent import Way
    from dispatch.pipeline.access.outlook import Access
    from dispatch.pipeline.access.source import TokenMemory, TokenSource
    from dispatch.sealing import Sealer
    from dispatch.store.delivery.channel_checks import ChannelCheck

log = structlog.get_logger()


class AccessToAccounts:
    """Asks people for it, keeps it sealed, and has it renewed; one for all threads of a process."""

    def __init__(self, tools: Tools, channels: "Channels") -> None:
        self._tools = tools
        self._channels = channels
        self._memories: dict[str, TokenMemory] = {}
        self._lock = Lock()

    def outlook(self) -> "list[Access]":
        """How long the access of each channel lasts, where it may end."""
        from dispatch.pipeline.access.outlook import outlook

        with self._tools.store.read() as tx:
            return list(outlook(self._tools.files.workspace, tx, now=self._tools.clock()))

    def left_over(self) -> list[str]:
        """Channels that are not in schedules.yaml any more, and whose access is kept."""
        with self._tools.store.read() as tx:
            return sorted(tx.tokens.all().keys() - self._tools.files.workspace.channels.keys())

    def of(self, name: str) -> "Access | None":
        """That of one channel."""
        return next((one for one in self.outlook() if one.channel == name), None)

    def is_needed(self, plan: "ChannelPlan") -> bool:
        """Whether a person has to let a channel in before it can be tried."""
        from dispatch.pipeline.access.outlook import connects

        if not connects(plan):
            return False
        with self._tools.store.read() as tx:
            row = tx.tokens.get(plan.name)
        return row is None or row.provider != plan.provider

    def redirect(self, name: str) -> str:
        """Where a browser comes back to from the network; empty where we have no address."""
        public_url = self._tools.files.workspace.publisher.public_url
        return f"{public_url}/team/channels/{name}/connected" if public_url else ""

    def way(self, name: str, redirect: str) -> "tuple[Way, str]":
        """A way there, for one process that waits for who comes back, and its address.

        Raises NotFound, BadInput, SealBroken where it could not be kept, and Conflict for a channel
        that has another way in.
        """
        from dispatch.pipeline.access.consent import Way

        way = Way(name, redirect, state=token_urlsafe(24), verifier=token_urlsafe(48))
        return way, self._address(way)

    def to_network(self, name: str, *, by: str) -> tuple[str, str]:
        """Where somebody agrees, and what their browser keeps meanwhile; raises as `way` does."""
        from dispatch.model.team.passes import Purpose
        from dispatch.signing import mark_of

        redirect = self.redirect(name)
        if not redirect:
            raise Conflict(f"channel {name}: we have no address to come back to - set public_url")
        state, secret = token_urlsafe(24), token_urlsafe(32)
        address = self._address(self._browsers_way(name, state, secret))
        with self._tools.store.begin() as tx:
            now, subject = self._tools.clock(), _subject(name, by)
            tx.passes.end(Purpose.CONNECT, subject, now=now)
            tx.passes.add(mark_of(f"{state} {secret}"), Purpose.CONNECT, subject=subject, now=now)
        return address, secret

    def from_network(
        self, name: str, secret: str, came: Mapping[str, str], *, by: str
    ) -> "ChannelCheck":
        """Keep what the network gave who has come back, and try the channel with it.

        Raises LinkOver where this browser and this person have not set out, ConsentFailed where
        they bring nothing, and SealBroken where it cannot be kept.
        """
        from dispatch.model.team.passes import Purpose
        from dispatch.signing import mark_of

        state = came.get("state", "")
        with self._tools.store.begin() as tx:
            mark, now = mark_of(f"{state} {secret}"), self._tools.clock()
            found = tx.passes.find(mark, Purpose.CONNECT, now=now)
            ours = found is not None and found.subject == _subject(name, by)
            if not ours or tx.passes.use(mark, Purpose.CONNECT, now=now) is None:
                raise LinkOver(f"channel {name}: nobody has set out from here - connect it again")
        return self.arrive(self._browsers_way(name, state, secret), came, by=by)

    def arrive(self, way: "Way", came: Mapping[str, str], *, by: str) -> "ChannelCheck":
        """What came back is kept, and the channel tried with it; raises as `from_network` does."""
        from dispatch.pipeline.access.keep import keep_access

        name = way.channel
        channel, provider = self._opened(name)
        try:
            tokens = way.tokens(came, provider)
        finally:
            channel.close()
        keep_access(
            self._channels.plan(name),
            tokens,
            by=by,
            sealer=self._sealer,
            store=self._tools.store,
            clock=self._tools.clock,
        )
        log.info("access.given", channel=name, by=by)
        return self._channels.check(name, by=by)

    def end(self, name: str, *, by: str) -> bool:
        """Forget what the network gave us: whether there was anything.

        Also of a channel that is not in schedules.yaml any more; raises NotFound for one of which
        there is nothing at all.
        """
        from dispatch.pipeline.access.keep import end_access

        ended = end_access(name, by=by, store=self._tools.store, clock=self._tools.clock)
        if ended:
            log.info("access.ended", channel=name, by=by)
        else:
            self._channels.plan(name)
        return ended

    def look_after(self) -> None:
        """Renew what is near its end though nobody posts, and ask accounts once a day."""
        from dispatch.pipeline.access.look_after import to_check, to_renew
        from dispatch.pipeline.delivery.check_channel import try_channel

        tools = self._tools
        with tools.store.read() as tx:
            names = list(to_renew(tools.files.workspace, tx, now=tx.now(tools.clock)))
        for name in names:
            if tools.stopping.is_set():
                return
            self._renew(name)
        with tools.store.read() as tx:
            names = list(to_check(tools.files.workspace, tx, now=tools.clock()))
        for name in names:
            if tools.stopping.is_set():
                return
            tried = try_channel(name, open_channel=self._channels.open)
            self._channels.keep_tried(name, tried, by="")

    def _renew(self, name: str) -> None:
        try:
            channel, provider = self._opened(name)
            try:
                self.source(self._channels.plan(name), provider).renew()
            finally:
                channel.close()
        except DispatchError as error:  # it is kept, and shown: others go on
            log.warning("access.not_renewed", channel=name, problem=str(error))

    def _address(self, way: "Way") -> str:
        from dispatch.pipeline.access.sealed import check_key

        channel, provider = self._opened(way.channel)
        try:
            check_key(way.channel, self._sealer)  # else what the network gives could not be kept
            return way.address(provider)
        finally:
            channel.close()

    def _opened(self, name: str) -> "tuple[Channel, Connects]":
        from dispatch.channels.provider import Connects

        channel = self._channels.open(name)
        if not isinstance(channel.provider, Connects):
            channel.close()
            raise Conflict(_no_way(name, channel))
        if channel.tokens is None:
            channel.close()
            raise Conflict(f"channel {name}: has a token of its own - take it out of its options")
        return channel, channel.provider

    def source(self, plan: "ChannelPlan", provider: "Connects") -> "TokenSource":
        """What gives a channel's provider its tokens."""
        from dispatch.pipeline.access.source import TokenMemory, TokenSource

        with self._lock:
            memory = self._memories.setdefault(plan.name, TokenMemory())
        return TokenSource(
            plan,
            provider,
            memory=memory,
            sealer=self._sealer,
            store=self._tools.store,
            clock=self._tools.clock,
        )

    def _browsers_way(self, name: str, state: str, secret: str) -> "Way":
        """The verifier is reckoned from what the browser keeps, so that no row holds it."""
        from dispatch.pipeline.access.consent import Way
        from dispatch.signing import Signer

        signer = Signer(self._tools.settings.secret_keys[-1], "connect", 32)
        return Way(name, self.redirect(name), state=state, verifier=signer.sign(secret).hex())

    @property
    def _sealer(self) -> "Sealer":
        from dispatch.sealing import Sealer

        return Sealer(self._tools.settings.token_keys)


def _no_way(name: str, channel: "Channel") -> str:
    """What to do instead, for a provider that nobody connects."""
    from dispatch.channels.open import secret_options

    secrets = " or ".join(secret_options(channel.provider.Options))
    if not secrets:
        said = "needs nobody to let us in"
        return f"channel {name}: {channel.provider_name} {said} - dispatch channels check {name}"
    said = f"lets us in by what its options name ({secrets})"
    advice = f"write it there, as env:NAME, and try it: dispatch channels check {name}"
    return f"channel {name}: {channel.provider_name} {said} - {advice}"


def _subject(name: str, by: str) -> str:
    return f"{by} {name}"
