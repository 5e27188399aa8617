"""Rows of the table of posts, as values and the other way round."""

from typing import Any

import sqlalchemy as sa

from dispatch.model.intake.feed import Entry, Image
from dispatch.model.intake.post import Decision, Hold, Post


def changeable(entry: Entry) -> dict[str, Any]:
    """What of a post is another once its feed says something else."""
    return {
        "title": entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "image_url": entry.image.url if entry.image else "",
        "image_alt": entry.image.alt if entry.image else "",
        "language": entry.language,
        "updated": entry.updated,
        "comments_link": entry.comments_link,
        "licence_link": entry.licence_link,
        "rights": entry.rights,
    }


def to_post(row: sa.Row[Any]) -> Post:
    """A row of the table as a value."""
    return Post(
        id=row.id,
        feed=row.feed,
        guid=row.guid,
        link=row.link,
        title=row.title,
        summary=row.summary,
        content=row.content,
        authors=tuple(row.authors),
        topics=tuple(row.topics),
        image=Image(row.image_url, row.image_alt) if row.image_url else None,
        language=row.language,
        published=row.published,
        updated=row.updated,
        first_seen=row.first_seen,
        backlog=row.backlog,
        revision=row.revision,
        comments_link=row.comments_link,
        licence_link=row.licence_link,
        rights=row.rights,
        link_shared=row.link_shared,
        hold=hold_of(row),
        full_text=row.full_text,
        page_image=row.page_image,
    )


def hold_of(row: sa.Row[Any]) -> Hold | None:
    """Why a row is held, and what was decided, if it is or was."""
    if row.held_since is None:
        return None
    decision = Decision(row.decision) if row.decision else None
    return Hold(row.held_reason, row.held_since, decision, row.decided_by, row.decided_at)
