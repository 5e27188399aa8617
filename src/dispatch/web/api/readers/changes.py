"""What the team does for a reader: brought in, noted, ended, suppressed, erased."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from dispatch.config.people.typed import read_typed
from dispatch.errors import BadInput, NotFound
from dispatch.model.campaigns.cadence import Cadence
from dispatch.model.people.record import Trace
from dispatch.model.people.subscriber import Consent, SubscriberRow, email_key, noted_by
from dispatch.model.people.suppression import Target
from dispatch.model.team.role import Right
from dispatch.model.text.plain_text import one_line
from dispatch.model.text.suggestions import did_you_mean
from dispatch.pipeline.people.choose_cadence import choose_cadence_of
from dispatch.pipeline.people.edit_subscriber import edit_subscriber, mark_of
from dispatch.pipeline.people.suppress import of_team
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.moments import Moment
from dispatch.web.api.operation import Operation
from dispatch.web.api.readers.shown import Subscriber
from dispatch.web.api.readers.subscribers import (
    Profile,
    person_of,
    profile_tag,
    show_profile,
    shown,
)

MOST_TOPICS = 100
_OURS = {"source": "consent_source"}
"""Fields that a subscriber file calls otherwise."""


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewSubscriber(_Said):
    """Somebody who has agreed already, as whoever calls has it noted under their own name."""

    email: str = Field(max_length=1_000, examples=["ada@example.org"])
    audience: str = Field(max_length=200, examples=["readers"])
    source: str = Field(
        description="How they agreed: it goes on record, with who noted it.",
        max_length=1_000,
        examples=["signed the list at the fair"],
    )
    name: str = Field(default="", max_length=1_000, examples=["Ada"])
    locale: str = Field(default="", max_length=100, examples=["fr"])
    timezone: str = Field(default="", max_length=100, examples=["Europe/Paris"])
    topics: list[str] = Field(default_factory=list, max_length=MOST_TOPICS, examples=[["ai"]])
    cadence: str = Field(default="", max_length=100, examples=["weekly"])
    consented_at: Moment | None = Field(
        default=None, description="When they agreed; null: now.", examples=["2026-03-02T08:00:00Z"]
    )
    again: bool = Field(
        default=False, description="They had left, and ask for it again: nothing else brings them."
    )


class Noted(_Said):
    """What somebody has told of themselves. What is left out stays."""

    source: str = Field(description="On whose word.", max_length=1_000, examples=["by phone"])
    name: str | None = Field(default=None, max_length=1_000, examples=["Ada"])
    locale: str | None = Field(default=None, max_length=100, examples=["fr"])
    timezone: str | None = Field(default=None, max_length=100, examples=["Europe/Paris"])
    topics: list[str] | None = Field(default=None, max_length=MOST_TOPICS, examples=[["ai"]])


class Often(_Said):
    """How often somebody wants what they get."""

    cadence: Cadence | None = Field(
        description="null: what a file says, or else what campaigns give.", examples=["weekly"]
    )


class Ending(_Said):
    """Which subscriptions of somebody end."""

    audiences: list[str] = Field(min_length=1, max_length=100, examples=[["readers"]])
    why: str = Field(
        description="How they asked for it: it goes on record.",
        max_length=1_000,
        examples=["wrote to the editors"],
    )


class Because(_Said):
    """Why."""

    reason: str = Field(max_length=1_000, examples=["asked never to be written to"])


class Sure(_Said):
    """That just this person is meant."""

    email: str = Field(description="Their address.", max_length=1_000, examples=["ada@example.org"])


class Erasure(BaseModel):
    """That somebody was erased; the number names nobody."""

    number: str
    at: datetime
    fields: int = Field(description="How much was known of them.")
    subscriptions: int = Field(description="How many ended by it.")
    deliveries: int = Field(description="How many say no longer whose they were.")


def add_subscriber(call: Call) -> Answer:
    """Bring somebody in who has agreed already, noted under the name of whoever calls.

    200 where they are in the audience already, and 409 where they have left it (say `again`) or
    are suppressed. Who is still to be asked is, by the form: `POST /forms/{form}/sign-ups`.
    """
    said, people = call.said(NewSubscriber), call.app.people
    values = _read(
        {
            "email": said.email,
            "name": said.name,
            "locale": said.locale,
            "timezone": said.timezone,
            "topics": "|".join(said.topics),
            "cadence": said.cadence,
            "source": said.source,
        }
    )
    _required(values, "email", "consent_source")
    if not people.is_audience(said.audience):
        known = people.audiences()
        raise BadInput([f"audience: there is none of that name - {did_you_mean('', known)}"])
    email = values.pop("email")
    note = noted_by(str(values.pop("consent_source")), call.by)
    source, new = of_team(call.by), True
    if said.again:
        people.rejoin(email, said.audience, source=source, note=note, by=call.by)
    else:
        consent = Consent(said.consented_at or call.now, source, trace=Trace(email, note=note))
        row = SubscriberRow(1, email, consent, **values)
        new = people.add(row, said.audience, by=call.by)[1].new
    status = HTTPStatus.CREATED if new else HTTPStatus.OK
    person = shown(people.find(email), call)
    return Answer(person, status, call.found_at("subscribers", person.id))


def edit_profile(call: Call) -> Profile:
    """Note what they have told the team of themselves; no file changes that again."""
    said, person = call.said(Noted), person_of(call)
    typed: dict[str, str] = {
        name: value
        for name, value in (
            ("name", said.name),
            ("locale", said.locale),
            ("timezone", said.timezone),
        )
        if value is not None
    }
    if said.topics is not None:
        typed["topics"] = "|".join(said.topics)
    values = _read(typed)
    profile: dict[str, Any] = {name: values.get(name, "") for name in typed}
    if "topics" in profile:
        profile["topics"] = list(values.get("topics", ()))
    edit_subscriber(
        person.id,
        profile,
        seen=mark_of(person),
        source=_line(said.source, "source"),
        by=call.by,
        store=call.app.store,
        clock=call.app.clock,
    )
    with call.app.store.read() as tx:
        found = tx.subscribers.by_public_id(person.public_id) or person
    call.again("person", found)
    return show_profile(call)


def choose_cadence(call: Call) -> Subscriber:
    """Note how often they want what they get."""
    person, app = person_of(call), call.app
    choose_cadence_of(
        person.email,
        call.said(Often).cadence,
        app.workspace.families.values(),
        by=call.by,
        store=app.store,
        clock=app.clock,
    )
    return _anew(call)


def end_subscriptions(call: Call) -> Subscriber:
    """End some of their subscriptions, on their word. What has ended already stays so."""
    person, said = person_of(call), call.said(Ending)
    ground = _line(said.why, "why")
    for audience in said.audiences:
        if not call.app.people.is_audience(audience):
            known = did_you_mean(audience, call.app.people.audiences())
            raise BadInput([f"audiences: {audience[:80]} is none - {known}"])
    for audience in dict.fromkeys(said.audiences):
        call.app.people.end(person, audience, ground=ground, by=call.by)
    return _anew(call)


def suppress_subscriber(call: Call) -> Subscriber:
    """Never mail their address again."""
    person, said = person_of(call), call.said(Because)
    target = Target(email_key(person.email))
    call.app.people.suppress(target, reason=_line(said.reason, "reason"), by=call.by)
    return _anew(call)


def erase_subscriber(call: Call) -> Erasure:
    """Take them out of the database for ever; the body has to name their address."""
    person, said = person_of(call), call.said(Sure)
    if email_key(said.email) != email_key(person.email):
        raise BadInput(["email: is not theirs - say the address of who is to be erased"])
    erased = call.app.people.erase(person.email, source=of_team(call.by), by=call.by)
    return Erasure(
        number=erased.number,
        at=erased.at,
        fields=erased.fields,
        subscriptions=erased.subscriptions,
        deliveries=erased.deliveries,
    )


def _anew(call: Call, public_id: str = "") -> Subscriber:
    """The same person, as they stand after the change: what who repeats a call is answered, too."""
    with call.app.store.read() as tx:
        found = tx.subscribers.by_public_id(public_id or call.part("id"))
    if found is None:
        raise NotFound("subscriber: there is nobody by that id any more - nothing was changed")
    return shown(found, call)


def _again(call: Call, _about: str) -> Subscriber:
    return _anew(call)


def _read(typed: dict[str, str]) -> dict[str, Any]:
    values, wrong = read_typed({_OURS.get(name, name): text for name, text in typed.items()})
    if wrong:
        ours = {theirs: name for name, theirs in _OURS.items()}
        raise BadInput([f"{ours.get(name, name)}: {error}" for name, error in wrong.items()])
    return values


def _required(values: dict[str, Any], *names: str) -> None:
    ours = {theirs: name for name, theirs in _OURS.items()}
    missing = [
        f"{ours.get(one, one)}: is empty - fill it in" for one in names if not values.get(one)
    ]
    if missing:
        raise BadInput(missing)


def _line(text: str, field: str) -> str:
    if not (line := one_line(text)):
        raise BadInput([f"{field}: is empty - fill it in"])
    return line


OPERATIONS = (
    Operation(
        "POST",
        "/subscribers",
        add_subscriber,
        Right.READERS,
        gives=Subscriber,
        takes=NewSubscriber,
        status=HTTPStatus.CREATED,
        also=HTTPStatus.OK,
        again=_anew,
    ),
    Operation(
        "PATCH",
        "/subscribers/{id}/profile",
        edit_profile,
        Right.READERS,
        gives=Profile,
        takes=Noted,
        tag=profile_tag,
    ),
    Operation(
        "PUT",
        "/subscribers/{id}/cadence",
        choose_cadence,
        Right.READERS,
        gives=Subscriber,
        takes=Often,
    ),
    Operation(
        "POST",
        "/subscribers/{id}/end",
        end_subscriptions,
        Right.READERS,
        gives=Subscriber,
        takes=Ending,
        again=_again,
    ),
    Operation(
        "POST",
        "/subscribers/{id}/suppress",
        suppress_subscriber,
        Right.READERS,
        gives=Subscriber,
        takes=Because,
        again=_again,
    ),
    Operation(
        "POST",
        "/subscribers/{id}/erase",
        erase_subscriber,
        Right.ERASE,
        gives=Erasure,
        takes=Sure,
        slow=True,  # the file is wiped after it, which no transaction may hold up
    ),
)
