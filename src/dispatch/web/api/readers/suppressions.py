"""Addresses and domains to which nothing goes: listed, added, taken in from a file, lifted."""

from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, Field

from dispatch.config.files.problems import InvalidValueError
from dispatch.config.people.targets import checked_target
from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.people.subscriber import Suppression, email_key
from dispatch.model.people.suppression import target_of
from dispatch.model.team.role import Right
from dispatch.model.text.plain_text import one_line
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed, PageQuery, behind, cursor_of
from dispatch.web.api.moments import moment_in
from dispatch.web.api.operation import Operation
from dispatch.web.api.readers.imports import CSV
from dispatch.web.api.readers.shown import SuppressionLine, suppression_of
from dispatch.web.team.place import FILE_BYTES
from dispatch.web.team.readers.suppressions import MOST_PROBLEMS, handed_over, target_in


class What(StrEnum):
    """Which suppressions."""

    ADDRESSES = "addresses"
    DOMAINS = "domains"
    ASKED = "asked"


class SuppressionsQuery(PageQuery):
    """Which suppressions."""

    what: What = Field(
        default=What.ADDRESSES, description="asked: those whose readers ask to be let back in."
    )
    q: str = Field(default="", description="What is in the address or domain.", max_length=200)


class NewSuppression(BaseModel):
    """To what nothing is to go."""

    model_config = ConfigDict(extra="forbid")

    target: str = Field(
        description="An address, @example.org, or *.example.org for all below it.",
        max_length=1_000,
        examples=["ada@example.org"],
    )
    reason: str = Field(max_length=1_000, examples=["asked never to be written to"])


class Lifting(BaseModel):
    """Why a suppression is lifted."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(max_length=1_000, examples=["they wrote to us"])
    sure: bool = Field(default=False, description="Needed where it is for good.")


class FileQuery(BaseModel):
    """What is said of a file of suppressions."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="suppressed.csv", description="What it is called.", max_length=100)
    reason: str = Field(
        default="imported", description="Why, where the file does not say.", max_length=1_000
    )


class TakenIn(BaseModel):
    """What came of a file."""

    rows: int = Field(description="That were read.")
    new: int = Field(description="That were not suppressed until now.")
    faulty: int = Field(description="Rows that do not count.")
    wrong_lines: list[int] = Field(description="Where these are: the first 50.")


def list_suppressions(call: Call) -> Listed[SuppressionLine]:
    """Addresses, or domains, to which nothing goes, the newest first.

    With `q` a page may have fewer than `limit`, or none, and a `next` all the same.
    """
    asked = call.query(SuppressionsQuery)
    before = _place(asked.cursor)
    domains, most = asked.what is What.DOMAINS, asked.limit + 1
    rest: tuple[datetime, str] | None = None
    with call.app.store.read() as tx:
        if asked.what is What.ASKED:
            asking = tx.suppressions.asked()
            found = list(tx.suppressions.listed(keys=list(asking), text=asked.q))
            found = [one for one in found if before is None or _key(one) < before][:most]
        else:
            asking = {}
            if asked.q:
                found, rest = tx.suppressions.sought(
                    asked.q, domains=domains, before=before, most=most
                )
            else:
                found = tx.suppressions.page(domains=domains, before=before, most=most)
    if len(found) > asked.limit:
        found = found[: asked.limit]
        rest = _key(found[-1])
    items = [suppression_of(one, asking.get(email_key(one.email))) for one in found]
    return Listed(items=items, next=cursor_of(rest[0].isoformat(), rest[1]) if rest else None)


def show_suppression(call: Call) -> SuppressionLine:
    """One of them."""
    return _line(call, call.part("id"))


def add_suppression(call: Call) -> Answer:
    """Never mail an address again, or anybody at a domain; 200 where that was so already."""
    said = call.said(NewSuppression)
    try:
        target = checked_target(said.target)
    except InvalidValueError as error:
        raise BadInput([f"target: {error}"]) from error
    if not (reason := one_line(said.reason)):
        raise BadInput(["reason: is empty - fill it in"])
    new = call.app.people.suppress(target, reason=reason, by=call.by)
    with call.app.store.read() as tx:
        found = tx.suppressions.of_target(target)
    if found is None:
        raise Conflict("it was lifted in the same moment - look at the list")
    line = suppression_of(found)
    status = HTTPStatus.CREATED if new else HTTPStatus.OK
    return Answer(line, status, call.found_at("suppressions", line.id))


def import_suppressions(call: Call) -> TakenIn:
    """Suppress all that a CSV file names; rows that make no sense are told, the others count."""
    asked = call.query(FileQuery)
    name = one_line(asked.name)[:100] or "suppressed.csv"
    if not call.raw.strip():
        raise BadInput(["body: is empty - post what is in the file"])
    found = handed_over(call.app, name, call.raw)
    if not found.readable:
        raise BadInput([f"body: {found.problems[0]}"])
    reason = one_line(asked.reason) or "imported"
    new = call.app.people.suppress_all(found.rows, file=name, reason=reason, by=call.by)
    return TakenIn(
        rows=len(found.rows),
        new=new,
        faulty=found.faulty,
        wrong_lines=[one.line for one in found.problems[:MOST_PROBLEMS] if one.line],
    )


def lift_suppression(call: Call) -> None:
    """Let an address or domain be mailed again."""
    said, line = call.said(Lifting), _line(call, call.part("id"))
    if not (note := one_line(said.note)):
        raise BadInput(["note: is empty - say why it is lifted"])
    if line.for_good and not said.sure:
        raise BadInput(["sure: is missing - they complained, or said never: say true if you are"])
    call.app.people.lift(target_in(call.part("id")), note=note, by=call.by)


def _line(call: Call, name: str) -> SuppressionLine:
    target = target_in(name)
    with call.app.store.read() as tx:
        found = tx.suppressions.of_target(target)
        asked = tx.suppressions.asked_by(target.key)
    if found is None:
        raise NotFound("suppression: there is none by that id - look in the list")
    return suppression_of(found, asked)


def _place(cursor: str) -> tuple[datetime, str] | None:
    said = behind(cursor, str, str)
    if said is None:
        return None
    return moment_in(str(said[0])), str(said[1])


def _key(one: Suppression) -> tuple[datetime, str]:
    return one.since, target_of(one.email).key


OPERATIONS = (
    Operation(
        "GET",
        "/suppressions",
        list_suppressions,
        Right.READERS,
        gives=Listed[SuppressionLine],
        query=SuppressionsQuery,
    ),
    Operation(
        "POST",
        "/suppressions",
        add_suppression,
        Right.READERS,
        gives=SuppressionLine,
        takes=NewSuppression,
        status=HTTPStatus.CREATED,
        also=HTTPStatus.OK,
        again=_line,
    ),
    Operation(
        "POST",
        "/suppressions/import",
        import_suppressions,
        Right.READERS,
        gives=TakenIn,
        query=FileQuery,
        raw=(CSV,),
        most_bytes=FILE_BYTES,
        slow=True,
    ),
    Operation(
        "GET",
        "/suppressions/{id}",
        show_suppression,
        Right.READERS,
        gives=SuppressionLine,
        one_picture=True,
    ),
    Operation("POST", "/suppressions/{id}/lift", lift_suppression, Right.ERASE, takes=Lifting),
)
