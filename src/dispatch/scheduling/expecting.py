"""Which of the campaigns that run on new posts are to be looked at, at a tick."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.model.campaigns.campaign import Campaign

RETRY = timedelta(minutes=5)
"""After a failure, such as that of a template: at each tick would fill the log."""

LONGEST = timedelta(days=1)
"""Without a look at a campaign: for what nobody says, such as the mending of times by hand."""

_State = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    campaign: Campaign
    state: _State
    until: datetime


class Expecting:
    """What earlier ticks of this process found, so that a tick asks nothing for a quiet campaign.

    A campaign is looked at again when its feeds have other numbers of news than at the last look,
    at the moment that was found then, and when schedules.yaml was read anew. What other machines
    do only moves that moment away.
    """

    def __init__(self) -> None:
        self._looks: dict[str, _Look] = {}

    def pick(
        self, campaigns: Iterable[Campaign], numbers: Mapping[str, int], *, now: datetime
    ) -> list[Campaign]:
        """The campaigns that are to be looked at; `numbers` are those of all feeds."""
        return [one for one in campaigns if not self._is_quiet(one, numbers, now)]

    def note(self, campaign: Campaign, numbers: Mapping[str, int], *, until: datetime) -> None:
        """Note that with these numbers nothing is to be done before `until`."""
        self._looks[campaign.name] = _Look(campaign, _state(campaign, numbers), until)

    def forget(self, campaign: Campaign) -> None:
        """Have a campaign looked at again at the next tick."""
        self._looks.pop(campaign.name, None)

    def forget_all(self) -> None:
        """Have all campaigns looked at again: the clock was put back."""
        self._looks.clear()

    def _is_quiet(self, campaign: Campaign, numbers: Mapping[str, int], now: datetime) -> bool:
        look = self._looks.get(campaign.name)
        return (
            look is not None
            and look.campaign is campaign
            and now < look.until
            and look.state == _state(campaign, numbers)
        )


def _state(campaign: Campaign, numbers: Mapping[str, int]) -> _State:
    return tuple(numbers.get(feed, 0) for feed in campaign.feeds)
