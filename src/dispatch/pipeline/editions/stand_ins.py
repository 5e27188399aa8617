"""Posts that stand in where a campaign has nothing to show: the last that were kept, or made-up."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.model.campaigns.campaign import Campaign, Publisher
from dispatch.model.campaigns.schedule import Slot
from dispatch.model.editions.edition import EditionContent
from dispatch.model.intake.post import Post
from dispatch.pipeline.editions.compose import Materials, freeze
from dispatch.store.transactions import Transaction

MOST = 5
"""How many posts stand in."""

_MADE_UP = (
    ("A first post", "Two or three sentences say what a post is about. They are made up."),
    ("A second post", "Your own posts take the place of these once your feeds were read."),
    ("A third post", "This one is here so that you see how posts follow each other."),
)


@dataclass(frozen=True, slots=True)
class StandIns:
    """An edition that no run would make; `told` says what it is made of."""

    content: EditionContent
    told: str


def stand_ins(
    campaign: Campaign, slot: Slot, *, tx: Transaction, materials: Materials, now: datetime
) -> StandIns:
    """The campaign's latest posts as an edition; made-up ones where its feeds have none."""
    most = min(MOST, campaign.posts.at_most or MOST)
    known = [post for name in campaign.feeds for post in tx.posts.latest(feed=name)]
    latest = sorted(known, key=lambda post: post.published or post.first_seen, reverse=True)
    posts = [
        post for post in latest if post.is_usable and not (post.published and post.published > now)
    ][:most]
    told = f"the last {len(posts)} posts that were kept stand in"
    if len(posts) == 1:
        told = "the last post that was kept stands in"
    if not posts:
        posts = _made_up(campaign, materials.publisher, now)[:most]
        told = "made-up posts stand in, as none was ever kept"
    return StandIns(freeze(campaign, posts, slot, tx=tx, materials=materials), told)


def _made_up(campaign: Campaign, publisher: Publisher, now: datetime) -> list[Post]:
    return [
        Post(
            id=number,
            feed=campaign.feeds[0],
            guid=f"made-up-{number}",
            link=publisher.public_url,
            title=title,
            summary=text,
            content=f"<p>{text}</p>",
            authors=(),
            topics=(),
            image=None,
            language="en",
            published=now,
            updated=None,
            first_seen=now,
        )
        for number, (title, text) in enumerate(_MADE_UP, start=1)
    ]
