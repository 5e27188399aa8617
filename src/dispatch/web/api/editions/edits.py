"""Changing what an edition says before anything of it has left."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dispatch.errors import NothingChanges
from dispatch.model.editions.edition import OwnSnippet
from dispatch.model.team.role import Right
from dispatch.pipeline.editions.edit import MOST_TEXT, Changes
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.editions.shown import (
    ShownEdition,
    SnippetOf,
    edited,
    edition_of,
    shown,
    tag_of_edition,
)
from dispatch.web.api.operation import Operation

PostId = Annotated[str, Field(pattern="^[1-9][0-9]{0,17}$", examples=["4711"])]
PartId = Annotated[str, Field(pattern="^[a-z0-9]{1,40}$", examples=["p7f3c"])]
MOST_POSTS = 1_000


class EditionChanges(BaseModel):
    """What is to be different: what is left out stays, and an empty text is the template's again.

    What pieces say, which the team writes among the posts, is changed by operations of their own.
    """

    model_config = ConfigDict(extra="forbid")

    subject: str | None = Field(default=None, max_length=MOST_TEXT, examples=["Spring, at last"])
    preheader: str | None = Field(default=None, max_length=MOST_TEXT)
    intro: str | None = Field(default=None, max_length=MOST_TEXT)
    order: list[PostId] = Field(
        default_factory=list,
        description="Posts in this order; the others follow as they were.",
        max_length=MOST_POSTS,
    )
    pin: PostId | None = Field(default=None, description="The post that comes first.")
    drop: list[PostId] = Field(
        default_factory=list, description="Posts to take out.", max_length=MOST_POSTS
    )
    add: list[PostId] = Field(
        default_factory=list, description="Posts to bring in.", max_length=MOST_POSTS
    )
    parts: list[PartId] = Field(
        default_factory=list,
        description="Posts and pieces in this order; the others follow as they were.",
        max_length=MOST_POSTS,
    )
    snippets: list[SnippetOf] = Field(
        default_factory=list,
        description="Snippets to write; one with an empty text is the template's again.",
        max_length=MOST_POSTS,
    )


def edit_edition(call: Call) -> Answer:
    """Change an edition's words, posts and snippets.

    Whoever approves is not told before somebody asks for approval. What was approved waits for
    approval again.
    """
    edition, said = edition_of(call), call.said(EditionChanges)
    changes = Changes(
        order=tuple(map(int, said.order)),
        pin=int(said.pin) if said.pin else None,
        drop=tuple(map(int, said.drop)),
        add=tuple(map(int, said.add)),
        subject=said.subject,
        preheader=said.preheader,
        intro=said.intro,
        parts=tuple(said.parts),
        snippets=tuple(OwnSnippet(one.channel, one.part, one.text) for one in said.snippets),
    )
    seen = edition.fingerprint
    try:
        made = call.app.editions.edit(edition.id, changes, by=call.by, ready=False, seen=seen)
    except NothingChanges:
        return Answer(shown(edition))
    return Answer(shown(made.edition), headers=edited(call, made))


OPERATIONS = (
    Operation(
        "PATCH",
        "/editions/{id}",
        edit_edition,
        Right.WRITE,
        gives=ShownEdition,
        takes=EditionChanges,
        tag=tag_of_edition,
        slow=True,
    ),
)
