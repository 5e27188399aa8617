"""The mailbox that gets what mail servers send back to an opened workspace."""

from typing import TYPE_CHECKING

from dispatch.app.channels import Channels
from dispatch.app.tools import Tools
from dispatch.errors import DispatchError, MailboxUnavailable, NotFound

if TYPE_CHECKING:
    from dispatch.channels.mailboxes.mailbox import Mailbox
    from dispatch.model.delivery.bounce_mailbox import BounceMailbox
    from dispatch.pipeline.events.read_mailbox import MailboxReport
    from dispatch.store.events.mailboxes import MailboxRow

NOBODYS = "bounces"
"""Where events are counted that are of no delivery, while no channel has our own envelopes."""


class Bounces:
    """Reads it when it is due."""

    def __init__(self, tools: Tools, channels: Channels) -> None:
        self._tools = tools
        self._channels = channels

    @property
    def plan(self) -> "BounceMailbox | None":
        """The mailbox, as schedules.yaml says now; None where there is none."""
        return self._tools.files.workspace.bounces

    def state(self) -> "MailboxRow | None":
        """How far it was read; None where it has never been looked into."""
        if self.plan is None:
            return None
        with self._tools.store.read() as tx:
            return tx.mailboxes.get(self.plan.place)

    def is_due(self, state: "MailboxRow | None" = None) -> bool:
        """Whether it is to be looked into, by what is known of it (`state`); asks nobody."""
        return self.plan is not None and not (state and state.waits(self._tools.clock()))

    def problem(self) -> str:
        """Why it could not be read when somebody last tried; empty where it could."""
        state = self.state()
        return state.problem if state else ""

    def read(self, *, early: bool = False) -> "MailboxReport | None":
        """Read what is new in it; None where another machine is at it, or it is not due.

        With `early` at once: raises NotFound where there is no mailbox, Conflict where somebody is
        at it.
        """
        from dispatch.pipeline.events.read_mailbox import Reading, read_mailbox

        tools, plan = self._tools, self.plan
        if plan is None:
            raise NotFound(
                "bounces: there is no mailbox in schedules.yaml - add one"
                " (docs/how-to/bounce-mailbox.md)"
            )
        reading = Reading(
            open_mailbox=lambda: self._open(plan),
            channel=next(iter(self.channels()), NOBODYS),
            reader=tools.new_id(),
            links=tools.links,
            store=tools.store,
            clock=tools.engine_clock(),
            endings=tools.endings,
            keep_going=tools.keep_going,
        )
        return read_mailbox(plan, reading, early=early)

    def channels(self) -> list[str]:
        """The channels whose mails come back to it: those that keep the sender of an envelope."""
        from dispatch.channels.feedback import keeps_envelope

        channels = sorted(self._tools.files.workspace.channels.items())
        return [name for name, plan in channels if keeps_envelope(plan)]

    def _open(self, plan: "BounceMailbox") -> "Mailbox":
        folder = self._tools.files.folder
        if plan.imap is None:
            from dispatch.channels.mailboxes.maildir import Maildir

            return Maildir(folder / plan.maildir)
        from dispatch.channels.mailboxes.imap import ImapMailbox

        try:
            password = self._channels.secret(plan.imap.password).get_secret_value()
        except (ValueError, DispatchError) as error:
            raise MailboxUnavailable(f"bounces.imap.password: {error}") from error
        ca_file = str(folder / plan.imap.ca_file) if plan.imap.ca_file else ""
        return ImapMailbox(plan.imap, password, ca_file=ca_file)
