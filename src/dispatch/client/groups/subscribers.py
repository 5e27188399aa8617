# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of subscribers."""

from collections.abc import Iterator

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.subscribers import (
    Because,
    Ending,
    Erasure,
    NewSubscriber,
    Noted,
    Often,
    PersonFile,
    Profile,
    Subscriber,
    SubscriberLine,
    SubscriptionState,
    Sure,
)


class SubscribersGroup:
    """Operations of subscribers."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(
        self,
        *,
        limit: int | None = None,
        audience: str | None = None,
        state: SubscriptionState | None = None,
        segment: str | None = None,
        q: str | None = None,
    ) -> Iterator[SubscriberLine]:
        """Readers, those who came last first."""
        return self._calls.pages(
            "/subscribers",
            query={"limit": limit, "audience": audience, "state": state, "segment": segment, "q": q},
        )

    def add(self, body: NewSubscriber, *, key: str = "") -> Subscriber:
        """Bring somebody in who has agreed already, noted under the name of whoever calls."""
        answer: Subscriber = self._calls.ask("POST", "/subscribers", body=body, key=key)
        return answer

    def show(self, subscriber_id: str) -> Subscriber:
        """Somebody: what they said, where they stand, what they got."""
        answer: Subscriber = self._calls.ask("GET", f"/subscribers/{part(subscriber_id)}")
        return answer

    def show_profile(self, subscriber_id: str) -> Profile:
        """What somebody has told of themselves, with the ETag by which it is changed."""
        answer: Profile = self._calls.ask("GET", f"/subscribers/{part(subscriber_id)}/profile")
        return answer

    def edit_profile(self, subscriber_id: str, body: Noted) -> Profile:
        """Note what they have told the team of themselves; no file changes that again."""
        answer: Profile = self._calls.ask(
            "PATCH", f"/subscribers/{part(subscriber_id)}/profile", body=body, matches=True
        )
        return answer

    def export(self, subscriber_id: str) -> PersonFile:
        """All that is known of somebody, for them to take along."""
        answer: PersonFile = self._calls.ask("GET", f"/subscribers/{part(subscriber_id)}/export")
        return answer

    def choose_cadence(self, subscriber_id: str, body: Often) -> Subscriber:
        """Note how often they want what they get."""
        answer: Subscriber = self._calls.ask(
            "PUT", f"/subscribers/{part(subscriber_id)}/cadence", body=body
        )
        return answer

    def end_subscriptions(self, subscriber_id: str, body: Ending, *, key: str = "") -> Subscriber:
        """End some of their subscriptions, on their word. What has ended already stays so."""
        answer: Subscriber = self._calls.ask(
            "POST", f"/subscribers/{part(subscriber_id)}/end", body=body, key=key
        )
        return answer

    def suppress(self, subscriber_id: str, body: Because, *, key: str = "") -> Subscriber:
        """Never mail their address again."""
        answer: Subscriber = self._calls.ask(
            "POST", f"/subscribers/{part(subscriber_id)}/suppress", body=body, key=key
        )
        return answer

    def erase(self, subscriber_id: str, body: Sure, *, key: str = "") -> Erasure:
        """Take them out of the database for ever; the body has to name their address."""
        answer: Erasure = self._calls.ask(
            "POST", f"/subscribers/{part(subscriber_id)}/erase", body=body, key=key
        )
        return answer
