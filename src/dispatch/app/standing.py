"""Pieces that come again, in an opened workspace."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dispatch.app.tools import Tools
from dispatch.model.editions.letter import LETTERS
from dispatch.model.editions.standing import Again, StandingPiece

if TYPE_CHECKING:
    from dispatch.pipeline.editions.change_standing import Changed


class Standing:
    """Shows them, changes them and ends them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @property
    def campaigns(self) -> Mapping[str, str]:
        """Those in whose editions a piece can come, with their titles; letters are the last."""
        campaigns = self._tools.files.workspace.campaigns.values()
        return {one.name: one.title for one in campaigns if one.email} | {LETTERS: ""}

    @property
    def today(self) -> date:
        """The day it is for the team: none before it can be a last day."""
        return self._day_in(self._tools.files.workspace.publisher.timezone or "UTC")

    def checked(self, again: Again) -> Again:
        """What somebody asks for, in order. Raises BadInput, see `checked_again`."""
        from dispatch.pipeline.editions.change_standing import checked_again

        return checked_again(again, known=self.campaigns.keys(), today=self.today)

    def get(self, number: int) -> StandingPiece:
        """One of them. Raises NotFound."""
        with self._tools.store.read() as tx:
            return tx.standing.get(number)

    def days_to_come(self, piece: StandingPiece) -> Sequence[date]:
        """The days of the planned editions that will have it; letters have no plan."""
        from dispatch.pipeline.editions.come_again import days_to_come

        campaigns = self._tools.files.workspace.campaigns.values()
        now = self._tools.clock()
        return days_to_come(campaigns, piece.campaigns, piece.until, now=now)

    def change(self, number: int, changed: "Changed", *, seen: str, by: str) -> StandingPiece:
        """Change it, or take it up anew; see `change_standing`.

        Campaigns that are gone by now may stay among those that it has.
        """
        from dispatch.pipeline.editions.change_standing import change_standing, checked_again
        from dispatch.pipeline.editions.edit_pieces import checked_piece

        tools = self._tools
        known = {*self.campaigns, *self.get(number).campaigns}
        again = checked_again(changed.again, known=known, today=self.today)
        return change_standing(
            number,
            replace(changed, again=again),
            seen=seen,
            by=by,
            store=tools.store,
            clock=tools.clock,
            checked=partial(checked_piece, now=tools.clock()),
        )

    def end(self, number: int, *, by: str) -> StandingPiece:
        """Have it come no more. Raises NotFound, and Conflict where it rests already."""
        from dispatch.pipeline.editions.change_standing import end_standing

        tools = self._tools
        today = self._first_day(self.get(number))
        return end_standing(number, today=today, by=by, store=tools.store, clock=tools.clock)

    def _first_day(self, piece: StandingPiece) -> date:
        """The earliest day it is for one of its campaigns: each reckons by its own clocks."""
        campaigns = self._tools.files.workspace.campaigns
        own = [campaigns[name].when for name in piece.campaigns if name in campaigns]
        return min([self.today, *(self._day_in(one.timezone) for one in own if one)])

    def _day_in(self, timezone: str) -> date:
        return self._tools.clock().astimezone(ZoneInfo(timezone)).date()
