"""What templates see: plain values under documented names, cleaned of what cannot be printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from markupsafe import Markup

from dispatch.model.campaigns.campaign import Publisher
from dispatch.model.delivery.message import Address
from dispatch.model.editions.edition import EditionContent
from dispatch.model.editions.picture import Picture
from dispatch.model.editions.piece import Piece, PieceKind
from dispatch.model.intake.feed import Image
from dispatch.model.intake.licence import credit_line, licence_name
from dispatch.model.intake.post import Post
from dispatch.model.intake.titles import is_untitled
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.people.topics import topics_of
from dispatch.model.text.boilerplate import without_boilerplate
from dispatch.model.text.counting import Counting
from dispatch.model.text.direction import direction_of
from dispatch.model.text.plain_text import (
    one_line,
    printable,
    shorten,
    single_spaced,
    text_of_html,
)
from dispatch.render.pieces.markdown import LINE, first_words
from dispatch.render.pieces.view import PictureView, PieceView, PieceViews
from dispatch.render.templates.column import fit_to_column
from dispatch.render.templates.links import LinksView
from dispatch.render.templates.pictures import LOGO
from dispatch.render.templates.words import Language, NamedTexts, direction

_COMMON = frozenset({"brand", "edition", "sender", "words", "locale", "direction", "timezone"})
IN_SUBJECT = _COMMON | {"subscriber"}
IN_DIGEST = IN_SUBJECT | {"links", "subject", "preheader"}
IN_SNIPPET = _COMMON | {"post", "limits", "network"}
IN_READER_MAIL_SUBJECT = (_COMMON - {"edition"}) | {"topic", "letters", "email", "link", "until"}
IN_READER_MAIL = IN_READER_MAIL_SUBJECT | {"subject"}

RIGHTS_IN_CREDIT = 100  # characters; what is longer is meant for lawyers


class Fields(NamedTexts):
    """A subscriber's own columns; one that this person does not have is empty."""

    __slots__ = ()

    def __getitem__(self, name: str) -> str:
        return self._values.get(name, "")


@dataclass(frozen=True, slots=True)
class SubscriberView:
    """`subscriber`: the person this digest is for; empty texts where nothing is known.

    `topics` are in lower case and in order, each once: `'IA' in subscriber.topics` finds `ia`.
    """

    name: str
    email: str
    locale: str
    topics: tuple[str, ...]
    cadence: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class PostView:
    """`post`: `content` is safe HTML that fits its column, the rest plain text.

    `untitled` says that the feed gave no title: `title` is then the beginning of the text, or what
    the picture shows, and should not be shown beside `summary`. `summary` is the text of the
    content where the feed gave none, without what programs add to it. `link` and the image's
    address are http(s) or empty; the image's `alt` is the title where the feed gave none.
    `direction` is from which side the post is read, `rtl` or `ltr`, whatever the letter around it.
    `credit` is a line for the authors, the feed and the licence, such as "Ada Lovelace, The Blog,
    CC BY 4.0", with what the feed says about rights where it names no such licence. `licence` is
    the name of a Creative Commons licence or empty, `licence_link` leads to any that the feed
    names, `comments_link` to where readers comment. `kind` is `post`, to be told from other parts.
    """

    title: str
    untitled: bool
    link: str
    summary: str
    content: Markup
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    image: Image | None
    published: datetime | None
    feed: str
    language: str
    direction: str
    credit: str
    licence: str
    licence_link: str
    rights: str
    comments_link: str
    kind: str = "post"


@dataclass(frozen=True, slots=True)
class FeedView:
    """One of `edition.feeds`: a feed with posts in this edition."""

    name: str
    title: str
    link: str
    posts: tuple[PostView, ...]


@dataclass(frozen=True, slots=True)
class EditionView:
    """`edition`: `date` is the wall-clock time it is for; `feeds` has the posts by feed.

    `intro` is plain text that somebody wrote while it was in review, or empty; it may have lines.
    `parts` are the posts and what the team has written among them, in the order of reading.
    `heading` is the first heading that the team has written, `beginning` the first words of its
    texts, or what its first picture shows where there are neither texts nor posts; both are without
    anybody's name, and empty where there is none. `page` is where it can be read in a browser, or
    empty.
    """

    title: str
    campaign: str
    date: datetime
    posts: tuple[PostView, ...]
    feeds: tuple[FeedView, ...]
    intro: str
    parts: tuple[PostView | PieceView, ...] = ()
    heading: str = ""
    beginning: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class LogoView:
    """`brand.logo`: the publisher's picture; `alt` is the sender's name.

    `width` and `height` are how large it is to be shown; `height` is 0 where it is not known.
    """

    url: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class BrandView:
    """`brand`: what `brand:` in schedules.yaml says; what it does not say is empty.

    `accent` is its colour as written. `accent_on_light` and `accent_on_dark` are the nearest shades
    that can be read there, `text_on_accent` is black or white. `address` may have lines.
    """

    logo: LogoView | None
    accent: str
    accent_on_light: str
    accent_on_dark: str
    text_on_accent: str
    address: str
    website: str


@dataclass(frozen=True, slots=True)
class LimitsView:
    """`limits`: what the channel takes; None where it has no limit. `counting` says what counts.

    `max_bytes` is a further limit, of the text in UTF-8. `threads` says whether it takes posts that
    follow each other.
    """

    max_text: int | None
    link_cost: int | None
    counting: str = Counting.CODE_POINTS.value
    max_bytes: int | None = None
    threads: bool = False


VIEWS: Mapping[type, frozenset[str]] = {
    view: frozenset(field.name for field in fields(view))
    for view in (
        SubscriberView,
        PostView,
        PieceView,
        PictureView,
        FeedView,
        EditionView,
        LinksView,
        LimitsView,
        BrandView,
        LogoView,
        Image,
        Address,
    )
}
"""The values that templates get and the names in them: plain data, without any method."""


def view_edition(content: EditionContent, pieces: PieceViews | None = None) -> EditionView:
    """The edition as templates see it, for nobody in particular."""
    titles = {feed.name: one_line(feed.title) or feed.name for feed in content.feeds}
    links = {feed.name: feed.link for feed in content.feeds}
    by_feed: dict[str, list[PostView]] = {name: [] for name in titles}
    posts = []
    for post in content.posts:
        view = view_post(post, titles.get(post.feed, post.feed))
        posts.append(view)
        by_feed.setdefault(post.feed, []).append(view)
    feeds = tuple(
        FeedView(name, titles.get(name, name), web_link(links.get(name, "")), tuple(views))
        for name, views in by_feed.items()
        if views
    )
    views = (pieces or view_pieces(content)).of()
    return EditionView(
        title=one_line(content.title),
        campaign=content.campaign,
        date=content.slot,
        posts=tuple(posts),
        feeds=feeds,
        intro=printable(content.intro).strip(),
        parts=parts_of(content, posts, views),
        heading=next((view.title for view in views.values() if view.title), ""),
        beginning=_beginning(content),
        page=content.page_url,
    )


def view_pieces(content: EditionContent, width: int = LINE) -> PieceViews:
    """The pieces of an edition; `width` is that of their lines of plain text, 0: without an end."""
    publisher = content.publisher
    return PieceViews(
        content.pieces, public_url=publisher.public_url, locale=publisher.locale, width=width
    )


def parts_of(
    content: EditionContent, posts: Sequence[PostView], pieces: Mapping[str, PieceView]
) -> tuple[PostView | PieceView, ...]:
    """The views in the order of reading."""
    told = iter(posts)
    return tuple(
        pieces[part.id] if isinstance(part, Piece) else next(told) for part in content.parts
    )


def view_post(post: Post, feed: str) -> PostView:
    """One post as templates see it."""
    title, language = one_line(post.title), one_line(post.language)
    authors = tuple(filter(None, map(one_line, post.authors)))
    licence, rights = licence_name(post.licence_link), one_line(post.rights)
    summary = printable(post.summary).strip() or text_of_html(printable(post.content))
    reading = direction_of(f"{title} {summary}", direction(language) if language else "ltr")
    return PostView(
        title=title,
        untitled=is_untitled(post, single_spaced(summary)),
        link=web_link(post.link),
        summary=without_boilerplate(summary),
        content=Markup(fit_to_column(printable(post.content), reading)),  # noqa: S704 - cleaned when kept
        authors=authors,
        topics=tuple(filter(None, map(one_line, post.topics))),
        image=_view_image(post.image, title),
        published=post.published,
        feed=feed,
        language=language,
        direction=reading,
        credit=credit_line(authors, feed, licence or _short(rights)),
        licence=licence,
        licence_link=web_link(post.licence_link),
        rights=rights,
        comments_link=web_link(post.comments_link),
    )


def view_subscriber(subscriber: Subscriber) -> SubscriberView:
    """The person as templates see them."""
    return SubscriberView(
        name=one_line(subscriber.name),
        email=one_line(subscriber.email),
        locale=subscriber.locale,
        topics=topics_of(subscriber.topics),
        cadence=subscriber.cadence,
        fields=Fields({key: printable(value) for key, value in subscriber.fields.items()}),
    )


def common(
    edition: EditionView, content: EditionContent, locale: str, words: Language
) -> dict[str, Any]:
    """The names that every file of a template knows, for one language."""
    sender = content.publisher.sender
    return {
        "brand": view_brand(content.publisher, content.pictures),
        "edition": edition,
        "sender": Address(one_line(sender.email), one_line(sender.name)),
        "words": NamedTexts(words),
        "locale": locale,
        "direction": direction(locale),
        "timezone": content.publisher.timezone,
    }


def view_brand(publisher: Publisher, pictures: Mapping[str, Picture]) -> BrandView:
    """The brand as templates see it; its logo may be one of the `pictures`."""
    brand = publisher.brand
    return BrandView(
        logo=_view_logo(publisher, pictures),
        accent=brand.accent,
        accent_on_light=brand.accent_on_light,
        accent_on_dark=brand.accent_on_dark,
        text_on_accent=brand.text_on_accent,
        address=printable(brand.address),
        website=web_link(brand.website),
    )


def web_link(link: str) -> str:
    """The link if it leads to the web, else nothing: `javascript:` never reaches a reader."""
    link = one_line(link)
    return link if link.lower().startswith(("https://", "http://")) else ""


def _beginning(content: EditionContent) -> str:
    texts = (one.text for one in content.pieces if one.kind is PieceKind.TEXT)
    words = next(filter(None, map(first_words, texts)), "")
    if words or content.posts:
        return words
    return next((alt for one in content.pieces if (alt := one_line(one.alt))), "")


def _short(rights: str) -> str:
    return shorten(rights, RIGHTS_IN_CREDIT).rstrip(".")


def _view_image(image: Image | None, title: str) -> Image | None:
    if image is None or not web_link(image.url):
        return None
    return Image(web_link(image.url), one_line(image.alt) or title)


def _view_logo(publisher: Publisher, pictures: Mapping[str, Picture]) -> LogoView | None:
    brand, alt = publisher.brand, one_line(publisher.sender.name)
    picture = pictures.get(LOGO)
    if picture is not None:
        return LogoView(picture.address, alt, *brand.logo_sides(picture.width, picture.height))
    if not brand.logo or brand.logo_is_file:
        return None
    return LogoView(web_link(brand.logo), alt, *brand.logo_sides(0, 0))
