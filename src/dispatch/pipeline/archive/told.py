"""What lists and feeds tell of an edition: nothing that a template has made of a reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from dispatch.model.editions.amendment import Amendment
from dispatch.model.editions.edition import EditionContent
from dispatch.model.text.plain_text import shorten
from dispatch.render.templates.context import view_edition

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
    """

    subject: str
    preheader: str
    intro: str
    language: str
    slot: datetime
    posts: tuple[ToldPost, ...]
    notes: tuple[tuple[datetime, str], ...] = ()

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
            return self.preheader or self.intro or (self.posts[0].summary if self.posts else "")
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
        return "\n".join([*_paragraphs(self.intro), *map(_post, self.posts)])


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
        posts=tuple(
            ToldPost(
                post.title,
                post.link,
                "" if post.untitled else shorten(" ".join(post.summary.split()), MOST_SUMMARY),
                post.image.url if post.image else "",
                post.language,
            )
            for post in view.posts
        ),
        notes=tuple((one.at.astimezone(zone), one.note) for one in amendments if one.is_of_page),
    )


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
