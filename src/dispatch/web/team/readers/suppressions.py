"""Addresses and domains to which nothing goes: looked at, added, lifted, taken in and out."""

import tempfile
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError
from dispatch.config.people.suppression_file import (
    COLUMNS,
    SuppressionFile,
    read_suppressions,
)
from dispatch.config.people.targets import checked_target
from dispatch.errors import NotFound
from dispatch.model.people.subscriber import Suppression, email_key
from dispatch.model.people.suppression import Target, target_of
from dispatch.model.team.role import Right
from dispatch.model.text.plain_text import one_line
from dispatch.pipeline.people.export_suppressions import export_suppressions
from dispatch.private_files import write_private
from dispatch.web.team.queries import with_query
from dispatch.web.team.readers.sheets import sheet
from dispatch.web.team.readers.told import helpers
from dispatch.web.team.visit import Visit

if TYPE_CHECKING:
    from dispatch.app import App

PAGE = 50
ASKING = 5
"""Readers who ask to come back that are named above the list."""

MOST_PROBLEMS = 50
"""Rows of a file that are named as wrong."""

WHATS = ("addresses", "domains", "asked")


def show(visit: Visit) -> Response:
    """The page."""
    asked = visit.asked("lift")
    if not asked or not visit.may(Right.ERASE):
        return _page(visit)
    with visit.app.store.read() as tx:
        return _page(visit, lifting=tx.suppressions.of_target(target_in(asked)))


def add(visit: Visit) -> Response:
    """Never mail an address again, or anybody at a domain."""
    typed, reason = visit.form("address"), one_line(visit.form("reason"))
    errors: dict[str, str] = {}
    target: Target | None = None
    try:
        target = checked_target(typed)
    except InvalidValueError as error:
        errors["address"] = f"{error.problem} - {error.advice}"
    if not reason:
        errors["reason"] = visit.words("errors.required")
    if errors or target is None:
        return _page(visit, errors)
    new = visit.app.people.suppress(target, reason=reason, by=visit.by)
    what = "?what=domains" if target.is_domain else ""
    return visit.to(
        f"/suppressions{what}", said="address_suppressed" if new else "address_suppressed_already"
    )


def lift(visit: Visit) -> Response:
    """Let one be mailed again: with a note, and asked twice where it was a complaint."""
    target = target_in(visit.part("id"))
    with visit.app.store.read() as tx:
        found = tx.suppressions.of_target(target)
    note = one_line(visit.form("note"))
    errors: dict[str, str] = {}
    if not note:
        errors["note"] = visit.words("errors.required")
    if found is not None and found.is_for_good and not visit.form.has("sure"):
        errors["sure"] = visit.words("suppressions.say_sure")
    if errors:
        return _page(visit, errors, lifting=found)
    visit.app.people.lift(target, note=note, by=visit.by)
    return visit.to("/suppressions", said="suppression_lifted")


def take_in(visit: Visit) -> Response:
    """Suppress all that a file names."""
    file, app = visit.form.files.get("file"), visit.app
    content = file.file.read() if file is not None else b""
    if not content.strip():
        return _page(visit, {"file": visit.words("suppressions.no_file")})
    name = one_line((file.filename or "") if file else "")[:100] or "suppressed.csv"
    found = handed_over(app, name, content)
    if not found.readable:
        return _page(visit, {"file": str(found.problems[0])})
    reason = one_line(visit.form("why")) or "imported"
    new = app.people.suppress_all(found.rows, file=name, reason=reason, by=visit.by)
    if found.problems:
        told = [str(one) for one in found.problems[:MOST_PROBLEMS]]
        return _page(visit, {"file": visit.words("suppressions.some_wrong", count=new)}, told=told)
    return visit.to("/suppressions", said="suppressions_taken_in", count=new)


def handed_over(app: "App", name: str, content: bytes) -> SuppressionFile:
    """What a file says of that name that somebody has handed over."""
    with tempfile.TemporaryDirectory(dir=app.settings.state_folder, prefix="upload-") as folder:
        path = Path(folder) / "suppressed.csv"
        write_private(path, content)
        return read_suppressions(path, shown=name)


def take_out(visit: Visit) -> Response:
    """All of them as CSV; that somebody took them stands in the log."""
    rows = export_suppressions(by=visit.by, store=visit.app.store, clock=visit.app.clock)
    return sheet(visit.request, f"suppressions-{visit.now:%Y-%m-%d}", COLUMNS, rows)


def id_of(target: Target) -> str:
    """Its part of an address."""
    return urlsafe_b64encode(target.key.encode()).decode().rstrip("=")


def target_in(part: str) -> Target:
    """What a part of an address names; raises NotFound."""
    try:
        return Target(urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode())
    except ValueError as error:
        raise NotFound("suppression: there is none by that name - look in the list") from error


def _page(
    visit: Visit,
    errors: Mapping[str, str] | None = None,
    *,
    lifting: Suppression | None = None,
    told: Sequence[str] = (),
) -> Response:
    what = visit.asked("what") if visit.asked("what") in WHATS else "addresses"
    text, app = visit.asked("q"), visit.app
    with app.store.read() as tx:
        asking = tx.suppressions.asked()
        if what == "asked":
            found = list(tx.suppressions.listed(keys=list(asking), limit=PAGE + 1))
        else:
            found = tx.suppressions.page(
                domains=what == "domains",
                text=text.lower(),
                before=_before(visit.asked("before")),
                most=PAGE + 1,
            )
        beside = _beside(text, visit, [one.email for one in found]) if text else ""
        keys = [email_key(one.email) for one in found]
        people = tx.subscribers.by_keys([*keys, *list(asking)[:ASKING]])
    older = _older(found, visit, what, text) if what != "asked" else ""
    return visit.page(
        "suppressions.html",
        here="suppressions",
        status_code=422 if errors else 200,
        errors=errors or {},
        what=what,
        whats=WHATS,
        q=text,
        found=found[:PAGE],
        people=people,
        asking=asking,
        first_asking=list(asking.items())[:ASKING],
        beside=beside,
        older=older,
        is_later=bool(visit.asked("before")),
        lifting=lifting,
        told=told,
        typed={name: visit.form(name) for name in ("address", "reason", "note", "why")},
        id_of=lambda one: id_of(target_of(one.email)),
        key_of=lambda one: email_key(one.email),
        **helpers(visit),
    )


def _beside(text: str, visit: Visit, found: Sequence[str]) -> str:
    """What else is known of a whole address that somebody looks for, as a sentence; or nothing."""
    try:
        address = checked_address(text)
    except InvalidValueError:
        return ""
    if email_key(address) in map(email_key, found):
        return ""
    people = visit.app.people
    with visit.app.store.read() as tx:
        by_domain = tx.suppressions.of(address)
        if by_domain is not None:
            return visit.words("suppressions.by_domain", domain=by_domain.email)
        if people.is_suppressed_before(address, tx):
            return visit.words("suppressions.before")
        if visit.app.tools.endings.is_erased(email_key(address), tx=tx):
            return visit.words("suppressions.erased")
    return visit.words("suppressions.may_be_mailed", address=address)


def _older(found: Sequence[Suppression], visit: Visit, what: str, text: str) -> str:
    if len(found) <= PAGE:
        return ""
    last = found[PAGE - 1]
    before = f"{last.since.isoformat()} {target_of(last.email).key}"
    return with_query(f"{visit.base}/suppressions", before=before, what=_named(what), q=text)


def _named(what: str) -> str:
    """What is listed, as an address says it: nothing for what is listed without a word."""
    return "" if what == WHATS[0] else what


def _before(text: str) -> tuple[datetime, str] | None:
    moment, _, key = text.partition(" ")
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (found, key) if found.tzinfo else None
