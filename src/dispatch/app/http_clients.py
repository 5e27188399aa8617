"""HTTP clients that are made when they are first needed: most commands call nobody."""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from dispatch.config.process.settings import Settings


class HttpClient:
    """One client, made at most once; reading whose certificates count alone takes 50 ms.

    `make` takes the contact that the client names itself by (`dispatch.http`).
    """

    def __init__(self, make: "Callable[[str], httpx.Client]") -> None:
        self._make = make
        self._contact = ""

    def __call__(self) -> "httpx.Client":
        """The client."""
        return self._client

    def call_ourselves(self, contact: str) -> None:
        """Name another contact from now on."""
        self._contact = contact
        if self._is_made:
            from dispatch.http import user_agent

            self._client.headers["User-Agent"] = user_agent(contact)

    def close(self) -> None:
        """Let go of its connections, if it ever had any."""
        if self._is_made:
            self._client.close()

    @cached_property
    def _client(self) -> "httpx.Client":
        return self._make(self._contact)

    @property
    def _is_made(self) -> bool:
        return "_client" in vars(self)


def client_for_channels() -> HttpClient:
    """The client that calls providers."""

    def make(contact: str) -> "httpx.Client":
        from dispatch.http import new_client

        return new_client(contact=contact)

    return HttpClient(make)


def client_for_feeds(settings: "Settings") -> HttpClient:
    """The client that reaches public addresses only, as feeds are anybody's."""

    def make(contact: str) -> "httpx.Client":
        from dispatch.feeds.web.network import FeedNetwork
        from dispatch.http import new_client

        proxy = settings.feed_proxy.get_secret_value() if settings.feed_proxy else ""
        network = FeedNetwork(allowed=settings.private_networks, proxy=proxy)
        return new_client(transport=network, contact=contact)

    return HttpClient(make)


def client_for_receivers(settings: "Settings", *, private: bool) -> HttpClient:
    """The client that tells programs elsewhere: public ones, or those in networks of our own.

    It is as careful as that for feeds: an address may lead anywhere.
    """

    def make(contact: str) -> "httpx.Client":
        from dispatch.feeds.web.network import FeedNetwork
        from dispatch.http import new_client

        proxy = settings.feed_proxy.get_secret_value() if settings.feed_proxy else ""
        allowed = settings.private_networks if private else ()
        network = FeedNetwork(allowed=allowed, proxy=proxy, public=not private)
        return new_client(transport=network, contact=contact)

    return HttpClient(make)
