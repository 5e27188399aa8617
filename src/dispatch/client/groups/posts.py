# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of posts."""

from collections.abc import Iterator
from typing import Literal

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.posts import DecidedPosts, HeldAgain, PostDecision, PostShape, PostWhole


class PostsGroup:
    """Operations of posts."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(
        self,
        *,
        limit: int | None = None,
        state: Literal["all", "new", "held", "edition", "told", "dropped"] | None = None,
        feed: str | None = None,
        text: str | None = None,
    ) -> Iterator[PostShape]:
        """List posts by what has become of them, those that we met last first."""
        return self._calls.pages(
            "/posts", query={"limit": limit, "state": state, "feed": feed, "text": text}
        )

    def show(self, post_id: str) -> PostWhole:
        """Show one post: what it says, said before, where it is, and what each run thought of
        it.
        """
        answer: PostWhole = self._calls.ask("GET", f"/posts/{part(post_id)}")
        return answer

    def release(self, body: PostDecision, *, key: str = "") -> DecidedPosts:
        """Say that held posts are news: the next edition may have them."""
        answer: DecidedPosts = self._calls.ask("POST", "/posts/release", body=body, key=key)
        return answer

    def drop(self, body: PostDecision, *, key: str = "") -> DecidedPosts:
        """Say that held posts are no news: no edition will have them."""
        answer: DecidedPosts = self._calls.ask("POST", "/posts/drop", body=body, key=key)
        return answer

    def hold(self, body: HeldAgain, *, key: str = "") -> DecidedPosts:
        """Take back what was decided: the posts wait for somebody to say it anew."""
        answer: DecidedPosts = self._calls.ask("POST", "/posts/hold", body=body, key=key)
        return answer
