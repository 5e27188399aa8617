"""What lists and feeds tell of an edition: nothing that a template has made of a reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from markupsafe import Markup

from dispatch.model.editions.amendment import Amendment
from dispatch.model.editions.edition import EditionContent
from dispatch.model.editions.piece import Part, Piece, PieceKind
from dispatch.model.text.plain_text import shorten
from dispatch.render.pieces.markdown import html_of
from dispatch.render.pieces.view import PieceView
from dispatch.render.templates.context import PostView, view_edition

MOST_TITLES = 3
"""Of an edition, in a list."""

MOST_SUMMARY = 500
"""Of a post, in code points: a feed tells what there is to read, and the page has it."""


@dataclass(frozen=True, slots=True)
class ToldPost:
    """A post of an edition: plain texts; link and image lead to the web or are empty."""

    title: str
    link: str
    summary: str
    image: str
    language: str


@dataclass(frozen=True, slots=True)
class Told:
    """An edition in a list. `notes` are the corrections of its page: when, and what was wrong.

    `preheader` is what somebody wrote for it: what a template makes of one repeats the letter.
    `parts` are its posts, and as HTML what the team has written among them; `beginning` are the
    first words of that.
    """

    subject: str
    preheader: str
    intro: str
    language: str
    slot: datetime
    parts: tuple[ToldPost | Markup, ...]
    notes: tuple[tuple[datetime, str], ...] = ()
    beginning: str = ""

    @property
    def posts(self) -> tuple[ToldPost, ...]:
        """Those of its parts that feeds have written."""
        return tuple(part for part in self.parts if isinstance(part, ToldPost))

    @property
    def subject_language(self) -> str:
        """That of the first post where its title is in the subject, else the publisher's."""
        first = next(iter(self.posts), None)
        is_its = first is not None and first.title != "" and first.title in self.subject
        return (first.language if first and is_its else "") or self.language

    @property
    def image(self) -> str:
        """The picture that stands for it, or empty; pages of lists allow those by https only."""
        return next((post.image for post in self.posts if post.image.startswith("https://")), "")

    @property
    def summary(self) -> str:
        """One line about it, beside its subject: what somebody wrote, or what else is in it."""
        if self.preheader or not self._others:
            first = self.posts[0].summary if self.posts else self.beginning
            return self.preheader or self.intro or first
        return " · ".join(post.title for post in self._others[:MOST_TITLES])

    @property
    def more(self) -> int:
        """How many posts its subject and its summary do not name."""
        return 0 if self.preheader else len(self._others[MOST_TITLES:])

    @property
    def _others(self) -> Sequence[ToldPost]:
        """The posts that the subject does not name."""
        return [post for post in self.posts if post.title not in self.subject]

    @property
    def html(self) -> str:
        """What is in it, as HTML without any style."""
        return "\n".join([*_paragraphs(self.intro), *map(_part, self.parts)])


def told(content: EditionContent, subject: str, amendments: Iterable[Amendment] = ()) -> Told:
    """What there is to tell of an edition that says this, by its subject for everybody."""
    view = view_edition(content)
    zone = ZoneInfo(content.publisher.timezone)
    return Told(
        subject=subject,
        preheader=content.preheader,
        intro=view.intro,
        language=content.publisher.locale.replace("_", "-"),
        slot=content.slot,
        parts=tuple(map(_told_part, content.parts, view.parts)),
        beginning=view.beginning,
        notes=tuple((one.at.astimezone(zone), one.note) for one in amendments if one.is_of_page),
    )


def _told_part(part: Part, view: PostView | PieceView) -> ToldPost | Markup:
    if isinstance(view, PostView):
        return ToldPost(
            view.title,
            view.link,
            "" if view.untitled else shorten(" ".join(view.summary.split()), MOST_SUMMARY),
            view.image.url if view.image else "",
            view.language,
        )
    return _piece(view, html_of(part.text) if isinstance(part, Piece) else Markup())


def _piece(view: PieceView, text: Markup) -> Markup:
    """A piece without any style."""
    if view.kind == PieceKind.HEADING:
        text = Markup("<h2>{}</h2>").format(view.title)
    elif view.kind != PieceKind.TEXT:
        said = Markup.escape(view.label or view.link)
        if view.image:
            said = Markup('<img src="{}" alt="{}">').format(view.image.url, view.image.alt)
        if view.link:
            said = Markup('<a href="{}">{}</a>').format(view.link, said)
        text = Markup("<p>{}</p>").format(said)
    return Markup('<div dir="{}">{}</div>').format(view.direction, text)


def _part(part: ToldPost | Markup) -> str:
    return _post(part) if isinstance(part, ToldPost) else str(part)


def _paragraphs(text: str) -> Sequence[str]:
    return [f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip()]


def _post(post: ToldPost) -> str:
    title = escape(post.title)
    if post.link:
        title = f'<a href="{escape(post.link)}">{title}</a>'
    language = f' lang="{escape(post.language)}"' if post.language else ""
    picture = f'<p><img src="{escape(post.image)}" alt=""></p>\n' if post.image else ""
    text = f"\n<p{language}>{escape(post.summary)}</p>" if post.summary else ""
    return f"{picture}<h2{language}>{title}</h2>{text}"
