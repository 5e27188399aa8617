"""What schedules.yaml says of letters: who may let one go out, and over what it goes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from dispatch.model.campaigns.approval import ApprovalRule, Review
from dispatch.model.team.person import Person
from dispatch.model.team.role import Right

LATE = timedelta(hours=6)
"""How long after its time a letter may still begin to go out, as the service was down."""

USUAL_TEMPLATE = "letter"


@dataclass(frozen=True, slots=True)
class LetterRule:
    """Without `approval` it depends on the team who may approve one. `via` are channels, in order.

    An empty template or no channel: what the workspace has for its campaigns.
    """

    template: str = ""
    via: tuple[str, ...] = ()
    approval: ApprovalRule = field(default_factory=ApprovalRule)
    by_the_team: bool = True

    def review(self, team: Iterable[Person]) -> Review:
        """What a letter has to pass that somebody asks to be approved.

        Where nothing is said, whoever edited it last approves it only if nobody else could.
        """
        approval = self.approval
        if self.by_the_team:
            approvers = [one for one in team if one.ended is None and one.may(Right.APPROVE)]
            approval = replace(approval, other_than_author=len(approvers) > 1)
        return Review(
            needed=True,
            by=approval.by,
            other_than_author=approval.other_than_author,
            tell=approval.tell,
            tell_via=approval.tell_via,
        )
