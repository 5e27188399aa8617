"""Letters, which no schedule made: begun, planned and let out; the rest is as of all editions."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dispatch.channels.provider import Carries
from dispatch.errors import BadInput, DispatchError, NotFound, NothingChanges
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.model.editions.letter import LETTERS
from dispatch.model.people.segment import rule_of
from dispatch.model.team.role import Right
from dispatch.model.text.suggestions import did_you_mean
from dispatch.pipeline.letters.audience import count_for_letter
from dispatch.pipeline.letters.plan import Leaves, Plan, plan_of
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed
from dispatch.web.api.editions.decisions import EditionApproval
from dispatch.web.api.editions.listed import EditionRow, LettersQuery, page_of
from dispatch.web.api.editions.shown import (
    ID,
    Decided,
    decided,
    edited,
    edition_of,
    letter_tag,
)
from dispatch.web.api.operation import Operation
from dispatch.web.team.campaign_snippets import carrying

MOST_NAMES = 20
MOST_SEGMENT = 2_000

Name = Annotated[str, Field(max_length=200)]
Leaving = Annotated[
    str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$", examples=["2026-12-24T09:00"])
]


class NewLetter(BaseModel):
    """How a letter begins."""

    model_config = ConfigDict(extra="forbid")

    copy_of: str = Field(
        default="",
        description="The id of an edition whose words and pieces it begins with; empty: none.",
        max_length=100,
        examples=[""],
    )


class LetterChanges(BaseModel):
    """Whom a letter is for, and when; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    audience: Name = Field(default="", examples=["readers"])
    segment: str | None = Field(
        default=None,
        description="Which of the audience: a rule, or the name of a saved one; empty: all.",
        max_length=MOST_SEGMENT,
        examples=["locale == 'fr'"],
    )
    template: Name = Field(default="", examples=["letter"])
    via: list[Name] = Field(
        default_factory=list,
        description="The channel, and those that step in.",
        max_length=MOST_NAMES,
        examples=[["outbox"]],
    )
    leaves: Leaving | None = Field(
        default=None,
        description="When, by the clocks of the workspace; null: as soon as it is approved.",
    )
    tells: bool | None = Field(
        default=None,
        description="Whether its posts count as told to readers, so that campaigns leave them out.",
    )
    social: list[Name] | None = Field(
        default=None, description="Channels on which it is told, too.", max_length=MOST_NAMES
    )


class Letter(BaseModel):
    """A letter as it is planned; what it says is shown as of any edition."""

    id: str = Field(examples=[ID])
    state: EditionState
    fingerprint: str = Field(description="Of what it says now: approval names it.")
    copy_of: str | None = Field(description="The id of what it began as a copy of.")
    audience: str = Field(examples=["readers"])
    segment: str = Field(description="The rule, or empty: all of the audience.")
    template: str = Field(examples=["letter"])
    via: list[str]
    leaves: str | None = Field(
        description="By the clocks of the workspace; null: as soon as it is approved.",
        examples=["2026-12-24T09:00"],
    )
    moment: datetime | None = Field(description="The same in UTC.", examples=[None])
    tells: bool
    social: list[str]


class LetterReadersQuery(BaseModel):
    """Of which audience; left out: of its own."""

    model_config = ConfigDict(extra="forbid")

    audience: str = Field(default="", max_length=200)
    segment: str | None = Field(default=None, max_length=MOST_SEGMENT)


class LetterReaders(BaseModel):
    """How many get it, if it went now."""

    readers: int = Field(description="Who gets it.", examples=[1204])
    suppressed: int = Field(description="Who would, but gets no mail.")
    asked: int = Field(description="Of how many this is so.")
    whole: bool = Field(description="Whether those are all: larger audiences take too long.")


def list_letters(call: Call) -> Listed[EditionRow]:
    """The letters, the newest first."""
    return page_of(call, call.query(LettersQuery), LETTERS)


def begin_letter(call: Call) -> Answer:
    """Begin a letter: empty, or with the words and pieces of an edition. It is a draft."""
    letter = call.app.letters.begin(by=call.by, copy_of=call.said(NewLetter).copy_of)
    call.again("edition", letter)
    return Answer(_shown(letter), headers={"Location": f"{call.request.url.path}/{letter.id}"})


def show_letter(call: Call) -> Letter:
    """Whom a letter is for, and when."""
    return _shown(_letter_of(call))


def change_letter(call: Call) -> Answer:
    """Say whom a letter is for, and when; what was approved waits for approval again."""
    letter = _letter_of(call)
    plan = _plan(call, plan_of(letter.content))
    try:
        made = call.app.letters.change(letter.id, plan, by=call.by, seen=letter.fingerprint)
    except NothingChanges:
        return Answer(_shown(letter))
    except BadInput as error:
        # The page has a field for the day and one for the hour.
        said = [str(one).replace("day: ", "leaves: ", 1) for one in error.problems]
        raise BadInput(said) from error
    return Answer(_shown(made.edition), headers=edited(call, made))


def count_letter_readers(call: Call) -> LetterReaders:
    """How many get a letter, if it went now; others than its own only with the right `write`."""
    asked, own = call.query(LetterReadersQuery), plan_of(_letter_of(call).content)
    audience = asked.audience or own.audience
    segment = own.segment if asked.segment is None else _rule(call, asked.segment)
    if (audience, segment) != (own.audience, own.segment):
        call.need(Right.WRITE)
        if audience != own.audience:
            _known("audience", audience, call.app.people.audiences())
    with call.app.store.read() as tx:
        found = count_for_letter(audience, segment, tx=tx, renderer=call.app.tools.trials)
    return LetterReaders(
        readers=found.get_it, suppressed=found.suppressed, asked=found.asked, whole=found.whole
    )


def send_letter(call: Call) -> Answer:
    """Let a draft go that nobody else has to approve, as it was looked at, at its time."""
    letter, seen = _letter_of(call), call.said(EditionApproval).fingerprint
    return decided(call, call.app.letters.send(letter.id, by=call.by, seen=seen))


def throw_away_letter(call: Call) -> Answer:
    """End a letter that is not approved."""
    return decided(call, call.app.letters.throw_away(_letter_of(call).id, by=call.by))


def tag_of_letter(call: Call) -> str:
    """The tag of what is told of it."""
    return letter_tag(_letter_of(call))


def _letter_of(call: Call) -> Edition:
    edition = edition_of(call)
    if edition.content.letter is None:
        raise NotFound(f"edition {edition.id[:8]}: is no letter - see the list of letters")
    return edition


def _plan(call: Call, was: Plan) -> Plan:
    """What is to be, of names that there are: those that it has may stay though they are gone."""
    said, app = call.said(LetterChanges), call.app
    if said.audience:
        _known("audience", said.audience, [was.audience, *app.people.audiences()])
    if said.template:
        _known("template", said.template, [was.template, *app.letters.templates()])
    for name in said.via:
        _known("via", name, [*was.via, *carrying(app.workspace, Carries.EMAIL)])
    for name in said.social or ():
        _known("social", name, [*was.social, *carrying(app.workspace, Carries.SOCIAL)])
    leaves = was.leaves
    if "leaves" in said.model_fields_set:
        leaves = _leaves(said.leaves)
    return Plan(
        audience=said.audience or was.audience,
        template=said.template or was.template,
        via=tuple(dict.fromkeys(said.via)) or was.via,
        segment=was.segment if said.segment is None else _rule(call, said.segment),
        leaves=leaves,
        tells=was.tells if said.tells is None else said.tells,
        social=was.social if said.social is None else tuple(dict.fromkeys(said.social)),
    )


def _known(field: str, name: str, known: list[str]) -> None:
    if name not in known:
        advice = did_you_mean(name, dict.fromkeys(filter(None, known)))
        raise BadInput([f"{field}: there is none of that name - {advice}"])


def _rule(call: Call, segment: str) -> str:
    try:
        rule = rule_of(segment.strip(), call.app.workspace.segments)
        if rule:
            call.app.tools.trials.check_segment(rule)
    except DispatchError as error:
        raise BadInput([f"segment: {str(error).removeprefix('segment: ')}"]) from error
    return rule


def _leaves(said: str | None) -> Leaves:
    if said is None:
        return Leaves()
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        raise BadInput(["leaves: is no time - write one such as 2026-12-24T09:00"]) from None
    return Leaves(at.date(), at.time())


def _shown(letter: Edition) -> Letter:
    plan, slot = plan_of(letter.content), letter.content.sending.slot
    copy_of = letter.content.letter.copy_of if letter.content.letter else ""
    return Letter(
        id=letter.id,
        state=letter.state,
        fingerprint=letter.fingerprint,
        copy_of=copy_of or None,
        audience=plan.audience,
        segment=plan.segment,
        template=plan.template,
        via=list(plan.via),
        leaves=f"{slot.local:%Y-%m-%dT%H:%M}" if slot else None,
        moment=slot.moment if slot else None,
        tells=plan.tells,
        social=list(plan.social),
    )


_AT = "/letters/{id}"

OPERATIONS = (
    Operation(
        "GET",
        "/letters",
        list_letters,
        Right.LOOK,
        gives=Listed[EditionRow],
        query=LettersQuery,
    ),
    Operation(
        "POST",
        "/letters",
        begin_letter,
        Right.WRITE,
        gives=Letter,
        takes=NewLetter,
        status=HTTPStatus.CREATED,
        may=(HTTPStatus.NOT_FOUND,),
        slow=True,  # a trial renders it
    ),
    Operation("GET", _AT, show_letter, Right.LOOK, gives=Letter, tag=tag_of_letter),
    Operation(
        "PATCH",
        _AT,
        change_letter,
        Right.WRITE,
        gives=Letter,
        takes=LetterChanges,
        tag=tag_of_letter,
        slow=True,
    ),
    Operation(
        "GET",
        f"{_AT}/readers",
        count_letter_readers,
        Right.LOOK,
        gives=LetterReaders,
        query=LetterReadersQuery,
    ),
    Operation(
        "POST",
        f"{_AT}/send",
        send_letter,
        Right.APPROVE,
        gives=Decided,
        takes=EditionApproval,
        slow=True,
    ),
    Operation("POST", f"{_AT}/throw-away", throw_away_letter, Right.WRITE, gives=Decided),
)
