"""Forms that change an edition: its words, its posts, its snippets."""

from collections.abc import Collection, Mapping, Sequence

from starlette.responses import Response

from dispatch.errors import BadInput, ChangedMeanwhile, NothingChanges, TemplateFailed
from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.editions.difference import TEXTS
from dispatch.model.editions.edition import Edition, OwnSnippet
from dispatch.model.editions.piece import key_of
from dispatch.pipeline.editions.edit import Changes, Edited
from dispatch.web.team.queries import with_query
from dispatch.web.team.review import clash
from dispatch.web.team.review.desk import Desk, desk_of
from dispatch.web.team.review.moves import asked_of, landing
from dispatch.web.team.review.page import Texts, answer
from dispatch.web.team.review.snippets import cards_of, field_of
from dispatch.web.team.visit import Visit


def words(visit: Visit) -> Response:
    """Subject, preheader and intro. Where somebody else has written them meanwhile: both."""
    desk = desk_of(visit)
    typed = clash.taken(visit, {name: visit.form.raw(name) for name in TEXTS if name in visit.form})
    if typed is None:
        return visit.to(desk.back("words-save"), "edition_theirs")
    now = {name: str(getattr(desk.edition.content, name)) for name in TEXTS}
    if theirs := clash.differing(visit, typed, now):
        return clash.page(desk, "words", theirs, typed, now)
    written = {name: typed[name] for name in typed if _other(typed[name], now[name])}
    changes = Changes(
        subject=written.get("subject"),
        preheader=written.get("preheader"),
        intro=written.get("intro"),
    )
    try:
        edited = _edit(desk, changes)
    except NothingChanges:
        return visit.to(desk.back("words-save"), "edition_nothing")
    except ChangedMeanwhile:
        fresh = desk_of(visit)
        after = {name: str(getattr(fresh.edition.content, name)) for name in TEXTS}
        return clash.page(fresh, "words", tuple(typed), typed, after)
    except (BadInput, TemplateFailed) as error:
        texts = Texts(**({name: now[name] for name in TEXTS} | typed))
        return answer(desk, errors=at_fields(error, typed, others="words"), texts=texts)
    return visit.to(desk.back("words-save"), said_of(edited))


def posts(visit: Visit) -> Response:
    """The order of posts and pieces, or what becomes of one of them: a button each."""
    desk = desk_of(visit)
    was = [key_of(part) for part in desk.edition.content.parts]
    if [one for one in visit.form("was").split(",") if one] != was:
        return clash.moved(desk)
    changes = asked_of(visit.form, was)
    if changes is None:
        raise BadInput([visit.words("errors.bad_form")])
    try:
        edited = _edit(desk, changes)
    except NothingChanges:
        return visit.to(desk.back("posts"))
    except ChangedMeanwhile:
        return clash.moved(desk)
    except (BadInput, TemplateFailed) as error:
        return answer(desk, errors={"posts": str(error)})
    out = visit.form("remove")  # so that it can be put back
    if edited.voided:
        return visit.to(desk.back("main", out=out), said_of(edited))  # where that is said
    now = [key_of(part) for part in edited.edition.content.parts]
    there = landing(visit.form, was, now, picking="pick" in desk.opens)
    return visit.to(desk.back(there.at, out=out), "" if out else there.said, there.number)


def snippets(visit: Visit) -> Response:
    """Those of one channel; an empty one is left to the template again."""
    desk = desk_of(visit)
    plan = _plan(desk.edition, visit.form("channel"))
    if plan is None:
        raise BadInput([visit.words("errors.bad_form")])
    back = with_query(desk.path, tab=plan.via)
    cards, _ = cards_of(desk, plan)
    asked = {card.field: visit.form.raw(card.field) for card in cards if card.field in visit.form}
    typed = clash.taken(visit, asked)
    if typed is None:
        return visit.to(back, "edition_theirs")
    now = {card.field: card.text for card in cards}
    if theirs := clash.differing(visit, typed, now):
        titles = {card.field: card.title for card in cards}
        hidden = {"channel": plan.via}
        return clash.page(desk, "snippets", theirs, typed, now, titles=titles, hidden=hidden)
    if visit.form.has("template"):
        typed[visit.form("template")] = ""
    parts = {card.field: card.part for card in cards}
    own = tuple(
        OwnSnippet(plan.via, parts[field], text)
        for field, text in typed.items()
        if field in parts and _other(text, now[field])
    )
    return _save_snippets(desk, plan, own, typed, back)


def _save_snippets(
    desk: Desk,
    plan: SocialPlan,
    own: tuple[OwnSnippet, ...],
    typed: Mapping[str, str],
    back: str,
) -> Response:
    visit = desk.visit
    errors = _too_long(desk, plan, own)
    if not errors:
        try:
            edited = _edit(desk, Changes(snippets=own))
        except NothingChanges:
            return visit.to(back, "edition_nothing")
        except ChangedMeanwhile:
            return clash.moved(desk)
        except (BadInput, TemplateFailed) as error:
            errors = {"snippets": str(error)}
        else:
            return visit.to(back, said_of(edited))
    return answer(desk, errors=errors, typed=typed, tab=plan.via)


def _too_long(desk: Desk, plan: SocialPlan, own: Sequence[OwnSnippet]) -> dict[str, str]:
    """Each at its own field, and not only the first of them."""
    takes = desk.visit.app.channels.takes(plan.via).for_plan(plan)
    return {
        field_of(one.part): desk.visit.words("edition.too_long", count=too_many)
        for one in own
        if (too_many := takes.too_many(one.text))
    }


def _edit(desk: Desk, changes: Changes) -> Edited:
    """More may come: nobody is told before somebody asks for approval."""
    visit, edition = desk.visit, desk.edition
    return visit.app.editions.edit(
        edition.id, changes, by=visit.by, ready=False, seen=edition.fingerprint
    )


def said_of(edited: Edited) -> str:
    """The name of the sentence that a page says after an edit."""
    if edited.voided:
        return "edition_saved_voided"
    return "edition_saved_open_ended" if edited.open_ended else "edition_saved"


def _other(typed: str, now: str) -> bool:
    return typed.strip() != now.strip()


def at_fields(
    error: BadInput | TemplateFailed, fields: Collection[str], *, begin: str = "", others: str
) -> dict[str, str]:
    """Each problem at the field that it names, with `begin` before its id; the rest at `others`."""
    problems = [str(one) for one in error.problems] if isinstance(error, BadInput) else [str(error)]
    found: dict[str, str] = {}
    for problem in problems:
        name, _, rest = problem.partition(": ")
        if name in fields:
            found[begin + name] = rest
        else:
            found[others] = problem
    return found


def _plan(edition: Edition, channel: str) -> SocialPlan | None:
    return next((plan for plan in edition.content.social if plan.via == channel), None)
