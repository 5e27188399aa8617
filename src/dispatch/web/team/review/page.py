"""The page: all that is on it, for whoever looks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.finding import Kind
from dispatch.pipeline.editions.typical_readers import typical_readers
from dispatch.render.templates.words import babel_locale
from dispatch.render.texts import Digest
from dispatch.web.team.checks import Checked, sentences
from dispatch.web.team.letters import page as letters
from dispatch.web.team.review import facts, history, pieces, posts
from dispatch.web.team.review.desk import Desk
from dispatch.web.team.review.previews import MAIL, Look, digest_for, look_of, number_of
from dispatch.web.team.review.snippets import cards_of, network_of

MOST_SHOWN_SUBJECT, MOST_SHOWN_PREHEADER = 70, 110
"""How much of them mail programs show: what the meters go to."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The words that somebody can write; empty is what the template says."""

    subject: str
    preheader: str
    intro: str


def show(desk: Desk) -> Response:
    """The page as it is."""
    return answer(desk)


def answer(
    desk: Desk,
    *,
    errors: Mapping[str, str] | None = None,
    texts: Texts | None = None,
    typed: Mapping[str, str] | None = None,
    tab: str = "",
    opened: pieces.Opened | None = None,
) -> Response:
    """The page; with errors as the answer to a form (422), with what was typed in it."""
    visit, edition = desk.visit, desk.edition
    look = look_of(desk)
    plan = next((one for one in edition.content.social if one.via == (tab or look.tab)), None)
    values = _values(desk, look, plan, texts, typed) | {"typed": dict(typed or {})}
    if plan is None:
        values |= pieces.values_of(desk, opened)
    template = "edition/snippets.html" if plan else "edition/review.html"
    if plan:
        cards, failed = cards_of(desk, plan)
        values |= {"plan": plan, "cards": cards, "failed": failed}
        values["network"] = network_of(desk, plan)
    if errors:
        return visit.wrong(template, errors, **values)
    return visit.page(template, status_code=200, headers=None, **values)


def _values(
    desk: Desk,
    look: Look,
    plan: SocialPlan | None,
    texts: Texts | None,
    typed: Mapping[str, str] | None,
) -> dict[str, object]:
    visit, edition = desk.visit, desk.edition
    content = edition.content
    found = _found(desk)
    values: dict[str, object] = {
        "here": "editions",
        "wide": True,
        "desk": desk,
        "edition": edition,
        "content": content,
        "heading": desk.heading,
        "look": look,
        "tab": plan.via if plan else look.tab,
        "tabs": [(one.via, number_of(edition, one)) for one in content.social],
        "facts": facts.facts_of(desk),
        "bar": facts.bar(desk),
        "approvers": [desk.named(one) for one in edition.review.by],
        "found": found,
        "stops": sum(1 for one in found if one.kind is Kind.STOP),
        "told_of_checks": _told(desk, found),
    }
    if desk.is_letter:
        values |= letters.values_of(desk, typed)
    if plan:
        return values
    with visit.app.store.read() as tx:
        run = tx.runs.that_made(edition.id)
    digest, failed = _digest(desk, look)
    out, more = (letters.to_pick(desk), 0) if desk.is_letter else posts.left_out(desk, run)
    return values | {
        "texts": texts or Texts(content.subject, content.preheader, content.intro),
        "digest": digest,
        "failed": failed,
        "readers": _readers(desk),
        "left_out": out,
        "left_out_more": more,
        "finding": letters.sought(desk),
        "picking": desk.may_edit and visit.asked("pick") == "yes",
        "run": run,
        "steps": history.history_of(desk, run),
        "takes_intro": not desk.is_letter and _takes(desk, "edition.intro"),
        "takes_preheader": _takes(desk, "preheader"),
        "is_over": edition.state is EditionState.REJECTED,
        "most_subject": MOST_SHOWN_SUBJECT,
        "most_preheader": MOST_SHOWN_PREHEADER,
    }


def _found(desk: Desk) -> list[Checked]:
    """What the checks say, while somebody can still act on it."""
    visit = desk.visit
    if not (desk.is_draft or desk.is_undecided or desk.is_approved):
        return []
    return sentences(visit.app.editions.check(desk.edition), visit.words, visit.times)


def _told(desk: Desk, found: Sequence[Checked]) -> str:
    words, number = desk.visit.words, Counter(one.kind for one in found)
    fine, looks = number[Kind.FINE], number[Kind.LOOK]
    if stops := number[Kind.STOP]:
        return words("edition.checks_told", fine=fine, looks=looks, count=stops)
    return words("edition.checks_pass", fine=fine, looks=looks)


def _digest(desk: Desk, look: Look) -> tuple[Digest | None, str]:
    """The digest as it is looked at, and why there is none, in English."""
    if desk.edition.content.email is None or look.tab != MAIL:
        return None, ""
    try:
        return digest_for(desk.visit, desk.edition, look.whom.reader), ""
    except TemplateFailed as error:
        return None, str(error)


def _readers(desk: Desk) -> list[tuple[str, str]]:
    """As whom one can look, as keys and words."""
    words = desk.visit.words
    ours = babel_locale(words.tag)
    found = []
    for one in typical_readers(desk.edition.content):
        if not one.reader.name:
            found.append((one.key, words("edition.a_stranger")))
            continue
        language = babel_locale(one.reader.locale).get_display_name(ours) or one.reader.locale
        found.append((one.key, f"{one.reader.name}, {language}"))
    return found


def _takes(desk: Desk, word: str) -> bool:
    """Whether the templates of the edition have a place for a text."""
    templates = desk.edition.content.templates.values()
    return any(word in source for files in templates for source in files.values())
