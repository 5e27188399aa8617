"""Readers: listed, looked for, shown, and all that is known of one to take along."""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from dispatch.errors import BadInput, NotFound
from dispatch.model.people.segment import rule_of
from dispatch.model.people.subscriber import Subscriber as Person
from dispatch.model.people.subscriber import SubscriptionState, email_key
from dispatch.model.team.role import Right
from dispatch.model.text.suggestions import did_you_mean
from dispatch.pipeline.people.edit_subscriber import mark_of
from dispatch.pipeline.people.export_person import export_person
from dispatch.pipeline.people.list_segment import list_segment
from dispatch.store.database.look_through import SECONDS
from dispatch.store.people.finding import Found, Wanted
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed, PageQuery, behind, cursor_of
from dispatch.web.api.operation import Operation
from dispatch.web.api.readers.shown import (
    Subscriber,
    SubscriberLine,
    line_of,
    received_of,
    subscription_of,
    suppression_of,
    word_of,
)
from dispatch.web.team.readers.subscriber import LAST

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 200


class SubscribersQuery(PageQuery):
    """Which readers; what is left out narrows nothing."""

    audience: str = Field(default="", description="Who is or was in it.", max_length=LONGEST)
    state: SubscriptionState | None = Field(
        default=None, description="Where a subscription stands, in the audience or in any."
    )
    segment: str = Field(
        default="",
        description="Of an audience those whom a segment picks: its name in schedules.yaml, or a"
        " rule.",
        max_length=1_000,
    )
    q: str = Field(default="", description="What is in their address or name.", max_length=LONGEST)


class Profile(BaseModel):
    """What somebody has told of themselves."""

    name: str = Field(examples=["Ada"])
    locale: str = Field(examples=["fr"])
    timezone: str = Field(examples=["Europe/Paris"])
    topics: list[str] = Field(examples=[["ai"]])


class PersonFile(BaseModel):
    """All that the database holds about somebody, for them to take with them."""

    model_config = ConfigDict(extra="allow")

    form: int = Field(description="The version of the form, which only ever gains keys.")
    profile: dict[str, Any]
    subscriptions: list[dict[str, Any]]
    record: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]


def list_subscribers(call: Call) -> Listed[SubscriberLine]:
    """Readers, those who came last first.

    With `q` a page may have fewer than `limit`, or none, and a `next` all the same: no index helps
    with that, and each page looks through some of them. So it is with `segment`, which gives an
    audience's readers in the order in which they came, and takes no `state` and no `q`.
    """
    asked = call.query(SubscribersQuery)
    if asked.segment:
        return _picked(call, asked)
    place = behind(asked.cursor, int)
    before = int(place[0]) if place else 0
    wanted = Wanted(asked.q, asked.audience, asked.state.value if asked.state else "")
    most, below = asked.limit + 1, 0
    people: Sequence[Found]
    # A state alone is looked for in each audience; nothing else asks which there are.
    in_any = bool(wanted.state and not wanted.audience)
    audiences = call.app.people.audiences() if in_any else []
    with call.app.store.read() as tx:
        if wanted.text:
            sought = tx.finding.look_for(wanted, before=before, most=most, seconds=SECONDS)
            people, below = sought.items, sought.below
        else:
            people = tx.finding.page(wanted, audiences, before=before, most=most)
    if len(people) > asked.limit:
        people = people[: asked.limit]
        below = people[-1].subscriber.id
    return Listed(items=list(map(line_of, people)), next=cursor_of(below) if below else None)


def _picked(call: Call, asked: SubscribersQuery) -> Listed[SubscriberLine]:
    app = call.app
    if asked.q or asked.state:
        raise BadInput(["segment: goes with an audience alone - leave q and state out"])
    audiences = app.people.audiences()
    if asked.audience not in audiences:
        raise BadInput([f"audience: say of which - {did_you_mean(asked.audience, audiences)}"])
    try:
        rule = rule_of(asked.segment, app.workspace.segments)
    except NotFound as error:
        raise BadInput([str(error)]) from error
    place = behind(asked.cursor, int)
    with app.store.read() as tx:
        ids, after = list_segment(
            rule,
            asked.audience,
            tx=tx,
            renderer=app.tools.trials,
            after=int(place[0]) if place else 0,
            most=asked.limit,
        )
        people = tx.finding.those(ids)
    return Listed(items=list(map(line_of, people)), next=cursor_of(after) if after else None)


def show_subscriber(call: Call) -> Subscriber:
    """Somebody: what they said, where they stand, what they got."""
    return shown(person_of(call), call)


def shown(person: Person, call: Call) -> Subscriber:
    """All that the team sees of somebody."""
    campaigns = call.app.workspace.campaigns.values()
    with call.app.store.read() as tx:
        words = tx.record.words(person.id)
        texts = tx.record.wordings({one.wording for one in words if one.wording})
        standing = tx.consents.standing(person.id)
        theirs = [one.name for one in campaigns if one.email and one.email.audience in standing]
        received = tx.received.last_of(person.id, theirs, limit=LAST)
        later = tx.later.of(one.key for one in received)
        choice = tx.consents.choice(person.id)
        suppression = tx.suppressions.of(person.email)
        asked = tx.suppressions.asked_by(email_key(person.email))
    return Subscriber(
        id=person.public_id,
        email=person.email,
        name=person.name,
        locale=person.locale,
        suppressed=suppression is not None,
        subscriptions=list(map(subscription_of, standing.values())),
        timezone=person.timezone,
        topics=list(person.topics),
        cadence=person.cadence,
        cadence_own=choice.own,
        fields=person.fields,
        record=[
            word_of(one, texts[one.wording].text if one.wording in texts else "")
            for one in reversed(words)
        ],
        deliveries=[received_of(one, later.get(one.key)) for one in received],
        suppression=suppression_of(suppression, asked) if suppression else None,
    )


def show_profile(call: Call) -> Profile:
    """What somebody has told of themselves, with the ETag by which it is changed."""
    person = person_of(call)
    return Profile(
        name=person.name,
        locale=person.locale,
        timezone=person.timezone,
        topics=list(person.topics),
    )


def export_subscriber(call: Call) -> PersonFile:
    """All that is known of somebody, for them to take along."""
    return PersonFile(**export_person(person_of(call), store=call.app.store))


def person_of(call: Call) -> Person:
    """Whom the address names; raises NotFound."""

    def read() -> Person:
        with call.app.store.read() as tx:
            found = tx.subscribers.by_public_id(call.part("id"))
        if found is None:
            raise NotFound("subscriber: there is nobody by that id - look in the list")
        return found

    return call.once("person", read)


def profile_tag(call: Call) -> str:
    """The mark of what is known of them: another one as soon as that is something else."""
    return mark_of(person_of(call))


OPERATIONS = (
    Operation(
        "GET",
        "/subscribers",
        list_subscribers,
        Right.READERS,
        gives=Listed[SubscriberLine],
        query=SubscribersQuery,
        one_picture=True,
    ),
    Operation(
        "GET",
        "/subscribers/{id}",
        show_subscriber,
        Right.READERS,
        gives=Subscriber,
        one_picture=True,
    ),
    Operation(
        "GET",
        "/subscribers/{id}/profile",
        show_profile,
        Right.READERS,
        gives=Profile,
        tag=profile_tag,
    ),
    Operation(
        "GET", "/subscribers/{id}/export", export_subscriber, Right.READERS, gives=PersonFile
    ),
)
