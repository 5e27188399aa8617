"""A channel's access to its account as pages tell it: who let us in, until when, what to do."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from dispatch.pipeline.access.outlook import Access, AccessState
from dispatch.web.team.frame import in_english
from dispatch.web.team.visit import Visit


@dataclass(frozen=True, slots=True)
class AccessShown:
    """An access as the page of its channel tells it; `who` has let us in."""

    access: Access
    sentence: Markup
    who: str
    redirect: str
    has_key: bool

    @property
    def mood(self) -> str:
        """The class of its sign."""
        match self.access.state:
            case AccessState.FINE:
                return "ok"
            case AccessState.SOON:
                return "warn"
        return "no"


def access_shown(visit: Visit, access: Access) -> AccessShown:
    """How it stands."""
    who, name = "", access.channel
    if access.by:
        with visit.app.store.read() as tx:
            who = tx.persons.names().get(access.by, access.by)
    return AccessShown(
        access,
        sentence(visit, access),
        who,
        visit.app.channels.access.redirect(name) if access.connects else "",
        bool(visit.app.settings.token_keys),
    )


def sentence(visit: Visit, access: Access) -> Markup:
    """Until when."""
    words, ends = visit.words, access.ends
    if access.state is AccessState.STUCK:
        return in_english(access.problem)
    if access.state is AccessState.NONE:
        return escape(words("channels.access_none"))
    if ends is None:
        return escape(words("channels.access_endless"))
    name = "channels.access_ended" if access.state is AccessState.ENDED else "channels.access_ends"
    return escape(words(name, day=_day(visit, access)))


def advice(visit: Visit, access: Access) -> str:
    """What to do about it."""
    return visit.words("channels.access_agree" if access.connects else "channels.access_token")


def title(visit: Visit, access: Access) -> str:
    """The same in a few words, for home."""
    words, channel = visit.words, access.channel
    if access.state is AccessState.SOON and access.ends is not None:
        days = (access.ends - visit.now).days
        return words("home.access_soon", channel=channel, count=max(days, 1))
    return words("home.access_over", channel=channel)


def _day(visit: Visit, access: Access) -> str:
    times = visit.times
    day = times.day(times.local(access.ends).date()) if access.ends else ""
    return day.removesuffix(".")  # of a month that is cut, at the end of a sentence
