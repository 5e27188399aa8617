"""What a reader of any format found out about one item -> an Entry that keeps all promises."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dispatch.feeds.clean.html import clean_post
from dispatch.feeds.clean.pictures import Picture
from dispatch.feeds.parse.images import choose_image
from dispatch.feeds.parse.languages import guess_language
from dispatch.feeds.parse.words import Kind, words_of_line
from dispatch.feeds.web.address import absolute
from dispatch.model.intake.feed import Entry
from dispatch.model.intake.licence import licence_link_in
from dispatch.model.intake.titles import beginning_of, make_title
from dispatch.model.text.plain_text import one_line, shorten

MOST_ENTRIES = (
    1_000  # the newest; a digest never looks further back, and a poll stays under two seconds
)
LONGEST_TITLE = 300  # what mail programs and previews show at most; longer is a text
LONGEST_SUMMARY = 2_000  # longer is the post itself
LONGEST_GUID = 500  # what every database can put into a unique index
LONGEST_NAME = 100
MOST_NAMES = 20

_TAG = re.compile(r"<[^>]*>")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """One item as found: `title` and `summary` are plain text, `content` is foreign HTML.

    `topics` are as the feed has them. `base` is what its relative addresses refer to; `enclosure`
    leads to a sound or another file that the item is about.
    """

    base: str
    guid: str = ""
    link: str = ""
    enclosure: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    images: tuple[Picture, ...] = ()
    language: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    comments_link: str = ""
    licence_link: str = ""
    rights: str = ""


def finish(draft: RawEntry, *, position: int) -> Entry | None:
    """The entry, cleaned and within its lengths; None if nothing tells it from others."""
    page = absolute(draft.link, draft.base)
    link = page or absolute(draft.enclosure, draft.base)
    cleaned = clean_post(draft.content, base=draft.base, page=page)
    content = cleaned.html
    summary = shorten(one_line(draft.summary), LONGEST_SUMMARY)
    guid = fitting_guid(draft.guid)
    image = choose_image(draft.images, cleaned.pictures, base=draft.base)
    title = shorten(one_line(draft.title), LONGEST_TITLE)
    if not title:
        title = make_title(
            beginning_of(summary, content),
            picture=image.alt if image else "",
            link=link,
            guid=guid,
        )
    if not title:  # and so neither a link nor a guid
        return None
    rights = shorten(one_line(draft.rights), LONGEST_TITLE)
    return Entry(
        guid=guid,
        link=link,
        title=title,
        position=position,
        summary=summary,
        content=content,
        authors=names(draft.authors),
        topics=names(words_of_line(topic, Kind.UNSAID) for topic in draft.topics),
        image=image,
        language=language_tag(draft.language) or _guess(title, summary, content),
        published=draft.published or draft.updated,
        updated=draft.updated,
        comments_link=absolute(draft.comments_link, draft.base),
        # What says how something may be used often names the licence by its address.
        licence_link=absolute(draft.licence_link or licence_link_in(rights), draft.base),
        rights=rights,
        link_is_file=link != page,
    )


def finish_all(
    drafts: Iterable[RawEntry], *, total: int
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """The entries of the first drafts, and a sentence for each of the `total` items left out."""
    entries: list[Entry] = []
    skipped: list[str] = []
    for position, draft in enumerate(drafts):
        entry = finish(draft, position=position)
        if entry is None:
            skipped.append(
                f"entry {position + 1}: left out, it has no guid, link or title - "
                "tell the feed's owner"
            )
        else:
            entries.append(entry)
    if total > MOST_ENTRIES:
        skipped.append(f"only the first {MOST_ENTRIES} of {total} entries were read")
    return tuple(entries), tuple(skipped)


def fitting_guid(guid: str) -> str:
    """The guid on one line; one too long for an index is replaced by its fingerprint."""
    line = one_line(guid)
    if len(line) <= LONGEST_GUID:
        return line
    return f"sha256:{hashlib.sha256(line.encode()).hexdigest()}"


def names(found: Iterable[str]) -> tuple[str, ...]:
    """Names on one line each, in order, without repeats and empty ones."""
    lines = (shorten(one_line(name), LONGEST_NAME) for name in found)
    unique = {line.casefold(): line for line in reversed(list(filter(None, lines)))}
    return tuple(reversed(unique.values()))[:MOST_NAMES]


def language_tag(text: str) -> str:
    """A language tag such as `fr` or `pt-BR`; empty if it is none.

    >>> language_tag("pt_BR"), language_tag("English, mostly")
    ('pt-BR', '')
    """
    tag = text.strip().replace("_", "-")
    return tag if len(tag) <= 35 and _LANGUAGE.fullmatch(tag) else ""


def _guess(title: str, summary: str, content: str) -> str:
    near = _TAG.sub(" ", content[:LONGEST_SUMMARY])
    return guess_language(f"{title} {summary} {near}")
