"""Who a token speaks for, and what it may."""

from datetime import datetime

from pydantic import BaseModel, Field

from dispatch.model.team.role import Right, Role
from dispatch.web.api.call import Call
from dispatch.web.api.operation import Operation


class Me(BaseModel):
    """A token, as it sees itself."""

    handle: str = Field(description="Who made the token: what it does is theirs.", examples=["ada"])
    name: str = Field(description="Their name.", examples=["Ada Lindqvist"])
    token: str = Field(description="What the token is called.", examples=["museum screen"])
    roles: list[Role] = Field(description="What it was made with.", examples=[["viewer"]])
    rights: list[Right] = Field(
        description="What it may do now: never more than who made it.", examples=[["look"]]
    )
    ends: datetime = Field(description="Until when it holds.", examples=["2026-08-01T06:00:00Z"])


def show_me(call: Call) -> Me:
    """Who the token speaks for, and what it may do."""
    token, rights = call.token, call.rights
    return Me(
        handle=token.person.handle,
        name=token.person.name,
        token=token.name,
        roles=list(token.roles),
        rights=[right for right in Right if right in rights],
        ends=token.ends,
    )


OPERATIONS = (Operation("GET", "/me", show_me, Right.LOOK, gives=Me, one_picture=True),)
