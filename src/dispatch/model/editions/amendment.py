"""A correction of what an edition says where that can be changed: on the web, and on networks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape
from typing import Any

from dispatch.model.editions.edition import EditionContent, OwnSnippet
from dispatch.model.intake.post import Post


@dataclass(frozen=True, slots=True)
class Amendment:
    """What somebody corrected: a subject, an intro, and titles and texts of posts by their ids.

    Texts are plain; a text of None stays. `snippets` are what networks say instead of what the
    template makes. `note` says to readers of the page what was wrong.
    """

    note: str
    by: str
    at: datetime
    subject: str | None = None
    intro: str | None = None
    titles: Mapping[int, str] = field(default_factory=dict)
    texts: Mapping[int, str] = field(default_factory=dict)
    snippets: tuple[OwnSnippet, ...] = ()

    @classmethod
    def of(cls, changes: Mapping[str, Any], *, note: str, by: str, at: datetime) -> "Amendment":
        """The one that `changes` tell of."""
        return cls(
            note=note,
            by=by,
            at=at,
            subject=changes.get("subject"),
            intro=changes.get("intro"),
            titles={int(post): title for post, title in changes.get("titles", {}).items()},
            texts={int(post): text for post, text in changes.get("texts", {}).items()},
            snippets=tuple(OwnSnippet(*one) for one in changes.get("snippets", ())),
        )

    @property
    def changes(self) -> dict[str, Any]:
        """What it changes, as JSON can hold it: `of` reads it."""
        found = {
            "subject": self.subject,
            "intro": self.intro,
            "titles": {str(post): title for post, title in self.titles.items()},
            "texts": {str(post): text for post, text in self.texts.items()},
            "snippets": [[one.channel, one.part, one.text] for one in self.snippets],
        }
        return {name: value for name, value in found.items() if value not in (None, {}, [])}

    @property
    def is_of_page(self) -> bool:
        """Whether it changes what readers see on the web; snippets are on networks only."""
        return tells_of_page(self.changes)

    @property
    def told(self) -> str:
        """What it is about, for people."""
        parts = [name for name in ("subject", "intro") if getattr(self, name) is not None]
        parts += [f"title of post {post}" for post in self.titles]
        parts += [f"text of post {post}" for post in self.texts]
        parts += [
            f"snippet on {one.channel}" + (f" of post {one.part}" if one.part else "")
            for one in self.snippets
        ]
        return ", ".join(parts)


def tells_of_page(changes: Mapping[str, Any]) -> bool:
    """Whether changes, as they are kept, are about more than snippets."""
    return bool(changes.keys() - {"snippets"})


def amended(content: EditionContent, amendments: Iterable[Amendment]) -> EditionContent:
    """The content as its page and networks are to say it; the last of them counts."""
    for one in amendments:
        content = replace(
            content,
            subject=content.subject if one.subject is None else one.subject,
            intro=content.intro if one.intro is None else one.intro,
            posts=tuple(_amended(post, one) for post in content.posts),
            snippets=_with(content.snippets, one.snippets),
        )
    return content


def _with(before: Iterable[OwnSnippet], now: Iterable[OwnSnippet]) -> tuple[OwnSnippet, ...]:
    found = {(one.channel, one.part): one for one in (*before, *now)}
    return tuple(found[key] for key in sorted(found))


def _amended(post: Post, amendment: Amendment) -> Post:
    title = amendment.titles.get(post.id, post.title)
    text = amendment.texts.get(post.id)
    if text is None:
        return replace(post, title=title)
    parts = (part.strip() for part in text.split("\n\n"))
    content = "".join(f"<p>{escape(part)}</p>" for part in parts if part)
    return replace(post, title=title, summary=" ".join(text.split()), content=content)
