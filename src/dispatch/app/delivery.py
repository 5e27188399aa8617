"""The deliveries of an opened workspace."""

from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

import structlog

from dispatch.app.channels import Channels
from dispatch.app.tools import Tools
from dispatch.model.delivery.state import count_open
from dispatch.model.editions.edition import NOT_ADDRESSED, Edition, EditionState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from dispatch.model.delivery.correction import Corrected, Repost
    from dispatch.model.delivery.state import Settlement
    from dispatch.pipeline.delivery.deliver import DeliveryReport
    from dispatch.pipeline.delivery.loops import Processes
    from dispatch.pipeline.delivery.run_loop import Progress
    from dispatch.pipeline.delivery.welcome import WelcomeReport
    from dispatch.wakeup.port import Handler, Payload

log = structlog.get_logger()


class Delivery:
    """Lets approved editions go out."""

    def __init__(self, tools: Tools, channels: Channels) -> None:
        self._tools = tools
        self._channels = channels
        self._sends_here = Lock()

    def address(self, edition_id: str) -> int | None:
        """Address an approved edition whose time has come, if that has not happened.

        How many of its deliveries are open; None where it is to go out later, and where it was a
        letter that is for nobody by now.
        """
        edition = self._address(edition_id)
        if edition.state in (EditionState.APPROVED, EditionState.REJECTED):
            return None
        with self._tools.store.read() as tx:
            return count_open(tx.deliveries.counts(edition))

    def send(self, edition_id: str, progress: "Progress" = lambda _: None) -> "DeliveryReport":
        """Hand over what is due of an approved edition, addressing it first where needed."""
        tools = self._tools
        tools.renderer.warm_up()  # it starts while we import
        from dispatch.pipeline.delivery.garbage import leave_out_what_is_there

        leave_out_what_is_there()
        from dispatch.pipeline.delivery.deliver import deliver_edition

        tools.guard.check(tools.store)
        return deliver_edition(
            self._address(edition_id),
            store=tools.store,
            guard=tools.guard,
            open_channel=self._channels.open,
            links=tools.links,
            clock=tools.engine_clock(),
            lease=tools.lease,
            progress=progress,
            refused=self._suppress_refused,
            keep_going=tools.keep_going,
            wait=tools.stopping.wait,
            renderer=tools.renderer,
            processes=tools.processes(),
        )

    def correct(
        self,
        edition_id: str,
        *,
        by: str,
        repost: "Repost",
        only: "Collection[int] | None" = None,
    ) -> "Iterator[Corrected]":
        """Have networks say what an edition says by now; see `correct_published`."""
        from dispatch.pipeline.delivery.correct_published import correct_published

        tools = self._tools
        tools.guard.check(tools.store)
        return correct_published(
            edition_id,
            by=by,
            store=tools.store,
            clock=tools.clock,
            open_channel=self._channels.open,
            takes_of=self._channels.takes,
            links=tools.links,
            renderer=tools.trials,
            repost=repost,
            only=only,
        )

    def handlers(self, processes: int | None = None) -> "Mapping[str, Handler]":
        """What workers do when they are woken, by the job's name.

        They start at most so many `processes`, or as the settings say.
        """
        from dispatch.pipeline.delivery.garbage import leave_out_what_is_there
        from dispatch.pipeline.delivery.reconcile import DELIVER

        leave_out_what_is_there()
        return {DELIVER: partial(self._deliver, self._tools.processes(processes))}

    def reconcile(self) -> None:
        """Wake for what is ready, and settle what workers that died have left."""
        from dispatch.pipeline.delivery.reconcile import reconcile

        reconcile(
            store=self._tools.store,
            clock=self._tools.engine_clock(),
            lease=self._tools.lease,
            window_of=self._channels.window_of,
            loops_of=self._channels.loops_of,
        )

    def make_welcomes(self, campaign: str | None = None) -> "list[WelcomeReport]":
        """Give the latest edition to those who have just come, of one campaign or each."""
        tools = self._tools
        with tools.store.read() as tx:
            if not tx.welcomes.campaigns():
                return []
        from dispatch.pipeline.delivery.welcome import make_welcomes

        return make_welcomes(
            store=tools.store,
            clock=tools.clock,
            ids=tools.new_id,
            loops_of=self._channels.loops_of,
            renderer=tools.renderer,
            campaign=campaign,
        )

    def lift_budget_stops(self) -> None:
        """Let channels go on whose budget was raised since it was used up."""
        from dispatch.pipeline.delivery.budget_stops import lift_budget_stops

        tools = self._tools
        lift_budget_stops(
            tools.files.workspace.channels, store=tools.store, clock=tools.engine_clock()
        )

    def find_lost(self) -> None:
        """Look for posts whose answer was lost among the latest ones of their accounts."""
        from dispatch.pipeline.delivery.find_lost import find_lost

        tools = self._tools
        find_lost(
            store=tools.store,
            clock=tools.engine_clock(),
            open_channel=self._channels.open,
            links=tools.links,
            renderer=tools.renderer,
        )

    def settle_what_was_left(self) -> None:
        """Settle what workers that died have left in editions that are paused or cancelled."""
        from dispatch.pipeline.delivery.reconcile import settle_what_was_left

        settle_what_was_left(
            store=self._tools.store,
            clock=self._tools.engine_clock(),
            lease=self._tools.lease,
            window_of=self._channels.window_of,
        )

    def forget_events(self) -> int:
        """Remove what was told of mails and is older than it is kept for; how many rows."""
        from dispatch.pipeline.events.forget import forget_events

        return forget_events(store=self._tools.store, clock=self._tools.clock)

    def _address(self, edition_id: str) -> Edition:
        with self._tools.store.read() as tx:
            edition = tx.editions.get(edition_id)
        if edition.state not in NOT_ADDRESSED:
            return edition
        from dispatch.pipeline.delivery.address import address_edition

        return address_edition(
            edition_id,
            store=self._tools.store,
            clock=self._tools.clock,
            loops_of=self._channels.loops_of,
            spacing_of=self._channels.spacing_of,
            renderer=self._tools.renderer,
        )

    def _suppress_refused(self, refused: "Sequence[Settlement]") -> None:
        from dispatch.pipeline.events.suppress_refused import suppress_refused

        tools = self._tools
        suppress_refused(refused, store=tools.store, clock=tools.clock, endings=tools.endings)

    def _deliver(self, processes: "Processes", payload: "Payload") -> None:
        from dispatch.pipeline.delivery.run_loop import deliver_some
        from dispatch.pipeline.reviews.decide import check_approved

        tools = self._tools
        with tools.store.read() as tx:
            edition = tx.editions.get(str(payload["edition"]))
        if edition.state is not EditionState.SENDING:
            return
        check_approved(edition)
        channel = str(payload["channel"])
        ended = deliver_some(
            edition,
            channel,
            here=self._sends_here,
            processes=processes,
            store=tools.store,
            guard=tools.guard,
            open_channel=self._channels.open,
            links=tools.links,
            clock=tools.engine_clock(),
            lease=tools.lease,
            refused=self._suppress_refused,
            keep_going=tools.keep_going,
            wait=tools.stopping.wait,
            renderer=tools.renderer,
        )
        if ended:
            log.info(
                "delivery.settled",
                campaign=edition.campaign,
                edition=edition.id,
                channel=channel,
                ended=ended,
            )
