"""Letters of an opened workspace: editions that no schedule made."""

from typing import TYPE_CHECKING

from dispatch.app.cards import Cards
from dispatch.app.channels import Channels
from dispatch.app.editions import Editions
from dispatch.app.tools import Tools
from dispatch.errors import BadInput
from dispatch.model.campaigns.letter_rule import USUAL_TEMPLATE
from dispatch.model.editions.edition import Edition

if TYPE_CHECKING:
    from dispatch.pipeline.editions.edit import Edited
    from dispatch.pipeline.letters.plan import Plan

DIGEST = "digest.mjml"


class Letters:
    """Begins letters, changes what they are for, and has them approved."""

    def __init__(self, tools: Tools, channels: Channels, editions: Editions) -> None:
        self._tools = tools
        self._channels = channels
        self._editions = editions

    def usual(self, audience: str = "") -> "Plan":
        """What a new letter is for, where nobody says it: the first audience of the file."""
        from dispatch.pipeline.letters.plan import Plan

        workspace = self._tools.files.workspace
        audience = audience or next(iter(workspace.written_to()), "")
        if not audience:
            problem = "no campaign has email, so that nobody can be written to"
            raise BadInput([f"schedules.yaml: {problem} - add one"])
        return Plan(audience, self._usual_template(), workspace.letter_via(audience))

    def templates(self) -> list[str]:
        """The names of those that make a digest, in order."""
        folder = self._tools.files.folder / "templates"
        return sorted(one.parent.name for one in folder.glob(f"[!.]*/{DIGEST}"))

    def _usual_template(self) -> str:
        workspace, there = self._tools.files.workspace, self.templates()
        of_campaigns = [one.email.template for one in workspace.campaigns.values() if one.email]
        wanted = (workspace.letters.template, USUAL_TEMPLATE, *of_campaigns, *there)
        return next((one for one in wanted if one in there), wanted[0])

    def begin(self, *, by: str, copy_of: str = "") -> Edition:
        """Begin one, empty or with the words and pieces of an edition; see `begin_letter`."""
        from dispatch.pipeline.letters.begin import begin_letter

        tools = self._tools
        return begin_letter(
            self.usual(),
            by=by,
            store=tools.store,
            materials=tools.files.materials,
            clock=tools.clock,
            ids=tools.new_id,
            copy_of=copy_of,
            try_out=tools.trials.proof,
            gather=Cards(tools, self._channels).gather,
        )

    def change(self, edition_id: str, plan: "Plan", *, by: str, seen: str = "") -> "Edited":
        """Have one be for this from now on; see `change_letter`."""
        from dispatch.pipeline.letters.change import change_letter

        tools = self._tools
        return change_letter(
            edition_id,
            plan,
            by=by,
            store=tools.store,
            materials=tools.files.materials,
            check_segment=tools.trials.check_segment,
            clock=tools.clock,
            seen=seen,
            try_out=tools.trials.proof,
            gather=Cards(tools, self._channels).gather,
        )

    def ask(self, edition_id: str, *, by: str, note: str = "", seen: str = "") -> Edition:
        """Have a draft reviewed; see `ask_for_approval_of_letter`."""
        from dispatch.pipeline.letters.ask import ask_for_approval_of_letter

        tools = self._tools
        rule = tools.files.workspace.letters
        return ask_for_approval_of_letter(
            edition_id, rule=rule, by=by, store=tools.store, clock=tools.clock, note=note, seen=seen
        )

    def send(self, edition_id: str, *, by: str, seen: str) -> Edition:
        """Let a draft go that `by` may approve alone; raises Stopped as `Editions.approve` does."""
        from dispatch.model.editions.finding import stops
        from dispatch.pipeline.editions.check_edition import Stopped
        from dispatch.pipeline.letters.ask import send_own_letter

        tools = self._tools
        with tools.store.read() as tx:
            draft = tx.editions.get(edition_id)
        if found := stops(self._editions.check(draft)):
            raise Stopped(draft, found)  # before it is in review
        return send_own_letter(
            draft.id,
            lambda one: self._editions.approve(one.id, by=by, seen=one.fingerprint),
            rule=tools.files.workspace.letters,
            by=by,
            store=tools.store,
            seen=seen,
        )

    def throw_away(self, edition_id: str, *, by: str) -> Edition:
        """End one that is not approved."""
        from dispatch.pipeline.letters.ask import throw_away_letter

        return throw_away_letter(
            edition_id, by=by, store=self._tools.store, clock=self._tools.clock
        )
