"""Mails of an opened workspace to readers about their own affairs."""

from typing import TYPE_CHECKING

from dispatch.app.channels import Channels
from dispatch.app.tools import Tools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.pipeline.people.send_reader_mails import ReaderMailReport


class ReaderMails:
    """Sends them, and looks after those who have not confirmed."""

    def __init__(self, tools: Tools, channels: Channels) -> None:
        self._tools = tools
        self._channels = channels

    def are_due(self) -> bool:
        """Whether there is anything to send; asks very little."""
        with self._tools.store.read() as tx:
            return tx.reader_mails.are_due(now=self._tools.clock())

    def send(self) -> "Iterator[ReaderMailReport]":
        """Hand over what is due, a bounded number of them."""
        from dispatch.pipeline.people.send_reader_mails import send_reader_mails

        tools = self._tools
        return send_reader_mails(
            store=tools.store,
            materials=tools.files.mail_materials,
            open_channel=self._channels.open,
            links=tools.links,
            clock=tools.engine_clock(),
            keep_going=tools.keep_going,
            renderer=tools.renderer,
            via_of=tools.files.workspace.channel_of,
        )

    def send_all(self) -> "Iterator[ReaderMailReport]":
        """Hand over what is due, until a round comes to nothing."""
        while self.are_due() and (reports := list(self.send())):
            yield from reports

    def remind(self) -> int:
        """Write to those who have not confirmed, where a form says so; how many that are."""
        from dispatch.pipeline.people.look_after_sign_ups import remind_sign_ups

        forms = self._tools.files.workspace.forms.values()
        return remind_sign_ups(forms, store=self._tools.store, clock=self._tools.clock)

    def forget(self) -> int:
        """Remove sign-ups and mails that are older than they are kept for; how many rows."""
        from dispatch.pipeline.people.look_after_sign_ups import forget_sign_ups

        return forget_sign_ups(store=self._tools.store, clock=self._tools.clock)

    def forget_limits(self) -> int:
        """Remove what was counted of people and networks and counts no more; how many rows."""
        from dispatch.pipeline.people.look_after_sign_ups import forget_limits

        return forget_limits(store=self._tools.store, clock=self._tools.clock)
