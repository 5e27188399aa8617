"""What has happened to an edition, the newest first: from its own rows and the audit log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from markupsafe import Markup

from dispatch.model.campaigns.approval import NOBODY_NEEDED, PASSED_OVER
from dispatch.model.delivery.single_mail import MailState
from dispatch.model.editions.difference import EditionEdit
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.review_mail import About, ReviewMail
from dispatch.model.editions.run import Run
from dispatch.model.team.act import Done
from dispatch.web.team.frame import tagged
from dispatch.web.team.review.desk import Desk
from dispatch.web.team.review.pieces import title_of


@dataclass(frozen=True, slots=True)
class Step:
    """One line of it; `note` is in somebody's words, `href` leads to more."""

    at: datetime | None
    what: Markup
    note: str = ""
    href: str = ""


def history_of(desk: Desk, run: Run | None) -> list[Step]:
    """All of its steps."""
    with desk.visit.app.store.read() as tx:
        edition = desk.edition
        mails = tx.review_mails.of(edition.id)
        done = tx.audit.about("edition", edition.id, most=200)
        edits = tx.edition_edits.of(edition.id)
    steps = [
        *_came_again(desk),
        *_made(desk, run),
        *_told(desk, mails),
        *_edited(desk, edits),
        *_done(desk, done),
    ]
    steps += _without_audit(desk, run, done)
    return sorted(steps, key=lambda step: step.at or desk.edition.created, reverse=True)


def _made(desk: Desk, run: Run | None) -> Iterator[Step]:
    words = desk.visit.words
    if desk.is_letter:
        return  # the audit log says who began it
    number = len(desk.edition.content.posts)
    if run is not None and run.posts is not None:
        number = sum(1 for post in run.posts if post.chosen)
    if run is None:
        what = tagged(words, "edition.step_made", count=number)
    elif run.manual:
        what = tagged(words, "edition.step_by_hand", count=number)
    else:
        slot = desk.visit.times.plain(run.moment)
        what = tagged(words, "edition.step_by_run", count=number, slot=slot)
    yield Step(desk.edition.created, what)


def _came_again(desk: Desk) -> Iterator[Step]:
    """Of which standing pieces it has copies since it was made."""
    visit = desk.visit
    for piece in desk.edition.content.pieces:
        if piece.standing and piece.id == f"s{piece.standing}":
            href = f"{visit.base}/standing/{piece.standing}"
            link = Markup('<a href="{}">{}</a>').format(href, title_of(visit, piece))
            yield Step(desk.edition.created, tagged(visit.words, "standing.step", piece=link))


def _told(desk: Desk, mails: Sequence[ReviewMail]) -> Iterator[Step]:
    words = desk.visit.words
    by_email = {person.email.lower(): person for person in desk.persons.values()}

    def name(mail: ReviewMail) -> str:
        person = by_email.get(mail.address.lower())
        return person.name or person.handle if person else mail.address

    sent = [mail for mail in mails if mail.state is MailState.ACCEPTED and mail.accepted]
    order = sorted(sent, key=lambda mail: (mail.made, mail.about))
    for (_, about), group in groupby(order, key=lambda mail: (mail.made, mail.about)):
        told = list(group)
        names = ", ".join(dict.fromkeys(map(name, told)))
        sentence = {
            About.WAITS: "edition.step_told",
            About.CHANGES: "edition.step_told_changes",
            About.REMINDER: "edition.step_reminded",
            About.DECIDED: "edition.step_told_decided",
        }[about]
        at = max(mail.accepted for mail in told if mail.accepted)
        yield Step(at, tagged(words, sentence, names=names, count=len(told)))


def _edited(desk: Desk, edits: Sequence[EditionEdit]) -> Iterator[Step]:
    for edit in edits:
        what = tagged(
            desk.visit.words,
            "edition.step_edited",
            name=desk.named(edit.by),
            what=", ".join(parts_of(desk, edit)),
        )
        yield Step(edit.at, what, href=f"{desk.path}/changes#edit-{edit.id}")


LETTER_FIELDS = frozenset({"audience", "segment", "leaves", "template", "via", "social", "tells"})
"""What an edit of a letter may have changed of what it is for."""


def parts_of(desk: Desk, edit: EditionEdit) -> Iterator[str]:
    """What an edit was about, in a few words each."""
    words, changes = desk.visit.words, edit.changes
    names = {
        "subject": "edition.part_subject",
        "preheader": "edition.part_preheader",
        "intro": "edition.part_intro",
    }
    for one in changes.texts:
        if one.name in names:
            yield words(names[one.name])
    if any(one.name in LETTER_FIELDS for one in changes.texts):
        yield words("letters.part_whom")
    if number := sum(1 for one in changes.texts if one.name not in {*names, *LETTER_FIELDS}):
        yield words("edition.part_snippets", count=number)
    if changes.added:
        yield words("edition.part_added", count=len(changes.added))
    if changes.dropped:
        yield words("edition.part_dropped", count=len(changes.dropped))
    if changes.order:
        yield words("edition.part_order")
    if changes.pieces:
        yield words("pieces.part_pieces", count=len(changes.pieces))


_ACTS = {
    "edition.approve": "edition.step_approved",
    "edition.request_changes": "edition.step_requested",
    "edition.reject": "edition.step_rejected",
    "edition.ask": "edition.step_asked",
    "edition.take_back": "edition.step_taken_back",
    "edition.test": "edition.step_tested",
    "letter.begin": "letters.step_begun",
    "letter.throw_away": "letters.step_thrown_away",
}


_ENDS = frozenset({"edition.reject", "letter.throw_away"})


def _done(desk: Desk, done: Sequence[Done]) -> Iterator[Step]:
    for one in done:
        if one.act in _ACTS:
            what = tagged(desk.visit.words, _ACTS[one.act], name=desk.named(one.by))
            said = str(one.detail.get("note") or one.detail.get("reason") or "")
            yield Step(one.at, what, said)


def _without_audit(desk: Desk, run: Run | None, done: Sequence[Done]) -> Iterator[Step]:
    """Decisions of which there is no line: nobody's, or from before there was a log."""
    edition, words = desk.edition, desk.visit.words
    acts = {one.act for one in done}
    made = run.edition if run else None
    if edition.approved_by and "edition.approve" not in acts:
        at = made.approved_at if made else None
        if edition.approved_by == NOBODY_NEEDED:
            yield Step(at, tagged(words, "edition.step_no_approval"))
        else:
            name = desk.named(edition.approved_by)
            yield Step(at, tagged(words, "edition.step_approved", name=name))
    if edition.state is EditionState.REJECTED and not acts & _ENDS:
        passed = edition.ended_by in PASSED_OVER
        sentence = "edition.step_skipped" if passed else "edition.step_rejected"
        name = desk.named(edition.ended_by)
        yield Step(desk.visit.now, tagged(words, sentence, name=name), edition.reason)
