"""Editions of an opened workspace."""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from dispatch.app.cards import Cards
from dispatch.app.channels import Channels
from dispatch.app.standing import Standing
from dispatch.app.tools import Tools
from dispatch.errors import BadInput, NotFound, Problem
from dispatch.model.campaigns.campaign import Campaign, SocialPlan
from dispatch.model.campaigns.schedule import Slot, slot_at
from dispatch.model.editions.edition import (
    UNDECIDED,
    UNFINISHED,
    Edition,
    EditionContent,
    EditionState,
)
from dispatch.model.editions.run import Run

if TYPE_CHECKING:
    from dispatch.channels.opened import Channel
    from dispatch.model.editions.finding import Finding
    from dispatch.model.people.subscriber import Subscriber
    from dispatch.pipeline.editions.check_edition import Checks
    from dispatch.pipeline.editions.check_texts import TextChecks
    from dispatch.pipeline.editions.compose import Composed
    from dispatch.pipeline.editions.edit import Changes, Edited
    from dispatch.pipeline.editions.plan_days import PlannedSlot
    from dispatch.pipeline.editions.preview import Preview, SentTest
    from dispatch.pipeline.reviews.send_review_mails import ReviewMailReport
    from dispatch.render.texts import Digest, Snippet


class Editions:
    """Makes editions, shows them, and tells reviewers of them."""

    def __init__(self, tools: Tools, channels: Channels) -> None:
        self._tools = tools
        self._channels = channels

    @cached_property
    def standing(self) -> Standing:
        """Pieces that come again in each of them."""
        return Standing(self._tools)

    def compose(
        self, campaign: Campaign, slot: Slot | None, *, manual: bool = False
    ) -> "Composed | None":
        """Make the edition of a slot; approved at once where the campaign needs no approval.

        Without a slot one is made of this moment, if new posts call for it. `manual` says that a
        person asks for it. None where the slot has run already.

        The channels are checked first, so that wrong options stop it before anything is kept:
        raises BadInput. Raises TemplateFailed where its texts cannot be made.
        """
        self.check_channels(campaign)
        return self.compose_unchecked(campaign, slot, manual=manual)

    def compose_unchecked(
        self, campaign: Campaign, slot: Slot | None, *, manual: bool = False, by: str = ""
    ) -> "Composed | None":
        """The same for a run, which has checked its channels before all else."""
        from dispatch.pipeline.editions.compose import compose_edition

        tools = self._tools
        return compose_edition(
            campaign,
            slot,
            store=tools.store,
            materials=tools.files.materials,
            clock=tools.clock,
            ids=tools.new_id,
            try_out=tools.trials.proof,
            gather=Cards(tools, self._channels).gather,
            renderer=tools.trials,
            manual=manual,
            by=by,
        )

    def check_channels(self, campaign: Campaign) -> tuple[Problem, ...]:
        """Raise BadInput where a channel cannot be used, as its secret is missing or options wrong.

        Gives what is wrong with those in whose place others of `via:` step in.
        """
        from dispatch.pipeline.workspace.check import check_channels

        found = check_channels(
            campaign,
            self._tools.files.workspace,
            secret=self._channels.secret,
            check_segment=self._tools.trials.check_segment,
        )
        if found.serious:
            raise BadInput([*found.serious, *found.borne])
        return found.borne

    def check(self, edition: Edition) -> "list[Finding]":
        """Look at an edition before it is approved, the worst first; nobody is asked anything."""
        from dispatch.pipeline.editions.check_edition import check_edition

        return check_edition(edition, self._checks, now=self._tools.clock())

    def approve(self, edition_id: str, *, by: str, seen: str = "") -> Edition:
        """Let an edition go out as it stands now, if nothing in it stops it.

        `seen` is the beginning of the fingerprint of what `by` has looked at, or empty. Raises
        Conflict as `approve_edition` does, and Stopped.
        """
        from dispatch.pipeline.editions.check_edition import approve_checked

        now = self._tools.clock()
        return approve_checked(edition_id, by=by, seen=seen, checks=self._checks, now=now)

    def check_links(self) -> int:
        """Ask the links of editions that wait whether they are there: how many were asked."""
        from dispatch.pipeline.editions.check_links import check_links

        tools = self._tools
        return check_links(
            store=tools.store, texts=self._texts, http=tools.feed_http(), clock=tools.clock
        )

    def ask_links_again(self, edition: Edition, *, by: str) -> None:
        """Forget what the links of an edition have answered; they are asked anew beside this."""
        from dispatch.pipeline.editions.check_links import forget_answers

        tools = self._tools
        forget_answers(edition, by=by, store=tools.store, texts=self._texts, clock=tools.clock)

    @cached_property
    def _texts(self) -> "TextChecks":
        from dispatch.pipeline.editions.check_texts import TextChecks

        tools = self._tools
        return TextChecks(links=tools.links, takes_of=self._channels.takes, renderer=tools.trials)

    @property
    def _checks(self) -> "Checks":
        from dispatch.pipeline.editions.check_edition import Checks

        tools = self._tools
        channels = tools.files.workspace.channels
        return Checks(
            store=tools.store,
            texts=self._texts,
            channels=channels,
            renderer=tools.trials,
            plan_days=self._plan_days,
        )

    def _plan_days(self, first: datetime, until: datetime) -> "Collection[PlannedSlot]":
        from dispatch.pipeline.editions.plan_days import plan_days

        return plan_days(self._tools.files.workspace.campaigns.values(), first=first, until=until)

    def came_due(self, campaign: Campaign) -> bool:
        """Whether a slot of its schedule has come since its last run, or new posts call for it."""
        from dispatch.pipeline.editions.came_due import came_due

        with self._tools.store.read() as tx:
            return came_due(campaign, tx=tx, now=self._tools.clock())

    def this_slot(self, campaign: Campaign) -> Slot:
        """The slot of this moment, by the campaign's own clock."""
        when = campaign.when
        workspace = self._tools.files.workspace
        return slot_at(self._tools.clock(), when.timezone if when else workspace.publisher.timezone)

    def show(self, campaign: str, edition_id: str) -> EditionContent:
        """What one of the campaign's editions says, for somebody to look at; or a letter."""
        with self._tools.store.read() as tx:
            edition = tx.editions.get(edition_id)
        if edition.content.letter is not None:
            return edition.content
        name = self._tools.files.workspace.campaign(campaign).name
        if edition.campaign != name:
            raise NotFound(
                f"edition {edition_id}: is of campaign {edition.campaign}, "
                f"not {name} - name that one"
            )
        return edition.content

    def preview(self, content: EditionContent, reader: "Subscriber | None" = None) -> "Preview":
        """The texts as this subscriber would get them, or a stranger. Raises TemplateFailed."""
        from dispatch.pipeline.editions.preview import preview

        tools = self._tools
        return preview(
            content,
            reader,
            links=tools.links,
            takes_of=self._channels.takes,
            renderer=tools.trials,
        )

    def preview_alone(
        self, content: EditionContent, reader: "Subscriber | None" = None
    ) -> "Preview":
        """The same with the pictures of its pieces inside, for who looks without the service."""
        from dispatch.pipeline.editions.preview import shown_without_service

        made = self.preview(content, reader)
        with self._tools.store.read() as tx:
            return shown_without_service(made, content, tx.uploaded_pictures.find)

    def digest(self, content: EditionContent, reader: "Subscriber | None" = None) -> "Digest":
        """The digest alone, of an edition that has one. Raises TemplateFailed."""
        from dispatch.pipeline.editions.preview import preview_digest

        tools = self._tools
        return preview_digest(content, reader, links=tools.links, renderer=tools.trials)

    def snippets(self, content: EditionContent, plan: SocialPlan) -> "list[Snippet]":
        """The snippets of one channel, as they will go out. Raises TemplateFailed."""
        from dispatch.pipeline.messages.snippets import snippets_for

        return snippets_for(self._channels.takes(plan.via), content, plan, self._tools.trials)

    def as_mail(self, content: EditionContent, reader: "Subscriber | None" = None) -> bytes:
        """The digest as the file of a mail to its sender. Raises TemplateFailed."""
        from dispatch.pipeline.editions.preview import as_mail

        tools = self._tools
        return as_mail(
            content,
            content.publisher.sender.email,
            reader,
            links=tools.links,
            message_id=tools.new_id(),
            clock=tools.clock,
            renderer=tools.trials,
        )

    def edit(
        self, edition_id: str, changes: "Changes", *, by: str, ready: bool = True, seen: str = ""
    ) -> "Edited":
        """Edit what is in an edition that has not gone out; see `edit_edition`."""
        from dispatch.pipeline.editions.edit import edit_edition

        tools = self._tools
        return edit_edition(
            edition_id,
            changes,
            by=by,
            store=tools.store,
            clock=tools.clock,
            try_out=tools.trials.proof,
            gather=Cards(tools, self._channels).gather,
            takes_of=self._channels.takes,
            ready=ready,
            seen=seen,
        )

    def send_test_of(
        self, edition: Edition, address: str, reader: "Subscriber | None" = None, *, by: str
    ) -> "SentTest":
        """Send the digest of an edition to one address, over the channel that it would take.

        That somebody did is on record; the address, which may be a reader's, is not.

        Raises a ProviderError, and BadInput or NotFound where no channel can be used.
        """
        from dispatch.pipeline.editions.preview import send_test

        email = edition.content.email
        if email is None:
            raise NotFound(f"campaign {edition.campaign}: has no email - nothing to test")
        tools = self._tools
        tools.guard.check(tools.store)
        with ExitStack() as opened:

            def open_channel(name: str) -> "Channel":
                return opened.enter_context(closing(self._channels.open(name)))

            sent = send_test(
                edition.content,
                address,
                reader,
                via=(email.via, *email.failover),
                open_channel=open_channel,
                links=tools.links,
                message_id=tools.new_id(),
                clock=tools.clock,
                renderer=tools.trials,
            )
        with tools.store.begin() as tx:
            kind, subject = "edition", edition.id
            tx.audit.add("edition.test", by=by, now=tools.clock(), kind=kind, subject=subject)
        return sent

    def send_test(
        self,
        campaign: Campaign,
        content: EditionContent,
        address: str,
        reader: "Subscriber | None" = None,
    ) -> "SentTest":
        """Send a digest to one address, as `reader` would get it, outside of any edition.

        Raises a ProviderError, and BadInput or NotFound where no channel can be used.
        """
        from dispatch.pipeline.editions.preview import send_test

        if campaign.email is None:
            raise NotFound(f"campaign {campaign.name}: has no email - nothing to test")
        tools = self._tools
        tools.guard.check(tools.store)
        return send_test(
            content,
            address,
            reader,
            via=(campaign.email.via, *campaign.email.failover),
            open_channel=self._channels.get,
            links=tools.links,
            message_id=tools.new_id(),
            clock=tools.clock,
            renderer=tools.trials,
        )

    def send_review_mails(self, campaign: str | None = None) -> "Iterator[ReviewMailReport]":
        """Tell reviewers what is due; of one campaign also what was put off: a person asks."""
        tools = self._tools
        with tools.store.read() as tx:
            if not tx.review_mails.are_waiting():
                return iter(())
        from dispatch.pipeline.reviews.send_review_mails import send_review_mails

        return send_review_mails(
            store=tools.store,
            open_channel=self._channels.open,
            links=tools.links,
            clock=tools.engine_clock(),
            keep_going=tools.keep_going,
            campaign=campaign,
            anew=campaign is not None,
            takes_of=self._channels.takes,
            renderer=tools.renderer,
        )

    def unfinished(self, campaign: str | None = None) -> list[Edition]:
        """Those that are approved but have not served everybody, oldest first."""
        return self._in_state(campaign, UNFINISHED)

    def waiting(self, campaign: str | None = None) -> list[Edition]:
        """Those that somebody has to approve or reject, oldest first."""
        return self._in_state(campaign, UNDECIDED)

    def paused(self, campaign: str | None = None) -> list[Edition]:
        """Those that wait for somebody to go on with them or cancel them, oldest first."""
        return self._in_state(campaign, {EditionState.PAUSED})

    def runs(self, campaign: str | None = None, *, limit: int = 20) -> list[Run]:
        """The run log, newest first: what became of each slot; `run` tells of its posts, too."""
        with self._tools.store.read() as tx:
            return tx.runs.latest(campaign, limit=limit)

    def run(self, run_id: int) -> Run:
        """One run, and for each post why it was in or out. Raises NotFound."""
        with self._tools.store.read() as tx:
            return tx.runs.get(run_id)

    def _in_state(self, campaign: str | None, states: Collection[EditionState]) -> list[Edition]:
        with self._tools.store.read() as tx:
            return tx.editions.in_state(campaign, states)
