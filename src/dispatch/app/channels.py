"""The channels of an opened workspace."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from pydantic import SecretStr

from dispatch.app.access import AccessToAccounts
from dispatch.app.tools import Tools
from dispatch.channels.feedback import Feedback, feedback_of, hook_address, hook_of
from dispatch.channels.open import open_channel
from dispatch.channels.opened import Channel
from dispatch.channels.takes import Takes, find_spacing, find_takes
from dispatch.config.keys.references import DEFAULT_CHANNEL
from dispatch.config.process.secrets import resolve
from dispatch.errors import DispatchError, NotFound, ProviderError
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.model.text.suggestions import did_you_mean
from dispatch.pipeline.delivery.resume import resume_channel

if TYPE_CHECKING:
    from dispatch.channels.dns.lookups import Lookups
    from dispatch.pipeline.delivery.check_channel import Tried
    from dispatch.store.delivery.channel_checks import ChannelCheck
    from dispatch.store.events.examinations import Examination

log = structlog.get_logger()


class Channels:
    """Opens channels by their names; those that were asked for by `get` stay open."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._kept: dict[str, Channel] = {}
        self.access = AccessToAccounts(tools, self)

    def get(self, name: str) -> Channel:
        """A channel, opened on first use; raises NotFound or BadInput."""
        if name not in self._kept:
            self._kept[name] = self.open(name)
        return self._kept[name]

    def open(self, name: str) -> Channel:
        """A channel for the caller's own thread, to be closed; raises NotFound or BadInput."""
        return self._open(self.plan(name))

    def plan(self, name: str) -> ChannelPlan:
        """What schedules.yaml says of a channel; raises NotFound."""
        channels = self._tools.files.workspace.channels
        if name not in channels:
            raise NotFound(
                f"channel {name}: not in schedules.yaml - {did_you_mean(name, channels)}"
            )
        return channels[name]

    def _open(self, plan: ChannelPlan) -> Channel:
        tools = self._tools
        return open_channel(
            plan,
            http=tools.http,
            clock=tools.clock,
            folder=tools.files.folder,
            secret=self.secret,
            tokens=self.access.source,
        )

    def takes(self, name: str) -> Takes:
        """What a channel takes of a text, as its server told last; asks for no secrets."""
        plan = self._tools.files.workspace.channels.get(name)
        if plan is None:
            return find_takes(plan)
        with self._tools.store.read() as tx:
            check = tx.channel_checks.all().get(name)
        return find_takes(plan, told=check.max_text if check else None)

    def spacing_of(self, name: str) -> timedelta:
        """How far apart a channel's provider keeps posts; asks for no secrets."""
        return find_spacing(self._tools.files.workspace.channels.get(name))

    def hook_address(self, name: str) -> str:
        """Where a channel's service calls us back; empty where it does not, or we have no address.

        Whether it is believed there is another question (`feedback`). Raises NotFound for a channel
        that is not there.
        """
        public_url = self._tools.files.workspace.publisher.public_url
        calls = hook_of(self.plan(name)) is not None
        return hook_address(public_url, name) if public_url and calls else ""

    def feedback(self) -> dict[str, Feedback]:
        """Channel name to the way by which we hear what came later of its mails."""
        workspace = self._tools.files.workspace
        mailbox = workspace.bounces is not None
        return {
            name: feedback_of(plan, mailbox=mailbox) for name, plan in workspace.channels.items()
        }

    def secret(self, reference: str) -> SecretStr:
        """What `env:NAME` or `file:PATH` names; raises ValueError with problem and advice."""
        return resolve(reference, folder=self._tools.files.folder, environ=self._tools.environ)

    def window_of(self, name: str) -> timedelta:
        """How long a channel's provider drops repeats; zero for one that is not there any more."""
        from dispatch.pipeline.delivery.run_loop import find_window

        return find_window(name, open_channel=self.open)

    def loops_of(self, name: str) -> int:
        """How many workers a channel has use for at once; none if it cannot be opened."""
        from dispatch.pipeline.delivery.loops import count_loops

        tools = self._tools
        try:
            channel = self.open(name)
        except DispatchError as error:
            log.warning("channel.not_opened", channel=name, problem=str(error))
            return 0
        try:
            return count_loops(channel, shared=tools.store.is_shared, processes=tools.processes())
        finally:
            channel.close()

    def check(self, name: str, *, by: str) -> "ChannelCheck":
        """Try a channel and keep what that came to; raises NotFound for one that is not there."""
        from dispatch.pipeline.delivery.check_channel import check_channel

        self.plan(name)
        tools = self._tools
        return check_channel(
            name, by=by, open_channel=self.open, store=tools.store, clock=tools.clock
        )

    def lookups(self) -> "Lookups":
        """Asks the DNS for one check-up, or for several that wait for it together no longer."""
        from dispatch.channels.dns.lookups import DnsLookups

        return DnsLookups(self._tools.settings.dns_server)

    def examine(self, name: str, *, by: str, lookups: "Lookups | None" = None) -> "Examination":
        """Look at all that would go wrong with a channel's mails, and keep what is found.

        Raises NotFound for one that is not there.
        """
        from dispatch.pipeline.doctor.examine import examine_channel

        tools = self._tools
        return examine_channel(
            self.plan(name),
            by=by,
            workspace=tools.files.workspace,
            open_channel=self.open,
            lookups=lookups or self.lookups(),
            store=tools.store,
            clock=tools.clock,
        )

    def try_plan(self, plan: ChannelPlan) -> "Tried":
        """Who we would be there, or what is wrong; nothing of it is kept by itself."""
        from dispatch.pipeline.delivery.check_channel import try_channel

        return try_channel(plan.name, open_channel=lambda _: self._open(plan))

    def keep_tried(self, name: str, tried: "Tried", *, by: str) -> None:
        """Keep what `try_plan` came to, once the plan has been saved."""
        from dispatch.pipeline.delivery.check_channel import keep_tried

        keep_tried(name, tried, by=by, store=self._tools.store, clock=self._tools.clock)

    def resume(self, names: Iterable[str]) -> None:
        """Let those of these channels that are stopped be tried again: a person asks for it."""
        for name in names:
            resume_channel(name, store=self._tools.store, clock=self._tools.clock)

    def outboxes(self, names: Iterable[str]) -> Iterator[str]:
        """Where to look for what went nowhere but into files, of these channels that are there."""
        channels = self._tools.files.workspace.channels
        for name in names:
            if name in channels and channels[name].provider == DEFAULT_CHANNEL:
                with suppress(ProviderError):  # its deliveries say so already
                    yield f"channel {name} writes to {self.get(name).provider.check()}"

    def close(self) -> None:
        """Let go of those that were kept open."""
        for channel in self._kept.values():
            channel.close()
        self._kept.clear()
