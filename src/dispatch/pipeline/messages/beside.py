"""What stands beside a snippet on a network: the card of its link, or a picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from dispatch.channels.takes import Takes
from dispatch.model.campaigns.campaign import Each, Shows, SocialPlan
from dispatch.model.delivery.message import Card, SocialPicture
from dispatch.model.editions.card import KeptPicture, PicturesOf, PostCard, alt_of
from dispatch.model.editions.edition import EditionContent
from dispatch.model.intake.feed import Image
from dispatch.model.intake.post import Post
from dispatch.pipeline.messages.fit_picture import fit_picture
from dispatch.render.texts import Snippet


class Beside(Enum):
    """What a plan shows on a network, as far as the network can."""

    CARD = "card"
    PICTURE = "picture"
    NOTHING = "nothing"


def beside(plan: SocialPlan, takes: Takes) -> Beside:
    """What is handed over with each snippet of the plan.

    A network that looks up links by itself gets neither card nor picture where a card is wanted.
    """
    if plan.shows is Shows.CARD and takes.cards:
        return Beside.CARD
    shows_picture = plan.shows is Shows.PICTURE or (
        plan.shows is Shows.CARD and takes.picture_as_card
    )
    return Beside.PICTURE if shows_picture and takes.pictures is not None else Beside.NOTHING


def posts_shown(content: EditionContent, plan: SocialPlan, what: Beside) -> tuple[Post, ...]:
    """The posts beside whose snippets something stands: of a whole edition, the first that can."""
    if what is Beside.NOTHING:
        return ()
    if plan.each is Each.POST:
        return content.posts
    if what is Beside.CARD:
        return tuple(post for post in content.posts if post.link)[:1]
    return tuple(post for post in content.posts if post.image)[:1] or content.posts[:1]


def no_pictures_kept(marks: object) -> Mapping[str, KeptPicture]:  # noqa: ARG001 - whichever
    """Where there is no store to look into."""
    return {}


@dataclass(frozen=True, slots=True)
class Stands:
    """A card or a picture before it is fitted: `mark` names the picture kept, or is empty."""

    title: str = ""
    description: str = ""
    mark: str = ""
    alt: str = ""


class Illustrator:
    """Puts beside each snippet of a plan what was frozen for it, fitted to the network.

    What is not there any more, or cannot be fitted, is left out: the text goes out all the same.
    """

    def __init__(
        self, content: EditionContent, plan: SocialPlan, takes: Takes, pictures: PicturesOf
    ) -> None:
        self._plan = plan
        self._limits = takes.pictures
        self._pictures = pictures
        self._what = beside(plan, takes)
        self._shown = {str(post.id): post for post in posts_shown(content, plan, self._what)}
        self._own_alts = {
            name: post.image.alt
            for post in reversed(content.posts)
            if post.image
            for name in (str(post.id), post.image.url)
        }
        self._cards = {str(one.post): one for one in content.cards}

    def of(self, snippet: Snippet) -> tuple[Card | None, SocialPicture | None]:
        """The card or the picture; at most one of them is there."""
        stands = self.stands(snippet)
        if stands is None:
            return None, None
        picture = self._fitted(stands.mark, stands.alt)
        if self._what is Beside.PICTURE:
            return None, picture
        return Card(snippet.link, stands.title, stands.description, picture), None

    def stands(self, snippet: Snippet) -> Stands | None:
        """The same for who shows it, without its picture being read."""
        part = snippet.part or self._lead
        card, post = self._cards.get(part), self._shown.get(part)
        if card is None or post is None:
            return None
        if self._what is Beside.PICTURE:
            words = alt_of(card.own_alt, post.title, self._plan.no_alt)
            return Stands(mark=card.own, alt=words) if card.own and words is not None else None
        return _of_card(card, post, snippet.link) if snippet.link else None

    def image(self, snippet: Snippet) -> Image | None:
        """Where the picture is, for a network that fetches it by itself; None: nobody is to see it.

        One that stands by itself needs words, as those have that we hand over.
        """
        if snippet.image is None or self._plan.shows is Shows.TEXT:
            return None
        alone = self._plan.shows is Shows.PICTURE
        own = self._own_alts.get(snippet.part or snippet.image.url, "")
        return None if alone and alt_of(own, "title", self._plan.no_alt) is None else snippet.image

    def _fitted(self, mark: str, alt: str) -> SocialPicture | None:
        if not mark or self._limits is None:
            return None
        kept = self._pictures((mark,)).get(mark)
        return None if kept is None else fit_picture(kept, self._limits, alt)

    @cached_property
    def _lead(self) -> str:
        return next(iter(self._shown), "")


def _of_card(card: PostCard, post: Post, link: str) -> Stands:
    title = card.title or post.title or link
    # Beside its title a card needs no other words: where nobody has any, the title is them.
    return Stands(title, card.description, card.picture, card.alt or title)
