"""An edition as programs see it."""

from datetime import datetime

from pydantic import BaseModel, Field

from dispatch.model.editions.edition import Edition, EditionState
from dispatch.web.api.call import Call


class Decided(BaseModel):
    """An edition after a decision."""

    id: str = Field(examples=["3f2a51c09b7e4d0c8f1e2d3c4b5a6978"])
    state: EditionState = Field(examples=["approved"])
    fingerprint: str = Field(description="Of what it says now.")
    waits_until: datetime | None = Field(
        description="When an approved one goes out, if that is later.", examples=[None]
    )


def edition_of(call: Call) -> Edition:
    """The edition that the address names; raises NotFound."""

    def read() -> Edition:
        with call.app.store.read() as tx:
            return tx.editions.get(call.part("id"))

    return call.once("edition", read)


def decided(call: Call, edition: Edition) -> Decided:
    """The same, told after a decision."""
    return Decided(
        id=edition.id,
        state=edition.state,
        fingerprint=edition.fingerprint,
        waits_until=edition.waits_until(call.now),
    )
