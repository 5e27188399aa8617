"""Tokens: seen and revoked by programs, and made by people only, on a page or the command line."""

from datetime import datetime

from pydantic import BaseModel, Field

from dispatch.errors import NotFound
from dispatch.model.team.api_token import ApiToken
from dispatch.model.team.role import Right, Role
from dispatch.pipeline.team.revoke_api_token import revoke_api_token
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed, PageQuery, behind, cut
from dispatch.web.api.operation import Operation


class Token(BaseModel):
    """What is known of a token, which is not the token."""

    id: str = Field(examples=["7"])
    name: str = Field(description="What uses it.", examples=["museum screen"])
    hint: str = Field(description="How it begins.", examples=["dsp_4fQz"])
    roles: list[Role] = Field(examples=[["viewer"]])
    made_by: str = Field(description="The handle of who made it.", examples=["ada"])
    made: datetime = Field(examples=["2026-05-04T06:00:00Z"])
    ends: datetime = Field(examples=["2026-08-02T06:00:00Z"])
    last_used: datetime | None = Field(description="At most ten minutes late.", examples=[None])
    revoked: datetime | None = Field(examples=[None])
    revoked_by: str = Field(examples=[""])
    holds: bool = Field(description="Whether it opens anything now.", examples=[True])


def list_tokens(call: Call) -> Listed[Token]:
    """The tokens, the newest first.

    Others only with the right `people`; without it, this one alone.
    """
    asked = call.query(PageQuery)
    last = behind(asked.cursor, int)
    with call.app.store.read() as tx:
        found = tx.api_tokens.all() if call.may(Right.PEOPLE) else [call.token]
    rows = [one for one in found if last is None or one.id < last[0]]
    page, onward = cut(rows[: asked.limit + 1], asked.limit, lambda one: (one.id,))
    return Listed(items=[_shown(one, call) for one in page], next=onward)


def revoke_token(call: Call) -> Token:
    """Have a token open nothing any more.

    A token may end itself; others only with the right `people`.
    """
    number = call.number("number")
    if number != call.token.id and not call.may(Right.PEOPLE):
        raise NotFound(f"token {number}: is not known - see the list of tokens")
    app = call.app
    return _shown(revoke_api_token(number, by=call.by, store=app.store, clock=app.clock), call)


def _shown(token: ApiToken, call: Call) -> Token:
    return Token(
        id=str(token.id),
        name=token.name,
        hint=token.hint,
        roles=list(token.roles),
        made_by=token.person.handle,
        made=token.made,
        ends=token.ends,
        last_used=token.last_used,
        revoked=token.revoked,
        revoked_by=token.revoked_by,
        holds=token.holds(call.now),
    )


OPERATIONS = (
    Operation("GET", "/tokens", list_tokens, Right.LOOK, gives=Listed[Token], query=PageQuery),
    Operation("POST", "/tokens/{number}/revoke", revoke_token, Right.LOOK, gives=Token),
)
