"""What waits for somebody, what happens if nobody acts, and when that would be too late."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from dispatch.clock import NEVER
from dispatch.model.campaigns.approval import Otherwise
from dispatch.model.campaigns.schedule import read_key
from dispatch.model.editions.edition import EditionState
from dispatch.model.team.role import Right
from dispatch.pipeline.access.outlook import AccessState, outlook
from dispatch.pipeline.delivery.queue import DAY_IS_OVER
from dispatch.store.delivery.channels import Stop
from dispatch.store.team.agenda import WaitingEdition
from dispatch.store.team.reader_counts import ReaderCount
from dispatch.web.team import access_words
from dispatch.web.team.campaign_titles import subjects_of, title_of
from dispatch.web.team.frame import tagged
from dispatch.web.team.visit import Visit

if TYPE_CHECKING:
    from dispatch.store.transactions import Transaction

NOTHING = Markup()

PATIENCE = timedelta(minutes=5)
"""A stop that is over by then is not worth telling: services ask for some patience all day."""

MOST_NAMED = 3
"""So many feeds or channels are named; more are a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing: `title` is the link, `rest` goes on with its sentence; `does` is the button."""

    sign: str
    mood: str
    href: str
    title: str
    rest: str = ""
    detail: Markup = NOTHING
    does: str = ""
    too_late: datetime = NEVER


def what_waits(
    visit: Visit, tx: "Transaction", *, counts: Mapping[str, ReaderCount], held: int
) -> list[Waiting]:
    """All of it; what becomes too late first stands first. `held` is the number of held posts."""
    names = tx.persons.names()
    undecided, paused = tx.agenda.undecided(), tx.agenda.paused()
    unsettled = tx.agenda.unsettled()
    some = [*undecided, *paused, *(one for one, _ in unsettled)]
    subjects = subjects_of(((one.campaign, one.id) for one in some), tx)
    found = [
        *(_undecided(visit, one, counts, names, subjects) for one in undecided),
        *(_paused(visit, one, subjects) for one in paused),
        *_unsettled(visit, unsettled, subjects),
        *_stopped(visit, tx),
        *_ending(visit, tx),
        *_unread(visit),
        *_untold(visit, tx),
        *_held(visit, held),
        *_failing(visit, tx),
        *_invited(visit, tx),
    ]
    return sorted(found, key=lambda one: one.too_late)


def _undecided(
    visit: Visit,
    edition: WaitingEdition,
    counts: Mapping[str, ReaderCount],
    names: Mapping[str, str],
    subjects: Mapping[str, str],
) -> Waiting:
    words, times, review = visit.words, visit.times, edition.review
    is_asked = edition.state is EditionState.CHANGES_REQUESTED
    said = []
    if edition.audience in counts:
        said.append(words("home.readers", count=counts[edition.audience].readers))
    if review.deadline:
        name = "home.else_sent" if review.otherwise is Otherwise.SEND else "home.else_skipped"
        said.append(words(name, when=times.plain(review.deadline)))
    if is_asked and edition.note:
        said.append(words("home.asked_for", note=edition.note))
    elif review.by:
        said.append(words("home.approved_by", names=times.any_of(called(review.by, names))))
    may = visit.may(Right.WRITE if is_asked else Right.APPROVE) or visit.may(Right.WRITE)
    return Waiting(
        sign="editions",
        mood="wait",
        href=f"/editions/{edition.id}",
        title=_named(visit, edition, subjects),
        rest=words("home.wants_changes" if is_asked else "home.in_review"),
        detail=escape(" ".join(said)),
        does=words("home.review") if may else "",
        too_late=review.deadline or edition.goes_out or NEVER,
    )


def called(by: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Those who may approve, by their names as far as they are of the team."""
    return [names.get(one.strip().lower(), one) for one in by]


def _paused(visit: Visit, edition: WaitingEdition, subjects: Mapping[str, str]) -> Waiting:
    return Waiting(
        sign="pause",
        mood="wait",
        href=f"/editions/{edition.id}",
        title=_named(visit, edition, subjects),
        rest=visit.words("home.paused"),
        detail=_reason(visit, edition.reason, "home.paused_more"),
        does=visit.words("home.look"),
    )


def _unsettled(
    visit: Visit, unsettled: Iterable[tuple[WaitingEdition, int]], subjects: Mapping[str, str]
) -> Iterator[Waiting]:
    for edition, number in unsettled:
        yield Waiting(
            sign="doubt",
            mood="doubt",
            href=f"/editions/{edition.id}",
            title=visit.words("home.unknown", count=number),
            rest=visit.words("home.unknown_in", edition=_named(visit, edition, subjects)),
            detail=escape(visit.words("home.unknown_more")),
            does=visit.words("home.decide") if visit.may(Right.MEND) else "",
        )


def _stopped(visit: Visit, tx: "Transaction") -> Iterator[Waiting]:
    stops = lasting_stops(visit, tx)
    behind = tx.batches.waiting_by_channel() if stops else {}
    for stop in stops:
        number = behind.get(stop.channel, 0)
        if stop.until and not number:
            continue
        advice = [visit.words("home.messages_wait", count=number)] if number else []
        if stop.until is None:
            advice.append(visit.words("home.stopped_more"))
        else:
            when = visit.times.plain(stop.until)
            advice.append(visit.words("home.waits_until_more", when=when))
        yield Waiting(
            sign="channels",
            mood="bad" if stop.until is None else "wait",
            href=f"/channels/{stop.channel}",
            title=visit.words("home.channel", channel=stop.channel),
            rest=visit.words("home.stopped" if stop.until is None else "home.waits_now"),
            detail=_said(stop.reason, escape(" ".join(advice))),
            does=visit.words("home.look") if visit.may(Right.TRY_CHANNELS) else "",
        )


def _ending(visit: Visit, tx: "Transaction") -> Iterator[Waiting]:
    """Accesses to accounts that only a person can renew, and that end soon or have ended."""
    for one in outlook(visit.app.workspace, tx, now=visit.now):
        if one.needs_somebody:
            does = "home.connect_again" if one.connects else "home.look"
            yield Waiting(
                sign="channels",
                mood="wait" if one.state is AccessState.SOON else "bad",
                href=f"/channels/{one.channel}#access",
                title=access_words.title(visit, one),
                detail=Markup(" ").join(
                    [access_words.sentence(visit, one), access_words.advice(visit, one)]
                ),
                does=visit.words(does) if visit.may(Right.CHANNELS) else "",
                too_late=one.ends or NEVER,
            )


def _unread(visit: Visit) -> Iterator[Waiting]:
    """The mailbox of what comes back, where it cannot be opened: bounces wait in it, unread."""
    problem = visit.app.bounces.problem()
    if problem:
        channel = next(iter(visit.app.bounces.channels()), "")
        yield Waiting(
            sign="mail",
            mood="bad",
            href=f"/channels/{channel}" if channel else "/channels",
            title=visit.words("home.mailbox"),
            rest=visit.words("home.mailbox_unread"),
            detail=_said(problem, escape(visit.words("home.mailbox_more"))),
            does=visit.words("home.look"),
        )


def _untold(visit: Visit, tx: "Transaction") -> Iterator[Waiting]:
    """Programs that are told nothing more, as they are gone or have failed for days."""
    for name, reason in tx.receivers.off() if visit.may(Right.PLAN) else ():
        yield Waiting(
            sign="out",
            mood="bad",
            href=f"/notifications/{name}",
            title=visit.words("home.receiver", name=name),
            rest=visit.words("home.receiver_off"),
            detail=_said(reason, escape(visit.words("home.receiver_off_more"))),
            does=visit.words("home.look") if visit.may(Right.CHANNELS) else "",
        )


def lasting_stops(visit: Visit, tx: "Transaction") -> list[Stop]:
    """Stops that somebody should know of: those for good, and those for longer than patience.

    A channel whose share of the day is used does what its pace says.
    """
    channels, soon = visit.app.workspace.channels, visit.now + PATIENCE
    return [
        one
        for one in tx.channels.stops()
        if one.channel in channels and one.is_in_force(soon) and one.reason != DAY_IS_OVER
    ]


def _held(visit: Visit, number: int) -> Iterator[Waiting]:
    if number:
        yield Waiting(
            sign="posts",
            mood="wait",
            href="/posts?state=held",
            title=visit.words("home.held", count=number),
            detail=escape(visit.words("home.held_more", count=number)),
            does=visit.words("home.decide") if visit.may(Right.DECIDE_POSTS) else "",
        )


def _failing(visit: Visit, tx: "Transaction") -> Iterator[Waiting]:
    failing = tx.agenda.failing(visit.app.workspace.feeds)
    if len(failing) > MOST_NAMED:
        yield Waiting(
            sign="feeds",
            mood="bad",
            href="/feeds",
            title=visit.words("home.feeds_fail", count=len(failing)),
            detail=escape(visit.words("home.feeds_fail_more")),
            does=visit.words("home.look"),
        )
        return
    for name, problem in failing:
        yield Waiting(
            sign="feeds",
            mood="bad",
            href=f"/feeds/{name}",
            title=visit.words("home.feed", feed=name),
            rest=visit.words("home.fails"),
            detail=_reason(visit, problem, "home.fails_more"),
            does=visit.words("home.look"),
        )


def _invited(visit: Visit, tx: "Transaction") -> Iterator[Waiting]:
    number = tx.agenda.open_invitations(visit.now) if visit.may(Right.PEOPLE) else 0
    if number:
        yield Waiting(
            sign="team",
            mood="still",
            href="/people",
            title=visit.words("home.invited", count=number),
            detail=escape(visit.words("home.invited_more")),
            does=visit.words("home.look"),
        )


def _named(visit: Visit, edition: WaitingEdition, subjects: Mapping[str, str]) -> str:
    """The campaign's title, or a letter's subject, and the day of the slot."""
    title = title_of(visit, edition.campaign, subjects.get(edition.id, ""))
    if not edition.slot:
        return title
    return visit.words("home.edition", title=title, day=visit.times.day(_day(edition)))


def _day(edition: WaitingEdition) -> date:
    return read_key(edition.slot)[0].date()


def _reason(visit: Visit, reason: str, more: str) -> Markup:
    """What the engine says, which is English, and what to do about it."""
    return _said(reason, tagged(visit.words, more))


def _said(reason: str, advice: Markup) -> Markup:
    if not reason:
        return advice
    return Markup('<span lang="en">{}</span>. {}').format(reason.rstrip("."), advice)
