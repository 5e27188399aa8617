"""What the page of a letter has besides that of an edition."""

from collections.abc import Mapping
from dataclasses import replace

from dispatch.model.team.role import Right
from dispatch.pipeline.letters.ask import review_of
from dispatch.web.team.letters.whom import Whom, whom_of
from dispatch.web.team.review.desk import Desk
from dispatch.web.team.review.facts import facts_of
from dispatch.web.team.review.posts import LeftOut

MOST_TO_PICK = 30
"""Posts that are offered; all others are looked for by their title or link."""

MOST_SOUGHT = 100
"""Characters of what they are looked for by."""


def values_of(desk: Desk, typed: Mapping[str, str] | None) -> dict[str, object]:
    """All of it, for whoever looks."""
    visit, edition = desk.visit, desk.edition
    with visit.app.store.read() as tx:
        team = tx.persons.all()
        review = edition.review
        if desk.is_draft:
            review = review_of(visit.app.workspace.letters, tx)
    others = [
        one
        for one in team
        if one.may(Right.APPROVE) and not review.why_not(one.handle, author=edition.author)
    ]
    alone = visit.may(Right.APPROVE) and not review.why_not(visit.by, author=edition.author)
    copied = edition.content.letter.copy_of if edition.content.letter else ""
    whom, known = whom_of(desk, typed), facts_of(desk)
    return {
        "whom": whom,
        "facts": replace(known, to=to_whom(desk, whom) or known.to),
        "by_oneself": desk.is_draft and alone,
        "not_the_author": review.other_than_author,
        "may_approve_it": [one.name or one.handle for one in others],
        "told_by_mail": len(review.tell),
        "copied": copied,
    }


def to_whom(desk: Desk, whom: Whom) -> str:
    """How many get it over what, as it is saved; empty where that cannot be counted."""
    words, counted = desk.visit.words, whom.saved
    if counted is None:
        return ""
    name = "letters.to" if counted.whole else "letters.to_so_far"
    told = [words(name, count=counted.get_it, audience=whom.now["audience"])]
    if accounts := desk.edition.content.social:
        told.append(words("edition.accounts", count=len(accounts)))
    return ", ".join(told)


def to_pick(desk: Desk) -> list[LeftOut]:
    """The newest posts of all feeds that are not in it and that say what is looked for."""
    text = sought(desk)
    inside = {post.id for post in desk.edition.content.posts}
    with desk.visit.app.store.read() as tx:
        latest = tx.posts.latest(text=text)
    found = [post for post in latest if post.id not in inside and post.is_usable]
    return [
        LeftOut(id=one.id, title=one.title or one.link, feed=one.feed, why="", can="add")
        for one in found[:MOST_TO_PICK]
    ]


def sought(desk: Desk) -> str:
    """By what a post is looked for."""
    return desk.visit.asked("find").strip()[:MOST_SOUGHT]
