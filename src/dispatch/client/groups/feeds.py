# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of feeds."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Literal

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.common import PlanChanged
from dispatch.client.shapes.feeds import (
    FeedPatch,
    FeedShape,
    FeedWhole,
    FeedsTaken,
    FindBody,
    NewFeedBody,
    Offers,
    PollShape,
    PollsDue,
)


class FeedsGroup:
    """Operations of feeds."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(
        self,
        *,
        limit: int | None = None,
        state: Literal["healthy", "failing", "silent", "gone", "new"] | None = None,
        text: str | None = None,
    ) -> Iterator[FeedShape]:
        """List the feeds, in the order of schedules.yaml, with how each is."""
        return self._calls.pages("/feeds", query={"limit": limit, "state": state, "text": text})

    def add(self, body: NewFeedBody, *, try_only: bool | None = None, key: str = "") -> PlanChanged:
        """Add a feed to schedules.yaml. A campaign has its posts once it names it."""
        answer: PlanChanged = self._calls.ask(
            "POST", "/feeds", body=body, key=key, query={"try_only": try_only}
        )
        return answer

    def find(self, body: FindBody, *, key: str = "") -> Offers:
        """Find the feeds that a site offers, from the address of any page of it."""
        answer: Offers = self._calls.ask("POST", "/feeds/find", body=body, key=key)
        return answer

    def poll_feeds(self, *, key: str = "") -> PollsDue:
        """Have the service poll all feeds at its next tick."""
        answer: PollsDue = self._calls.ask("POST", "/feeds/poll", key=key)
        return answer

    def show(self, name: str) -> FeedWhole:
        """Show one feed: its health, its address, who uses it, and how many posts it has
        brought.
        """
        answer: FeedWhole = self._calls.ask("GET", f"/feeds/{part(name)}")
        return answer

    def change(self, name: str, body: FeedPatch, *, try_only: bool | None = None) -> PlanChanged:
        """Change what schedules.yaml says of a feed; what the body leaves out stays."""
        answer: PlanChanged = self._calls.ask(
            "PATCH", f"/feeds/{part(name)}", body=body, query={"try_only": try_only}, matches=True
        )
        return answer

    def remove(self, name: str, *, try_only: bool | None = None) -> PlanChanged:
        """Take a feed out of schedules.yaml and of the campaigns that use it; its posts stay."""
        answer: PlanChanged = self._calls.ask(
            "DELETE", f"/feeds/{part(name)}", query={"try_only": try_only}, matches=True
        )
        return answer

    def poll(self, name: str, *, key: str = "") -> PollShape:
        """Poll one feed now, and say what it brought."""
        answer: PollShape = self._calls.ask("POST", f"/feeds/{part(name)}/poll", key=key)
        return answer

    def export(self) -> AbstractContextManager[Iterator[bytes]]:
        """Export the feeds as OPML, which feed readers can import, without passwords."""
        return self._calls.stream("GET", "/feeds.opml")

    def import_feeds(
        self, content: bytes | str | Iterable[bytes], *, try_only: bool | None = None, key: str = ""
    ) -> FeedsTaken:
        """Add the feeds of a list (OPML) that are not known yet; with `try_only` look at it."""
        answer: FeedsTaken = self._calls.ask(
            "POST",
            "/feeds/import",
            content=content,
            kind="text/x-opml",
            key=key,
            query={"try_only": try_only},
        )
        return answer

    def move(self, name: str, *, try_only: bool | None = None, key: str = "") -> PlanChanged:
        """Write down the address to which a feed has moved for good."""
        answer: PlanChanged = self._calls.ask(
            "POST", f"/feeds/{part(name)}/move", key=key, query={"try_only": try_only}
        )
        return answer
