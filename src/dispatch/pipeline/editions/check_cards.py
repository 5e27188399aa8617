"""What is said before approval of the cards and pictures beside an edition's snippets."""

from collections.abc import Iterator

from dispatch.channels.takes import TakesOf
from dispatch.model.campaigns.campaign import NoAlt
from dispatch.model.editions.card import alt_of
from dispatch.model.editions.edition import EditionContent
from dispatch.model.editions.finding import Finding, Kind
from dispatch.pipeline.messages.beside import Beside, beside, posts_shown

MOST_PROBLEM = 200
"""Characters of what is said about one of them."""


def card_findings(content: EditionContent, takes_of: TakesOf) -> Iterator[Finding]:
    """Pictures that nobody has described, as the plan has it, and what could not be found."""
    cards = {one.post: one for one in content.cards}
    shown: set[int] = set()
    for plan in content.social:
        what = beside(plan, takes_of(plan.via))
        posts = [post for post in posts_shown(content, plan, what) if post.id in cards]
        shown.update(post.id for post in posts)
        if what is not Beside.PICTURE:
            continue
        bare = sum(
            bool(cards[post.id].own)
            and alt_of(cards[post.id].own_alt, post.title, plan.no_alt) is None
            for post in posts
        )
        if bare:
            stops = plan.no_alt is NoAlt.REFUSE
            kind, name = (Kind.STOP, "alt_missing") if stops else (Kind.LOOK, "alt_left_out")
            yield Finding(kind, name, {"channel": plan.via, "count": bare})
    problems = [one.problem for one in content.cards if one.problem and one.post in shown]
    if problems:
        values = {"count": len(problems), "problem": problems[0][:MOST_PROBLEM]}
        yield Finding(Kind.LOOK, "cards", values)
    elif shown:
        yield Finding(Kind.FINE, "cards_fine", {"count": len(shown)})
